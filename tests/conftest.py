"""What all tests share."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.pop("CI", None)  # the commands say more there

from tests.helpers.anki_server import AnkiServer, running
from tests.helpers.judge import Judge, open_judge

_ENOUGH = 2 << 30


def _is_roomy(memory: Path) -> bool:
    """Whether a folder in memory is there, has room for all tests and may hold programs."""
    if sys.platform == "win32" or not (memory.is_dir() and os.access(memory, os.W_OK)):
        return False
    system = os.statvfs(memory)
    return not system.f_flag & os.ST_NOEXEC and system.f_bavail * system.f_frsize > _ENOUGH


if "TMPDIR" not in os.environ and _is_roomy(Path("/dev/shm")):  # noqa: S108
    os.environ["TMPDIR"] = "/dev/shm"  # noqa: S108 - Anki's library waits for the disk longer than it works
    tempfile.tempdir = None  # what was found before

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background: tests of interrupts would hang
    signal.signal(signal.SIGINT, signal.default_int_handler)

EXAMPLES = int(os.environ.get("ANKIGEN_EXAMPLES", "50"))
"""How many examples a law is held against that does not say so itself."""
settings.register_profile("patient", deadline=None, max_examples=EXAMPLES)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden outputs anew, for review")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of the tests goes where the user's own cache and state are, nor comes from the user's own settings."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("settings"))


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with open_judge(tmp_path_factory.mktemp("collection")) as one:
        yield one


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AnkiServer]:
    """A running Anki of its own, which a test of the command line has beside its notes."""
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield server
