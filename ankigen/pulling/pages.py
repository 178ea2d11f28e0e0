"""A page on which edits are tried, one after the other: each stays if the page proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ankigen.data import Desired, FieldChange, Note, NotPulled, PulledEdit, RefusedEdit
from ankigen.note_types import OCCLUSION, canonical, content_fields
from ankigen.pulling.candidates import FieldEdit, candidates
from ankigen.pulling.differences import difference
from ankigen.pulling.proof import CardOnPage, verdict
from ankigen.pulling.reasons import reason_after, reason_before
from ankigen.pulling.tags import with_tags
from ankigen.pulling.words import Token, tokens_of
from ankigen.pulling.written import MOST_TOKENS, lines_of_card, places_of
from ankigen.source import Rehearsal, RehearsedPage
from ankigen.support.normal_forms import is_text
from ankigen.support.structs import Struct
from ankigen.syntax.decode import encoding_of

_NOT_WRITTEN = frozenset({"Context", "Source", "Guid", "Base"})
_FLAGS = frozenset({"Forward", "Reverse", "Type", "Hide Others"})
_SHAPES = frozenset({"Occlusion", "Image"})

Reason = tuple[NotPulled, str]
"""Why an edit is not taken, and what is in the way."""


class Edit(Struct, frozen=True):
    """An edit made in Anki: of a field, or, where that has no name, tags that the reader added."""

    note: Note
    field: FieldChange
    tags: tuple[str, ...] = ()


class Taken(Struct, frozen=True):
    """A page with one more edit."""

    content: bytes
    page: RehearsedPage


@dataclass
class TriedPage:
    """A page with the edits that it has taken so far; `page` is what its content says."""

    path: str
    content: bytes
    page: RehearsedPage
    rehearsal: Rehearsal
    indexes: dict[int, int]
    numbers: dict[int, tuple[int, ...]]
    pulled: list[PulledEdit] = field(default_factory=list)
    refused: list[RefusedEdit] = field(default_factory=list)

    @classmethod
    def of(cls, path: str, desired: Desired, rehearsal: Rehearsal) -> TriedPage | None:
        """The page as it is now; nothing if it is not what the notes were read from."""
        content = rehearsal.content(path)
        if content is None:
            return None
        page = rehearsal.page(path, content)
        indexes = {card.position.line: index for index, card in enumerate(page.blocks)}
        notes = [note for note in (*desired.notes, *desired.others) if note.position.path == path]
        if any(note.position.line not in indexes for note in notes):
            return None
        numbers = {indexes[note.position.line]: _numbers_of(note) for note in notes}
        texts = (page.note(indexes[note.position.line], _numbers_of(note)).content.texts for note in notes)
        is_known = all(said == note.content.texts for said, note in zip(texts, notes, strict=True))
        return cls(path, content, page, rehearsal, indexes, numbers) if is_known else None

    def go_on_from(self, other: TriedPage) -> None:
        """Have taken what another try has taken."""
        self.content, self.page = other.content, other.page
        self.pulled, self.refused = [*other.pulled], [*other.refused]

    def take(self, edits: Sequence[Edit]) -> None:
        """Take the edits one after the other, each if it can be proved on this page."""
        for number, edit in enumerate(edits):
            following = [other.field for other in edits[number + 1 :] if other.note is edit.note and not other.tags]
            taken = self._with_tags(edit) if edit.tags else self._with_field(edit, following)
            if isinstance(taken, Taken):
                self.content, self.page = taken.content, taken.page
                self.pulled.append(PulledEdit(edit.note, edit.field, edit.tags))
            else:
                self.refused.append(RefusedEdit(edit.note, edit.field, *taken))

    def _before(self, edit: Edit) -> tuple[CardOnPage, RehearsedPage, bytes, str, str]:
        """The card, the page as it is so far, and its text behind mark and codec."""
        card = CardOnPage(self.indexes[edit.note.position.line], self.numbers)
        mark, codec = encoding_of(self.content)
        return card, self.page, mark, codec, self.content[len(mark) :].decode(codec)

    def _with_field(self, edit: Edit, following: Sequence[FieldChange]) -> Taken | Reason:
        """The page with an edited field; it may say what the `following` edits of the note want as well."""
        if reason := _unsupported(edit):
            return reason, edit.field.name
        card, before, mark, codec, text = self._before(edit)
        fields = content_fields(card.note_on(before).content)
        if canonical(fields[edit.field.name]) == canonical(edit.field.existing):
            return Taken(self.content, self.page)  # an edit of another field said the same
        prepared = _prepared(edit, card, before, text)
        if not isinstance(prepared, FieldEdit):
            return prepared
        nearest = NotPulled.UNPROVED
        for candidate in filter(is_text, candidates(prepared)):
            content = mark + candidate.encode(codec)
            page = self.rehearsal.page(self.path, content)
            fault = verdict(page, before, card, edit.field, following)
            if fault is None:
                return Taken(content, page)
            nearest = fault if nearest is NotPulled.UNPROVED else nearest
        return reason_after(prepared) if nearest is NotPulled.UNPROVED else (nearest, "")

    def _with_tags(self, edit: Edit) -> Taken | Reason:
        card, before, mark, codec, text = self._before(edit)
        wanted = {*before.cards[card.index].tags, *edit.tags}
        for candidate in with_tags(text, before.blocks[card.index].block, edit.tags):
            content = mark + candidate.encode(codec)
            page = self.rehearsal.page(self.path, content)
            if verdict(page, before, card, has_new_tags=True) is None and {*page.cards[card.index].tags} == wanted:
                return Taken(content, page)
        return NotPulled.TAGS, " ".join(edit.tags)


def _numbers_of(note: Note) -> tuple[int, ...]:
    return tuple(cloze.number for cloze in note.identity.clozes if cloze.is_used)


def _unsupported(edit: Edit) -> NotPulled | None:
    """Why a field is never written, if so."""
    if edit.note.content.kind == OCCLUSION.name and edit.field.name in _SHAPES:
        return NotPulled.SHAPES
    is_flag = edit.note.content.own is None and edit.field.name in _FLAGS
    return NotPulled.FIELD if edit.field.name in _NOT_WRITTEN or is_flag else None


def _prepared(edit: Edit, card: CardOnPage, page: RehearsedPage, text: str) -> FieldEdit | Reason:
    """The edit beside the words of the notes, or why it need not be tried."""
    fields = content_fields(card.note_on(page).content)
    theirs, mine = tokens_of(edit.field.existing), tokens_of(fields[edit.field.name])
    if len(theirs) > MOST_TOKENS:
        return NotPulled.TOO_LONG, ""
    if reason := reason_before(edit.field.existing, fields[edit.field.name], mine, theirs):
        return reason
    shown: list[Token] = []
    start = 0
    for name, html in fields.items():
        if name == edit.field.name:
            start = len(shown)
        if name not in _NOT_WRITTEN | _FLAGS | _SHAPES:
            shown += mine if name == edit.field.name else tokens_of(html)
    lines = lines_of_card(page.blocks[card.index], text)
    among, alone = places_of(shown, lines, text), places_of(mine, lines, text)
    if among is None or alone is None:
        return NotPulled.TOO_LONG, ""
    own = among[start : start + len(mine)]
    if sum(place is not None for place in alone) > sum(place is not None for place in own):
        own = alone  # the fields have another order than the notes
    return FieldEdit(text, lines, mine, own, theirs, difference(mine, theirs))
