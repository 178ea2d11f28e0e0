"""`ankigen pull` as a stranger meets it, over a real collection."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk

CARDS = "- What bends light? #card\n\t- A **lens** does\n- What splits it? #card #optics\n\t- A prism\n"
BOTH = (
    "changed here and in Anki: `ankigen pull --prefer anki` writes Anki's text into the notes, "
    "`ankigen sync --prefer notes` yours into Anki"
)
OTHER_TYPE = (
    "changed in Anki, and the note has another type here: write it into the notes by hand, then "
    "`ankigen sync --prefer notes`"
)
STYLED = "the notes have no word for it: take fonts, colours and the like out in Anki"


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    write(tmp_path / "notes", optics=CARDS)
    desk = Desk(tmp_path, server)
    desk.run("sync", "notes", "--yes")
    return desk


def page(desk: Desk) -> str:
    return (desk.notes / "optics.md").read_bytes().decode()


def test_an_edit_comes_home_and_then_there_is_nothing_more_to_do(desk: Desk) -> None:
    desk.edit("Back", "A <b>glass lens</b> does&nbsp;so")
    done = desk.run("pull", "notes", answer="y\n")
    assert done.stdout.splitlines() == [
        "--- optics.md",
        "+++ optics.md",
        "@@ -1,3 +1,3 @@",
        " - What bends light? #card",
        "-\t- A **lens** does",
        "+\t- A **glass lens** does so",
        " - What splits it? #card #optics",
        "1 edit to write",
        " ",  # behind the question
    ]
    assert "Write these changes into the notes? [y/N]" in done.stderr
    assert done.stderr.endswith(
        "1 edit written into 1 file; `ankigen sync` then tells Anki that the notes say so, too\n"
    )
    assert page(desk) == CARDS.replace("**lens** does", "**glass lens** does so")
    again = desk.run("pull", "notes")
    assert (again.returncode, again.stdout, again.stderr) == (ExitCode.DONE, "nothing to pull\n", "")
    desk.run("sync", "notes", "--yes")
    assert desk.backs() == ["A <b>glass lens</b> does&nbsp;so", "A prism"]
    last = desk.run("sync", "notes")
    assert (last.returncode, last.stdout, last.stderr) == (ExitCode.DONE, "nothing to do\n", "")


def test_nothing_is_written_until_the_user_agrees(desk: Desk) -> None:
    desk.edit("Back", "A lens")
    lock = (desk.notes / "ankigen.lock").read_bytes()
    assert desk.run("pull", "notes", answer="n\n").returncode == ExitCode.DONE
    assert desk.run("pull", "notes").returncode == ExitCode.PROTECTED  # nobody answered
    assert (page(desk), (desk.notes / "ankigen.lock").read_bytes()) == (CARDS, lock)


def test_a_check_says_by_its_code_whether_there_is_something_to_write(desk: Desk) -> None:
    assert desk.run("pull", "notes", "--check").returncode == ExitCode.DONE
    desk.edit("Back", "A <i>lens</i> does")
    done = desk.run("pull", "notes", "--check")
    assert (done.returncode, page(desk)) == (ExitCode.CHANGES_PENDING, CARDS)
    assert "+\t- A *lens* does" in done.stdout


def test_a_reworded_question_stays_the_same_note(desk: Desk) -> None:
    [before] = desk.server.collection.find_notes('"Front:What bends light?"')
    desk.edit("Front", "What refracts light strongly?")
    assert desk.run("pull", "notes", "--yes").returncode == ExitCode.DONE
    assert page(desk) == CARDS.replace("bends light", "refracts light strongly")
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    assert len(desk.server.collection.find_notes("")) == 2
    assert desk.server.collection.get_note(before)["Front"] == "What refracts light strongly?"


def test_what_both_sides_changed_is_told_and_not_written(desk: Desk) -> None:
    desk.edit("Back", "Mine")
    write(desk.notes, optics=CARDS.replace("A **lens** does", "Theirs"))
    done = desk.run("pull", "notes", "--yes")
    assert done.returncode == ExitCode.PROTECTED
    assert done.stdout.splitlines() == [
        f"! optics.md:1 What bends light?: Back: {BOTH}",
        "    - Theirs",
        "    + Mine",
        "1 edit kept in Anki alone",
    ]
    assert page(desk) == CARDS.replace("A **lens** does", "Theirs")


def test_what_both_sides_changed_is_written_if_anki_is_preferred(desk: Desk) -> None:
    desk.edit("Back", "A **glass** lens &amp; more")
    theirs = CARDS.replace("A **lens** does", "A good lens")
    write(desk.notes, optics=theirs)
    done = desk.run("pull", "notes", "--yes", "--prefer", "anki")
    assert done.returncode == ExitCode.DONE
    assert page(desk) == theirs.replace("A good lens", r"A \*\*glass\*\* lens \& more")
    synced = desk.run("sync", "notes", "--yes")
    assert synced.returncode == ExitCode.DONE
    assert desk.backs() == ["A **glass** lens &amp; more", "A prism"]
    last = desk.run("sync", "notes")
    assert (last.returncode, last.stdout, last.stderr) == (ExitCode.DONE, "nothing to do\n", "")


@pytest.mark.parametrize("field", ["Back", "Extra"])  # Extra is in both types
def test_a_note_that_becomes_another_type_is_not_written_even_if_anki_is_preferred(desk: Desk, field: str) -> None:
    own_id = "#card\n  id:: 64f1c0de-0000-4000-8000-000000000001"
    write(desk.notes, optics=CARDS.replace("#card", own_id, 1))
    desk.run("sync", "notes", "--yes")
    desk.edit(field, "Mine")
    cloze = f"- A {{{{cloze lens}}}} bends light. {own_id}\n"
    write(desk.notes, optics=cloze)
    done = desk.run("pull", "notes", "--yes", "--prefer", "anki")
    assert (done.returncode, page(desk)) == (ExitCode.PROTECTED, cloze)
    assert f"! optics.md:1 A {{{{c1::lens}}}} bends light.: {field}: {OTHER_TYPE}" in done.stdout


def test_what_both_sides_changed_stays_a_conflict_where_it_cannot_be_written(desk: Desk) -> None:
    desk.edit("Back", 'A <span style="color: red">lens</span>')
    theirs = CARDS.replace("A **lens** does", "A good lens")
    write(desk.notes, optics=theirs)
    done = desk.run("pull", "notes", "--yes", "--prefer", "anki")
    assert (done.returncode, page(desk)) == (ExitCode.PROTECTED, theirs)
    assert done.stdout.startswith(f"! optics.md:1 What bends light?: Back: {STYLED}")
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.PROTECTED


@pytest.mark.parametrize("name", ["optics.md:3", "GUID"])
def test_one_note_is_pulled_alone(desk: Desk, name: str) -> None:
    desk.edit("Back", "A lens")
    desk.edit("Back", "A glass prism", "What splits it?")
    [id] = desk.server.collection.find_notes('"Front:What splits it?"')
    name = desk.server.collection.get_note(id)["Guid"] if name == "GUID" else name
    done = desk.run("pull", "notes", "--only", name, "--yes")
    assert (done.returncode, page(desk)) == (ExitCode.DONE, CARDS.replace("A prism", "A glass prism"))
    assert "1 edit to write\n" in done.stdout
    desk.run("pull", "notes", "--only", "optics.md", "--yes")
    assert page(desk) == CARDS.replace("A prism", "A glass prism").replace("**lens** does", "lens")


def test_a_name_is_the_same_however_its_letters_are_written(desk: Desk) -> None:
    write(desk.notes, **{unicodedata.normalize("NFD", "lumière"): "- What is it? #card\n\t- Light\n"})
    desk.run("sync", "notes", "--yes")
    desk.edit("Back", "Sunlight", "What is it?")
    for name in ("lumière.md:1", "lumière.md"):
        for form in ("NFC", "NFD"):
            done = desk.run("pull", "notes", "--check", "--only", unicodedata.normalize(form, name))
            assert done.returncode == ExitCode.CHANGES_PENDING


def test_tags_of_one_note_are_pulled_alone(desk: Desk) -> None:
    for id in desk.server.collection.find_notes(""):
        desk.server.collection.tags.bulk_add([id], "exam")
    desk.run("pull", "notes", "--tags", "--only", "optics.md:1", "--yes")
    assert page(desk) == CARDS.replace("light? #card\n", "light? #card\n  tags:: exam\n")


@pytest.mark.parametrize("name", ["optics.md:2", "nothing.md", "3"])
def test_a_note_that_is_not_there_is_told(desk: Desk, name: str) -> None:
    done = desk.run("pull", "notes", "--only", "optics.md:1", "--only", name)
    assert (done.returncode, done.stdout) == (ExitCode.WRONG_COMMAND_LINE, "")
    advice = "name it by its GUID, or by file and line as `ankigen plan` does"
    assert done.stderr == f"ankigen: no note is {name}: {advice}\n"


def test_a_plan_counts_what_a_pull_would_write(desk: Desk) -> None:
    assert "edited in Anki" not in desk.run("plan", "notes").stderr
    desk.edit("Back", 'A <span style="color: red">lens</span> does')
    none = desk.run("plan", "notes").stderr.splitlines()
    desk.edit("Back", "A glass prism", "What splits it?")
    one = desk.run("plan", "notes").stderr.splitlines()
    assert none == ["edited in Anki: 1 note; `ankigen pull` can write none of them into the notes"]
    assert one == ["edited in Anki: 2 notes; `ankigen pull` can write 1 of them into the notes"]
    assert page(desk) == CARDS


def test_a_plan_counts_nothing_that_waits_until_notes_are_taken_over(desk: Desk) -> None:
    desk.edit("Back", "A glass prism", "What splits it?")
    (desk.notes / "ankigen.lock").unlink()
    said = desk.run("plan", "notes", "--adopt").stderr
    assert said.endswith("edited in Anki: 1 note; `ankigen pull` writes edits into the notes\n")
    assert desk.run("pull", "notes").returncode == ExitCode.PROTECTED


def test_of_many_edits_a_plan_only_says_that_they_can_be_pulled(desk: Desk) -> None:
    write(desk.notes, more="".join(f"- Number {n}? #card\n\t- {n}\n" for n in range(21)))
    desk.run("sync", "notes", "--yes")
    for n in range(21):
        desk.edit("Back", f"it is {n}", f"Number {n}?")
    said = desk.run("plan", "notes").stderr
    assert said == "edited in Anki: 21 notes; `ankigen pull` writes edits into the notes\n"


def test_what_cannot_be_proved_is_told_with_its_place_and_the_rest_is_written(desk: Desk) -> None:
    desk.edit("Back", 'A <span style="color: red">lens</span> does')
    desk.edit("Back", "A glass prism", "What splits it?")
    done = desk.run("pull", "notes", "--yes")
    assert done.returncode == ExitCode.DONE
    assert page(desk) == CARDS.replace("A prism", "A glass prism")
    assert done.stdout.splitlines()[-4:] == [
        f'= optics.md:1 What bends light?: Back: {STYLED} (<span style="color: red">)',
        "    - A lens does",
        "    + A lens does",
        "1 edit to write, 1 other kept in Anki alone",
    ]


def test_tags_are_written_if_they_are_asked_for(desk: Desk) -> None:
    for front, tags in (("What bends light?", "exam leech"), ("What splits it?", "marked physics::light")):
        [id] = desk.server.collection.find_notes(f'"Front:{front}"')
        note = desk.server.collection.get_note(id)
        note.tags += tags.split()
        desk.server.collection.update_note(note)
    assert desk.run("pull", "notes", "--check").returncode == ExitCode.DONE
    done = desk.run("pull", "notes", "--yes", "--tags")
    assert done.returncode == ExitCode.DONE
    assert page(desk) == (
        "- What bends light? #card\n  tags:: exam\n\t- A **lens** does\n"
        "- What splits it? #card #optics\n  tags:: physics::light\n\t- A prism\n"
    )
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    last = desk.run("sync", "notes")
    assert (last.stdout, last.stderr) == ("nothing to do\n", "")
    assert desk.run("pull", "notes", "--check", "--tags").returncode == ExitCode.DONE


def test_a_read_only_page_is_told_and_nothing_is_written(desk: Desk) -> None:
    desk.edit("Back", "A lens")
    (desk.notes / "optics.md").chmod(0o444)
    if os.access(desk.notes / "optics.md", os.W_OK) and os.geteuid() != 0:
        pytest.skip("this disk knows no rights")
    done = desk.run("pull", "notes", "--yes")
    assert (done.returncode, page(desk)) == (ExitCode.FAILED, CARDS)
    assert "it is read-only: make it writable first" in done.stderr


def test_rights_and_links_of_a_page_stay(desk: Desk) -> None:
    path = desk.notes / "optics.md"
    path.rename(desk.notes / "real.md")
    path.symlink_to("real.md")
    desk.run("sync", "notes", "--yes")
    desk.edit("Back", "A lens")
    (desk.notes / "real.md").chmod(0o640)
    before = path.is_symlink()
    desk.run("pull", "notes", "--yes")
    assert path.is_symlink() == before
    assert (desk.notes / "real.md").stat().st_mode & 0o777 == 0o640


def test_a_part_of_the_notes_is_pulled_alone(desk: Desk) -> None:
    write(desk.notes, waves="deck:: Waves\n\n- What is a wave? #card\n\t- A motion\n- No answer #card\n")
    desk.run("sync", "notes", "--yes")
    desk.edit("Back", "A lens")
    desk.edit("Back", "A travelling motion", "What is a wave?")
    done = desk.run("pull", "notes", "--deck", "Waves", "--yes")
    assert done.returncode == ExitCode.ERRORS_IN_NOTES  # as of every command
    assert "- A travelling motion" in (desk.notes / "waves.md").read_text("utf-8")
    assert page(desk) == CARDS
    done = desk.run("pull", "notes/optics.md", "--yes")
    assert (done.returncode, page(desk)) == (ExitCode.DONE, CARDS.replace("**lens** does", "lens"))


def test_a_lost_lock_stops_a_pull(desk: Desk) -> None:
    desk.edit("Back", "A lens")
    (desk.notes / "ankigen.lock").unlink()
    done = desk.run("pull", "notes", "--yes")
    assert (done.returncode, page(desk)) == (ExitCode.PROTECTED, CARDS)
