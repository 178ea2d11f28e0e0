"""Formats what a folder of notes contains, and the next steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ankigen.data import Desired, FolderKind, Note, OtherForm, Problem, Severity
from ankigen.report.wording import count
from ankigen.support.visible import Shown, shown

_MOST_DECKS = 20
_DOCS = "https://github.com/ankigen/ankigen/blob/main/docs"
"""The documentation on the web: an installed ankigen has no folder `docs`."""
_PAGES = {
    FolderKind.LOGSEQ: f"{_DOCS}/logseq.md",
    FolderKind.OBSIDIAN: f"{_DOCS}/markdown.md",
    FolderKind.MARKDOWN: f"{_DOCS}/markdown.md",
}


def decks(notes: Sequence[Note]) -> Shown:
    """A line for each deck, with its number of notes; only the largest if there are many."""
    counted = Counter(note.deck for note in notes)
    lines = [f"  {deck}: {count(number, 'note')}" for deck, number in counted.most_common(_MOST_DECKS)]
    if (rest := len(counted) - _MOST_DECKS) > 0:
        lines.append(f"  and {count(rest, 'deck')} more")
    return shown(lines)


def found(kinds: Sequence[FolderKind]) -> Shown:
    """The kind of notes that `init` found, and the page about writing cards there."""
    pages = {_PAGES[kind] for kind in kinds if kind in _PAGES} or {f"{_DOCS}/syntax.md"}
    named = ", ".join(kind.value for kind in kinds) or "no notes yet"
    return Shown(f"found {named}; how cards are written there: {', '.join(sorted(pages))}")


_MEANT = frozenset({"card-in-template", "card-outside-block", "card-tag-in-code"})
"""Rules of what was meant to be a card, and is none: whoever breaks them knows how to begin."""


def meant_cards(desired: Desired) -> list[Problem]:
    """What is wrong with cards that were not made, where no other was made either."""
    return [
        problem
        for problem in desired.problems
        if problem.rule in _MEANT or (desired.unmade and problem.severity is Severity.ERROR)
    ]


def no_cards(desired: Desired) -> Shown:
    """How to begin without cards: what was seen instead, and the option that enables it."""
    if FolderKind.DATABASE in desired.kinds:
        return Shown(
            "no cards: this is a Logseq DB graph (db.sqlite), which ankigen does not read yet; "
            "export it as Markdown, and use the folder of that"
        )
    advice = f"no cards: tag a question with #{desired.card_tag}, and indent its answer below it"
    return shown([advice, *seen_besides(desired.other_forms), *_excluded_lines(desired)])


def excluded_pages(desired: Desired) -> Shown:
    """Why there is nothing to do, where the pages with the cards are excluded."""
    return shown(_excluded_lines(desired))


def _excluded_lines(desired: Desired) -> Iterator[str]:
    for source, number in desired.excluded.items():
        are, them = ("is", "it") if number == 1 else ("are", "them")
        option = "" if source == "exclude" else ", or set `use_gitignore = false`"
        yield f"{count(number, 'page')} {are} excluded by {source}: to read {them}, take the pattern away{option}"


def seen_besides(forms: Sequence[OtherForm]) -> Iterator[str]:
    """A line for each option that would make cards of what was seen."""
    for option in dict.fromkeys(form.option for form in forms):
        seen = ", ".join(f"{form.written} ({form.count:,})" for form in forms if form.option == option)
        yield f"seen here: {seen}; to read that, write {option} into ankigen.toml"


def next_steps(desired: Desired, build: str) -> Shown:
    """What to do after `init`; `build` is the command that builds these notes from the current folder."""
    if not desired.notes and meant_cards(desired):
        return shown([f"next: fix the problems above, and run `{build}`"])
    if not desired.notes:
        return shown([f"next: tag a question with #card, indent its answer below it, and run `{build}`"])
    return shown([f"next: run `{build}`, then commit these files and ankigen.lock; a pushed tag becomes a release"])
