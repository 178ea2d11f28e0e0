"""Turn plain notes into Anki decks and keep the two in sync for years.

Every command is one call:

    desired = ankigen.load("notes")
    ankigen.build(desired, "dist/")

The types that the calls take and return are here, too. Everything is loaded at first use: a program that only needs
`ankigen.errors` or the version does not load the rest.
"""

from ankigen.version import __version__ as __version__

__all__ = [
    "AdoptingTarget",
    "AdoptionPlan",
    "AdoptionWishes",
    "AnkigenError",
    "Built",
    "Changelog",
    "Desired",
    "Found",
    "Note",
    "Outcome",
    "Pair",
    "Plan",
    "Problem",
    "ReviewedTarget",
    "Scaffolded",
    "Selection",
    "Severity",
    "Side",
    "Snapshot",
    "Stamped",
    "Target",
    "Wishes",
    "__version__",
    "adopt",
    "build",
    "changelog",
    "connect",
    "course_changelogs",
    "courses",
    "find_adoptions",
    "init",
    "load",
    "plan",
    "plan_adoption",
    "report_health",
    "snapshot_of",
    "stamp",
    "sync",
    "take_over",
    "write_preview",
    "write_report",
]

TYPE_CHECKING = False  # the name is what tools look for; typing's own would cost every start a moment
if TYPE_CHECKING:
    from ankigen.api import (
        Built,
        Found,
        Scaffolded,
        Stamped,
        adopt,
        build,
        changelog,
        connect,
        course_changelogs,
        courses,
        find_adoptions,
        init,
        load,
        plan,
        plan_adoption,
        report_health,
        snapshot_of,
        stamp,
        sync,
        take_over,
        write_preview,
        write_report,
    )
    from ankigen.data import (
        AdoptionPlan,
        AdoptionWishes,
        Changelog,
        Desired,
        Note,
        Outcome,
        Pair,
        Plan,
        Problem,
        Selection,
        Severity,
        Side,
        Wishes,
    )
    from ankigen.errors import AnkigenError
    from ankigen.preview import Snapshot
    from ankigen.targets import AdoptingTarget, ReviewedTarget, Target


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ankigen import api, data, errors, preview, targets  # noqa: PLC0415

    home = next(home for home in (api, data, errors, preview, targets) if hasattr(home, name))
    return globals().setdefault(name, getattr(home, name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
