"""Rewrites the plugin's drawings as `area::` below the card, in the file's style; other bytes stay unchanged.

The result is parsed before it is written: if the card would change, it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ankigen.data import Block
from ankigen.errors import ChangedMeanwhile
from ankigen.support import files
from ankigen.support.structs import Struct
from ankigen.syntax import outline
from ankigen.syntax.decode import encoding_of

_DRAWN = "occlusion"
_AREA = "area"
_HIDES_ALL = " #hide-all-test-one"
_INDENT = re.compile(r"[ \t]*")
_STARS = re.compile(r"\*+")
_BULLET = re.compile(r"[ \t]*-(?:[ \t]|$)")


class DrawnParts(Struct, frozen=True):
    """The parts of one card, each with its name and areas, and whether all are hidden while one is asked."""

    areas: tuple[tuple[str, str], ...]
    hides_all: bool


def write_areas(path: Path, before: bytes, cards: Mapping[int, DrawnParts]) -> int:
    """Write the areas of the cards that begin on these lines, and return the number of cards.

    `before` is the content in which they were found. Raises `ChangedMeanwhile` if it has changed.
    """
    mark, codec = encoding_of(before)
    text = before[len(mark) :].decode(codec)
    count = 0
    for line in sorted(cards, reverse=True):
        after = _unfolded(text, path.name, line, cards[line])
        if after is not None and _says_the_same(text, after, path.name, line, cards[line]):
            text, count = after, count + 1
    if count:
        if files.read(path) != before:
            raise ChangedMeanwhile(path)
        files.replace(path, mark + text.encode(codec))
    return count


def _blocks(text: str, name: str) -> dict[int, Block]:
    page = outline.parse(text, name, "")
    return {block.line: block for root in page.blocks for block in root.walk()}


def _unfolded(text: str, name: str, line: int, parts: DrawnParts) -> str | None:
    block = _blocks(text, name).get(line)
    drawn = next((prop for prop in block.properties if prop.key == _DRAWN), None) if block else None
    lines = text.split("\n")
    if block is None or drawn is None or drawn.line == line:
        return None
    end = "\r" if lines[line - 1].endswith("\r") else ""
    below = [f"{written}{end}" for written in _below(lines, block, parts, is_org=outline.is_org(name))]
    last = block.last_line
    while last > line and not lines[last - 1].strip():
        last -= 1
    if last == len(lines) and end:
        lines[-1] += end
        below[-1] = below[-1].removesuffix(end)
    lines[last:last] = below
    del lines[drawn.line - 1]
    if parts.hides_all and _HIDES_ALL.strip() not in block.text:
        lines[line - 1] = f"{lines[line - 1].removesuffix(end)}{_HIDES_ALL}{end}"
    return "\n".join(lines)


def _below(lines: Sequence[str], block: Block, parts: DrawnParts, *, is_org: bool) -> Iterator[str]:
    first = lines[block.line - 1]
    if is_org:
        stars = _STARS.match(first)
        for name, areas in parts.areas:
            yield from (f"{stars[0] if stars else ''}* {name}", ":PROPERTIES:", f":{_AREA}: {areas}", ":END:")
        return
    indent = _indent(lines[block.children[0].line - 1]) if block.children else _deeper(first)
    for name, areas in parts.areas:
        yield from (f"{indent}- {name}", f"{indent}  {_AREA}:: {areas}")


def _deeper(first: str) -> str:
    return _indent(first) + "\t" if _BULLET.match(first) else ""


def _indent(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found else ""


def _says_the_same(before: str, after: str, name: str, line: int, parts: DrawnParts) -> bool:
    """Whether only the parts below the card are new, and only the plugin's property is gone."""
    old, new = _blocks(before, name)[line], _blocks(after, name).get(line)
    if new is None or new.text.replace(_HIDES_ALL, "") != old.text.replace(_HIDES_ALL, ""):
        return False
    kept = [(prop.key, prop.value) for prop in old.properties if prop.key != _DRAWN]
    children, count = new.children, len(parts.areas)
    written = [(child.text, prop.value) for child in children[:count] for prop in child.properties if prop.key == _AREA]
    said = [text for child in children[count:] for text in child.texts()]
    return (
        [(prop.key, prop.value) for prop in new.properties] == kept
        and written == list(parts.areas)
        and said == [text for child in old.children for text in child.texts()]
    )
