"""Clozes numbered and marked in one go, for tests that want to see them rendered."""

from __future__ import annotations

from collections.abc import Sequence

from ankigen import render
from ankigen.data import Block, ClozeSyntax, Markdown
from ankigen.identity.cloze_numbers import number_clozes
from ankigen.syntax import clozes


def marked(
    question: str, blocks: Sequence[Block] = (), syntax: ClozeSyntax = clozes.DEFAULTS
) -> tuple[Markdown, tuple[Block, ...]]:
    """Number the clozes of a card as if it were new, and mark them."""
    numbers = [cloze.number for cloze in number_clozes(clozes.answers(question, blocks, syntax), ())]
    return clozes.mark(question, blocks, numbers, syntax)


def rendered(text: str) -> str:
    """A text with clozes as the field of a new note."""
    return render.cloze(*marked(text), "page.md").html
