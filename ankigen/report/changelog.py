"""Formats a deck's changelog in Markdown, for job summaries and release notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ankigen.data import ChangedNote, Changelog, Guid
from ankigen.report.listing import BOXES, search_for
from ankigen.report.wording import a, count
from ankigen.support.visible import Shown, shown

_LONGEST_LIST = 50
_LONGEST_SEARCH = 20_000
"""In characters: release notes of the large services may have six times as many in all."""
_HOW_TO_IMPORT = """\
How to import

Open the package in Anki, and leave the boxes as they are. When the next one comes, import it over this one: \
your reviews stay. Mark cards with flags rather than tags: a note that you tag or edit may miss corrections."""
_HOW_TO_UPDATE = """\
How to update

Import the new package over the old one, and do not delete the deck first: your reviews stay, and so do suspended \
cards, flags, and the decks that you moved cards to.

- "Update notes: If newer", which Anki proposes, corrects all notes but those that you tagged or edited, or that Anki \
tagged `leech`, after they were changed here.
- "Update notes: Always" corrects these, too. It costs your own tags and edits in all notes of the package."""
_TICKS = re.compile(r"`+")


def changelog_text(changes: Changelog) -> Shown:
    """The new, changed and removed notes for readers of the decks."""
    heading = f"Deck changes since {_code(changes.since)}" if changes.since else "The first release of these decks"
    return shown([f"## {heading}", *_changes(changes), *_advice([changes], "###")])


def changelogs_text(courses: Mapping[str, Changelog]) -> Shown:
    """The same for several courses, each under its name; how to import or update comes only once."""
    lines: list[str] = []
    for name, changes in courses.items():
        when = f"changes since {_code(changes.since)}" if changes.since else "the first release"
        lines += [f"## {_code(name)}: {when}", *_changes(changes), ""]
    return shown([*lines[:-1], *_advice(courses.values(), "##")])


def _changes(changes: Changelog) -> Iterator[str]:
    if not _has_changed(changes):
        yield from ("", "No note was added, changed or removed.")
    for deck in changes.decks:
        yield from ("", f"### {_code(deck.deck)}: {_counts(len(deck.added), len(deck.changed))}", "")
        yield from _items("added", map(_code, deck.added))
        yield from _items("changed", map(_change, deck.changed))
    for known in changes.extended:
        added = ", ".join(map(_code, known.added))
        yield from ("", f"### The note type {_code(known.name)} has something new: {added}", "")
        yield f"Choose {BOXES} when you import, or Anki makes a second note type and leaves your notes as they are."
    if changes.removed:
        yield from ("", f"### Removed from the notes: {len(changes.removed):,}", "")
        yield from _items("removed", [_code(note.question) for note in changes.removed])


def _has_changed(changes: Changelog) -> bool:
    return bool(changes.decks or changes.removed)


def _advice(courses: Iterable[Changelog], heading: str) -> Iterator[str]:
    """How to import those that are new, and to update those that readers have; nothing where nothing has changed."""
    changed = list(filter(_has_changed, courses))
    known = [changes for changes in changed if changes.since]
    if len(known) < len(changed):
        yield from ("", *f"{heading} {_HOW_TO_IMPORT}".splitlines())
    if known:
        yield from ("", *f"{heading} {_HOW_TO_UPDATE}".splitlines())
    if gone := [guid for changes in known for guid in changes.gone]:
        yield from ("", *_search(gone))


def _counts(added: int, changed: int) -> str:
    return ", ".join(f"{number:,} {word}" for number, word in ((added, "added"), (changed, "changed")) if number)


def _change(note: ChangedNote) -> str:
    """The question before and after, once if they are equal."""
    words = " → ".join(map(_code, dict.fromkeys((note.before, note.now))))
    return f"{words} (now {a(note.new_kind)} card: an import leaves the old one as it is)" if note.new_kind else words


def _search(gone: Sequence[Guid]) -> Iterator[str]:
    """A search for all removed notes, for readers who may have skipped releases, if there is room for it."""
    search = search_for(gone)
    if len(search) <= _LONGEST_SEARCH:
        yield "An import deletes nothing. In Anki's window Browse, this search finds the notes that are gone:"
        yield from ("", "```", search, "```")
    else:
        yield "An import deletes nothing. Those that are gone are too many for a search here: ask the author for one."


def _items(word: str, texts: Iterable[str]) -> Iterator[str]:
    items = list(texts)
    for text in items[:_LONGEST_LIST]:
        yield f"- {word}: {text}"
    if (rest := len(items) - _LONGEST_LIST) > 0:
        yield f"- {word}: {count(rest, 'more note')}"


def _code(text: str) -> str:
    """The text as code, in which nothing is markup and no `@name` calls anybody."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest else ""
    return f"{fence}{gap}{text}{gap}{fence}"
