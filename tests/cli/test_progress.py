"""Long work shows how it goes on: a bar on a terminal, lines elsewhere, nothing for who asked for quiet."""

from pathlib import Path

import pytest

from ankigen import api
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.terminal import on_a_terminal

pytestmark = pytest.mark.thorough

MANY = {f"page{number}": f"- Question {number}? #card\n\t- {number}\n" for number in range(200)}
BAR = "making notes ━"


def test_a_terminal_shows_a_bar_that_is_gone_when_the_work_is_done(tmp_path: Path) -> None:
    write(tmp_path, **MANY)
    shown, code = on_a_terminal("check", folder=tmp_path, NO_COLOR="1")
    assert BAR in shown
    assert shown.rpartition("\x1b[2K")[2].splitlines()[0] == "200 notes, 200 cards, 200 decks, no problems"
    assert code == 0


@pytest.mark.parametrize("how", [{"arguments": ["--quiet"]}, {"TERM": "dumb"}])
def test_a_bar_is_for_a_terminal_that_can_draw_it_and_for_who_wants_it(tmp_path: Path, how: dict[str, str]) -> None:
    write(tmp_path, **MANY)
    shown, _ = on_a_terminal("check", *how.pop("arguments", []), folder=tmp_path, **how)
    assert "━" not in shown


@pytest.mark.parametrize("command", ["build", "check", "list", "init"])
def test_every_command_that_reads_notes_is_quiet_if_asked(tmp_path: Path, command: str) -> None:
    write(tmp_path, **MANY)
    assert "━" in on_a_terminal(command, folder=tmp_path)[0]
    assert "━" not in on_a_terminal(command, "--quiet", folder=tmp_path)[0]


def test_few_cards_are_read_without_a_bar(tmp_path: Path) -> None:
    write(tmp_path, few="- Why? #card\n\t- So.\n")
    shown, _ = on_a_terminal("check", folder=tmp_path)
    assert "━" not in shown


def test_without_a_terminal_a_sync_tells_each_step_that_it_takes_on_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        desk = Desk(tmp_path, server)
        write(desk.notes, one="- Why? #card\n\t- So.\n")
        assert desk.run("sync", "notes", "--yes").stderr == "writing notes …\nreading back …\n1 new\n"
        write(desk.notes, one="deck:: B\n\n- Why? #card\n\t- So.\n")
        assert desk.run("sync", "notes", "--yes").stderr == (
            "moving cards …\nwriting notes …\nreading back …\n1 moved\n"
        )
        write(desk.notes, one="- Why? #card\n\t- So.\n")
        assert desk.run("sync", "notes", "--yes", "--quiet").stderr == "1 moved\n"


def test_reading_tells_how_many_pages_are_done(tmp_path: Path) -> None:
    write(tmp_path, a="- A? #card\n\t- a\n", b="- B? #card\n\t- b\n- C? #card\n\t- c\n")
    told: list[tuple[str, int, int]] = []
    api.load(tmp_path, lambda *what: told.append(what))
    assert told == [
        ("reading pages", 0, 2),
        ("reading pages", 1, 2),
        ("making notes", 0, 2),
        ("making notes", 1, 2),
    ]
