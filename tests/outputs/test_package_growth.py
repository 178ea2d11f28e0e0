"""How the work of packing grows with the notes."""

from pathlib import Path

import pytest

from ankigen.note_types import packed
from ankigen.outputs import pack
from ankigen.source import load
from ankigen.support.structs import replace
from tests.helpers.building import NOON, write
from tests.helpers.growth import LINEAR, growth, steps


@pytest.mark.parametrize("apart", [0, 1])
def test_notes_that_a_lock_file_dates_to_one_moment_cost_no_more_than_others(tmp_path: Path, apart: int) -> None:
    """Each takes the next id that is free, and looks at no others to find it; so do the cards of each."""
    [note] = load(write(tmp_path, a="- {{cloze a}} and {{cloze b}} #card\n"), NOON).notes
    example = packed(note)

    def count(size: int) -> int:
        notes = [
            replace(example, guid=f"{example.guid}{number}", created=example.created + number * apart)
            for number in range(size)
        ]
        return steps(lambda: pack(notes))

    assert growth(count) < LINEAR
