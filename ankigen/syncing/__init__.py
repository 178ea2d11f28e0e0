"""Plans what a sync would change, applies the plan, and reads back what became of it."""

from ankigen.syncing.apply import Step, apply_plan, extend_note_types, seen_after
from ankigen.syncing.plan import folder_of, plan_sync, require_safe
from ankigen.syncing.pristine import pristine_notes
from ankigen.syncing.seen_notes import recall_folders, recall_seen, record_first_schedule, record_seen

__all__ = [
    "Step",
    "apply_plan",
    "extend_note_types",
    "folder_of",
    "plan_sync",
    "pristine_notes",
    "recall_folders",
    "recall_seen",
    "record_first_schedule",
    "record_seen",
    "require_safe",
    "seen_after",
]
