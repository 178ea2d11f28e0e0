"""`ankigen sync --adopt`, cut off or killed before or after any of its requests: the same command finishes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ankigen.errors import AnkigenError, ExitCode
from ankigen.identity import LOCK_NAME
from tests.helpers.anki_server import AnkiServer, Fault, running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.killing import gone_from, has_died_at
from tests.helpers.syncing import Reader

pytestmark = pytest.mark.thorough

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
MOVED = f"- What is a cell? #card\n  id:: {ID}\n\t- The smallest living thing\n"
WAVE = "- What is a wave? #card\n\t- A motion that travels\n"
BEFORE = (
    "- What bends light? #card\n\t- A lens made of glass\n"
    "- What splits light? #card\n\t- A prism made of glass\n"
    "- Sand becomes {{cloze Glass}} #card\n"
)
AFTER = (
    "deck:: Light\n\n"
    "- What bends light? #card #eye\n\t- A lens made of glass\n"
    "- What splits white light? #card\n\t- A prism made of glass\n"
    "- {{cloze Sand}} becomes {{cloze Glass}} #card\n"
    "- What is new here? #card\n\t- This card, which nobody had\n"
)
WORDS = ("sync", "--yes", "--adopt")


def laid(folder: Path, server: AnkiServer) -> Desk:
    """Reviewed notes whose lock is lost and that were edited since, and one that another set of notes gave up."""
    desk = Desk(folder, server)
    write(folder / "other", biology=MOVED + WAVE)
    write(desk.notes, optics=BEFORE)
    for notes in ("other", "notes"):
        assert desk.run("sync", notes, "--yes").returncode == ExitCode.DONE
    collection = server.collection
    for id in collection.find_notes(""):
        Reader(collection).review(collection.get_note(id)["Guid"])
    write(folder / "other", biology=WAVE)
    assert desk.run("sync", "other", "--yes").returncode == ExitCode.DONE
    (desk.notes / LOCK_NAME).unlink()
    write(desk.notes, optics=AFTER + MOVED)
    return desk


def seen(desk: Desk) -> list[Any]:
    """What each note says, its tags, and the deck, reviews and suspension of its cards."""
    collection = desk.server.collection
    notes = [collection.get_note(id) for id in collection.find_notes("")]
    return sorted(
        [
            [text for name, text in note.items() if name not in {"Guid", "Base", "Source"}],
            sorted(note.tags),
            [(collection.decks.name(card.did), card.reps, int(card.queue) == -1) for card in note.cards()],
        ]
        for note in notes
    )


def reviewed(desk: Desk) -> set[tuple[int, int]]:
    collection = desk.server.collection
    return {(int(id), collection.get_card(id).reps) for id in collection.find_cards("-is:new")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "anki").mkdir()
    with running(folder / "anki") as server:
        desk = laid(folder, server)
        assert desk.invoke(*WORDS).exit_code == ExitCode.DONE
        require_finished(desk, seen(desk))
        return seen(desk)


def require_finished(desk: Desk, undisturbed: list[Any]) -> None:
    assert seen(desk) == undisturbed
    assert len(undisturbed) == 6
    assert desk.invoke(*WORDS).stdout == "nothing to do\n"
    assert desk.run("plan", "other").stdout == "nothing to do\n"


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
@pytest.mark.parametrize("action", ["importPackage", "changeDeck", "removeTags", "unsuspend"])
def test_anki_that_is_gone_from_a_write_on_costs_nothing(
    tmp_path: Path, undisturbed: list[Any], action: str, fault: Fault
) -> None:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        desk = laid(tmp_path, server)
        reviews = reviewed(desk)
        with gone_from(desk, action, fault):
            assert isinstance(desk.invoke(*WORDS).exception, AnkigenError)
        assert reviewed(desk) == reviews
        assert desk.invoke(*WORDS).exit_code == ExitCode.DONE
        assert reviewed(desk) == reviews
        require_finished(desk, undisturbed)


@pytest.mark.thorough
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_command_that_is_killed_at_any_request_costs_nothing(
    tmp_path: Path, undisturbed: list[Any], moment: str
) -> None:
    point, has_died = 0, True
    while has_died:
        point += 1
        folder = tmp_path / str(point)
        (folder / "anki").mkdir(parents=True)
        with running(folder / "anki") as server:
            desk = laid(folder, server)
            reviews = reviewed(desk)
            has_died = has_died_at(desk, moment, point, *WORDS)
            assert reviewed(desk) == reviews
            if has_died:
                assert desk.invoke(*WORDS).exit_code == ExitCode.DONE
            assert reviewed(desk) == reviews
            require_finished(desk, undisturbed)
    assert point > 8
