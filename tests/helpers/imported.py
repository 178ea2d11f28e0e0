"""Run in a process of its own, whose clock goes as it is told: imports a package, and says when Anki asks its cards.

Its arguments are a package, a folder for collections, and as JSON a list of runs, as the parameters of `imported`. Both
moments are local ones, as libfaketime reads them. It prints a JSON list with an answer for each run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions
from anki.scheduler.v3 import Scheduler

from tests.helpers.anki_library import import_as_ankiconnect, import_package, open_collection

Run = dict[str, Any]
_DAYS = range(-800, 100)


def in_process(zone: str, package: Path, folder: Path, runs: Sequence[Run]) -> list[dict[str, list[int]]]:
    """What becomes of each run in that time zone, by the first field of each note."""
    spec = importlib.util.find_spec("libfaketime")
    assert spec is not None, "the group dev of pyproject.toml has it"
    [library] = Path(str(spec.origin)).parent.rglob("libfaketime.so.1")
    clock = {"TZ": zone, "LD_PRELOAD": str(library), "FAKETIME_NO_CACHE": "1", "FAKETIME": "@2026-01-01 12:00:00"}
    folder.mkdir()
    arguments = [sys.executable, "-m", __name__, str(package), str(folder), json.dumps(runs)]
    done = subprocess.run(arguments, env=os.environ | clock, capture_output=True, text=True, check=True)
    answers: list[dict[str, list[int]]] = json.loads(done.stdout)
    return answers


def imported(
    package: Path,
    folder: Path,
    moment: str,
    born: str = "2026-01-01 12:00:00",
    rollover: int = 4,
    *,
    old_importer: bool = False,
    has_fsrs: bool = False,
) -> dict[str, list[int]]:
    """For each card in review: the days until it is due, its interval, and that after the answer Good if it is due."""
    folder.mkdir()
    os.environ["FAKETIME"] = f"@{born}"
    with open_collection(folder) as collection:
        collection.set_config("rollover", rollover)
        collection.set_config("fsrs", has_fsrs)
    os.environ["FAKETIME"] = f"@{moment}"
    with open_collection(folder) as collection:
        if old_importer:
            import_as_ankiconnect(collection, package)
        else:
            import_package(collection, package, ImportAnkiPackageOptions(with_scheduling=True))
        return _asked(collection)


def _asked(collection: Collection) -> dict[str, list[int]]:
    [deck] = [deck.id for deck in collection.decks.all_names_and_ids() if deck.name != "Default"]
    assert isinstance(collection.sched, Scheduler)
    collection.decks.select(deck)  # type: ignore[arg-type]
    queued = {
        card.card.id: card.states.good.normal.review.scheduled_days
        for card in collection.sched.get_queued_cards(fetch_limit=1000).cards
    }
    days: dict[int, int] = {}
    waiting = set(collection.find_cards("is:review"))
    for day in sorted(_DAYS, key=abs):
        found = waiting & set(collection.find_cards(f"prop:due={day}"))
        days.update(dict.fromkeys(found, day))
        waiting -= found
        if not waiting:
            break
    cards = [collection.get_card(id) for id in days]  # type: ignore[arg-type]
    return {card.note().fields[0]: [days[card.id], card.ivl, queued.get(card.id, 0)] for card in cards}


if __name__ == "__main__":
    [_, package, folder, wanted] = sys.argv
    runs = enumerate(json.loads(wanted))
    answers = [imported(Path(package), Path(folder) / str(number), **run) for number, run in runs]
    sys.stdout.write(json.dumps(answers))
