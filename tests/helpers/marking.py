"""Clozes numbered and marked in one go, for tests that want to see them rendered."""

from __future__ import annotations

from collections.abc import Sequence

from ankigen.data import Block, ClozeSyntax, Markdown
from ankigen.identity.cloze_numbers import number_clozes
from ankigen.syntax import clozes


def marked(
    question: str, blocks: Sequence[Block] = (), syntax: ClozeSyntax = clozes.DEFAULTS
) -> tuple[Markdown, tuple[Block, ...]]:
    """Number the clozes of a card as if it were new, and mark them."""
    numbers = [cloze.number for cloze in number_clozes(clozes.answers(question, blocks, syntax), ())]
    return clozes.mark(question, blocks, numbers, syntax)
