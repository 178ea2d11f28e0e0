"""Opens a port on this machine, and serves the page until the user stops it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import uvicorn

from ankigen.errors import PortTaken
from ankigen.support.structs import Struct
from ankigen.web.live import Live
from ankigen.web.routes import Extras, application

_HOST = "127.0.0.1"
_PATIENCE = 1
"""Seconds that open pages get when the server stops."""


class Door(Struct, frozen=True):
    """A port on this machine that is ours, open only to this machine."""

    listener: socket.socket

    @classmethod
    def opened(cls, port: int) -> Door:
        """Open this port, or a free one for 0. Raises `PortTaken`."""
        listener = socket.socket()
        if (
            sys.platform != "win32"
        ):  # a recently closed connection still holds the port; Windows gives this option another meaning
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
            listener.listen()  # connections wait until the server has started
        except OSError as failure:
            listener.close()
            raise PortTaken(port) from failure
        return cls(listener)

    @property
    def port(self) -> int:
        """The requested port, or the free one."""
        number: int = self.listener.getsockname()[1]
        return number

    @property
    def address(self) -> str:
        """The URL to open in a browser."""
        return f"http://{_HOST}:{self.port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that a browser may use for it."""
        return f"{_HOST}:{self.port}", f"localhost:{self.port}"


def serve(
    door: Door,
    live: Live,
    changes: AsyncIterator[int],
    extras: Extras,
    when_open: Callable[[], None],
) -> None:
    """Serve the page and follow the changes until Ctrl-C; `when_open` is called once the page can be opened."""
    app = application(live, door.hosts, extras, secrets.token_urlsafe())
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=_PATIENCE)
    with door.listener:
        asyncio.run(_serve(uvicorn.Server(config), door, live, changes, when_open))


async def _serve(
    server: uvicorn.Server, door: Door, live: Live, changes: AsyncIterator[int], when_open: Callable[[], None]
) -> None:
    following = asyncio.create_task(live.follow(changes))
    opening = asyncio.create_task(_when_started(server, when_open))
    try:
        await server.serve([door.listener])
    finally:
        await _ended(following)
        await _ended(opening)


async def _when_started(server: uvicorn.Server, when_open: Callable[[], None]) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    when_open()


async def _ended(task: Awaitable[None] | asyncio.Task[None]) -> None:
    assert isinstance(task, asyncio.Task)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
