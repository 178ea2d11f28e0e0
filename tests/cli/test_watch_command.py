"""The commands `watch`, `preview` and `report`, as processes."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.helpers.building import named, write
from tests.helpers.processes import ROOT, run

NOTES = "- One? #card\n\t- 1\n"


@contextmanager
def watch(*options: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "ankigen", "watch", *options]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    return process.stderr.readline().rstrip()


def test_the_page_is_there_until_ctrl_c_and_leaves_nothing_behind(tmp_path: Path) -> None:
    named(write(tmp_path, a=NOTES))
    before = sorted(tmp_path.iterdir())
    with watch("--no-open", folder=tmp_path) as process:
        address = said(process).split()[-1]
        assert said(process) == "press Ctrl-C to stop"
        with urlopen(f"{address}cards.json") as answer:  # noqa: S310 - of this machine
            assert b"One?" in answer.read()
        process.send_signal(signal.SIGINT)
        assert said(process) == "stopped watching"
        assert process.wait() == 0
    assert sorted(tmp_path.iterdir()) == before


def test_ctrl_c_ends_it_while_a_page_listens(tmp_path: Path) -> None:
    named(write(tmp_path, a=NOTES))
    with watch("--no-open", folder=tmp_path) as process:
        address = said(process).split()[-1]
        with urlopen(f"{address}events") as stream:  # noqa: S310 - of this machine
            assert stream.readline() == b"event: cards\n"
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    write(tmp_path, a=NOTES)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("watch", "--no-open", "--port", port, folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"ankigen: port {port} is in use: leave --port out to use a free one\n",
    )


def test_two_pages_take_two_ports(tmp_path: Path) -> None:
    named(write(tmp_path, a=NOTES))
    with watch("--no-open", folder=tmp_path) as one, watch("--no-open", folder=tmp_path) as other:
        assert said(one) != said(other)


def test_problems_alone_are_printed_as_they_come(tmp_path: Path) -> None:
    named(write(tmp_path, a=NOTES))
    with watch("--check", folder=tmp_path) as process:
        assert said(process) == "1 note, 1 card, 1 deck, no problems"
        write(tmp_path, b="- Two? #card\n")
        assert process.stdout
        assert process.stdout.readline().startswith("b.md:1:3: error: card has no answer")
        assert said(process) == "1 note, 1 card, 1 deck, 1 error"
        (tmp_path / "ankigen.toml").write_text("context = 7\n")
        assert "ankigen.toml" in said(process)
        process.send_signal(signal.SIGINT)
        assert said(process) == "stopped watching"


def test_without_its_packages_it_says_how_to_install_them(tmp_path: Path) -> None:
    write(tmp_path, a=NOTES)
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['watchfiles'] = None\n")
    command = [sys.executable, "-m", "ankigen", "watch"]
    variables = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == 'ankigen: this needs watchfiles: install it with pip install "ankigen[watch]"\n'


LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>'
DRAWN = "draw.html?path=a.md&line=3&picture="


@pytest.mark.parametrize("target", ["a.md:3", "a.md:5", "a.md", "leaf.svg"])
def test_a_card_or_its_picture_opens_the_page_to_draw_on(tmp_path: Path, target: str) -> None:
    named(write(tmp_path, a=f"{NOTES}- Parts? ![](leaf.svg) #card\n\t- blade\n\t  area:: 10 20 30 40\n"))
    (tmp_path / "leaf.svg").write_text(LEAF)
    command = [sys.executable, "-m", "ankigen", "occlude", target, "--no-open"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert DRAWN in said(process)
        finally:
            process.kill()


@pytest.mark.parametrize("targets", [[], ["a.md", "b.md"], ["a.md:1"], ["a.md"], ["other.svg"]])
def test_where_there_is_no_card_with_a_picture_it_is_told(tmp_path: Path, targets: list[str]) -> None:
    named(write(tmp_path, a=NOTES, b=NOTES))
    (tmp_path / "other.svg").write_text(LEAF)
    done = run("occlude", *targets, "--no-open", folder=tmp_path)
    assert done.returncode == 2
    assert "card" in done.stderr


@pytest.mark.parametrize("command", ["preview", "report"])
def test_what_is_written_is_named(tmp_path: Path, command: str) -> None:
    named(write(tmp_path, a=NOTES))
    done = run(command, "--output", "out", *(["--no-anki"] if command == "report" else []), folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "out/index.html\n" if command == "preview" else "out\n")


@pytest.mark.parametrize("command", ["preview", "report"])
def test_errors_in_the_notes_make_the_exit_code_1(tmp_path: Path, command: str) -> None:
    named(write(tmp_path, a=f"{NOTES}- Two? #card\n"))
    assert (
        run(command, "--output", "out", folder=tmp_path, ANKIGEN_ANKICONNECT_URL="http://127.0.0.1:9").returncode == 1
    )
