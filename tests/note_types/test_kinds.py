"""A kind of note is one object: one more of them goes all the way without another file of ankigen knowing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from ankigen import render
from ankigen.config import Config
from ankigen.data import Base, CardBlock, CreateNote, Face, KindName, NoteType, Problem, Severity, SourceId, Template
from ankigen.identity import LOCK_NAME
from ankigen.note_types import BASIC, CLOZE, KINDS, content_names, kinds, wrote
from ankigen.note_types.kind import CommonFaces
from ankigen.note_types.own_texts import css
from ankigen.render import Links
from ankigen.source import load
from ankigen.support import folders
from ankigen.support.structs import Struct
from ankigen.syncing import plan_sync
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON, build, write
from tests.helpers.handmade import anki, held, kind_of


class Flip(Struct, frozen=True):
    """Term and meaning, each asked for by one template of its own; taken by cards tagged `flip`."""

    name: KindName = KindName("flip")
    note_type: NoteType = NoteType(
        id=1795000000001,
        name="ankigen Flip",
        fields=("Term", "Meaning", "Context", "Guid", "Base"),
        templates=(Template("Flip", "{{Term}}", "{{Term}}<hr>{{Meaning}}"),),
        css=css(),
        is_cloze=False,
        changed=1795464000,
    )
    without_cards: str = "write the term in front of #card"

    def takes(self, card: CardBlock) -> bool:
        return "flip" in card.tags

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        if len(card.answer) > 1:
            yield Problem(card.position, Severity.ERROR, "no-answer", "a flip card has one meaning")

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        path = card.page.path
        term, meaning = render.question(card.question, path, card.question_lines), render.answer(card.answer, path)
        return {"Term": term, "Meaning": meaning, "Context": common.context}

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        return (0,) if fields["Term"] else ()

    def question(self, fields: Mapping[str, str]) -> str:
        return fields["Term"]

    def answer(self, fields: Mapping[str, str]) -> str:
        return fields["Meaning"]

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        return False


NOTES = "- lens #card #flip\n\t- bends light\n- prism #card #flip\n\t- parts light\n\t- and more\n- Q #card\n\t- A\n"


@pytest.fixture(autouse=True)
def _one_more_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "KINDS", (Flip(), *KINDS))


def test_it_is_made_packed_and_imported_by_anki(tmp_path: Path) -> None:
    desired = build(write(tmp_path / "notes", a=NOTES), tmp_path / "a.apkg")
    assert [(note.content.kind, note.content.ordinals) for note in desired.notes] == [("flip", (0,)), ("basic", (0,))]
    assert [(problem.rule, problem.message) for problem in desired.problems] == [
        ("no-answer", "a flip card has one meaning")
    ]
    with open_collection(tmp_path) as opened:
        import_package(opened, tmp_path / "a.apkg")
        [note] = [opened.get_note(id) for id in opened.find_notes('note:"ankigen Flip"')]
        assert (note["Term"], note["Meaning"], len(note.cards())) == ("lens", "bends light", 1)


def test_its_name_stands_in_the_lock_file_and_one_that_does_not_know_it_keeps_the_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = write(tmp_path / "notes", a=NOTES)
    first = build(notes, tmp_path / "a.apkg")
    assert "\tflip\t" in (notes / LOCK_NAME).read_text()
    monkeypatch.setattr(kinds, "KINDS", KINDS)
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "of another ankigen")
    later = load(notes, NOON)
    guids = {note.identity.guid for note in later.notes}
    assert {note.identity.guid for note in first.notes} <= guids
    assert {note.content.kind for note in later.notes} == {"basic"}


def test_a_sync_creates_it_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    wanted = load(write(tmp_path / "notes", a="- lens #card #flip\n\t- bends light\n"), NOON)
    [created] = plan_sync(wanted, anki(kinds=())).changes
    assert isinstance(created, CreateNote)
    assert created.packed.note_type.name == "ankigen Flip"
    assert plan_sync(wanted, anki(held(wanted.notes[0]), kinds=[kind_of(Flip().note_type)])).changes == ()


def test_a_base_tells_it_from_a_kind_with_as_many_fields_by_its_name() -> None:
    flip = Flip()
    base = Base(SourceId("src"), "deck", ("ab",) * len(content_names(BASIC.note_type)), kind=flip.name)
    assert [wrote(base, kind.note_type) for kind in (flip, BASIC, CLOZE)] == [True, False, False]


def test_a_base_of_version_1_is_of_one_of_the_two_kinds_that_there_were() -> None:
    first = (BASIC, CLOZE)
    bases = {kind.name: Base(SourceId("src"), "deck", ("~ab",) * len(content_names(kind.note_type))) for kind in first}
    assert [wrote(bases[kind.name], kind.note_type) for kind in first] == [True, True]
    assert not wrote(bases[BASIC.name], CLOZE.note_type)
    assert not wrote(Base(SourceId("src"), "deck", ("~ab",) * 3), Flip().note_type)
