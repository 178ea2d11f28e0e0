"""What the commands do: each is one call that a script can make as well."""

from ankigen.api.anki import begin_reading, connect, extend, is_first_schedule, plan, remember, sync
from ankigen.api.changelogs import changelog
from ankigen.api.notes import load, quoted_lines
from ankigen.api.packages import Built, LockFault, build, lock_fault
from ankigen.api.queue import alone
from ankigen.api.setup import Scaffolded, init
from ankigen.api.stamps import Stamped, stamp

__all__ = [
    "Built",
    "LockFault",
    "Scaffolded",
    "Stamped",
    "alone",
    "begin_reading",
    "build",
    "changelog",
    "connect",
    "extend",
    "init",
    "is_first_schedule",
    "load",
    "lock_fault",
    "plan",
    "quoted_lines",
    "remember",
    "stamp",
    "sync",
]
