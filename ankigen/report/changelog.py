"""Words a deck's changelog in Markdown, for job summaries and release notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankigen.data import Changelog
from ankigen.report.wording import count
from ankigen.support.visible import Shown, shown

_LONGEST_LIST = 50
_TICKS = re.compile(r"`+")


def changelog_text(changes: Changelog) -> Shown:
    """What a reader of the decks will find new, changed or gone."""
    return shown(_lines(changes))


def _lines(changes: Changelog) -> Iterator[str]:
    yield f"## Deck changes since {_code(changes.since)}" if changes.since else "## The first release of these decks"
    if not changes.decks and not changes.removed:
        yield from ("", "No note was added, changed or removed.")
    for deck in changes.decks:
        yield from ("", f"### {_code(deck.deck)}: {_counts(len(deck.added), len(deck.changed))}", "")
        yield from _items("added", deck.added)
        yield from _items("changed", deck.changed)
    if changes.removed:
        yield from ("", f"### Removed from the notes: {len(changes.removed):,}", "")
        yield from _items("removed", [note.question for note in changes.removed])
        yield from ("", "An import deletes nothing: a reader who wants them gone deletes them in Anki.")


def _counts(added: int, changed: int) -> str:
    return ", ".join(f"{number:,} {word}" for number, word in ((added, "added"), (changed, "changed")) if number)


def _items(word: str, questions: Sequence[str]) -> Iterator[str]:
    for question in questions[:_LONGEST_LIST]:
        yield f"- {word}: {_code(question)}"
    if (rest := len(questions) - _LONGEST_LIST) > 0:
        yield f"- {word}: {count(rest, 'more note')}"


def _code(text: str) -> str:
    """The text as code, in which nothing is markup and no `@name` calls anybody."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest else ""
    return f"{fence}{gap}{text}{gap}{fence}"
