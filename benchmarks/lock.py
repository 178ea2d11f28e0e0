"""How large is the lock file of 100,000 notes, and how long do reading, matching and writing take?"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ankigen import cards, identity, note_types
from ankigen.config import Config
from ankigen.data import CardBlock
from ankigen.support.structs import replace
from ankigen.syntax import outline

_CARDS_PER_PAGE = 25
Result = TypeVar("Result")


def main() -> None:
    """Print one line for each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=100_000)
    notes = parser.parse_args().notes
    found = _cards(notes)
    first, _ = _timed("recognise, all new", lambda: identity.recognise(_evidence(found), identity.new_lock()))
    digests = {card.guid: card.guid[:16] for card in first}
    lock = identity.update_lock(first, digests, identity.new_lock(), 1_790_000_000_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, identity.LOCK_NAME)
        _timed("write", lambda: identity.write_lock(path, lock))
        print(f"{path.stat().st_size / 1e6:.1f} MB")
        known = _timed("read", lambda: identity.read_lock(path))
    assert known is not None
    _timed("recognise, all known", lambda: identity.recognise(_evidence(found), known))
    reworded = [replace(card, answer=card.answer[:0]) if n % 50 == 0 else card for n, card in enumerate(found)]
    _timed("recognise, one in fifty changed", lambda: identity.recognise(_evidence(reworded), known))
    again, _ = _timed(
        "recognise, half of the pages renamed", lambda: identity.recognise(_evidence(_renamed(found)), known)
    )
    _timed("update the lock", lambda: identity.update_lock(again, digests, known, 1_790_000_060_000))


def _cards(notes: int) -> list[CardBlock]:
    found: list[CardBlock] = []
    for page in range(notes // _CARDS_PER_PAGE):
        text = "".join(
            f"- What is the meaning of term {page} dot {n} here? #card\n\t- It means {page * n} of {page} and {n}\n"
            for n in range(_CARDS_PER_PAGE)
        )
        found += cards.find_cards(outline.parse(text, f"{page}.md", f"page {page}"), "deck", Config()).cards
    return found


def _evidence(found: list[CardBlock]) -> list[identity.CardEvidence]:
    return [identity.evidence_of(card, note_types.kind_of(card).name) for card in found]


def _renamed(found: list[CardBlock]) -> list[CardBlock]:
    return [
        replace(card, page=replace(card.page, name=f"{card.page.name} new")) if n // _CARDS_PER_PAGE % 2 else card
        for n, card in enumerate(found)
    ]


def _timed(name: str, work: Callable[[], Result]) -> Result:
    start = time.perf_counter()
    result = work()
    print(f"{name}: {time.perf_counter() - start:.2f} s")
    return result


if __name__ == "__main__":
    main()
