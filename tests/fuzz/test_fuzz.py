"""Folders made by chance, as `make fuzz` judges them by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.folders import made, put
from tests.fuzz.judge import judge


@pytest.mark.parametrize("number", range(10))
def test_a_folder_made_by_chance_is_built_taken_and_stamped(number: int, tmp_path: Path) -> None:
    judge(made(0, number), tmp_path)


def test_the_same_number_and_seed_make_the_same_folder(tmp_path: Path) -> None:
    assert made(3, 4) == made(3, 4)
    assert made(3, 4) != made(3, 5)
    put(tmp_path, made(3, 4))
    assert any(path.is_file() for path in tmp_path.rglob("*"))
