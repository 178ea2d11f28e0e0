"""ankigen in a process that kills itself at one of its writes into a collection, or of its calls of a sync server.

    python -m tests.helpers.killed 3 sync notes --yes --to collection.anki2

It dies at that moment: after each operation, which is a transaction of its own, before and after each call.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from typing import Any

from anki.collection import Collection

from ankigen import cli

CALLS = ("sync_login", "sync_collection", "sync_media", "media_sync_status", "full_upload_or_download")


def main() -> None:
    point, *arguments = sys.argv[1:]
    moments = itertools.count(1)

    def die_if_it_is_time() -> None:
        if next(moments) == int(point):
            os.kill(os.getpid(), signal.SIGKILL)

    def dying(name: str, *, is_call: bool) -> None:
        work = getattr(Collection, name)

        def work_or_die(*given: Any, **named: Any) -> Any:
            die_if_it_is_time()
            result = work(*given, **named)
            if is_call:
                die_if_it_is_time()
            return result

        setattr(Collection, name, work_or_die)

    dying("merge_undo_entries", is_call=False)
    for name in CALLS:
        dying(name, is_call=True)
    sys.argv[1:] = arguments
    cli.main()


if __name__ == "__main__":
    main()
