"""Writes drawn parts of a picture as `area::` lines below the card; all other lines stay unchanged.

The result is parsed before it is written: if anything else would change, nothing is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ankigen.data import Block
from ankigen.errors import AreasRefused, ChangedMeanwhile
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.structs import Struct
from ankigen.syntax import occlusions, outline
from ankigen.syntax.decode import encoding_of

_AREA = "area"
_DIGITS = 16
_INDENT = re.compile(r"[ \t]*")
_BULLET = re.compile(r"[ \t]*[-*+](?:[ \t]|$)")
_AREA_LINE = re.compile(r"(?P<head>[ \t]*(?:[-*+][ \t]+)?area::[ \t]*).*", re.IGNORECASE)


class DrawnPart(Struct, frozen=True):
    """A part of a picture: its name, its areas as written, and the line of its block, or 0 if it is new."""

    name: str
    area: str
    line: int = 0


class CardParts(Struct, frozen=True):
    """The parts of the card at a line; `digest` is of the file that they were read from."""

    digest: str
    parts: tuple[DrawnPart, ...]


def read_parts(path: Path, line: int) -> CardParts:
    """Read the parts of a card's picture. Raises `AreasRefused` if they cannot be drawn."""
    data = files.read(path)
    block = _card(_text(data), path, line)
    return CardParts(content_hash(data, _DIGITS), tuple(_parts_of(block)))


def write_parts(path: Path, line: int, drawn: CardParts) -> None:
    """Replace the parts of the card; parts that are no longer named are removed.

    Raises `ChangedMeanwhile` if the file changed since the parts were read, and `AreasRefused`.
    """
    data = files.read(path)
    if content_hash(data, _DIGITS) != drawn.digest:
        raise ChangedMeanwhile(path)
    mark, codec = encoding_of(data)
    before = data[len(mark) :].decode(codec)
    block = _card(before, path, line)
    for part in drawn.parts:
        _require_sound(part)
    after = _with_parts(before, block, drawn.parts)
    _require_nothing_else_changed(path, line, before, after, drawn.parts)
    if after != before:
        files.replace(path, mark + after.encode(codec))


def _text(data: bytes) -> str:
    mark, codec = encoding_of(data)
    return data[len(mark) :].decode(codec)


def _card(text: str, path: Path, line: int) -> Block:
    if outline.is_org(path.name):
        raise AreasRefused("parts are drawn in Markdown; in an org page, write the `area` property by hand")
    block = _blocks(text, path.name).get(line)
    if block is None:
        raise AreasRefused(f"no block begins on line {line} of {path.name}")
    if any(prop.key == "occlusion" for prop in block.properties):
        raise AreasRefused("a plugin drew this: `ankigen occlude --convert` first makes lines of it")
    return block


def _blocks(text: str, name: str) -> dict[int, Block]:
    page = outline.parse(text, name, "")
    return {block.line: block for root in page.blocks for block in root.walk()}


def _parts_of(card: Block) -> Iterator[DrawnPart]:
    for child in card.children:
        for block in child.walk():
            area = next((prop.value for prop in block.properties if prop.key == _AREA), None)
            if area is not None and occlusions.is_area(area, card.text):
                yield DrawnPart(" ".join(block.text.split()), area, block.line)


def _require_sound(part: DrawnPart) -> None:
    read = occlusions.read_areas(part.area)
    if read.faults:
        raise AreasRefused(read.faults[0].message)
    if not part.name.strip() or "\n" in part.name or part.name != " ".join(part.name.split()):
        raise AreasRefused("a part needs a name, on one line")


def _with_parts(text: str, card: Block, parts: Sequence[DrawnPart]) -> str:
    lines = text.split("\n")
    end = "\r" if lines[card.line - 1].endswith("\r") else ""
    blocks = {block.line: block for child in card.children for block in child.walk()}
    known = {part.line: part for part in _parts_of(card)}
    wanted = {part.line: part for part in parts if part.line}
    if unknown := wanted.keys() - known.keys():
        raise AreasRefused(f"no part begins on line {min(unknown)}")
    new = [part for part in parts if not part.line]
    last = max((below.last_line for line in wanted for below in blocks[line].walk()), default=0)
    insert_at = last or _end_of_own_lines(lines, card)
    below = [f"{written}{end}" for part in new for written in _written(lines, card, part)]
    if below and insert_at == len(lines) and end:
        lines[-1] += end
        below[-1] = below[-1].removesuffix(end)
    lines[insert_at:insert_at] = below
    for line in sorted(known, reverse=True):  # from the end, so that the line numbers above stay valid
        _change(lines, blocks[line], known[line], wanted.get(line))
    return "\n".join(lines)


def _end_of_own_lines(lines: Sequence[str], card: Block) -> int:
    """The number of the last line of the block itself, after which its first child may begin."""
    last = min((child.line for child in card.children), default=card.last_line + 1) - 1
    while last > card.line and not lines[last - 1].strip():
        last -= 1
    return last


def _written(lines: Sequence[str], card: Block, part: DrawnPart) -> tuple[str, str]:
    first = lines[card.line - 1]
    deeper = f"{_indent(first)}\t" if _BULLET.match(first) else ""
    indent = _indent(lines[card.children[0].line - 1]) if card.children else deeper
    return f"{indent}- {part.name}", f"{indent}  {_AREA}:: {part.area}"


def _indent(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found else ""


def _change(lines: list[str], block: Block, before: DrawnPart, after: DrawnPart | None) -> None:
    """Give a part its new name and areas, or remove it: with its block, if that contains nothing else."""
    number = next(prop.line for prop in block.properties if prop.key == _AREA)
    end = "\r" if lines[number - 1].endswith("\r") else ""
    if after is None:
        is_alone = not block.children and len(block.properties) == 1 and len(block.lines) <= 1
        start, stop = (block.line - 1, block.last_line) if is_alone else (number - 1, number)
        while is_alone and stop - 1 > start and not lines[stop - 1].strip():
            stop -= 1
        del lines[start:stop]
        return
    if after.area != before.area:
        found = _AREA_LINE.match(lines[number - 1])
        if found is None:
            raise AreasRefused(f"line {number} is written in a way that only you can change")
        lines[number - 1] = f"{found['head'].rstrip()} {after.area}{end}"
    if after.name != before.name:
        first = lines[block.line - 1]
        if len(block.lines) != 1 or not first.rstrip("\r").endswith(block.lines[0].text) or block.line == number:
            raise AreasRefused(
                f"the name on line {block.line} is more than one line of words: change it in your editor"
            )
        lines[block.line - 1] = first.rstrip("\r").removesuffix(block.lines[0].text) + after.name + end


def _require_nothing_else_changed(path: Path, line: int, before: str, after: str, parts: Sequence[DrawnPart]) -> None:
    old, new = _blocks(before, path.name), _blocks(after, path.name)
    card = new.get(line)
    said = [] if card is None else [(part.name, part.area) for part in _parts_of(card)]
    wanted = sorted((part.name, part.area) for part in parts)
    if sorted(said) != wanted or not _say_the_same(old, new, line):
        raise AreasRefused("your notes would say something else besides, so nothing was written")


def _say_the_same(old: Mapping[int, Block], new: Mapping[int, Block], line: int) -> bool:
    """Whether all blocks except the parts are unchanged; a part with children may remain as a block."""
    before, after = _others(old, line), _others(new, line)
    left = after - before
    return not before - after and left <= Counter(part.name for part in _parts_of(old[line]))


def _others(blocks: Mapping[int, Block], line: int) -> Counter[str]:
    parts = {part.line for part in _parts_of(blocks[line])}
    return Counter(block.text for number, block in blocks.items() if number not in parts)
