"""Formats a plan like a diff: a mark, the note, then old and new text. Also as JSON."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar, assert_never

from ankigen.data import (
    AdoptNote,
    Ambiguous,
    Change,
    Conflict,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingNote,
    ExtendNoteType,
    FieldChange,
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
from ankigen.note_types import question_of
from ankigen.report.wording import count, dump
from ankigen.support.normal_forms import natural_deck
from ankigen.support.visible import Shown, shown

_TAG = re.compile(r"<(?P<parts>/?(?:br|p|li|ul|ol|tr|td|th|div|h[1-6]|pre|blockquote)\b)?[^>]*>")
_LONGEST = 160
Thing = TypeVar("Thing")
_OWN_FIELDS = ("Guid", "Base")
_VERBS: dict[type[Change], str] = {
    CreateNote: "new",
    UpdateNote: "changed",
    ConvertNote: "converted",
    AdoptNote: "adopted",
    MoveCards: "moved",
    SuspendNote: "suspended",
    DeleteNote: "deleted",
    RestoreNote: "restored",
    SendMedia: "media",
    RestyleNoteType: "restyled",
    ExtendNoteType: "extended",
}
_TOOLS = {"logseq": "Logseq", "obsidian": "Obsidian", "org-drill": "org-drill", "org-fc": "org-fc"}
_REASONS = {
    Reason.DELETED_IN_ANKI: "deleted in Anki; --restore brings it back",
    Reason.OTHER_SOURCE: "of another set of notes, or of these under a lost ankigen.lock; "
    "`ankigen sync --adopt` takes it over",
    Reason.LOST_LOCK: "in Anki already, as another ankigen.lock has it; `ankigen sync --adopt` takes it over",
    Reason.UNCLAIMED: "no card here says this any more, and its ankigen.lock is lost; it stays as it is in Anki",
    Reason.OTHER_NOTE_TYPE: "of another note type in Anki",
    Reason.COPY: "a copy made in Anki",
    Reason.FIELD_MISSING: "without a field of its note type in Anki; give the field its name back",
    Reason.TEMPLATE_MISSING: "without a card template of its note type in Anki",
    Reason.FILTERED_DECK: "for a deck that is a filtered deck in Anki",
    Reason.MOVED_IN_ANKI: "moved to another deck in Anki",
    Reason.CARDLESS: "without a card in Anki; run Tools > Check Database there",
    Reason.STYLE_EDITED: "edited in Anki; --restyle replaces that",
    Reason.NOTES_HAVE_ERRORS: "gone from the notes, which have errors: kept until they are fixed",
    Reason.ELSEWHERE: "not in what could be read of the notes: kept until all of them are back",
}
_WAY_OUT = "to keep the reviews of one, do not go on, say here what it says, and sync again:"


MOST_OF_A_KIND = 20
"""How many changes of a kind are shown."""


def plan_text(plan: Plan, most: int | None = None) -> Shown:
    """Every change, then what is kept or left alone, then a summary by deck; important lines begin with a mark.

    Only the first `most` changes and notices of each kind are shown, and the others counted.
    """
    adopted = [change for change in plan.changes if isinstance(change, AdoptNote)]
    visible = [change for change in plan.changes if _is_shown(change) and not isinstance(change, AdoptNote)]
    changes, more_changes = _first_of_each([(_VERBS[type(change)], change) for change in visible], most)
    notices, more_notices = _first_of_each([(_notice_kind(notice), notice) for notice in plan.notices], most)
    lines = [line for change in changes for line in _change_lines(change)]
    lines += [f"… and {number:,} more {verb}; --verbose shows all" for verb, number in more_changes.items() if most]
    lines += [line for notice in notices for line in _notice_lines(notice)]
    noun = "more note" if most else "note"
    lines += [f"{kind[0]} {count(number, noun)}: {kind[2:]}" for kind, number in more_notices.items()]
    return shown([*_adoption_lines(adopted, most), *lines, *_plan_summary(plan)])


def _adoption_lines(changes: Iterable[AdoptNote], most: int | None) -> Iterator[str]:
    """The notes taken over from other sets, by source."""
    by_source: dict[str, list[AdoptNote]] = defaultdict(list)
    for change in changes:
        by_source[change.source_id].append(change)
    for source_id, adopted in sorted(by_source.items()):
        yield f"& {count(len(adopted), 'note')} of {source_id}, taken over:"
        yield from (f"    {note_label(change.note)}" for change in adopted[:most])
        if most and len(adopted) > most:
            yield f"    … and {len(adopted) - most:,} more; --verbose shows all"


def _first_of_each(things: Iterable[tuple[str, Thing]], most: int | None) -> tuple[list[Thing], Counter[str]]:
    """The first of each kind, in order, and how many more there are."""
    first, counted = [], Counter[str]()
    for kind, thing in things:
        counted[kind] += 1
        if most is None or counted[kind] <= most:
            first.append(thing)
    rest = {kind: number - most for kind, number in counted.items() if most is not None and number > most}
    return first, Counter(rest)


def _notice_kind(notice: Notice) -> str:
    """The mark of a notice, and the text common to its kind."""
    match notice:
        case KeptEdit():
            return "= edited in Anki, kept"
        case Conflict():
            return "! changed here and in Anki; --prefer notes or --prefer anki decides"
        case LeftAlone():
            return f"= {_REASONS[notice.reason]}"
        case Ambiguous():
            return "! not to be told apart from others of these notes in Anki, and treated as new"
        case _:
            assert_never(notice)


def _plan_summary(plan: Plan) -> list[str]:
    """One line for each deck with changes, and one for the rest."""
    decks: dict[str, Counter[str]] = defaultdict(Counter)
    scheduled: dict[str, list[CreateNote]] = defaultdict(list)
    for change in filter(_is_shown, plan.changes):
        decks[_group(change)][_VERBS[type(change)]] += 1
        if isinstance(change, CreateNote) and change.packed.schedules:
            scheduled[_group(change)].append(change)
    summary = (
        (deck, _counted(decks[deck], _scheduled(scheduled[deck], plan))) for deck in sorted(decks, key=natural_deck)
    )
    return [f"{deck}: {words}" for deck, words in summary] or ["nothing to do"]


def _scheduled(changes: Iterable[CreateNote], plan: Plan) -> str:
    """How many of the new notes have a schedule, and how many of those are due."""
    days = [min(schedule.due for _, schedule in change.packed.schedules) for change in changes]
    if not days:
        return ""
    due = f" ({sum(day <= plan.today for day in days):,} due by today)" if plan.today else ""
    return f"{len(days):,} with their schedule from {_TOOLS.get(plan.schedules_from, 'elsewhere')}{due}"


def schedule_is_in_anki(plan: Plan) -> Shown:
    """The message after schedules were sent to Anki for the first time."""
    tool = _TOOLS.get(plan.schedules_from, "elsewhere")
    return shown([f"Anki has the schedule now: later reviews in {tool} are not transferred"])


def outcome_text(outcome: Outcome) -> Shown:
    """What was done, and each change that was not found in Anki afterwards."""
    done = Counter(_VERBS[type(change)] for change in outcome.done if _is_shown(change))
    missing = [f"! not found in Anki afterwards: {_change_title(change)}" for change in outcome.undone]
    return shown([*missing, _counted(done) or "nothing was changed"])


def unwritten(plan: Plan, undone: Iterable[Change] = ()) -> Shown:
    """How many cards could not be written to Anki; empty if there are none.

    This includes changes that were not found in Anki afterwards.
    """
    lost = {change.note.identity.guid for change in undone if isinstance(change, CreateNote | UpdateNote | ConvertNote)}
    cards = len(plan.unwritten | lost)
    return shown([f"{count(cards, 'card')} could not be written: see above"] if cards else [])


def stops(reasons: Iterable[str]) -> Shown:
    """Why a sync would refuse the plan, a line each."""
    return shown(f"! a sync would stop: {reason}" for reason in reasons)


def plan_json(plan: Plan, stops: Iterable[str] = ()) -> Shown:
    """The plan as one object, in the shape of docs/plan.schema.json."""
    shown = {
        "changes": [_change_object(change) for change in plan.changes if _is_shown(change)],
        "notices": [_notice_object(notice) for notice in plan.notices],
        "managed": plan.managed,
        "unwritten": len(plan.unwritten),
        "stops": list(stops),
    }
    return dump(shown)


def _is_shown(change: Change) -> bool:
    """Whether a change is more than a new base in a note."""
    return not isinstance(change, UpdateNote) or change.is_visible


def _counted(counts: Counter[str], of_new: str = "") -> str:
    """The counts, each with its verb; `of_new` has details about the new ones."""
    parts = [
        count(counts[verb], "media file") if verb == "media" else f"{counts[verb]:,} {verb}"
        for verb in _VERBS.values()
        if counts[verb]
    ]
    return ", ".join([*parts[:1], of_new, *parts[1:]] if of_new else parts)


def _group(change: Change) -> str:
    """The deck under which a change is counted, or else its topic."""
    match change:
        case CreateNote() | UpdateNote() | ConvertNote() | AdoptNote() | RestoreNote():
            return change.note.deck
        case MoveCards():
            return change.deck
        case SuspendNote() | DeleteNote():
            return change.existing.cards[0].deck if change.existing.cards else ""
        case SendMedia():
            return "media"
        case RestyleNoteType() | ExtendNoteType():
            return "note types"
        case _:
            assert_never(change)


def _change_lines(change: Change) -> Iterator[str]:
    yield _change_title(change)
    match change:
        case CreateNote():
            yield from (f"    + {field.name}: {plain(field.desired)}" for field in _fields(change))
            yield from _tag_lines(added=change.packed.tags)
        case ConvertNote():
            yield from (f"    - {field.name}: {plain(field.existing)}" for field in _fields(change) if field.existing)
            yield from (f"    + {field.name}: {plain(field.desired)}" for field in _fields(change) if field.desired)
        case UpdateNote():
            yield from _field_lines(change.fields)
            yield from _tag_lines(change.removed_tags, change.added_tags)
        case _:
            pass


def _change_title(change: Change) -> str:
    match change:
        case CreateNote():
            title = f"+ {note_label(change.note)} in {change.note.deck}"
        case UpdateNote():
            title = f"~ {note_label(change.note)}"
        case ConvertNote():
            title = f"~ {note_label(change.note)}: becomes {change.packed.note_type.name}, with its history"
        case AdoptNote():
            title = f"& {note_label(change.note)}: taken over from {change.source_id}"
        case MoveCards():
            title = f"> {note_label(change.note)}: to deck {change.deck}"
        case SuspendNote():
            title = f"- {_first_field(change.existing)}: no longer in the notes, will be suspended"
        case DeleteNote():
            title = f"- {_first_field(change.existing)}: no longer in the notes, will be deleted for good"
        case RestoreNote():
            title = f"+ {note_label(change.note)}: back in the notes, will be unsuspended"
        case SendMedia():
            title = f"+ file {change.file.name}"
        case RestyleNoteType():
            title = f"~ look of {change.existing.name}"
        case ExtendNoteType():
            title = f"~ {change.existing.name}: gets {', '.join(change.names)}; Anki then wants a full sync"
        case _:
            assert_never(change)
    return title


def _fields(change: CreateNote | UpdateNote | ConvertNote) -> Iterable[FieldChange]:
    """The fields whose text changes, without ankigen's internal fields and flags."""
    if isinstance(change, UpdateNote):
        return change.fields
    before = {} if isinstance(change, CreateNote) else change.existing.fields
    after = dict(zip(change.packed.note_type.fields, change.packed.values, strict=True))
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if name not in _OWN_FIELDS and before.get(name) != after.get(name) and _is_text(before, after, name)
    ]


def _is_text(before: Mapping[str, str], after: Mapping[str, str], name: str) -> bool:
    return max(len(before.get(name, "")), len(after.get(name, ""))) > 1


def _tag_lines(removed: Iterable[str] = (), added: Iterable[str] = ()) -> Iterator[str]:
    tags = [f"-{tag}" for tag in removed] + [f"+{tag}" for tag in added]
    if tags:
        yield f"    tags: {' '.join(tags)}"


def _notice_lines(notice: Notice) -> Iterator[str]:
    match notice:
        case KeptEdit() | Conflict():
            yield _noticed(notice, note_label(notice.note))
            yield from _field_lines(notice.fields)
        case LeftAlone():
            detail = f" ({notice.detail})" if notice.detail else ""
            yield _noticed(notice, _subject(notice)) + detail
        case Ambiguous():
            yield f"{_noticed(notice, note_label(notice.note))}; {_WAY_OUT}"
            yield from (f"    {_said(candidate)}" for candidate in notice.candidates)
        case _:
            assert_never(notice)


def _noticed(notice: Notice, subject: str) -> str:
    mark, _, what = _notice_kind(notice).partition(" ")
    return f"{mark} {subject}: {what}"


def _field_lines(fields: Iterable[FieldChange]) -> Iterator[str]:
    for field in fields:
        yield f"    {field.name}"
        yield f"    - {plain(field.existing)}"
        yield f"    + {plain(field.desired)}"


def _subject(notice: LeftAlone) -> str:
    if notice.note:
        return note_label(notice.note)
    return _first_field(notice.existing) if notice.existing else "Anki"


def note_label(note: Note) -> str:
    """The place of a note, and its question."""
    return f"{note.position.path}:{note.position.line} {plain(question_of(note.content))}"


def _first_field(existing: ExistingNote) -> str:
    """The text of a note's first field in Anki, by which people recognise it."""
    return plain(next(iter(existing.fields.values()), ""))


def _said(existing: ExistingNote) -> str:
    """The texts of a note's first two fields in Anki, to distinguish notes with the same question."""
    return " / ".join(filter(None, map(plain, islice(existing.fields.values(), 2))))


def plain(text: str) -> str:
    """A field as one line for people: without HTML tags, shortened."""
    words = " ".join(html.unescape(_TAG.sub(_blank, text)).split()) or " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _blank(tag: re.Match[str]) -> str:
    """A space for an HTML tag that separates words."""
    return " " if tag["parts"] else ""


def _change_object(change: Change) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": _VERBS[type(change)]}
    if isinstance(change, CreateNote | UpdateNote | ConvertNote | AdoptNote | MoveCards | RestoreNote):
        shown |= _note_object(change.note)
    if isinstance(change, SuspendNote | DeleteNote):
        shown |= {"guid": change.existing.guid, "deck": _group(change)}
    if isinstance(change, CreateNote | UpdateNote | ConvertNote):
        shown |= {"fields": _field_objects(_fields(change))}
    if isinstance(change, CreateNote):
        shown |= {"added_tags": list(change.packed.tags), "removed_tags": []}
    if isinstance(change, UpdateNote):
        shown |= {"added_tags": list(change.added_tags), "removed_tags": list(change.removed_tags)}
    if isinstance(change, ConvertNote):
        shown |= {"note_type": change.packed.note_type.name}
    if isinstance(change, AdoptNote):
        shown |= {"source_id": change.source_id}
    if isinstance(change, MoveCards):
        shown |= {"cards": list(change.cards)}
    if isinstance(change, SendMedia):
        shown |= {"file": change.file.name}
    if isinstance(change, RestyleNoteType | ExtendNoteType):
        shown |= {"note_type": change.existing.name}
    return shown


def _notice_object(notice: Notice) -> dict[str, Any]:
    match notice:
        case KeptEdit() | Conflict():
            reason = "conflict" if isinstance(notice, Conflict) else "edited-in-anki"
            return {"reason": reason, **_note_object(notice.note), "fields": _field_objects(notice.fields)}
        case LeftAlone():
            about = _note_object(notice.note) if notice.note else {}
            guid = {"guid": notice.existing.guid} if notice.existing else {}
            state = {"detail": notice.detail, "unwritten": notice.is_unwritten}
            return {"reason": notice.reason.value, **guid, **about, **state}
        case Ambiguous():
            candidates = [candidate.guid for candidate in notice.candidates]
            return {"reason": "ambiguous", **_note_object(notice.note), "candidates": candidates}
        case _:
            assert_never(notice)


def _note_object(note: Note) -> dict[str, Any]:
    position = note.position
    return {"guid": note.identity.guid, "path": position.path, "line": position.line, "deck": note.deck}


def _field_objects(fields: Iterable[FieldChange]) -> list[dict[str, str]]:
    return [{"name": field.name, "existing": field.existing, "desired": field.desired} for field in fields]
