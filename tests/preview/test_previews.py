"""What the page shows of a set of notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import api
from ankigen.errors import NotAPreview
from ankigen.preview import Snapshot, excerpt
from tests.helpers.building import named, write


def snapshot(folder: Path) -> Snapshot:
    return api.snapshot_of(api.load(folder))


def test_a_card_for_each_that_anki_makes_in_the_order_of_the_notes(tmp_path: Path) -> None:
    write(
        tmp_path,
        b="- Second? #card #two-way\n\t- yes\n- {{cloze x}} and {{cloze y}} #card\n",
        a="- First? #card\n\t- no\n",
    )
    cards = snapshot(tmp_path).preview.cards
    assert (cards[0].path, cards[0].line, cards[0].name) == ("a.md", 1, "Forward")
    assert [card.name for card in cards if card.kind == "cloze"] == ["Cloze 1", "Cloze 2"]
    assert len({card.address for card in cards}) == len(cards)


def test_a_problem_belongs_to_the_card_whose_block_it_stands_in(tmp_path: Path) -> None:
    write(tmp_path, a="- Good? #card\n\t- ![](gone.png)\n- Bad? #card\n- Also good? #card\n\t- yes\n")
    preview = snapshot(tmp_path).preview
    by_rule = {problem.rule: problem for problem in preview.problems}
    assert by_rule["missing-media"].card == preview.cards[0].address
    assert by_rule["no-answer"].card is None, "the card above it did nothing wrong"


def test_only_what_changes_on_a_card_changes_its_look(tmp_path: Path) -> None:
    named(tmp_path)
    write(tmp_path, a="- One? #card\n\t- 1\n- Two? #card\n\t- 2\n")
    before = snapshot(tmp_path).preview
    write(tmp_path, a="- One? #card\n\t- 1\n- Two? #card\n\t- 2, of course\n")
    now = snapshot(tmp_path).preview
    assert before.revision != now.revision
    assert [old.look == new.look for old, new in zip(before.cards, now.cards, strict=True)] == [True, False]
    assert snapshot(tmp_path).preview == now


def test_new_cards_are_those_that_no_build_has_seen(tmp_path: Path) -> None:
    write(tmp_path, a="- One? #card\n\t- 1\n")
    api.build(api.load(tmp_path), tmp_path / "a.apkg")
    write(tmp_path, b="- Two? #card\n\t- 2\n")
    assert [card.is_new for card in snapshot(tmp_path).preview.cards] == [False, True]


def test_a_line_opens_in_the_editor_that_the_config_names(tmp_path: Path) -> None:
    write(tmp_path, a="- One? #card\n\t- 1\n")
    assert snapshot(tmp_path).preview.cards[0].link == ""
    (tmp_path / "ankigen.toml").write_text('editor_url = "vscode://file/{path}:{line}"\n')
    assert snapshot(tmp_path).preview.cards[0].link == f"vscode://file/{tmp_path.as_posix()}/a.md:1"


def test_cards_stay_the_same_while_one_writes_in_notes_that_have_no_name_yet(tmp_path: Path) -> None:
    write(tmp_path, a="- One? #card\n\t- 1\n")
    before = snapshot(tmp_path)
    write(tmp_path, a="- One? #card\n\t- 1\n- Two? #card\n\t- 2\n")
    rereading = api.Rereading()
    now = rereading.snapshot(before)
    assert now.preview.cards[0].address == before.preview.cards[0].address
    api.build(api.load(tmp_path), tmp_path / "a.apkg")
    built = rereading.snapshot(now)
    assert not any(card.is_new for card in built.preview.cards), "what a build decided counts from then on"


def test_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, a="- One? #card\n\t- 1\n")
    snapshot(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("- a #card\n\t- b\n\t  c\n- d", 1, 3),
        ("- a\n\t- b #card\n\t\t- c\n\t- d", 2, 3),
        ("# A\ntext\n## B\nmore\n# C", 1, 4),
        ("## B #card\nmore\n\n# C", 1, 2),
        ("- a #card\n\t- ```\n- not a block\n\t  ```\n- d", 1, 4),
        ("a #card\nb\n\n- c", 1, 2),
        ("* TODO a\n** b\n* c", 1, 2),
        ("- last #card", 1, 1),
    ],
)
def test_an_excerpt_is_the_block_with_all_below_it(text: str, first: int, last: int) -> None:
    lines = excerpt(text.split("\n"), first)
    assert (lines[0].number, lines[-1].number) == (first, last)


@pytest.mark.parametrize("first", [0, -1, 3, 10_000])
def test_there_is_no_excerpt_beyond_the_file(first: int) -> None:
    assert excerpt(["- a", "- b"], first) == []


def test_the_page_as_files_needs_no_server(tmp_path: Path) -> None:
    notes, folder = tmp_path / "notes", tmp_path / "preview"
    named(write(notes, a="- One? ![](a.png) #card\n\t- </script> 1\n"))
    (notes / "a.png").write_bytes(b"\x89PNG")
    index = api.write_preview(snapshot(notes), folder)
    text = index.read_text()
    assert '<script src="cards.js"></script>' in text
    stored = (folder / "cards.js").read_text()
    assert stored.startswith("window.ankigenPreview = {")
    assert "</script>" not in stored
    card = snapshot(notes).preview.cards[0]
    assert (folder / "face" / card.address / "front.html").is_file()
    assert len(list((folder / "media").iterdir())) == 1


def test_a_second_preview_takes_away_what_the_first_one_left(tmp_path: Path) -> None:
    notes, folder = (
        named(write(tmp_path / "notes", a="- One? #card\n\t- 1\n", b="- Two? #card\n\t- 2\n")),
        tmp_path / "preview",
    )
    api.write_preview(snapshot(notes), folder)
    (notes / "b.md").unlink()
    api.write_preview(snapshot(notes), folder)
    assert len(list((folder / "face").iterdir())) == 1


def test_a_folder_of_other_files_stays_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "notes", a="- One? #card\n\t- 1\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    with pytest.raises(NotAPreview):
        api.write_preview(snapshot(tmp_path / "notes"), tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
