"""The cards of `decks/tour.md` as Anki shows them, with the files they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ankigen import clozes, note_types, references, render
from ankigen.data import Block, Face, Format, Line, MediaFile, Page, Refusal
from ankigen.media import Media
from tests.judge import Judge, Shown
from tests.notation import blocks_of

DECKS = Path(__file__).parents[2] / "decks"
_TAG = re.compile(r"[ ]?#(?P<name>[\w-]+)")


@dataclass(frozen=True)
class Card:
    """One card: the question it belongs to, its two faces."""

    title: str
    shown: Shown


class Tour:
    """Reads the tour and renders its cards, media and problems collected."""

    def __init__(self, judge: Judge) -> None:
        source = (DECKS / "tour.md").read_text(encoding="utf-8")
        blocks = blocks_of(source[source.index("- ") :])
        page = Page("tour.md", "A tour of ankigen", Format.MARKDOWN, (), (), blocks)
        self.links = references.References(
            *references.index([page]),
            Media(DECKS).find,
            lambda _: Refusal("no-mermaid", "no"),
            tidy=lambda one: _untagged(one)[0],
        )
        self.judge = judge
        self.media: dict[str, MediaFile] = {}
        self.problems: list[str] = []
        self.cards = [card for top in blocks for card in self._cards(top, top.text.lstrip("# "))]

    def _cards(self, block: Block, parent: str) -> Iterator[Card]:
        bare, tags = _untagged(block)
        if "card" not in tags:
            for child in block.children:
                yield from self._cards(child, parent)
            return
        title = bare.text.partition("\n")[0]
        note_type, fields = self._fields(bare, tags)
        fields["Context"] = self._html(render.breadcrumb(["A tour of ankigen", parent], "tour.md"))
        fields["Source"] = '<a href="logseq://graph/tour">source</a>'
        for shown in self.judge.cards(note_type, fields):
            yield Card(title, shown)

    def _fields(self, block: Block, tags: set[str]) -> tuple[note_types.NoteType, dict[str, str]]:
        values = {one.key: one.value for one in block.properties}
        typed = "y" if "type-in" in tags else ""
        extra = self._html(render.question(values.get("extra", ""), "tour.md", 1, self.links))
        hidden = clozes.hide(block.text, block.children, replaced=values.get("replacecloze", ""))
        assert not hidden.mistakes
        if "incremental" in tags:
            numbers = range(1, len(block.children) + 1)
            face = render.incremental(block.text, block.children, numbers, "tour.md", 1, self.links)
        else:
            face = render.cloze(hidden.question, hidden.blocks, "tour.md", 1, self.links)
        if clozes.card_numbers(face.html):
            hide = "y" if "hide-all-test-one" in tags else ""
            return note_types.CLOZE, {"Text": self._html(face), "Extra": extra, "Type": typed, "Hide Others": hide}
        front = self._html(render.question(block.text, "tour.md", 1, self.links))
        back = self._html(render.answer(block.children, "tour.md", self.links))
        reverse = "y" if "bidirectional" in tags else ""
        fields = {"Front": front, "Back": back, "Extra": extra, "Forward": "y", "Reverse": reverse, "Type": typed}
        return note_types.BASIC, fields

    def _html(self, face: Face) -> str:
        self.media |= {file.name: file for file in face.media}
        self.problems += [one.message for one in face.problems]
        return face.html


def _untagged(block: Block) -> tuple[Block, set[str]]:
    if not any("#card" in line.text for line in block.lines):
        return block, set()
    tags = {tag["name"] for line in block.lines if "#card" in line.text for tag in _TAG.finditer(line.text)}
    lines = (Line(one.number, 1, _TAG.sub("", one.text) if "#card" in one.text else one.text) for one in block.lines)
    return replace(block, lines=tuple(lines)), tags
