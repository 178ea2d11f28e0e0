"""Checks requests: only this machine's browser may send them, and no web page through it."""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",  # sandboxed frames, which have no origin, show pictures
}
_HARMLESS = {"GET", "HEAD"}


class OnlyOurs:
    """Refuses requests to a host name that is not in `hosts`, or from another page.

    Requests that may change anything must come from our own page, which knows the token.

    A web page can point its own host name at 127.0.0.1; the browser then takes this server for that page's server.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], token: str) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        if scope["type"] == "http" and not self._is_ours(scope):
            await PlainTextResponse("This page can only be opened on the machine that it runs on.", 403)(
                scope, receive, send
            )
            return

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_dressed)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if headers.get("host") not in self._hosts:
            return False
        if scope["method"] in _HARMLESS:
            return True
        is_from_us = headers.get("origin", "").removeprefix("http://") in self._hosts
        return is_from_us and secrets.compare_digest(headers.get("x-ankigen-token", ""), self._token)
