"""What whoever imports a package will not receive."""

import subprocess
from pathlib import Path

import pytest

from ankigen import api, report
from ankigen.data import Desired
from ankigen.errors import BrokenLock, ExitCode
from ankigen.source import load
from tests.helpers import processes
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON, build, named, write
from tests.helpers.processes import Done

MANY = "".join(f"- Question {n}? #card\n\t- Answer number {n}\n" for n in range(40))


def run(folder: Path) -> Done:
    done = processes.run("build", "notes", "-o", "a.apkg", "--quiet", folder=folder)
    assert done.returncode == ExitCode.DONE
    return done


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_the_search_finds_exactly_the_removed_notes(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", many=MANY)
    build(notes, tmp_path / "a.apkg")
    kept = [line for n, line in enumerate(MANY.split("- Question ")) if n % 3]
    write(notes, many="- Question ".join(["", *kept]))
    api.build(load_at(notes), tmp_path / "b.apkg", removed=tmp_path / "removed.txt")
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        found = collection.find_notes((tmp_path / "removed.txt").read_text().strip())
        questions = sorted(collection.get_note(id).fields[0] for id in found)
    assert questions == sorted(f"Question {n}?" for n in range(40) if n % 3 == 2)


def load_at(notes: Path) -> Desired:
    return load(notes, NOON + 60_000)


def test_where_nothing_was_removed_the_search_finds_nothing(tmp_path: Path) -> None:
    build(write(tmp_path / "notes", many=MANY), tmp_path / "a.apkg")
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        assert collection.find_notes(report.search_for([])) == []


def test_build_says_once_what_an_import_leaves_out(tmp_path: Path) -> None:
    write(
        tmp_path / "notes", a="- Force is mass times acceleration #card\n\t- Newton, 1687, in Latin\n- Q #card\n\t- A\n"
    )
    run(tmp_path)
    write(tmp_path / "notes", a="- Force is {{cloze mass}} times acceleration #card\n\t- Newton, 1687, in Latin\n")
    kind = (
        "notes/a.md:1: now a cloze card: an import does not change the kind of a note, "
        "so readers of an older package keep the old one"
    )
    removed = (
        "1 note removed since the last build: an import deletes nothing; "
        "--removed FILE writes a search that finds them in Anki"
    )
    assert run(tmp_path).stderr.splitlines() == [kind, removed]
    assert run(tmp_path).stderr == ""


def test_a_kind_that_changes_and_changes_back_neither_doubles_the_note_nor_loses_a_review(tmp_path: Path) -> None:
    basic = "- Force is mass times acceleration #card\n\t- Said Newton in 1687\n"
    cloze = basic.replace("mass", "{{cloze mass}}")
    with open_collection(tmp_path) as collection:
        for step, (text, shown) in enumerate([(basic, basic), (cloze, basic), (basic.replace("1687", "Latin"),) * 2]):
            build(write(tmp_path / "notes", a=text), tmp_path / "a.apkg", NOON + step * 60_000)
            import_package(collection, tmp_path / "a.apkg")
            [id] = collection.find_notes("")
            [card] = collection.get_note(id).cards()
            assert collection.get_note(id)["Back"] in shown
            assert card.reps == step
            card.start_timer()
            collection.sched.answerCard(card, 4)


def test_two_branches_that_add_cards_merge_without_a_conflict_and_keep_every_guid(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", many=MANY, other="- Other? #card\n\t- Other answer\n")
    git(tmp_path, "init")
    build(named(notes), tmp_path / "a.apkg")  # by chance, two new GUIDs of forty may be neighbours, and meet
    git(tmp_path, "add", "notes")
    git(tmp_path, "commit", "-m", "start")
    known = guids(notes)
    git(tmp_path, "checkout", "-b", "left")
    write(notes, many="- On top? #card\n\t- Left\n" + MANY, left="- New page? #card\n\t- Left page\n")
    known |= commit(notes, tmp_path)
    git(tmp_path, "checkout", "main")
    write(notes, many=MANY + "- The end? #card\n\t- Right\n", right="- New? #card\n\t- Right page\n")
    known |= commit(notes, tmp_path)
    git(tmp_path, "merge", "--no-edit", "left")
    assert guids(notes) == known
    assert len(known) == 45


def test_branches_that_change_one_card_conflict_and_the_advice_mends_the_lock(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a="- What bends light? #card\n\t- A lens\n")
    git(tmp_path, "init")
    [known] = commit(notes, tmp_path)
    git(tmp_path, "checkout", "-b", "left")
    write(notes, a="- What bends light? #card\n\t- Any lens\n")
    commit(notes, tmp_path)
    git(tmp_path, "checkout", "main")
    write(notes, a="- What bends light? #card\n\t- Glass\n")
    commit(notes, tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "merge", "--no-edit", "left")
    write(notes, a="- What bends light? #card\n\t- Any lens of glass\n")
    with pytest.raises(BrokenLock, match="keep the lines of both sides and delete the marker lines, then build again"):
        load_at(notes)
    lock = notes / "ankigen.lock"
    lines = lock.read_text().splitlines(keepends=True)
    lock.write_text("".join(line for line in lines if not line.startswith(("<<<<<<<", "=======", ">>>>>>>"))))
    assert guids(notes) == {known}


def commit(notes: Path, folder: Path) -> set[tuple[str, str]]:
    build(notes, folder / "b.apkg", NOON + 60_000)
    git(folder, "add", "notes")
    git(folder, "commit", "-m", "more")
    return guids(notes)


def guids(notes: Path) -> set[tuple[str, str]]:
    return {(note.identity.question, note.identity.guid) for note in load_at(notes).notes}
