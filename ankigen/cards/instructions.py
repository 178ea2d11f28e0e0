"""The instructions to ankigen on a block, and its text without them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from functools import lru_cache

from ankigen.config import Config
from ankigen.data import Block, Line, Property
from ankigen.support.normal_forms import page_key, unquoted
from ankigen.support.structs import Struct, replace
from ankigen.syntax import tags
from ankigen.syntax.spans import clean
from ankigen.syntax.tags import Reference
from ankigen.syntax.words import BOOKKEEPING, BOOKKEEPING_PREFIXES, PAGE_NAME, UNSEEN

CARD = "card"
"""Logseq's own page of cards: a link to it, or to a page of its namespace, counts like the tag."""

GROUP = "card-group"
CHOICE = "choice"
DIRECTION_TAGS = frozenset({"forward", "reversed", "reverse", "bidirectional"})
_GROUPED = DIRECTION_TAGS | {"incremental"}
OPTION_TAGS = _GROUPED | frozenset(
    {
        GROUP,
        "type-in",
        CHOICE,
        "no-shuffle",
        "hide-all-test-one",
        "hide-when-card-parent",
        "hide-all-card-parent",
        "no-anki-sync",
    }
)
_DEPTH_TAG = re.compile(r"depth-(?P<levels>\d{1,2})")
_LIST_ITEM = re.compile(rf"(?:\[\[{PAGE_NAME}\]\]|[^,，])+")
_NESTING = re.compile(r"::|/")
_PAGE = re.compile(rf"\[\[(?P<page>{PAGE_NAME})\]\]")
_BLANKS = re.compile(r"\s+")
_LEAD = re.compile(r"[ \t]*(?:#+[ \t]+)?")
_LEAD_ALONE = re.compile(r"[ \t]*#+[ \t]+")
_AROUND = frozenset({"()", "[]", "{}", "**", "__", "~~", "==", "^^", '""', "''", "（）", "「」", "【】", "《》"})
_UNSEEN = f" \t{UNSEEN}"
_PICTURES = re.compile(r"(?>(?:!\[[^\]\n]*+\]\([^()\n]*+\)(?:\{[^{}\n]*+\})?\s*+)*)")
"""Pictures, which are not words: tags before them count as at the end of the line."""
_AROUND_TAGS = f"{_UNSEEN}\n\v\f\x85\u2028\u2029"
_TIGHT = frozenset(f"{_UNSEEN}\n.,;:!?)，。！？；：、）")


class Instructions(Struct, frozen=True):
    """The keys of possible instructions in a block's own text and properties, and its tags as written.

    A page link in prose is text, except links to `card`.
    """

    pages: frozenset[str]
    tags: tuple[str, ...]

    def with_group(self, group: Instructions | None) -> Instructions:
        """The instructions below a card group: the group's options apply if the child has none of that kind."""
        if group is None:
            return self
        has_options = any(name in self.pages for name in _GROUPED) or self.depth() is not None
        inherited = (
            () if has_options else (name for name in group.pages if name in _GROUPED or _DEPTH_TAG.fullmatch(name))
        )
        return replace(self, pages=self.pages | frozenset(inherited))

    def triggers(self, config: Config) -> bool:
        """Whether they make the block a card; `card/fr` refers to `card`, too."""
        return not self.pages.isdisjoint(config.card_tags)

    def depth(self) -> int | None:
        """The number of `#depth-N`, or `None`."""
        for page in self.pages:
            if tag := _DEPTH_TAG.fullmatch(page):
                return int(tag["levels"])
        return None


NO_INSTRUCTIONS = Instructions(frozenset(), ())
"""The shared value of every block without references and properties."""


def instructions_of(block: Block, config: Config) -> Instructions:
    """Collect the block's instructions."""
    references = tags.references(block.text)
    if not references and not block.properties:
        return NO_INSTRUCTIONS
    heeded = _heeded(references, config)
    links = [reference.name for reference in heeded if not reference.is_tag]
    values = [name for prop in block.properties for name in referred(prop)]
    written = tuple([reference.name for reference in heeded if reference.is_tag])
    return _instructions(tuple(links), tuple(values), written)


@lru_cache
def _instructions(links: tuple[str, ...], values: tuple[str, ...], tags: tuple[str, ...]) -> Instructions:
    """Cached: the cards of a collection have the same few tags."""
    pages = [page for name in (*tags, *values) for page in said_by(name, is_tag=True)]
    return Instructions(frozenset([*pages, *(page for name in links for page in said_by(name, is_tag=False))]), tags)


def said_by(name: str, *, is_tag: bool) -> tuple[str, ...]:
    """The keys of a reference: a tag or property value by its name, a link by `card`."""
    key = page_key(name)
    is_of_cards = f"{key}/".startswith(f"{CARD}/")
    return (CARD, key) if is_of_cards and is_tag else (CARD,) if is_of_cards else (key,) if is_tag else ()


def referred(prop: Property) -> Iterator[str]:
    """The pages that a property refers to; a quoted value is plain text."""
    if prop.key == "tags":
        return listed(prop.value)
    return iter(()) if prop.value.startswith('"') else (reference.name for reference in tags.references(prop.value))


def listed(value: str) -> Iterator[str]:
    """The items of a list in a property: `a, [[b c]] #d`, or in brackets as front matter has them.

    As in Logseq, an item with page references means these pages, whatever else it contains.
    """
    value = value if "[[" in value else value.strip().removeprefix("[").removesuffix("]")
    for item in _LIST_ITEM.findall(value):
        name = unquoted(item)
        pages = [reference.name for reference in tags.references(name)]
        yield from pages or ([name] if name else [])


def marked_line(block: Block, config: Config) -> int | None:
    """The number of the first line in the file with an instruction that makes the block a card, or says how."""
    for reference in _heeded(tags.references(block.text), config):
        if _is_mark(reference, config):
            return block.lines[block.text.count("\n", 0, reference.start)].number
    return None


def is_instruction(name: str, config: Config) -> bool:
    """Whether a tag is an instruction to ankigen."""
    return is_one_of(name, config.card_tags)


def is_one_of(name: str, card_tags: Collection[str]) -> bool:
    """Whether a tag is an instruction to ankigen, given these card tags."""
    name = page_key(name)
    return name in card_tags or name in OPTION_TAGS or _DEPTH_TAG.fullmatch(name) is not None


def with_properties(block: Block, config: Config) -> Block:
    """The block with the properties of `show_properties` below its text."""
    shown = [prop for prop in block.properties if prop.key in config.show_properties] if block.properties else ()
    if not shown:
        return block
    return block.with_lines((*block.lines, *(Line(prop.line, 1, f"{prop.key}: {prop.value}") for prop in shown)))


def with_own_properties(block: Block, config: Config) -> Block:
    """A block with only properties, with the author's own ones as its text, as Logseq shows it."""
    if block.lines or not block.properties:
        return block
    own = (prop for prop in block.properties if not _is_bookkeeping(prop.key, config))
    return block.with_lines(tuple([Line(prop.line, 1, f"{prop.key}: {prop.value}".rstrip()) for prop in own]))


def _is_bookkeeping(key: str, config: Config) -> bool:
    return key in BOOKKEEPING or key == config.id_property or key.startswith(BOOKKEEPING_PREFIXES)


def is_only_tags(block: Block, config: Config) -> bool:
    """Whether a block has only hidden tags, or no text at all."""
    position, said = 0, []
    for reference in _outermost(_heeded(tags.references(block.text), config)):
        if _is_mark(reference, config) or (reference.is_tag and not config.tags_in_text):
            said.append(block.text[position : reference.start])
            position = reference.end
    return _is_silent("".join([*said, block.text[position:]]).replace("#", ""))


def without_instructions(block: Block, config: Config) -> Block:
    """The block without instruction tags; other tags stay."""
    return _edited(block, config, keeps_tags=True)


def without_tags(block: Block, config: Config) -> Block:
    """The block without tags: a tag in a sentence becomes a word, tags at either end of a line are removed."""
    return _edited(block, config, keeps_tags=config.tags_in_text)


def _edited(block: Block, config: Config, *, keeps_tags: bool) -> Block:
    references = _outermost(_heeded(tags.references(block.text), config))
    if not references:
        return block
    text = _edited_text(block.text, references, config, keeps_tags=keeps_tags)
    pairs = zip(block.lines, text.split("\n"), strict=True)
    lines = tuple(
        [line if line.text == new else Line(line.number, line.column, new.rstrip(_UNSEEN)) for line, new in pairs]
    )
    return block.with_lines(filled(lines))


def _edited_text(text: str, references: Sequence[Reference], config: Config, *, keeps_tags: bool) -> str:
    """The text without hidden references, edited from the last to the first, so that offsets stay valid.

    If only punctuation would remain, the words of the tags stay.
    """
    marks = [_is_mark(reference, config) for reference in references]
    outer = frozenset() if keeps_tags or all(marks) else _outer(text, [tag for tag in references if tag.is_tag])
    floors = [0, *(reference.end for reference in references)]
    edited = _without(text, references, marks, outer, floors, keeps_tags=keeps_tags)
    if not outer or not _is_silent(edited):
        return edited
    return _without(text, references, marks, frozenset(), floors, keeps_tags=keeps_tags)


def _is_silent(text: str) -> bool:
    """Whether the text is only spaces and punctuation."""
    return all(sign in _UNSEEN or sign == "\n" or unicodedata.category(sign).startswith("P") for sign in text)


def _without(
    text: str,
    references: Sequence[Reference],
    marks: Sequence[bool],
    outer: Container[Reference],
    floors: Sequence[int],
    *,
    keeps_tags: bool,
) -> str:
    """The text without the `marks` and the `outer` tags, and with the words of all others."""
    edit = _Edit(text)
    for reference, is_mark, floor in zip(references[::-1], marks[::-1], floors[-2::-1], strict=True):
        if _is_link(text, reference):
            if is_mark:
                edit.unlink(reference, floor)
        elif is_mark or reference in outer:
            edit.take_out(reference.start, reference.end, floor)
        elif reference.is_tag and not keeps_tags:
            edit.replace(reference.start, reference.end, reference.name)
    return edit.text()


class _Edit:
    """A text that is edited from its end to its start: the edited part is in pieces, the last one first."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.end = len(text)
        self.pieces: list[str] = []

    def text(self) -> str:
        return self.source[: self.end] + "".join(reversed(self.pieces))

    def replace(self, start: int, end: int, new: str) -> None:
        """Replace a range that comes before all earlier edits."""
        self.cut(end)
        self.end = start
        self.put(new)

    def unlink(self, reference: Reference, floor: int) -> None:
        """Replace a link by its label."""
        label = self.source.rfind("[", floor, reference.start)
        if label >= 0:
            self.replace(label, reference.end, self.source[label + 1 : reference.start])

    def take_out(self, start: int, end: int, floor: int) -> None:
        """Remove a tag, the brackets, asterisks or quotes that surround only it, and an extra space.

        Text before `floor` belongs to another tag, and stays.
        """
        self.cut(end)
        while start > floor and self.source[start - 1] == "#":
            start -= 1
        start = self.without_pairs(start, floor)
        if not self.first() or self.first() in _TIGHT:
            start = floor + len(self.source[floor:start].rstrip(_UNSEEN))
        if self.begins_line(start, floor):
            self.drop_blanks()
        self.end = start

    def without_pairs(self, start: int, floor: int) -> int:
        """Remove the closing marks from the edited part that match those directly before; return where these begin."""
        while self.pieces:
            piece, count = self.pieces[-1], 0
            while count < min(len(piece), start - floor) and self.source[start - count - 1] + piece[count] in _AROUND:
                count += 1
            self.put(self.pieces.pop()[count:])
            start -= count
            if count < len(piece):
                break
        return start

    def begins_line(self, start: int, floor: int) -> bool:
        """Whether only heading marks are before that place in its line."""
        before = self.source[start - 1 : start]
        if not before or before == "\n":
            return True
        line = self.source.rfind("\n", floor, start) + 1
        is_lead = before in " \t" and (line or not floor) and _LEAD_ALONE.fullmatch(self.source, line, start)
        return bool(is_lead)

    def cut(self, end: int) -> None:
        """Add all after that place to the edited part."""
        self.put(self.source[end : self.end])
        self.end = end

    def put(self, piece: str) -> None:
        if piece:
            self.pieces.append(piece)

    def first(self) -> str:
        """The first character of the edited part."""
        return self.pieces[-1][0] if self.pieces else ""

    def drop_blanks(self) -> None:
        """Strip leading spaces from the edited part."""
        while self.first() and self.first() in _UNSEEN:
            self.put(self.pieces.pop().lstrip(_UNSEEN))


def _heeded(references: Sequence[Reference], config: Config) -> Sequence[Reference]:
    """The references that Logseq sees, too, or all of them if the options are lenient."""
    return references if config.lenient_tags else [reference for reference in references if reference.is_strict]


def _is_mark(reference: Reference, config: Config) -> bool:
    """Whether the reference only says that this is a card, or how."""
    if reference.is_tag:
        return is_instruction(reference.name, config)
    return CARD in config.card_tags and CARD in said_by(reference.name, is_tag=False)


def _is_link(text: str, reference: Reference) -> bool:
    """Whether the reference is the target of a link, `](…)`."""
    return text.startswith("]", reference.start)


def _outermost(references: Iterable[Reference]) -> list[Reference]:
    """The references in reading order, without those nested in another one's name."""
    outermost: list[Reference] = []
    end = 0
    for reference in references:
        if reference.start >= end:
            outermost.append(reference)
            end = reference.end
    return outermost


def _outer(text: str, tags: Sequence[Reference]) -> frozenset[Reference]:
    """The tags with only tags between them and the start or end of their line."""
    return frozenset([*_leading(text, tags), *_trailing(text, tags)])


def _leading(text: str, tags: Sequence[Reference]) -> Iterator[Reference]:
    line = seen = 0
    position = _lead_end(text, 0)
    for tag in tags:
        if (broken := text.rfind("\n", seen, tag.start)) >= 0:
            line = broken + 1
            position = max(position if position >= line else 0, _lead_end(text, line))
        if position >= line and not text[position : tag.start].strip(_AROUND_TAGS):
            yield tag
            position = tag.end
        else:
            position = -1
        seen = tag.start


def _lead_end(text: str, line: int) -> int:
    """Where the spaces and heading marks at the start of a line end."""
    lead = _LEAD.match(text, line)
    return lead.end() if lead else line


def _trailing(text: str, tags: Sequence[Reference]) -> Iterator[Reference]:
    seen = position = len(text)
    for tag in reversed(tags):
        if (broken := text.find("\n", tag.end, seen)) >= 0:
            position = broken
        if position >= 0 and _PICTURES.fullmatch(text[tag.end : position].lstrip(".;").strip(_AROUND_TAGS)):
            yield tag
            position = tag.start
        else:
            position = -1
        seen = tag.start


def filled(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without blank ones at either end."""
    if lines and lines[0].text.strip() and lines[-1].text.strip():
        return lines
    rows = [index for index, line in enumerate(lines) if line.text.strip()]
    return lines[rows[0] : rows[-1] + 1] if rows else ()


def tag_name(name: str) -> str:
    """A tag as Anki stores it: NFC, `::` between levels, none of them empty, `_` for spaces."""
    return "::".join(_BLANKS.sub("_", level) for level in _name_levels(name))


def deck_name(value: str) -> str:
    """A deck as Anki names it: NFC, `::` between levels, each trimmed and none empty."""
    page = _PAGE.search(value)
    return "::".join(_name_levels(page["page"] if page else unquoted(value)))


def _name_levels(name: str) -> Iterator[str]:
    levels = (level.strip() for level in _NESTING.split(unicodedata.normalize("NFC", clean(name))))
    return (level for level in levels if level)
