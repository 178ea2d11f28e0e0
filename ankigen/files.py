"""How is a file replaced, so that a reader or a crash never meets half of it?"""

from __future__ import annotations

import os
from pathlib import Path

from ankigen.errors import CannotWrite


def replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` by an atomic rename; after a failure the old file stands as it was."""
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(draft, data)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as failure:
        raise CannotWrite(path, failure) from failure


def _write(draft: Path, data: bytes) -> None:
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
