"""Finds cards that are already in Anki under another GUID or set, since the lock file was lost or an `id::` moved.

The evidence is that of `identity`, but both sides are notes as Anki shows them. A card is claimed by its `id::`; by
evidence among notes of this source that the lock does not know; and, if the collection never had any of these notes,
among those of the source that has half of them word for word, which two authors rarely share. Notes adopted from
another tool do not count as had: a lost lock still knew the others.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ankigen import identity
from ankigen.data import (
    Ambiguous,
    ClozeNumber,
    Desired,
    ExistingNote,
    Guid,
    Identity,
    KindName,
    LeftAlone,
    Lock,
    Note,
    Plan,
    Reason,
    SourceId,
    Wishes,
)
from ankigen.identity import CardEvidence
from ankigen.note_types import fields_of, is_mark, shown_in
from ankigen.support.guids import is_plain_guid
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import comparable
from ankigen.support.structs import Struct, replace
from ankigen.syncing.existing import ExistingIndex, is_of
from ankigen.syntax.occlusions import canonical_shapes

_HALF = 0.5
_TAG = re.compile(r"<[^<>]*>")
_SHOWN_FILE = re.compile(r"\ssrc=[\"']?(?P<name>[^\"'\s>]+)", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c(?P<number>[1-9][0-9]{0,8})::(?P<answer>(?:(?!\{\{c[0-9]|\}\}).)*)\}\}", re.DOTALL)
_MARK = re.compile(r"\{\{c[0-9,]+::|\}\}")
_LATEST = 8_589_934_591_000
"""The latest creation time in a lock file, in milliseconds: Anki uses it as the id of a note."""
_WORDS = 16
"""The digits in the digest of a text."""


class Claims(Struct, frozen=True):
    """The notes in Anki that match cards, by the GUID that the card has here.

    If the lock of a whole set of notes was lost, `lost` is the name that this set had, and `unclaimed` are its notes
    that match no card. Cards that match several notes, and cards that match the same note, claim none.
    """

    notes: Mapping[Guid, ExistingNote]
    lost: SourceId | None = None
    ambiguous: tuple[Ambiguous, ...] = ()
    unclaimed: tuple[LeftAlone, ...] = ()


def claims_of(desired: Desired, existing: ExistingIndex, known: AbstractSet[Guid], wishes: Wishes) -> Claims:
    """Find cards that Anki has only under another GUID, and never had under their own."""
    if wishes.taken_over is not None:
        return _still_unsure(wishes.taken_over, desired)
    chosen = {note.identity.guid for note in desired.notes}
    everyone = (*desired.notes, *desired.others)  # any of which may match a note in Anki
    new = [note for note in everyone if note.identity.guid not in existing.notes]
    new = [note for note in new if note.identity.guid not in known]
    orphans = [note for note in existing.notes.values() if _is_orphan(note, desired, existing)]
    found: dict[Guid, ExistingNote] = dict(_with_other_numbers(desired, existing))
    by_guid = {note.guid: note for note in orphans}
    found |= {note.identity.guid: by_guid[id] for note in new if (id := _id(note)) in by_guid}
    new = [note for note in new if note.identity.guid not in found]
    own = [note for note in orphans if is_of(existing.bases[note.guid], desired)]
    alike, unsure = _alike(new, own)
    found |= alike
    lost_all = not any(identity.is_own_guid(guid) for guid in (*known, *_guids_of(desired, existing)))
    may_be_lost = lost_all and not wishes.is_first
    lost = _lost_source(new, orphans, existing) if may_be_lost else None
    begun = _begun(everyone, desired, existing) if may_be_lost and lost is None else []
    cards, notes = [*new, *(card for card, _ in begun)], [*orphans, *(there for _, there in begun)]
    source = lost or (_lost_source(cards, notes, existing) if begun else None)
    unclaimed: Iterable[LeftAlone] = ()
    if source is not None:
        its = [note for note in orphans if _source(note, existing) == source]
        alike, unsure = _alike(cards, [note for note in notes if _source(note, existing) == source])
        orphaned, open_cards = {note.guid for note in its}, {note.identity.guid for note in new}
        found |= {guid: there for guid, there in alike.items() if guid in open_cards and there.guid in orphaned}
        if desired.selection.is_whole:  # else other cards may match it
            unclaimed = _unclaimed(its, found, unsure)
    of_chosen = found if lost else {guid: there for guid, there in found.items() if guid in chosen}
    return Claims(of_chosen, lost, _of(chosen, unsure), tuple(unclaimed))


def _begun(cards: Iterable[Note], desired: Desired, existing: ExistingIndex) -> list[tuple[Note, ExistingNote]]:
    """The cards whose GUID a note of another source has: left by an interrupted take-over of a lost set.

    What was ambiguous then must be decided again, with the same evidence.
    """
    pairs = ((card, existing.notes.get(card.identity.guid)) for card in cards)
    return [(card, there) for card, there in pairs if there and not is_of(existing.bases[there.guid], desired)]


def _guids_of(desired: Desired, existing: ExistingIndex) -> Iterator[Guid]:
    return (guid for guid, base in existing.bases.items() if is_of(base, desired))


def _of(chosen: AbstractSet[Guid], doubts: Iterable[Ambiguous]) -> tuple[Ambiguous, ...]:
    return tuple(doubt for doubt in doubts if doubt.note.identity.guid in chosen)


def _id(note: Note) -> Guid:
    return Guid(note.identity.id or "")


def _is_orphan(note: ExistingNote, desired: Desired, existing: ExistingIndex) -> bool:
    """Whether ankigen wrote a note that the lock does not know, and it can be recognised by its text.

    A reader may have typed something into the field `Guid` that no lock file can store.
    """
    is_sound = is_plain_guid(note.guid) and 0 < note.id < _LATEST
    is_known = note.guid in desired.lock.identities
    return is_sound and not is_known and existing.bases[note.guid] is not None and note.note_type in existing.complete


def _source(note: ExistingNote, existing: ExistingIndex) -> SourceId | None:
    base = existing.bases[note.guid]
    return base.source_id if base else None


# By evidence


def _lost_source(new: Sequence[Note], orphans: Iterable[ExistingNote], existing: ExistingIndex) -> SourceId | None:
    """The source of these notes: at least half of the cards, or of its notes, are the same word for word."""
    if not new:
        return None
    said = Counter(_said(fields_of(note)) for note in new)
    by_source: defaultdict[SourceId, Counter[tuple[str, str]]] = defaultdict(Counter)
    for note in orphans:
        if (source := _source(note, existing)) is not None:
            by_source[source][_said(note.fields)] += 1
    shares = {source: (said & its).total() / min(said.total(), its.total()) for source, its in by_source.items()}
    fitting = {source: share for source, share in shares.items() if share >= _HALF}
    return max(fitting, key=lambda source: (fitting[source], by_source[source].total(), source), default=None)


def _alike(
    new: Sequence[Note], orphans: Sequence[ExistingNote]
) -> tuple[dict[Guid, ExistingNote], tuple[Ambiguous, ...]]:
    """Pair cards and notes by their text, as cards of two builds are paired; also return the ambiguous ones."""
    cards = [_evidence(note) for note in new]
    matches = identity.match(cards, [*_identities(orphans)], identity.ordinals_of(cards))
    note_at = {note.position: note for note in new}
    by_guid = {note.guid: note for note in orphans}
    alike = {note_at[position].identity.guid: by_guid[known.guid] for position, known in matches.known.items()}
    ambiguous = (
        Ambiguous(note_at[card.position], tuple(by_guid[known.guid] for known in candidates))
        for card, candidates in matches.ambiguous
    )
    return alike, tuple(ambiguous)


def _unclaimed(
    notes: Iterable[ExistingNote], found: Mapping[Guid, ExistingNote], unsure: Iterable[Ambiguous]
) -> Iterator[LeftAlone]:
    """The notes of a lost set that match no card, except those already suspended as removed."""
    named = {note.guid for note in found.values()} | {note.guid for doubt in unsure for note in doubt.candidates}
    for note in notes:
        if note.guid not in named and not any(map(is_mark, note.tags)):
            yield LeftAlone(Reason.UNCLAIMED, existing=note)


def _still_unsure(plan: Plan, desired: Desired) -> Claims:
    """The ambiguous cards of a plan, after the notes were read again with the GUIDs that it found."""
    note_at = {note.position: note for note in desired.notes}
    ambiguous, unclaimed = [], []
    for notice in plan.notices:
        if isinstance(notice, Ambiguous) and notice.note.position in note_at:
            ambiguous.append(replace(notice, note=note_at[notice.note.position]))
        if isinstance(notice, LeftAlone) and notice.reason is Reason.UNCLAIMED:
            unclaimed.append(notice)
    return Claims({}, None, tuple(ambiguous), tuple(unclaimed))


def _evidence(note: Note) -> CardEvidence:
    page, question, answer = _texts(fields_of(note))
    return CardEvidence(
        position=note.position,
        kind=note.content.kind,
        id=None,
        page=page,
        question=question,
        question_digest=digest(question, length=_WORDS),
        answer_size=len(answer),
        answer_digest=digest(answer, length=_WORDS),
        clozes=(),
    )


def _identities(notes: Iterable[ExistingNote]) -> Iterator[Identity]:
    ordinals: Counter[tuple[str, str]] = Counter()
    for note in sorted(notes, key=lambda note: note.id):
        page, question, answer = _texts(note.fields)
        yield Identity(
            guid=note.guid,
            id=None,
            kind=KindName(""),
            page=page,
            ordinal=ordinals[page, question],
            question=question,
            question_digest=digest(question, length=_WORDS),
            answer_digest=digest(answer, length=_WORDS),
            content_digest="",
            created=note.id,
            modified=note.modified,
            removed=note.modified if any(map(is_mark, note.tags)) else None,
        )
        ordinals[page, question] += 1


def _said(fields: Mapping[str, str]) -> tuple[str, str]:
    return _texts(fields)[1:]


def _texts(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """The place, question and answer that a note shows, without HTML tags, normalised for comparing."""
    place, question, answer = map(_words, shown_in(fields))
    return place, question, answer


def _words(text: str) -> str:
    """The words of a field, and the names of the files that it shows."""
    return comparable(html.unescape(_TAG.sub(_shown_file, _MARK.sub("", text)))).casefold()


def _shown_file(tag: re.Match[str]) -> str:
    name = _SHOWN_FILE.search(tag[0])
    return f" {name['name']} " if name else " "


# The numbers of clozes


def _with_other_numbers(desired: Desired, existing: ExistingIndex) -> Iterator[tuple[Guid, ExistingNote]]:
    """Cloze notes whose answers have other numbers in Anki that this lock cannot have assigned."""
    for note in desired.notes:
        there = existing.notes.get(note.identity.guid)
        if there is None or not _hides(there.fields) or not note.identity.clozes:
            continue
        is_new = desired.stored_lock is None or not is_of(existing.bases[there.guid], desired)
        if is_new and _differ(there, note):
            yield note.identity.guid, there


def _differ(there: ExistingNote, note: Note) -> bool:
    """Whether an answer has a number here and another one in Anki."""
    theirs = _number_of_answers(there.fields)
    ours = _number_of_answers(fields_of(note))
    return any(theirs[answer] != number for answer, number in ours.items() if answer in theirs)


def numbers_in(there: ExistingNote, note: Note) -> tuple[ClozeNumber, ...]:
    """The numbers that the answers of a card have in Anki; numbers of other answers there are no longer used."""
    theirs = _number_of_answers(there.fields)
    ours = {number: answer for answer, number in _number_of_answers(fields_of(note)).items()}
    known = [
        replace(cloze, number=theirs[ours[cloze.number]])
        for cloze in note.identity.clozes
        if cloze.is_used and ours.get(cloze.number) in theirs
    ]
    taken = {cloze.number for cloze in known}
    rest = [ClozeNumber(answer[:40], number, is_used=False) for answer, number in theirs.items() if number not in taken]
    return (*known, *rest)


def _hides(fields: Mapping[str, str]) -> bool:
    """Whether a note has clozes or hidden parts."""
    return "Text" in fields or "Occlusion" in fields


def _number_of_answers(fields: Mapping[str, str]) -> dict[str, int]:
    """The number of each answer that a note hides once; in a picture, of each shape."""
    if shapes := canonical_shapes(fields.get("Occlusion", "")):
        found = [(shape, int(number)) for number, _, shape in (line.partition(" ") for line in shapes.split("\n"))]
        found = [(shape, number) for shape, number in found if number]
    else:
        found = [(_words(cloze["answer"]), int(cloze["number"])) for cloze in _CLOZE.finditer(fields.get("Text", ""))]
    times = Counter(answer for answer, _ in found)
    return {answer: number for answer, number in found if times[answer] == 1}


def claimed_types(claims: Mapping[Guid, ExistingNote], existing: ExistingIndex) -> Mapping[str, int]:
    """The ids in Anki of note types of claimed notes, by our name, where Anki has none of our id."""
    pairs = (existing.note_types[there.note_type] for there in claims.values())
    return {own.name: theirs.id for own, theirs in pairs if own.name not in existing.originals}


def taken_over(claims: Mapping[Guid, ExistingNote], types: Mapping[str, int], desired: Desired) -> Lock:
    """The lock with the GUIDs, times of creation, cloze numbers and ids of note types that Anki holds."""
    identities = dict(desired.lock.identities)
    notes = {note.identity.guid: note for note in desired.notes}
    for guid, there in claims.items():
        known = identities.pop(guid)
        is_cloze = bool(known.clozes) and _hides(there.fields)
        clozes = numbers_in(there, notes[guid]) if is_cloze else known.clozes
        created = known.created if there.guid == guid else there.id
        identities[there.guid] = replace(known, guid=there.guid, created=created, clozes=clozes)
    note_types = tuple([replace(known, id=types.get(known.name, known.id)) for known in desired.lock.note_types])
    return replace(desired.lock, identities=identities, note_types=note_types)
