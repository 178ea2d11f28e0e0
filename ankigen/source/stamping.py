"""Writes `id::` into notes where Logseq writes it; all other bytes stay unchanged.

In Markdown an id goes after the block's properties, else below its first line. In org-mode it goes into the properties
drawer, else into a new one below the headline and the dates of a task. If it would change the block's text there, for
example below the line that opens a fence, it goes to the top; if it would do so there as well, it is not written.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from ankigen.data import Block
from ankigen.errors import ChangedMeanwhile
from ankigen.support import files
from ankigen.syntax import outline
from ankigen.syntax.decode import encoding_of
from ankigen.syntax.words import PLANNING_WORDS, any_of

_BULLET = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>-(?:[ \t]+|$))?")
_STARS = re.compile(r"\*+[ \t]*")
_DATES = re.compile(rf"[ \t]*{any_of(PLANNING_WORDS)}:")
_DRAWER_MARK = re.compile(r"[ \t]*:(?P<name>[\w-]+):\s*$")
_DRAWER_PROPERTY = re.compile(r"[ \t]*:[^\s:]+:(?:[ \t]|\r?$)")
_CONTINUED = "  "


def write_ids(path: Path, before: bytes, ids: Mapping[int, str]) -> None:
    """Write an id into each block that begins on one of the lines; `ids` are by line.

    `before` is the content in which those lines were found. Raises `ChangedMeanwhile` if it has changed.
    """
    mark, codec = encoding_of(before)
    text = before[len(mark) :].decode(codec)
    after = _with_ids(text, path.name, ids, _placements(text, path.name, ids))
    if files.read(path) != before:
        raise ChangedMeanwhile(path)
    files.replace(path, mark + after.encode(codec))


def blocks_without_id(path: Path, data: bytes, lines: Iterable[int]) -> set[int]:
    """The lines where a block begins that has no `id::` and can get one.

    Text below a heading may be a card without being a block, so it cannot have an id. A block with an id that is not a
    UUID is not included: its author has to fix that.
    """
    mark, codec = encoding_of(data)
    text = data[len(mark) :].decode(codec)
    blocks = _blocks(text, path.name)
    begun = (line for line in lines if line in blocks)
    bare = (line for line in begun if all(prop.key != "id" for prop in blocks[line].properties))
    return set(_placements(text, path.name, {line: str(uuid.UUID(int=line)) for line in bare}))


def _placements(text: str, name: str, ids: Mapping[int, str]) -> dict[int, bool]:
    """Whether each id goes to the top, by line, without impossible ones; found by writing and parsing."""
    below = dict.fromkeys(ids, False)
    on_top = below | dict.fromkeys(_changed(text, name, ids, below), True)
    nowhere = _changed(text, name, ids, on_top)
    return {line: is_on_top for line, is_on_top in on_top.items() if line not in nowhere}


def _changed(text: str, name: str, ids: Mapping[int, str], placements: Mapping[int, bool]) -> set[int]:
    """The lines whose blocks would change, or would not have their id."""
    before = _blocks(text, name)
    after = _blocks(_with_ids(text, name, ids, placements), name).values()
    by_id = {prop.value: block for block in after for prop in block.properties if prop.key == "id"}
    return {
        line
        for line in placements
        if ids[line] not in by_id or not _is_unchanged(before[line], by_id[ids[line]], ids[line])
    }


def _is_unchanged(before: Block, after: Block, id: str) -> bool:
    """Whether only this id is new in a block, and not another one, which was the page's."""
    other_keys = [prop.key for prop in after.properties if prop.value != id]
    return after.text == before.text and other_keys == [prop.key for prop in before.properties]


def _blocks(text: str, name: str) -> dict[int, Block]:
    """The blocks by their first line; the syntax depends on the file's name."""
    page = outline.parse(text, name, "")
    return {block.line: block for root in page.blocks for block in root.walk()}


def _with_ids(text: str, name: str, ids: Mapping[int, str], placements: Mapping[int, bool]) -> str:
    blocks, lines = _blocks(text, name), _lines(text)
    put_on_top, put_below = (_put_on_top_of_org, _put_into_org) if outline.is_org(name) else (_put_on_top, _put_below)
    for line in sorted(placements, reverse=True):
        put = put_on_top if placements[line] else put_below
        put(lines, blocks[line], ids[line])
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """The lines with their line ends; only a line feed ends one, as everywhere in the notes."""
    *ended, last = text.split("\n")
    return [*(f"{line}\n" for line in ended), *([last] if last else [])]


def _put_on_top(lines: list[str], block: Block, id: str) -> None:
    first = lines[block.line - 1]
    start = _BULLET.match(first)
    assert start is not None, "the pattern matches any line"
    indent = start["indent"] + _CONTINUED
    lines[block.line - 1] = f"{first[: start.end()]}id:: {id}{_end(lines, block.line)}{indent}{first[start.end() :]}"


def _put_below(lines: list[str], block: Block, id: str) -> None:
    line = _line_above(block)
    above = lines[line - 1]
    start = _BULLET.match(above)
    assert start is not None, "the pattern matches any line"
    indent = start["indent"] + (_CONTINUED if line == block.line and start["bullet"] else "")
    is_in_drawer = line != block.line and _DRAWER_PROPERTY.match(above)
    _insert(lines, line, [f"{indent}:id: {id}" if is_in_drawer else f"{indent}id:: {id}"])


def _line_above(block: Block) -> int:
    """The line that the id goes below: the last line of the block's first group of properties, else its first line."""
    lines = [prop.line for prop in block.properties]
    for line, following in pairwise(lines):
        if following != line + 1:
            return line
    return lines[-1] if lines else block.line


def _put_on_top_of_org(lines: list[str], block: Block, id: str) -> None:
    first = lines[block.line - 1]
    stars = _STARS.match(first)
    assert stars is not None, "a block of org begins with a headline"
    drawer = "".join(f"{line}{_end(lines, block.line)}" for line in _drawer(id))
    lines[block.line - 1] = f"{stars[0]}{drawer}{first[stars.end() :]}"


def _put_into_org(lines: list[str], block: Block, id: str) -> None:
    line = block.line
    while line < block.last_line and _DATES.match(lines[line]):
        line += 1
    end = _drawer_end(lines, block, line)
    if end is None:
        _insert(lines, line, _drawer(id))
    else:
        above = next(text for text in reversed(lines[line:end]) if text.strip())  # at least the line that opens it
        _insert(lines, end, [f"{above[: len(above) - len(above.lstrip())]}:id: {id}"])


def _drawer(id: str) -> list[str]:
    return [":PROPERTIES:", f":id: {id}", ":END:"]


def _drawer_end(lines: Sequence[str], block: Block, line: int) -> int | None:
    """The line before the end of the properties drawer right below a line; `None` if there is none."""
    marks = [
        (number, mark["name"].upper())
        for number in range(line, block.last_line)
        if (mark := _DRAWER_MARK.match(lines[number]))
    ]
    match marks[:2]:
        case [(start, "PROPERTIES"), (end, "END")] if start == line:
            return end
        case _:
            return None


def _insert(lines: list[str], line: int, texts: Sequence[str]) -> None:
    """Put new lines below a line, counted from 1."""
    end = _end(lines, line)
    is_ended = lines[line - 1].endswith("\n")
    lines.insert(line, "".join(f"{text}{end}" if is_ended else f"{end}{text}" for text in texts))


def _end(lines: Sequence[str], line: int) -> str:
    """The line end of a line, counted from 1; the last one, which may lack it, uses that of the first."""
    ended = next((text for text in (lines[line - 1], *lines[:1]) if text.endswith("\n")), "\n")
    return "\r\n" if ended.endswith("\r\n") else "\n"
