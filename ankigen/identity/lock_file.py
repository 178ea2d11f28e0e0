"""`ankigen.lock` on disk: one line per note, in columns separated by tabs.

The lines are sorted by GUID below 256 fixed heads, `[00]` to `[ff]`. GUIDs are spread evenly, so two branches that add
notes put their lines below different heads, and git merges them without a conflict. Below 256 more heads, `(00)` to
`(ff)`, each GUID is repeated.

This detects damage: a truncated file lacks heads, a lost line leaves its GUID in the other half, and a flipped byte
breaks the check of its line, a head or a GUID. It does not make merging harder: an entry's check is in its own line,
and the second half changes only where the first does. A file of the first version has neither checks nor the second
half.
"""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from ankigen.data import Guid, Identity, KnownNoteType, Lock, SourceId, Style
from ankigen.errors import BrokenLock, CannotRead
from ankigen.identity import lock_lines
from ankigen.support import files
from ankigen.support.structs import Struct

LOCK_NAME = "ankigen.lock"
_TITLE = "# ankigen.lock: which note is which. Commit it with the notes; never edit it."
_SECTIONS = [f"{number:02x}" for number in range(256)]
_ENTRY_HEADS = {section: f"[{section}]" for section in _SECTIONS}
_LIST_HEADS = {section: f"({section})" for section in _SECTIONS}
_VERSION, _SOURCE, _NOTE, _NOTE_TYPE = "version\t", "source\t", "note\t", "note type\t"
_BYTE_ORDER_MARK = "\ufeff"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})", re.MULTILINE)

_RESTORE = "restore the file from your last commit"
_DAMAGED = f"this line is damaged: {_RESTORE}"
_CONFLICTING = "a merge conflict: keep the lines of both sides and delete the marker lines, then build again"
_TWO_NAMES = (
    "a second name for these notes: keep the `source` line of the branch that others have, delete the other one"
)
_MIXED = "this line is of an older ankigen: build with this one on both branches, commit, then merge them again"
_NO_VERSION = f"the line that names the version is missing: {_RESTORE}"
_NO_SOURCE = f"the line that names the source is missing: {_RESTORE}"
_CUT_OFF = f"the end of the file is missing: {_RESTORE}"
_CUT_OUT = f"lines are missing above this one: {_RESTORE}"
_LOST = f"the line of this note is missing: {_RESTORE}"
_UNLISTED = f"this note is missing in the second half of the file: {_RESTORE}"


class _Form(Struct, frozen=True):
    """A version of the file format: its heads and their order, and the number of columns in a note's line.

    In a format that `is_checked`, the last column of a line is its check, and each GUID is in the second half.
    """

    version: str
    heads: dict[str, int]
    columns: int
    is_checked: bool


def _ordered(*heads: str) -> dict[str, int]:
    return {head: position for position, head in enumerate(heads)}


_FIRST = _Form("1", _ordered(*_ENTRY_HEADS.values()), lock_lines.FIRST_COLUMNS, is_checked=False)
_TODAYS = _Form("2", _ordered(*_ENTRY_HEADS.values(), *_LIST_HEADS.values()), lock_lines.COLUMNS + 1, is_checked=True)
_WITH_NOTE_TYPES = _Form("3", _TODAYS.heads, _TODAYS.columns, is_checked=True)
"""The format of locks with the user's own note types: an older ankigen, which cannot read them, stops."""
_FORMS = {form.version: form for form in (_FIRST, _TODAYS, _WITH_NOTE_TYPES)}


def new_lock(source_id: SourceId | None = None) -> Lock:
    """An empty lock for a new set of notes, with this name or else a random one."""
    return Lock(source_id or SourceId(secrets.token_hex(6)), {})


def write_lock(path: Path, lock: Lock) -> None:
    """Replace the whole lock file."""
    files.replace(path, format_lock(lock).encode())


def format_lock(lock: Lock) -> str:
    """The text of the lock file, in the current format; the same lock gives the same text."""
    guids: dict[str, list[Guid]] = {section: [] for section in _SECTIONS}
    for guid in sorted(lock.identities):
        guids[_section(guid)].append(guid)
    form = _WITH_NOTE_TYPES if lock.note_types else _TODAYS
    lines = [_TITLE, f"{_VERSION}{form.version}", lock_lines.checked(f"{_SOURCE}{lock.source_id}")]
    if lock.style:
        lines.append(lock_lines.checked(lock_lines.format_style(lock.style)))
    lines += (lock_lines.checked(lock_lines.format_note_type(known)) for known in lock.note_types)
    for section, below in guids.items():
        entries = [lock_lines.checked(lock_lines.format_entry(lock.identities[guid])) for guid in below]
        lines += [_ENTRY_HEADS[section], *entries]
    for section, below in guids.items():
        lines += [_LIST_HEADS[section], *(f"{_NOTE}{guid}" for guid in below)]
    return "\n".join(lines) + "\n"


def _section(guid: Guid) -> str:
    """The section of a GUID: its first two digits, or else a hash."""
    start = guid[:2]
    return start if start in _ENTRY_HEADS else f"{zlib.crc32(guid.encode()) & 0xFF:02x}"


def parse_lock(path: Path, text: str) -> Lock:
    """Parse the text of a lock file. Raises `BrokenLock` for `path` if it is damaged or incomplete.

    Windows line ends, a byte order mark, empty lines and lines in another order are accepted.
    """
    lines = [line.removesuffix("\r") for line in text.removeprefix(_BYTE_ORDER_MARK).split("\n")]
    try:
        return _Reading(path, lines, _form(path, lines)).lock()
    except BrokenLock as failure:
        if conflict := _CONFLICT.search(text):  # it causes all other errors
            raise BrokenLock(path, text.count("\n", 0, conflict.start()) + 1, _CONFLICTING) from failure
        raise


def _form(path: Path, lines: Sequence[str]) -> _Form:
    """The format of the file."""
    written = [(number, line) for number, line in enumerate(lines, 1) if line.startswith(_VERSION)]
    if not written:
        raise BrokenLock(path, 1, _NO_VERSION)
    (_, first), *others = written
    for number, line in written:
        version = line.removeprefix(_VERSION)
        if version not in _FORMS:
            is_newer = _NUMBER.fullmatch(version) and int(version) > int(_WITH_NOTE_TYPES.version)
            newer = f"written by a newer ankigen (version {version}): update ankigen"
            raise BrokenLock(path, number, newer if is_newer else _DAMAGED)
    for number, line in others:
        if line != first:
            raise BrokenLock(path, number, _MIXED)
    return _FORMS[first.removeprefix(_VERSION)]


class _Reading:
    """The data parsed from a file so far."""

    def __init__(self, path: Path, lines: Sequence[str], form: _Form) -> None:
        self.path = path
        self.lines = lines
        self.form = form
        self.heads = 0
        self.source_id: SourceId | None = None
        self.style: Style | None = None
        self.note_types: dict[str, KnownNoteType] = {}
        self.identities: dict[Guid, Identity] = {}
        self.listed: dict[Guid, int] = {}

    def lock(self) -> Lock:
        """The parsed lock, if the file is complete."""
        for number, line in enumerate(self.lines, 1):
            try:
                self._read(number, line)
            except ValueError as failure:
                raise BrokenLock(self.path, number, _DAMAGED) from failure
        last = len(self.lines) if self.lines[-1] else max(1, len(self.lines) - 1)
        if self.heads < len(self.form.heads):
            self._refuse(last, _CUT_OFF)
        if self.source_id is None:
            self._refuse(1, _NO_SOURCE)
        if self.form.is_checked:
            self._compare_halves()
        return Lock(
            self.source_id,
            self.identities,
            self.style,
            is_in_old_form=self.form is _FIRST,
            note_types=tuple(self.note_types[name] for name in sorted(self.note_types)),
        )

    def _read(self, number: int, line: str) -> None:
        """Parse a line. Raises `ValueError` if it is damaged. Most lines are notes, so these come first."""
        position = self.form.heads.get(line)
        if position is not None:
            if position > self.heads:
                self._refuse(number, _CUT_OUT)
            self.heads = max(self.heads, position + 1)
        elif line.startswith(_NOTE) and self.form.is_checked:
            self.listed[lock_lines.read_guid(line.removeprefix(_NOTE))] = number
        elif line.count("\t") == self.form.columns - 1:
            identity = lock_lines.read_entry(self._body(line))
            self.identities[identity.guid] = _newer(self.identities.get(identity.guid), identity)
        elif line and not line.startswith(_VERSION) and not self._is_comment(line):
            self._read_name_or_style(number, line)

    def _body(self, line: str) -> str:
        """The line without its check. Raises `ValueError` if the check is wrong."""
        return lock_lines.body_of(line) if self.form.is_checked else lock_lines.of_first_form(line)

    def _is_comment(self, line: str) -> bool:
        return line == _TITLE or (not self.form.is_checked and line.startswith("#"))

    def _read_name_or_style(self, number: int, line: str) -> None:
        try:
            body = self._body(line)
        except ValueError:
            if line.count("\t") == _FIRST.columns - 1:
                self._refuse(number, _MIXED)
            raise
        if body.startswith(_SOURCE):
            source_id = lock_lines.read_source(body.removeprefix(_SOURCE))
            if self.source_id not in {None, source_id}:
                self._refuse(number, _TWO_NAMES)
            self.source_id = source_id
        elif body.startswith(_NOTE_TYPE) and self.form is _WITH_NOTE_TYPES:
            known = lock_lines.read_note_type(body)
            other = self.note_types.get(known.name, known)
            self.note_types[known.name] = known if other.changed <= known.changed else other
        else:
            style = lock_lines.read_style(body)
            if self.style is None or self.style.changed <= style.changed:
                self.style = style

    def _compare_halves(self) -> None:
        """Check that each note is in both halves: a manual merge may lose a line of either."""
        for guid, number in self.listed.items():
            if guid not in self.identities:
                self._refuse(number, _LOST)
        for guid in self.identities:
            if guid not in self.listed:
                entry = (number for number, line in enumerate(self.lines, 1) if line.startswith(f"{guid}\t"))
                self._refuse(next(entry), _UNLISTED)

    def _refuse(self, number: int, fault: str) -> NoReturn:
        raise BrokenLock(self.path, number, fault)


def read_lock(path: Path) -> Lock | None:
    """Return the parsed lock file, or `None` if there is none.

    Raises `BrokenLock` if it is damaged, `CannotRead` if it cannot be opened.
    """
    text = read_lock_text(path)
    return None if text is None else parse_lock(path, text)


def read_lock_text(path: Path) -> str | None:
    """Return the text of the lock file, or `None` if there is none; otherwise like `read_lock`."""
    try:
        return lock_text(path, files.read(path, path.parent))
    except CannotRead as failure:
        if isinstance(failure.__cause__, FileNotFoundError):
            return None
        raise


def lock_text(path: Path, content: bytes) -> str:
    """Decode the content of a lock file. Raises `BrokenLock` if it is not text."""
    try:
        return content.decode()
    except UnicodeDecodeError as failure:
        raise BrokenLock(path, 1, f"this is not text: {_RESTORE}") from failure


def _newer(first: Identity | None, second: Identity) -> Identity:
    """The later of two lines for a note: a merge that kept both sides may have a note twice."""
    return second if first is None or first.modified <= second.modified else first
