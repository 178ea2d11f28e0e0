"""A lock file of the first form, before `adopt`, `sync --adopt` and a sync of a part: no note of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME, read_lock
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import add
from tests.identity.test_lock_merges import in_first_form

pytestmark = pytest.mark.thorough

CARDS = "".join(f"- Question number {n}? #card\n\t- The answer to it, {n}\n" for n in range(5))
WAVE = "- What is a wave? #card #x\n\t- A motion that travels\n"


@pytest.mark.parametrize("command", [("adopt", "--yes"), ("sync", "--adopt", "--yes"), ("sync", "--tag", "x", "--yes")])
def test_a_lock_of_the_first_form_keeps_every_note(
    server: AnkiServer, tmp_path: Path, command: tuple[str, ...]
) -> None:
    desk = Desk(tmp_path, server)
    write(desk.notes, page=CARDS)
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    path = desk.notes / LOCK_NAME
    before = read_lock(path)
    assert before is not None
    path.write_text(in_first_form(before), "utf-8")
    write(desk.notes, more=WAVE)
    if command[0] == "adopt":
        add(server.collection, "Basic", {"Front": "What is a wave?", "Back": "A motion that travels"})
    done = desk.run(command[0], "notes", *command[1:])
    assert done.returncode == ExitCode.DONE, done.stderr
    after = read_lock(path)
    assert after is not None
    assert {*before.identities} <= {*after.identities}
    assert all(after.identities[guid].created == known.created for guid, known in before.identities.items())
    desk.invoke("sync", "--yes")
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    assert len(server.collection.find_notes("")) == 6
