"""Plans what a sync would change, applies the plan, and reads back the result."""

from ankigen.syncing.adoption import (
    adopted_lock,
    is_adopted,
    marks_of,
    marks_of_adopted,
    match,
    plan_adoptions,
    with_guids,
)
from ankigen.syncing.apply import Step, apply_plan, extend_note_types, seen_after
from ankigen.syncing.claims import taken_over
from ankigen.syncing.plan import folder_of, plan_sync, require_known, require_safe
from ankigen.syncing.pristine import PristineNote, pristine_notes
from ankigen.syncing.seen_notes import recall_folders, recall_seen, record_first_schedule, record_seen

__all__ = [
    "PristineNote",
    "Step",
    "adopted_lock",
    "apply_plan",
    "extend_note_types",
    "folder_of",
    "is_adopted",
    "marks_of",
    "marks_of_adopted",
    "match",
    "plan_adoptions",
    "plan_sync",
    "pristine_notes",
    "recall_folders",
    "recall_seen",
    "record_first_schedule",
    "record_seen",
    "require_known",
    "require_safe",
    "seen_after",
    "taken_over",
    "with_guids",
]
