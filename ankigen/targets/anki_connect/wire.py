"""AnkiConnect's protocol: requests and replies, one connection for each, and the errors of both.

The server closes the socket after every reply without announcing it, so connections cannot be reused. A request is sent
only once: a write whose reply was lost may have been carried out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from ankigen.errors import (
    AddOnTooOld,
    AnkiDiskFull,
    AnkigenError,
    AnkiNotRunning,
    AnkiRefused,
    AnkiTimedOut,
    ApiKeyRefused,
    CollectionBusy,
    ConnectionLost,
    HostSilent,
    ImportMissing,
    ImportRefused,
    NoProfileOpen,
    NoSuchHost,
    NotAnkiConnect,
    NoTls,
    NotTrusted,
    TlsWanted,
)
from ankigen.support.structs import Raw, Struct, from_json

if TYPE_CHECKING:
    import requests

DEFAULT_URL = "http://127.0.0.1:8765"
API_VERSION = 6

# The server parses a body again with every kilobyte that arrives, and Anki's window freezes meanwhile.
LARGEST_BODY = 1_000_000

_TLS_ALERT = ("\x15\x03", "\\x15\\x03")
_CONNECT_SECONDS = 5.0
_REPLY_SECONDS = 600.0

_TOO_OLD = re.compile(r"^unsupported action$|unexpected keyword argument|missing \d+ required positional argument")
_SITUATIONS: tuple[tuple[re.Pattern[str], type[NoProfileOpen | AnkiDiskFull | CollectionBusy]], ...] = (
    (re.compile(r" (is|are) not available$"), NoProfileOpen),
    (re.compile(r"No space left on device|disk is full|not enough space", re.IGNORECASE), AnkiDiskFull),
    (re.compile(r"CollectionNotOpen|database is locked|'NoneType' object has no attribute"), CollectionBusy),
)
_NO_IMPORTER = re.compile(r"^unsupported action$|anki\.importing|AnkiPackageImporter")

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> Future[Result]:
    """Run `work` in a new thread; its exceptions are raised when the result is read."""
    promise: Future[Result] = Future()

    def keep() -> None:
        try:
            promise.set_result(work())
        except BaseException as failure:  # whatever it is, it is raised when the result is read
            promise.set_exception(failure)

    # A daemon: if the result is no longer needed, nobody waits for Anki.
    Thread(target=keep, daemon=True).start()
    return promise


@dataclass(frozen=True, slots=True)
class Action:
    """One action, by AnkiConnect's name; msgspec parses its result as `result_type`."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    result_type: Any = Any


def action(name: str, **params: Any) -> Action:
    """Name an action and its parameters."""
    return Action(name, params)


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """A reply to one action; the result is JSON, parsed once its type is known."""

    result: Raw
    error: Any


@dataclass(frozen=True)
class Wire:
    """The address of AnkiConnect with its key, if any; a reply may take `seconds`."""

    url: str = DEFAULT_URL
    key: str | None = field(default=None, repr=False)
    seconds: float = _REPLY_SECONDS

    def call(self, name: str, **params: Any) -> Any:
        """Send one action, by name and parameters, and return its result."""
        return self.ask(action(name, **params))

    def ask(self, wanted: Action) -> Any:
        """Send one action and return its result."""
        return self._result(wanted, self._send(self._body(wanted), wanted.name))

    def multi(self, actions: Iterable[Action]) -> list[Any]:
        """Send many actions in as few requests as their size allows; the first refusal is raised after the last."""
        asked = list(actions)
        return [self._result(wanted, reply) for wanted, reply in zip(asked, self._replies(asked), strict=True)]

    def begin(self, actions: Iterable[Action]) -> Future[list[Any]]:
        """Send many actions as `multi` does, in the background over a separate connection."""
        asked = list(actions)
        return begin(lambda: self.multi(asked))

    def _replies(self, actions: Sequence[Action]) -> list[Reply]:
        replies: list[Reply] = []
        for batch in _batches(actions, self._size):
            many = Action("multi", {"actions": [self._envelope(wanted) for wanted in batch]}, list[Reply])
            batch_replies = self.ask(many)
            if len(batch_replies) != len(batch):
                raise NotAnkiConnect(self.url)
            replies += batch_replies
        return replies

    def permission(self) -> dict[str, Any]:
        """Ask for permission, and whether a key is needed.

        The only action that needs no key: it has none, so that another program on the port does not see the key.
        """
        body = json.dumps({"action": "requestPermission", "version": API_VERSION}).encode()
        permission = self._result(action("requestPermission"), self._send(body, "requestPermission"))
        if not isinstance(permission, dict) or permission.get("permission") != "granted":
            raise NotAnkiConnect(self.url)
        if permission.get("version", 0) < API_VERSION:
            raise AddOnTooOld("version")
        return permission

    def _size(self, wanted: Action) -> int:
        return len(self._body(wanted)) + 2

    def _envelope(self, wanted: Action) -> dict[str, Any]:
        envelope = {"action": wanted.name, "version": API_VERSION, "params": dict(wanted.params)}
        return envelope if self.key is None else envelope | {"key": self.key}

    def _body(self, wanted: Action) -> bytes:
        return json.dumps(self._envelope(wanted)).encode()

    def _send(self, body: bytes, name: str) -> Reply:
        import requests  # noqa: PLC0415 - a command that only names Anki does not wait for it

        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy between two programs of the same user
                timeout = (_CONNECT_SECONDS, self.seconds)
                # A redirect is not followed: the body may contain the key.
                answer = session.post(self.url, data=body, timeout=timeout, stream=True, allow_redirects=False)
                # All at once: small pieces would each wait for another thread to yield.
                content = b"".join(answer.iter_content(None))
        except requests.ConnectTimeout as failure:
            raise HostSilent(self.url, _CONNECT_SECONDS) from failure
        except requests.Timeout as failure:
            raise (NoTls(self.url) if _is_in_greeting(failure) else AnkiTimedOut(name, self.seconds)) from failure
        except requests.RequestException as failure:
            raise self._failure(failure, name) from failure
        try:
            return from_json(Reply, content)
        except ValueError as failure:
            raise NotAnkiConnect(self.url, _described(answer, content)) from failure

    def _failure(self, failure: requests.RequestException, name: str) -> AnkigenError:
        from http.client import BadStatusLine, RemoteDisconnected  # noqa: PLC0415 - requests has loaded it

        reason = failure.args[0] if failure.args else None
        cause = reason.args[-1] if isinstance(reason, Exception) and reason.args else None
        if isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected):
            is_tls = str(cause).startswith(_TLS_ALERT)
            return TlsWanted(self.url) if is_tls else NotAnkiConnect(self.url, "no HTTP")
        if _is_by(failure, "SSLError"):
            return NotTrusted(self.url) if "CERTIFICATE_VERIFY_FAILED" in str(failure) else NoTls(self.url)
        if _is_by(failure, "NameResolutionError"):
            return NoSuchHost(self.url)
        # Failures before there was a connection contain the reason of the last try.
        if isinstance(failure, ValueError) or isinstance(getattr(reason, "reason", None), Exception):
            return AnkiNotRunning(self.url)
        return ConnectionLost(name)

    def _result(self, wanted: Action, reply: Reply) -> Any:
        if reply.error is not None:  # an error's text may be empty
            raise _refusal(wanted.name, str(reply.error), is_key_given=self.key is not None)
        return self._read(wanted.result_type, reply.result)

    def _read(self, result_type: type[Result], text: bytes | Raw) -> Result:
        try:
            return from_json(result_type, text)
        except ValueError as failure:
            raise NotAnkiConnect(self.url) from failure


def _is_by(failure: Exception, name: str) -> bool:
    """Whether the reason is a urllib3 failure with that name."""
    reason = failure.args[0] if failure.args else None
    return name in (type(reason).__name__, type(getattr(reason, "reason", None)).__name__)


def _is_in_greeting(failure: BaseException | None) -> bool:
    """Whether the TLS handshake timed out: the program takes it for an unfinished request."""
    while failure is not None and "handshake" not in str(failure):
        failure = failure.__context__
    return failure is not None


def _described(answer: requests.Response, content: bytes) -> str:
    """A description of the answer of a program that is not AnkiConnect."""
    if not answer.ok or answer.is_redirect:
        return f"HTTP {answer.status_code}"
    if not content.strip():
        return "nothing"
    if content.lstrip().startswith(b"<"):
        return "a web page"
    try:
        json.loads(content)
    except ValueError:
        return "something else"
    return "other JSON"


def _refusal(name: str, text: str, *, is_key_given: bool) -> AnkigenError:
    """Find the exception for the add-on's error text, which is Python's own for unexpected errors."""
    if text == "valid api key must be provided":
        return ApiKeyRefused(is_required=True, is_given=is_key_given)
    if name == "importPackage" and _NO_IMPORTER.search(text):
        return ImportMissing()
    if _TOO_OLD.search(text):
        return AddOnTooOld(name)
    for sign, situation in _SITUATIONS:
        if sign.search(text):
            return situation()
    return ImportRefused(text) if name == "importPackage" else AnkiRefused(name, text)


def _batches(actions: Sequence[Action], size: Callable[[Action], int]) -> Iterator[Sequence[Action]]:
    """Split actions, in order, so that no body is larger than `LARGEST_BODY` unless a single action is."""
    start, room = 0, LARGEST_BODY
    for end, wanted in enumerate(actions):
        if (need := size(wanted)) > room and end > start:
            yield actions[start:end]
            start, room = end, LARGEST_BODY
        room -= need
    if actions[start:]:
        yield actions[start:]
