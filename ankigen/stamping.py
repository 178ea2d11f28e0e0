"""Where does Logseq write `id::`, and how does a file look with it? Every other byte stays as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import Path

from ankigen import files, outline
from ankigen.data import Block
from ankigen.errors import CannotRead, ChangedMeanwhile

_CODECS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BULLET = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>-(?:[ \t]+|$))?")
_DRAWER_PROPERTY = re.compile(r"[ \t]*:[^\s:]+:(?:[ \t]|\r?$)")
_CONTINUED = "  "


def read(path: Path) -> bytes:
    """Return what the file holds now, to be compared before it is replaced."""
    try:
        return path.read_bytes()
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def write(path: Path, before: bytes, ids: Mapping[int, str]) -> None:
    """Replace the file by one with the ids, unless it is no longer what it was `before`."""
    after = stamped(before, ids)
    if read(path) != before:
        raise ChangedMeanwhile(path)
    files.replace(path, after)


def without_id(data: bytes, lines: Iterable[int]) -> set[int]:
    """Those of the lines that begin a block without any `id::`: one that is no UUID is the author's to mend."""
    mark, codec = _encoding(data)
    blocks = _blocks(data[len(mark) :].decode(codec))
    return {line for line in lines if all(one.key != "id" for one in blocks[line].properties)}


def stamped(data: bytes, ids: Mapping[int, str]) -> bytes:
    """The file with an `id::` in each block that begins on one of the lines (from 1)."""
    mark, codec = _encoding(data)
    return mark + _stamped(data[len(mark) :].decode(codec), ids).encode(codec)


def _encoding(data: bytes) -> tuple[bytes, str]:
    mark = next((mark for mark in _CODECS if data.startswith(mark)), b"")
    return mark, _CODECS.get(mark, "utf-8")


def _stamped(text: str, ids: Mapping[int, str]) -> str:
    """An id goes behind the block's properties or below its first line; on top where that line opens a fence.

    What opens there is seen by trying: below such a line the id would be code, and the block would have none.
    """
    blocks = _blocks(text)
    below = _with_ids(text, blocks, ids, on_top=set())
    after = _blocks(below)
    found = {line for above, line in enumerate(sorted(ids)) if _has_id(after, line + above, ids[line])}
    return _with_ids(text, blocks, ids, on_top=ids.keys() - found)


def _blocks(text: str) -> dict[int, Block]:
    page = outline.parse(text, "", "")
    return {block.line: block for root in page.blocks for block in root.walk()}


def _has_id(blocks: Mapping[int, Block], line: int, id: str) -> bool:
    return line in blocks and any((one.key, one.value) == ("id", id) for one in blocks[line].properties)


def _with_ids(text: str, blocks: Mapping[int, Block], ids: Mapping[int, str], on_top: AbstractSet[int]) -> str:
    lines = _lines(text)
    for line in sorted(ids, reverse=True):
        if line in on_top:
            _put_on_top(lines, line, ids[line])
        else:
            _put_below(lines, _place(blocks[line]), line, ids[line])
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one, as everywhere in the notes."""
    *ended, last = text.split("\n")
    return [*(f"{line}\n" for line in ended), *([last] if last else [])]


def _place(block: Block) -> int:
    """The last line of the block's first group of properties, else its first line."""
    lines = [one.line for one in block.properties]
    for line, following in pairwise(lines):
        if following != line + 1:
            return line
    return lines[-1] if lines else block.line


def _put_on_top(lines: list[str], line: int, id: str) -> None:
    first = lines[line - 1]
    start = _BULLET.match(first)
    assert start is not None, "the pattern matches any line"
    indent = start["indent"] + _CONTINUED
    lines[line - 1] = f"{first[: start.end()]}id:: {id}{_end(lines, line)}{indent}{first[start.end() :]}"


def _put_below(lines: list[str], place: int, first: int, id: str) -> None:
    above = lines[place - 1]
    start = _BULLET.match(above)
    assert start is not None, "the pattern matches any line"
    indent = start["indent"] + (_CONTINUED if place == first and start["bullet"] else "")
    text = f":id: {id}" if place != first and _DRAWER_PROPERTY.match(above) else f"id:: {id}"
    end = _end(lines, place)
    is_ended = above.endswith("\n")
    lines.insert(place, f"{indent}{text}{end}" if is_ended else f"{end}{indent}{text}")


def _end(lines: list[str], line: int) -> str:
    """How the line ends; the last one, which may have no end, as the one above it."""
    ended = next((one for one in (lines[line - 1], *lines[:1]) if one.endswith("\n")), "\n")
    return "\r\n" if ended.endswith("\r\n") else "\n"
