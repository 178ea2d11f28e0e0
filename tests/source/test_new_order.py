"""The order in which Anki shows new cards: that of the notes, as people sort them, or as they say."""

import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import api, report
from ankigen.config import Config
from ankigen.data import Collection
from ankigen.identity import changes_since
from ankigen.source import load
from ankigen.support.normal_forms import natural_deck, natural_path
from ankigen.syncing import plan_sync
from tests.helpers.building import NOON, write
from tests.helpers.syncing import desired, note


def card(front: str, order: str = "") -> str:
    return f"- {front} #card\n" + (f"  order:: {order}\n" if order else "") + "\t- A\n"


def fronts(folder: Path, **settings: str) -> list[str]:
    """The questions in the order in which Anki would show them."""
    return [note.content.texts[0] for note in load(folder, NOON, Config(**settings)).notes]  # type: ignore[arg-type]


def in_order(names: list[str], key: Callable[[str], Any]) -> list[str]:
    return sorted(names, key=key)


@pytest.mark.parametrize(
    "paths",
    [
        ["2 Next.md", "10 Last.md"],
        ["Intro.md", "Intro 2.md", "Intro 10.md"],
        ["a.md", "B.md", "c.md"],
        ["part 2/a.md", "part 10/a.md"],
        ["9/x.md", "09b.md", "10.md"],
        ["v1.9.md", "v1.10.md"],
        ["kapitel 1.md", "Kapitel 2.md", "kapitel 10.md"],
        ["1.md", "2.md", f"{'9' * 200}.md"],
    ],
)
def test_pages_come_in_natural_order(tmp_path: Path, paths: list[str]) -> None:
    for path in paths:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(card(path.replace(".", " ")))
    assert [note.position.path for note in load(tmp_path, NOON).notes] == paths
    assert in_order(paths[::-1], natural_path) == paths


@given(st.lists(st.text("aB19. é/", min_size=1), min_size=2))
def test_natural_order_is_one_order_whatever_the_names(names: list[str]) -> None:
    ordered = sorted(names, key=natural_path)
    assert in_order(names[::-1], natural_path) == ordered
    assert sorted(ordered) == sorted(names)


def test_a_deck_of_very_many_digits_is_ordered() -> None:
    decks = ["A::2", "A::10", f"A::{'7' * 5000}"]
    assert in_order(decks[::-1], natural_deck) == decks


def test_new_notes_are_created_in_that_order_and_old_ones_keep_their_time(tmp_path: Path) -> None:
    write(tmp_path, **{"10": card("ten"), "2": card("two")})
    first = api.build(api.load(tmp_path), tmp_path / "a.apkg")
    notes = api.load(tmp_path).notes
    assert [note.content.texts[0] for note in notes] == ["two", "ten"]
    assert notes[0].identity.created < notes[1].identity.created
    write(tmp_path, **{"1": card("one")})
    again = {note.identity.guid: note.identity for note in api.load(tmp_path).notes}
    assert all(again[note.identity.guid] == note.identity for note in notes)
    assert first.packages


@pytest.mark.parametrize(
    ("pages", "order"),
    [
        ({"a": card("A"), "b": "order:: 1\n\n" + card("B")}, ["B", "A"]),
        ({"a": "order:: 10\n\n" + card("A"), "b": "order:: 9.5\n\n" + card("B"), "c": card("C")}, ["B", "A", "C"]),
        ({"a": "order:: 0\n\n" + card("A"), "b": "order:: -1\n\n" + card("B")}, ["B", "A"]),
        ({"a": card("A") + card("B", "2") + card("C", "1")}, ["C", "B", "A"]),
        (
            {"a": "- Later\n  order:: 2\n\t- A #card\n\t\t- x\n- Sooner\n  order:: 1\n\t- B #card\n\t\t- x\n"},
            ["B", "A"],
        ),
        ({"a": "- Part\n  order:: 2\n\t- A #card\n\t  order:: 0\n\t\t- x\n" + card("B", "1")}, ["A", "B"]),
        ({"a": card("A", "9"), "b": card("B", "1")}, ["A", "B"]),
        ({"a": card("A", "first") + card("B", "1")}, ["B", "A"]),
    ],
)
def test_order_sorts_pages_and_within_a_page_blocks(tmp_path: Path, pages: Mapping[str, str], order: list[str]) -> None:
    write(tmp_path, **pages)
    assert fronts(tmp_path) == order
    assert fronts(tmp_path) == order, "from the cache"


def test_an_order_that_is_no_number_is_told_and_one_is_not(tmp_path: Path) -> None:
    write(tmp_path, a=card("A", "first") + card("B", "1") + card("C", "1e5"), b="order:: two\n\n" + card("B"))
    problems = load(tmp_path, NOON).problems
    assert [(problem.rule, problem.position.path, problem.position.line) for problem in problems] == [
        ("wrong-order", "a.md", 2),
        ("wrong-order", "a.md", 8),
        ("wrong-order", "b.md", 1),
    ]


def test_order_changes_neither_identity_nor_what_a_note_says(tmp_path: Path) -> None:
    write(tmp_path, a=card("A") + card("B"))
    before = load(tmp_path, NOON)
    api.build(before, tmp_path / "a.apkg")
    write(tmp_path, a="order:: 3\n\n" + card("A", "2") + card("B", "1"))
    after = load(tmp_path, NOON + 60_000)
    assert [note.content.texts[0] for note in after.notes] == ["B", "A"]
    assert {n.identity.guid: n.identity.modified for n in after.notes} == {
        n.identity.guid: n.identity.modified for n in before.notes
    }


def test_by_creation_what_is_added_later_comes_last(tmp_path: Path) -> None:
    write(tmp_path, b=card("B"), c=card("C"))
    (tmp_path / "ankigen.toml").write_text('new_order = "created"\n')
    api.build(api.load(tmp_path), tmp_path / "a.apkg")
    write(tmp_path, a=card("A"), c=card("New") + card("C"))
    assert [note.content.texts[0] for note in api.load(tmp_path).notes] == ["B", "C", "A", "New"]


def test_a_package_holds_new_cards_in_the_order_of_the_notes(tmp_path: Path) -> None:
    write(tmp_path / "n", **{"10 Last": card("ten"), "2 Next": card("two", "2") + card("first", "1")})
    (tmp_path / "n/ankigen.toml").write_text('deck_from = "graph"\n')
    api.build(api.load(tmp_path / "n"), tmp_path / "a.apkg")
    with zipfile.ZipFile(tmp_path / "a.apkg") as package:
        (tmp_path / "a.db").write_bytes(package.read("collection.anki2"))
    database = sqlite3.connect(tmp_path / "a.db")
    rows = database.execute("select sfld from cards join notes on notes.id = nid order by due").fetchall()
    database.close()
    assert rows == [("first",), ("two",), ("ten",)]


def test_reports_name_decks_in_natural_order(tmp_path: Path) -> None:
    write(tmp_path, a="deck:: 10 Last\n\n" + card("A"), b="deck:: 2 Next\n\n" + card("B"))
    changes = changes_since(None, load(tmp_path, NOON), None)
    assert [deck.deck for deck in changes.decks] == ["2 Next", "10 Last"]
    plan = plan_sync(desired([note("a", deck="10 Last"), note("b", deck="2 Next")]), Collection("c"))
    assert report.plan_text(plan).splitlines()[-2:] == ["2 Next: 1 new", "10 Last: 1 new"]
