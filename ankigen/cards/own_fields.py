"""The fields of a card with the user's own note type: which block or property fills which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ankigen.cards.instructions import Instructions
from ankigen.cards.question_and_answer import Sides
from ankigen.cards.surroundings import Surroundings, value_of
from ankigen.config import Config
from ankigen.data import Block, CardBlock, Line, OwnNoteType, Page, Position, Problem, Property, Severity, Spot
from ankigen.support.normal_forms import property_key, unquoted
from ankigen.support.structs import Struct, replace
from ankigen.syntax import clozes, tracing
from ankigen.syntax.words import BOOKKEEPING

NOTE_TYPE = "note-type"
_BUILT_IN = frozenset({"basic", "cloze", "ankigen-basic", "ankigen-cloze"})
_LABEL = re.compile(
    r"[ \t]*+(?:#{1,6}[ \t]++)?(?P<bold>(?:\*\*|__)?)[ \t]*+(?P<name>[^:*\s][^:*\n]{0,99}?)[ \t]*+"
    r"(?:(?P<colon>:)[ \t]*+(?P=bold)|(?P=bold)[ \t]*+(?P<behind>:)|(?P=bold)[ \t]*+\Z)[ \t]*+"
)
"""A field's name at the beginning of a block: bare, bold, as a heading, with a colon inside or after it."""
_EXTRA = "extra"


def asked_type(
    block: Block, surroundings: Surroundings, instructions: Instructions, own: Sequence[OwnNoteType]
) -> Asked:
    """The note type of a block: by its own property, by a tag of the type, or inherited."""
    written = value_of(block.properties, NOTE_TYPE)
    if not written:
        tagged = next((made for made in own if not instructions.pages.isdisjoint(made.tags)), None)
        if tagged is not None:
            return Asked(tagged)
        written = surroundings.value(block, NOTE_TYPE)
    if not written:
        return Asked()
    name = _name_in(written)
    named = next((made for made in own if property_key(made.name) == property_key(name)), None)
    if named is not None or property_key(name) in _BUILT_IN:
        return Asked(named)
    return Asked(None, name)


class Asked(Struct, frozen=True):
    """The user's note type, or the name of a missing one; neither for ankigen's own types."""

    own: OwnNoteType | None = None
    unknown: str = ""


def _name_in(value: str) -> str:
    name = unquoted(value)
    return name.removeprefix("#").removeprefix("[[").removesuffix("]]").strip()


class FieldParts(Struct, frozen=True):
    """The text of the first field, and the blocks of all fields in order, with the number of each."""

    question: Block
    blocks: tuple[Block, ...]
    parts: tuple[tuple[str, int], ...]

    def hiding(self, own: OwnNoteType) -> FieldParts:
        """The same with clozes only in fields that ask for them, and shown in all others."""
        names = [name for name, count in self.parts for _ in range(count)]
        blocks = [
            block if name in own.hiding else clozes.plain_block(block)
            for name, block in zip(names, self.blocks, strict=True)
        ]
        question = self.question if own.fields[0] in own.hiding else clozes.plain_block(self.question)
        return FieldParts(question, tuple(blocks), self.parts)


def field_parts(block: Block, sides: Sides, own: OwnNoteType, config: Config) -> FieldParts:
    """Split a card into the fields of its note type."""
    names = {property_key(name): name for name in own.fields}
    filled: dict[str, list[Block]] = {name: [] for name in own.fields}
    for prop in _field_properties(block, names, config):
        filled[names[prop.key]].append(_as_block(prop))
    for child in sides.answer:
        labelled = _labelled(child, names)
        name, blocks = labelled or (own.rest, (child,))
        filled[name] += blocks
    filled[names.get(_EXTRA, own.rest)] += sides.extra
    parts = tuple((name, len(blocks)) for name, blocks in filled.items())
    return FieldParts(sides.question, tuple(inner for blocks in filled.values() for inner in blocks), parts)


def _field_properties(block: Block, names: Mapping[str, str], config: Config) -> Iterator[Property]:
    """The block's own properties that fill a field, without those for programs."""
    for prop in block.properties:
        if prop.key in names and prop.value and prop.key not in BOOKKEEPING and prop.key != config.id_property:
            yield prop


def _as_block(prop: Property) -> Block:
    return Block(prop.line, prop.line, 1, (Line(prop.line, 1, prop.value),))


def label_of(text: str) -> re.Match[str] | None:
    """The start of a line that may be a field's `name`."""
    return _LABEL.match(text)


def _labelled(block: Block, names: Mapping[str, str]) -> tuple[str, tuple[Block, ...]] | None:
    """The field that a block names at its beginning, and its content; `None` if it names none."""
    if not block.lines:
        return None
    first = block.lines[0]
    label = label_of(first.text)
    if label is None:
        return None
    name = names.get(property_key(label["name"].strip()))
    if name is None:
        return None
    said = first.text[label.end() :]
    rest = (Line(first.number, first.column + label.end(), said),) if said else ()
    lines = (*rest, *block.lines[1:])
    if not any(line.text.strip() for line in lines):
        return name, block.children
    return name, (replace(block, lines=lines, properties=(), is_bullet=block.is_bullet),)


def faults(page: Page, block: Block, sides: Sides, own: OwnNoteType, config: Config) -> Iterator[Problem]:
    """Problems with the fields of a card: a field set twice, and a property that may be misspelt."""
    names = {property_key(name): name for name in own.fields}
    seen: dict[str, int] = {own.fields[0]: block.line}
    said = [(names[prop.key], prop.line) for prop in _field_properties(block, names, config)]
    labelled = ((_labelled(child, names), child.line) for child in sides.answer)
    said += [(label[0], line) for label, line in labelled if label]
    for name, line in said:
        if name in seen:
            message = f"{name} is said on line {seen[name]} already: both are shown; say it in one place"
            yield _at(page, line).problem(Severity.WARNING, "field-twice", message)
        seen.setdefault(name, line)
    for prop in block.properties:
        is_unknown = prop.key not in names and prop.key not in BOOKKEEPING and prop.key != config.id_property
        if is_unknown and (close := _close(prop.key, names)):
            message = f"{prop.key} is no field of {own.name}: did you mean {names[close]}?"
            yield tracing.trace_property(page.path, page.source, prop).problem(
                Severity.WARNING, "field-unknown", message
            )


def unknown_type(card: CardBlock, asked: Asked, own: Sequence[OwnNoteType]) -> Iterator[Problem]:
    """The problem of a card whose note type does not exist."""
    if asked.own is not None and asked.own.fault:
        message = f"the note type {asked.own.name} cannot be used: fix {asked.own.fault}"
    elif asked.unknown:
        import difflib  # noqa: PLC0415 - most names are right

        close = difflib.get_close_matches(asked.unknown, [made.name for made in own], n=1)
        advice = f"did you mean {close[0]}?" if close else f"put its files into note_types/{asked.unknown}"
        message = f"there is no note type {asked.unknown}: {advice}"
    else:
        return
    yield _asking_spot(card).problem(Severity.ERROR, "note-type-unknown", message)


def _asking_spot(card: CardBlock) -> Spot:
    """The property with the note type, if it is on the block; else the block's text."""
    for prop in card.block.properties:
        if prop.key == NOTE_TYPE:
            return tracing.trace_property(card.page.path, card.page.source, prop)
    return tracing.trace_question(card)


def _at(page: Page, line: int) -> Spot:
    return Spot(Position(page.path, line))


def _close(key: str, names: Iterable[str]) -> str | None:
    """The name that differs from a key by one letter: added, missing, changed, or two swapped."""
    return next((name for name in names if len(name) > 2 and _is_one_letter_away(key, name)), None)


def _is_one_letter_away(key: str, name: str) -> bool:
    start = 0
    while start < min(len(key), len(name)) and key[start] == name[start]:
        start += 1
    end = 0
    while end < min(len(key), len(name)) - start and key[-1 - end] == name[-1 - end]:
        end += 1
    left, right = key[start : len(key) - end], name[start : len(name) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == len(right) == 2 and left == right[::-1])
