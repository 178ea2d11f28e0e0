"""ankigen in processes of its own: cold ones, and forks of one that has imported everything, which start at once.

A fork has arguments, folder, variables, streams, signals and exit code of its own, so that a test can kill it or fill
its pipe as that of a cold one. What a start imports, and what Python reads of the variables, is asked of cold ones.
"""

from __future__ import annotations

import atexit
import functools
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from tests.helpers import forks

ROOT = Path(__file__).parents[2]
CAN_FORK = sys.platform == "linux"  # elsewhere a fork may not use all of the system's libraries
Done = subprocess.CompletedProcess[str]


class Process(Protocol):
    """What runs, forked or not."""

    def kill(self) -> None: ...
    def send_signal(self, number: int, /) -> None: ...
    def wait(self) -> int: ...


@dataclass
class Running:
    """A command at work; its two streams are files."""

    arguments: tuple[str, ...]
    process: Process
    streams: tuple[IO[bytes], IO[bytes]]

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in self.streams:
            stream.close()

    def done(self) -> Done:
        """Wait for the end, and read what it printed."""
        code = self.process.wait()
        return Done(self.arguments, code, *map(_text, self.streams))


def run(*arguments: str, folder: Path, answer: str = "", **environment: str) -> Done:
    """Run a command in a folder, with the tests' variables and these."""
    with start(*arguments, folder=folder, answer=answer, **environment) as running:
        return running.done()


def start(*arguments: str, folder: Path, answer: str = "", **environment: str) -> Running:
    """Begin a command; who calls waits for its end."""
    out, errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - `Running` closes them
    with tempfile.TemporaryFile() as typed:
        typed.write(answer.encode())
        typed.seek(0)
        process = begin(
            arguments, folder, os.environ | environment, [stream.fileno() for stream in (typed, out, errors)]
        )
    return Running(arguments, process, (out, errors))


def begin(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Sequence[int]) -> Process:
    """Begin a command with these streams: in a fork, unless it is given variables that Python reads when it starts."""
    own = environment.items() - os.environ.items()
    if CAN_FORK and not any(name.startswith("PYTHON") for name, _ in own):
        return Fork(*forks.ask(address(), arguments, str(folder), environment, streams))
    typed, out, errors = streams
    command = [sys.executable, "-m", "ankigen", *arguments]
    return subprocess.Popen(command, stdin=typed, stdout=out, stderr=errors, cwd=folder, env=environment)


@dataclass
class Fork:
    """What can be asked of a fork."""

    id: int
    replies: IO[str]
    code: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int, /) -> None:
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.id, number)

    def wait(self) -> int:
        with self.lock:
            if self.code is None:
                self.code = forks.code(self.replies)
                self.replies.close()
            return self.code


@functools.cache
def address() -> str:
    """Where the process listens that forks, which ends with this one."""
    folder = tempfile.mkdtemp(prefix="ankigen-tests-")
    address = str(Path(folder, "forks"))
    command = [sys.executable, "-m", "tests.helpers.forks", address]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def stop() -> None:
        server.communicate()
        shutil.rmtree(folder)

    atexit.register(stop)
    assert server.stdout is not None
    assert server.stdout.readline() == b"listening\n"
    return address


@functools.cache
def programs() -> Path:
    """A folder for the PATH of a shell, with `ankigen` in it."""
    ours = Path(sys.executable).parent
    if not CAN_FORK:
        return ours
    program = Path(address()).with_name("ankigen")
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}]"
    script = f"{path}; from tests.helpers import forks; sys.exit(forks.be_one({address()!r}))"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -IS -c {shlex.quote(script)} "$@"\n')
    program.chmod(0o755)
    return program.parent


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode().replace(os.linesep, "\n")
