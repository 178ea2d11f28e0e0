"""What a collection had of a set of notes is remembered apart from other collections and other sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import memory
from ankigen.data import Guid, SourceId
from ankigen.errors import CannotRead

ONE, TWO = SourceId("one"), SourceId("two")


def test_a_collection_that_was_never_seen_had_nothing(tmp_path: Path) -> None:
    assert memory.recall(tmp_path / "nowhere", "collection", ONE) == frozenset()


def test_what_is_remembered_is_recalled_for_the_same_collection_and_notes_alone(tmp_path: Path) -> None:
    memory.remember(tmp_path, "collection", ONE, [Guid("b"), Guid("a")])
    assert memory.recall(tmp_path, "collection", ONE) == {"a", "b"}
    assert memory.recall(tmp_path, "collection", TWO) == frozenset()
    assert memory.recall(tmp_path, "other", ONE) == frozenset()


def test_a_later_memory_replaces_an_earlier_one(tmp_path: Path) -> None:
    memory.remember(tmp_path, "collection", ONE, [Guid("a")])
    memory.remember(tmp_path, "collection", ONE, [Guid("b")])
    assert memory.recall(tmp_path, "collection", ONE) == {"b"}


def test_a_damaged_memory_is_not_taken_for_none(tmp_path: Path) -> None:
    memory.remember(tmp_path, "collection", ONE, [Guid("a")])
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CannotRead):
        memory.recall(tmp_path, "collection", ONE)
