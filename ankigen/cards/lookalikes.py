"""Finds what looks like a card and is none; told once a page, with a count, for silence would look like lost cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from ankigen.config import Config
from ankigen.data import Block, Page, Position, Problem, Severity
from ankigen.support.normal_forms import page_key
from ankigen.syntax import clozes, tags
from ankigen.syntax.cloze_grammar import SIGNS

_REVIEW_KEYS = frozenset({"card-last-interval", "card-repeats", "card-ease-factor", "card-next-schedule"})
_WRITTEN_TAG = re.compile(r"#card(?![\w-])|\[\[card\]\]", re.IGNORECASE)


def signs() -> tuple[str, ...]:
    """What every text with a lookalike contains one of, in lower case: its tag, its review keys, its cloze."""
    return ("card", *SIGNS)


def find(page: Page, card_lines: Container[int], config: Config) -> Iterator[Problem]:
    """Count what no card holds; `card_lines` are the lines of blocks that are cards, or are left out on purpose."""
    others = list(_outside(page.blocks, card_lines))
    message = "a block with review properties but no #card"
    yield from _told(page, _lines(others, _is_reviewed), "review-without-card", message)
    message = "#card inside code, a formula or a macro: it makes no card"
    yield from _told(page, _lines(others, _has_tag), "card-tag-in-code", message)
    message = "#card outside any block makes no card: write `- ` or `# ` in front of its line"
    yield from _told(page, _tagged_above_blocks(page, config), "card-outside-block", message)
    if not config.cloze_without_card:
        message = "a cloze outside any card: tag its block with #card, or set cloze_without_card"
        yield from _told(page, _lines(others, _has_cloze), "cloze-without-card", message)


def _outside(blocks: Iterable[Block], card_lines: Container[int]) -> Iterator[Block]:
    ahead = list(blocks)[::-1]
    while ahead:
        block = ahead.pop()
        if block.line not in card_lines:
            yield block
            ahead += reversed(block.children)


def _lines(blocks: Iterable[Block], is_meant: Callable[[Block], bool]) -> list[int]:
    return [block.line for block in blocks if is_meant(block)]


def _tagged_above_blocks(page: Page, config: Config) -> list[int]:
    """The lines that would be cards if the text above the first block were one; all of it in a page without bullets."""
    text = "\n".join(line.text for line in page.preamble)
    found = (one for one in tags.references(text) if page_key(one.name) in config.card_tags)
    return sorted({page.preamble[text.count("\n", 0, tag.start)].number for tag in found})


def _told(page: Page, lines: Sequence[int], rule: str, message: str) -> Iterator[Problem]:
    if lines:
        others = f" ({len(lines)} on this page)" if len(lines) > 1 else ""
        yield Problem(Position(page.path, lines[0]), Severity.WARNING, rule, message + others)


def _is_reviewed(block: Block) -> bool:
    return any(one.key in _REVIEW_KEYS for one in block.properties)


def _has_tag(block: Block) -> bool:
    return _WRITTEN_TAG.search(block.text) is not None


def _has_cloze(block: Block) -> bool:
    return ("{{" in block.text or "#+" in block.text) and bool(clozes.find(block.text).clozes)
