"""Basic notes: a question and an answer, with a forward card, a reverse card or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ankigen import render
from ankigen.cards import hint_spot, no_answer_advice, spot_of
from ankigen.config import Config
from ankigen.data import Block, CardBlock, Direction, Face, KindName, NoteType, Problem, Severity
from ankigen.note_types.kind import CommonFaces, annotated, flag, typed
from ankigen.note_types.own_texts import css, template
from ankigen.note_types.speech import heard
from ankigen.render import Links
from ankigen.support.structs import Struct


class Basic(Struct, frozen=True):
    """The kind of every card block without clozes or hidden parts."""

    name: KindName = KindName("basic")
    note_type: NoteType = NoteType(
        id=1738104529337,
        name="ankigen Basic",
        fields=("Front", "Back", "Extra", "Context", "Source", "Forward", "Reverse", "Type", "Guid", "Base"),
        templates=(template("Forward", "forward"), template("Reverse", "reverse")),
        css=css(),
        is_cloze=False,
        changed=1795758000,
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
        if card.hint and _would_be_typed(card):
            message = "a card that is typed both ways shows no hint, for it would have to be typed: take #type-in out"
            yield hint_spot(card).problem(Severity.WARNING, "hint-unshown", message)

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """Question and answer, and a flag for each template that makes a card."""
        front, back = _sides(card, links)
        return {
            "Front": front,
            "Back": back,
            "Extra": common.extra,
            "Context": common.context,
            "Source": common.source,
            "Forward": flag(card.direction is not Direction.REVERSE),
            "Reverse": flag(card.direction is not Direction.FORWARD),
            "Type": flag(card.is_typed),
        }

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """One card for each set flag."""
        return tuple(ordinal for ordinal, name in enumerate(("Forward", "Reverse")) if fields[name])

    def question(self, fields: Mapping[str, str]) -> str:
        """The front."""
        return render.without_aids(fields["Front"])

    def answer(self, fields: Mapping[str, str]) -> str:
        """The back."""
        return render.without_aids(fields["Back"])

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """Reverse cards need an answer: it is their question, and Anki makes no card with an empty front."""
        return bool(fields["Reverse"])


def _sides(card: CardBlock, links: Links) -> tuple[Face, Face]:
    """The front and the back, with their sounds."""
    path, lines, speech = card.page.path, card.question_lines, card.speech
    if card.choices:
        faces = render.choice(card.question, card.choices, path, lines, links)
        front, back, answering = faces.question, faces.answer, faces.answering
    else:
        front = typed(render.question(card.question, path, lines, links), card)
        back = answering = typed(render.answer(card.answer, path, links), card)
    front, back, answering = (annotated(face, card) for face in (front, back, answering))
    question, answer = front.html, answering.html
    if card.direction is Direction.REVERSE:
        back = render.with_hint(back, card.hint, path, links)
    elif not _would_be_typed(card):
        front = render.with_hint(front, card.hint, path, links)
    return (
        heard(front, question, speech.question, "speak", card, links),
        heard(back, answer, speech.answer, "speak-answer", card, links),
    )


def _would_be_typed(card: CardBlock) -> bool:
    """Whether a hint on the front would be part of a typed answer: such a card asks for both sides."""
    return card.is_typed and card.direction is Direction.BOTH


def _says_something(blocks: Sequence[Block]) -> bool:
    return any(line.text.strip() for below in blocks for block in below.walk() for line in block.lines)


BASIC = Basic()
