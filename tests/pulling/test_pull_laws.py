"""Whatever a reader edits: it comes home exactly, or it stays in Anki with a reason; and then nothing is left to do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.pulling import typist
from tests.pulling.rates import Tally, tally_of

FEW, MANY = 30, 500
BLOCKS = 20
KINDS = {"words": (typist.WORDS, 0.95), "marks": (typist.MARKS, 0.8), "lines": (typist.LINES, 0.8)}
"""What is edited, and the least share of it that comes home."""


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def held(folder: Path, first: int, count: int, edits: Sequence[typist.Edit], least: float) -> Tally:
    tally = tally_of(folder, itertools.count(first), count, edits)
    assert tally.wrong == []
    assert tally.rate(edits) >= least, "\n\n".join(tally.misses)
    return tally


@pytest.mark.parametrize("kind", KINDS)
def test_edits_come_home_exactly_or_not_at_all(kind: str, tmp_path: Path) -> None:
    edits, least = KINDS[kind]
    held(tmp_path, 100_000, FEW, edits, least - 0.07)  # few edits tell a share less exactly


@pytest.mark.thorough
@pytest.mark.parametrize("block", range(BLOCKS))
def test_ten_thousand_edits_come_home_exactly_or_not_at_all(block: int, tmp_path: Path) -> None:
    kind = ("words", "words", "marks", "marks", "lines")[block % 5]
    edits, least = KINDS[kind]
    held(tmp_path, block * 10_000, MANY, edits, least)


def test_without_its_proof_a_pull_would_be_seen_to_write_wrongly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eyes of these laws are their own: they see what the proof keeps from being written."""
    monkeypatch.setattr("ankigen.pulling.pages.verdict", lambda *_arguments, **_options: None)
    monkeypatch.setattr("ankigen.pulling.planning.fault_of", lambda *_arguments: None)
    tally = tally_of(tmp_path, itertools.count(1), 30, [typist.type_signs, typist.mark_word, typist.unmark])
    assert tally.wrong


def test_what_a_page_of_the_web_looks_like_stays_in_anki(tmp_path: Path) -> None:
    tally = tally_of(tmp_path, itertools.count(1), 20, [typist.paste])
    assert (tally.wrong, tally.pulled.total(), {reason for _, reason in tally.reasons}) == ([], 0, {"styled"})
