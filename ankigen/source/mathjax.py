"""MathJax, which typesets formulas as Anki does: one file from the web, fetched once and checked by its hash."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from ankigen.errors import CannotRead, CannotWrite
from ankigen.source.remote_media import Fetched, fetch
from ankigen.support import files, folders
from ankigen.support.hashing import content_hash

_ADDRESS = "https://cdn.jsdelivr.net/npm/mathjax@3.2.2/es5/tex-svg-full.js"
_HASH = "a4354ff94fd868aea0cc6eaaa79a57fda0588646fc46ee3700a349ee0a11cbe6"
_LARGEST = 8 * 1024 * 1024
"""In bytes; the file has 2,270,000."""


@cache
def formula_script(ask: Callable[[str, int], Fetched] = fetch) -> Path | None:
    """The script in the cache folder, fetched if needed; `None` if that is not possible now.

    It is requested from the web once per run.
    """
    path = folders.cache() / "mathjax" / f"{_HASH[:16]}.js"
    try:
        if content_hash(files.read(path), len(_HASH)) == _HASH:
            return path
    except CannotRead:
        pass  # not fetched yet
    try:
        script = ask(_ADDRESS, _LARGEST).content
        if content_hash(script, len(_HASH)) != _HASH:
            return None
        files.replace(path, script)
    except (OSError, CannotWrite):
        return None
    return path
