"""Formats and parses the lines of `ankigen.lock`: a column that ankigen would not write means damage.

A lock file may come with the notes of a stranger, and its data goes into packages: a GUID with a field separator, or a
note created at 0, would break a reader's collection.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from typing import Annotated

from ankigen.data import ClozeNumber, Guid, Identity, KindName, KnownNoteType, SourceId, Style
from ankigen.support.guids import is_plain_guid
from ankigen.support.structs import Meta, from_json
from ankigen.syntax.words import UUID

LATEST = 2**33 - 1
"""In seconds since 1970. Clocks later than 2106 are refused, so a note can still become newer than that."""

_NOTHING = "-"
_SOURCE = re.compile(r"[0-9a-f]{12}")
_SECONDS = r"[1-9][0-9]{0,9}"
_MILLISECONDS = r"[1-9][0-9]{0,12}"
_DIGEST = r"[0-9a-f]{16}"
# A GUID is plain, so that HTML fields and Anki searches read it as one word.
_GUID = r"[0-9A-Za-z%-]{1,768}"
_COLUMNS = (
    _GUID,
    rf"{_NOTHING}|{UUID}",
    r"[a-z][a-z-]{0,31}",  # any kind: a later ankigen may know more, and their notes must not be lost here
    r"[^\t]*",  # the page
    r"0|[1-9][0-9]{0,8}",  # the ordinal
    r"[^\t]{0,80}",  # the question
    _DIGEST,
    _DIGEST,
    _DIGEST,
    _MILLISECONDS,  # created
    _SECONDS,  # modified
    rf"{_NOTHING}|{_SECONDS}",  # removed
    rf"{_NOTHING}|\[.+\]",  # the clozes, in JSON
    rf"{_NOTHING}|0|-?[1-9][0-9]{{0,15}}",  # the place
)
COLUMNS = len(_COLUMNS)
FIRST_COLUMNS = COLUMNS - 1
"""The first format of the file has no place."""
_ENTRY = re.compile("\t".join(f"({column})" for column in _COLUMNS))
_STYLE = re.compile(rf"style\t({_DIGEST})\t({_SECONDS})")
_NOTE_TYPE = re.compile(
    rf"note type\t([^\t]{{1,200}})\t({_MILLISECONDS})\t(basic|cloze)\t({_DIGEST})\t({_SECONDS})\t(\[.+\])\t(\[.+\])"
)
_JSON = json.JSONEncoder(ensure_ascii=False)
_Clozes = list[tuple[Annotated[int, Meta(ge=-(2**31), le=2**31)], str]]


def checked(body: str) -> str:
    """A line with a check at its end that detects any flipped byte."""
    return f"{body}\t{_check(body)}"


def body_of(line: str) -> str:
    """The line without its check. Raises `ValueError` if the check is wrong."""
    body, _, check = line.rpartition("\t")
    if check != _check(body):
        raise ValueError(line)
    return body


def of_first_form(line: str) -> str:
    """A line of the first format as one of the current format, without a place."""
    return f"{line}\t{_NOTHING}" if line.count("\t") == FIRST_COLUMNS - 1 else line


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def format_entry(identity: Identity) -> str:
    """The line of a note, without a check."""
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
        _NOTHING if identity.place is None else str(identity.place),
    )
    return "\t".join(columns)


def read_entry(body: str) -> Identity:
    """The note in a line. Raises `ValueError` if a column has something that ankigen never writes there."""
    found = _ENTRY.fullmatch(body)
    if found is None:
        raise ValueError(body)
    guid, id, kind, page, ordinal, question, question_digest, answer_digest, content_digest, *rest = found.groups()
    created, modified, removed, clozes, place = rest
    return Identity(
        guid=read_guid(guid),
        id=None if id == _NOTHING else id,
        kind=KindName(kind),
        page=page,
        ordinal=int(ordinal),
        question=question,
        question_digest=question_digest,
        answer_digest=answer_digest,
        content_digest=content_digest,
        created=_at_most(int(created), LATEST * 1000),
        modified=_at_most(int(modified), LATEST),
        removed=None if removed == _NOTHING else _at_most(int(removed), LATEST),
        clozes=() if clozes == _NOTHING else _read_clozes(clozes),
        place=None if place == _NOTHING else int(place),
    )


def format_style(style: Style) -> str:
    """The line of the style, without a check."""
    return f"style\t{style.digest}\t{style.changed}"


def read_style(text: str) -> Style:
    """Parse the line of the style. Raises `ValueError`."""
    found = _STYLE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Style(found[1], _at_most(int(found[2]), LATEST))


def format_note_type(known: KnownNoteType) -> str:
    """The line of one of the user's note types, without a check."""
    columns = (
        known.name,
        str(known.id),
        "cloze" if known.is_cloze else "basic",
        known.digest,
        str(known.changed),
        _JSON.encode(known.fields),
        _JSON.encode(known.cards),
    )
    return "\t".join(("note type", *columns))


def read_note_type(text: str) -> KnownNoteType:
    """Parse the line of a note type. Raises `ValueError`."""
    found = _NOTE_TYPE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return KnownNoteType(
        name=found[1],
        id=_at_most(int(found[2]), LATEST * 1000),
        is_cloze=found[3] == "cloze",
        fields=from_json(tuple[str, ...], found[6].encode()),
        cards=from_json(tuple[str, ...], found[7].encode()),
        digest=found[4],
        changed=_at_most(int(found[5]), LATEST),
    )


def read_source(text: str) -> SourceId:
    """Parse the name of a set of notes. Raises `ValueError`."""
    if not _SOURCE.fullmatch(text):
        raise ValueError(text)
    return SourceId(text)


def read_guid(text: str) -> Guid:
    """Parse a GUID in its plain form. Raises `ValueError`."""
    if not is_plain_guid(text):
        raise ValueError(text)
    return Guid(text)


def _at_most(number: int, largest: int) -> int:
    if number > largest:
        raise ValueError(number)
    return number


def _format_clozes(clozes: Iterable[ClozeNumber]) -> str:
    """In reading order; numbers that are no longer used are negative."""
    pairs = [[cloze.number if cloze.is_used else -cloze.number, cloze.answer] for cloze in clozes]
    return _JSON.encode(pairs)


def _read_clozes(text: str) -> tuple[ClozeNumber, ...]:
    pairs = from_json(_Clozes, text.encode())
    if not all(number for number, _ in pairs):
        raise ValueError(text)
    return tuple([ClozeNumber(answer, abs(number), is_used=number > 0) for number, answer in pairs])
