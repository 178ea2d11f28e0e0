"""Histories of edits, each step built and imported into one real collection, with reviews in between: nothing is lost.

`make test-long` runs more of them.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.helpers.anki_library import open_collection
from tests.identity.histories import EDITS, new_world
from tests.identity.history_reader import reader

STEPS = 20
PARTS = (0, pytest.param(1, marks=pytest.mark.thorough))
HISTORIES = int(os.environ.get("ANKIGEN_HISTORIES", "12")) // len(PARTS)
SEED = int(os.environ.get("ANKIGEN_SEED", "0"))

edits = st.tuples(st.sampled_from(EDITS), st.integers(0, 2**16))
steps = st.lists(edits, min_size=1, max_size=3)
histories = st.lists(steps, min_size=STEPS, max_size=STEPS)


@pytest.fixture(scope="module")
def empty_collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    with open_collection(folder):
        pass
    return folder / "collection.anki2"


@pytest.mark.parametrize("part", PARTS)
def test_no_history_of_edits_doubles_a_note_or_loses_a_review(
    part: int, empty_collection: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("history")

    @seed(SEED * len(PARTS) + part)
    @settings(
        max_examples=HISTORIES,
        database=None,
        phases=[Phase.generate],  # shrinking takes minutes, and a history of twenty steps is read as it is
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        print_blob=True,
    )
    @given(start=st.integers(0, 2**16), history=histories)
    def holds(start: int, history: list[list[tuple[object, int]]]) -> None:
        world = new_world(start)
        with reader(empty_collection, folder / "reader") as one:
            one.follow(world)
            for step in history:
                for edit, seed in step:
                    world.chance.seed(seed)
                    edit(world)  # type: ignore[operator]
                one.follow(world)

    holds()
