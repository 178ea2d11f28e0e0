"""How many notes of another tool are found by their words alone: `make bench-adopt` counts more of them."""

from __future__ import annotations

import pytest

from ankigen.data import Evidence, Guid
from ankigen.syncing import match
from tests.helpers.former_tool import Edit, Move, move

FLOORS = {Edit.NONE: 0.999, Edit.ANSWER: 0.98, Edit.WORD: 0.35}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Move:
    return move(tmp_path_factory.mktemp("moved"), 1000, seed=7)


@pytest.fixture(scope="module")
def found(moved: Move) -> dict[Guid, int]:
    return {pair.note.identity.guid: pair.existing.id for pair in match(moved.notes, moved.existing, {}).pairs}


@pytest.mark.parametrize("edit", Edit)
def test_of_cards_that_stand_once_the_words_alone_find(edit: Edit, moved: Move, found: dict[Guid, int]) -> None:
    cards = [guid for guid, known in moved.edits.items() if known is edit]
    assert len(cards) > 30
    assert sum(found.get(guid) == moved.origins[guid] for guid in cards) >= FLOORS[edit] * len(cards)


def test_no_note_is_taken_for_that_of_another_card(moved: Move, found: dict[Guid, int]) -> None:
    assert [guid for guid, id_ in found.items() if moved.origins.get(guid) != id_] == []


def test_similar_questions_are_marked_as_such_so_that_each_is_asked_about(moved: Move, found: dict[Guid, int]) -> None:
    pairs = match(moved.notes, moved.existing, {}, is_similar=True).pairs
    more = [pair for pair in pairs if pair.note.identity.guid not in found]
    assert {pair.evidence for pair in more} <= {Evidence.SIMILAR}
