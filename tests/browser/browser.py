"""A headless Chromium over faces that a local server hands out: what it measures, what it draws."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ankigen.data import MediaFile

HERE = Path(__file__).parent
MATHJAX = HERE / "node_modules/mathjax/es5"
ANKI = HERE.parents[1] / "build/aqt"
"""Anki's desktop as a wheel, for the script that draws masks; it is read from there, and nothing of it is kept."""
PATIENCE = 240
MASKED = "image-occlusion-canvas"
"""What a face holds whose masks Anki's script draws."""
_KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--hide-scrollbars", "--force-device-scale-factor=2",
    "--enable-blink-features=ComputedAccessibilityInfo",
)  # fmt: skip
# As Anki sets MathJax up, but for `noerrors`, which would hide what the test is after.
_MATHJAX = """<script>
MathJax = {
  tex: { displayMath: [["\\\\[", "\\\\]"]], processEscapes: false, processEnvironments: false, processRefs: false,
         packages: { "[+]": ["mhchem", "mathtools"] } },
  loader: { load: ["[tex]/mhchem", "[tex]/mathtools"], paths: { mathjax: "/mathjax" } },
};
</script><script src="/mathjax/tex-chtml.js"></script>"""


_REVIEWER = (
    "<script>globalThis.pycmd = globalThis.bridgeCommand = () => {}</script>"
    '<script src="/anki/js/reviewer.js"></script>'
)
_NIGHT = {
    "desktop": "card card1 nightMode night_mode fancy isLin",
    "AnkiDroid": "card card1 night_mode ankidroid_dark_mode",
    "AnkiMobile": "card card1 nightMode",
}
"""What each of Anki's programs calls the body of a page at night."""
CLIENTS = tuple(_NIGHT)
_OF_PHONES = (
    "body.night_mode { background-color: #000; color: #fff } body.ankidroid_dark_mode { background-color: #333 }"
    "body.nightMode { background-color: #222; color: #ddd }"
    ".night_mode input#typeans { background-color: #000; color: #fff } .replaybutton { text-decoration: none }"
    ".night_mode .typeGood { background-color: #9b9 } .night_mode .typeBad { background-color: #b99 }"
    ".replaybutton span svg { fill: black } .night_mode .replaybutton svg { fill: white }"
)
"""What the sheets of phones say of the parts of a card, as far as it is known: it is said first, and as strongly."""
_PLAYED = re.compile(r"\[anki:play:.*?\]")
_TYPED = re.compile(r"\[\[type:.*?\]\]")
_ASKED = '<input type="text" id="typeans" value="carbon">'
_COMPARED = (
    '<code id="typeans"><span class="typeGood">carbon </span><span class="typeBad">di</span>'
    '<span class="typeMissed">oxide</span><br><span id="typearrow">↓</span><br>carbon dioxide</code>'
)


@dataclass
class Site:
    """What the server hands out: pages, media, tasks; and what the browser sent back."""

    pages: Mapping[str, str]
    media: Mapping[str, MediaFile]
    tasks: Sequence[Mapping[str, Any]] = ()
    results: Any = None
    is_done: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> tuple[str, bytes] | None:
        if path == "/tasks":
            return "application/json", json.dumps(list(self.tasks)).encode()
        if path in self.pages:
            return "text/html; charset=utf-8", self.pages[path].encode()
        if path.startswith("/anki/"):
            return _KINDS[Path(path).suffix], _of_anki(path.removeprefix("/anki/"))
        if file := self._file(path):
            return _KINDS.get(file.suffix, "application/octet-stream"), file.read_bytes()
        return None

    def _file(self, path: str) -> Path | None:
        name = path.rpartition("/")[2]
        if path.startswith("/mathjax/"):
            file = MATHJAX / path.removeprefix("/mathjax/")
            return file if file.is_file() else None
        if path == "/measure.js":
            return HERE / "measure.js"
        return Path(self.media[name].path) if name in self.media else None


@cache
def _of_anki(path: str) -> bytes:
    wheels = sorted(ANKI.glob("aqt-*.whl"))
    assert wheels, "make build/aqt: the browser tests need Anki's own script"
    with zipfile.ZipFile(wheels[-1]) as wheel:
        return wheel.read(f"_aqt/data/web/{path}")


@contextmanager
def serve(site: Site) -> Iterator[str]:
    """Hand the site out, on a free port of this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.answer(unquote(self.path.partition("?")[0]))
            self.send_response(200 if found else 404)
            kind, content = found or ("text/plain", b"")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            site.results = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()
            site.is_done.set()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def page(html: str, css: str, mode: str, has_math: bool = True, client: str = "desktop") -> str:
    """A face as one of Anki's programs shows it, with the sheets that it brings itself."""
    root, body = ("night-mode", _NIGHT[client]) if mode == "dark" else ("", "card card1")
    html = _PLAYED.sub("", _TYPED.sub(_COMPARED if 'id="answer"' in html else _ASKED, html))
    return (
        f'<!doctype html><html class="{root}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><style>{_sheets(client)}</style><style>{css}</style>'
        f"{_REVIEWER if MASKED in html else ''}{_MATHJAX if has_math else ''}</head>"
        f'<body class="{body}">{html}</body></html>'
    )


@cache
def _sheets(client: str) -> str:
    if client != "desktop":
        return _OF_PHONES
    return "\n".join(_of_anki(f"css/{name}.css").decode() for name in ("webview", "reviewer"))


def measure(site: Site) -> list[dict[str, Any]]:
    """Open each task's page at its width, and return what was seen."""
    site.pages = {**site.pages, "/": '<!doctype html><meta charset="utf-8"><script src="/measure.js"></script><body>'}
    results = run(site)
    assert isinstance(results, list), results
    return results


def run(site: Site) -> Any:
    """Open the site's first page, and return what it posts."""
    with serve(site) as address, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium(), *_FLAGS, f"--user-data-dir={profile}", "--window-size=1400,1000",
                   "--remote-debugging-port=0", address]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                assert site.is_done.wait(PATIENCE), "the browser sent no results"
            finally:
                process.terminate()
    return site.results


def draw(address: str, picture: Path, width: int, height: int) -> None:
    """Draw a page of a served site as a PNG."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium(), *_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}",
                   "--virtual-time-budget=8000", f"--screenshot={picture}", address]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)


def chromium() -> str:
    """The browser of this machine."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "install chromium: the browser tests need it"
    return program
