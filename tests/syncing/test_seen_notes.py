"""What a collection had of a set of notes is remembered apart from other collections and other sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.data import Guid, SourceId
from ankigen.errors import CannotRead
from ankigen.syncing import recall_folders, recall_seen, record_seen

ONE, TWO = SourceId("one"), SourceId("two")


def test_a_collection_that_was_never_seen_had_nothing(tmp_path: Path) -> None:
    assert recall_seen(tmp_path / "nowhere", "collection", ONE) == frozenset()


def test_what_is_remembered_is_recalled_for_the_same_collection_and_notes_alone(tmp_path: Path) -> None:
    record_seen(tmp_path, "collection", ONE, [Guid("b"), Guid("a")])
    assert recall_seen(tmp_path, "collection", ONE) == {"a", "b"}
    assert recall_seen(tmp_path, "collection", TWO) == frozenset()
    assert recall_seen(tmp_path, "other", ONE) == frozenset()


def test_a_later_memory_replaces_an_earlier_one(tmp_path: Path) -> None:
    record_seen(tmp_path, "collection", ONE, [Guid("a")])
    record_seen(tmp_path, "collection", ONE, [Guid("b")])
    assert recall_seen(tmp_path, "collection", ONE) == {"b"}


def test_a_damaged_memory_is_not_taken_for_none(tmp_path: Path) -> None:
    record_seen(tmp_path, "collection", ONE, [Guid("a")])
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CannotRead):
        recall_seen(tmp_path, "collection", ONE)


@pytest.mark.parametrize("name", ["", "a", "a/b c", "tab\there", "line\nend", "ü%", "\x85\u2028"])
def test_a_note_is_kept_with_the_folder_that_it_came_from(tmp_path: Path, name: str) -> None:
    record_seen(tmp_path, "collection", ONE, [Guid("b"), Guid("a")], {Guid("a"): name, Guid("c"): "none"})
    assert recall_folders(tmp_path, "collection", ONE) == {"a": name, "b": ""}
    assert recall_seen(tmp_path, "collection", ONE) == {"a", "b"}
