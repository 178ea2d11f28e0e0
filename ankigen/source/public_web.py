"""Asks the web, but nothing of this machine or of a private network, and hangs up when it is told to.

Notes of a stranger may name any address: that of a router, of a service that trusts this machine, of a cloud's keys. A
name is therefore looked up once, and what is connected to is an address that was judged, whatever the name will mean
later; so is that of each redirection. A proxy would connect to addresses that nobody has judged here: none is used.
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
"""How many addresses of a name are tried."""
PATIENCE = 20
"""In seconds, for each address and for each piece of an answer."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4 = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Whether an address in numbers belongs to neither this machine nor a private network, behind no other either."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public, (known, *_inner(known))))


def _inner(known: _Address) -> Iterator[_Address]:
    """The addresses that an address of version 6 leads on to."""
    if isinstance(known, ipaddress.IPv6Address):
        teredo = known.teredo or ()
        translated = ipaddress.IPv4Address(int(known) & _IPV4) if known in _NAT64 else None
        yield from (inner for inner in (known.ipv4_mapped, known.sixtofour, translated, *teredo) if inner is not None)


def _is_public(known: _Address) -> bool:
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None or known in _NAT64:
            return True  # what it is shows the address inside
        if known.is_site_local:
            return False
    return known.is_global and not (known.is_multicast or known.is_reserved or known.is_unspecified)


class Line:
    """What one question and its redirections connect over; it can be hung up while others wait for an answer."""

    def __init__(self, *, may_be_private: bool) -> None:
        self.is_dead = False
        self._may_be_private = may_be_private
        self._plug: socket.socket | None = None
        self._changing = threading.Lock()

    def close(self) -> None:
        """Give back what the line holds."""
        self._hold(None)

    def hang_up(self) -> None:
        """End the connection for whoever waits on it, and open no other."""
        with self._changing:
            self.is_dead = True
            if self._plug is not None:
                with contextlib.suppress(OSError):  # it was not connected yet, or is no longer
                    self._plug.shutdown(socket.SHUT_RDWR)

    def require_alive(self) -> None:
        """Raise a `TimeoutError` once the line was hung up."""
        if self.is_dead:
            raise TimeoutError("it takes too long")

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to a host that is public, or may be private; else an `OSError`."""
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
        """Keep a second handle of the connection, which works whatever becomes of the first."""
        with self._changing:
            if self._plug is not None:
                self._plug.close()
            self._plug = connection.dup() if connection is not None else None


@contextlib.contextmanager
def session(line: Line) -> Iterator[requests.Session]:
    """A session whose connections all go over the line; it takes no proxy and no password from this machine."""
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
        """Make the pools of connections; the class above asks for it."""
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
