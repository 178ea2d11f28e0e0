"""How fast is a build, beside other tools, beside genanki alone, as notes grow; and how fast are start and check?

Run `python -m benchmarks.build`, or `make bench`. Commands take turns; all times are of whole processes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import floor, peers
from benchmarks.measure import in_turns, program, run, table

_PYTHON = sys.executable
_ANKIGEN = [program()]
_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
_CARDS_PER_FILE = 100


def main() -> None:
    """Print one table for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--largest", type=int, default=_SIZES[-1])
    chosen = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        show_start(chosen.rounds * 3)
        show_peers(folder / "peers", chosen.rounds)
        show_floor(folder / "floor", chosen.rounds)
        show_growth(folder / "growth", [size for size in _SIZES if size <= chosen.largest])


def show_start(rounds: int) -> None:
    """The time until there is help."""
    print("\nStart\n")
    table(
        in_turns({"python -c pass": [_PYTHON, "-c", "pass"], "ankigen --help": [*_ANKIGEN, "--help"]}, rounds),
        "python -c pass",
    )


def show_peers(folder: Path, rounds: int) -> None:
    """The same 3,000 notes by each tool that runs here."""
    print("\n3,000 mixed notes in 30 files\n")
    commands: dict[str, Sequence[str | Path]] = {}
    for peer in (peers.ANKIGEN, *peers.PEERS):
        programs = _ANKIGEN[0].parent if peer is peers.ANKIGEN else peer.prepare()
        if programs is None:
            print(f"({peer.name} does not run on Python {sys.version_info.major}.{sys.version_info.minor})\n")
            continue
        out = folder / peer.name / "out"
        notes = peer.write(folder / peer.name / "notes", peers.cards(3_000), 30)
        out.mkdir()
        commands[peer.name] = peer.command(programs, notes, out)
    table(in_turns(commands, rounds), "ankigen")


def show_floor(folder: Path, rounds: int) -> None:
    """What of a build and of a check of 10,000 notes is ankigen's own."""
    print("\n10,000 mixed notes in 100 files\n")
    notes = peers.ANKIGEN.write(folder / "notes", peers.cards(10_000), 100)
    floor.save(notes, folder / "notes.json")
    commands: dict[str, Sequence[str | Path]] = {
        "genanki alone": [_PYTHON, "-m", "benchmarks.floor", folder / "notes.json", folder / "floor.apkg"],
        "ankigen build": [*_ANKIGEN, "build", notes, "-o", folder / "out.apkg"],
        "ankigen check": [*_ANKIGEN, "check", notes],
    }
    table(in_turns(commands, rounds), "genanki alone")


def show_growth(folder: Path, sizes: Sequence[int]) -> None:
    """Time and memory as the notes grow: the first build, and one more with nothing changed, from what was kept."""
    print("\nGrowth: `ankigen build`, first and again\n")
    print("| notes | seconds | a note | processor | memory | again |\n|---|---|---|---|---|---|")
    for size in sizes:
        notes = peers.ANKIGEN.write(folder / str(size), peers.cards(size), size // _CARDS_PER_FILE)
        command: list[str | Path] = [*_ANKIGEN, "build", notes, "-o", folder / f"{size}.apkg"]
        first, again = run(command, folder / "cache"), run(command, folder / "cache")
        each = f"{first.wall / size * 1e6:.0f} µs"
        memory = max(first.memory, again.memory) / 1e6
        print(
            f"| {size:,} | {first.wall:.2f} | {each} | {first.processor:.2f} | {memory:.0f} MB | {again.wall:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
