"""Recognises a renamed page, so that its cards still count as cards of one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ankigen.data import Identity
from ankigen.identity.evidence import CardEvidence
from ankigen.identity.pairing import Pair
from ankigen.support.structs import replace


def on_pages_of_today(
    cards: Iterable[CardEvidence], known: Sequence[Identity], sure: Iterable[Pair]
) -> Sequence[Identity]:
    """The known notes, those that are active with the new name of each renamed page.

    A page was renamed if it has no cards any more, all its `sure` cards that are on new pages are on the same one, and
    that one has no cards of another page that has none any more. The page may also still exist, its cards moved: what
    was removed from it before did not move with them.
    """
    pages, old_pages = {card.page for card in cards}, {note.page for note in known if note.removed is None}
    if old_pages <= pages:
        return known
    moved = [(note.page, card.page) for card, note in sure if note.page not in pages and card.page not in old_pages]
    renamed = _one_to_one(moved)
    return [_renamed(note, renamed) for note in known] if renamed else known


def _renamed(note: Identity, renamed: Mapping[str, str]) -> Identity:
    new = renamed.get(note.page) if note.removed is None else None
    return replace(note, page=new) if new is not None else note


def _one_to_one(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The pairs of which neither side is part of another pair."""
    forth: defaultdict[str, set[str]] = defaultdict(set)
    back: defaultdict[str, set[str]] = defaultdict(set)
    for old, new in pairs:
        forth[old].add(new)
        back[new].add(old)
    return {old: min(new) for old, new in forth.items() if len(new) == len(back[min(new)]) == 1}
