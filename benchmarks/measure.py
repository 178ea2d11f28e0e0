"""How long does a command take, and how much memory does it need at its peak?"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import ankigen

_KILOBYTE = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds on the clock, seconds of the processor, bytes of memory at the peak."""

    wall: float
    processor: float
    memory: int


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of a command."""

    runs: tuple[Run, ...]

    @property
    def wall(self) -> float:
        """The median on the clock."""
        return median(run.wall for run in self.runs)

    @property
    def processor(self) -> float:
        """The median of the processor, which other programs disturb less."""
        return median(run.processor for run in self.runs)

    @property
    def spread(self) -> float:
        """The noise: how far the slowest run is from the fastest, as a share of the median."""
        times = [run.wall for run in self.runs]
        return (max(times) - min(times)) / self.wall

    @property
    def megabytes(self) -> float:
        """The largest peak."""
        return max(run.memory for run in self.runs) / 1e6


def program() -> Path:
    """The command `ankigen` of this environment, compiled as pip leaves each tool that it installs.

    A checkout is compiled by its first run, but not where Python is told to leave no files behind.
    """
    compileall.compile_dir(Path(ankigen.__file__).parent, quiet=1)
    return Path(sys.executable).with_name("ankigen")


def run(command: Sequence[str | Path], cache: Path | None = None) -> Run:
    """Run a command to its end, with nothing kept from earlier runs but what is in `cache`.

    One that fails shows what it said.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryDirectory() as empty:
        environment = os.environ | {"XDG_CACHE_HOME": str(cache or empty)}
        start = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=said, env=environment)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{command[0]}: {said.read().decode(errors='replace')[-500:]}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * _KILOBYTE)


def in_turns(commands: Mapping[str, Sequence[str | Path]], rounds: int) -> dict[str, Runs]:
    """Run each command once in every round, so that a slow minute of the machine hits all of them."""
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run(command))
    return {name: Runs(tuple(runs)) for name, runs in taken.items()}


def table(taken: Mapping[str, Runs], first: str) -> None:
    """Print a row for each command, and how its medians compare with those of the first one."""
    print("| | seconds | spread | processor | memory | ratio | ratio (processor) |")
    print("|---|---|---|---|---|---|---|")
    base = taken[first]
    for name, runs in taken.items():
        ratios = f"{runs.wall / base.wall:.2f} | {runs.processor / base.processor:.2f}"
        numbers = f"{runs.wall:.3f} | {runs.spread:.0%} | {runs.processor:.3f} | {runs.megabytes:.0f} MB"
        print(f"| {name} | {numbers} | {ratios} |", flush=True)
