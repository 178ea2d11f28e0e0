"""Notes that are elsewhere for now, and back again: the collection is as if nothing had happened."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.syncing import Held, contents

CARD = "- {} bends light? #card\n\t- A lens of glass\n"
PICTURE = "\t- ![](../assets/a.png)\n"
SIDES = "<<<<<<< HEAD\n{}=======\n- Who bends light? #card\n\t- Nobody at all\n>>>>>>> branch\n"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for rights before it makes a link"),
    pytest.mark.thorough,
]


class Life:
    """Twelve pages, two of them in a folder of their own, brought to Anki, where each was reviewed once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.notes = desk.notes
        write(self.notes, **{f"page {number}": CARD.format(f"What {number}") for number in range(10)})
        write(self.notes / "disk", first=CARD.format("Which") + PICTURE, second=CARD.format("Why"))
        (self.notes / "assets").mkdir()
        (self.notes / "assets/a.png").write_bytes(b"picture")
        self.sync()
        collection = desk.server.collection
        for card in map(collection.get_card, collection.find_cards("")):
            card.reps = 7
            collection.update_card(card)
        self.before = self.held()

    def sync(self, *options: str, code: ExitCode = ExitCode.DONE) -> str:
        done = self.desk.invoke("sync", "--yes", *options)
        assert done.exit_code == code, done.output
        return done.output

    def held(self) -> dict[str, Held]:
        return contents(self.desk.server.collection)

    def lock(self) -> str:
        return (self.notes / "ankigen.lock").read_text("utf-8")


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield Life(Desk(tmp_path, server))


def evict(notes: Path) -> None:
    (notes / "page 3.md").rename(notes / ".page 3.md.icloud")


def evict_many(notes: Path) -> None:
    for number in range(8):
        (notes / f"page {number}.md").rename(notes / f".page {number}.md.icloud")


def unmount(notes: Path) -> None:
    for page in (notes / "disk").iterdir():
        page.unlink()


def copy(notes: Path) -> None:
    text = (notes / "page 3.md").read_text("utf-8")
    write(notes, **{"page 3.sync-conflict-20230101-120000-ABCDEFG": text + CARD.format("Who")})
    write(notes, **{"page 4 2": (notes / "page 4.md").read_text("utf-8")})


def merge(notes: Path) -> None:
    write(notes, **{"page 3": SIDES.format(CARD.format("What 3"))})


def point(notes: Path) -> None:
    for path in ("assets/a.png", "page 3.md"):
        (notes / path).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n")


def break_a_link(notes: Path) -> None:
    (notes / "page 3.md").unlink()
    (notes / "page 3.md").symlink_to("/nowhere/page 3.md")


@pytest.mark.parametrize("away", [evict, evict_many, unmount, copy, merge, point, break_a_link])
@pytest.mark.parametrize("options", [(), ("--delete",)])
def test_what_was_elsewhere_and_is_back_is_as_if_nothing_had_happened(
    life: Life, tmp_path: Path, away: Callable[[Path], None], options: tuple[str, ...]
) -> None:
    lock = life.lock()
    shutil.copytree(life.notes, tmp_path / "kept")
    away(life.notes)
    shown = life.sync(*options, code=ExitCode.DONE if away in {unmount, copy} else ExitCode.ERRORS_IN_NOTES)
    assert "suspended" not in shown
    assert "deleted" not in shown
    assert (life.held(), life.lock()) == (life.before, lock)
    shutil.rmtree(life.notes)
    shutil.copytree(tmp_path / "kept", life.notes)
    assert life.sync(*options).endswith("nothing to do\n")
    assert (life.held(), life.lock()) == (life.before, lock)


def suspended(life: Life) -> list[str]:
    return sorted(held.fields["Front"] for held in life.held().values() if all(held.suspended))


def test_what_left_a_page_that_is_here_is_suspended_meanwhile_and_never_deleted(life: Life) -> None:
    """The card may have been moved to the page that is elsewhere."""
    merge(life.notes)
    write(life.notes, **{"page 5": "- nothing\n"})
    shown = life.sync("--delete", code=ExitCode.ERRORS_IN_NOTES)
    assert "kept until all of them are back" in shown
    assert (len(life.held()), suspended(life)) == (len(life.before), [])
    life.sync(code=ExitCode.ERRORS_IN_NOTES)
    assert suspended(life) == ["What 5 bends light?"]
    write(life.notes, **{"page 3": CARD.format("What 3") + CARD.format("What 5")})
    life.sync()
    assert {**life.held()} == life.before | {
        guid: held for guid, held in life.held().items() if held.fields["Front"] == "What 5 bends light?"
    }
    assert suspended(life) == []


@pytest.mark.parametrize("is_built", [False, True])
def test_pages_that_vanished_all_at_once_stop_the_sync_until_somebody_insists(life: Life, is_built: bool) -> None:
    for number in range(2):
        (life.notes / f"page {number}.md").unlink()
    if is_built:
        life.desk.run("build", "notes", "--output", "dist/")
    done = life.desk.run("sync", "notes", "--yes")
    assert done.returncode == ExitCode.PROTECTED
    assert (
        "2 of 12 pages are gone at once: check that all notes are available (a disk, a sync), or add --force"
        in done.stderr
    )
    assert life.held() == life.before
    life.sync("--force")
    assert suspended(life) == ["What 0 bends light?", "What 1 bends light?"]


@pytest.mark.parametrize("is_built", [False, True])
def test_a_folder_that_vanished_with_its_only_page_stops_the_sync_until_somebody_insists(
    life: Life, is_built: bool
) -> None:
    (life.notes / "disk/second.md").rename(life.notes / "page 10.md")
    life.sync()
    shutil.rmtree(life.notes / "disk")
    if is_built:
        life.desk.run("build", "notes", "--output", "dist/")
    done = life.desk.run("sync", "notes", "--yes")
    assert done.returncode == ExitCode.PROTECTED
    assert "disk is gone with all its pages: check that all notes are available (a disk, a sync), or add" in done.stderr
    assert suspended(life) == []
    life.sync("--force")
    assert suspended(life) == ["Which bends light?"]


def test_a_folder_that_got_another_name_stops_nothing(life: Life) -> None:
    (life.notes / "disk").rename(life.notes / "other")
    life.sync()
    assert suspended(life) == []


def test_a_page_that_is_deleted_among_many_is_suspended(life: Life) -> None:
    (life.notes / "page 3.md").unlink()
    life.sync()
    assert suspended(life) == ["What 3 bends light?"]


def test_pages_that_lost_their_cards_and_are_here_stop_nothing(life: Life) -> None:
    write(life.notes, **{f"page {number}": "- nothing\n" for number in range(4)})
    life.sync()
    assert len(suspended(life)) == 4


def test_pages_that_got_other_names_stop_nothing(life: Life) -> None:
    for number in range(4):
        (life.notes / f"page {number}.md").rename(life.notes / f"other {number}.md")
    life.sync()
    assert suspended(life) == []
