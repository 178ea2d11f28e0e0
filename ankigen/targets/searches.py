"""Searches in Anki's words, which are the same wherever they are asked."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Iterable

_NOT_OURS = '(-"Guid:_*" OR -"Base:_*") prop:lapses>=0'
"""Notes without both fields of ours that have a card."""
_OUR_CARDS = '"Guid:_*" -is:suspended'


def with_guid(guid: str) -> str:
    """The notes that carry a GUID, which is in its plain form."""
    return f'"Guid:{guid}"'


def foreign(query: str | None) -> str:
    """The notes that lack ankigen's fields, all or those that a search finds."""
    return f"({query}) {_NOT_OURS}" if query else _NOT_OURS


def marked(note_ids: Group[int], fields: Iterable[str]) -> str:
    """The notes that lack ankigen's fields and have one of the ids, or text in one of these fields."""
    ids = [f"nid:{','.join(map(str, sorted(note_ids)))}"] if note_ids else []
    return foreign(" OR ".join([*ids, *(f'"{field}:_*"' for field in fields)]))


def due(days: int) -> list[str]:
    """The cards of ankigen's that are due on each of so many days from today, those that are late today."""
    today = f"{_OUR_CARDS} prop:due<=0 (is:due OR is:learn)"
    return [today, *(f"{_OUR_CARDS} prop:due={day}" for day in range(1, days))]
