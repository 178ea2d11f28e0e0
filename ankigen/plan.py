"""What would a sync change, and is it safe? A function of what the notes ask for and what was read from Anki.

Each field is decided by three texts: ours from the notes, theirs in Anki, and the one that ankigen wrote last, of which
the note's `Base` holds the hash. Whatever only the reader changed stays the reader's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import assert_never

from ankigen import note_types
from ankigen.base import (
    CARRIER,
    REMOVED_TAG,
    REMOVING_TAG,
    deck_hash,
    deck_key,
    field_hash,
    format_base,
    read_base,
    tag_key,
)
from ankigen.data import (
    Base,
    Basic,
    Change,
    Cloze,
    Collection,
    Conflict,
    Content,
    ConvertNote,
    CreateNote,
    DeleteNote,
    Desired,
    ExistingNote,
    ExistingNoteType,
    ExtendNoteType,
    FieldChange,
    Guid,
    Html,
    KeptEdit,
    LeftAlone,
    MoveCards,
    Note,
    NoteType,
    Notice,
    PackedNote,
    Plan,
    Reason,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    Side,
    SourceId,
    SuspendNote,
    Template,
    UpdateNote,
    Wishes,
)
from ankigen.errors import TooManyRemovals
from ankigen.notes import card_ordinals, content_fields, note_type_of

_RESTED = re.compile(re.escape(REMOVED_TAG) + r"::(?P<card>\d+)", re.IGNORECASE)
_COPY_MARK = re.compile(r"(\+|-[0-9a-f]{5})+")
_SAFE_REMOVALS = 10
_SAFE_SHARE = 0.1
_NO_BASE = Base(SourceId(""), "", ())

Finding = Change | Notice


def plan_sync(
    desired: Desired,
    existing: Collection,
    known: AbstractSet[Guid] = frozenset(),
    wishes: Wishes | None = None,
    own: Sequence[NoteType] = note_types.ALL,
) -> Plan:
    """Work out what makes `existing` match `desired` without touching what the reader did.

    `known` are the notes that this collection has had before: those that it lacks now the reader deleted. `own` are
    the note types as they shall look.
    """
    wishes = wishes or Wishes()
    at = _Here.of(desired, existing, own)
    findings: list[Finding] = [*_note_type_findings(at, wishes)]
    for note in desired.notes:
        findings += _note_findings(note, at, known, wishes)
    findings += _removals(desired, at, wishes)
    findings += _media(desired, existing, findings)
    findings += [LeftAlone(Reason.COPY, existing=copy) for copy in at.copies]
    findings += [LeftAlone(Reason.CARDLESS, detail=str(note)) for note in existing.cardless]
    present = frozenset(guid for guid, base in at.bases.items() if _is_of(base, desired))
    return Plan(
        changes=tuple(one for one in findings if isinstance(one, Change)),
        notices=tuple(one for one in findings if isinstance(one, Notice)),
        managed=len(present),
        present=present,
        collection=existing.name,
    )


def require_safe(plan: Plan) -> None:
    """Refuse a plan that takes away many notes, and a large share of them."""
    if plan.removals > _SAFE_REMOVALS and plan.removals > _SAFE_SHARE * plan.managed:
        raise TooManyRemovals(plan.removals, plan.managed)


@dataclass(frozen=True, slots=True)
class _Here:
    """What was read, by name and GUID."""

    notes: Mapping[Guid, ExistingNote]
    bases: Mapping[Guid, Base | None]
    copies: tuple[ExistingNote, ...]
    kinds: Mapping[str, tuple[NoteType, ExistingNoteType]]
    homes: Mapping[str, ExistingNoteType]
    own: Mapping[str, NoteType]
    filtered: frozenset[str]

    @classmethod
    def of(cls, desired: Desired, existing: Collection, own: Sequence[NoteType]) -> _Here:
        births = {note.identity.guid: note.identity.created for note in desired.notes}
        notes, copies = _originals(existing.notes, births)
        pairs = [(mine, kind) for kind in existing.note_types for mine in own if _is_ours(kind, mine)]
        return cls(
            notes=notes,
            bases={guid: read_base(note.fields["Base"]) for guid, note in notes.items()},
            copies=tuple(copy for copy in copies if _is_of(read_base(copy.fields["Base"]), desired)),
            kinds={kind.name: (mine, kind) for mine, kind in pairs},
            homes={mine.name: kind for mine, kind in pairs if mine.id == kind.id},
            own={mine.name: mine for mine in own},
            filtered=frozenset(deck_key(deck) for deck in existing.filtered),
        )

    def missing_fields(self, own: NoteType, kind: ExistingNoteType) -> tuple[str, ...]:
        return tuple(field for field in own.fields if field not in kind.fields)


def _originals(
    notes: Iterable[ExistingNote], births: Mapping[Guid, int]
) -> tuple[dict[Guid, ExistingNote], list[ExistingNote]]:
    """Part the notes from the copies that the reader made of them: the original is the one as old as ours."""
    groups: dict[Guid, list[ExistingNote]] = defaultdict(list)
    for note in notes:
        groups[note.guid].append(note)
    originals, copies = {}, []
    for guid, group in groups.items():
        first, *others = sorted(group, key=lambda note: (note.id != births.get(guid), note.id))
        originals[guid] = first
        copies += others
    return originals, copies


def _is_of(base: Base | None, desired: Desired) -> bool:
    return base is not None and base.source_id == desired.lock.source_id


# Note types


def _is_ours(kind: ExistingNoteType, own: NoteType) -> bool:
    """Our note type, or the copy that Anki made of it when a package disagreed with the collection."""
    if kind.id == own.id:
        return True
    is_named_so = kind.name.startswith(own.name) and _COPY_MARK.fullmatch(kind.name.removeprefix(own.name)) is not None
    names = {template.name for template in kind.templates}
    return is_named_so and {*own.fields} <= {*kind.fields} and {template.name for template in own.templates} <= names


def _as_here(own: NoteType, kind: ExistingNoteType | None) -> NoteType:
    """The note type as the collection has it, so that an import finds nothing to merge."""
    if kind is None:
        return own
    return replace(
        own, id=kind.id, name=kind.name, fields=kind.fields, templates=kind.templates, css=kind.css, changed=0
    )


def _note_type_findings(at: _Here, wishes: Wishes) -> Iterator[Finding]:
    for name, kind in at.homes.items():
        own = at.own[name]
        if missing := at.missing_fields(own, kind):
            if _are_new(missing, own):
                yield ExtendNoteType(kind, missing)
            else:
                yield LeftAlone(Reason.FIELD_MISSING, detail=f"{kind.name}: {', '.join(missing)}")
        yield from _style(own, kind, wishes)


def _are_new(missing: Sequence[str], own: NoteType) -> bool:
    """Whether the fields came with a later ankigen, after `Base`, which is as old as the note type."""
    return all(own.fields.index(field) > own.fields.index("Base") for field in missing)


def _style(own: NoteType, kind: ExistingNoteType, wishes: Wishes) -> Iterator[Finding]:
    """Replace the texts that some version of ankigen wrote; those that the reader edited only on request."""
    mine = {template.name: template for template in own.templates}
    outdated = [mine[one.name] for one in kind.templates if one != mine.get(one.name, one)]
    stale = tuple(one for one in outdated if wishes.is_restyling or _is_own(kind, one.name))
    is_css_stale = kind.css != own.css and (wishes.is_restyling or note_types.is_own(kind.css))
    if stale or is_css_stale:
        yield RestyleNoteType(kind, stale, own.css if is_css_stale else kind.css)
    edited = [one.name for one in outdated if one not in stale]
    if kind.css != own.css and not is_css_stale:
        edited.append("CSS")
    for name in edited:
        yield LeftAlone(Reason.STYLE_EDITED, detail=f"{kind.name}: {name}")


def _is_own(kind: ExistingNoteType, name: str) -> bool:
    template = next(one for one in kind.templates if one.name == name)
    return note_types.is_own(template.front) and note_types.is_own(template.back)


# Notes


def _note_findings(note: Note, at: _Here, known: AbstractSet[Guid], wishes: Wishes) -> Iterator[Finding]:
    found = at.notes.get(note.identity.guid)
    if found is None:
        yield _missing(note, at, is_deleted=note.identity.guid in known and not wishes.is_restoring)
        return
    if obstacle := _obstacle(note, found, at):
        yield obstacle
        return
    if at.kinds[found.note_type][0].name == note_type_of(note.content).name:
        yield from _present(note, found, at, wishes)
    else:
        yield from _conversion(note, found, at, wishes)
    if REMOVED_TAG in map(tag_key, found.tags):
        yield RestoreNote(note, found, _resting(found))


def _missing(note: Note, at: _Here, *, is_deleted: bool) -> Finding:
    own = at.own[note_type_of(note.content).name]
    kind = at.homes.get(own.name)
    if is_deleted:
        return LeftAlone(Reason.DELETED_IN_ANKI, note)
    if deck_key(note.deck) in at.filtered:
        return LeftAlone(Reason.FILTERED_DECK, note, detail=note.deck)
    if kind and (missing := at.missing_fields(own, kind)):
        return LeftAlone(Reason.FIELD_MISSING, note, detail=", ".join(missing))
    fields = content_fields(note.content)
    hashes = tuple(map(field_hash, fields.values()))
    base = Base(note.source_id, deck_hash(note.deck), hashes, note.tags)
    return CreateNote(note, _packed(note, _as_here(own, kind), fields, base, note.tags))


def _obstacle(note: Note, found: ExistingNote, at: _Here) -> LeftAlone | None:
    """Say why a note that Anki has must not be touched, if so."""
    base = at.bases[found.guid]
    if base and base.source_id != note.source_id:
        return LeftAlone(Reason.OTHER_SOURCE, note, found, base.source_id)
    own, kind = at.kinds.get(found.note_type, (None, None))
    if own is None or kind is None:
        return LeftAlone(Reason.OTHER_NOTE_TYPE, note, found, found.note_type)
    if missing := at.missing_fields(own, kind):
        return LeftAlone(Reason.FIELD_MISSING, note, found, ", ".join(missing))
    is_by_reader = own.name != note_type_of(note.content).name and not (base and _wrote(base, own))
    return LeftAlone(Reason.OTHER_NOTE_TYPE, note, found, found.note_type) if is_by_reader else None


def _wrote(base: Base, own: NoteType) -> bool:
    """Whether ankigen wrote the note as one of this type, which a base tells by the number of its fields."""
    return len(base.fields) == len(_written_fields(own))


def _written_fields(own: NoteType) -> tuple[str, ...]:
    """The fields of the content, which a base has the hashes of."""
    return own.fields[: own.fields.index("Guid")]


def _conversion(note: Note, found: ExistingNote, at: _Here, wishes: Wishes) -> Iterator[Finding]:
    """Turn a note into one of the other type, unless the reader edited what would be lost with its fields."""
    base = at.bases[found.guid] or _NO_BASE
    edited = _edited(found, at.kinds[found.note_type][0], base)
    if edited and wishes.prefer is not Side.NOTES:
        yield Conflict(note, found, edited)
        return
    places = _places(note, found, base, at)
    yield from places.findings
    wanted = at.own[note_type_of(note.content).name]
    tags = _merge_tags(note.tags, found.tags, base.tags)
    fields = content_fields(note.content)
    new = Base(note.source_id, places.remembered, tuple(map(field_hash, fields.values())), tags.remembered)
    yield ConvertNote(note, found, _packed(note, _as_here(wanted, at.homes.get(wanted.name)), fields, new, tags.final))


def _edited(found: ExistingNote, own: NoteType, base: Base) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, found.fields[name], "")
        for name, written in zip(_written_fields(own), base.fields, strict=True)
        if field_hash(found.fields[name]) != written
    )


def _present(note: Note, found: ExistingNote, at: _Here, wishes: Wishes) -> Iterator[Finding]:
    own, kind = at.kinds[found.note_type]
    base = at.bases[found.guid] or _NO_BASE
    ours = content_fields(note.content)
    if _is_as_written(note, ours, found, base):
        return
    fields = _merge_fields(ours, found.fields, base.fields, wishes.prefer)
    tags = _merge_tags(note.tags, found.tags, base.tags)
    places = _places(note, found, base, at)
    yield from places.findings
    new = Base(note.source_id, places.remembered, tuple(field.hash for field in fields), tags.remembered)
    if any(field.fate is _Fate.WRITE for field in fields) or tags.is_changed or new != base:
        texts = {field.change.name: field.text for field in fields}
        packed = _packed(note, _as_here(own, kind), texts, new, tags.final, found, places.home)
        yield UpdateNote(note, found, packed, _changes(fields, _Fate.WRITE), tags.added, tags.removed)
    if kept := _changes(fields, _Fate.KEEP):
        yield KeptEdit(note, found, kept)
    if conflicts := _changes(fields, _Fate.CONFLICT):
        yield Conflict(note, found, conflicts)
    if wanting := _unshown(note.content, own, kind):
        yield LeftAlone(Reason.TEMPLATE_MISSING, note, found, ", ".join(wanting))


def _is_as_written(note: Note, ours: Mapping[str, str], found: ExistingNote, base: Base) -> bool:
    """Whether neither author nor reader did anything: true of most notes, and quickly told."""
    return (
        all(found.fields[name] == text for name, text in ours.items())
        and base.fields == tuple(map(field_hash, ours.values()))
        and {*found.tags} == {*note.tags} == {*base.tags}
        and base.deck == deck_hash(note.deck)
        and all(card.deck == note.deck for card in found.cards)
    )


def _packed(
    note: Note,
    note_type: NoteType,
    fields: Mapping[str, str],
    base: Base,
    tags: Iterable[str],
    found: ExistingNote | None = None,
    deck: str | None = None,
) -> PackedNote:
    """The note for a package; of one that Anki has, with the reader's own fields, and only the cards that are new."""
    content = _with_texts(note.content, fields)
    values = {**(found.fields if found else {}), **fields, "Guid": note.identity.guid, "Base": format_base(base)}
    before = _ordinals(_with_texts(note.content, found.fields), note_type) if found else frozenset()
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=max(note.identity.modified, found.modified + 1) if found else note.identity.modified,
        note_type=note_type,
        values=tuple(values.get(name, "") for name in note_type.fields),
        tags=tuple(tags),
        deck=deck or note.deck,
        ordinals=tuple(sorted(_ordinals(content, note_type) - before)),
        is_suspended=note.suspended and found is None,
    )


def _with_texts(content: Content, fields: Mapping[str, str]) -> Content:
    """The content with those texts that decide which cards there are."""
    match content:
        case Basic():
            return replace(content, forward=bool(fields["Forward"]), reverse=bool(fields["Reverse"]))
        case Cloze():
            return replace(content, text=Html(fields["Text"]))
        case _:
            assert_never(content)


def _ordinals(content: Content, note_type: NoteType) -> frozenset[int]:
    """The content's cards, a template's by its place in the collection, where the reader may have put others."""
    own = note_type_of(content)
    if own.is_cloze:
        return frozenset(card_ordinals(content))
    places = {template.name: place for place, template in enumerate(note_type.templates)}
    names = [own.templates[ordinal].name for ordinal in card_ordinals(content)]
    return frozenset(places[name] for name in names if name in places)


def _unshown(content: Content, own: NoteType, kind: ExistingNoteType) -> list[str]:
    """The templates that the content needs and the reader removed."""
    names = {template.name for template in kind.templates}
    wanted: list[Template] = [] if own.is_cloze else [own.templates[ordinal] for ordinal in card_ordinals(content)]
    return [template.name for template in wanted if template.name not in names]


# Fields: ours, theirs, base


class _Fate(Enum):
    SAME = auto()
    WRITE = auto()
    KEEP = auto()
    YIELD = auto()
    CONFLICT = auto()


@dataclass(frozen=True, slots=True)
class _Field:
    """What becomes of a field: its text from now on, and the hash that its base will hold."""

    change: FieldChange
    fate: _Fate
    text: str
    hash: str


def _merge_fields(
    ours: Mapping[str, Html], theirs: Mapping[str, str], hashes: Sequence[str], prefer: Side | None
) -> list[_Field]:
    known = [*hashes, *("" for _ in range(len(ours) - len(hashes)))]
    return [
        _merge_field(FieldChange(name, theirs[name], text), hash_, prefer)
        for (name, text), hash_ in zip(ours.items(), known, strict=False)
    ]


def _merge_field(change: FieldChange, base: str, prefer: Side | None) -> _Field:
    ours, theirs = change.desired, change.existing
    fate = _fate(ours == theirs, field_hash(theirs) == base, field_hash(ours) == base, prefer)
    match fate:
        case _Fate.SAME | _Fate.WRITE:
            return _Field(change, fate, ours, field_hash(ours))
        case _Fate.YIELD:
            return _Field(change, fate, theirs, field_hash(ours))
        case _Fate.KEEP | _Fate.CONFLICT:
            return _Field(change, fate, theirs, base)
        case _:
            assert_never(fate)


def _fate(is_equal: bool, theirs_is_base: bool, ours_is_base: bool, prefer: Side | None) -> _Fate:
    if is_equal:
        return _Fate.SAME
    if theirs_is_base:
        return _Fate.WRITE
    if ours_is_base:
        return _Fate.KEEP
    return {None: _Fate.CONFLICT, Side.NOTES: _Fate.WRITE, Side.ANKI: _Fate.YIELD}[prefer]


def _changes(fields: Iterable[_Field], fate: _Fate) -> tuple[FieldChange, ...]:
    return tuple(field.change for field in fields if field.fate is fate)


# Tags


@dataclass(frozen=True, slots=True)
class _Tags:
    """A note's tags from now on; `remembered` are those that ankigen wrote and may take away again."""

    final: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    remembered: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.added or self.removed)


def _merge_tags(ours: Sequence[str], theirs: Sequence[str], base: Sequence[str]) -> _Tags:
    """Add what the author added, remove what the author removed; one of ours that the reader took away stays away."""
    held, written = {*map(tag_key, theirs)}, {*map(tag_key, base)}
    wanted = {tag_key(tag): tag for tag in ours}
    added = tuple(tag for key, tag in wanted.items() if key not in written and key not in held)
    removed = tuple(tag for tag in theirs if tag_key(tag) in written and tag_key(tag) not in wanted)
    return _Tags(
        final=(*(tag for tag in theirs if tag not in removed), *added),
        added=added,
        removed=removed,
        remembered=tuple(tag for key, tag in wanted.items() if key in written or tag in added),
    )


# Decks


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a note's cards go; `home` is the deck for its new cards, `remembered` the deck that base will hold."""

    findings: tuple[Finding, ...]
    home: str
    remembered: str


def _places(note: Note, found: ExistingNote, base: Base, at: _Here) -> _Places:
    wanted = deck_key(note.deck)
    away = [card for card in found.cards if not card.is_filtered and deck_key(card.deck) != wanted]
    if wanted in at.filtered:
        home = next((card.deck for card in away), note.deck)
        return _Places((LeftAlone(Reason.FILTERED_DECK, note, found, note.deck),), home, base.deck)
    ours = [card for card in away if deck_hash(card.deck) == base.deck]
    strays = [card for card in away if card not in ours]
    moves = [MoveCards(note, found, tuple(card.id for card in ours), note.deck)] if ours else []
    kept = [LeftAlone(Reason.MOVED_IN_ANKI, note, found, deck) for deck in sorted({card.deck for card in strays})]
    is_settled = not strays and not any(card.is_filtered for card in found.cards)
    home = strays[0].deck if len(strays) == len(found.cards) else note.deck
    return _Places((*moves, *kept), home, deck_hash(note.deck) if is_settled else base.deck or deck_hash(""))


# Notes that left the notes, and those that came back


def _removals(desired: Desired, at: _Here, wishes: Wishes) -> Iterator[Finding]:
    """Take away what is of these notes and no longer in them, if the notes were read whole and without errors."""
    wanted = {note.identity.guid for note in desired.notes}
    gone = [
        note
        for guid, note in at.notes.items()
        if guid not in wanted and _is_of(at.bases[guid], desired) and guid != CARRIER
    ]
    yield from (DeleteNote(note) for guid, note in at.notes.items() if guid == CARRIER)
    if desired.selection != ".":
        return
    if desired.errors:
        yield from (LeftAlone(Reason.NOTES_HAVE_ERRORS, existing=note) for note in gone if not _is_removed(note))
    elif wishes.is_deleting:
        yield from map(DeleteNote, gone)
    else:
        yield from (_suspension(note) for note in gone if not _is_removed(note))


def _is_removed(note: ExistingNote) -> bool:
    """Whether a note was suspended for good; one whose suspension was cut off still has the other tag."""
    tags = {*map(tag_key, note.tags)}
    return REMOVED_TAG in tags and REMOVING_TAG not in tags


def _suspension(note: ExistingNote) -> SuspendNote:
    is_cut_off = REMOVING_TAG in map(tag_key, note.tags)
    rested = _rested(note) if is_cut_off else {card.id for card in note.cards if card.is_suspended}
    cards = tuple(card.id for card in note.cards if not card.is_suspended)
    return SuspendNote(note, cards, tuple(sorted(rested)))


def _rested(note: ExistingNote) -> set[int]:
    """The cards that the reader had suspended before the note was removed, by their tags."""
    return {int(found["card"]) for tag in note.tags if (found := _RESTED.fullmatch(tag))}


def _resting(note: ExistingNote) -> tuple[int, ...]:
    """The cards that ankigen suspended."""
    rested = _rested(note)
    return tuple(card.id for card in note.cards if card.is_suspended and card.id not in rested)


# Media


def _media(desired: Desired, existing: Collection, findings: Iterable[Finding]) -> Iterator[SendMedia]:
    """Send the files that Anki lacks and that a note shows which is not left alone."""
    blocked = {
        one.note.identity.guid for one in findings if isinstance(one, LeftAlone) and one.note and not one.existing
    }
    shown = {name for note in desired.notes if note.identity.guid not in blocked for name in note.media}
    yield from (SendMedia(file) for file in desired.media if file.name in shown - existing.media)
