"""What the commands do: each is one call, also for scripts."""

from ankigen.api.adoptions import Found, adopt, count_held_by_others, find_adoptions, plan_adoption, take_out_marks
from ankigen.api.anki import (
    begin_reading,
    connect,
    extend,
    is_first_schedule,
    plan,
    remember,
    require_adopted,
    sync,
    take_over,
)
from ankigen.api.changelogs import changelog, course_changelogs, courses
from ankigen.api.healths import report_health, write_report
from ankigen.api.locks import lost_lock, require_lock
from ankigen.api.notes import load, quoted_lines
from ankigen.api.occlusions import Converted, convert
from ankigen.api.own_note_types import copy_note_type, new_note_type
from ankigen.api.packages import Built, build, write_lock
from ankigen.api.page_syncs import PageSync
from ankigen.api.previews import Rereading, drawing_of, snapshot_of, write_preview
from ankigen.api.pulls import PlannedPull, plan_pull, pull_of_few, write_pull
from ankigen.api.queue import alone
from ankigen.api.setup import Scaffolded, init
from ankigen.api.stamps import Stamped, stamp
from ankigen.source import formula_script
from ankigen.targets import unknown_release

__all__ = [
    "Built",
    "Converted",
    "Found",
    "PageSync",
    "PlannedPull",
    "Rereading",
    "Scaffolded",
    "Stamped",
    "adopt",
    "alone",
    "begin_reading",
    "build",
    "changelog",
    "connect",
    "convert",
    "copy_note_type",
    "count_held_by_others",
    "course_changelogs",
    "courses",
    "drawing_of",
    "extend",
    "find_adoptions",
    "formula_script",
    "init",
    "is_first_schedule",
    "load",
    "lost_lock",
    "new_note_type",
    "plan",
    "plan_adoption",
    "plan_pull",
    "pull_of_few",
    "quoted_lines",
    "remember",
    "report_health",
    "require_adopted",
    "require_lock",
    "snapshot_of",
    "stamp",
    "sync",
    "take_out_marks",
    "take_over",
    "unknown_release",
    "write_lock",
    "write_preview",
    "write_pull",
    "write_report",
]
