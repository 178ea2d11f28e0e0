"""How long does a face take? Microseconds per card, code fences without and with their language.

Run `python benchmarks/render.py`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from ankigen import render
from ankigen.syntax import clozes

ROUNDS = 300


def main() -> None:
    """Print one line for each kind of card."""
    for name, make in CARDS.items():
        counter = itertools.count()
        make(next(counter))
        start = time.perf_counter()
        for _ in range(ROUNDS):
            make(next(counter))
        print(f"{name:28} {(time.perf_counter() - start) / ROUNDS * 1e6:8.1f} µs")


def _question(text: str) -> Callable[[int], object]:
    return lambda number: render.question(text.replace("@", str(number)), "page.md")


def _cloze(number: int) -> object:
    text, blocks = clozes.mark(f"The {{{{cloze retina {number}}}}} feeds the {{{{cloze optic nerve}}}}.", (), (1, 2))
    return clozes.card_numbers(render.cloze(text, blocks, "page.md").html)


_FENCE = "```LANGUAGE\ndef total@(items: list[int]) -> int:\n    return sum(items)  # all of them\n```"
CARDS: dict[str, Callable[[int], object]] = {
    "plain": _question("What is the boiling point of water at @ Pa?"),
    "emphasis": _question("An answer with **bold** and *italic* words, number @."),
    "mathematics": _question("What is $x_@ + y^2$ for $x > 0$?"),
    "list and table": _question("* one @\n* two\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    "cloze, two": _cloze,
    "code, not coloured": _question(_FENCE.replace("LANGUAGE", "")),
    "code, coloured": _question(_FENCE.replace("LANGUAGE", "python")),
}

if __name__ == "__main__":
    main()
