"""Two cards of one deck that ask and answer the same are told, with both places; no other two are."""

from pathlib import Path

import pytest

from ankigen.source import load
from ankigen.source.same_cards import same_cards
from tests.helpers.building import NOON, write


def told(folder: Path, **pages: str) -> list[str]:
    problems = load(write(folder, **pages), NOON).problems
    return [f"{each.position} {each.message}" for each in problems if each.rule == "same-card"]


def message(place: str) -> str:
    return (
        f"this asks and answers the same as {place}, in the same deck: delete one of the two, or say more in one of "
        "them"
    )


def test_each_later_copy_names_the_first_place(tmp_path: Path) -> None:
    card = "- Q #card\n\t- A\n"
    other = "deck:: a\n\n- x\n\t- Q #card\n\t\t- A\n"
    assert told(tmp_path, a=card * 2, b=other) == [
        f"a.md:3:3 {message('a.md:1')}",
        f"b.md:4:4 {message('a.md:1')}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- Q #card\n\t- A\n- Q #card #optics\n\t- A\n",
        "- Q #card\n\t- **A**\n- Q #card\n\t- __A__\n",
        "- Q #card\n\t- A\n- #card Q\n  A\n",
        "- Q #card\n\t- A\n- Q #card #bidirectional\n\t- A\n",
        "- a {{cloze b}} #card\n- a {{c1::b}} #card\n",
        "deck:: A\n\n- Q #card\n\t- A\n- Q #card\n  deck:: a\n\t- A\n",
        "- [[x]] #card\n\t- A\n- x #card\n\t- A\n",
        "- x\n\t- Q #card\n\t\t- A\n- y\n\t- Q #card\n\t\t- A\n",
    ],
)
def test_what_a_reader_sees_twice_is_the_same(tmp_path: Path, text: str) -> None:
    assert len(told(tmp_path, page=text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "- Q #card\n\t- A\n- Q #card\n\t- B\n",
        "- Q #card\n\t- A\n- Q #card\n  deck:: other\n\t- A\n",
        "- Q #card\n\t- A\n- Q #card #reversed\n\t- A\n",
        "- Q #card\n\t- A\n- A #card\n\t- Q\n",
        "- a {{cloze b}} #card\n- {{cloze a}} b #card\n",
        "- Q #card\n- Q #card\n\t- A\n",
        "- Q #card\n\t- A\n- Q #card #no-anki-sync\n\t- A\n",
        "- Q #card\n\t- A\n- Q #card\n  ankigen-ignore:: same-card\n\t- A\n",
    ],
)
def test_what_differs_on_a_card_is_not_the_same(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, page=text) == []


def test_a_second_run_tells_it_as_well(tmp_path: Path) -> None:
    pages = {"a": "- Q #card\n\t- A\n" * 2}
    assert told(tmp_path, **pages) == told(tmp_path, **pages) != []


def test_no_notes_have_no_copies() -> None:
    assert list(same_cards([], {})) == []
