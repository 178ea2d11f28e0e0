"""Anki takes no notice of case in the names of decks: two spellings are one deck, the first counts, and all is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import api
from ankigen.config import Config
from ankigen.source import load
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON, write


def page(*decks: str) -> str:
    return "".join(f"- What is {number}? #card\n  deck:: {deck}\n\t- It\n" for number, deck in enumerate(decks))


def names_in_anki(folder: Path, package: Path) -> set[str]:
    (folder / "profile").mkdir()
    with open_collection(folder / "profile") as collection:
        import_package(collection, package)
        used = collection.db.list("select distinct did from cards")  # type: ignore[union-attr]
        return {collection.decks.name(deck) for deck in used}


@pytest.mark.parametrize(
    ("decks", "expected"),
    [
        (("Physics", "physics"), ["Physics", "Physics"]),
        (("physics", "Physics"), ["physics", "physics"]),
        (("A/b", "a/B"), ["A::b", "A::b"]),
        (("A/b", "a/C", "A/B/d"), ["A::b", "A::C", "A::b::d"]),
        (("a/B/c", "A", "A/b"), ["a::B::c", "a", "a::B"]),
        (("Stra\u00dfe", "STRASSE"), ["Stra\u00dfe", "Stra\u00dfe"]),
        (("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2"), ["\u039f\u0394\u039f\u03a3"] * 2),
        (("Caf\u00e9", "CAFE\u0301"), ["Caf\u00e9", "Caf\u00e9"]),
        (("\u212a", "k"), ["K", "K"]),
        (("\u0130", "i"), ["\u0130", "i"]),
        (("\u0131", "i"), ["\u0131", "i"]),
        (("A/b", "B/a"), ["A::b", "B::a"]),
    ],
)
def test_decks_that_anki_takes_for_one_are_one(decks: tuple[str, ...], expected: list[str], tmp_path: Path) -> None:
    desired = load(write(tmp_path / "notes", a=page(*decks)), NOON)
    assert [note.deck for note in desired.notes] == expected
    api.build(desired, tmp_path / "deck.apkg")
    assert names_in_anki(tmp_path, tmp_path / "deck.apkg") == set(expected)


def test_two_spellings_of_a_top_deck_make_one_package(tmp_path: Path) -> None:
    desired = load(write(tmp_path / "notes", a=page("Physics", "physics/Optics")), NOON)
    assert [path.name for path in api.build(desired, tmp_path).packages] == ["Physics.apkg"]


def told(notes: Path, settings: Config | None = None) -> list[tuple[str, int, str]]:
    return [
        (problem.position.path, problem.position.line, problem.message.partition(", for Anki")[0])
        for problem in load(notes, NOON, settings).problems
        if problem.rule == "deck-spelling"
    ]


def test_the_other_spelling_is_told_once_a_page_and_leads_to_the_first(tmp_path: Path) -> None:
    write(tmp_path, a=page("X", "Physics"), b=page("physics", "physics", "X", "PHYSICS"), c="deck:: x\n\n" + page(""))
    assert told(tmp_path) == [
        ("b.md", 2, 'the deck "physics" is "Physics" of a.md:5'),
        ("b.md", 11, 'the deck "PHYSICS" is "Physics" of a.md:5'),
        ("c.md", 1, 'the deck "x" is "X" of a.md:2'),
    ]


def test_the_name_of_a_folder_or_page_is_a_spelling_too(tmp_path: Path) -> None:
    write(tmp_path / "Physics", waves="- Q? #card\n\t- A\n")
    write(tmp_path / "other", b=page("physics/Waves"))
    assert told(tmp_path) == [("other/b.md", 2, 'the deck "physics::Waves" is "Physics::waves" of Physics/waves.md:1')]


def test_decks_of_rules_and_prefix_are_spelled_as_the_notes_spell_them(tmp_path: Path) -> None:
    write(tmp_path, a=page("All/Physics"), b="- Q? #card\n\t- A\n")
    settings = Config(deck_prefix="all", deck_rules={"b": "PHYSICS"})
    assert {note.deck for note in load(tmp_path, NOON, settings).notes} == {"all::All::Physics", "all::PHYSICS"}
    write(tmp_path, a=page("Physics"))
    assert told(tmp_path, settings) == [("b.md", 1, 'the deck "all::PHYSICS" is "all::Physics" of a.md:2')]


def test_a_page_built_alone_goes_where_it_goes_with_all_others(tmp_path: Path) -> None:
    write(tmp_path, a=page("Physics"), b=page("physics"))
    api.build(load(tmp_path, NOON), tmp_path / "deck.apkg")
    assert [note.deck for note in load(tmp_path / "b.md", NOON).notes] == ["Physics"]


def test_the_cache_changes_nothing_when_another_page_brings_the_first_spelling(tmp_path: Path) -> None:
    write(tmp_path, b=page("physics"))
    assert [note.deck for note in load(tmp_path, NOON).notes] == ["physics"]
    write(tmp_path, a=page("Physics"))
    assert [note.deck for note in load(tmp_path, NOON).notes] == ["Physics", "Physics"]
    assert told(tmp_path) == [("b.md", 2, 'the deck "physics" is "Physics" of a.md:2')]


@pytest.mark.parametrize("deck", ["Default", "default", "DEFAULT", "default/x"])
def test_ankis_own_deck_is_meant_however_it_is_spelled(deck: str, tmp_path: Path) -> None:
    api.build(load(write(tmp_path / "notes", a=page(deck)), NOON), tmp_path / "deck.apkg")
    expected = "Default::x" if "/" in deck else "Default"
    assert names_in_anki(tmp_path, tmp_path / "deck.apkg") == {expected}
