"""Copies that sync services, editors and people leave beside a page make no cards; pages of their own do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.data import Desired, Severity
from ankigen.source import load
from tests.helpers.building import NOON, build, write
from tests.helpers.contents import field

pytestmark = pytest.mark.thorough

PAGE = (
    "- What bends light? #card\n\t- A lens\n"
    "- What parts light? #card\n\t- A prism\n"
    "- What throws it back? #card\n\t- A mirror\n"
)
EDITED = PAGE.replace("A mirror", "A mirror, of course") + "- What is new? #card\n\t- This\n"
REWRITTEN = "- What bends light? #card\n\t- Glass\n- One? #card\n\t- 1\n- Two? #card\n\t- 2\n- Three? #card\n\t- 3\n"

TELLING = [
    "P.sync-conflict-20230101-120000-ABCDEFG",  # Syncthing
    "P.sync-conflict-20230101-120000",
    "P (conflicted copy 2023-01-01 120000)",  # Nextcloud
    "P (conflicted copy Bob 2023-01-01 120000)",
    "P_conflict-20230101-120000",  # ownCloud
    "P (Bob's conflicted copy 2023-01-01)",  # Dropbox
    "P (Bob's conflicted copy 2023-01-01 (1))",
    "P (Case Conflict)",
    "P (Unicode Encoding Conflict (1))",
    "P (In Konflikt stehende Kopie von Bob 2023-01-01)",
    "P (Bobs in Konflikt stehende Kopie 2023-01-01)",
    "P (Konfliktkopie 2023-01-01)",
    "P (Copie en conflit de Bob 2023-01-01)",
    "P (Copia en conflicto de Bob 2023-01-01)",
    "P (Copia conflictiva de Bob 2023-01-01)",
    "P (Copia in conflitto di Bob 2023-01-01)",
    "P (Cópia em conflito de Bob 2023-01-01)",
    "P (conflicterende kopie van Bob 2023-01-01)",
    "P (Bobs konfliktkopia 2023-01-01)",
    "P (Конфликтующая копия Bob 2023-01-01)",
    "P (конфліктна копія Bob)",
    "P (Bob 上の問題のあるコピー 2023-01-01)",
    "P (Bob の競合コピー 2023-01-01)",
    "P (Bob 的冲突副本 2023-01-01)",
    "P (Bob 的衝突複本 2023-01-01)",
    "P (Bob의 충돌하는 사본 2023-01-01)",
    "P (SFConflict bob@example.com 2023-01-01-12-00-00)",  # Seafile
    "P_DiskStation_Jan-01-120000-2023_Conflict",  # Synology
    "P_CaseConflict",
    "P.Conflict",  # Resilio
    "P.conflict-1",
    "P [Conflict]",  # Google
    "P_conf(1)",
    "P (Conflict 2023-01-01-12-00-00)",
    "P (Conflicted copy Laptop 202301011200)",  # Obsidian
    "P (DESKTOP-QRI9EIH conflict 2023-04-02)",
    "P (conflict on laptop on 2023-01-01)",  # Unison
    "P_BACKUP_1234",  # a merge tool of git
    "P_LOCAL_1234",
    "P_REMOTE_1234",
    "P_BASE_1234",
    "P.orig",
    "P.bak",
]
WEAK = [
    "P 2",  # iCloud, Finder
    "P copy",
    "P copy 2",
    "P (1)",  # Google Drive, browsers
    "P (2)",
    "P-DESKTOP-AB12CDE",  # OneDrive
    "P-Bobs-MacBook-2",
    "P - Copy",  # Windows
    "P - Copy (2)",
    "P - Kopie",
    "Copy of P",
    "Kopie von P",
    "Copie de P",
    "P~",
]


def questions(desired: Desired) -> list[tuple[str, str]]:
    return [(note.position.path, field(note.content, "Front")) for note in desired.notes]


def copies(desired: Desired) -> list[str]:
    assert all(problem.severity is Severity.WARNING for problem in desired.problems)
    return [problem.position.path for problem in desired.problems if problem.rule == "conflict-copy"]


def paths(desired: Desired) -> set[str]:
    return {note.position.path for note in desired.notes}


@pytest.mark.parametrize("name", [*TELLING, *WEAK])
@pytest.mark.parametrize("text", [PAGE, EDITED])
def test_a_copy_makes_no_cards_and_is_told(tmp_path: Path, name: str, text: str) -> None:
    desired = load(write(tmp_path, P=PAGE, **{name: text}), NOON)
    assert (paths(desired), copies(desired)) == ({"P.md"}, [f"{name}.md"])
    assert desired.problems[0].message.startswith("a copy of P.md, whose cards are not made twice: ")


@pytest.mark.parametrize("name", TELLING)
def test_a_name_that_tells_of_a_conflict_needs_but_one_line_of_the_page(tmp_path: Path, name: str) -> None:
    desired = load(write(tmp_path, P=PAGE, **{name: REWRITTEN}), NOON)
    assert (paths(desired), copies(desired)) == ({"P.md"}, [f"{name}.md"])


@pytest.mark.parametrize("name", WEAK)
def test_a_page_that_has_little_of_the_one_that_its_name_begins_with_is_a_page(tmp_path: Path, name: str) -> None:
    desired = load(write(tmp_path, P=PAGE, **{name: REWRITTEN}), NOON)
    assert (paths(desired), copies(desired)) == ({"P.md", f"{name}.md"}, [])


@pytest.mark.parametrize("name", [*TELLING, *WEAK])
def test_without_the_page_itself_there_is_no_copy(tmp_path: Path, name: str) -> None:
    desired = load(write(tmp_path, Other=CARD, **{name: PAGE}), NOON)
    assert (paths(desired), copies(desired)) == ({"Other.md", f"{name}.md"}, [])


CARD = "- Q #card\n\t- A\n"


@pytest.mark.parametrize("name", [*TELLING, *WEAK])
def test_nothing_that_both_have_makes_no_copy(tmp_path: Path, name: str) -> None:
    desired = load(write(tmp_path, P=PAGE, **{name: CARD}), NOON)
    assert copies(desired) == []


def test_the_next_chapter_made_from_the_same_form_is_a_page(tmp_path: Path) -> None:
    form = "- What is it about? #card\n\t- {0}\n- Who wrote it? #card\n\t- {1}\n"
    write(tmp_path, Chapter=form.format("Light", "Ada"), **{"Chapter 2": form.format("Sound", "Bob")})
    desired = load(tmp_path, NOON)
    assert (paths(desired), copies(desired)) == ({"Chapter.md", "Chapter 2.md"}, [])


def test_a_copy_that_is_in_another_folder_is_a_page(tmp_path: Path) -> None:
    write(tmp_path, P=PAGE)
    write(tmp_path / "sub", **{"P 2": PAGE})
    assert copies(load(tmp_path, NOON)) == []


@pytest.mark.parametrize(
    "name", ["P.md~", "P.md.orig", "#P.md#", "P.md.bak", "P.md.~1~", ".#P.md", ".P.md.swp", "P.md.rej"]
)
def test_what_editors_leave_behind_other_suffixes_is_no_page(tmp_path: Path, name: str) -> None:
    (write(tmp_path, P=PAGE) / name).write_text(PAGE)
    desired = load(tmp_path, NOON)
    assert (paths(desired), desired.problems) == ({"P.md"}, ())


@pytest.mark.parametrize("folder", ["@eaDir", "sub/@eaDir", "@eaDir/deep", "#snapshot", "@Recently-Snapshot"])
def test_what_a_disk_station_keeps_is_told_and_not_read(tmp_path: Path, folder: str) -> None:
    write(tmp_path, P=PAGE)
    write(tmp_path / folder, P=PAGE)
    desired = load(tmp_path, NOON)
    assert paths(desired) == {"P.md"}
    assert [problem.rule for problem in desired.problems] == ["conflict-copy"]
    assert "(3)" in desired.problems[0].message


@pytest.mark.parametrize("folder", ["#recycle", "@Recycle", "$RECYCLE.BIN", ".trash"])
def test_what_lies_in_a_bin_is_told_and_not_read(tmp_path: Path, folder: str) -> None:
    write(tmp_path, P=PAGE)
    write(tmp_path / folder, Old=PAGE)
    desired = load(tmp_path, NOON)
    assert paths(desired) == {"P.md"}
    assert [problem.rule for problem in desired.problems] == ["cards-in-backups"]


def test_a_conflict_copy_of_a_page_that_is_elsewhere_waits_with_it(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", P=PAGE, Q=CARD)
    before = build(notes, tmp_path / "a.apkg")
    (notes / "P.md").rename(notes / ".P.md.icloud")
    write(notes, **{"P (Bob's conflicted copy 2023-01-01)": EDITED})
    desired = load(notes, NOON)
    assert (paths(desired), desired.lock) == ({"Q.md"}, before.lock)


def test_references_lead_to_the_page_and_never_to_its_copy(tmp_path: Path) -> None:
    block = "- A lens{}\n  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n"
    card = "- What bends light? #card\n\t- ((6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11))\n"
    write(tmp_path, P=block.format("") + "- x1\n- x2\n", Q=card, **{"P 2": block.format("") + "- x1\n- x2\n- y\n"})
    [note] = load(tmp_path, NOON).notes
    assert note.position.path == "Q.md"
    assert "A lens" in field(note.content, "Back")


def test_notes_that_were_made_of_a_page_before_it_was_a_copy_stay_until_it_is_deleted(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", P=PAGE, **{"P 2": REWRITTEN})
    before = build(notes, tmp_path / "a.apkg")
    write(notes, **{"P 2": PAGE})
    desired = load(notes, NOON)
    assert (desired.lock, len(desired.folder.held), desired.folder.is_whole) == (before.lock, 4, True)
    (notes / "P 2.md").unlink()
    assert sum(known.removed is not None for known in load(notes, NOON).lock.identities.values()) == 4


# Backups, known by what is in them.


@pytest.mark.parametrize(
    "path",
    [
        "bak/P.md",
        "sub/bak/deep/P.md",
        "version-files/local/P.md",
        "old/P/2023-01-02T10_20_30.123Z.Desktop.md",
        "bak/pages/P/2023-01-02T10_20_30.123Z.Desktop.md",
        "backup/P.md",
        "Backups/2023/P.md",
    ],
)
def test_copies_in_backups_are_known_at_any_depth_by_the_pages_that_they_are_of(tmp_path: Path, path: str) -> None:
    write(tmp_path, P=PAGE)
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(EDITED)
    desired = load(tmp_path, NOON)
    assert paths(desired) == {"P.md"}
    [problem] = desired.problems
    assert (problem.rule, problem.severity) == ("cards-in-backups", Severity.WARNING)
    assert f"{problem.position.path} (4); move what you miss into a page" in problem.message


@pytest.mark.parametrize(
    "path", ["bak/Own.md", "backup/P.md", "diary/2023-01-02T10_20_30.md", "Own/2023-01-02T10_20.md"]
)
def test_a_page_of_its_own_is_read_wherever_it_lies(tmp_path: Path, path: str) -> None:
    write(tmp_path, P=PAGE)
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(CARD)
    desired = load(tmp_path, NOON)
    assert (paths(desired), desired.problems) == ({"P.md", path}, ())
