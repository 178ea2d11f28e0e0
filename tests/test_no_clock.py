"""No test looks at a clock or sleeps: what is true in a quiet minute is true in a busy one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.py"))
CLOCKS = {"time", "timeit", "sched", "cProfile", "profile", "resource"}
"""Modules whose business is the time that passes."""
READINGS = {
    *("time_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "thread_time", "thread_time_ns"),
    *("monotonic", "monotonic_ns", "sleep", "times", "now", "utcnow", "today", "localtime", "gmtime"),
    *("setitimer", "alarm", "Timer"),
}
"""What reads a clock or waits for it, wherever it comes from."""


def clocks_in(tree: ast.AST) -> Iterator[str]:
    """What a file imports or asks for the time; `self.now` is no clock, but a time that was handed in."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name.split(".")[0] in CLOCKS)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (module for _ in names if module.split(".")[0] in CLOCKS)
                yield from (name.name for name in names if name.name in READINGS)
            case ast.Attribute(value=ast.Name(id="self")):
                pass
            case ast.Attribute(attr=name) if name in READINGS:
                yield name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HERE).as_posix())
def test_no_test_looks_at_a_clock(path: Path) -> None:
    assert list(clocks_in(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import time", ["time"]),
        ("from time import sleep", ["time", "sleep"]),
        ("import os, timeit as t", ["timeit"]),
        ("from datetime import datetime\ndatetime.now()", ["now"]),
        ("import asyncio\nasync def wait():\n    await asyncio.sleep(1)", ["sleep"]),
        ("import os\nos.times()", ["times"]),
        ("def later(self):\n    self.now += 1", []),
        ("patch('time.time', lambda: 1)", []),
        ("import timezones", []),
    ],
)
def test_a_clock_is_found_however_it_is_reached(text: str, found: list[str]) -> None:
    assert list(clocks_in(ast.parse(text))) == found
