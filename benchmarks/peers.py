"""The same notes in the syntax of ankigen and of the package builders that install from PyPI.

A third of each: a question with an answer of one line; formulas, a fence and a table; two clozes.
"""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ankigen.support.hashing import digest

_BUILD = Path("build")


@dataclass(frozen=True, slots=True)
class Card:
    """A note in any syntax; `cloze` stands in the question, `%s` around each hidden word."""

    number: int
    question: str
    answer: tuple[str, ...]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: how a file of its notes looks, and what to run."""

    name: str
    needs: tuple[str, ...]
    page: Callable[[str, list[Card]], str]
    command: Callable[[Path, Path, Path], list[str | Path]]

    def prepare(self) -> Path | None:
        """The folder of its programs, in an environment of its own; nothing if it does not run here."""
        folder = _BUILD / f"peer-{self.name}"
        programs = folder / "bin"
        if not programs.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603
            pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", *self.needs]
            if subprocess.run(pip, check=False).returncode:  # noqa: S603
                return None
        program = self.command(programs, folder, folder)[0]
        runs = subprocess.run([str(program), "--help"], capture_output=True, check=False)  # noqa: S603
        return programs if runs.returncode == 0 else None

    def write(self, folder: Path, cards: list[Card], files: int) -> Path:
        """Put the notes into as many files."""
        folder.mkdir(parents=True)
        size = len(cards) // files
        for number in range(files):
            page = self.page(f"Deck {number}", cards[number * size : (number + 1) * size])
            (folder / f"page{number:04}.md").write_text(page, "utf-8")
        return folder


def cards(count: int) -> list[Card]:
    """So many notes, a third of each sort."""
    return [_card(number) for number in range(1, count + 1)]


def _card(number: int) -> Card:
    if number % 3 == 0:
        question = f"What is fact number {number} about topic {number * 7 % 101}?"
        return Card(number, question, (f"It is **bold {number}** and *italic* on one line.",))
    if number % 3 == 1:
        question = f"Why does $x_{{{number}}}^2 + y = {number}$ hold?"
        formula = f"Because of\n$$\\int_0^{number} x^2 \\, dx$$"
        fence = f"```python\ndef f(x):\n    return x + {number}  # add\n```"
        return Card(number, question, (formula, fence, f"| a | b |\n|---|---|\n| {number} | 2 |"))
    question = f"The %s of country {number} is %s."
    return Card(number, question, (), (f"capital {number}", f"city {number}"))


def _ankigen(_: str, found: list[Card]) -> str:
    return "".join(
        f"- {_asked(one, '{{cloze %.0s%s}}')} #card\n"
        + "".join("\t- " + part.replace("\n", "\n\t  ") + "\n" for part in one.answer)
        for one in found
    )


def _asked(one: Card, cloze: str = "{{c%d::%s}}") -> str:
    """The question, `cloze` around each hidden word and its number."""
    if not one.hidden:
        return one.question
    return one.question % tuple(cloze % pair for pair in enumerate(one.hidden, 1))


def _markdown_anki_decks(name: str, found: list[Card]) -> str:
    notes = (f"## {_asked(one)}\n\n" + "".join(f"{part}\n\n" for part in one.answer) for one in found)
    return f"# {name}\n\n{''.join(notes)}"


def _ankcompiler(name: str, found: list[Card]) -> str:
    notes = (
        f"---\n\n{_asked(one)}"
        + ("\n:::\n" + "\n\n".join(one.answer) if one.answer else "")
        + f"\n\n---\n[^uid]: {digest(str(one.number), length=10)}\n\n"
        for one in found
    )
    return f"---\ndeck: {name}\n---\n\n{''.join(notes)}"


def _md2anki(name: str, found: list[Card]) -> str:
    notes = (
        f"## {_asked(one)} ({uuid.UUID(int=one.number)})\n\n" + "\n\n".join(one.answer or ("yes",)) + "\n\n"
        for one in found
    )
    return f"# {name} ({int(digest(name, length=8), 16)})\n\n{''.join(notes)}"


ANKIGEN = Peer("ankigen", (), _ankigen, lambda programs, notes, out: [programs / "ankigen", "build", notes, "-o", out])
PEERS = (
    Peer(
        "markdown-anki-decks",
        ("markdown-anki-decks", "click==8.0.4", "typer<0.5"),
        _markdown_anki_decks,
        lambda programs, notes, out: [programs / "mdankideck", "--cloze", notes, out],
    ),
    Peer(
        "ankcompiler",
        ("ankcompiler",),
        _ankcompiler,
        lambda programs, notes, out: [programs / "ankc", "build", "--all", "--path", notes, "--output", out],
    ),
    Peer(
        "md2anki",
        ("md2anki",),
        _md2anki,
        lambda programs, notes, out: [programs / "md2anki", *sorted(notes.glob("*.md")), "-o-anki", out / "all.apkg"],
    ),
)
