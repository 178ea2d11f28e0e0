"""What is absent is not deleted: pages that are elsewhere for now keep their notes, and cost no other page any."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen import api, config
from ankigen.data import Desired, Severity
from ankigen.source import load
from tests.helpers.building import NOON, build, write
from tests.helpers.contents import field

CARD = "- {} #card\n\t- A\n"
LATER = NOON + 60_000
POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
SIDES = "<<<<<<< HEAD\n- B #card\n\t- one\n=======\n- B #card\n\t- two\n>>>>>>> branch\n"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for rights before it makes a link"),
    pytest.mark.thorough,
]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Three pages that were built; the question of each is its name."""
    folder = write(tmp_path / "notes", A=CARD.format("A"), B=CARD.format("B"), C=CARD.format("C"))
    build(folder, tmp_path / "first.apkg")
    return folder


def evict(page: Path) -> None:
    page.rename(page.with_name(f".{page.name}.icloud"))


def rename_behind(ending: str) -> Callable[[Path], None]:
    def change(page: Path) -> None:
        page.rename(page.with_name(page.name + ending))

    return change


def link_to_nowhere(page: Path) -> None:
    page.unlink()
    page.symlink_to("/nowhere/at/all.md")


def annex(page: Path) -> None:
    page.unlink()
    page.symlink_to(f".git/annex/objects/{page.name}")


def link_to_zeros(page: Path) -> None:
    page.unlink()
    page.symlink_to("/dev/zero")


def loop(page: Path) -> None:
    page.unlink()
    page.symlink_to(page.name)


def pipe(page: Path) -> None:
    page.unlink()
    os.mkfifo(page)


def say(text: str | bytes) -> Callable[[Path], None]:
    def change(page: Path) -> None:
        page.write_bytes(text if isinstance(text, bytes) else text.encode())

    return change


ABSENCES = {
    "icloud": (evict, "unreadable-file"),
    "nextcloud": (rename_behind(".nextcloud"), "unreadable-file"),
    "owncloud": (rename_behind(".owncloud"), "unreadable-file"),
    "resilio": (rename_behind(".rsls"), "unreadable-file"),
    "odrive": (rename_behind(".cloud"), "unreadable-file"),
    "half of a download": (rename_behind(".part"), "unreadable-file"),
    "a dead link": (link_to_nowhere, "unreadable-file"),
    "a link of git-annex": (annex, "unreadable-file"),
    "a link to a device": (link_to_zeros, "unreadable-file"),
    "a link to itself": (loop, "unreadable-file"),
    "a pipe": (pipe, "unreadable-file"),
    "a pointer of Git LFS": (say(POINTER), "unreadable-file"),
    "zeros of a crash": (say(bytes(80)), "unreadable-file"),
    "not UTF-8": (say(b"- caf\xe9 #card\n"), "unreadable-file"),
    "locked by git-crypt": (say(b"\0GITCRYPT\0\xff\xfe\xfd"), "unreadable-file"),
    "unmerged": (say(SIDES), "unmerged-page"),
    "unmerged, in UTF-16": (say(SIDES.encode("utf-16")), "unmerged-page"),
    "unmerged, with the ends of Windows": (say(SIDES.replace("\n", "\r\n")), "unmerged-page"),
}


def questions(desired: Desired) -> list[str]:
    return [field(note.content, "Front") for note in desired.notes]


def told(desired: Desired) -> list[tuple[str, str, Severity]]:
    return [(problem.position.path, problem.rule, problem.severity) for problem in desired.problems]


@pytest.mark.parametrize("name", ABSENCES)
def test_a_page_that_is_elsewhere_for_now_is_an_error_and_keeps_its_notes(notes: Path, name: str) -> None:
    change, rule = ABSENCES[name]
    before = load(notes, NOON)
    change(notes / "B.md")
    desired = load(notes, LATER)
    assert told(desired) == [("B.md", rule, Severity.ERROR)]
    assert questions(desired) == ["A", "C"]
    assert desired.lock == before.lock
    [held] = desired.folder.held
    assert before.lock.identities[held].question == "B"
    assert desired.folder.gone == frozenset()


@pytest.mark.parametrize("name", ABSENCES)
def test_all_else_goes_on_as_ever_meanwhile(notes: Path, name: str) -> None:
    """A card that left a page which is here is removed, and a new one made, whatever is elsewhere."""
    ABSENCES[name][0](notes / "B.md")
    write(notes, A=CARD.format("A") + CARD.format("new"), C="- empty now\n")
    desired = load(notes, LATER)
    assert questions(desired) == ["A", "new"]
    assert {one.question for one in desired.lock.identities.values() if one.removed} == {"C"}


@pytest.mark.parametrize("name", ABSENCES)
def test_a_page_that_is_back_is_as_if_nothing_had_happened(notes: Path, tmp_path: Path, name: str) -> None:
    before = load(notes, NOON)
    content = (notes / "B.md").read_bytes()
    ABSENCES[name][0](notes / "B.md")
    build(notes, tmp_path / "second.apkg", LATER)
    for left in (*notes.glob("B.md*"), *notes.glob(".B.md*")):
        left.rmdir() if left.is_dir() and not left.is_symlink() else left.unlink()
    (notes / "B.md").write_bytes(content)
    assert build(notes, tmp_path / "third.apkg", LATER).lock == before.lock


def test_a_page_that_lies_beside_its_own_placeholder_is_here(notes: Path) -> None:
    (notes / ".B.md.icloud").touch()
    assert (told(load(notes, LATER)), questions(load(notes, LATER))) == ([], ["A", "B", "C"])


@pytest.mark.parametrize("name", [".photo.png.icloud", ".notes.txt.icloud", "B.md.nextcloud.txt", ".hidden.md"])
def test_a_placeholder_of_what_is_no_page_is_nobodys_business(notes: Path, name: str) -> None:
    (notes / name).touch()
    assert told(load(notes, LATER)) == []


def test_a_page_whose_title_nobody_can_read_now_may_be_any_that_is_missing(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a=CARD.format("A"), b="title:: Another name\n\n" + CARD.format("B"))
    before = build(notes, tmp_path / "a.apkg")
    evict(notes / "b.md")
    desired = load(notes, LATER)
    assert (desired.lock, len(desired.folder.held)) == (before.lock, 1)


def test_an_unmerged_page_keeps_the_notes_of_its_title(tmp_path: Path) -> None:
    head = "title:: Another name\n\n"
    notes = write(tmp_path / "notes", a=CARD.format("A"), b=head + CARD.format("B"), c=CARD.format("C"))
    before = build(notes, tmp_path / "a.apkg")
    write(notes, b=head + SIDES)
    (notes / "c.md").unlink()
    desired = load(notes, LATER)
    assert [before.lock.identities[guid].question for guid in desired.folder.held] == ["B"]
    assert desired.folder.gone == {"c"}


def test_a_page_that_was_deleted_is_removed_though_another_is_elsewhere_whose_name_is_known(notes: Path) -> None:
    evict(notes / "B.md")
    (notes / "C.md").unlink()
    desired = load(notes, LATER)
    assert {one.question for one in desired.lock.identities.values() if one.removed} == {"C"}


def test_a_folder_that_cannot_be_read_costs_its_own_pages_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def failing(path: Path) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    notes = write(tmp_path / "notes", a=CARD.format("A"))
    write(notes / "sub", b=CARD.format("B"))
    before = build(notes, tmp_path / "a.apkg")
    monkeypatch.setattr(os, "scandir", failing)
    desired = load(notes, LATER)
    assert told(desired) == [("sub", "unreadable-file", Severity.ERROR)]
    assert (questions(desired), desired.lock, len(desired.folder.held)) == (["A"], before.lock, 1)


def empty_folder(notes: Path, leave: str = "sub") -> None:
    (notes / "sub/b.md").unlink()
    if leave != "sub":
        (notes / "sub").rmdir()
        (notes / leave).symlink_to("/nowhere")


@pytest.mark.parametrize("leave", ["sub", "link"])
def test_what_a_disk_leaves_that_is_not_mounted_keeps_the_notes_of_pages_that_are_gone(
    tmp_path: Path, leave: str
) -> None:
    notes = write(tmp_path / "notes", a=CARD.format("A"))
    write(notes / "sub", b=CARD.format("B"))
    before = build(notes, tmp_path / "a.apkg")
    empty_folder(notes, leave)
    desired = load(notes, LATER)
    assert told(desired) == [(leave, "empty-folder", Severity.WARNING)]
    assert (desired.lock, len(desired.folder.held)) == (before.lock, 1)


@pytest.mark.parametrize("name", [".DS_Store", "desktop.ini"])
def test_what_a_desktop_leaves_in_a_folder_does_not_fill_it(tmp_path: Path, name: str) -> None:
    notes = write(tmp_path / "notes", a=CARD.format("A"))
    write(notes / "sub", b=CARD.format("B"))
    build(notes, tmp_path / "a.apkg")
    empty_folder(notes)
    (notes / "sub" / name).touch()
    assert told(load(notes, LATER)) == [("sub", "empty-folder", Severity.WARNING)]


def test_an_empty_folder_is_nothing_as_long_as_no_page_is_gone(notes: Path) -> None:
    (notes / "sub").mkdir()
    write(notes, A="- no card any more\n")
    desired = load(notes, LATER)
    assert (told(desired), desired.folder.elsewhere) == ([], ())
    assert {one.question for one in desired.lock.identities.values() if one.removed} == {"A"}


@pytest.mark.parametrize("name", ["assets", "draws", "whiteboards", "journals"])
def test_a_folder_that_never_held_such_a_page_keeps_no_note(notes: Path, name: str) -> None:
    (notes / name).mkdir()
    (notes / "A.md").unlink()
    assert (told(load(notes, LATER)), load(notes, LATER).folder.held) == ([], frozenset())


def test_whoever_says_that_an_empty_folder_means_nothing_is_believed(notes: Path) -> None:
    (notes / "sub").mkdir()
    (notes / "A.md").unlink()
    off = config.parse('rules = { empty-folder = "off" }', notes / "ankigen.toml")
    assert load(notes, LATER, off).folder.held == frozenset()
    assert len(load(notes, LATER).folder.held) == 1


# Links.


def test_a_page_behind_a_link_within_the_notes_is_read_once(notes: Path) -> None:
    (notes / "0.md").symlink_to("A.md")
    (notes / "sub").mkdir()
    (notes / "sub/linked.md").symlink_to("../A.md")
    (notes / "again").symlink_to(".")
    desired = load(notes, LATER)
    assert (questions(desired), told(desired)) == (["A", "B", "C"], [])


def test_a_page_that_only_links_lead_to_is_read_once(tmp_path: Path) -> None:
    graph = write(tmp_path / "g" / "store", a=CARD.format("A"))
    write(graph.parent / "logseq").joinpath("config.edn").write_text('{:hidden ["store"]}')
    for name in ("x.md", "y.md"):
        (graph.parent / name).symlink_to("store/a.md")
    desired = load(graph.parent, NOON)
    assert ([note.position.path for note in desired.notes], told(desired)) == (["x.md"], [])


@pytest.mark.parametrize(
    "leads_to", ["../outside.md", ".hidden/a.md", ".git/a.md", "plain.txt", "../outside", ".hidden"]
)
def test_a_link_that_is_not_followed_is_told(notes: Path, leads_to: str) -> None:
    for path in ("../outside.md", ".hidden/a.md", ".git/a.md", "plain.txt", "../outside/a.md"):
        (notes / path).parent.mkdir(exist_ok=True)
        (notes / path).write_text(CARD.format("secret"))
    name = "link.md" if "." in leads_to.rpartition("/")[2].lstrip(".") else "link"
    (notes / name).symlink_to(leads_to)
    desired = load(notes, LATER)
    assert (questions(desired), told(desired)) == (["A", "B", "C"], [(name, "unread-link", Severity.WARNING)])
    assert str(notes) not in desired.problems[0].message


def test_a_link_that_leads_out_keeps_the_notes_of_the_page_that_it_took_the_place_of(notes: Path) -> None:
    (notes / "B.md").rename(notes.parent / "B.md")
    (notes / "B.md").symlink_to("../B.md")
    (notes / "C.md").unlink()
    desired = load(notes, LATER)
    assert {one.question for one in desired.lock.identities.values() if one.removed} == {"C"}


def test_stamp_leaves_what_it_cannot_read_and_what_is_not_merged(notes: Path) -> None:
    pipe(notes / "B.md")
    write(notes, C=SIDES)
    stamped = api.stamp(notes)
    assert ([path.name for path in stamped.files], (notes / "C.md").read_text()) == (["A.md"], SIDES)


# What shows something that is elsewhere.

PNG = b"\x89PNG picture"
SHOWN = "- Draw it #card\n\t- ![](assets/a.png)\n- Other #card\n\t- x\n"
MEDIA_ABSENCES = {
    "a pointer of Git LFS": say(POINTER),
    "icloud": evict,
    "nextcloud": rename_behind(".nextcloud"),
    "a link of git-annex": annex,
}


@pytest.mark.parametrize("name", MEDIA_ABSENCES)
def test_a_picture_that_is_elsewhere_keeps_the_note_that_shows_it(tmp_path: Path, name: str) -> None:
    notes = write(tmp_path / "notes", a=SHOWN)
    (notes / "assets").mkdir()
    (notes / "assets/a.png").write_bytes(PNG)
    before = build(notes, tmp_path / "a.apkg")
    MEDIA_ABSENCES[name](notes / "assets/a.png")
    for _ in range(2):  # the second time from the cache
        desired = load(notes, LATER)
        assert [(problem.rule, problem.position.line, problem.severity) for problem in desired.problems] == [
            ("media-elsewhere", 2, Severity.ERROR)
        ]
        assert (questions(desired), desired.lock, desired.media) == (["Other"], before.lock, ())
        assert [before.lock.identities[guid].question for guid in desired.folder.held] == ["Draw it"]
    for left in (*(notes / "assets").iterdir(),):
        left.unlink()
    (notes / "assets/a.png").write_bytes(PNG)
    after = load(notes, LATER)
    assert (after.lock, after.notes, after.problems) == (before.lock, before.notes, ())


def test_a_picture_that_is_not_there_and_nowhere_else_known_is_a_warning_as_ever(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a=SHOWN)
    assert told(load(notes, NOON)) == [("a.md", "missing-media", Severity.WARNING)]
    assert questions(load(notes, NOON)) == ["Draw it", "Other"]


@pytest.mark.parametrize("shown", ["{{embed [[B]]}}", "((6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11))"])
def test_a_note_that_shows_a_page_which_is_elsewhere_waits_for_it(tmp_path: Path, shown: str) -> None:
    notes = write(tmp_path / "notes", A=f"- What is there? #card\n\t- {shown}\n")
    write(notes, B="- A lens\n  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n")
    before = build(notes, tmp_path / "a.apkg")
    evict(notes / "B.md")
    desired = load(notes, LATER)
    assert (desired.notes, desired.lock) == ((), before.lock)
    assert desired.folder.held == {note.identity.guid for note in before.notes}
    (notes / ".B.md.icloud").unlink()
    assert len(load(notes, LATER).notes) == 1  # it is gone, and the reference dangles


def test_pages_are_read_however_deep_their_folder_lies(tmp_path: Path) -> None:
    deep = "/".join([str(tmp_path / "notes"), *["d"] * 400])  # who clears up after a test goes little deeper
    for end in range(len(str(tmp_path)) + 1, len(deep)):
        if deep[end] == "/":
            os.mkdir(deep[:end])  # noqa: PTH102
    os.mkdir(deep)  # noqa: PTH102
    with open(f"{deep}/a.md", "w", encoding="utf-8") as page:  # noqa: PTH123
        page.write(CARD.format("A"))
    desired = load(tmp_path / "notes", LATER)
    assert (questions(desired), desired.problems) == (["A"], ())
