"""Is this block a card? Which deck, tags and identity do its surroundings give it?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ankigen import inline
from ankigen.data import Block, CardBlock, Kind, Line, Markdown, Page, Problem, Property, Severity

TRIGGERS = frozenset({"card"})
_REFERENCE = re.compile(r"\[\[(?P<page>.+?)\]\]")
_LIST_SEPARATOR = re.compile(r"[,，]")
_DECK_SEPARATOR = re.compile(r"::|/")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BLANKS = re.compile(r"\s+")


def find_cards(page: Page, default_deck: str) -> tuple[list[CardBlock], list[Problem]]:
    """Return the page's cards in reading order, and what is wrong with the others."""
    found: list[CardBlock] = []
    problems: list[Problem] = []
    for block, ancestors in _walk(page.blocks, ()):
        if is_card(block):
            card = _card(page, block, ancestors, default_deck)
            if fault := _fault(card):
                problems.append(Problem(card.position, Severity.ERROR, *fault))
            else:
                found.append(card)
    return found, problems


def is_card(block: Block) -> bool:
    """Whether Logseq would ask this block in its own review."""
    return any(name.lower() in TRIGGERS for name in _references(block))


def _walk(blocks: Iterable[Block], ancestors: tuple[Block, ...]) -> Iterator[tuple[Block, tuple[Block, ...]]]:
    for block in blocks:
        yield block, ancestors
        yield from _walk(block.children, (*ancestors, block))


def _card(page: Page, block: Block, ancestors: tuple[Block, ...], default_deck: str) -> CardBlock:
    question, answer = _sides(block)
    return CardBlock(
        page=page,
        block=block,
        ancestors=ancestors,
        kind=Kind.BASIC,
        question=question,
        answer=answer,
        deck=_deck(page, block, ancestors) or default_deck,
        tags=_tags(page, block, ancestors),
        id=_id(block),
    )


def _fault(card: CardBlock) -> tuple[str, str] | None:
    """The rule and the message of what keeps the card from being made."""
    if not card.question.strip():
        return "no-question", "card has no question: write it in front of #card"
    if not any(line.text.strip() for child in card.answer for block in child.walk() for line in block.lines):
        return "no-answer", "card has no answer: indent it below the question"
    return None


def _references(block: Block) -> Iterator[str]:
    """The pages that a block refers to, in its text or in the values of its properties."""
    yield from (tag.name for tag in inline.tags(block.text))
    for prop in block.properties:
        yield from (tag.name for tag in inline.tags(prop.value))
        if prop.key == "tags":
            yield from _listed(prop.value)


def _listed(value: str) -> Iterator[str]:
    """The items of a `tags::` property: `a, [[b c]], #d`."""
    for item in _LIST_SEPARATOR.split(value):
        if name := item.strip().removeprefix("#").removeprefix("[[").removesuffix("]]"):
            yield name


def _sides(block: Block) -> tuple[Markdown, tuple[Block, ...]]:
    """The question and the blocks of the answer: the later lines of a block without children answer its first."""
    lines = _without_tags(block.lines)
    if block.children or len(lines) < 2 or not any(tag.name.lower() in TRIGGERS for tag in inline.tags(lines[0].text)):
        return Markdown("\n".join(line.text for line in lines)), block.children
    return Markdown(lines[0].text), (replace(block, line=lines[1].number, lines=lines[1:], properties=()),)


def _without_tags(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(replace(line, text=_strip_tags(line.text)) for line in lines)


def _strip_tags(text: str) -> str:
    """Runs of tags at the line's start or end leave it; another tag inside a sentence stays as a plain word."""
    for tag in reversed(list(inline.tags(text))):
        if text[tag.start] == "#":
            text = (text[: tag.start].rstrip() + text[tag.end :]).lstrip()
    return text


def _deck(page: Page, block: Block, ancestors: Sequence[Block]) -> str:
    """The nearest `deck::` of the block, its ancestors, its page; `/` and `::` both nest."""
    for properties in (block.properties, *(one.properties for one in reversed(ancestors)), page.properties):
        if (value := _value(properties, "deck")) and (deck := deck_name(value)):
            return deck
    return ""


def deck_name(value: str) -> str:
    """A deck as Anki names it: NFC, levels parted by `::`, each trimmed and none empty."""
    reference = _REFERENCE.search(value)
    name = unicodedata.normalize("NFC", reference["page"] if reference else value)
    return "::".join(level for part in _DECK_SEPARATOR.split(name) if (level := part.strip()))


def _value(properties: Iterable[Property], key: str) -> str | None:
    return next((found.value for found in properties if found.key == key), None)


def _tags(page: Page, block: Block, ancestors: Sequence[Block]) -> tuple[str, ...]:
    """The tags on the block, and the `tags::` of block, ancestors and page, in Anki's own form and order."""
    names = [tag.name for tag in inline.tags(block.text) if block.text[tag.start] == "#"]
    for properties in (block.properties, *(one.properties for one in ancestors), page.properties):
        names += _listed(_value(properties, "tags") or "")
    found = {tag.lower(): tag for name in reversed(names) if name.lower() not in TRIGGERS and (tag := tag_name(name))}
    return tuple(found[key] for key in sorted(found) if not any(other.startswith(f"{key}::") for other in found))


def tag_name(name: str) -> str:
    """A tag as Anki keeps it: NFC, `::` between levels, none of them empty, `_` for blanks."""
    levels = _DECK_SEPARATOR.split(unicodedata.normalize("NFC", name))
    return "::".join(level for part in levels if (level := _BLANKS.sub("_", part.strip())))


def _id(block: Block) -> str | None:
    id = (_value(block.properties, "id") or "").lower()
    return id if _UUID.fullmatch(id) else None
