"""An area highlighted in a PDF shows its picture, wherever its block is shown."""

from pathlib import Path

import pytest

from ankigen.note_types import content_fields
from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.pages import complaints

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"
AREA = f"  id:: {ID}\n  hl-color:: yellow\n  hl-page:: 3\n  hl-stamp:: 1700000000000\n  hl-type:: area\n"
PAPER = f"- [:span]\n{AREA}  ls-type:: annotation\n"
PICTURE = b"\x89PNG\r\n\x1a\n0000"


def fields(folder: Path, paper: str, text: str = "") -> list[tuple[str, str, str]]:
    """Question, answer and context of each note, `PICTURE` for the picture of the area."""
    (folder / "logseq").mkdir()
    (folder / "logseq/config.edn").write_text("{}")
    assets = folder / "assets/a paper (1)"
    assets.mkdir(parents=True)
    (assets / f"3_{ID}_1700000000000.png").write_bytes(PICTURE)
    write(folder / "pages", **{"hls__a paper (1)": paper, "Page": text})
    desired = load(folder, NOON)
    assert desired.problems == ()
    [picture] = desired.media
    shown = [content_fields(note.content) for note in desired.notes]
    image = f'<img src="{picture.name}" alt="">'
    return [
        (each["Front"].replace(image, "PICTURE"), each["Back"].replace(image, "PICTURE"),
         each["Context"].replace(image, "PICTURE")) for each in shown
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (f"{{{{embed (({ID}))}}}}", "<ul><li>PICTURE</li></ul>"),
        ("{{embed [[hls__a paper (1)]]}}", "<ul><li>PICTURE</li></ul>"),
        (f"see (({ID}))", "see PICTURE"),
        (f"[so](({ID})) and (({ID}))", "so and PICTURE"),
    ],
)
def test_the_picture_of_an_area_is_shown_elsewhere(tmp_path: Path, answer: str, shown: str) -> None:
    assert fields(tmp_path, PAPER, f"- Q #card\n\t- {answer}\n") == [("Q", shown, "Page")]


def test_an_area_may_ask_and_answer_and_stand_above_a_card(tmp_path: Path) -> None:
    paper = f"- [:span] #card\n{AREA}\t- What is it?\n\t- R #card\n\t\t- it\n"
    assert fields(tmp_path, paper) == [
        ("PICTURE", "<ul><li>What is it?</li><li>R<ul><li>it</li></ul></li></ul>", "hls__a paper (1)"),
        ("R", "it", "hls__a paper (1) › PICTURE"),
    ]


def test_an_area_with_words_of_its_own_shows_both(tmp_path: Path) -> None:
    paper = f"- the retina\n{AREA}- Q #card\n\t- (({ID}))\n"
    assert fields(tmp_path, paper) == [("Q", "PICTURE the retina", "hls__a paper (1)")]


def test_an_answer_of_which_nothing_is_shown_is_no_answer() -> None:
    assert complaints("- Q #card\n\t- {{query (todo now)}}\n") == ["1:3 no-answer", "2:4 dropped-macro"]
    assert complaints(f"- Q #card\n\t- {{{{embed (({ID}))}}}}\n- [:span]\n  id:: {ID}\n") == ["1:3 no-answer"]
