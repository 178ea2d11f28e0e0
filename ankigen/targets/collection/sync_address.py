"""The address of a sync server of one's own, and who has an account there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from ankigen.errors import AnkiWebRefused, SyncPasswordMissing, SyncUserMissing, WrongSyncAddress
from ankigen.support.structs import Struct

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_HOST = re.compile(r"[a-z0-9_.-]+")
_ANKIWEB = "ankiweb.net"
_SERVICE = "ankigen"
Ask = Callable[[str], str]
"""Asks a person for what nobody else may read."""


class Account(Struct, frozen=True):
    """A user of a sync server; `endpoint` ends with a slash."""

    endpoint: str
    user: str

    @property
    def name(self) -> str:
        """What tells the collection from all others."""
        return f"{self.endpoint} {self.user}"


def is_url(written: str) -> bool:
    """Whether somebody wrote the address of a server."""
    return _URL.match(written) is not None


def account_at(written: str) -> Account:
    """The account at an address; its user stands there or in ANKIGEN_SYNC_USER.

    Raises `AnkiWebRefused`, `WrongSyncAddress`, `SyncUserMissing`.
    """
    try:
        parts = urlsplit(written.strip())
        host, port = _plain(parts.hostname or ""), parts.port
    except ValueError as failure:
        raise WrongSyncAddress("is not an address") from failure
    if host == _ANKIWEB or host.endswith(f".{_ANKIWEB}"):
        raise AnkiWebRefused
    if parts.password is not None:
        raise WrongSyncAddress("has a password in it, which others can read: put it into ANKIGEN_SYNC_PASSWORD")
    if not host or parts.query or parts.fragment or parts.scheme.lower() not in {"http", "https"}:
        raise WrongSyncAddress("is not the address of a sync server, such as https://sync.example.org/")
    if parts.scheme.lower() == "http" and not _is_loopback(host):
        raise WrongSyncAddress("is not encrypted: use https://, or an SSH tunnel to this machine")
    user = unquote(parts.username or "") or os.environ.get("ANKIGEN_SYNC_USER")
    if not user:
        raise SyncUserMissing
    where = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/")
    return Account(f"{parts.scheme.lower()}://{where}{f':{port}' if port else ''}{path}/", user)


def _plain(host: str) -> str:
    """A host in the letters that are sent, which is what Anki's library makes of it, too: full width becomes half.

    Raises `ValueError` where the library might read something else.
    """
    if ":" in host:
        return str(ip_address(host))
    plain = host.encode("idna").decode("ascii").lower().rstrip(".")
    if plain and not _HOST.fullmatch(plain):
        raise ValueError(host)
    return plain


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def password_of(account: Account, ask: Ask | None) -> str:
    """The password from ANKIGEN_SYNC_PASSWORD, the keyring if the package is there, or a person."""
    if password := os.environ.get("ANKIGEN_SYNC_PASSWORD") or _from_keyring(account):
        return password
    if ask is None:
        raise SyncPasswordMissing(account.endpoint)
    return ask(f"Password of {account.user} at {account.endpoint}")


def _from_keyring(account: Account) -> str | None:
    try:
        import keyring  # noqa: PLC0415 - few have it, and it asks the system for its secrets
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        password: str | None = keyring.get_password(f"{_SERVICE} {account.endpoint}", account.user)
    except KeyringError:
        return None
    return password
