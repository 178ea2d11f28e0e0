"""What the commands do: each is one call that a script can make as well."""

from ankigen.api.anki import begin_reading, connect, extend, plan, remember, sync, take_over
from ankigen.api.changelogs import changelog
from ankigen.api.locks import lost_lock, require_lock
from ankigen.api.notes import load, quoted_lines
from ankigen.api.packages import Built, build, write_lock
from ankigen.api.queue import alone
from ankigen.api.setup import Scaffolded, init
from ankigen.api.stamps import Stamped, stamp

__all__ = [
    "Built",
    "Scaffolded",
    "Stamped",
    "alone",
    "begin_reading",
    "build",
    "changelog",
    "connect",
    "extend",
    "init",
    "load",
    "lost_lock",
    "plan",
    "quoted_lines",
    "remember",
    "require_lock",
    "stamp",
    "sync",
    "take_over",
    "write_lock",
]
