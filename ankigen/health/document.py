"""The health of decks as a single, self-contained HTML document."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from pathlib import Path

from ankigen.data import Note
from ankigen.health.charts import answers, bars, columns, table
from ankigen.health.of_notes import NotesHealth
from ankigen.health.of_reviews import HardNote, ReviewsHealth, Shares
from ankigen.report import count

_STYLE = Path(__file__).parent / "health.css"
_MOST_PAIRS = 30
_LONGEST = 90

Link = Callable[[str, int], str]
"""The URL that opens a file of the notes at a line; empty if the user set no editor."""


def health_document(notes: NotesHealth, reviews: ReviewsHealth | None, link: Link, why_not: str = "") -> str:
    """The whole document; without reviews it gives the reason, `why_not`."""
    parts = [*_of_notes(notes, link)]
    if reviews:
        parts = [*_of_reviews(reviews, link), *parts]
    elif why_not:
        parts.insert(0, f'<p class="notice">{html.escape(why_not)}</p>')
    name = html.escape(notes.name)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{name}: health</title><style>{_STYLE.read_text('utf-8')}</style></head>"
        f"<body><main><h1>{name}</h1><p>{count(notes.notes, 'note')}, {count(notes.cards, 'card')}</p>{''.join(parts)}"
        "</main></body></html>\n"
    )


def _of_notes(health: NotesHealth, link: Link) -> Iterator[str]:
    yield "<h2>Cards</h2><div class='charts'>"
    yield bars("Cards by deck", [(name, number, f"{number:,}") for name, number in health.by_deck])
    yield bars("Cards by kind", [(name, number, f"{number:,}") for name, number in health.by_kind])
    if len(health.by_month) > 1:
        yield columns(
            "Cards by the month of their first build", health.by_month, every=max(1, len(health.by_month) // 6)
        )
    if health.problems:
        yield bars("Problems by rule", [(name, number, f"{number:,}") for name, number in health.problems])
    yield "</div>"
    yield f"<h2>Easily confused: {len(health.confusable):,}</h2>"
    if not health.confusable:
        yield "<p>No two cards of a deck ask nearly the same question.</p>"
        return
    yield "<p>These cards ask nearly the same question, but have different answers. Reword them to be distinct.</p>"
    yield table(
        ["Card", "Other card", "Similarity"],
        [
            (_named(pair.one, link), _named(pair.other, link), f"{pair.alike:.0f} %")
            for pair in health.confusable[:_MOST_PAIRS]
        ],
    )
    if len(health.confusable) > _MOST_PAIRS:
        yield f"<p>and {len(health.confusable) - _MOST_PAIRS:,} more pairs</p>"


def _of_reviews(health: ReviewsHealth, link: Link) -> Iterator[str]:
    yield "<h2>Memory</h2>"
    if health.asked:
        share = f"{health.remembered / health.asked:.0%}"
        yield f"<p>Of {count(health.asked, 'answer')} after a day or more, {share} came from memory. "
    else:
        yield "<p>No card was reviewed after a day or more yet. "
    yield f"{count(health.unseen, 'card')} {_was(health.unseen)} never reviewed"
    if health.orphaned:
        yield f"; {count(health.orphaned, 'note')} in Anki {_is(health.orphaned)} no longer in your notes"
    yield ".</p><div class='charts'>"
    if health.by_page:
        yield bars("Remembered, by page", _as_bars(health.by_page), 100)
    if health.by_deck:
        yield bars("Remembered, by deck", _as_bars(health.by_deck), 100)
    if health.due:
        yield columns("Cards due in the next days", [(_day(day), number) for day, number in enumerate(health.due)])
    yield "</div>"
    yield f"<h2>Hard to remember: {len(health.hard):,}</h2>"
    if not health.hard:
        yield "<p>No card is often forgotten or takes long to answer.</p>"
        return
    yield "<p>Reword cards that you keep forgetting: make them shorter, split them, or add a picture.</p>"
    yield table(["Card", "Forgotten", "Remembered", "Time", "Last answers", "Possible reason"], [*_hard(health, link)])


def _hard(health: ReviewsHealth, link: Link) -> Iterator[tuple[str, ...]]:
    for hard in health.hard:
        leech = ' <strong class="leech">leech</strong>' if hard.is_leech else ""
        yield (
            _named(hard.note, link) + leech,
            count(hard.lapses, "time"),
            _share(hard),
            f"{hard.seconds:.0f} s",
            answers(hard.buttons),
            html.escape("; ".join(hard.reasons)),
        )


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _share(hard: HardNote) -> str:
    return f"{hard.remembered / hard.asked:.0%} of {hard.asked:,}" if hard.asked else ""


def _as_bars(shares: Shares) -> list[tuple[str, float, str]]:
    return [
        (name, 100 * remembered / asked, f"{remembered / asked:.0%} of {asked:,}") for name, remembered, asked in shares
    ]


def _day(number: int) -> str:
    return "today" if number == 0 else f"+{number}"


def _named(note: Note, link: Link) -> str:
    """The question and its place in the notes."""
    question = note.identity.question
    shown = question if len(question) <= _LONGEST else f"{question[: _LONGEST - 1]}…"
    place = html.escape(f"{note.position.path}:{note.position.line}")
    address = link(note.position.path, note.position.line)
    where = f'<a href="{html.escape(address)}">{place}</a>' if address else place
    return f'{html.escape(shown)}<br><span class="place">{where}</span>'
