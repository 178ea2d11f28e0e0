"""Turn plain Logseq notes into Anki decks and keep them in step for years.

Everything a command does is one call here. The calls are loaded when the first of them is asked for: a program that
only wants `ankigen.errors` or the version does without the rest.
"""

from ankigen.version import __version__ as __version__

__all__ = [
    "__version__",
    "adopt",
    "build",
    "changelog",
    "connect",
    "find_adoptions",
    "init",
    "load",
    "plan",
    "plan_adoption",
    "stamp",
    "sync",
]

TYPE_CHECKING = False  # the name is what tools look for; typing's own would cost every start a moment
if TYPE_CHECKING:
    from ankigen.api import (
        adopt,
        build,
        changelog,
        connect,
        find_adoptions,
        init,
        load,
        plan,
        plan_adoption,
        stamp,
        sync,
    )


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ankigen import api  # noqa: PLC0415

    return getattr(api, name)
