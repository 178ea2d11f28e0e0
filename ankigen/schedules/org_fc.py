"""org-fc: its own drawer with a table, with a row for each card: position, ease, box, interval, due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from ankigen.data import REVIEW_ROW, Property, Schedule
from ankigen.schedules.written import Reading, Unread, count_in, days, ease, instant_in, number_in, shortened

_SIDES = {"front": 0, "back": 1}
_MOST_CARDS = 500
_HEADER = "position"
_COLUMNS = 5


def org_fc(properties: Sequence[Property], zone: tzinfo) -> Reading:
    """The schedules of a headline's cards: front and back, or its clozes by index."""
    by_card: dict[int, Schedule | None] = {}
    unread: list[Unread] = []
    for row, cells in _rows(properties):
        card = _SIDES.get(cells[0], count_in(cells[0]))
        schedule, is_read = _schedule(cells, zone)
        if card is None or card >= _MOST_CARDS or not is_read:
            message = (
                f'"{shortened(row.value)}" is not a row such as "| front | 2.5 | 3 | 7.0 | 2024-05-01T22:00:00Z |"'
            )
            unread.append(Unread(row, message))
        else:
            by_card[card] = schedule
    return Reading(tuple(by_card.get(card) for card in range(max(by_card, default=-1) + 1)), tuple(unread))


def _rows(properties: Sequence[Property]) -> Iterator[tuple[Property, list[str]]]:
    for prop in properties:
        if prop.key == REVIEW_ROW and prop.value.startswith("|") and not prop.value.startswith("|-"):
            cells = [cell.strip() for cell in prop.value.strip("|").split("|")]
            if cells[0] != _HEADER:
                yield prop, cells


def _schedule(cells: Sequence[str], zone: tzinfo) -> tuple[Schedule | None, bool]:
    """The schedule in a row, and whether the row was valid."""
    if len(cells) != _COLUMNS:
        return None, False
    factor, box, interval = map(number_in, cells[1:4])
    due = instant_in(cells[4])
    if factor is None or box is None or interval is None or due is None:
        return None, False
    if box < 0 or interval == 0:
        return None, True
    return Schedule(due.astimezone(zone).date(), days(interval), ease(factor), reps=max(int(box), 1)), True
