"""Changes the code one clause at a time and prints the changes that no test notices.

`DISTRICTS` says which tests judge which sources. A copy of the repository below build/mutants/ is mutated by mutmut,
which forks a process for each mutant from one that has read the tests and run none of them: what the code keeps in
memory hides no mutant. It leaves functions with a decorator (`lru_cache`, `property`) alone, and what a module does
while it is imported.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ankigen.support.structs import Struct

ROOT = Path(__file__).parent.parent
STAGE = ROOT / "build" / "mutants"
SEED = 1


class District(Struct, frozen=True):
    """A part of the code and the tests that judge it, as globs below the root of the repository."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


DISTRICTS = {
    "identity": District(
        sources=("ankigen/identity/*.py",),
        tests=("tests/identity/test_*.py",),
    ),
    "syncing": District(
        sources=("ankigen/syncing/*.py", "ankigen/note_types/base_field.py", "ankigen/note_types/canonical_form.py"),
        tests=("tests/syncing/test_*.py", "tests/note_types/test_*.py"),
    ),
    "clozes": District(
        sources=("ankigen/syntax/clozes.py", "ankigen/syntax/cloze_grammar.py", "ankigen/syntax/spans.py"),
        tests=("tests/syntax/test_cloze*.py", "tests/syntax/test_span*.py"),
    ),
    "outline": District(
        sources=(
            "ankigen/syntax/*outline.py",
            "ankigen/syntax/org_inline.py",
            "ankigen/syntax/block_tree.py",
            "ankigen/syntax/multiline.py",
            "ankigen/syntax/properties.py",
            "ankigen/syntax/front_matter.py",
            "ankigen/syntax/tags.py",
        ),
        tests=("tests/syntax/test_outline*.py", "tests/syntax/test_tags*.py"),
    ),
    "outputs": District(
        sources=("ankigen/outputs/*.py",),
        tests=("tests/outputs/test_*.py",),
    ),
}
"""The one table to change when files move."""
UNFIT = (
    "tests/identity/test_matching_growth.py",
    "tests/identity/test_histories.py",
    (
        "tests/outputs/test_package.py::"
        "test_the_same_notes_and_lock_give_the_same_bytes_in_another_folder_process_and_minute"
    ),
    "tests/syntax/test_outline_laws.py::test_no_page_takes_more_than_linear_steps",
    "tests/syntax/test_outline_laws.py::test_a_huge_page_is_read",
    "tests/syntax/test_spans.py::test_no_text_takes_more_than_linear_steps",
    "tests/syntax/test_spans.py::test_a_huge_text_is_rendered",
    "tests/syncing/test_sync_killed.py",
    "tests/syncing/test_sync_laws.py",
)
"""Tests that count the steps of the code, or start it in a process of its own."""

_COPIED = ("ankigen", "tests", "decks", "docs", "README.md", "CHANGELOG.md", "pyproject.toml")
_KILLED = {"killed", "timeout", "segfault", "suspicious"}
_SETTINGS = """
[tool.mutmut]
source_paths = ["ankigen"]
only_mutate = {sources}
also_copy = {copied}
pytest_add_cli_args = ["-n", "0", "-p", "no:cacheprovider", {unfit}]
pytest_add_cli_args_test_selection = {tests}
process_isolation = "forkserver"
timeout_multiplier = 3.0
timeout_constant = 5.0
track_dependencies = false
"""
_QUICK_TESTS_FIRST = """
import json
from pathlib import Path

STATS = Path("mutmut-stats.json")


def pytest_collection_modifyitems(items):
    if STATS.exists():
        seconds = json.loads(STATS.read_text())["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0))
"""


class Verdict(Struct, frozen=True):
    """What became of the mutants of one district."""

    district: str
    total: int
    survivors: tuple[str, ...]

    def __str__(self) -> str:
        killed = self.total - len(self.survivors)
        return f"{self.district:10}{killed:6} of {self.total:5} killed{killed / max(1, self.total):7.1%}"


def main() -> None:
    """Judge all districts, or those named in ONLY; SAMPLE limits the mutants of each, always to the same ones."""
    only = os.environ.get("ONLY", "").replace(",", " ").split() or list(DISTRICTS)
    sample = int(os.environ.get("SAMPLE") or sys.maxsize)
    verdicts = [_judge(name, DISTRICTS[name], sample) for name in only]
    for verdict in verdicts:
        print(f"\nSurvivors in {verdict.district}\n", *verdict.survivors, sep="\n")
    survivors = [survivor for verdict in verdicts for survivor in verdict.survivors]
    print()
    print(*verdicts, Verdict("all", sum(verdict.total for verdict in verdicts), tuple(survivors)), sep="\n")


def _judge(name: str, district: District, sample: int) -> Verdict:
    folder = _stage(name, district)
    _mutmut(folder, "run", "none")  # makes the mutants, learns which tests reach which function, and runs no mutant
    mutants = sorted(_results(folder))
    chosen = sorted(random.Random(SEED).sample(mutants, min(sample, len(mutants))))
    print(f"{name}: {len(chosen)} of {len(mutants)} mutants", flush=True)
    done = _mutmut(folder, "run", *(chosen if len(chosen) < len(mutants) else ()))
    if done.returncode:
        raise SystemExit(done.stdout)
    results = _results(folder)
    survivors = [mutant for mutant in chosen if results[mutant] not in _KILLED]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        shown = threads.map(lambda mutant: _shown(folder, mutant, results[mutant]), survivors)
        return Verdict(name, len(chosen), tuple(shown))


def _stage(name: str, district: District) -> Path:
    """Copy the repository, with settings that lead mutmut to the sources and the tests of the district."""
    folder = STAGE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for copied in _COPIED:
        if (ROOT / copied).is_dir():
            shutil.copytree(
                ROOT / copied, folder / copied, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
            )
        else:
            shutil.copy(ROOT / copied, folder)
    (folder / "conftest.py").write_text(_QUICK_TESTS_FIRST, "utf-8")
    tests = [path for path in _paths(district.tests) if path not in UNFIT]
    settings = _SETTINGS.format(
        sources=_paths(district.sources),
        tests=tests,
        copied=[*_COPIED[2:], "conftest.py"],
        unfit=", ".join(f'"--deselect={test}"' for test in UNFIT),
    )
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return folder


def _paths(globs: Iterable[str]) -> list[str]:
    """The files of some globs; a glob without a file is a mistake in the table."""
    found = {glob: sorted(ROOT.glob(glob)) for glob in globs}
    empty = [glob for glob, paths in found.items() if not paths]
    if empty:
        raise SystemExit(f"no file is named {', '.join(empty)}: mend the table in {Path(__file__).name}")
    return [path.relative_to(ROOT).as_posix() for paths in found.values() for path in paths]


def _results(folder: Path) -> dict[str, str]:
    """What mutmut knows of each mutant, by its name."""
    lines = _mutmut(folder, "results", "--all", "true").stdout.splitlines()
    return dict(line.strip().split(": ", 1) for line in lines)


def _shown(folder: Path, mutant: str, result: str) -> str:
    """The changed lines of a mutant, below its name."""
    lines = _mutmut(folder, "show", mutant).stdout.splitlines()
    changed = [line for line in lines if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}]
    return "\n".join([f"{mutant} ({result})", *changed])


def _mutmut(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("mutmut")
    environment = {**os.environ, "PYTHONPATH": "", "COLUMNS": "200"}
    return subprocess.run(  # noqa: S603 - our own program
        [program, *arguments],
        cwd=folder,
        env=environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


if __name__ == "__main__":
    main()
