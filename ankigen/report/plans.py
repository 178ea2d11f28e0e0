"""How is a plan worded, and what became of it? Like a diff: what comes, what goes, what stays and why."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from ankigen.data import (
    Change,
    Conflict,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingNote,
    ExtendNoteType,
    FieldChange,
    Html,
    KeptEdit,
    LeftAlone,
    MoveCards,
    Note,
    Notice,
    Outcome,
    Plan,
    Reason,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SuspendNote,
    UpdateNote,
)
from ankigen.notes import content_fields
from ankigen.report.words import count

_TAG = re.compile(r"<!--.*?-->|<(?P<break>br|/p|/li|/tr|/div)\b[^>]*>|<[^>]*>", re.DOTALL)
_TITLE = 70
_WHY = {
    Reason.DELETED_IN_ANKI: "you deleted it in Anki; --restore brings it back",
    Reason.OTHER_SOURCE: "it came from other notes",
    Reason.OTHER_NOTE_TYPE: "you gave it another note type in Anki",
    Reason.COPY: "a copy of a note that ankigen manages",
    Reason.FIELD_MISSING: "its note type lacks a field that ankigen writes",
    Reason.TEMPLATE_MISSING: "its note type lacks a card template of ankigen",
    Reason.NOTE_TYPE_MISSING: "its note type has to change first",
    Reason.FILTERED_DECK: "its deck has the name of a filtered deck",
    Reason.MOVED_IN_ANKI: "you moved its cards in Anki",
    Reason.CARDLESS: "it has no card: run Tools > Check Database in Anki",
    Reason.STYLE_EDITED: "you edited its templates or CSS; --restyle replaces them",
    Reason.NOTES_HAVE_ERRORS: "nothing is removed while the notes have errors",
}


def plan_text(plan: Plan) -> str:
    """The plan for a reader: `+` comes, `~` changes, `-` goes, `>` moves, `!` wants a decision, `=` stays."""
    entries = [*map(_change_lines, plan.changes), *map(_notice_lines, plan.notices)]
    return "\n".join(line for entry in entries for line in entry)


def _change_lines(change: Change) -> list[str]:
    match change:
        case CreateNote():
            return [f"+ {_named(change.note)}"]
        case UpdateNote():
            return _update_lines(change) if change.is_visible else []
        case ConvertNote():
            return [f"~ {_named(change.note)}: another kind of note, with its history"]
        case MoveCards():
            return [f"> {_named(change.note)}: {count(len(change.cards), 'card')} to {change.deck}"]
        case SuspendNote():
            return [f"- {_title(change.existing)}: gone from the notes, suspended and tagged"]
        case DeleteNote():
            return [f"- {_title(change.existing)}: gone from the notes, DELETED with its history"]
        case RestoreNote():
            return [f"+ {_named(change.note)}: back in the notes, taken up again"]
        case SendMedia():
            return [f"+ {change.file.name}: a file for Anki's media"]
        case RestyleNoteType():
            return [f"~ {change.existing.name}: newer templates and CSS"]
        case ExtendNoteType():
            return [f"! {change.existing.name}: new fields {', '.join(change.fields)}; asks for a full sync"]
        case _:
            assert_never(change)


def _update_lines(change: UpdateNote) -> list[str]:
    tags = [*(f"+{tag}" for tag in change.added_tags), *(f"-{tag}" for tag in change.removed_tags)]
    told = [f"    tags {' '.join(tags)}"] if tags else []
    return [f"~ {_named(change.note)}", *_field_lines(change.fields, "+"), *told]


def _field_lines(fields: Iterable[FieldChange], desired_mark: str) -> Iterator[str]:
    for field in fields:
        yield f"    {field.name}"
        yield from (f"    - {line}" for line in _lines(field.existing))
        yield from (f"    {desired_mark} {line}" for line in _lines(field.desired))


def _notice_lines(notice: Notice) -> list[str]:
    match notice:
        case KeptEdit():
            return [f"= {_named(notice.note)}: edited in Anki, kept", *_field_lines(notice.fields, "*")]
        case Conflict():
            head = f"! {_named(notice.note)}: edited in Anki and in the notes; --prefer notes or --prefer anki decides"
            return [head, *_field_lines(notice.fields, "+")]
        case LeftAlone():
            return [f"= {_whom(notice)}: left alone, {_WHY[notice.reason]}"]
        case _:
            assert_never(notice)


def _whom(notice: LeftAlone) -> str:
    if notice.note:
        return _named(notice.note) + (f" ({notice.detail})" if notice.detail else "")
    return _title(notice.existing) if notice.existing else notice.detail or "note"


def _named(note: Note) -> str:
    return f"{note.deck}: {_short(next(iter(content_fields(note.content).values())))}"


def _title(existing: ExistingNote) -> str:
    return _short(next(iter(existing.fields.values()), ""))


def _short(field: str) -> str:
    text = " ".join(_lines(field))
    return text if len(text) <= _TITLE else f"{text[:_TITLE]}…"


def _lines(field: str) -> list[str]:
    """A field as lines of plain text."""
    text = _TAG.sub(lambda found: "\n" if found["break"] else "", Html(field))
    return [line for line in map(str.strip, html.unescape(text).split("\n")) if line]


def plan_summary(plan: Plan) -> str:
    """How much changes in each deck, and how much wants a decision."""
    decks: dict[str, Counter[str]] = {}
    for change in plan.changes:
        if word := _word(change):
            decks.setdefault(_deck(change), Counter())[word] += 1
    told = [
        f"{deck}: {', '.join(f'{number} {word}' for word, number in sorted(words.items()))}"
        for deck, words in sorted(decks.items())
    ]
    kept = Counter(type(notice) for notice in plan.notices)
    if kept[KeptEdit]:
        told.append(f"{count(kept[KeptEdit], 'edit')} of yours in Anki kept")
    if kept[Conflict]:
        told.append(count(kept[Conflict], "conflict"))
    return "\n".join(told) or "Anki is in step with the notes"


def _word(change: Change) -> str:
    match change:
        case CreateNote():
            return "new"
        case UpdateNote():
            return "changed" if change.is_visible else ""
        case ConvertNote():
            return "converted"
        case MoveCards():
            return "moved"
        case SuspendNote():
            return "suspended"
        case DeleteNote():
            return "deleted"
        case RestoreNote():
            return "restored"
        case SendMedia():
            return "sent"
        case RestyleNoteType():
            return "restyled"
        case ExtendNoteType():
            return "extended"
        case _:
            assert_never(change)


def _deck(change: Change) -> str:
    match change:
        case CreateNote() | UpdateNote() | ConvertNote() | RestoreNote():
            return change.note.deck
        case MoveCards():
            return change.deck
        case SuspendNote() | DeleteNote():
            return "gone from the notes"
        case SendMedia():
            return "media"
        case RestyleNoteType() | ExtendNoteType():
            return "note types"
        case _:
            assert_never(change)


def plan_json(plan: Plan) -> str:
    """The plan as an object: `changes` and `notices`, each with its `kind` and what it is about (docs/plan.md)."""
    made = {
        "changes": [_about(change) for change in plan.changes],
        "notices": [_about(notice) for notice in plan.notices],
        "managed": plan.managed,
    }
    return json.dumps(made, ensure_ascii=False, indent=2)


def _about(one: Change | Notice) -> dict[str, Any]:
    note, existing = getattr(one, "note", None), getattr(one, "existing", None)
    told: dict[str, Any] = {"kind": _KINDS[type(one)]}
    if isinstance(note, Note):
        told |= {"guid": note.identity.guid, "deck": note.deck, "title": _named(note).partition(": ")[2]}
    elif isinstance(existing, ExistingNote):
        told |= {"guid": existing.guid, "title": _title(existing)}
    if fields := getattr(one, "fields", ()):
        told["fields"] = [
            {"name": field.name, "existing": field.existing, "desired": field.desired}
            if isinstance(field, FieldChange)
            else {"name": field}
            for field in fields
        ]
    match one:
        case UpdateNote():
            told |= {"added_tags": list(one.added_tags), "removed_tags": list(one.removed_tags)}
        case MoveCards() | SuspendNote() | RestoreNote():
            told["cards"] = list(one.cards)
        case SendMedia():
            told["file"] = one.file.name
        case RestyleNoteType() | ExtendNoteType():
            told["note_type"] = one.existing.name
        case LeftAlone():
            told |= {"reason": one.reason.value, "detail": one.detail}
    return told


_KINDS: dict[type[Change | Notice], str] = {
    CreateNote: "create",
    UpdateNote: "update",
    ConvertNote: "convert",
    MoveCards: "move",
    SuspendNote: "suspend",
    DeleteNote: "delete",
    RestoreNote: "restore",
    SendMedia: "media",
    RestyleNoteType: "restyle",
    ExtendNoteType: "extend",
    KeptEdit: "kept-edit",
    Conflict: "conflict",
    LeftAlone: "left-alone",
}


def outcome_text(outcome: Outcome) -> str:
    """What was read back, and what did not arrive."""
    undone = [line for change in outcome.undone for line in _change_lines(change)[:1]]
    if not outcome.undone:
        return f"done and read back: {count(len(outcome.done), 'change')}"
    head = f"{count(len(outcome.undone), 'change')} did not arrive; run the same command again:"
    return "\n".join([head, *undone])
