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
OPTION_TAGS = frozenset(
    {
        GROUP,
        "forward",
        "reversed",
        "reverse",
        "bidirectional",
        "incremental",
        "type-in",
        "hide-all-test-one",
        "hide-when-card-parent",
        "hide-all-card-parent",
        "no-anki-sync",
    }
)
_GROUPED = frozenset({"forward", "reversed", "reverse", "bidirectional", "incremental"})
_DEPTH_TAG = re.compile(r"depth-(?P<levels>\d{1,2})")
_LIST_ITEM = re.compile(rf"(?:\[\[{PAGE_NAME}\]\]|[^,，])+")
_NESTING = re.compile(r"::|/")
_PAGE = re.compile(rf"\[\[(?P<page>{PAGE_NAME})\]\]")
_BLANKS = re.compile(r"\s+")
_LEAD = re.compile(r"[ \t]*(?:#+[ \t]+)?")
_LEAD_ALONE = re.compile(r"(?:^|\n)[ \t]*#+[ \t]+$")
_AROUND = frozenset({"()", "[]", "{}", "**", "__", "~~", "==", "^^", '""', "''", "（）", "「」", "【】", "《》"})
_TIGHT = frozenset(" \t\n.,;:!?)，。！？；：、）")


class Words(Struct, frozen=True):
    """The pages that a block's own text and properties refer to, by their keys, and its tags as they are written."""

    pages: frozenset[str]
    tags: tuple[str, ...]

    def with_group(self, group: Words | None) -> Words:
        """The words of a child of a card group: the group's options count where the child has none of that sort."""
        if group is None:
            return self
        has_own = any(name in self.pages for name in _GROUPED) or self.depth() is not None
        given = () if has_own else (name for name in group.pages if name in _GROUPED or _DEPTH_TAG.fullmatch(name))
        return replace(self, pages=self.pages | frozenset(given))

    def triggers(self, config: Config) -> bool:
        """Whether they make the block a card; `card/fr` refers to `card`, too."""
        return not self.pages.isdisjoint(config.card_tags)

    def depth(self) -> int | None:
        """The number of `#depth-N`."""
        for page in self.pages:
            if found := _DEPTH_TAG.fullmatch(page):
                return int(found["levels"])
        return None


NONE = Words(frozenset(), ())
"""What is said by a block without references and properties."""


def words_of(block: Block, config: Config) -> Words:
    """Collect what the block refers to."""
    references = tags.references(block.text)
    if not references and not block.properties:
        return NONE
    found = [one for one in references if one.is_strict or config.lenient_tags]
    names = [one.name for one in found]
    for prop in block.properties:
        names += referred(prop)
    return _words(tuple(names), tuple([one.name for one in found if one.is_tag]))


@lru_cache
def _words(names: tuple[str, ...], tags: tuple[str, ...]) -> Words:
    """The cards of a collection say the same few words."""
    return Words(frozenset(part for name in names for part in with_parents(page_key(name))), tags)


def with_parents(page: str) -> Iterator[str]:
    """The page and those whose namespace it is in, the outermost first."""
    parts = page.split("/")
    return ("/".join(parts[:length]) for length in range(1, len(parts) + 1))


def referred(prop: Property) -> Iterator[str]:
    """The pages that a property refers to; a quoted value is plain text."""
    if prop.key == "tags":
        return listed(prop.value)
    return iter(()) if prop.value.startswith('"') else (one.name for one in tags.references(prop.value))


def listed(value: str) -> Iterator[str]:
    """The items of a list in a property: `a, [[b c]] #d`, or in brackets as front matter has them.

    As in Logseq, an item that refers to pages means these, whatever else it says.
    """
    value = value if "[[" in value else value.strip().removeprefix("[").removesuffix("]")
    for item in _LIST_ITEM.findall(value):
        name = item.strip().strip("\"'")
        referred = [one.name for one in tags.references(name)]
        yield from referred or ([name] if name else [])


def is_instruction(name: str, config: Config) -> bool:
    """Whether a tag speaks to ankigen, and not to the reader."""
    name = page_key(name)
    return name in config.card_tags or name in OPTION_TAGS or _DEPTH_TAG.fullmatch(name) is not None


def with_properties(block: Block, config: Config) -> Block:
    """The block with those properties below its text that the user wants to see."""
    shown = [one for one in block.properties if one.key in config.show_properties] if block.properties else ()
    if not shown:
        return block
    return block.with_lines((*block.lines, *(Line(one.line, 1, f"{one.key}: {one.value}") for one in shown)))


def without_instructions(block: Block, config: Config) -> Block:
    """The block without the tags that speak to ankigen; other tags stay as they are."""
    return _edited(block, config, keeps_tags=True)


def without_tags(block: Block, config: Config) -> Block:
    """The block without tags: of one within a sentence its word stays, runs at either end of a line leave."""
    return _edited(block, config, keeps_tags=config.tags_in_text)


def _edited(block: Block, config: Config, *, keeps_tags: bool) -> Block:
    text: str = block.text
    references = tags.references(text)
    found = list(_outermost(one for one in references if one.is_strict or config.lenient_tags)) if references else ()
    if not found:
        return block
    marks = [_is_mark(one, config) for one in found]
    outer = frozenset() if keeps_tags or all(marks) else _outer(text, [one for one in found if one.is_tag])
    floors = [0, *(one.end for one in found)]
    for one, is_mark, floor in zip(found[::-1], marks[::-1], floors[-2::-1], strict=True):
        if _is_link(text, one):
            text = _unlinked(text, one, floor) if is_mark else text
        elif is_mark or one in outer:
            text = _without(text, one.start, one.end, floor)
        elif one.is_tag and not keeps_tags:
            text = text[: one.start] + one.name + text[one.end :]
    pairs = zip(block.lines, text.split("\n"), strict=True)
    lines = tuple([line if line.text == new else Line(line.number, line.column, new) for line, new in pairs])
    return block.with_lines(filled(lines))


def _is_mark(one: Reference, config: Config) -> bool:
    """Whether the reference only says that this is a card, or how."""
    is_trigger = not one.is_tag and not frozenset(config.card_tags).isdisjoint(with_parents(page_key(one.name)))
    return is_trigger or is_instruction(one.name, config)


def _is_link(text: str, one: Reference) -> bool:
    """Whether the reference is the target of a link, `](…)`."""
    return text.startswith("]", one.start)


def _unlinked(text: str, one: Reference, floor: int) -> str:
    """The text with the label of a link in the link's place."""
    label = text.rfind("[", floor, one.start)
    return text if label < 0 else text[:label] + text[label + 1 : one.start] + text[one.end :]


def _outermost(references: Iterable[Reference]) -> Iterator[Reference]:
    """The references in reading order, without those that stand in another one's name."""
    end = 0
    for one in references:
        if one.start >= end:
            yield one
            end = one.end


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
    filled = [place for place, line in enumerate(lines) if line.text.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else ()


def tag_name(name: str) -> str:
    """A tag as Anki keeps it: NFC, `::` between levels, none of them empty, `_` for blanks."""
    return "::".join(_BLANKS.sub("_", level) for level in _levels(name))


def deck_name(value: str) -> str:
    """A deck as Anki names it: NFC, `::` between levels, each trimmed and none empty."""
    page = _PAGE.search(value)
    return "::".join(_levels(page["page"] if page else value.strip("\"'")))


def _levels(name: str) -> Iterator[str]:
    levels = (level.strip() for level in _NESTING.split(unicodedata.normalize("NFC", clean(name))))
    return (level for level in levels if level)
