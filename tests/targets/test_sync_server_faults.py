"""A sync server that fails, lies or is busy with another device at any request, and addresses that lead elsewhere."""

from __future__ import annotations

import http.server
import importlib.util
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankigen.cli import app
from ankigen.errors import AnkigenError, ExitCode, NotASyncServer, SyncMoved
from ankigen.targets.collection import SyncServer, account_at
from tests.helpers.building import write
from tests.helpers.documents import ROOT
from tests.helpers.faulty_proxy import Fault, Proxy, standing_before
from tests.helpers.sync_server import PASSWORD, Device
from tests.helpers.syncing import Held, Reader, contents

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("account")]

WHOLE = ("Database rebuilt and optimized.", True)


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with standing_before(url) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


def sync(tmp_path: Path, url: str) -> ExitCode:
    """Sync unattended as the command does it; a failure has to be one of ours."""
    done = CliRunner().invoke(app, ["sync", str(tmp_path / "notes"), "--yes", "--to", url])
    if isinstance(done.exception, AnkigenError):
        assert "\n" not in str(done.exception)
        return done.exception.exit_code
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return ExitCode(done.exit_code)


def write_notes(tmp_path: Path, point: int) -> None:
    """An author's next state: a note is reworded, moved and tagged, one is new, and so is its picture."""
    (tmp_path / "notes").mkdir(exist_ok=True)
    for number in range(point + 1):
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="4{number}" height="20"/>'
        (tmp_path / f"notes/leaf{number}.svg").write_text(drawn)
    new = "".join(f"- Number {n}? ![](leaf{n}.svg) #card\n\t- {n}\n" for n in range(1, point + 1))
    own = f"- Stays? #card #t{point}\n\t- yes {point}\n"
    write(tmp_path / "notes", optics=f"deck:: D{point}\n\n{own}{new}", kept="- Kept? #card\n\t- yes\n")


def held_by(phone: Device) -> dict[str, Held]:
    return {one.fields["Front"].partition(" <")[0]: one for one in contents(phone.collection).values()}


def require_whole(phone: Device, point: int) -> dict[str, Held]:
    """The phone has all that the author wrote, once, and its picture, after an ordinary sync."""
    assert phone.sync() <= 1
    held = held_by(phone)
    assert {*held} == {"Stays?", "Kept?", *(f"Number {n}?" for n in range(1, point + 1))}
    assert (held["Stays?"].fields["Back"], held["Stays?"].decks) == (f"yes {point}", (f"D{point}",))
    media = Path(phone.collection.media.dir())
    assert len([*media.iterdir()]) == point
    assert phone.collection.fix_integrity() == WHOLE
    assert phone.sync() <= 1
    return held


def begin(tmp_path: Path, url: str, phone: Device) -> Reader:
    """A first sync; then the reader reviews one of the notes."""
    write_notes(tmp_path, 0)
    assert sync(tmp_path, url) is ExitCode.DONE
    phone.sync()
    reader = Reader(phone.collection)
    reader.review(guid_of(phone, "Stays?"))
    return reader


def guid_of(phone: Device, front: str) -> str:
    (guid,) = [guid for guid, held in contents(phone.collection).items() if held.fields["Front"] == front]
    return guid


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_a_request_that_fails_once_is_made_good_by_the_next_sync(
    proxy: Proxy, phone: Device, tmp_path: Path, fault: Fault
) -> None:
    reader = begin(tmp_path, proxy.url, phone)
    stays = guid_of(phone, "Stays?")
    for point in itertools.count(1):
        write_notes(tmp_path, point)
        reader.tag(stays, f"mine{point}")
        phone.sync()
        proxy.expect(point, fault)
        code = sync(tmp_path, proxy.url)
        is_over = len(proxy.asked) < point
        assert (code is ExitCode.DONE) or not is_over
        proxy.expect(0)
        assert sync(tmp_path, proxy.url) is ExitCode.DONE
        held = require_whole(phone, point)["Stays?"]
        assert held.reviews == (7,)
        assert held.tags == {f"t{point}", *(f"mine{n}" for n in range(1, point + 1))}
        if is_over:
            assert point > 8
            return


def at_each_request(
    proxy: Proxy, phone: Device, tmp_path: Path, meanwhile: Callable[[int], object]
) -> Iterator[tuple[int, dict[str, Held]]]:
    """Do something at each request of a sync until all is sent; sync again if it failed, and see what the phone has."""
    for point in itertools.count(1):
        write_notes(tmp_path, point)
        proxy.expect(point, meanwhile=lambda point=point: meanwhile(point))  # type: ignore[misc]
        code = sync(tmp_path, proxy.url)
        if code is ExitCode.DONE and "/sync/finish" not in proxy.asked[point - 1 :]:  # all was sent before
            assert point > 15
            return
        proxy.expect(0)
        if code is not ExitCode.DONE:
            assert sync(tmp_path, proxy.url) is ExitCode.DONE, point
        yield point, require_whole(phone, point)


def test_a_reader_at_work_at_any_request_loses_nothing(proxy: Proxy, phone: Device, tmp_path: Path) -> None:
    begin(tmp_path, proxy.url, phone)
    reader, kept = Reader(phone.collection), guid_of(phone, "Kept?")
    worked: list[int] = []

    def work(point: int) -> None:
        if proxy.asked[-1] == "/sync/start":
            return  # between this and the request before, two true Ankis lose each other as well, by a failed check
        worked.append(point)
        (card,) = reader.note(kept).cards()
        card.reps += 1
        phone.collection.update_card(card)
        reader.tag(kept, f"mine{point}")
        reader.edit(kept, Back=f"better {point}")
        assert phone.sync() <= 1

    for _, held in at_each_request(proxy, phone, tmp_path, work):
        if not worked:
            continue
        found = held["Kept?"]
        assert (found.reviews, found.fields["Back"]) == ((len(worked),), f"better {worked[-1]}")
        assert found.tags == {f"mine{point}" for point in worked}


def test_a_collection_that_another_device_replaces_at_any_request_is_taken_over(
    proxy: Proxy, phone: Device, tmp_path: Path
) -> None:
    begin(tmp_path, proxy.url, phone)

    def replace_it(point: int) -> None:
        basic = phone.collection.models.by_name("Basic")
        assert basic is not None
        phone.collection.models.add_field(basic, phone.collection.models.new_field(f"Hint {point}"))
        phone.collection.models.update_dict(basic)
        assert phone.sync() == 2
        phone.upload()

    for point, held in at_each_request(proxy, phone, tmp_path, replace_it):
        assert held["Stays?"].reviews == (7,), point


# Redirects, clocks and secrets


class Elsewhere:
    """A program that sends each request on to another, which notes what reaches it."""

    def __init__(self, status: int) -> None:
        self.reached: list[tuple[str, bytes]] = []
        outer = self

        class Other(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.reached.append((str(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the name that the server looks for

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class First(Other):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                self.send_header("Location", f"{outer.other}{self.path.removeprefix('/')}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the name that the server looks for

        self._servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) for kind in (First, Other)]
        self.url, self.other = (f"http://127.0.0.1:{server.server_port}/" for server in self._servers)

    def __enter__(self) -> Elsewhere:
        for server in self._servers:
            threading.Thread(target=server.serve_forever).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_password_does_not_follow_a_redirect(status: int, tmp_path: Path) -> None:
    with Elsewhere(status) as elsewhere, pytest.raises(SyncMoved if status == 308 else NotASyncServer) as refused:
        SyncServer(account_at(elsewhere.url), tmp_path / "machine", tmp_path / "packages").read()
    assert (elsewhere.other in str(refused.value)) == (status == 308)
    # A body may come packed, but none comes at all.
    assert not any(body or PASSWORD in head for head, body in elsewhere.reached)


def test_a_server_that_moved_is_not_followed(url: str, phone: Device, tmp_path: Path) -> None:
    with standing_before(url) as proxy, standing_before(url) as other:
        client = SyncServer(account_at(proxy.url), tmp_path / "machine", tmp_path / "packages")
        client.read()
        proxy.moved_to = other.url
        with pytest.raises(SyncMoved, match=f"sends on to {other.url}"):
            client.read()


def test_a_clock_that_is_wrong_is_told(url: str, phone: Device, tmp_path: Path) -> None:
    spec = importlib.util.find_spec("libfaketime")
    assert spec is not None
    [library] = Path(str(spec.origin)).parent.rglob("libfaketime.so.1")
    write_notes(tmp_path, 0)
    for shift in ("-20m", "+20m"):
        clock = {"LD_PRELOAD": str(library), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "ankigen", "sync", "notes", "--yes", "--to", url]
        done = subprocess.run(
            command, cwd=tmp_path, env=os.environ | clock, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout) == (ExitCode.FAILED, "")
        assert "clock" in done.stderr.splitlines()[-1]
    assert phone.sync() == 0
    assert contents(phone.collection) == {}


def test_a_small_difference_of_clocks_does_not_matter(url: str, phone: Device, tmp_path: Path) -> None:
    spec = importlib.util.find_spec("libfaketime")
    assert spec is not None
    [library] = Path(str(spec.origin)).parent.rglob("libfaketime.so.1")
    reader = begin(tmp_path, url, phone)
    for point, shift in enumerate(("-4m", "+4m", "-4m"), 1):
        write_notes(tmp_path, point)
        reader.tag(guid_of(phone, "Kept?"), f"mine{point}")
        phone.sync()
        clock = {"LD_PRELOAD": str(library), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "ankigen", "sync", "notes", "--yes", "--to", url]
        done = subprocess.run(
            command, cwd=tmp_path, env=os.environ | clock, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == ExitCode.DONE, done.stderr
        held = require_whole(phone, point)
        assert held["Stays?"].reviews == (7,)
        assert held["Kept?"].tags == {f"mine{n}" for n in range(1, point + 1)}


@pytest.mark.parametrize("failing", ["tests.helpers.failing", "ankigen"])
def test_no_secret_is_said_whatever_happens(url: str, phone: Device, tmp_path: Path, failing: str) -> None:
    write_notes(tmp_path, 0)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    said = ""
    for words in (["plan", "notes", "--json"], ["sync", "notes", "--yes", "--verbose"], ["plan", "notes", "--verbose"]):
        command = [sys.executable, "-m", failing, *words, "--to", url]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode == ExitCode.DONE) == (failing == "ankigen")
        said += done.stdout + done.stderr
    (key,) = (tmp_path / "home").rglob("key")
    assert PASSWORD not in said
    assert key.read_text() not in said
    assert ("an accident of tests" in said) == (failing != "ankigen")
