"""How many cards lose their history: with the lock file, with `id::` on every card, with neither in a clone?

Without a lock file and outside of a repository, every build makes all its notes anew: that needs no measuring.

The histories are those of the tests, without the edits that make another card of a block or write ids: twenty packages,
one, two or five edits between two of them, all imported into one collection. A history is lost if its card's block
stands, and no block's note carries it any more, or the note of another card does. Who says question and answer both
anew without an id replaces a card, so none is lost. Nor is one where a block goes on as the one next to it that was
deleted, and said all the same: nothing in the world tells these.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
import uuid
from enum import Enum
from pathlib import Path

from tests.helpers.anki_library import open_collection
from tests.identity.fates import begins_anew, fates_of
from tests.identity.histories import EDITS, ID_EDITS, NEW, REPLACEMENTS, Card, Saying, World, new_world
from tests.identity.history_reader import Reader, reader

_STEPS = 20
_EDITS_BETWEEN = (1, 2, 5)
_EDITS = [edit for edit in EDITS if edit not in (*REPLACEMENTS, *ID_EDITS)]


class Way(Enum):
    """What tells one card from another."""

    LOCK = "with the lock"
    ID = "with `id::`"
    NEITHER = "with neither, in a clone"


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| edits between two packages |" + "|".join(f" {way.value} " for way in Way) + "|")
    print("|" + "---|" * (1 + len(Way)))
    for edits in _EDITS_BETWEEN:
        shares = [_share(way, arguments.histories, arguments.seed, edits) for way in Way]
        cells = (f" {lost:,} of {met:,} ({lost / met:.1%}) " for lost, met in shares)
        print(f"| {edits} |" + "|".join(cells) + "|", flush=True)


def _share(way: Way, histories: int, seed: int, edits: int) -> tuple[int, int]:
    """How many cards lost their history at an edit of theirs, of how many that were edited."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        with open_collection(folder / "empty"):
            pass
        counts = [_one(way, number, folder, edits) for number in range(seed, seed + histories)]
    return sum(lost for lost, _ in counts), sum(met for _, met in counts)


def _one(way: Way, seed: int, folder: Path, edits: int) -> tuple[int, int]:
    """How often a card of one history lost its own, and how often one was reworded, moved or answered anew."""
    chance = random.Random(seed)
    world = new_world(seed)
    lost = met = 0
    with reader(folder / "empty" / "collection.anki2", folder / "reader") as one:
        if way is Way.NEITHER:
            _begin_repository(one.folder / "notes")
        _follow(one, world, way)
        for _ in range(_STEPS):
            for _ in range(edits):
                edit = chance.choice(_EDITS)
                world.chance.seed(chance.getrandbits(32))
                edit(world)
            step_lost, step_met = _follow(one, world, way)
            lost, met = lost + step_lost, met + step_met
    return lost, met


def _begin_repository(folder: Path) -> None:
    """Make the folder a repository with a first commit, as a clone of it has."""
    folder.mkdir()
    nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    for command in (["init", "--quiet"], [*nobody, "commit", "--quiet", "--allow-empty", "--message", "first"]):
        subprocess.run(["git", *command], cwd=folder, check=True)  # noqa: S603, S607


def _follow(one: Reader, world: World, way: Way) -> tuple[int, int]:
    """Build, import, and count the cards that were edited, and those that lost their history or took another's."""
    for _, card in world.cards():
        if way is Way.ID and not card.id:
            card.id = str(uuid.UUID(int=world.chance.getrandbits(128), version=4))
    says_now = world.sayings()
    old = {card: saying for card, saying in says_now.items() if card.before and not _is_replaced(card, saying)}
    edited = [card for card, saying in old.items() if card.before != saying]
    notes = one.read(world, has_lock=way is Way.LOCK)
    carried = {card: one.number_of.get(note, NEW) for card, note in notes.items()}
    fates = fates_of(world)
    standing = {card.number for card in old if not card.was_gone and not _goes_on_as_equal(world, card, carried[card])}
    lost = standing - set(carried.values())
    taken = {number for card, number in carried.items() if number != NEW and number not in fates[card]}
    one.settle(world, notes)
    return len(lost | taken), len(edited)


def _is_replaced(card: Card, now: Saying) -> bool:
    return card.before is not None and now.id is None and begins_anew(now, card.before)


def _goes_on_as_equal(world: World, card: Card, number: int) -> bool:
    """Whether it carries the number of a deleted card that said the same, as did all that stood between the two."""
    said = {one.number: one.before for one in (*world.sayings(), *world.deleted_now)}
    order = world.order.get(card.before.page, []) if card.before else []
    if number not in order or card.number not in order or all(one.number != number for one in world.deleted_now):
        return False
    first, last = sorted((order.index(number), order.index(card.number)))
    return all(
        before and card.before and before.words == card.before.words
        for before in map(said.get, order[first : last + 1])
    )


if __name__ == "__main__":
    main()
