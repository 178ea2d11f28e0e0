"""How is a file replaced or lent, so that a reader or a crash never meets half of it?"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
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


@contextlib.contextmanager
def lent(path: Path, data: bytes) -> Iterator[Path]:
    """Lay `data` at `path`, for another program to read, as long as the `with` block runs."""
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(data)
        except OSError as failure:
            raise CannotWrite(path, failure) from failure
        yield path
    finally:
        path.unlink(missing_ok=True)


def _write(draft: Path, data: bytes) -> None:
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
