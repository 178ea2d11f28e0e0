"""Golden faces: a card block in, its fields and the cards as Anki's own library shows them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import clozes, note_types, render
from ankigen.data import Block, Face
from tests.judge import Judge, Shown
from tests.notation import blocks_of

FOLDER = Path(__file__).parent / "golden/faces"
CASES = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_face_is_as_reviewed(case: Path, judge: Judge, request: pytest.FixtureRequest) -> None:
    (block,) = blocks_of(case.read_text(encoding="utf-8"))
    expected = case.with_suffix(".txt")
    shown = _shown(block, judge)
    if request.config.getoption("--rewrite"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


def _shown(block: Block, judge: Judge) -> str:
    values = {one.key: one.value for one in block.properties}
    replaced, hints = values.get("replacecloze", ""), values.get("replaceclozehint", "")
    hidden = clozes.hide(block.text, block.children, replaced=replaced, hints=hints, line=block.line)
    if hidden.numbers or "\ufdd3" in hidden.question + "".join(one.text for top in hidden.blocks for one in top.walk()):
        return _cloze(hidden, judge)
    return _basic(block, judge)


def _basic(block: Block, judge: Judge) -> str:
    front = render.question(block.text, "case.md", block.line)
    back = render.answer(block.children, "case.md")
    fields = {"Front": front.html, "Back": back.html, "Forward": "y"}
    return _report({"Front": front, "Back": back}, judge.cards(note_types.BASIC, fields), [])


def _cloze(hidden: clozes.Hidden, judge: Judge) -> str:
    face = render.cloze(hidden.question, hidden.blocks, "case.md")
    assert judge.cloze_numbers(face.html) == clozes.card_numbers(face.html)
    return _report({"Text": face}, judge.cards(note_types.CLOZE, {"Text": face.html}), list(hidden.mistakes))


def _report(faces: dict[str, Face], cards: list[Shown], mistakes: list[clozes.Mistake]) -> str:
    parts = [f"{name}: {face.html}" for name, face in faces.items()]
    for card in cards:
        parts += [f"card {card.ordinal + 1} asks:\n{card.question}", f"card {card.ordinal + 1} answers:\n{card.answer}"]
    parts += [f"line {one.line}: {one.message}" for one in mistakes]
    parts += [f"{one.position.line}: {one.rule}: {one.message}" for face in faces.values() for one in face.problems]
    return "\n\n".join(parts) + "\n"
