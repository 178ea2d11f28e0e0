"""Requests from the public web only, never from this machine or a private network, that can be aborted.

Notes of a stranger may name any address: a router, a service that trusts this machine, a cloud's metadata. So a name is
resolved once, and only the checked address is connected to, whatever the name resolves to later; the same holds for
redirects. A proxy would connect to unchecked addresses, so none is used.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    _Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST_ADDRESSES = 4
"""The maximum number of addresses tried for a name."""
PATIENCE = 20
"""In seconds, for each address and for each piece of an answer."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4 = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Whether a numeric address, and any address embedded in it, is not of this machine or a private network."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public, (known, *_inner(known))))


def _inner(known: _Address) -> Iterator[_Address]:
    """The IPv4 addresses embedded in an IPv6 address."""
    if isinstance(known, ipaddress.IPv6Address):
        teredo = known.teredo or ()
        translated = ipaddress.IPv4Address(int(known) & _IPV4) if known in _NAT64 else None
        yield from (inner for inner in (known.ipv4_mapped, known.sixtofour, translated, *teredo) if inner is not None)


def _is_public(known: _Address) -> bool:
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None or known in _NAT64:
            return True  # the address inside decides
        if known.is_site_local:
            return False
    return known.is_global and not (known.is_multicast or known.is_reserved or known.is_unspecified)


class Line:
    """The connections of one request and its redirects; another thread can abort it."""

    def __init__(self, *, may_be_private: bool) -> None:
        self.is_dead = False
        self._may_be_private = may_be_private
        self._plug: socket.socket | None = None
        self._changing = threading.Lock()

    def close(self) -> None:
        """Free the resources."""
        self._hold(None)

    def hang_up(self) -> None:
        """Abort the connection that another thread waits for, and open no new one."""
        with self._changing:
            self.is_dead = True
            if self._plug is not None:
                with contextlib.suppress(OSError):  # it was not connected yet, or no longer is
                    self._plug.shutdown(socket.SHUT_RDWR)

    def require_alive(self) -> None:
        """Raise `TimeoutError` after `hang_up`."""
        if self.is_dead:
            raise TimeoutError("it takes too long")

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to a host if it is public or private ones are allowed; else raise `OSError`."""
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        allowed = [each for each in dict.fromkeys(found) if self._may_be_private or is_public(str(each[4][0]))]
        failure = OSError(f"{host} is this machine or in a private network")
        for family, kind, protocol, _, address in allowed[:_MOST_ADDRESSES]:
            try:
                return self._opened(socket.socket(family, kind, protocol), address)
            except OSError as refused:
                failure = refused
        raise failure

    def _opened(self, connection: socket.socket, address: tuple[object, ...]) -> socket.socket:
        try:
            self.require_alive()
            connection.settimeout(PATIENCE)
            self._hold(connection)
            connection.connect(address)
            self.require_alive()
        except OSError:
            connection.close()
            raise
        return connection

    def _hold(self, connection: socket.socket | None) -> None:
        """Keep a second handle of the connection, independent of the first."""
        with self._changing:
            if self._plug is not None:
                self._plug.close()
            self._plug = connection.dup() if connection is not None else None


@contextlib.contextmanager
def session(line: Line) -> Iterator[requests.Session]:
    """A session whose connections all use the line, without this machine's proxies and passwords."""
    with requests.Session() as made:
        made.trust_env = False
        for scheme in ("http://", "https://"):
            made.mount(scheme, _Adapter(line))
        yield made


class _Adapter(HTTPAdapter):
    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Make the connection pools; the base class calls it."""
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._line)


def _pools(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    class Http(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return line.connect(self.host, self.port)

    class Https(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return line.connect(self.host, self.port)

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    return {"http": HttpPool, "https": HttpsPool}
