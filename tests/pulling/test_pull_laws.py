"""Whatever a reader edits: it comes home exactly, or it stays in Anki with a reason; and then nothing is left to do.

`make test-long` makes ten thousand edits.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.helpers import golden
from tests.pulling import typist
from tests.pulling.life import Life
from tests.pulling.rates import Tally, tally_of, try_one

BLOCKS = 20
FEW = 10
MANY = int(os.environ.get("ANKIGEN_PULLED", "1000")) // BLOCKS
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
def test_many_edits_come_home_exactly_or_not_at_all(block: int, tmp_path: Path) -> None:
    kind = ("words", "words", "marks", "marks", "lines")[block % 5]
    edits, least = KINDS[kind]
    held(tmp_path, block * 10_000, MANY, edits, least if MANY >= 300 else least - 0.07)


@pytest.mark.thorough
def test_what_both_sides_changed_becomes_exactly_what_anki_has_or_stays(tmp_path: Path) -> None:
    tally = tally_of(tmp_path, itertools.count(600_000), MANY, typist.WORDS, by_both=True)
    assert tally.wrong == []
    assert tally.rate(typist.WORDS) >= 0.8, "\n\n".join(tally.misses)


@pytest.mark.thorough
def test_without_its_proof_a_pull_would_be_seen_to_write_wrongly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eyes of these laws are their own: they see what the proof keeps from being written."""
    monkeypatch.setattr("ankigen.pulling.pages.verdict", lambda *_arguments, **_options: None)
    monkeypatch.setattr("ankigen.pulling.planning.fault_of", lambda *_arguments: None)
    tally = tally_of(tmp_path, itertools.count(1), 30, [typist.type_signs, typist.mark_word, typist.unmark])
    assert tally.wrong


@pytest.mark.thorough
def test_what_a_page_of_the_web_looks_like_stays_in_anki(tmp_path: Path) -> None:
    tally = tally_of(tmp_path, itertools.count(1), 20, [typist.paste])
    assert (tally.wrong, tally.pulled.total(), {reason for _, reason in tally.reasons}) == ([], 0, {"styled"})


@pytest.mark.thorough
@pytest.mark.parametrize("path", golden.inputs("cards"), ids=lambda path: path.stem)
def test_odd_notes_are_pulled_exactly_or_not_at_all(path: Path, tmp_path: Path) -> None:
    """The hazards that cards are known for: nothing is asked here but that no write is wrong."""
    page, tally, chance = tmp_path / path.name, Tally(), Random(path.stem)
    page.write_bytes(path.read_bytes())
    for _ in range(12):
        page.write_bytes(path.read_bytes())
        (tmp_path / "ankigen.lock").unlink(missing_ok=True)
        life = Life(tmp_path)
        if not life.read().notes:
            return
        edit = chance.choice([*typist.WORDS, *typist.MARKS, *typist.LINES])
        line_end = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
        try_one(life, chance, edit, tally, path.name, page, (), line_end, b"")
    assert tally.wrong == []
