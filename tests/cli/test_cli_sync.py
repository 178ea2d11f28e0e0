"""`ankigen plan` and `ankigen sync` as a stranger meets them, over a real collection."""

import json
import shutil
import socket
from pathlib import Path

import pytest

from ankigen import api, note_types
from ankigen.errors import ExitCode, Interrupted
from ankigen.support.structs import replace
from tests.helpers.anki_server import AnkiServer, Fault, running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.terminal import on_a_terminal

CARDS = "- What bends light? #card\n\t- A lens\n- What splits it? #card #optics\n\t- A prism\n"


@pytest.fixture(params=["running", pytest.param("closed", marks=pytest.mark.thorough)])
def desk(tmp_path: Path, server: AnkiServer, request: pytest.FixtureRequest) -> Desk:
    write(tmp_path / "notes", optics=CARDS)
    return Desk(tmp_path, server, is_closed=request.param == "closed")


def test_plan_shows_what_sync_would_do_and_changes_nothing(desk: Desk) -> None:
    before = sorted(path.name for path in desk.notes.iterdir())
    done = desk.run("plan", "notes", "--exit-code")
    assert done.returncode == ExitCode.CHANGES_PENDING
    assert done.stdout.splitlines() == [
        "+ optics.md:1 What bends light? in optics",
        "    + Front: What bends light?",
        "    + Back: A lens",
        "    + Context: optics",
        "+ optics.md:3 What splits it? in optics",
        "    + Front: What splits it?",
        "    + Back: A prism",
        "    + Context: optics",
        "    tags: +optics",
        "optics: 2 new",
    ]
    assert desk.backs() == []
    assert sorted(path.name for path in desk.notes.iterdir()) == before


def test_sync_writes_nothing_until_the_user_agrees(desk: Desk) -> None:
    refused = desk.run("sync", "notes", answer="n\n")
    assert refused.returncode == ExitCode.DONE
    assert "Apply these changes? [y/N]" in refused.stderr
    assert desk.backs() == []
    agreed = desk.run("sync", "notes", answer="y\n")
    assert (agreed.returncode, desk.backs()) == (ExitCode.DONE, ["A lens", "A prism"])
    assert agreed.stderr.endswith("2 new\n")


def test_a_second_sync_has_nothing_to_do_and_asks_nothing(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    again = desk.run("sync", "notes")
    assert (again.returncode, again.stdout, again.stderr) == (ExitCode.DONE, "nothing to do\n", "")
    assert desk.run("plan", "notes", "--exit-code").returncode == ExitCode.DONE


def test_a_change_is_shown_as_a_diff_and_an_edit_in_anki_is_kept(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    desk.edit("Back", "A <b>glass</b> prism", "What splits it?")
    write(desk.notes, optics=CARDS.replace("A lens", "A *curved* lens"))
    done = desk.run("sync", "notes", "--yes")
    assert done.stdout.splitlines() == [
        "~ optics.md:1 What bends light?",
        "    Back",
        "    - A lens",
        "    + A curved lens",
        "= optics.md:3 What splits it?: edited in Anki, kept",
        "    Back",
        "    - A glass prism",
        "    + A prism",
        "optics: 1 changed",
    ]
    assert desk.backs() == ["A <b>glass</b> prism", "A <em>curved</em> lens"]


def test_a_conflict_is_kept_named_and_decided_by_the_user(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    desk.edit("Back", "Mine")
    write(desk.notes, optics=CARDS.replace("A lens", "Theirs"))
    done = desk.run("sync", "notes", "--yes")
    assert done.returncode == ExitCode.PROTECTED
    assert "changed here and in Anki; --prefer notes or --prefer anki decides" in done.stdout
    assert desk.backs() == ["A prism", "Mine"]
    decided = desk.run("sync", "notes", "--yes", "--prefer", "notes")
    assert (decided.returncode, desk.backs()) == (ExitCode.DONE, ["A prism", "Theirs"])


def test_a_large_removal_is_refused_unless_forced(desk: Desk) -> None:
    many = "".join(f"- Question {number}? #card\n\t- {number}\n" for number in range(20))
    write(desk.notes, optics=many)
    desk.run("sync", "notes", "--yes")
    write(desk.notes, optics=CARDS)
    refused = desk.run("sync", "notes", "--yes")
    assert refused.returncode == ExitCode.PROTECTED
    assert "this would remove 20 of 20 notes" in refused.stderr
    assert "! a sync would stop: this would remove 20 of 20 notes" in desk.run("plan", "notes").stdout
    assert not desk.server.collection.find_cards("is:suspended")
    assert desk.run("sync", "notes", "--yes", "--force").returncode == ExitCode.DONE
    assert len(desk.server.collection.find_cards("is:suspended")) == 20


def test_the_plan_as_json_names_every_change(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    write(desk.notes, optics=CARDS.replace("A lens", "Any lens").replace("#optics", "#physics"))
    made = json.loads(desk.run("plan", "notes", "--json").stdout)
    assert made["managed"] == 2
    assert [(one["kind"], one["line"]) for one in made["changes"]] == [("changed", 1), ("changed", 3)]
    assert made["changes"][0]["fields"] == [{"name": "Back", "existing": "A lens", "desired": "Any lens"}]
    assert (made["changes"][1]["added_tags"], made["changes"][1]["removed_tags"]) == (["physics"], ["optics"])


def test_an_anki_that_does_not_run_is_one_line_of_advice(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = desk.run("sync", "notes", "--yes", "--url", f"http://127.0.0.1:{port}")
    assert done.returncode == ExitCode.FAILED
    assert done.stderr.splitlines()[-1].startswith("ankigen: nothing answers at http://127.0.0.1:")
    assert "Traceback" not in done.stderr


def test_a_card_that_came_by_a_package_and_was_deleted_in_anki_stays_deleted(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    shutil.rmtree(desk.folder / "home")
    assert desk.run("sync", "notes").returncode == ExitCode.DONE
    [id] = desk.server.collection.find_notes('"Front:What splits it?"')
    desk.server.collection.remove_notes([id])
    done = desk.run("sync", "notes", "--yes")
    assert "deleted in Anki" in done.stdout
    assert len(desk.backs()) == 1


def test_a_card_that_ankigen_deleted_comes_back_when_it_is_written_again(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    kept, _, dropped = CARDS.partition("- What splits")
    write(desk.notes, optics=kept)
    desk.run("sync", "notes", "--yes", "--delete")
    assert len(desk.backs()) == 1
    write(desk.notes, optics=f"{kept}- What splits{dropped}")
    desk.run("sync", "notes", "--yes")
    assert len(desk.backs()) == 2


def test_an_interrupted_sync_says_how_to_go_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ankigen.api.anki.apply_plan", interrupted)
    monkeypatch.setenv("XDG_STATE_HOME", str(desk.folder))
    desired = api.load(desk.notes)
    anki = api.connect(desk.server.url)
    with pytest.raises(Interrupted, match="run the same command again to finish"):
        api.sync(desired, api.plan(desired, anki), anki)
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE


def test_a_question_that_nobody_answers_changes_nothing_and_says_how_to_go_on_without(desk: Desk) -> None:
    done = desk.run("sync", "notes")
    assert done.returncode == ExitCode.PROTECTED
    assert done.stderr.splitlines()[-1] == ("ankigen: no answer, so nothing was changed: add --yes to sync unattended")
    assert desk.backs() == []


def test_a_terminal_shows_the_plan_in_colours_unless_they_are_not_wanted(desk: Desk) -> None:
    arguments = ("plan", "notes", "--url", desk.server.url)
    coloured, _ = on_a_terminal(*arguments, folder=desk.folder, **desk.homes)
    assert "\x1b[32m    + Back: A lens\x1b[0m" in coloured
    plain, _ = on_a_terminal(*arguments, folder=desk.folder, **desk.homes, NO_COLOR="1")
    assert "\x1b" not in plain
    assert "    + Back: A lens" in plain


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_notes_that_are_not_there_are_said_so_while_anki_is_being_read(desk: Desk, command: str) -> None:
    done = desk.run(command, "nowhere")
    assert (done.returncode, done.stderr) == (
        ExitCode.WRONG_COMMAND_LINE,
        "ankigen: no such file or folder: nowhere\n",
    )


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_an_anki_that_does_not_run_is_told_before_the_notes_are_read(desk: Desk, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert "nothing answers at" in desk.run(command, "nowhere", "--url", url).stderr


def test_what_keeps_anki_from_being_read_ahead_is_told_by_the_plan(tmp_path: Path, server: AnkiServer) -> None:
    write(tmp_path / "notes", optics=CARDS)
    desk = Desk(tmp_path, server)
    desk.server.fault = lambda number, _request: Fault.CUT_BEFORE if number > 2 else None
    done = desk.run("plan", "notes")
    assert (done.returncode, done.stderr) == (
        ExitCode.FAILED,
        (
            "ankigen: the connection to Anki broke during `multi`: "
            "check that Anki is running, then run the command again\n"
        ),
    )


def test_the_key_is_nowhere_but_on_the_wire(tmp_path: Path) -> None:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki", key="a-secret") as server:
        desk = Desk(tmp_path, server)
        write(desk.notes, optics=CARDS)
        runs = [
            desk.run("sync", "notes", "--yes", "--verbose", ANKIGEN_ANKICONNECT_KEY="a-secret"),
            desk.run("sync", "notes", "--verbose", ANKIGEN_ANKICONNECT_KEY="not-a-secret"),
        ]
    assert [one.returncode for one in runs] == [ExitCode.DONE, ExitCode.FAILED]
    assert all("a-secret" not in one.stdout + one.stderr for one in runs)
    written = [path for folder in (desk.notes, desk.home) for path in folder.rglob("*") if path.is_file()]
    assert len(written) == 5  # the page, the lock file, the memory, the queue, and what is kept of the page
    assert not any(b"a-secret" in path.read_bytes() for path in written)


def test_new_fields_are_asked_for_with_what_a_full_sync_means_and_never_added_unattended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.invoke("sync", "--yes")
    later = replace(note_types.BASIC.note_type, fields=(*note_types.BASIC.note_type.fields, "Hint"))
    monkeypatch.setattr("ankigen.api.anki.own_note_types", lambda _: (later, note_types.CLOZE.note_type))
    fields = desk.server.actions.modelFieldNames
    unattended = desk.invoke("sync", "--yes")
    assert "AnkiWeb wants a full upload then: sync without --yes" in unattended.stderr
    assert "Hint" not in fields("ankigen Basic")
    declined = desk.invoke("sync", answer="n\nn\n")
    assert "AnkiWeb will then ask for a full upload, so sync your other devices first." in declined.stderr
    assert "Hint" not in fields("ankigen Basic")
    assert desk.invoke("sync", answer="y\n").exit_code == ExitCode.DONE
    assert fields("ankigen Basic")[-1] == "Hint"


def test_a_plan_of_many_notes_is_short_unless_all_is_asked_for(desk: Desk) -> None:
    write(desk.notes, optics="".join(f"- Q{number} #card\n\t- A\n" for number in range(25)))
    shown = {option: desk.run("plan", "notes", *option).stdout for option in ((), ("--verbose",), ("--quiet",))}
    assert {option: text.count("\n+ ") + text.startswith("+ ") for option, text in shown.items()} == {
        (): 20,
        ("--verbose",): 25,
        ("--quiet",): 0,
    }
    assert shown["--quiet",] == "optics: 25 new\n"
    assert shown[()].endswith("… and 5 more new; --verbose shows all\noptics: 25 new\n")
    assert len(json.loads(desk.run("plan", "notes", "--json").stdout)["changes"]) == 25
