"""Two sets of notes in one collection, a lost lock, an `id::` that moved to another set: and the way back, `--adopt`.

Everything is done to a collection of Anki's own library, and judged by what that holds.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME, read_lock
from ankigen.note_types import REMOVED_TAG, read_base
from tests.helpers.anki_library import import_package
from tests.helpers.anki_server import AnkiServer, Fault
from tests.helpers.building import NOON, build, write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import DECK, add
from tests.helpers.syncing import Reader

pytestmark = pytest.mark.thorough

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
LENS = "- What bends light? #card\n\t- A lens made of glass\n"
PRISM = "- What splits light? #card\n\t- A prism made of glass\n"
WAVE = "- What is a wave? #card\n\t- A motion that travels\n"
CELL = "- What is a cell? #card\n\t- The smallest living thing\n"
MOVED = f"- What is a cell? #card\n  id:: {ID}\n\t- The smallest living thing\n"
OTHERS = "".join(f"- Question number {number}? #card\n\t- The answer to it, {number}\n" for number in range(5))


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    return Desk(tmp_path, server)


def git(folder: Path, *arguments: str) -> None:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


def notes_in(desk: Desk) -> dict[int, dict[str, str]]:
    collection = desk.server.collection
    return {int(id): dict(collection.get_note(id).items()) for id in collection.find_notes("")}


def reviews_in(desk: Desk) -> list[tuple[int, int, int]]:
    """What was reviewed, with the note of each card."""
    collection = desk.server.collection
    cards = [collection.get_card(id) for id in collection.find_cards("")]
    return sorted((int(card.nid), card.ord, card.reps) for card in cards if card.reps)


def review_all(desk: Desk) -> None:
    for fields in notes_in(desk).values():
        Reader(desk.server.collection).review(fields["Guid"])


def lose(folder: Path) -> None:
    (folder / LOCK_NAME).unlink()


def sources_in(desk: Desk) -> set[str]:
    bases = [read_base(fields["Base"]) for fields in notes_in(desk).values()]
    return {base.source_id for base in bases if base}


def source_of(folder: Path) -> str:
    lock = read_lock(folder / LOCK_NAME)
    assert lock
    return lock.source_id


def in_step(desk: Desk, folder: str) -> bool:
    """Whether a sync has nothing to do, and nothing to complain of."""
    done = desk.run("sync", folder)
    return (done.returncode, done.stdout, done.stderr) == (ExitCode.DONE, "nothing to do\n", "")


# Two sets of notes


@pytest.mark.parametrize("order", [("ann", "ben"), ("ben", "ann")], ids=" first, then ".join)
def test_two_authors_packages_stand_side_by_side_in_one_collection(desk: Desk, order: tuple[str, str]) -> None:
    answers = {"ann": "The smallest living thing", "ben": "A small room for a monk"}
    for author in order:
        publish(desk, author, f"- What is a cell? #card\n\t- {answers[author]}\n")
    assert len(notes_in(desk)) == 2
    review_all(desk)
    reviews = reviews_in(desk)
    for author in reversed(order):
        publish(desk, author, f"- What is a cell? #card\n\t- {answers[author]}, as {author} says\n", NOON + 60_000)
    assert desk.backs() == ["A small room for a monk, as ben says", "The smallest living thing, as ann says"]
    assert (len(notes_in(desk)), reviews_in(desk)) == (2, reviews)
    assert in_step(desk, "ann")
    assert in_step(desk, "ben")


def publish(desk: Desk, author: str, text: str, now: int = NOON) -> None:
    """Build an author's package, and import it as a reader does."""
    build(write(desk.folder / author, Biology=text), desk.folder / f"{author}.apkg", now)
    import_package(desk.server.collection, desk.folder / f"{author}.apkg")


def test_sync_of_a_second_author_makes_their_card(desk: Desk) -> None:
    write(desk.folder / "ann", Biology=CELL + OTHERS)
    write(desk.folder / "ben", Biology="- What is a cell? #card\n\t- A small room for a monk\n" + WAVE)
    assert desk.run("sync", "ann", "--yes").returncode == ExitCode.DONE
    assert desk.run("sync", "ben", "--yes").returncode == ExitCode.DONE
    assert len(notes_in(desk)) == 8
    assert in_step(desk, "ann")
    assert in_step(desk, "ben")


def test_two_authors_who_say_the_same_word_for_word_get_two_notes_if_they_say_that_they_are_two(desk: Desk) -> None:
    for author in ("ann", "ben"):
        write(desk.folder / author, Biology=CELL)
    desk.run("sync", "ann", "--yes")
    assert desk.run("sync", "ben", "--yes").returncode == ExitCode.PROTECTED
    assert len(notes_in(desk)) == 1
    assert desk.run("sync", "ben", "--yes", "--new-lock").returncode == ExitCode.DONE
    assert len(notes_in(desk)) == 2
    assert in_step(desk, "ann")
    assert in_step(desk, "ben")


# A lost lock


def test_a_lost_lock_in_a_clone_leaves_sync_nothing_to_do(desk: Desk) -> None:
    origin = desk.folder / "origin"
    write(origin / "decks", optics=LENS + PRISM)
    git(origin, "init")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "notes")
    desk.run("sync", "origin/decks", "--yes")
    review_all(desk)
    before = notes_in(desk), reviews_in(desk)
    git(desk.folder, "clone", origin.as_uri(), "clone")
    assert not (desk.folder / "clone/decks" / LOCK_NAME).exists()
    assert in_step(desk, "clone/decks")
    assert (notes_in(desk), reviews_in(desk)) == before


def test_in_a_clone_adopt_knows_the_cards_again_that_were_reworded_before_the_lock_was_lost(desk: Desk) -> None:
    origin = desk.folder / "origin"
    write(origin / "decks", optics=LENS + PRISM)
    git(origin, "init")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "notes")
    desk.run("sync", "origin/decks", "--yes")
    write(origin / "decks", optics=LENS + PRISM.replace("What splits light?", "What splits white light?"))
    desk.run("sync", "origin/decks", "--yes")
    review_all(desk)
    before = notes_in(desk), reviews_in(desk)
    lose(origin / "decks")
    told = desk.run("sync", "origin/decks", "--yes")
    assert told.returncode == ExitCode.PROTECTED
    assert told.stdout.splitlines()[0].startswith(
        "= optics.md:3 What splits white light?: in Anki already, as another ankigen.lock has it; "
        "`ankigen sync --adopt` takes it over"
    )
    assert told.stderr.splitlines()[-1] == "1 card could not be written: see above"
    assert (notes_in(desk), reviews_in(desk)) == before
    assert desk.run("sync", "origin/decks", "--yes", "--adopt").returncode == ExitCode.DONE
    assert (notes_in(desk), reviews_in(desk)) == before
    assert in_step(desk, "origin/decks")


def lost_without_git(desk: Desk, text: str = LENS + PRISM + WAVE) -> Path:
    """A folder whose notes were synced and reviewed, and whose lock is lost."""
    notes = write(desk.notes, optics=text)
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    review_all(desk)
    lose(notes)
    return notes


def test_where_there_is_nothing_to_adopt_but_the_lock_is_lost_adopt_names_what_takes_the_cards_over(desk: Desk) -> None:
    lost_without_git(desk)
    done = desk.run("adopt", "notes")
    assert (done.returncode, done.stdout) == (ExitCode.DONE, "nothing to adopt\n")
    assert done.stderr.splitlines()[-1] == (
        "3 of these cards are in Anki as notes of ankigen, under another ankigen.lock: if that is lost, restore it, or "
        "`ankigen sync --adopt` takes over such notes with their reviews"
    )
    assert desk.run("sync", "notes", "--adopt", "--yes").returncode == ExitCode.DONE
    assert "under another" not in desk.run("adopt", "notes").stderr


def test_a_lost_lock_without_git_doubles_nothing(desk: Desk) -> None:
    notes = lost_without_git(desk)
    [old] = sources_in(desk)
    before = notes_in(desk), reviews_in(desk)
    for _ in range(2):
        refused = desk.run("sync", "notes", "--yes")
        assert refused.returncode == ExitCode.PROTECTED
        assert refused.stderr.splitlines()[-1] == (
            f"ankigen: 3 of these cards are in Anki already, as notes of {old}: if their ankigen.lock is lost, "
            "restore it, or add --adopt when syncing the whole folder; --new-lock creates separate notes"
        )
        assert (notes_in(desk), reviews_in(desk)) == before
        assert not (notes / LOCK_NAME).exists()


@pytest.mark.parametrize("is_built", [False, True], ids=["at once", "after a build made a new lock"])
def test_adopt_takes_over_what_anki_holds_and_the_second_time_has_nothing_to_do(desk: Desk, is_built: bool) -> None:
    notes = lost_without_git(desk)
    [old] = sources_in(desk)
    before, reviews = notes_in(desk), reviews_in(desk)
    if is_built:
        build(notes, desk.folder / "a.apkg")
    done = desk.run("sync", "notes", "--adopt", answer="y\n")
    assert done.returncode == ExitCode.DONE
    assert done.stdout.rstrip().splitlines() == [
        f"& 3 notes of {old}, taken over:",
        "    optics.md:1 What bends light?",
        "    optics.md:3 What splits light?",
        "    optics.md:5 What is a wave?",
        "optics: 3 adopted",
    ]
    assert "Take over 3 notes of another set of notes, and apply these changes? [y/N]" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("3 adopted")
    assert reviews_in(desk) == reviews
    assert without_base(notes_in(desk)) == without_base(before)
    lock = read_lock(notes / LOCK_NAME)
    assert lock
    assert {*lock.identities} == {fields["Guid"] for fields in before.values()}
    assert {known.created for known in lock.identities.values()} == {*before}
    assert sources_in(desk) == {lock.source_id} != {old}
    assert in_step(desk, "notes")
    again = desk.run("sync", "notes", "--adopt")
    assert (again.returncode, again.stdout, again.stderr) == (ExitCode.DONE, "nothing to do\n", "")


def without_base(notes: dict[int, dict[str, str]]) -> dict[int, dict[str, str]]:
    return {id: {name: text for name, text in fields.items() if name != "Base"} for id, fields in notes.items()}


def test_nothing_is_taken_over_until_the_user_agrees(desk: Desk) -> None:
    notes = lost_without_git(desk)
    before = notes_in(desk)
    assert desk.run("sync", "notes", "--adopt", answer="n\n").returncode == ExitCode.DONE
    assert desk.run("plan", "notes", "--adopt").returncode == ExitCode.DONE
    assert notes_in(desk) == before
    assert not (notes / LOCK_NAME).exists()


def test_an_adoption_that_was_cut_off_is_finished_by_the_next(desk: Desk) -> None:
    lost_without_git(desk)
    reviews = reviews_in(desk)
    desk.server.fault = lambda _, request: Fault.CUT_BEFORE if "importPackage" in json.dumps(request) else None
    assert desk.run("sync", "notes", "--adopt", "--yes").returncode == ExitCode.FAILED
    desk.server.fault = lambda *_: None
    told = desk.run("sync", "notes", "--yes")
    assert (told.returncode, len(notes_in(desk))) == (ExitCode.PROTECTED, 3)
    assert desk.run("sync", "notes", "--adopt", "--yes").returncode == ExitCode.DONE
    assert (len(notes_in(desk)), reviews_in(desk)) == (3, reviews)
    assert in_step(desk, "notes")


def test_a_part_of_the_notes_is_not_adopted_without_the_rest_which_would_be_doubled(desk: Desk) -> None:
    write(desk.notes, waves=WAVE)
    lost_without_git(desk, LENS + PRISM)
    refused = desk.run("sync", "notes/optics.md", "--yes", "--adopt")
    assert refused.returncode == ExitCode.PROTECTED
    assert "add --adopt when syncing the whole folder" in refused.stderr
    assert "no card here says this" not in refused.stdout  # cards of the rest may say it
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert len(notes_in(desk)) == 3


def test_a_sync_of_new_cards_alone_does_not_hide_that_the_lock_of_the_rest_is_lost(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM)
    write(desk.notes, waves="deck:: Waves\n\n" + WAVE)
    refused = desk.run("sync", "notes", "--deck", "Waves", "--yes")
    assert (refused.returncode, len(notes_in(desk))) == (ExitCode.PROTECTED, 2)
    advice = refused.stderr.splitlines()[-1].removeprefix("ankigen: ")
    assert advice.startswith("2 of these cards are in Anki already")
    plan = desk.run("plan", "notes", "--deck", "Waves")
    assert f"! a sync would stop: {advice}\n" in plan.stdout
    assert planned(desk, "notes", "--deck", "Waves")["stops"] == [advice]
    assert planned(desk, "notes", "--deck", "Waves", "--new-lock")["stops"] == []
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert len(notes_in(desk)) == 3
    assert in_step(desk, "notes")


def test_an_adoption_from_another_tool_does_not_hide_that_the_lock_of_the_rest_is_lost(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM)
    write(desk.notes, waves=f"deck:: {DECK}\n\n{WAVE}")
    add(desk.server.collection, "Basic", {"Front": "What is a wave?", "Back": "A motion that travels"})
    reviews = reviews_in(desk)
    assert desk.run("adopt", "notes", "--yes").returncode == ExitCode.DONE
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.PROTECTED
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert (len(notes_in(desk)), reviews_in(desk)) == (3, reviews)
    assert in_step(desk, "notes")


def test_a_card_takes_no_note_from_one_that_was_not_asked_for(desk: Desk) -> None:
    """In a clone the lost lock's name is found again, and cards that were reworded are known by what they say."""
    write(desk.notes, optics="- What is the first question here? #card\n\t- yes\n" + OTHERS)
    git(desk.folder, "init", "--quiet")
    git(desk.folder, "add", "notes")
    git(desk.folder, "commit", "--quiet", "-m", "notes")
    desk.run("sync", "notes", "--yes")
    lose(desk.notes)
    new = "- Which is the first question here? #card #new\n\t- yes\n"
    old = "- What is the first question here, pray? #card\n\t- yes\n"
    write(desk.notes, optics=new + old + OTHERS)
    for part in (("--tag", "new"), ()):
        assert desk.run("sync", "notes", *part, "--adopt", "--yes").returncode == ExitCode.DONE
    assert len(notes_in(desk)) == 7
    [known] = [fields for fields in notes_in(desk).values() if "pray" in fields["Front"]]
    assert known == notes_in(desk)[min(notes_in(desk))]


def test_with_a_lost_lock_a_card_that_was_changed_is_known_by_the_same_evidence_as_ever(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM + WAVE + OTHERS)
    reviews = reviews_in(desk)
    reworded = PRISM.replace("What splits light?", "What splits white light?")
    answered_anew = WAVE.replace("A motion that travels", "Energy on its way")
    write(desk.notes, optics=LENS + reworded + answered_anew + OTHERS)
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert (len(notes_in(desk)), reviews_in(desk)) == (8, reviews)
    assert "Energy on its way" in desk.backs()
    assert in_step(desk, "notes")


def test_with_a_lost_lock_an_edit_of_the_readers_is_kept_as_ever(desk: Desk) -> None:
    lost_without_git(desk)
    desk.edit("Back", "Mine")
    done = desk.run("sync", "notes", "--yes", "--adopt")
    assert done.returncode == ExitCode.DONE
    assert "= optics.md:1 What bends light?: edited in Anki, kept" in done.stdout
    assert "Mine" in desk.backs()


def test_with_a_lost_lock_the_answers_of_clozes_keep_their_numbers(desk: Desk) -> None:
    write(desk.notes, optics="- {{cloze Glass}} bends light #card\n" + LENS + PRISM)
    desk.run("sync", "notes", "--yes")
    text = "- {{cloze Sand}} makes {{cloze Glass}} which bends light #card\n"
    lost_without_git(desk, text + LENS + PRISM)
    [before] = [fields["Text"] for fields in notes_in(desk).values() if "Text" in fields]
    assert "{{c1::Glass}}" in before
    reviews = reviews_in(desk)
    desk.run("sync", "notes", "--yes", "--adopt")
    [after] = [fields["Text"] for fields in notes_in(desk).values() if "Text" in fields]
    assert (after, reviews_in(desk)) == (before, reviews)
    assert in_step(desk, "notes")


def test_in_a_clone_a_lost_lock_moves_no_number_of_a_cloze_to_another_answer(desk: Desk) -> None:
    notes = write(desk.notes, optics="- Sand makes {{cloze Glass}} #card\n")
    git(notes, "init")
    git(notes, "commit", "--allow-empty", "-m", "first")
    desk.run("sync", "notes", "--yes")
    write(notes, optics="- {{cloze Sand}} makes {{cloze Glass}} #card\n")
    desk.run("sync", "notes", "--yes")
    [before] = notes_in(desk).values()
    assert "{{c2::Sand}} makes {{c1::Glass}}" in before["Text"]
    lose(notes)
    told = desk.run("sync", "notes", "--yes")
    assert (told.returncode, [*notes_in(desk).values()]) == (ExitCode.PROTECTED, [before])
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert [*notes_in(desk).values()] == [before]
    assert in_step(desk, "notes")


TWINS = "- What is light? #card\n\t- A wave of two fields\n- What is light? #card\n\t- A stream of small quanta\n"
EITHER = "- What is light? #card\n\t- Neither the one nor the other\n"
TOLD = """\
! optics.md:7 What is light?: not to be told apart from others of these notes in Anki, and treated as new; \
to keep the reviews of one, do not go on, say here what it says, and sync again:
    What is light? / A wave of two fields
    What is light? / A stream of small quanta
"""


def test_a_card_that_could_be_several_notes_is_named_before_it_starts_anew(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM + WAVE + TWINS)
    write(desk.notes, optics=LENS + PRISM + WAVE + EITHER)
    before = notes_in(desk), reviews_in(desk)
    told = desk.run("sync", "notes", "--adopt", answer="n\n")
    assert TOLD in told.stdout
    assert (notes_in(desk), reviews_in(desk)) == before
    [notice] = [notice for notice in planned(desk, "notes", "--adopt")["notices"] if notice["reason"] == "ambiguous"]
    twins = {fields["Guid"] for fields in before[0].values() if fields["Front"] == "What is light?"}
    assert (notice["line"], {*notice["candidates"]}) == (7, twins)
    done = desk.run("sync", "notes", "--adopt", "--yes")
    assert (done.returncode, TOLD in done.stdout) == (ExitCode.DONE, True)
    assert (len(notes_in(desk)), reviews_in(desk)) == (len(before[0]) + 1, before[1])
    assert in_step(desk, "notes")


def cut_off_after_the_lock_was_written(desk: Desk) -> None:
    desk.server.fault = lambda _, request: Fault.CUT_BEFORE if "importPackage" in json.dumps(request) else None
    assert desk.run("sync", "notes", "--adopt", "--yes").returncode == ExitCode.FAILED
    desk.server.fault = lambda *_: None


def test_a_take_over_that_was_cut_off_names_again_what_it_cannot_tell(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM + WAVE + TWINS)
    write(desk.notes, optics=LENS + PRISM + EITHER)
    before = notes_in(desk), reviews_in(desk)
    cut_off_after_the_lock_was_written(desk)
    assert notes_in(desk) == before[0]
    told = TOLD.replace("optics.md:7", "optics.md:5")
    for options in ((), ("--adopt",)):
        asked = desk.run("sync", "notes", *options, answer="n\n")
        assert told in asked.stdout
        assert "= What is a wave?: no card here says this any more" in asked.stdout
    assert (notes_in(desk), reviews_in(desk)) == before
    assert told in desk.run("sync", "notes", "--adopt", "--yes").stdout
    assert (len(notes_in(desk)), reviews_in(desk)) == (len(before[0]) + 1, before[1])
    assert in_step(desk, "notes")


def test_after_a_take_over_that_was_cut_off_a_card_keeps_the_note_that_it_is_made_to_say(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM + WAVE + TWINS)
    write(desk.notes, optics=LENS + PRISM + WAVE + EITHER)
    before = notes_in(desk), reviews_in(desk)
    cut_off_after_the_lock_was_written(desk)
    said = EITHER.replace("Neither the one nor the other", "A stream of small quanta")
    write(desk.notes, optics=LENS + PRISM + WAVE + said)
    refused = desk.run("sync", "notes", "--yes")
    assert (refused.returncode, notes_in(desk)) == (ExitCode.PROTECTED, before[0])
    assert desk.run("sync", "notes", "--adopt", "--yes").returncode == ExitCode.DONE
    assert (len(notes_in(desk)), reviews_in(desk)) == (len(before[0]), before[1])
    assert in_step(desk, "notes")


def test_a_card_with_an_id_that_moved_here_takes_no_other_note_along(desk: Desk) -> None:
    write(desk.folder / "ann", Biology=MOVED + OTHERS + TWINS)
    assert desk.run("sync", "ann", "--yes").returncode == ExitCode.DONE
    write(desk.folder / "ann", Biology=OTHERS + TWINS)
    assert desk.run("sync", "ann", "--yes").returncode == ExitCode.DONE
    write(desk.folder / "ben", Optics=MOVED + EITHER + LENS + PRISM + WAVE)
    done = desk.run("sync", "ben", "--adopt", "--yes")
    assert (done.returncode, "cannot be told" in done.stdout) == (ExitCode.DONE, False)
    assert in_step(desk, "ann")


def test_a_card_that_could_be_several_notes_keeps_the_one_that_it_is_made_to_say(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM + WAVE + TWINS)
    write(
        desk.notes,
        optics=LENS + PRISM + WAVE + EITHER.replace("Neither the one nor the other", "A stream of small quanta"),
    )
    before = notes_in(desk), reviews_in(desk)
    done = desk.run("sync", "notes", "--adopt", "--yes")
    assert (done.returncode, "cannot be told" in done.stdout) == (ExitCode.DONE, False)
    assert (len(notes_in(desk)), reviews_in(desk)) == (len(before[0]), before[1])
    assert in_step(desk, "notes")


def test_in_a_clone_a_card_that_could_be_several_notes_is_named_as_well(desk: Desk) -> None:
    notes = write(desk.notes, optics=LENS + PRISM + WAVE + TWINS)
    git(notes, "init")
    git(notes, "commit", "--allow-empty", "-m", "first")
    desk.run("sync", "notes", "--yes")
    write(notes, optics=LENS + PRISM + WAVE + EITHER.replace("is light?", "is light made of?"))
    lose(notes)
    done = desk.run("sync", "notes", "--adopt", answer="n\n")
    assert [line.strip() for line in done.stdout.splitlines() if "What is light? / " in line] == [
        "What is light? / A wave of two fields",
        "What is light? / A stream of small quanta",
    ]


def test_a_note_of_a_lost_set_that_no_card_says_any_more_is_named_and_left(desk: Desk) -> None:
    lost_without_git(desk, LENS + PRISM + WAVE + OTHERS)
    write(desk.notes, optics=LENS + PRISM + OTHERS)
    before = notes_in(desk)
    done = desk.run("sync", "notes", "--yes", "--adopt")
    assert done.returncode == ExitCode.DONE
    assert (
        "= What is a wave?: no card here says this any more, and its ankigen.lock is lost; it stays as it is in Anki\n"
    ) in done.stdout
    assert without_base(notes_in(desk)) == without_base(before)
    assert in_step(desk, "notes")


def test_a_note_that_was_removed_before_the_lock_was_lost_is_not_named(desk: Desk) -> None:
    write(desk.notes, optics=LENS + PRISM + WAVE)
    desk.run("sync", "notes", "--yes")
    lost_without_git(desk, LENS + PRISM)
    done = desk.run("sync", "notes", "--yes", "--adopt")
    assert (done.returncode, "no card here says this" in done.stdout) == (ExitCode.DONE, False)


def test_a_note_of_nobodys_making_is_never_taken_over(desk: Desk) -> None:
    lost_without_git(desk)
    for fields in list(notes_in(desk).values()):
        Reader(desk.server.collection).edit(fields["Guid"], Base="")
    desk.run("sync", "notes", "--yes", "--adopt")
    assert len(notes_in(desk)) == 6


def test_what_a_lock_file_cannot_hold_is_not_taken_over(desk: Desk) -> None:
    notes = lost_without_git(desk)
    Reader(desk.server.collection).edit(next(iter(notes_in(desk).values()))["Guid"], Guid="no GUID at all")
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert len(source_of(notes)) == 12
    assert in_step(desk, "notes")


def test_a_number_that_no_cloze_has_is_not_taken_over(desk: Desk) -> None:
    notes = lost_without_git(desk, "- {{cloze Glass}} bends light #card\n" + LENS + PRISM)
    collection = desk.server.collection
    [id] = [id for id, fields in notes_in(desk).items() if "Text" in fields]
    note = collection.get_note(id)  # type: ignore[arg-type]
    note["Text"] += " {{c0::zero}} {{c9999999999::many}}"
    collection.update_note(note)
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert len(source_of(notes)) == 12


def test_not_even_force_doubles_the_notes_of_a_lost_lock(desk: Desk) -> None:
    lost_without_git(desk)
    assert desk.run("sync", "notes", "--yes", "--force").returncode == ExitCode.PROTECTED
    assert len(notes_in(desk)) == 3


def test_a_plan_shows_what_a_sync_of_new_notes_would_do(desk: Desk) -> None:
    lost_without_git(desk)
    assert {notice["reason"] for notice in planned(desk, "notes")["notices"]} == {"lost-lock"}
    assert len(planned(desk, "notes", "--new-lock")["changes"]) == 3
    assert planned(desk, "notes", "--adopt")["stops"] == []


# An `id::` that moved


def two_sets(desk: Desk) -> None:
    """A card with an `id::` in `ann`, reviewed, and another set `ben`, both synced."""
    write(desk.folder / "ann", Biology=MOVED + OTHERS)
    write(desk.folder / "ben", Optics=LENS)
    for author in ("ann", "ben"):
        assert desk.run("sync", author, "--yes").returncode == ExitCode.DONE
    Reader(desk.server.collection).review(ID)


def test_a_card_whose_id_moved_to_another_set_is_named_with_the_command_and_counted(desk: Desk) -> None:
    two_sets(desk)
    write(desk.folder / "ben", Optics=MOVED + LENS)
    before = notes_in(desk)
    done = desk.run("sync", "ben", "--yes")
    assert done.returncode == ExitCode.PROTECTED
    told = (
        "= Optics.md:1 What is a cell?: of another set of notes, or of these under a lost ankigen.lock; "
        f"`ankigen sync --adopt` takes it over ({source_of(desk.folder / 'ann')})"
    )
    assert done.stdout.splitlines() == [told, "nothing to do"]
    assert done.stderr == "1 card could not be written: see above\n"
    assert notes_in(desk) == before
    planned = desk.run("plan", "ben")
    assert (planned.returncode, planned.stdout.splitlines()[-1]) == (0, "1 card could not be written: see above")


@pytest.mark.parametrize("is_removed", [False, True], ids=["living", "suspended as removed"])
def test_adopt_takes_over_a_card_whose_id_moved_and_brings_it_back_to_life(desk: Desk, is_removed: bool) -> None:
    two_sets(desk)
    reviews = reviews_in(desk)
    write(desk.folder / "ann", Biology=OTHERS)
    if is_removed:
        assert desk.run("sync", "ann", "--yes").returncode == ExitCode.DONE
        assert desk.server.collection.find_notes(f"tag:{REMOVED_TAG}")
    write(desk.folder / "ben", Optics=MOVED + LENS)
    done = desk.run("sync", "ben", "--yes", "--adopt")
    assert done.returncode == ExitCode.DONE
    assert done.stdout.splitlines()[:2] == [
        f"& 1 note of {source_of(desk.folder / 'ann')}, taken over:",
        "    Optics.md:1 What is a cell?",
    ]
    assert (len(notes_in(desk)), reviews_in(desk)) == (7, reviews)
    assert not desk.server.collection.find_notes(f"tag:{REMOVED_TAG}")
    assert not desk.server.collection.find_cards("is:suspended")
    assert in_step(desk, "ben")
    assert in_step(desk, "ann")
    again = desk.run("sync", "ben", "--adopt")
    assert (again.returncode, again.stdout) == (ExitCode.DONE, "nothing to do\n")


def test_an_adopted_note_is_merged_by_what_the_other_set_wrote_last(desk: Desk) -> None:
    two_sets(desk)
    desk.edit("Back", "Mine", "What is a cell?")
    write(desk.folder / "ben", Optics=MOVED + LENS)
    kept = desk.run("sync", "ben", "--yes", "--adopt")
    assert (kept.returncode, "Mine" in desk.backs()) == (ExitCode.DONE, True)
    write(desk.folder / "ben", Optics=MOVED.replace("smallest", "tiniest") + LENS)
    assert desk.run("sync", "ben", "--yes").returncode == ExitCode.PROTECTED
    assert "Mine" in desk.backs()


def test_an_adopted_note_that_the_reader_deletes_stays_deleted(desk: Desk) -> None:
    two_sets(desk)
    write(desk.folder / "ben", Optics=MOVED + LENS)
    desk.run("sync", "ben", "--yes", "--adopt")
    Reader(desk.server.collection).delete(ID)
    done = desk.run("sync", "ben", "--yes")
    assert (done.returncode, "deleted in Anki" in done.stdout) == (ExitCode.DONE, True)


def test_a_card_that_is_here_under_another_guid_is_known_in_anki_by_its_id(desk: Desk) -> None:
    write(desk.folder / "ann", Biology=MOVED)
    desk.run("sync", "ann", "--yes")
    Reader(desk.server.collection).review(ID)
    plain = MOVED.replace(f"  id:: {ID}\n", "")
    ben = write(desk.folder / "ben", Optics=plain.replace("smallest", "tiniest"))
    build(ben, desk.folder / "ben.apkg")
    write(ben, Optics=MOVED.replace("smallest", "tiniest"))
    told = desk.run("sync", "ben", "--yes")
    assert (told.returncode, len(notes_in(desk))) == (ExitCode.PROTECTED, 1)
    assert desk.run("sync", "ben", "--yes", "--adopt").returncode == ExitCode.DONE
    assert (len(notes_in(desk)), len(reviews_in(desk))) == (1, 1)
    assert in_step(desk, "ben")


# Cards that could not be written


def planned(desk: Desk, *arguments: str) -> Any:
    return json.loads(desk.run("plan", *arguments, "--json").stdout)


def test_the_plan_as_json_says_of_each_card_whether_it_is_written(desk: Desk) -> None:
    two_sets(desk)
    write(desk.folder / "ben", Optics=MOVED + LENS)
    told = planned(desk, "ben")
    [notice] = told["notices"]
    assert (told["unwritten"], notice["reason"], notice["unwritten"], notice["guid"]) == (1, "other-source", True, ID)
    adopting = planned(desk, "ben", "--adopt")
    [change] = [change for change in adopting["changes"] if change["kind"] == "adopted"]
    assert (adopting["unwritten"], change["guid"], change["line"]) == (0, ID, 1)
    assert change["source_id"] == source_of(desk.folder / "ann")


def test_a_card_whose_deck_is_a_filtered_one_is_counted(desk: Desk) -> None:
    collection = desk.server.collection
    collection.decks.new_filtered("optics")
    write(desk.notes, optics=LENS)
    done = desk.run("sync", "notes", "--yes")
    assert done.returncode == ExitCode.PROTECTED
    assert done.stderr.splitlines()[-1] == "1 card could not be written: see above"


def test_a_card_that_the_reader_deleted_is_not_counted(desk: Desk) -> None:
    write(desk.notes, optics=LENS + PRISM)
    desk.run("sync", "notes", "--yes")
    collection = desk.server.collection
    collection.remove_notes(collection.find_notes('"Front:What splits light?"'))
    done = desk.run("sync", "notes", "--yes")
    assert (done.returncode, "could not be written" in done.stderr) == (ExitCode.DONE, False)


# In CI


def test_a_plan_in_ci_without_a_lock_says_that_a_sync_would_stop(desk: Desk) -> None:
    write(desk.notes, optics=LENS)
    plan = desk.run("plan", "notes", CI="true")
    assert "! a sync would stop: " in plan.stdout
    assert "ankigen.lock is missing" in plan.stdout
    assert "would stop" not in desk.run("plan", "notes", "--new-lock", CI="true").stdout


def test_sync_stops_in_ci_without_a_lock_unless_this_is_the_first_build(desk: Desk) -> None:
    write(desk.notes, optics=LENS)
    stopped = desk.run("sync", "notes", "--yes", CI="true")
    assert stopped.returncode == ExitCode.PROTECTED
    assert "ankigen.lock is missing" in stopped.stderr
    assert notes_in(desk) == {}
    assert desk.run("sync", "notes", "--yes", "--new-lock", CI="true").returncode == ExitCode.DONE


def test_a_sync_says_which_command_brings_a_lost_lock_back_before_it_refuses(desk: Desk) -> None:
    notes = write(desk.notes, optics=LENS)
    build(notes, desk.folder / "a.apkg")
    git(notes, "init")
    git(notes, "add", ".")
    git(notes, "commit", "-m", "notes")
    desk.run("sync", "notes", "--yes")
    lose(notes)
    refused = desk.run("sync", "notes", "--yes")
    assert refused.returncode == ExitCode.PROTECTED
    advice = "git has it: `git -C notes restore -- ankigen.lock` brings it back"
    assert advice in refused.stderr
    assert advice in desk.run("plan", "notes").stderr
    shutil.rmtree(desk.home)
    git(notes, "restore", "--", LOCK_NAME)
    assert in_step(desk, "notes")
