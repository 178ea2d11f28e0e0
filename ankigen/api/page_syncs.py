"""A sync that somebody follows on a page: planned again after each change of the notes, done when it is agreed to."""

from __future__ import annotations

from ankigen import report
from ankigen.api.anki import connect, plan, remember, sync
from ankigen.api.notes import Sources
from ankigen.api.queue import alone
from ankigen.data import Desired, ExtendNoteType, Plan
from ankigen.errors import PlanChanged
from ankigen.preview import PlanInWords
from ankigen.syncing import require_known, require_safe


class PageSync:
    """The sync of a set of notes with a running Anki at `url`."""

    def __init__(self, source: Sources | None, url: str | None = None) -> None:
        self._source = source
        self._url = url

    def plan(self, desired: Desired) -> PlanInWords:
        """Work out what a sync would change now. Raises what keeps Anki from being read."""
        return _in_words(plan(desired, connect(self._url)))

    def apply(self, desired: Desired, agreed: PlanInWords) -> str:
        """Do what was agreed to, and say what was done.

        Raises `PlanChanged` if a sync would do something else by now, and what `sync` raises.
        """
        with alone(self._source, lambda _: None):
            target = connect(self._url)
            now = plan(desired, target)
            if _in_words(now) != agreed:
                raise PlanChanged
            require_known(now)
            require_safe(now)
            if not now.changes:
                remember(desired, now)
                return "Anki is in step"
            outcome = sync(desired, now, target)
            return str(report.outcome_text(outcome)).strip()


def _in_words(found: Plan) -> PlanInWords:
    extensions = any(isinstance(change, ExtendNoteType) for change in found.changes)
    needs_a_person = bool(found.removals or found.conflicts or found.unwritten or found.claims or extensions)
    return PlanInWords(str(report.plan_text(found, report.MOST_OF_A_KIND)), len(found.changes), needs_a_person)
