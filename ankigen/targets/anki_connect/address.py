"""The address of AnkiConnect, as people write it: `127.0.0.1:8765`, `8765`, `my-computer`, `http://…`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ankigen.errors import WrongAddress

_PORT = 8765
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_NEVER = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\]")
_PORT_ALONE = re.compile(r":?\d+", re.ASCII)


def url_of(address: str) -> str:
    """The URL of an address, by default with HTTP and the usual port. Raises `WrongAddress`."""
    written = address.strip()
    scheme = _SCHEME.match(written)
    if _PORT_ALONE.fullmatch(written):
        written = f"127.0.0.1:{written.removeprefix(':')}"
    url = written if scheme else f"http://{_bracketed(written.removeprefix('//'))}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as failure:
        raise WrongAddress(address) from failure
    if _NEVER.search(url) or not parts.hostname or parts.scheme.lower() not in {"http", "https"} or port == 0:
        raise WrongAddress(address)
    if scheme or port:
        return url
    return parts._replace(netloc=f"{parts.netloc.removesuffix(':')}:{_PORT}").geturl()


def _bracketed(written: str) -> str:
    """A bare IPv6 address, in the brackets that it needs in a URL."""
    host, slash, path = written.partition("/")
    return f"[{host}]{slash}{path}" if host.count(":") > 1 and "[" not in host else written
