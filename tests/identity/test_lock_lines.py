"""What a lock file looks like, line by line, and what is said of one that is damaged."""

import os
from pathlib import Path

import pytest

from ankigen.data import ClozeNumber, Guid, Identity, Lock, SourceId, Style
from ankigen.errors import BrokenLock, CannotRead, LeadsOutside
from ankigen.identity import LOCK_NAME, format_lock, new_lock, parse_lock, read_lock, write_lock
from ankigen.note_types import BASIC, CLOZE
from ankigen.support.structs import replace

PATH = Path("ankigen.lock")
HEAD = (
    "# ankigen.lock: which note is which. Commit it with the notes; never edit it.\nversion\t1\nsource\t0123456789ab\n"
)
PLAIN = Identity(
    guid=Guid("0f00000000000000000b"),
    id=None,
    kind=BASIC.name,
    page="optics",
    ordinal=3,
    question="What bends light?",
    question_digest="question",
    answer_digest="answer",
    content_digest="content",
    created=1_790_000_000_123,
    modified=1_790_000_001,
)
PLAIN_LINE = (
    "0f00000000000000000b\t-\tbasic\toptics\t3\tWhat bends light?\tquestion\tanswer\tcontent\t"
    "1790000000123\t1790000001\t-\t-"
)
FULL = replace(
    PLAIN,
    guid=Guid("0f00000000000000000a"),
    id="5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d",
    kind=CLOZE.name,
    removed=1_790_000_002,
    clozes=(ClozeNumber("Öl", 2), ClozeNumber('a "b"', 1, is_used=False)),
)
FULL_LINE = (
    "0f00000000000000000a\t5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d\tcloze\toptics\t3\tWhat bends light?\tquestion\t"
    'answer\tcontent\t1790000000123\t1790000001\t1790000002\t[[2, "Öl"], [-1, "a \\"b\\""]]'
)
LOCK = Lock(SourceId("0123456789ab"), {PLAIN.guid: PLAIN, FULL.guid: FULL})
HEADS = "".join(f"[{number:02x}]\n" for number in range(256))
DAMAGED = "this line is damaged: restore the file from your last commit"
CONFLICT = "a merge conflict: keep the lines of both sides and delete the marker lines, then build again"


def refusal(text: str) -> str:
    with pytest.raises(BrokenLock) as refused:
        parse_lock(PATH, text)
    return str(refused.value)


def test_notes_stand_sorted_below_the_heads_of_their_guids() -> None:
    lines = format_lock(LOCK).splitlines()
    assert lines[:3] == HEAD.splitlines()
    heads = [line for line in lines if line.startswith("[")]
    assert (len(heads), heads[0], heads[10], heads[-1]) == (256, "[00]", "[0a]", "[ff]")
    at = lines.index("[0f]")
    assert lines[at : at + 4] == ["[0f]", FULL_LINE, PLAIN_LINE, "[10]"]


def test_a_style_stands_in_front_of_the_notes_and_no_style_nowhere() -> None:
    assert "style" not in format_lock(LOCK)
    lines = format_lock(replace(LOCK, style=Style("0123456789abcdef", 1_790_000_003))).splitlines()
    assert lines[3:5] == ["style\t0123456789abcdef\t1790000003", "[00]"]


def test_lines_are_read_as_they_were_written() -> None:
    text = f"{HEAD}style\t0123456789abcdef\t1790000003\n[0f]\n{FULL_LINE}\n{PLAIN_LINE}\n{HEADS}"
    assert parse_lock(PATH, text) == replace(LOCK, style=Style("0123456789abcdef", 1_790_000_003))


def test_line_ends_of_windows_and_empty_lines_are_no_damage() -> None:
    """Git may put them there."""
    text = f"{HEAD}\n[0f]\n{PLAIN_LINE}\n\n{FULL_LINE}\n{HEADS}".replace("\n", "\r\n")
    assert parse_lock(PATH, text.replace("\r\n\r\n", "\r\n\n")) == LOCK


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> branch"])
def test_each_mark_of_a_merge_conflict_is_told(mark: str) -> None:
    assert refusal(f"{HEAD}[00]\n{mark}\n{PLAIN_LINE}\n") == f"ankigen.lock:5: {CONFLICT}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1790000000123", "soon"),
        ("1790000001", "soon"),
        ("1790000002", "soon"),
        ("\t3\t", "\tthird\t"),
        ("\tcloze\t", "\t?\t"),
        ('[[2, "Öl"], ', '[[2, "Öl", '),
        ('[[2, "Öl"], ', '[["Öl"], '),
        ('[[2, "Öl"], ', '[["Öl", 2], '),
        ("\tcontent", ""),
        ("\tcontent", "\tcontent\tmore"),
    ],
)
def test_a_line_that_was_edited_is_damaged(old: str, new: str) -> None:
    assert old in FULL_LINE
    assert refusal(f"{HEAD}[0f]\n{FULL_LINE.replace(old, new, 1)}\n") == f"ankigen.lock:5: {DAMAGED}"


@pytest.mark.parametrize(
    "line", ["style\t0123456789abcdef\tsoon", "style\t0123456789abcdef", "version", "source", "x\ty"]
)
def test_a_short_line_that_was_edited_is_damaged(line: str) -> None:
    assert refusal(f"{HEAD}{line}\n") == f"ankigen.lock:4: {DAMAGED}"


def test_a_lock_of_a_newer_version_names_its_line() -> None:
    assert refusal("version\t2\n") == "ankigen.lock:1: written by a newer ankigen (version 2): update ankigen"


def test_a_lock_without_a_name_is_refused() -> None:
    message = "the line that names the source is missing: restore the file from your last commit"
    assert refusal("version\t1\n") == f"ankigen.lock:1: {message}"


@pytest.mark.parametrize("seconds", [("1790000001", "1790000009"), ("1790000009", "1790000001")])
def test_of_two_lines_of_one_note_the_newer_counts(seconds: tuple[str, str]) -> None:
    lines = [PLAIN_LINE.replace("1790000001", modified) for modified in seconds]
    assert parse_lock(PATH, HEAD + "\n".join(lines) + f"\n{HEADS}").identities == {
        PLAIN.guid: replace(PLAIN, modified=1_790_000_009)
    }


def test_of_two_lines_of_one_time_the_lower_one_counts() -> None:
    """Either is right; that it is always the same one keeps the file from changing back and forth."""
    text = HEAD + "\n".join([PLAIN_LINE.replace("optics", "light"), PLAIN_LINE]) + f"\n{HEADS}"
    assert parse_lock(PATH, text).identities == {PLAIN.guid: PLAIN}


def test_a_new_lock_has_a_name_of_its_own_and_nothing_else() -> None:
    one, other = new_lock(), new_lock()
    assert one.source_id != other.source_id
    assert len(one.source_id) == 12
    assert (dict(one.identities), one.style) == ({}, None)


def test_a_lock_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "ankigen.lock") is None


def test_a_lock_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ankigen.lock"
    path.write_bytes(b"version\t1\n\xff")
    with pytest.raises(BrokenLock) as refused:
        read_lock(path)
    assert str(refused.value) == f"{path}:1: this is not text: restore the file from your last commit"


def test_a_lock_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=tmp_path.name):
        read_lock(tmp_path)


def test_a_lock_is_written_as_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    write_lock(tmp_path / "ankigen.lock", LOCK)
    assert (tmp_path / "ankigen.lock").read_bytes() == format_lock(LOCK).encode()
    assert "Öl".encode() in (tmp_path / "ankigen.lock").read_bytes()


WHOLE = format_lock(replace(LOCK, style=Style("0123456789abcdef", 1_790_000_003)))


def test_a_lock_that_was_cut_off_at_any_line_is_refused() -> None:
    lines = WHOLE.splitlines(keepends=True)
    for end in range(3, len(lines)):
        assert "the file is cut off" in refusal("".join(lines[:end]))
    assert "the file is cut off" in refusal(WHOLE.removesuffix("\n"))
    assert parse_lock(PATH, WHOLE).identities == LOCK.identities


@pytest.mark.parametrize(
    ("column", "written"),
    [
        (0, ""), (0, "0f\x1f0000"), (0, "xy000000"), (0, "0f" + "0" * 80), (1, ""), (1, "a b"), (2, "Basic"), (4, "-1"),
        (4, "x"), (4, "9" * 12), (9, "0"), (9, "-5"), (9, str(10**30)), (9, str(2**53)), (9, "1e9"), (9, "x"),
        (10, "-1"), (11, "x"), (12, "[[0, \"a\"]]"), (12, "[[501, \"a\"]]"), (12, "[[true, \"a\"]]"),
        (12, "[[1, 2]]"),        (12, "{}x"), (12, f"[[{10**30}, \"a\"]]"), (6, "a b"), (7, "x" * 65),
    ],
)  # fmt: skip
def test_each_column_is_checked(column: int, written: str) -> None:
    columns = FULL_LINE.split("\t")
    columns[column] = written
    assert refusal(WHOLE.replace(FULL_LINE, "\t".join(columns))).endswith(DAMAGED)


@pytest.mark.parametrize("line", [f"style\tx\t{10**30}", "source\ta b", "source\t", "source\ta\x1fb"])
def test_the_lines_in_front_are_checked_too(line: str) -> None:
    assert refusal(f"{HEAD}{line}\n{HEADS}").endswith(DAMAGED)


def test_a_lock_that_is_a_link_out_of_its_folder_is_neither_read_nor_written(tmp_path: Path) -> None:
    notes, profile = tmp_path / "notes", tmp_path / ".bash_profile"
    notes.mkdir()
    (notes / LOCK_NAME).symlink_to(profile)
    with pytest.raises(LeadsOutside):
        read_lock(notes / LOCK_NAME)
    with pytest.raises(LeadsOutside):
        write_lock(notes / LOCK_NAME, LOCK)
    assert not profile.exists()


def test_a_lock_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / LOCK_NAME)
    with pytest.raises(LeadsOutside):
        read_lock(tmp_path / LOCK_NAME)
