"""The sync on the page of `watch`: planned again after each change of the notes, applied when the user agrees."""

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
    """The sync of a set of notes with a running Anki at `url`, or with what `to` names, as `connect` takes them."""

    def __init__(self, source: Sources | None, url: str | None = None, to: str | None = None) -> None:
        self._source = source
        self._url = url
        self._to = to

    def plan(self, desired: Desired) -> PlanInWords:
        """Work out what a sync would change now. Raises what prevents reading Anki."""
        return _in_words(plan(desired, connect(self._url, self._to)))

    def apply(self, desired: Desired, agreed: PlanInWords) -> str:
        """Apply the plan that the user agreed to, and return what was done.

        Raises `PlanChanged` if a sync would now do something else, and what `sync` raises.
        """
        with alone(self._source, lambda _: None):
            target = connect(self._url, self._to)
            now = plan(desired, target)
            if _in_words(now) != agreed:
                raise PlanChanged
            require_known(now)
            require_safe(now)
            if not now.changes:
                remember(desired, now)
                return "Anki is up to date"
            outcome = sync(desired, now, target)
            return str(report.outcome_text(outcome)).strip()


def _in_words(found: Plan) -> PlanInWords:
    extensions = any(isinstance(change, ExtendNoteType) for change in found.changes)
    needs_a_person = bool(found.removals or found.conflicts or found.unwritten or found.claims or extensions)
    return PlanInWords(str(report.plan_text(found, report.MOST_OF_A_KIND)), len(found.changes), needs_a_person)
