"""A closed Anki: what keeps its collection from being opened, and what a sync leaves there beside the notes."""

from __future__ import annotations

import itertools
import json
import os
import random
import shlex
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection as AnkiCollection
from typer.testing import CliRunner

from ankigen import api, targets
from ankigen.cli import app
from ankigen.data import Guid, MediaFile, PackedNote, SourceId, Wishes
from ankigen.errors import (
    AnkigenError,
    AnkiRefused,
    CannotWrite,
    CollectionChanged,
    CollectionDamaged,
    CollectionOpen,
    CollectionTooNew,
    CollectionTooOld,
    ExitCode,
    ExtraMissing,
    LibraryTooNew,
    MediaNameTaken,
    NoSuchCollection,
    NotACollection,
    TwoTargets,
)
from ankigen.note_types import BASIC, packed
from ankigen.support.structs import replace
from ankigen.targets import Writer
from ankigen.targets.collection import CollectionFile, opening
from tests.helpers import processes
from tests.helpers.anki_library import open_collection
from tests.helpers.building import write
from tests.helpers.documents import ROOT
from tests.helpers.syncing import Reader, contents, note, reworded, sync_whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A collection with a note of the reader's."""
    with open_collection(tmp_path) as collection:
        add(collection, "mine")
        assert list(collection.find_cards("prop:due>9")) == []  # once it needs the day, Anki notes when one begins
    return tmp_path / "collection.anki2"


def add(collection: AnkiCollection, front: str) -> None:
    basic = collection.models.by_name("Basic")
    assert basic is not None
    made = collection.new_note(basic)
    made["Front"] = front
    collection.add_note(made, 1)  # type: ignore[arg-type]


def target(path: Path) -> CollectionFile:
    return CollectionFile(path, path.parent / "packages")


@contextmanager
def writing(client: CollectionFile, *imports: PackedNote) -> Iterator[Writer]:
    with client.writing(client.read().name, set(), imports, {}) as writer:
        yield writer


def state(path: Path) -> dict[str, Any]:
    """All rows of a collection, but for the times of its last change."""
    tables = ("notes", "cards", "revlog", "decks", "notetypes", "fields", "templates", "config", "tags", "graves")
    with open_collection(path.parent) as collection:
        assert collection.db is not None
        held = {name: sorted(map(repr, collection.db.all(f"select * from {name}"))) for name in tables}  # noqa: S608
        return held | {"col": collection.db.first("select crt, scm, ver, ls from col")}


# Looking


def test_looking_changes_no_byte_of_a_collection(path: Path) -> None:
    before = path.read_bytes()
    client = target(path)
    client.require_ready()
    client.read([BASIC.note_type.id])
    client.read_foreign()
    client.read_studied([1], 9)
    client.read_exported("", ["Default"])
    client.copied_note_type("Basic")
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["collection.anki2", "collection.media"]


def test_a_plan_changes_nothing_and_a_sync_asks_nothing_of_a_running_anki(tmp_path: Path, path: Path) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    before = path.read_bytes()
    done = ankigen(tmp_path, "plan", "notes", "--to", str(path), "--json")
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert len(json.loads(done.stdout)["changes"]) == 1
    assert path.read_bytes() == before
    done = ankigen(tmp_path, "sync", "notes", "--to", str(path), "--yes")
    assert (done.returncode, done.stderr.endswith("1 new\n")) == (ExitCode.DONE, True)
    again = ankigen(tmp_path, "sync", "notes", "--to", str(path))
    assert (again.returncode, again.stdout, again.stderr) == (ExitCode.DONE, "nothing to do\n", "")
    report = ankigen(tmp_path, "report", "notes", "--to", str(path), "--output", "health.html")
    assert report.returncode == ExitCode.DONE
    assert "No Anki was asked" not in (tmp_path / "health.html").read_text("utf-8")


def ankigen(folder: Path, *arguments: str, **environment: str) -> processes.Done:
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(folder / "home"))
    return processes.run(*arguments, folder=folder, **homes, **environment)


@pytest.mark.thorough
def test_an_edit_comes_home_from_a_closed_anki(tmp_path: Path, path: Path) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    ankigen(tmp_path, "sync", "notes", "--to", str(path), "--yes")
    with open_collection(path.parent) as collection:
        Reader(collection).edit(guid_of(collection, "What bends light?"), Back="A <b>glass</b> lens")
    assert ankigen(tmp_path, "pull", "notes", "--to", str(path), "--yes").returncode == ExitCode.DONE
    assert (tmp_path / "notes/optics.md").read_text("utf-8") == "- What bends light? #card\n\t- A **glass** lens\n"
    assert ankigen(tmp_path, "sync", "notes", "--to", str(path), "--yes").returncode == ExitCode.DONE
    again = ankigen(tmp_path, "sync", "notes", "--to", str(path))
    assert (again.returncode, again.stdout, again.stderr) == (ExitCode.DONE, "nothing to do\n", "")


def guid_of(collection: AnkiCollection, front: str) -> str:
    [id_] = collection.find_notes(f'"Front:{front}"')
    return collection.get_note(id_)["Guid"]


# Whose GUID it is


def test_a_note_whose_guid_field_was_emptied_is_still_the_note_and_gets_it_back(path: Path) -> None:
    client = target(path)
    sync_whole(client, [note("a")])
    with open_collection(path.parent) as collection:
        reader = Reader(collection)
        reader.review("a")
        reader.edit("a", Guid="")
    assert sync_whole(client, [note("a")]) == ["UpdateNote"]
    assert sync_whole(client, [note("a")]) == []
    with open_collection(path.parent) as collection:
        assert contents(collection)["a"].reviews == (7,)


def test_a_note_that_the_reader_wrote_by_hand_without_a_guid_is_left_alone(path: Path) -> None:
    client = target(path)
    first = note("a", source=SourceId("contract"))
    sync_whole(client, [first])
    with open_collection(path.parent) as collection:
        kind = collection.models.by_name("ankigen Basic")
        assert kind is not None
        own = collection.new_note(kind)
        own["Front"] = "mine"
        collection.add_note(own, 1)  # type: ignore[arg-type]
    assert sync_whole(client, [first]) == []
    assert sync_whole(client, [], wishes=Wishes(is_deleting=True)) == ["DeleteNote"]
    with open_collection(path.parent) as collection:
        assert collection.get_note(own.id)["Front"] == "mine"


def test_a_guid_of_another_tool_is_known_whatever_characters_it_has(path: Path) -> None:
    client = target(path)
    ours = note("q%26%3C")
    sync_whole(client, [ours])
    with open_collection(path.parent) as collection:
        copied(collection, "q%26%3C")
    assert [one.is_original for one in client.read().notes] == [True, False]
    with open_collection(path.parent) as collection:
        [id_] = [id_ for id_ in collection.find_notes("") if collection.get_note(id_).guid == "q&<"]
        emptied(collection, id_)
    assert sync_whole(client, [ours]) == ["UpdateNote"]
    with open_collection(path.parent) as collection:
        assert collection.get_note(id_)["Guid"] == "q%26%3C"


def copied(collection: AnkiCollection, guid: str) -> int:
    """Copy a note in Anki, and return the id of the copy."""
    before = {*collection.find_notes("")}
    Reader(collection).copy(guid)
    [copy] = {*collection.find_notes("")} - before
    return copy


def emptied(collection: AnkiCollection, id_: int) -> None:
    """Empty the GUID field of a note."""
    held = collection.get_note(id_)  # type: ignore[arg-type]
    held["Guid"] = ""
    collection.update_note(held)


def test_a_copy_whose_original_was_deleted_is_not_the_note(path: Path) -> None:
    client = target(path)
    sync_whole(client, [note("a")])
    with open_collection(path.parent) as collection:
        original = Reader(collection).note("a").id
        copy = copied(collection, "a")
        collection.remove_notes([original])
        before = {*collection.find_notes("")}
    assert sync_whole(client, [reworded(note("a"), back="new")]) == ["CreateNote"]  # without a memory of the note
    with open_collection(path.parent) as collection:
        [made] = {*collection.find_notes("")} - before
        notes = [collection.get_note(id_) for id_ in (copy, made)]  # type: ignore[arg-type]
        assert [(held["Back"], len(held.cards())) for held in notes] == [("back", 1), ("new", 1)]


def test_a_copy_whose_guid_field_the_reader_emptied_is_left_alone(path: Path) -> None:
    client = target(path)
    first = note("a", source=SourceId("contract"))
    sync_whole(client, [first])
    with open_collection(path.parent) as collection:
        copy = copied(collection, "a")
        emptied(collection, copy)
    assert sync_whole(client, [first], wishes=Wishes(is_deleting=True)) == []
    assert sync_whole(client, [], wishes=Wishes(is_deleting=True)) == ["DeleteNote"]
    with open_collection(path.parent) as collection:
        assert copy in collection.find_notes("")


def test_after_a_lost_lock_a_note_whose_guid_field_was_emptied_is_taken_over(tmp_path: Path, path: Path) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n- What splits it? #card\n\t- A prism\n")
    ankigen(tmp_path, "sync", "notes", "--to", str(path), "--yes")
    with open_collection(path.parent) as collection:
        guids = {front: guid_of(collection, front) for front in ("What bends light?", "What splits it?")}
        copy = copied(collection, guids["What splits it?"])
        emptied(collection, copy)
        emptied(collection, Reader(collection).note(guids["What bends light?"]).id)
        count = collection.note_count()
    (tmp_path / "notes/ankigen.lock").unlink()
    done = ankigen(tmp_path, "sync", "notes", "--to", str(path), "--adopt", "--yes")
    assert (done.returncode, "2 adopted" in done.stdout) == (ExitCode.DONE, True)
    with open_collection(path.parent) as collection:
        assert guid_of(collection, "What bends light?") == guids["What bends light?"]
        assert collection.get_note(copy)["Guid"] == ""  # type: ignore[arg-type]
        assert collection.note_count() == count


def test_of_a_note_and_its_copies_the_one_whose_own_guid_it_is_is_the_note(path: Path) -> None:
    client = target(path)
    sync_whole(client, [note("a")])
    with open_collection(path.parent) as collection:
        original, copy = Reader(collection).note("a").id, copied(collection, "a")
        assert collection.db is not None
        collection.db.execute("update notes set id = ? where id = ?", original - 1, copy)  # older than the note
        collection.db.execute("update cards set nid = ? where nid = ?", original - 1, copy)
    found = {one.id: one.is_original for one in client.read().notes}
    assert found == {original: True, original - 1: False}
    changed = reworded(replace(note("a"), identity=replace(note("a").identity, created=original - 1)), back="new")
    assert sync_whole(client, [changed]) == ["UpdateNote"]
    with open_collection(path.parent) as collection:
        texts = {one: collection.get_note(one)["Back"] for one in collection.find_notes("Guid:a")}
    assert texts == {original: "new", original - 1: "back"}


# What a sync leaves


def test_a_sync_is_one_step_of_undo(path: Path) -> None:
    client = target(path)
    undone: list[str] = []
    with client.writing(client.read().name, set(), [packed(note("a")), packed(note("b"))], {}) as writer:
        writer.import_notes()
        for number in range(40):  # more than Anki keeps steps
            writer.add_tags({f"tag{number}": [1]})
        collection: AnkiCollection = writer._collection  # type: ignore[attr-defined]  # noqa: SLF001
        undone.append(collection.undo_status().undo)
        collection.undo()
        undone.append(collection.undo_status().undo)
        assert [collection.get_note(id_)["Front"] for id_ in collection.find_notes("")] == ["mine"]
        collection.redo()
    assert undone == ["ankigen", ""]
    assert {one.guid for one in client.read().notes} == {"a", "b"}


@pytest.mark.parametrize("failure", [AnkiRefused("x", "y"), KeyboardInterrupt(), AssertionError()], ids=repr)
def test_what_fails_halfway_is_taken_back_whole(path: Path, tmp_path: Path, failure: BaseException) -> None:
    client = target(path)
    with writing(client, packed(note("old"))) as writer:
        writer.import_notes()
    (held,) = client.read().notes
    before = state(path)

    def work() -> None:
        with writing(client, packed(note("new", deck="Elsewhere"))) as writer:
            writer.import_notes()
            writer.move([card.id for card in held.cards], "Other")
            writer.suspend([card.id for card in held.cards])
            writer.add_tags({"tag": [held.id]})
            writer.restyle("ankigen Basic", [], "x {}")
            writer.delete_notes([held.id])
            raise failure

    with pytest.raises(type(failure)):
        work()
    assert state(path) == before


def test_a_backup_that_anki_can_read_is_made_before_a_write(path: Path) -> None:
    with writing(target(path), packed(note("a"))) as writer:
        writer.import_notes()
    (backup,) = (path.parent / "backups").iterdir()
    assert backup.suffix == ".colpkg"
    with zipfile.ZipFile(backup) as held:
        assert "collection.anki21b" in held.namelist()


def test_the_schema_and_the_options_of_the_import_dialog_stay_as_they_are(path: Path) -> None:
    with open_collection(path.parent) as collection:
        collection.set_config("updateNotes", 1)
        assert collection.db is not None
        before = collection.db.first("select scm, ls from col"), collection.all_config()
    with writing(target(path), packed(note("a"))) as writer:
        writer.import_notes()
    with open_collection(path.parent) as collection:
        assert collection.db is not None
        after = collection.db.first("select scm, ls from col"), collection.all_config()
        assert collection.fix_integrity() == ("Database rebuilt and optimized.", True)
    assert after[0] == before[0]
    options = ("mergeNotetypes", "updateNotes", "updateNotetypes", "withDeckConfigs", "withScheduling")
    assert {name: after[1].get(name) for name in options} == {name: before[1].get(name) for name in options}


def test_media_lie_in_the_media_folder_and_anki_knows_of_them(path: Path, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"png")
    client = target(path)
    with writing(client) as writer:
        writer.send_media([MediaFile("a.png", str(tmp_path / "picture"))])
    assert client.read().media == {"a.png"}
    assert (path.parent / "collection.media/a.png").read_bytes() == b"png"
    (tmp_path / "picture").write_bytes(b"other")
    with pytest.raises(MediaNameTaken), writing(client) as writer:
        writer.send_media([MediaFile("a.png", str(tmp_path / "picture"))])


def test_what_others_changed_since_the_plan_is_not_written_over(path: Path) -> None:
    client = target(path)
    name = client.read().name
    with open_collection(path.parent) as collection:
        add(collection, "meanwhile")
    with (
        pytest.raises(CollectionChanged, match="run the command again"),
        client.writing(name, set(), [packed(note("a"))], {}),
    ):
        raise AssertionError
    assert not (path.parent / "backups").exists()
    with writing(client, packed(note("a"))) as writer:  # read anew
        writer.import_notes()
    with client.writing(name, set(), [packed(note("b"))], {}) as writer:  # and what it wrote itself is no change
        writer.import_notes()
    assert {one.guid for one in client.read(guids=[Guid("a"), Guid("b")]).notes} == {"a", "b"}


@pytest.mark.parametrize(("changes", "code"), [(1, ExitCode.DONE), (2, ExitCode.DONE), (3, ExitCode.PROTECTED)])
def test_unattended_it_is_planned_anew_twice(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: int, code: ExitCode
) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    true_sync, tries = api.sync, itertools.count()

    def sync(*given: Any, **named: Any) -> Any:
        if (number := next(tries)) < changes:
            with open_collection(path.parent) as collection:
                add(collection, f"meanwhile {number}")
        return true_sync(*given, **named)

    monkeypatch.setattr(api, "sync", sync)
    done = CliRunner().invoke(app, ["sync", str(tmp_path / "notes"), "--yes", "--to", str(path)])
    failure = done.exception
    assert (failure.exit_code if isinstance(failure, AnkigenError) else done.exit_code) == code
    assert len(target(path).read().notes) == (code is ExitCode.DONE)


# Refusals


def test_a_collection_that_anki_has_open_is_refused_with_who_has_it(path: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from anki.collection import Collection; "
        "held = Collection(sys.argv[1]); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        before = path.read_bytes()
        with pytest.raises(CollectionOpen) as refused:
            target(path).require_ready()
        write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
        done = ankigen(tmp_path, "sync", "notes", "--to", str(path), "--yes")
        assert path.read_bytes() == before
        holder.stdin.close()
    assert done.returncode == ExitCode.FAILED
    who = f"process {holder.pid})" if sys.platform == "linux" else "Anki"
    assert who in done.stderr
    assert str(refused.value).endswith("close Anki, or leave --to out to sync with it through AnkiConnect")
    target(path).require_ready()


def refused(path: Path, failure: type[AnkigenError]) -> str:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(failure) as caught:
        target(path).read()
    assert before is None or path.read_bytes() == before
    return str(caught.value)


def test_what_is_no_collection_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    for name, content in (("empty", b""), ("text", b"notes"), ("half", b"SQLite format 3\0 and no more" * 500)):
        path = tmp_path / f"{name}.anki2"
        path.write_bytes(content)
        assert "is not an Anki collection" in refused(path, NotACollection)
    other = tmp_path / "other.anki2"
    with sqlite3.connect(other) as connection:
        connection.execute("create table books (title)")
    connection.close()
    assert "is not an Anki collection" in refused(other, NotACollection)
    assert "no such collection" in refused(tmp_path / "none.anki2", NoSuchCollection)
    assert not (tmp_path / "none.anki2").exists()


@pytest.mark.parametrize(
    ("version", "failure", "advice"),
    [
        (99, CollectionTooNew, "pip install --upgrade anki"),
        (11, CollectionTooOld, "open it once in Anki 25.9 or later"),
    ],
)
def test_tables_of_another_age_are_refused(path: Path, version: int, failure: type[AnkigenError], advice: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("update col set ver = ?", (version,))
    connection.close()
    assert advice in refused(path, failure)


def test_a_library_of_a_later_release_is_told(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def warning(release: str) -> str:
        monkeypatch.setattr("importlib.metadata.version", lambda _name: release)
        return CliRunner().invoke(app, ["plan", str(tmp_path / "notes"), "--to", str(path)]).stderr

    assert warning("26.9.7") == warning("25.9.2") == ""
    assert warning("27.2") == (
        "Anki's library 27.2 is newer than this ankigen knows: if anything looks wrong, update ankigen\n"
    )
    monkeypatch.setattr(opening, "_tables_of_library", lambda: 19)
    assert "would change the tables of" in refused(path, LibraryTooNew)


def test_the_library_prints_nothing_where_results_go(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hours = itertools.count(0, 3600)
    monkeypatch.setattr("anki._backend.time.time", lambda: next(hours))  # each call takes an hour
    target(path).read()
    assert capsys.readouterr().out == ""


def test_a_damaged_collection_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        size = connection.execute("pragma page_size").fetchone()[0]
        (root,) = connection.execute("select rootpage from sqlite_master where name = 'notetypes'").fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(content)
    assert "Tools > Check Database" in refused(path, CollectionDamaged)


def test_a_file_that_may_not_be_written_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)  # who runs the tests may write anywhere
    assert refused(path, CannotWrite) == f"cannot write {path}: Permission denied"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are those of POSIX")
@pytest.mark.parametrize(
    "blocks", [700, *(pytest.param(more, marks=pytest.mark.thorough) for more in (100, 300, 1100, 1500, 1800))]
)
def test_on_a_disk_that_is_full_at_any_size_nothing_is_written(path: Path, tmp_path: Path, blocks: int) -> None:
    """A file of more blocks than that fails where it grows: the package, what Anki unpacks of it, or the journal."""
    chance = random.Random(1)
    cards = "".join(f"- Which {n}? #card\n\t- `{chance.getrandbits(400_000):x}`\n" for n in range(20))
    write(tmp_path / "notes", optics=cards)
    before = state(path)
    sync = shlex.join([sys.executable, "-m", "ankigen", "sync", "notes", "--yes", "--to", str(path)])
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(tmp_path / "home"))
    command = ["bash", "-c", f"trap '' XFSZ; ulimit -f {blocks}; exec {sync}"]
    environment = {**os.environ, **homes, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.FAILED
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ankigen: cannot write ") or "free some space" in last
    assert state(path) == before
    assert ankigen(tmp_path, "sync", "notes", "--to", str(path), "--yes").returncode == ExitCode.DONE


def test_without_the_library_the_command_says_how_to_get_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert refused(path, ExtraMissing).endswith('install it with pip install "ankigen[anki]"')


def test_the_library_is_not_loaded_by_other_commands(tmp_path: Path) -> None:
    script = "import sys, ankigen.cli, ankigen.targets; print([name for name in sys.modules if name[:5] == 'anki.'])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_two_targets_at_once_are_refused(path: Path) -> None:
    with pytest.raises(TwoTargets, match="--to and --url"):
        targets.reach("8765", str(path))
