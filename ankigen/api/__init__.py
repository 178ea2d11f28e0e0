"""What the commands do: each is one call that a script can make as well."""

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
from ankigen.api.changelogs import changelog
from ankigen.api.locks import lost_lock, require_lock
from ankigen.api.notes import load, quoted_lines
from ankigen.api.occlusions import Converted, convert
from ankigen.api.packages import Built, build, write_lock
from ankigen.api.queue import alone
from ankigen.api.setup import Scaffolded, init
from ankigen.api.stamps import Stamped, stamp

__all__ = [
    "Built",
    "Converted",
    "Found",
    "Scaffolded",
    "Stamped",
    "adopt",
    "alone",
    "begin_reading",
    "build",
    "changelog",
    "connect",
    "convert",
    "count_held_by_others",
    "extend",
    "find_adoptions",
    "init",
    "is_first_schedule",
    "load",
    "lost_lock",
    "plan",
    "plan_adoption",
    "quoted_lines",
    "remember",
    "require_adopted",
    "require_lock",
    "stamp",
    "sync",
    "take_out_marks",
    "take_over",
    "write_lock",
]
