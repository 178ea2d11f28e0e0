"""Formats an adoption: which note becomes which card, what changes, and what is left alone and why."""

from __future__ import annotations

from collections.abc import Iterator

from ankigen.data import (
    Adoption,
    AdoptionPlan,
    Ambiguous,
    ConvertNote,
    ExistingNote,
    NotAdopted,
    Note,
    Obstacle,
    Outcome,
    Pair,
)
from ankigen.note_types import question_of
from ankigen.report.plan import plain
from ankigen.report.wording import count
from ankigen.support.visible import Shown, shown

_OBSTACLES = {
    Obstacle.NO_GUID: "Anki does not tell its GUID, or one that nothing can hold: import a copy of the note",
    Obstacle.GUID_TAKEN: "another note has its GUID",
    Obstacle.HOMELESS_CARDS: "has cards that the notes do not ask; --drop-cards adopts it without them",
    Obstacle.NOTE_TYPE_EDITED: "ankigen's note type lacks a field or card template in Anki",
}


def adoption_text(plan: AdoptionPlan) -> Shown:
    """Every adopted note, like a diff, then what is left alone, then the counts."""
    lines = [line for adoption in plan.adoptions for line in _adoption_lines(adoption)]
    lines += [_left_line(finding) for finding in plan.left]
    lines += [line for ambiguous in plan.matched.ambiguous for line in _ambiguous_lines(ambiguous)]
    return shown([*lines, *_summary(plan)])


def pair_text(pair: Pair) -> Shown:
    """A pair that the user is asked about."""
    return shown([f"? {_label(pair.note)}", f"    in Anki: {_first_field(pair.existing)}"])


def adopted_text(outcome: Outcome, marks_out: int = 0, marks_left: int = 0) -> Shown:
    """How many notes were adopted, each that was not, and how many marks of other tools were removed."""
    changes = (change for change in outcome.undone if isinstance(change, ConvertNote))
    missing = [f"! not found in Anki afterwards: {_label(change.note)}" for change in changes]
    marks = [f"{count(marks_out, 'mark')} taken out of the notes"] if marks_out else []
    left = [f"{count(marks_left, 'mark')} left: the notes would say something else without"] if marks_left else []
    return shown([*missing, f"{count(len(outcome.done), 'note')} adopted", *marks, *left])


def held_text(held: int) -> Shown:
    """The warning that another tool seems to have made notes that a sync would create."""
    notes = "1 of these notes seems" if held == 1 else f"{held:,} of these notes seem"
    return shown(
        [f"{notes} to be in Anki already, by another tool: `ankigen adopt` takes over notes with their reviews"]
    )


def claimed_text(claimed: int) -> Shown:
    """That cards are in Anki as notes of ankigen itself, which another command takes over; nothing where none are."""
    if not claimed:
        return Shown("")
    cards = "1 of these cards is" if claimed == 1 else f"{claimed:,} of these cards are"
    notes = "a note" if claimed == 1 else "notes"
    return Shown(
        f"{cards} in Anki as {notes} of ankigen, under another ankigen.lock: if that is lost, restore it, or "
        "`ankigen sync --adopt` takes over such notes with their reviews"
    )


def _adoption_lines(adoption: Adoption) -> Iterator[str]:
    pair, packed = adoption.pair, adoption.conversion.packed
    kept = "1 card keeps its history" if adoption.kept == 1 else f"{adoption.kept} cards keep their history"
    new = f", {count(adoption.created, 'card')} new" if adoption.created else ""
    yield (
        f"~ {_label(pair.note)}: {pair.existing.note_type} -> {packed.note_type.name}, {kept}{new}  "
        f"[{pair.evidence.value}]"
    )
    for change in adoption.fields:
        yield f"    - {change.name}: {plain(change.existing)}"
        yield f"    + {change.name}: {plain(change.desired)}"
    for card in adoption.homeless:
        yield f"    card {card.ordinal + 1} with {count(card.reviews, 'review')} stays in Anki until Empty Cards"
    if adoption.unplaced:
        values = dict(zip(packed.note_type.fields, packed.values, strict=True))
        is_kept = all(text in values["Extra"] for text in map(pair.existing.fields.__getitem__, adoption.unplaced))
        place = "goes into Extra" if is_kept else "is lost; --keep-extra puts it into Extra"
        yield from (f"    {name}: {place}: {plain(pair.existing.fields[name])}" for name in adoption.unplaced)


def _left_line(finding: NotAdopted) -> str:
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"! {_label(finding.pair.note)}: {_OBSTACLES[finding.obstacle]}{detail}"


def _ambiguous_lines(ambiguous: Ambiguous) -> Iterator[str]:
    yield f"! {_label(ambiguous.note)}: could be several notes in Anki, or several cards here could be one"
    yield from (f"    in Anki: nid:{existing.id} {_first_field(existing)}" for existing in ambiguous.candidates)


def _summary(plan: AdoptionPlan) -> Iterator[str]:
    left = len(plan.left) + len(plan.matched.ambiguous)
    if plan.adoptions or left:
        yield f"{count(len(plan.adoptions), 'note')} to adopt, {left} left alone"
    else:
        yield "nothing to adopt"
    if plan.marks:
        pages = {mark.position.path for marks in plan.marks.values() for mark in marks}
        yield f"{count(plan.written_marks, 'mark')} to take out of {count(len(pages), 'page')}"


def _label(note: Note) -> str:
    return f"{note.position.path}:{note.position.line} {plain(question_of(note.content))}"


def _first_field(existing: ExistingNote) -> str:
    return plain(next(iter(existing.fields.values()), ""))
