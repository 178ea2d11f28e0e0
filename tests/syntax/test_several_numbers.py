"""A part of a text that several cards hide, as Anki writes it: `{{c1,2::answer}}`."""

from pathlib import Path

import pytest

from ankigen.data import Desired
from ankigen.source import load
from ankigen.syntax import clozes
from tests.helpers.building import NOON, build, write
from tests.helpers.pages import complaints, desired_of, sides

ID = "  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n"


@pytest.mark.parametrize(
    ("text", "shown", "ordinals"),
    [
        ("{{c1,2::both}} and {{c3::x}}", "{{c1,2::both}} and {{c3::x}}", (0, 1, 2)),
        ("{{c2,1::both}}", "{{c2,1::both}}", (0, 1)),
        ("{{c1,3::a::hint}}", "{{c1,3::a::hint}}", (0, 2)),
        ("{{c1,2 a}} {{cloze2,3 b}}", "{{c1,2::a}} {{c2,3::b}}", (0, 1, 2)),
        ("{{c1,1::a}}", "{{c1::a}}", (0,)),
        ("{{c1,2::a {{c3::b}} c}}", "{{c1,2::a {{c3::b}} c}}", (0, 1, 2)),
        ("{{c1,2::$x$}}", "{{c1,2::\\(x\\)}}", (0, 1)),
        ("{{c1,2::a}} {{cloze b}}", "{{c1,2::a}} {{c3::b}}", (0, 1, 2)),
        ("**{{c1,2::a}}**", "<strong>{{c1,2::a}}</strong>", (0, 1)),
    ],
)
def test_each_number_makes_its_card(text: str, shown: str, ordinals: tuple[int, ...]) -> None:
    [note] = desired_of(f"- {text} #card\n").notes
    assert sides(f"- {text} #card\n") == [shown]
    assert note.content.ordinals == ordinals
    assert clozes.card_numbers(shown) == tuple(ordinal + 1 for ordinal in ordinals)


@pytest.mark.parametrize("text", ["{{c1,501::a}}", "{{c0,1::a}}", "{{c1,2::}}", "{{c1, 2::a}}", "{{c1,::a}}"])
def test_what_anki_does_not_count_is_told(text: str) -> None:
    assert complaints(f"- {text} {{{{cloze b}}}} #card\n") == ["1:3 broken-cloze"]


def test_without_a_number_of_ones_own_all_is_as_it_was() -> None:
    assert sides("- {{cloze a, b}} {{c1 c, d}} {{c2::1,2}} #card\n") == ["{{c3::a, b}} {{c1::c, d}} {{c2::1,2}}"]


def test_the_lock_keeps_the_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    write(folder, Page="- {{cloze x}} {{cloze y}} #card\n" + ID)
    first = build(folder, tmp_path / "a.apkg")
    write(folder, Page="- {{c1,2::both}} {{cloze x}} {{cloze y}} #card\n" + ID)
    second = build(folder, tmp_path / "a.apkg", NOON + 60_000)
    write(
        folder,
        Page="- {{c1,2::both of them}} {{cloze x}} {{cloze new}} {{cloze y}} #card\n" + ID,
    )
    third = load(folder, NOON + 120_000)
    assert [text_of(desired) for desired in (first, second, third)] == [
        "{{c1::x}} {{c2::y}}",
        "{{c1,2::both}} {{c3::x}} {{c4::y}}",
        "{{c1,2::both of them}} {{c3::x}} {{c5::new}} {{c4::y}}",
    ]
    assert len({note.identity.guid for desired in (first, second, third) for note in desired.notes}) == 1


def text_of(desired: Desired) -> str:
    [note] = desired.notes
    return note.content.texts[0]
