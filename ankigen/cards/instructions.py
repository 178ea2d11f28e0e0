"""Words on a block that are instructions to ankigen, and its text without them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ankigen.config import Config
from ankigen.data import Block, Line, Property
from ankigen.support.normal_forms import page_key
from ankigen.support.structs import Struct, replace
from ankigen.syntax import tags
from ankigen.syntax.spans import clean
from ankigen.syntax.tags import Reference
from ankigen.syntax.words import PAGE_NAME

GROUP = "card-group"
DIRECTION_TAGS = frozenset({"forward", "reversed", "reverse", "bidirectional"})
_GROUPED = DIRECTION_TAGS | {"incremental"}
OPTION_TAGS = _GROUPED | frozenset(
    {
        GROUP,
        "type-in",
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
_LEAD_ALONE = re.compile(r"(?:^|\n)[ \t]*#+[ \t]+$")
_AROUND = frozenset({"()", "[]", "{}", "**", "__", "~~", "==", "^^", '""', "''", "（）", "「」", "【】", "《》"})
_TIGHT = frozenset(" \t\n.,;:!?)，。！？；：、）")


class Instructions(Struct, frozen=True):
    """The keys of the pages that a block's own text and properties refer to, and its tags as they are written."""

    pages: frozenset[str]
    tags: tuple[str, ...]

    def with_group(self, group: Instructions | None) -> Instructions:
        """The instructions below a card group: the group's options count where the child has none of that sort."""
        if group is None:
            return self
        has_options = any(name in self.pages for name in _GROUPED) or self.depth() is not None
        inherited = (
            () if has_options else (name for name in group.pages if name in _GROUPED or _DEPTH_TAG.fullmatch(name))
        )
        return replace(self, pages=self.pages | frozenset(inherited))

    def triggers(self, config: Config) -> bool:
        """Whether the block is a card by them; `card/fr` refers to `card`, too."""
        return not self.pages.isdisjoint(config.card_tags)

    def depth(self) -> int | None:
        """The number of `#depth-N`; nothing without such a tag."""
        for page in self.pages:
            if tag := _DEPTH_TAG.fullmatch(page):
                return int(tag["levels"])
        return None


NO_INSTRUCTIONS = Instructions(frozenset(), ())
"""What every block without references and properties has: this very value."""


def instructions_of(block: Block, config: Config) -> Instructions:
    """Collect what the block refers to."""
    references = tags.references(block.text)
    if not references and not block.properties:
        return NO_INSTRUCTIONS
    heeded = _heeded(references, config)
    names = [reference.name for reference in heeded]
    for prop in block.properties:
        names += referred(prop)
    return _instructions(tuple(names), tuple([tag.name for tag in heeded if tag.is_tag]))


@lru_cache
def _instructions(names: tuple[str, ...], tags: tuple[str, ...]) -> Instructions:
    """The last answers are kept: the cards of a collection bear the same few tags."""
    return Instructions(frozenset(part for name in names for part in with_parents(page_key(name))), tags)


def with_parents(page: str) -> Iterator[str]:
    """The page and those whose namespace it is in, the outermost first."""
    parts = page.split("/")
    return ("/".join(parts[:length]) for length in range(1, len(parts) + 1))


def referred(prop: Property) -> Iterator[str]:
    """The pages that a property refers to; a quoted value is plain text."""
    if prop.key == "tags":
        return listed(prop.value)
    return iter(()) if prop.value.startswith('"') else (reference.name for reference in tags.references(prop.value))


def listed(value: str) -> Iterator[str]:
    """The items of a list in a property: `a, [[b c]] #d`, or in brackets as front matter has them.

    As in Logseq, an item that refers to pages means these, whatever else it says.
    """
    value = value if "[[" in value else value.strip().removeprefix("[").removesuffix("]")
    for item in _LIST_ITEM.findall(value):
        name = item.strip().strip("\"'")
        pages = [reference.name for reference in tags.references(name)]
        yield from pages or ([name] if name else [])


def is_instruction(name: str, config: Config) -> bool:
    """Whether a tag speaks to ankigen, and not to the reader."""
    name = page_key(name)
    return name in config.card_tags or name in OPTION_TAGS or _DEPTH_TAG.fullmatch(name) is not None


def with_properties(block: Block, config: Config) -> Block:
    """The block with those properties below its text that the user wants to see."""
    shown = [prop for prop in block.properties if prop.key in config.show_properties] if block.properties else ()
    if not shown:
        return block
    return block.with_lines((*block.lines, *(Line(prop.line, 1, f"{prop.key}: {prop.value}") for prop in shown)))


def without_instructions(block: Block, config: Config) -> Block:
    """The block without the tags that speak to ankigen; other tags stay as they are."""
    return _edited(block, config, keeps_tags=True)


def without_tags(block: Block, config: Config) -> Block:
    """The block without tags: of one within a sentence its word stays, runs at either end of a line leave."""
    return _edited(block, config, keeps_tags=config.tags_in_text)


def _edited(block: Block, config: Config, *, keeps_tags: bool) -> Block:
    references = _outermost(_heeded(tags.references(block.text), config))
    if not references:
        return block
    text = _edited_text(block.text, references, config, keeps_tags=keeps_tags)
    pairs = zip(block.lines, text.split("\n"), strict=True)
    lines = tuple([line if line.text == new else Line(line.number, line.column, new) for line, new in pairs])
    return block.with_lines(filled(lines))


def _edited_text(text: str, references: Sequence[Reference], config: Config, *, keeps_tags: bool) -> str:
    """The text without those references that are not shown: from the last to the first, so that all offsets hold."""
    marks = [_is_mark(reference, config) for reference in references]
    outer = frozenset() if keeps_tags or all(marks) else _outer(text, [tag for tag in references if tag.is_tag])
    floors = [0, *(reference.end for reference in references)]
    for reference, is_mark, floor in zip(references[::-1], marks[::-1], floors[-2::-1], strict=True):
        if _is_link(text, reference):
            text = _unlinked(text, reference, floor) if is_mark else text
        elif is_mark or reference in outer:
            text = _without(text, reference.start, reference.end, floor)
        elif reference.is_tag and not keeps_tags:
            text = text[: reference.start] + reference.name + text[reference.end :]
    return text


def _heeded(references: Sequence[Reference], config: Config) -> Sequence[Reference]:
    """The references that Logseq sees too, or all of them where the options are lenient."""
    return references if config.lenient_tags else [reference for reference in references if reference.is_strict]


def _is_mark(reference: Reference, config: Config) -> bool:
    """Whether the reference only says that this is a card, or how."""
    is_trigger = not reference.is_tag and not frozenset(config.card_tags).isdisjoint(
        with_parents(page_key(reference.name))
    )
    return is_trigger or is_instruction(reference.name, config)


def _is_link(text: str, reference: Reference) -> bool:
    """Whether the reference is the target of a link, `](…)`."""
    return text.startswith("]", reference.start)


def _unlinked(text: str, reference: Reference, floor: int) -> str:
    """The text with the label of a link in the link's place."""
    label = text.rfind("[", floor, reference.start)
    return text if label < 0 else text[:label] + text[label + 1 : reference.start] + text[reference.end :]


def _outermost(references: Iterable[Reference]) -> list[Reference]:
    """The references in reading order, without those that stand in another one's name."""
    outermost: list[Reference] = []
    end = 0
    for reference in references:
        if reference.start >= end:
            outermost.append(reference)
            end = reference.end
    return outermost


def _outer(text: str, tags: Sequence[Reference]) -> frozenset[Reference]:
    """The tags with nothing but tags between them and the start or the end of their line."""
    outer: set[Reference] = set()
    for ordered, gap in ((tags, _gap_before), (tags[::-1], _gap_after)):
        previous = None
        for tag in ordered:
            if not gap(text, tag, previous if previous in outer else None).strip():
                outer.add(tag)
            previous = tag
    return frozenset(outer)


def _gap_before(text: str, tag: Reference, previous: Reference | None) -> str:
    start = text.rfind("\n", 0, tag.start) + 1
    lead = _LEAD.match(text, start)
    return text[max(previous.end if previous else 0, lead.end() if lead else start) : tag.start]


def _gap_after(text: str, tag: Reference, following: Reference | None) -> str:
    end = text.find("\n", tag.end)
    end = len(text) if end < 0 else end
    return text[tag.end : min(following.start, end) if following else end].lstrip(".;")


def _without(text: str, start: int, end: int, floor: int) -> str:
    """The text without a tag, without the brackets, stars or quotes around it alone, and without a blank too many.

    What stands before `floor` belongs to another tag, and stays.
    """
    while start > floor and text[start - 1] == "#":
        start -= 1
    while start > floor and text[start - 1 : start] + text[end : end + 1] in _AROUND:
        start, end = start - 1, end + 1
    before, after = text[:start], text[end:]
    if not after or after[0] in _TIGHT:
        before = text[:floor] + text[floor:start].rstrip(" \t")
    if not before or before.endswith("\n") or (before[-1] in " \t" and _LEAD_ALONE.search(before)):
        after = after.lstrip(" \t")
    return before + after


def filled(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines but for blank ones at either end."""
    if lines and lines[0].text.strip() and lines[-1].text.strip():
        return lines
    rows = [index for index, line in enumerate(lines) if line.text.strip()]
    return lines[rows[0] : rows[-1] + 1] if rows else ()


def tag_name(name: str) -> str:
    """A tag as Anki keeps it: NFC, `::` between levels, none of them empty, `_` for blanks."""
    return "::".join(_BLANKS.sub("_", level) for level in _name_levels(name))


def deck_name(value: str) -> str:
    """A deck as Anki names it: NFC, `::` between levels, each trimmed and none empty."""
    page = _PAGE.search(value)
    return "::".join(_name_levels(page["page"] if page else value.strip("\"'")))


def _name_levels(name: str) -> Iterator[str]:
    levels = (level.strip() for level in _NESTING.split(unicodedata.normalize("NFC", clean(name))))
    return (level for level in levels if level)
