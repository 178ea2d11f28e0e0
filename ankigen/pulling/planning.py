"""Works out which edits can be carried home: each is written into a text of the notes, and that text is read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ankigen.data import (
    Conflict,
    Desired,
    ExistingNote,
    FieldChange,
    Guid,
    KeptEdit,
    NotPulled,
    Plan,
    Pull,
    PulledEdit,
    RefusedEdit,
    RewrittenFile,
)
from ankigen.pulling.pages import Edit, TriedPage
from ankigen.pulling.proof import fault_of
from ankigen.pulling.tags import added_tags
from ankigen.source import Rehearsal
from ankigen.support.structs import replace
from ankigen.syntax.outline import is_org

ReadAs = Callable[[Mapping[str, bytes]], Desired]
"""Reads the notes with some files, by path from the root, as if they held something else."""

_NO_FIELD = FieldChange("", "", "")


def plan_pull(
    desired: Desired,
    plan: Plan,
    rehearsal: Rehearsal,
    read_as: ReadAs,
    existing: Sequence[ExistingNote] = (),
    *,
    has_conflicts: bool = False,
) -> Pull:
    """Work out what can be carried home; nothing is written.

    `plan` is that of a sync, which knows what only the reader changed. `existing` are the notes whose tags are pulled,
    too. If it `has_conflicts`, so is what both sides changed.
    """
    pull = _Pull(desired, rehearsal, read_as)
    conflicts = {(found.note.identity.guid, change.name) for found in plan.conflicts for change in found.fields}
    by_path: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in _edits(desired, plan, existing, pull, has_conflicts=has_conflicts):
        by_path[edit.note.position.path].append(edit)
    pull.take(by_path)
    return Pull(
        tuple(RewrittenFile(path, pull.before(path), after) for path, after in pull.contents.items()),
        tuple(pull.pulled),
        tuple(_refusals(pull.refused, conflicts)),
    )


def _refusals(refused: Iterable[RefusedEdit], conflicts: AbstractSet[tuple[Guid, str]]) -> Iterator[RefusedEdit]:
    """What stays in Anki, in reading order, and whether it is a conflict, whatever else is in the way."""
    for edit in sorted(refused, key=lambda edit: edit.position):
        yield replace(edit, is_conflict=(edit.note.identity.guid, edit.field.name) in conflicts)


def _edits(
    desired: Desired, plan: Plan, existing: Sequence[ExistingNote], pull: _Pull, *, has_conflicts: bool
) -> Iterable[Edit]:
    for notice in plan.notices:
        if isinstance(notice, Conflict) and (notice.changes_type or not has_conflicts):
            reason = NotPulled.NOTE_TYPE if notice.changes_type else NotPulled.CONFLICT
            pull.refused += (RefusedEdit(notice.note, change, reason) for change in notice.fields)
        elif isinstance(notice, KeptEdit | Conflict):
            yield from (Edit(notice.note, change) for change in notice.fields)
    notes = {note.identity.guid: note for note in desired.notes}
    counts = Counter(known.guid for known in existing)
    for known in existing:
        note = notes.get(known.guid)
        if note and counts[known.guid] == 1 and (tags := added_tags(note, known)):  # of copies none is the note
            yield Edit(note, _NO_FIELD, tags)


@dataclass
class _Pull:
    """What was carried home so far."""

    desired: Desired
    rehearsal: Rehearsal
    read_as: ReadAs
    contents: dict[str, bytes] = field(default_factory=dict)
    pulled: list[PulledEdit] = field(default_factory=list)
    refused: list[RefusedEdit] = field(default_factory=list)

    def before(self, path: str) -> bytes:
        """What the file of a page held when it was read."""
        content = self.rehearsal.content(path)
        assert content is not None, "only pages that were read are rewritten"
        return content

    def take(self, by_path: Mapping[str, Sequence[Edit]]) -> None:
        """Carry the edits home: all at once, or, where that changes more than it should, those of each note by itself.

        As long as a page is not written, its cards are exactly what the lock says. So if all are known when all pages
        are written, they are known as well when only some are.
        """
        pages = [page for path in sorted(by_path) if (page := self._page(path, by_path[path])) is not None]
        for page in pages:
            page.take(by_path[page.path])
        taken = [page for page in pages if page.pulled]
        if not taken or self._fault(taken) is None:
            for page in pages:
                self._keep(page)
        else:
            for page in pages:
                self._take_note_by_note(page.path, by_path[page.path])

    def _page(self, path: str, edits: Sequence[Edit]) -> TriedPage | None:
        """The page as it is; nothing if nothing can be written to it."""
        page = None if is_org(path) else TriedPage.of(path, self.desired, self.rehearsal)
        if page is None:
            reason = NotPulled.ORG if is_org(path) else NotPulled.PAGE
            self.refused += (RefusedEdit(edit.note, edit.field, reason) for edit in edits)
        return page

    def _take_note_by_note(self, path: str, edits: Sequence[Edit]) -> None:
        kept = self._page(path, edits)
        by_note: defaultdict[Guid, list[Edit]] = defaultdict(list)
        for edit in edits:
            by_note[edit.note.identity.guid].append(edit)
        for of_note in by_note.values():
            page = self._page(path, of_note)
            assert kept is not None
            assert page is not None
            page.go_on_from(kept)
            page.take(of_note)
            if len(page.pulled) > len(kept.pulled) and (fault := self._fault([page])) is not None:
                kept.refused += (RefusedEdit(edit.note, edit.field, fault) for edit in of_note)
            else:
                kept = page
        assert kept is not None
        self._keep(kept)

    def _keep(self, page: TriedPage) -> None:
        self.refused += page.refused
        self.pulled += page.pulled
        if page.pulled:
            self.contents[page.path] = page.content

    def _fault(self, pages: Sequence[TriedPage]) -> NotPulled | None:
        """What the whole notes say against these pages, read as they would be with all that was taken before."""
        now = self.read_as(self.contents | {page.path: page.content for page in pages})
        wanted: defaultdict[Guid, tuple[FieldChange, ...]] = defaultdict(tuple)
        tags: dict[Guid, frozenset[str]] = {}
        for edit in (*self.pulled, *(edit for page in pages for edit in page.pulled)):
            if edit.tags:
                tags[edit.note.identity.guid] = frozenset(edit.tags)
            else:
                wanted[edit.note.identity.guid] += (edit.field,)
        return fault_of(now, self.desired, wanted, tags)
