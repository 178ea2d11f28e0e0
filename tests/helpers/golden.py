"""Golden pairs: a file, and what is made of it. `pytest --golden` writes the outputs anew, for review."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "golden"


def inputs(kind: str) -> list[Path]:
    return sorted(path for path in (FOLDER / kind).iterdir() if path.suffix in {".md", ".org"})


def check(path: Path, made: str, request: pytest.FixtureRequest) -> None:
    """Compare what was made of an input with the output beside it."""
    expected = path.with_suffix(".txt")
    if request.config.getoption("--golden"):
        expected.write_text(made, "utf-8")
    assert made == expected.read_text("utf-8")
