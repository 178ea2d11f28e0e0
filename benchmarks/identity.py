"""How many cards lose their history: with the lock file, with `id::` on every card, with neither?

The histories are those of the tests, without the edits that make another card of a block or write ids: twenty packages,
one to three edits between two of them, all imported into one collection. A history is lost if its card's block still
stands, and no block's note carries it any more, or the note of another card does.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import uuid
from enum import Enum
from pathlib import Path

from tests.helpers.anki_library import open_collection
from tests.identity.fates import fates_of
from tests.identity.histories import EDITS, ID_EDITS, NEW, REPLACEMENTS, World, new_world
from tests.identity.history_reader import Reader, reader

_STEPS = 20
_EDITS = [edit for edit in EDITS if edit not in (*REPLACEMENTS, *ID_EDITS)]


class Way(Enum):
    """What tells one card from another."""

    LOCK = "with the lock"
    ID = "with `id::`"
    NEITHER = "with neither"


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    shares = [_share(way, arguments.histories, arguments.seed) for way in Way]
    print("|" + "|".join(f" {way.value} " for way in Way) + "|")
    print("|" + "---|" * len(Way))
    print("|" + "|".join(f" {lost:,} lost, {made:,} begun " for lost, made in shares) + "|")


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
    lost: set[int] = set()
    with reader(folder / "empty" / "collection.anki2", folder / "reader") as one:
        lost |= _follow(one, world, way)
        for _ in range(_STEPS):
            for _ in range(chance.randint(1, 3)):
                edit = chance.choice(_EDITS)
                world.chance.seed(chance.getrandbits(32))
                edit(world)
            lost |= _follow(one, world, way)
    return len(lost), world.numbers


def _follow(one: Reader, world: World, way: Way) -> set[int]:
    """Build, import, and return the numbers of the cards that lost their history."""
    for _, card in world.cards():
        if way is Way.ID and not card.id:
            card.id = str(uuid.UUID(int=world.chance.getrandbits(128), version=4))
    notes = one.read(world, has_lock=way is Way.LOCK)
    carried = {card: one.number_of.get(note, NEW) for card, note in notes.items()}
    fates = fates_of(world)
    lost = {card.number for card in carried if card.before} - set(carried.values())
    taken = {number for card, number in carried.items() if number != NEW and number not in fates[card]}
    one.settle(world, notes)
    return lost | taken


if __name__ == "__main__":
    main()
