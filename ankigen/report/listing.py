"""Formats the list of notes, and the last lines of commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from ankigen import note_types
from ankigen.data import Desired, ExtendedNoteType, Guid, Identity, Note, Schedule, Selection, Severity
from ankigen.report.first_steps import meant_cards, no_cards, seen_besides
from ankigen.report.plan import plain
from ankigen.report.wording import a, count, dump
from ankigen.support.visible import Shown, shown, visible


def summary(desired: Desired) -> Shown:
    """One line: how many notes, cards and decks there are, and how many problems; without notes, what was seen."""
    notes, problems = desired.notes, desired.problems
    decks = {note.deck for note in notes}
    cards = sum(len(note.content.ordinals) for note in notes)
    severities = Counter(problem.severity for problem in problems)
    faults = ", ".join(count(severities[severity], severity.value) for severity in Severity if severities[severity])
    if not notes and not meant_cards(desired) and (not faults or desired.other_forms):
        return no_cards(desired)
    parts = [count(len(notes), "note"), count(cards, "card"), count(len(decks), "deck"), faults or "no problems"]
    return shown([", ".join(parts), *seen_besides(desired.other_forms), *_vault_around(desired)])


def _vault_around(desired: Desired) -> Iterator[str]:
    """Where a picture may lie that was not found, and how it comes to be read."""
    if desired.vault:
        where = f"pictures are read below {desired.root} alone, a part of the vault {desired.vault}"
        yield f"{where}: copy them{'' if desired.stored_lock else ', or build the vault, and this part of it then'}"


def not_made(desired: Desired) -> Shown:
    """The last line if errors prevented cards or pages; empty if none did."""
    errors = {problem.position.path for problem in desired.problems if problem.severity is Severity.ERROR}
    unread = errors - {position.path for position in desired.unmade}
    parts = [
        f"{count(len(things), noun)} {'was' if len(things) == 1 else 'were'} not {done}"
        for things, noun, done in ((desired.unmade, "card", "made"), (unread, "page", "read"))
        if things
    ]
    return shown([", ".join(parts)] if parts else [])


def search_for(guids: Sequence[Guid]) -> str:
    """A search that finds exactly these notes in Anki; an empty search would find all, so for none it is `nid:0`."""
    return f'"Guid:re:^({"|".join(guids)})$"' if guids else "nid:0"


def not_received(changed_kind: Sequence[Note], removed: Sequence[Identity], folder: str) -> Shown:
    """What an import over an older package will not change, a line each."""
    lines = [
        f"{(PurePosixPath(folder) / note.position.path).as_posix()}:{note.position.line}: "
        f"now {a(visible(note.content.kind_label))} card: an import does not change the kind of a note, so readers of "
        "an older package keep the old one"
        for note in changed_kind
    ]
    if removed:
        gone = f"{count(len(removed), 'note')} removed since the last build"
        lines.append(f"{gone}: an import deletes nothing; --removed FILE writes a search that finds them in Anki")
    return shown(lines)


def extended_types(extended: Iterable[ExtendedNoteType]) -> Shown:
    """What the readers of an older package have to do for note types that got fields or cards, a line each."""
    return shown(
        f"{visible(known.name)} has new fields or cards ({visible(', '.join(known.added))}): readers of an older "
        f"package have to choose {BOXES} when they import, or Anki makes a second note type and leaves their notes as "
        "they are"
        for known in extended
    )


BOXES = '"Merge note types" and "Update notes: Always"'
"""The settings in Anki's import dialog for a note type with new fields."""


def lock_is_lost(path: str, restoring: str) -> Shown:
    """The warning about a lost lock file; `restoring` is the command that restores it."""
    advice = f"`{restoring}` brings it back, and without it nobody can know what your readers have"
    return shown([f"warning: {path} is gone, and git has it: {advice}"])


def left_packages(paths: Iterable[str]) -> Shown:
    """Packages of an earlier build that are out of date, a line each."""
    return shown(
        f"warning: {path} is left from an earlier build and gets no cards now: delete it so that it is not published"
        for path in paths
    )


def replaced_packages(paths: Iterable[str]) -> Shown:
    """Packages of another set of notes that are gone now, a line each."""
    return shown(
        f"warning: {path} held the notes of another set and is replaced: give the top-level decks of two courses "
        "different names, or their packages different folders"
        for path in paths
    )


def stamped(ids: int, files: int) -> Shown:
    """One line: how many blocks got an `id::`."""
    if not ids:
        return Shown("every card has an id: nothing to write")
    return Shown(f"{count(ids, 'id')} written into {count(files, 'file')}")


def converted(cards: int, files: int) -> Shown:
    """One line: for how many cards the plugin's `occlusion::` became `area::`."""
    if not cards:
        return Shown("no card has an `occlusion::`: nothing to write")
    return Shown(f"the areas of {count(cards, 'card')} written into {count(files, 'file')}")


def listing(notes: Iterable[Note], selection: Selection) -> Shown:
    """One line per card block: its place, its kind, its deck, its first field.

    Paths are relative to the selected path; if there are several, to the root of the notes.
    """
    above = selection.paths[0] if len(selection.paths) == 1 else "."
    return shown(
        f"{visible(_relative(note, above))}:{note.position.line}\t"
        f"{visible(note.content.kind_label)}\t{visible(note.deck)}\t"
        f"{plain(note_types.question_of(note.content))}"
        for note in notes
    )


def listing_json(notes: Iterable[Note]) -> Shown:
    """The notes as an array of objects, with paths from the root of the notes."""
    return dump([_listed(note) for note in notes])


def _listed(note: Note) -> dict[str, Any]:
    return {
        "path": note.position.path,
        "line": note.position.line,
        "kind": note.content.kind,
        "guid": note.identity.guid,
        "deck": note.deck,
        "tags": list(note.tags),
        "suspended": note.suspended,
        "fields": note_types.fields_of(note),
        "cards": list(note.content.ordinals),
        "schedule": [_schedule(ordinal, schedule) for ordinal, schedule in note.schedules],
    }


def _schedule(card: int, schedule: Schedule) -> dict[str, Any]:
    return {
        "card": card,
        "due": schedule.due.isoformat(),
        "interval": schedule.interval,
        "ease": schedule.ease / 1000,
        "reps": schedule.reps,
        "lapses": schedule.lapses,
        "last": schedule.last.isoformat() if schedule.last else None,
    }


def _relative(note: Note, source: str) -> str:
    path = PurePosixPath(note.position.path)
    return path.name if path == PurePosixPath(source) else path.relative_to(source).as_posix()
