"""Cloze notes: a text with hidden parts, one card for each number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ankigen import render
from ankigen.cards import hint_spot, spot_of
from ankigen.config import Config
from ankigen.data import CardBlock, Direction, Face, KindName, NoteType, Problem, Severity
from ankigen.note_types.kind import CommonFaces, annotated, flag, typed
from ankigen.note_types.own_texts import css, template
from ankigen.note_types.speech import heard
from ankigen.render import Links
from ankigen.support.structs import Struct
from ankigen.syntax import clozes


class Cloze(Struct, frozen=True):
    """The kind of every card block with clozes, or with `#incremental`."""

    name: KindName = KindName("cloze")
    note_type: NoteType = NoteType(
        id=1741882306153,
        name="ankigen Cloze",
        fields=("Text", "Extra", "Context", "Source", "Type", "Hide Others", "Guid", "Base"),
        templates=(template("Cloze", "cloze"),),
        css=css(),
        is_cloze=True,
        changed=1795758000,
    )
    without_cards: str = "Anki finds no cloze that it could ask for: write {{cloze answer}} where text is shown"

    def takes(self, card: CardBlock) -> bool:
        """Any with clozes."""
        return card.is_hiding

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        """A cloze note is asked in one direction only."""
        if card.direction is not Direction.FORWARD:
            message = "a cloze card has no direction: leave it out, or take the clozes out"
            yield spot_of("cloze-direction", card, config).problem(Severity.WARNING, "cloze-direction", message)
        if card.hint:
            message = "a cloze card shows no hint:: of its block: write {{cloze answer \\\\ hint}}"
            yield hint_spot(card).problem(Severity.WARNING, "hint-unshown", message)

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """The text with its clozes, and flags."""
        text = annotated(typed(_text_face(card, numbers, links), card), card)
        return {
            "Text": text,
            "Extra": _heard(common.extra, text.html, card, links),
            "Context": common.context,
            "Source": common.source,
            "Type": flag(card.is_typed),
            "Hide Others": flag(card.hides_others),
        }

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """One card for each cloze number that Anki finds in the text."""
        return tuple(number - 1 for number in clozes.card_numbers(fields["Text"]))

    def question(self, fields: Mapping[str, str]) -> str:
        """The text."""
        return fields["Text"]

    def answer(self, fields: Mapping[str, str]) -> str:
        """The text, which contains the answers."""
        return fields["Text"]

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """No: the question is in the text."""
        return False


def _heard(extra: Face, text: str, card: CardBlock, links: Links) -> Face:
    """The extra on the back, with the text read aloud there: on the front it would give the answer away."""
    shown = heard(extra, text, card.speech.question, "speak", card, links)
    return heard(shown, extra.html, card.speech.answer, "speak-answer", card, links) if extra.html else shown


def _text_face(card: CardBlock, numbers: Sequence[int], links: Links) -> Face:
    path, lines = card.page.path, card.question_lines
    if card.is_incremental:
        return render.incremental(card.question, card.answer, numbers, path, lines, links)
    text, blocks = clozes.mark(card.question, card.answer, numbers, card.cloze_syntax)
    return render.cloze(text, blocks, path, lines, links)


CLOZE = Cloze()
