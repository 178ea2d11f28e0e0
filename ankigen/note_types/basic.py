"""Basic notes: a question and an answer, asked forwards, backwards or both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ankigen import render
from ankigen.cards import no_answer_advice, spot_of
from ankigen.config import Config
from ankigen.data import Block, CardBlock, Direction, Face, KindName, NoteType, Problem, Severity
from ankigen.note_types.kind import CommonFaces, flag, typed
from ankigen.note_types.own_texts import css, template
from ankigen.render import Links
from ankigen.support.structs import Struct


class Basic(Struct, frozen=True):
    """The kind of every card block that hides nothing."""

    name: KindName = KindName("basic")
    note_type: NoteType = NoteType(
        id=1738104529337,
        name="ankigen Basic",
        fields=("Front", "Back", "Extra", "Context", "Source", "Forward", "Reverse", "Type", "Guid", "Base"),
        templates=(template("Forward", "forward"), template("Reverse", "reverse")),
        css=css(),
        is_cloze=False,
        changed=1795719600,
    )
    without_cards: str = "the card is asked in no direction: take the tags and `direction::` away"

    def takes(self, card: CardBlock) -> bool:
        """Any that no other kind takes."""
        return not card.is_hiding

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        """A question needs an answer."""
        if not config.empty_back and not _says_something(card.answer):
            message = f"card has no answer: {no_answer_advice(card, config)}"
            yield spot_of("no-answer", card, config).problem(Severity.ERROR, "no-answer", message)

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """Question and answer, and a flag for each template that makes a card."""
        path = card.page.path
        return {
            "Front": typed(render.question(card.question, path, card.question_lines, links), card),
            "Back": typed(render.answer(card.answer, path, links), card),
            "Extra": common.extra,
            "Context": common.context,
            "Source": common.source,
            "Forward": flag(card.direction is not Direction.REVERSE),
            "Reverse": flag(card.direction is not Direction.FORWARD),
            "Type": flag(card.is_typed),
        }

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """One card for each flag that is set."""
        return tuple(ordinal for ordinal, name in enumerate(("Forward", "Reverse")) if fields[name])

    def question(self, fields: Mapping[str, str]) -> str:
        """The front."""
        return fields["Front"]

    def answer(self, fields: Mapping[str, str]) -> str:
        """The back."""
        return fields["Back"]

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """Backwards the back is the question, and a card that shows none is no card to Anki."""
        return bool(fields["Reverse"])


def _says_something(blocks: Sequence[Block]) -> bool:
    return any(line.text.strip() for below in blocks for block in below.walk() for line in block.lines)


BASIC = Basic()
