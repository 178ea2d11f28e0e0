"""Which lines do the problems of a set of notes speak of?"""

from __future__ import annotations

from collections.abc import Mapping

from ankigen.data import Desired
from ankigen.reading import lines_at


def quoted_lines(desired: Desired) -> Mapping[tuple[str, int], str]:
    """The lines that the problems speak of, by path and number, for `report.problems`."""
    return lines_at(desired.root, (problem.position for problem in desired.problems))
