"""Who may ask: this machine's browser, by the name of this machine, and no page of the web through it."""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",  # frames without an origin of their own show pictures
}
_HARMLESS = {"GET", "HEAD"}


class OnlyOurs:
    """Refuses requests that call this server by a name that is not in `hosts`, or that another page makes.

    What may change anything has to come from our own page, which knows the token.

    A page of the web can point a name of its own at 127.0.0.1, and the browser then takes this server for that page's.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], token: str) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as servers call an application."""
        if scope["type"] == "http" and not self._is_ours(scope):
            await PlainTextResponse("This page is for the machine that it runs on.", 403)(scope, receive, send)
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
