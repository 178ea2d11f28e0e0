"""What does one command do? Each is one call that a script can make as well.

A part is loaded when one of its calls is asked for: a check does without all that writes packages or talks to Anki.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.doors import front_door

if TYPE_CHECKING:
    from ankigen.api.changes import changelog as changelog
    from ankigen.api.connecting import connect as connect
    from ankigen.api.connecting import read_ahead as read_ahead
    from ankigen.api.loading import load as load
    from ankigen.api.packages import Built as Built
    from ankigen.api.packages import LockFault as LockFault
    from ankigen.api.packages import build as build
    from ankigen.api.packages import lock_fault as lock_fault
    from ankigen.api.quotes import quoted_lines as quoted_lines
    from ankigen.api.scaffolds import Scaffolded as Scaffolded
    from ankigen.api.scaffolds import init as init
    from ankigen.api.stamps import Stamped as Stamped
    from ankigen.api.stamps import stamp as stamp
    from ankigen.api.syncing import extend as extend
    from ankigen.api.syncing import plan as plan
    from ankigen.api.syncing import remember as remember
    from ankigen.api.syncing import sync as sync
else:
    __getattr__ = front_door(
        globals(),
        {
            "changes": ["changelog"],
            "connecting": ["connect", "read_ahead"],
            "loading": ["load"],
            "packages": ["Built", "LockFault", "build", "lock_fault"],
            "quotes": ["quoted_lines"],
            "scaffolds": ["Scaffolded", "init"],
            "stamps": ["Stamped", "stamp"],
            "syncing": ["extend", "plan", "remember", "sync"],
        },
    )
