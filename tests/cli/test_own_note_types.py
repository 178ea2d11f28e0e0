"""`ankigen note-type new` and `copy` as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.processes import run


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    write(tmp_path / "notes", a="- perro #vocabulary\n  gender:: masculine\n\t- dog\n")
    return Desk(tmp_path, server)


def new(desk: Desk, name: str) -> tuple[int, str, str]:
    done = run("note-type", "new", name, "notes", folder=desk.folder)
    return done.returncode, done.stdout, done.stderr


def test_new_writes_an_example_that_works_at_once(desk: Desk) -> None:
    code, written, told = new(desk, "Vocabulary")
    assert code == ExitCode.DONE
    assert sorted(Path(line).name for line in written.splitlines()) == [
        *("Recall.back.html", "Recall.front.html", "Recognise.back.html", "Recognise.front.html"),
        *("note_type.toml", "style.css"),
    ]
    assert told == "write `note-type:: Vocabulary` below a card, or on a page, to make notes of it\n"
    checked = run("check", "notes", folder=desk.folder)
    assert checked.returncode == ExitCode.DONE
    assert "1 note, 2 cards, 1 deck, no problems" in checked.stderr


def test_new_leaves_what_is_there_alone(desk: Desk) -> None:
    new(desk, "Vocabulary")
    style = desk.notes / "note_types/Vocabulary/style.css"
    style.write_text("mine")
    code, _, told = new(desk, "Vocabulary")
    assert code == ExitCode.WRONG_COMMAND_LINE
    assert "already exists: choose another name, or delete it first" in told
    assert style.read_text() == "mine"


@pytest.mark.parametrize("name", ["", "../out", "a/b", ".hidden", "a" * 101, 'say "hi"', "x\ny"])
def test_new_writes_no_name_that_leads_elsewhere(desk: Desk, name: str) -> None:
    before = sorted(desk.folder.rglob("*.toml"))
    assert new(desk, name)[0] == ExitCode.WRONG_COMMAND_LINE
    assert sorted(desk.folder.rglob("*.toml")) == before


def test_new_writes_nothing_through_a_link_out_of_the_notes(desk: Desk) -> None:
    (desk.folder / "elsewhere").mkdir()
    (desk.notes / "note_types").symlink_to(desk.folder / "elsewhere")
    assert new(desk, "Vocabulary")[0] == ExitCode.FAILED
    assert list((desk.folder / "elsewhere").iterdir()) == []


def theirs(server: AnkiServer, card: str = "Card 1") -> int:
    """A note type that a person made in Anki, with a note of it that was reviewed."""
    models = server.collection.models
    made = models.new("My words")
    for name in ("Wort", "Sinn"):
        field = models.new_field(name)
        field["rtl"] = name == "Sinn"
        models.add_field(made, field)
    template = models.new_template(card)
    template["qfmt"], template["afmt"] = "{{Wort}}", "{{FrontSide}}<hr id=answer>\r\n{{Sinn}}"
    models.add_template(made, template)
    made["css"] = ".card { color: navy; }"
    id = models.add_dict(made).id
    note = server.collection.new_note(models.get(id))  # type: ignore[arg-type]
    note["Wort"], note["Sinn"] = "Hund", "dog"
    server.collection.add_note(note, 1)  # type: ignore[arg-type]
    return int(id)


def test_copy_brings_a_type_and_its_notes_are_of_that_very_type_in_anki(desk: Desk, server: AnkiServer) -> None:
    id = theirs(server)
    done = desk.run("note-type", "copy", "My words", "notes")
    assert done.returncode == ExitCode.DONE
    folder = desk.notes / "note_types/My words"
    definition = (folder / "note_type.toml").read_text()
    assert 'fields = ["Wort", "Sinn"]\ncards = ["Card 1"]' in definition
    assert f"id = {id}\n" in definition
    assert '[field."Sinn"]\nrtl = true' in definition
    assert (folder / "Card 1.back.html").read_text() == "{{FrontSide}}<hr id=answer>\n{{Sinn}}\n"
    write(desk.notes, a="- Katze #card\n  note-type:: My words\n\t- cat\n")
    synced = desk.run("sync", "notes", answer="y\ny\n")
    assert (synced.returncode, "My words: new fields or cards" in synced.stderr) == (ExitCode.DONE, True)
    collection = server.collection
    held = [collection.get_note(note) for note in collection.find_notes("")]
    assert [(note["Wort"], note["Sinn"], note.note_type()["id"]) for note in held] == [  # type: ignore[index]
        ("Hund", "dog", id),
        ("Katze", "cat", id),
    ]
    assert desk.run("sync", "notes").stdout == "nothing to do\n"
    assert "Sinn" in collection.models.get(id)["tmpls"][0]["afmt"]  # type: ignore[index, arg-type]
    assert len(collection.models.all_names_and_ids()) == len(
        {one.name.rstrip("+") for one in collection.models.all_names_and_ids()}
    )


def test_copy_names_what_is_meant(desk: Desk, server: AnkiServer) -> None:
    theirs(server)
    done = desk.run("note-type", "copy", "My wrods", "notes")
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert "Anki has no note type My wrods: did you mean My words?" in done.stderr


def test_copy_writes_no_card_whose_name_leads_elsewhere(desk: Desk, server: AnkiServer) -> None:
    theirs(server, "../../out")
    done = desk.run("note-type", "copy", "My words", "notes")
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert "rename it in Anki first" in done.stderr
    assert not list(desk.folder.rglob("*.html"))
