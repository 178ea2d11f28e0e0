"""The routes of the page. File paths never come from a URL: it only has names that the current notes refer to."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ankigen.data import Desired
from ankigen.errors import AnkigenError
from ankigen.preview import FACE_RULES, PlanInWords, page_file
from ankigen.source import CardParts, read_parts, write_parts
from ankigen.support.structs import Struct, from_json, to_json
from ankigen.web.guard import OnlyOurs
from ankigen.web.live import Live

_PAGE_RULES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Extras(Struct, frozen=True):
    """More content of the page: the script that typesets formulas, if any, and a document on the decks' health.

    Both may be slow, so they are called in a thread.
    """

    mathjax: Callable[[], Path | None]
    health: Callable[[Desired], str]


_HEALTH_RULES = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def application(live: Live, hosts: tuple[str, ...], extras: Extras, token: str) -> Starlette:
    """The page of `live`, for requests to one of `hosts` (name and port).

    Requests that change anything must send the `token`, which the page contains.
    """
    routes = _Routes(live, extras, token)
    return Starlette(
        routes=[
            Route("/cards.json", routes.cards),
            Route("/lines.json", routes.lines),
            Route("/events", routes.events),
            Route("/plan.json", routes.plan),
            Route("/apply", routes.apply, methods=["POST"]),
            Route("/areas.json", routes.areas),
            Route("/areas", routes.write_areas, methods=["POST"]),
            Route("/mathjax.js", routes.formulas),
            Route("/health.html", routes.health),
            Route("/face/{guid}/{ordinal:int}/{side}.html", routes.face),
            Route("/media/{name}", routes.media),
            Route("/{name:path}", routes.page),
        ],
        middleware=[Middleware(OnlyOurs, hosts=hosts, token=token)],
    )


class _Drawn(Struct, frozen=True):
    """The areas drawn on a card's picture, with the file and first line of the card."""

    path: str
    line: int
    drawn: CardParts


class _Routes:
    def __init__(self, live: Live, extras: Extras, token: str) -> None:
        self._live = live
        self._extras = extras
        self._token = token

    async def page(self, request: Request) -> Response:
        """The page, its style and its script."""
        try:
            text, kind = page_file(request.path_params["name"] or "index.html")
        except KeyError:
            return _missing()
        text = text.replace("<head>", f'<head>\n<meta name="ankigen-token" content="{self._token}">', 1)
        return Response(text, media_type=kind, headers={"Content-Security-Policy": _PAGE_RULES, **_FRESH})

    async def cards(self, _: Request) -> Response:
        """All cards and problems."""
        return Response(to_json(self._live.snapshot.preview), media_type="application/json", headers=_FRESH)

    async def lines(self, request: Request) -> Response:
        """The source lines of a block, named as in `cards`."""
        path, line = request.query_params.get("path", ""), request.query_params.get("line", "")
        if not line.isdecimal() or (lines := self._live.snapshot.lines(path, int(line))) is None:
            return _missing()
        return Response(to_json(lines), media_type="application/json", headers=_FRESH)

    async def events(self, _: Request) -> Response:
        """All events from now on, as server-sent events."""
        return StreamingResponse(self._live.events(), media_type="text/event-stream", headers=_FRESH)

    async def plan(self, _: Request) -> Response:
        """The plan of a sync."""
        return Response(to_json(self._live.plan), media_type="application/json", headers=_FRESH)

    async def apply(self, request: Request) -> Response:
        """Apply the plan that the page showed."""
        try:
            said = await self._live.apply(from_json(PlanInWords, await request.body()))
        except ValueError:
            return PlainTextResponse("This is not a plan.", 400)
        except (AnkigenError, OSError) as failure:
            return PlainTextResponse(str(failure), 409)
        return PlainTextResponse(said)

    async def areas(self, request: Request) -> Response:
        """The areas of a card's picture, as in its source lines."""
        path, line = request.query_params.get("path", ""), request.query_params.get("line", "")
        file = self._live.snapshot.card_file(path, int(line)) if line.isdecimal() else None
        if file is None:
            return _missing()
        try:
            parts = await run_in_threadpool(read_parts, file, int(line))
        except (AnkigenError, OSError) as failure:
            return PlainTextResponse(str(failure), 409)
        return Response(to_json(parts), media_type="application/json", headers=_FRESH)

    async def write_areas(self, request: Request) -> Response:
        """Write the drawn areas into the notes."""
        try:
            drawn = from_json(_Drawn, await request.body())
        except ValueError:
            return PlainTextResponse("These are not areas.", 400)
        file = self._live.snapshot.card_file(drawn.path, drawn.line)
        if file is None:
            return _missing()
        try:
            await run_in_threadpool(write_parts, file, drawn.line, drawn.drawn)
        except (AnkigenError, OSError) as failure:
            return PlainTextResponse(str(failure), 409)
        return PlainTextResponse("saved")

    async def face(self, request: Request) -> Response:
        """A side of a card, as a document in which no scripts of the notes can run."""
        named = request.path_params
        face = self._live.snapshot.face(named["guid"], named["ordinal"], named["side"])
        if face is None:
            return _missing()
        return Response(face, media_type="text/html", headers={"Content-Security-Policy": FACE_RULES, **_FRESH})

    async def media(self, request: Request) -> Response:
        """A file that a card shows, by its name in Anki."""
        file = self._live.snapshot.media(request.path_params["name"])
        if file is None or not Path(file.path).is_file():
            return _missing()
        kind = mimetypes.guess_type(file.name)[0] or ""
        if not kind.startswith(("image/", "audio/", "video/", "font/")):
            kind = "application/octet-stream"  # never a script or a page
        # A picture opened in its own tab is a document, and an SVG could run scripts.
        return FileResponse(file.path, media_type=kind, headers={"Content-Security-Policy": "sandbox", **_FRESH})

    async def health(self, _: Request) -> Response:
        """The health of the decks."""
        try:
            document = await run_in_threadpool(self._extras.health, self._live.snapshot.desired)
        except (AnkigenError, OSError) as failure:
            return PlainTextResponse(str(failure), 503)
        return Response(document, media_type="text/html", headers={"Content-Security-Policy": _HEALTH_RULES, **_FRESH})

    async def formulas(self, _: Request) -> Response:
        """The script that typesets formulas."""
        file = await run_in_threadpool(self._extras.mathjax)
        return FileResponse(file, media_type="text/javascript") if file else _missing()


_FRESH = {"Cache-Control": "no-store"}


def _missing() -> Response:
    return PlainTextResponse("Not found.", 404)
