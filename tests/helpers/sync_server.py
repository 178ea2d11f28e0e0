"""A sync server of Anki's own library on loopback, and the other client of its user: a desktop or a phone."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import anki.lang
from anki.collection import Collection
from anki.sync import SyncAuth

from ankigen.data import PackedNote
from ankigen.targets.collection import Account, SyncServer
from ankigen.targets.collection.writer import CollectionWriter

USER, PASSWORD = "reader", "secret of tests"


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve accounts from a folder; the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"SYNC_USER1": f"{USER}:{PASSWORD}", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port)}
    environment = {**os.environ, **own, "SYNC_BASE": str(folder / "server")}
    command = [sys.executable, "-m", "anki.syncserver"]
    log = (folder / "server.log").open("wb")  # a pipe that nobody reads would stop it
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as it:
        try:
            while not _answers(port):
                assert it.poll() is None, (folder / "server.log").read_text()
            yield f"http://127.0.0.1:{port}/"
        finally:
            it.kill()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Device:
    """Anki on another device of the same user."""

    def __init__(self, folder: Path, url: str, collection: Collection | None = None) -> None:
        folder.mkdir(exist_ok=True)
        anki.lang.set_lang("en_US")
        self.url = url
        self.collection = collection or Collection(str(folder / "collection.anki2"))
        self.auth: SyncAuth = self.collection.sync_login(USER, PASSWORD, url)
        self.auth.endpoint = url

    def close(self) -> None:
        self.collection.close()

    def upload(self) -> None:
        """Make the server's collection what this device has."""
        self._full(upload=True)

    def download(self) -> None:
        self._full(upload=False)

    def _full(self, *, upload: bool) -> None:
        self.collection.close_for_full_sync()
        self.collection.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
        self.collection.reopen(after_full_sync=True)

    def sync(self) -> int:
        """Sync in the ordinary way; what the server asks for, 0 or 1 if that was all."""
        required = int(self.collection.sync_collection(self.auth, False).required)
        self.collection.sync_media(self.auth)
        while self.collection.media_sync_status().active:
            pass
        _next_millisecond(self.collection)
        return required


class ServerOfReader(SyncServer):
    """The target of a test whose reader syncs a device before ankigen reads, and after it wrote."""

    def __init__(self, device: Device, folder: Path) -> None:
        super().__init__(Account(device.url, USER), folder / "machine", folder / "packages", lambda _: PASSWORD)
        self.device = device

    def require_ready(self) -> None:
        self._sync_device()
        super().require_ready()

    @contextlib.contextmanager
    def _writing(self, imports: Sequence[PackedNote], pack: partial[bytes]) -> Iterator[CollectionWriter]:
        try:
            with super()._writing(imports, pack) as writer:
                yield writer
        finally:
            self._sync_device()

    def _sync_device(self) -> None:
        assert self.device.sync() <= 1, "never a full sync"


def _next_millisecond(collection: Collection) -> None:
    """Wait: what is written in the very millisecond in which a sync ended, the next one would not see."""
    from anki.utils import int_time

    start = int_time(1000)
    while int_time(1000) <= start + 1:
        pass
