"""`ankigen.lock` on disk: one line per note, in columns parted by tabs.

The lines are sorted by GUID below 256 fixed heads. GUIDs are spread evenly, so two branches that add notes put their
lines below different heads, and git merges them without a conflict.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from ankigen.data import ClozeNumber, Guid, Identity, KindName, Lock, SourceId, Style
from ankigen.errors import BrokenLock, CannotRead
from ankigen.support import files

LOCK_NAME = "ankigen.lock"
_VERSION = "1"
_TITLE = "# ankigen.lock: which note is which. Commit it with the notes; never edit it."
_HEADS = [f"{number:02x}" for number in range(256)]
_NOTHING = "-"
_KIND = re.compile(r"[a-z][a-z-]*")
_DAMAGED = "this line is damaged: restore the file from your last commit"
_COLUMNS = 13
_JSON = json.JSONEncoder(ensure_ascii=False)
_CONFLICT_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


def new_lock() -> Lock:
    """An empty lock with a new random name, for a set of notes that has none yet."""
    return Lock(SourceId(secrets.token_hex(6)), {})


def write_lock(path: Path, lock: Lock) -> None:
    """Replace the lock file whole."""
    files.replace(path, format_lock(lock).encode())


def format_lock(lock: Lock) -> str:
    """The text of the lock file; the same lock gives the same text."""
    below: dict[str, list[str]] = {head: [] for head in _HEADS}
    for guid in sorted(lock.identities):
        below[guid[:2]].append(_format(lock.identities[guid]))
    lines = [_TITLE, f"version\t{_VERSION}", f"source\t{lock.source_id}"]
    if lock.style:
        lines.append(f"style\t{lock.style.digest}\t{lock.style.changed}")
    for head, entries in below.items():
        lines += [f"[{head}]", *entries]
    return "\n".join(lines) + "\n"


def _format(identity: Identity) -> str:
    columns = (
        identity.guid,
        identity.id or _NOTHING,
        identity.kind,
        identity.page,
        str(identity.ordinal),
        identity.question,
        identity.question_digest,
        identity.answer_digest,
        identity.content_digest,
        str(identity.created),
        str(identity.modified),
        _NOTHING if identity.removed is None else str(identity.removed),
        _format_clozes(identity.clozes) if identity.clozes else _NOTHING,
    )
    return "\t".join(columns)


def _format_clozes(clozes: Iterable[ClozeNumber]) -> str:
    """In reading order, the numbers that are used no more as negative ones."""
    pairs = [[cloze.number if cloze.is_used else -cloze.number, cloze.answer] for cloze in clozes]
    return _JSON.encode(pairs)


def parse_lock(path: Path, text: str) -> Lock:
    """Read the text of a lock file; a `BrokenLock`, which names `path`, if it is damaged."""
    source_id, style = None, None
    identities: dict[Guid, Identity] = {}
    for number, line in _meaningful(text):
        match line.split("\t"):
            case ["version", version]:
                _require_version(path, number, version)
            case ["source", name]:
                source_id = SourceId(name)
            case ["style", digest, changed] if changed.isdecimal():
                style = Style(digest, int(changed))
            case columns if len(columns) == _COLUMNS:
                identity = _read_identity(path, number, columns)
                identities[identity.guid] = _newer(identities.get(identity.guid), identity)
            case _:
                raise BrokenLock(path, number, _fault(line))
    if source_id is None:
        raise BrokenLock(path, 1, "the line that names the source is missing: restore the file from your last commit")
    return Lock(source_id, identities, style)


def read_lock(path: Path) -> Lock | None:
    """Return what the lock file says, or nothing where there is none.

    A damaged file is a `BrokenLock`, one that cannot be opened a `CannotRead`.
    """
    text = read_lock_text(path)
    return None if text is None else parse_lock(path, text)


def read_lock_text(path: Path) -> str | None:
    """Return the text of the lock file, or nothing where there is none; else as `read_lock`."""
    try:
        return files.read_text(path, path.parent)
    except UnicodeDecodeError as failure:
        raise BrokenLock(path, 1, "this is not text: restore the file from your last commit") from failure
    except CannotRead as failure:
        if isinstance(failure.__cause__, FileNotFoundError):
            return None
        raise


def _read_identity(path: Path, number: int, columns: list[str]) -> Identity:
    try:
        return _identity(columns)
    except (TypeError, ValueError) as failure:
        raise BrokenLock(path, number, _DAMAGED) from failure


def _meaningful(text: str) -> Iterable[tuple[int, str]]:
    """The lines that are neither comments nor heads, behind their numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith(("#", "[")):
            yield number, line.removesuffix("\r")


def _require_version(path: Path, number: int, version: str) -> None:
    if version != _VERSION:
        raise BrokenLock(path, number, f"written by a newer ankigen (version {version}): update ankigen")


def _fault(line: str) -> str:
    if line.startswith(_CONFLICT_MARKS):
        return "a merge conflict: keep the lines of both sides and delete the marker lines, then build again"
    return _DAMAGED


def _identity(columns: list[str]) -> Identity:
    guid, id, kind, page, ordinal, question, question_digest, answer_digest, content_digest, *rest = columns
    created, modified, removed, clozes = rest
    return Identity(
        guid=Guid(guid),
        id=None if id == _NOTHING else id,
        kind=_kind(kind),
        page=page,
        ordinal=int(ordinal),
        question=question,
        question_digest=question_digest,
        answer_digest=answer_digest,
        content_digest=content_digest,
        created=int(created),
        modified=int(modified),
        removed=None if removed == _NOTHING else int(removed),
        clozes=() if clozes == _NOTHING else tuple(_parse_clozes(clozes)),
    )


def _kind(word: str) -> KindName:
    """Any plain word: a later ankigen may know more kinds, and their notes must not be lost here."""
    if not _KIND.fullmatch(word):
        raise ValueError(word)
    return KindName(word)


def _parse_clozes(text: str) -> Iterator[ClozeNumber]:
    for number, answer in json.loads(text):
        yield ClozeNumber(answer, abs(number), is_used=number > 0)


def _newer(first: Identity | None, second: Identity) -> Identity:
    """The later of two lines for one note: a merge that kept both sides may name a note twice."""
    return second if first is None or first.modified <= second.modified else first
