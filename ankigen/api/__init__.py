"""What does one command do? Each is one call that a script can make as well."""

from __future__ import annotations

from ankigen.api.changes import changelog
from ankigen.api.loading import load
from ankigen.api.packages import Built, LockFault, build, lock_fault
from ankigen.api.quotes import quoted_lines
from ankigen.api.scaffolds import Scaffolded, init
from ankigen.api.stamps import Stamped, stamp
from ankigen.api.syncing import connect, extend, plan, read_ahead, remember, sync

__all__ = [
    "Built",
    "LockFault",
    "Scaffolded",
    "Stamped",
    "build",
    "changelog",
    "connect",
    "extend",
    "init",
    "load",
    "lock_fault",
    "plan",
    "quoted_lines",
    "read_ahead",
    "remember",
    "stamp",
    "sync",
]
