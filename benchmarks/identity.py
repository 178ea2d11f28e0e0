"""How many cards lose their history: with the lock file, with `id::` on every card, with neither?

The histories are those of the tests, without the edits that make another card of a block: twenty packages, one to three
edits between two of them, all imported into one collection. A card has lost its history if one of its packages made a
new note for it, or gave it another card's note.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import uuid
from enum import Enum
from pathlib import Path

from tests.anki_library import open_collection
from tests.histories import EDITS, NEW, REPLACEMENTS, Card, World, lose_id, new_world
from tests.history_reader import Reader, reader

_STEPS = 20
_EDITS = [edit for edit in EDITS if edit not in (*REPLACEMENTS, lose_id)]


class Way(Enum):
    """What tells one card from another."""

    LOCK = "with the lock"
    ID = "with `id::`"
    NEITHER = "with neither"


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    shares = [_share(way, arguments.histories, arguments.seed) for way in Way]
    print("|" + "|".join(f" {way.value} " for way in Way) + "|")
    print("|" + "---|" * len(Way))
    print("|" + "|".join(f" {lost / made:.1%} ({lost:,} of {made:,}) " for lost, made in shares) + "|")


def _share(way: Way, histories: int, seed: int) -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        with open_collection(folder / "empty"):
            pass
        counts = [_one(way, number, folder) for number in range(seed, seed + histories)]
    return sum(lost for lost, _ in counts), sum(made for _, made in counts)


def _one(way: Way, seed: int, folder: Path) -> tuple[int, int]:
    """How many cards of one history lost theirs, of how many."""
    chance = random.Random(seed)
    world = new_world(seed)
    lost: set[Card] = set()
    made: set[Card] = set()
    with reader(folder / "empty" / "collection.anki2", folder / "reader") as one:
        _follow(one, world, way, lost, made)
        for _ in range(_STEPS):
            for _ in range(chance.randint(1, 3)):
                edit = chance.choice(_EDITS)
                world.chance.seed(chance.getrandbits(32))
                edit(world)
            _follow(one, world, way, lost, made)
    return len(lost), len(made)


def _follow(one: Reader, world: World, way: Way, lost: set[Card], made: set[Card]) -> None:
    for _, card in world.cards():
        if way is Way.ID and not card.id:
            card.id = str(uuid.UUID(int=world.chance.getrandbits(128), version=4))
    seen = one.read(world, has_lock=way is Way.LOCK)
    fates = world.fates()
    for card, note in seen.items():
        number = one.number_of.get(note, NEW)
        if card.before and (number == NEW or number not in fates[card]):
            lost.add(card)
    made.update(seen)
    one.settle(world, seen)


if __name__ == "__main__":
    main()
