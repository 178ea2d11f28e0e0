"""How many notes of another tool are found by their words alone, and how many of them wrongly?

The cards are made up. A tenth is not in Anki, a tenth as many strangers are, a tenth repeats another card; the HTML of
all is written otherwise. Counted are cards that stand once.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from ankigen.syncing import match
from tests.helpers.former_tool import Edit, move


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        moved = move(Path(folder), arguments.cards, arguments.seed)
    print("| what changed since | found | with `--similar` | wrong |")
    print("|---|---|---|---|")
    exact, similar = (
        {
            pair.note.identity.guid: pair.existing.id
            for pair in match(moved.notes, moved.existing, {}, is_similar=is_similar).pairs
        }
        for is_similar in (False, True)
    )
    for edit in Edit:
        cards = [guid for guid, known in moved.edits.items() if known is edit]
        found = sum(exact.get(guid) == moved.origins[guid] for guid in cards)
        more = sum(similar.get(guid) == moved.origins[guid] for guid in cards)
        wrong = sum(exact.get(guid, moved.origins[guid]) != moved.origins[guid] for guid in cards)
        print(f"| {edit.value} | {found:,} of {len(cards):,} | {more:,} | {wrong} |")
    of_all = [sum(moved.origins.get(guid) != id_ for guid, id_ in found.items()) for found in (exact, similar)]
    print(f"\nwrong among all cards, those without a note in Anki included: {of_all[0]}, with --similar {of_all[1]}")


if __name__ == "__main__":
    main()
