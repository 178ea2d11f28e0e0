"""Plans what a sync would change, applies the plan, and reads back what became of it."""

from ankigen.syncing.apply import Step, apply_plan, extend_note_types, had
from ankigen.syncing.plan import plan_sync, require_safe
from ankigen.syncing.pristine import first_writings
from ankigen.syncing.seen_notes import recall_seen, record_seen

__all__ = [
    "Step",
    "apply_plan",
    "extend_note_types",
    "first_writings",
    "had",
    "plan_sync",
    "recall_seen",
    "record_seen",
    "require_safe",
]
