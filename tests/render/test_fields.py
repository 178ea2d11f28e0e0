"""Golden faces: a card block in, its fields and the cards as Anki's own library shows them out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ankigen import note_types, outputs, render
from ankigen.config import Config
from ankigen.data import Block, ClozeAnswer, ClozeSyntax, Face
from ankigen.identity.cloze_numbers import number_clozes
from ankigen.note_types import fields_of
from ankigen.source import load
from ankigen.support.structs import replace
from ankigen.syntax import clozes
from ankigen.syntax.outline import parse
from tests.helpers import golden
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON
from tests.helpers.judge import Judge, Shown


@pytest.mark.parametrize("case", golden.inputs("faces"), ids=lambda case: case.stem)
def test_a_face_is_as_reviewed(case: Path, judge: Judge, request: pytest.FixtureRequest) -> None:
    [block] = parse(case.read_text("utf-8"), "case.md", "case").blocks
    golden.check(case, _shown(block, judge), request)


def _shown(block: Block, judge: Judge) -> str:
    values = {one.key: one.value for one in block.properties}
    syntax = ClozeSyntax(replaced=values.get("replacecloze", ""), hints=values.get("replaceclozehint", ""))
    answers = clozes.answers(block.text, block.children, syntax)
    return _cloze(block, answers, syntax, judge) if answers else _basic(block, judge)


def _basic(block: Block, judge: Judge) -> str:
    front = render.question(block.text, "case.md", block.lines)
    back = render.answer(block.children, "case.md")
    fields = {"Front": front.html, "Back": back.html, "Forward": "y"}
    return _report({"Front": front, "Back": back}, judge.cards(note_types.BASIC.note_type, fields), [])


def _cloze(block: Block, answers: Sequence[ClozeAnswer], syntax: ClozeSyntax, judge: Judge) -> str:
    numbers = [one.number for one in number_clozes(answers, ())]
    face = render.cloze(*clozes.mark(block.text, block.children, numbers, syntax), "case.md")
    assert judge.cloze_numbers(face.html) == clozes.card_numbers(face.html)
    own = clozes.CardText(block.text, block.lines)
    mistakes = [f"line {line_of(one)}: {one.broken.message}" for one in clozes.mistakes(own, block.children, syntax)]
    return _report({"Text": face}, judge.cards(note_types.CLOZE.note_type, {"Text": face.html}), mistakes)


def line_of(mistake: clozes.ClozeMistake) -> int:
    return mistake.text.lines[mistake.text.text.count("\n", 0, mistake.broken.start)].number


def _report(faces: dict[str, Face], cards: list[Shown], mistakes: Sequence[str]) -> str:
    parts = [f"{name}: {face.html}" for name, face in faces.items()]
    for card in cards:
        parts += [f"card {card.ordinal + 1} asks:\n{card.question}", f"card {card.ordinal + 1} answers:\n{card.answer}"]
    parts += mistakes
    parts += [f"{one.position.line}: {one.rule}: {one.message}" for face in faces.values() for one in face.problems]
    return "\n\n".join(parts) + "\n"


def test_a_package_brings_every_face_as_it_was_reviewed(tmp_path: Path) -> None:
    """The same cases once more, from files through a package into a collection, shown by Anki."""
    pages = tmp_path / "notes"
    pages.mkdir()
    for case in golden.inputs("faces"):
        source = case.read_text("utf-8")
        first, _, rest = source.partition("\n")
        (pages / case.name).write_text(f"{first} #card\n{rest}" if "```" not in first else f"{source}\n", "utf-8")
    desired = load(pages, NOON, replace(Config(), empty_back=True, context="none"))
    package = tmp_path / "faces.apkg"
    package.write_bytes(outputs.content(desired.notes, desired.media, package, note_types.note_types()))
    with open_collection(tmp_path) as collection:
        assert len(import_package(collection, tmp_path / "faces.apkg").new) == len(desired.notes) > 40
        for note in desired.notes:
            [id] = collection.find_notes(f'"Guid:{note.identity.guid}"')
            stored = collection.get_note(id)
            assert dict(stored.items()) == fields_of(note)
            assert [card.ord for card in stored.cards()] == list(note.content.ordinals)
            assert not any("No cloze" in card.question() for card in stored.cards())
