"""Compares the notes with an earlier lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ankigen.data import ChangedNote, Changelog, DeckChanges, Desired, ExtendedNoteType, Guid, Identity, Lock, Note
from ankigen.support.normal_forms import natural_deck


def changes_since(before: Lock | None, now: Desired, since: str | None) -> Changelog:
    """Compare the notes with an earlier lock.

    `since` names the commit of that lock. Data that a lock does not have, such as a note's deck, is not compared.
    """
    known = before.identities if before else {}
    decks: dict[str, tuple[list[str], list[ChangedNote]]] = {}
    for note in now.notes:
        added, changed = decks.setdefault(note.deck, ([], []))
        if _is_new(note, known):
            added.append(note.identity.question)
        elif known[note.identity.guid].content_digest != note.identity.content_digest:
            changed.append(_changed(known[note.identity.guid], note))
    named = sorted(decks, key=natural_deck)
    deck_changes = (DeckChanges(deck, tuple(decks[deck][0]), tuple(decks[deck][1])) for deck in named)
    changes = tuple(changes for changes in deck_changes if changes.added or changes.changed)
    removed = tuple(_removed(known, now.lock))
    earlier = (guid for guid, identity in now.lock.identities.items() if identity.removed is not None)
    gone = tuple(sorted({*earlier, *(identity.guid for identity in removed)}))
    return Changelog(since, changes, removed, gone, tuple(extended_since(before, now.lock)))


def extended_since(before: Lock | None, now: Lock) -> Iterator[ExtendedNoteType]:
    """The note types that got fields or cards since an earlier lock."""
    earlier = {known.name: {*known.fields, *known.cards} for known in before.note_types} if before else {}
    for known in now.note_types:
        added = [name for name in (*known.fields, *known.cards) if name not in earlier.get(known.name, {name})]
        if added:
            yield ExtendedNoteType(known.name, tuple(added))


def _changed(before: Identity, now: Note) -> ChangedNote:
    identity = now.identity
    is_other = identity.kind != before.kind
    return ChangedNote(before.question, identity.question, now.content.kind_label if is_other else None)


def _is_new(note: Note, known: Mapping[Guid, Identity]) -> bool:
    earlier = known.get(note.identity.guid)
    return earlier is None or earlier.removed is not None


def _removed(known: Mapping[Guid, Identity], lock: Lock) -> Iterator[Identity]:
    for guid, earlier in sorted(known.items(), key=lambda pair: (pair[1].page, pair[1].question)):
        now = lock.identities.get(guid)
        if earlier.removed is None and (now is None or now.removed is not None):
            yield earlier
