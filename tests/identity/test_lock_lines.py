"""What a lock file looks like, line by line, and what is said of one that is damaged."""

import os
import random
import zlib
from pathlib import Path

import pytest

from ankigen.data import ClozeNumber, Guid, Identity, Lock, SourceId, Style
from ankigen.errors import BrokenLock, CannotRead, CannotWrite
from ankigen.identity import LOCK_NAME, format_lock, lock_text, new_lock, parse_lock, read_lock, write_lock
from ankigen.note_types import BASIC, CLOZE
from ankigen.support.guids import plain_guid
from ankigen.support.structs import replace

PATH = Path("ankigen.lock")
TITLE = "# ankigen.lock: which note is which. Commit it with the notes; never edit it."
ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
PLAIN = Identity(
    guid=Guid("0f00000000000000000b"),
    id=None,
    kind=BASIC.name,
    page="optics",
    ordinal=3,
    question="What bends light?",
    question_digest="1111111111111111",
    answer_digest="2222222222222222",
    content_digest="3333333333333333",
    created=1_790_000_000_123,
    modified=1_790_000_001,
    place=65536,
)
OLD_PLAIN = (
    "0f00000000000000000b\t-\tbasic\toptics\t3\tWhat bends light?\t1111111111111111\t2222222222222222\t"
    "3333333333333333\t1790000000123\t1790000001\t-\t-"
)

FULL = replace(
    PLAIN,
    guid=Guid("0f00000000000000000a"),
    id=ID,
    kind=CLOZE.name,
    removed=1_790_000_002,
    place=-131072,
    clozes=(ClozeNumber("Öl", 2), ClozeNumber('a "b"', 1, is_used=False)),
)
OLD_FULL = (
    f"0f00000000000000000a\t{ID}\tcloze\toptics\t3\tWhat bends light?\t1111111111111111\t2222222222222222\t"
    '3333333333333333\t1790000000123\t1790000001\t1790000002\t[[2, "Öl"], [-1, "a \\"b\\""]]'
)
PLAIN_COLUMNS = f"{OLD_PLAIN}\t65536"
FULL_COLUMNS = f"{OLD_FULL}\t-131072"
LOCK = Lock(SourceId("0123456789ab"), {PLAIN.guid: PLAIN, FULL.guid: FULL})
STYLE = Style("0123456789abcdef", 1_790_000_003)
RESTORE = "restore the file from your last commit"
DAMAGED = f"this line is damaged: {RESTORE}"
CUT_OFF = f"the end of the file is missing: {RESTORE}"
CUT_OUT = f"lines are missing above this one: {RESTORE}"
LOST = f"the line of this note is missing: {RESTORE}"
UNLISTED = f"this note is missing in the second half of the file: {RESTORE}"
MIXED = "this line is of an older ankigen: build with this one on both branches, commit, then merge them again"
CONFLICT = "a merge conflict: keep the lines of both sides and delete the marker lines, then build again"


def checked(columns: str) -> str:
    """The columns with the check that they have in the file: their CRC-32."""
    return f"{columns}\t{zlib.crc32(columns.encode()):08x}"


SOURCE = checked("source\t0123456789ab")
HEAD = f"{TITLE}\nversion\t2\n{SOURCE}\n"
OLD_HEAD = f"{TITLE}\nversion\t1\nsource\t0123456789ab\n"


def halves(*lines: str, guids: tuple[str, ...] = (FULL.guid, PLAIN.guid)) -> str:
    """The heads of both halves, with these lines below the first one that is their own, and these GUIDs."""
    first = [f"[{number:02x}]\n" for number in range(256)]
    second = [f"({number:02x})\n" for number in range(256)]
    first[15] += "".join(f"{line}\n" for line in lines)
    second[15] += "".join(f"note\t{guid}\n" for guid in guids)
    return "".join(first + second)


def old_half(*lines: str) -> str:
    heads = [f"[{number:02x}]\n" for number in range(256)]
    heads[15] += "".join(f"{line}\n" for line in lines)
    return "".join(heads)


WHOLE = HEAD + halves(checked(FULL_COLUMNS), checked(PLAIN_COLUMNS))
OLD = OLD_HEAD + old_half(OLD_FULL, OLD_PLAIN)
LINE = 3 + 16 + 1
"""The number of the first line below `[0f]`."""


def refusal(text: str) -> str:
    with pytest.raises(BrokenLock) as refused:
        parse_lock(PATH, text)
    return str(refused.value)


def is_refused(text: str) -> bool:
    try:
        parse_lock(PATH, text)
    except BrokenLock:
        return True
    return False


# What is written


def test_notes_stand_sorted_below_the_heads_of_their_guids_and_their_guids_once_more() -> None:
    assert format_lock(LOCK) == WHOLE


def test_a_style_stands_in_front_of_the_notes_and_no_style_nowhere() -> None:
    assert "style" not in format_lock(LOCK)
    lines = format_lock(replace(LOCK, style=STYLE)).splitlines()
    assert lines[3:5] == [checked("style\t0123456789abcdef\t1790000003"), "[00]"]


@pytest.mark.parametrize("held", ["Zz-not-hex", "#y6*A`jjF", "G$wD$l-hDq", "[0f]", "0f<&\"'>", "note", "%41", "a b\\é"])
def test_a_guid_that_begins_like_no_head_stands_below_one_all_the_same(held: str) -> None:
    """Anki's own GUIDs are such, and those of other tools."""
    own = replace(PLAIN, guid=Guid(plain_guid(held) or ""))
    lock = replace(LOCK, identities={own.guid: own})
    assert parse_lock(PATH, format_lock(lock)) == lock
    lines = format_lock(lock).splitlines(keepends=True)
    accepted = [line for index, line in enumerate(lines) if not is_refused("".join(lines[:index] + lines[index + 1 :]))]
    assert accepted == [f"{TITLE}\n"]


def test_a_new_lock_has_a_name_of_its_own_and_nothing_else() -> None:
    one, other = new_lock(), new_lock()
    assert one.source_id != other.source_id
    assert len(one.source_id) == 12
    assert (dict(one.identities), one.style) == ({}, None)


def test_a_lock_is_written_as_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    write_lock(tmp_path / "ankigen.lock", LOCK)
    assert (tmp_path / "ankigen.lock").read_bytes() == format_lock(LOCK).encode()
    assert "Öl".encode() in (tmp_path / "ankigen.lock").read_bytes()


# What is read


def test_lines_are_read_as_they_were_written() -> None:
    style = checked("style\t0123456789abcdef\t1790000003")
    assert parse_lock(PATH, WHOLE.replace("[00]", f"{style}\n[00]")) == replace(LOCK, style=STYLE)


@pytest.mark.parametrize("text", [WHOLE, OLD], ids=["today's form", "old form"])
@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n[", "\r\n["),
        lambda text: f"\ufeff{text}",
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("[80]\n", "\n[80]\n\n"),
        lambda text: text.replace("[80]\n", "[80]\n[80]\n").replace("[90]\n", "[90]\n[80]\n"),
    ],
    ids=["Windows", "some lines of Windows", "byte order mark", "no last line end", "empty lines", "heads twice"],
)
def test_what_git_an_editor_or_a_merge_by_hand_may_do_to_the_form_is_no_damage(text: str, changed: object) -> None:
    assert callable(changed)
    assert parse_lock(PATH, changed(text)).says_the_same_as(LOCK)


def test_lines_that_are_not_in_order_are_no_damage() -> None:
    head, *lines = WHOLE.split("[00]\n")
    columns = [checked(PLAIN_COLUMNS), checked(FULL_COLUMNS)]
    below = "".join(lines)
    for line in columns:
        below = below.replace(f"{line}\n", "")
    assert parse_lock(PATH, f"{head}{columns[0]}\n[00]\n{below}{columns[1]}\n") == LOCK


@pytest.mark.parametrize("seconds", [("1790000001", "1790000009"), ("1790000009", "1790000001")])
def test_of_two_lines_of_one_note_the_newer_counts(seconds: tuple[str, str]) -> None:
    lines = [checked(PLAIN_COLUMNS.replace("1790000001", modified)) for modified in seconds]
    text = HEAD + halves(*lines, guids=(PLAIN.guid, PLAIN.guid))
    assert parse_lock(PATH, text).identities == {PLAIN.guid: replace(PLAIN, modified=1_790_000_009)}


def test_of_two_lines_of_one_time_the_lower_one_counts() -> None:
    """Either is right; that it is always the same one keeps the file from changing back and forth."""
    lines = [checked(PLAIN_COLUMNS.replace("optics", "light")), checked(PLAIN_COLUMNS)]
    assert parse_lock(PATH, HEAD + halves(*lines, guids=(PLAIN.guid,))).identities == {PLAIN.guid: PLAIN}


@pytest.mark.parametrize("seconds", [("1790000001", "1790000009"), ("1790000009", "1790000001")])
def test_of_two_styles_the_newer_counts(seconds: tuple[str, str]) -> None:
    lines = [checked(f"style\t0123456789abcdef\t{changed}") for changed in seconds]
    text = WHOLE.replace("[00]", "\n".join([*lines, "[00]"]))
    assert parse_lock(PATH, text).style == replace(STYLE, changed=1_790_000_009)


def test_a_lock_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "ankigen.lock") is None


def test_a_lock_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=tmp_path.name):
        read_lock(tmp_path)


# The form of the first version


def test_a_lock_of_the_first_version_is_read_and_says_what_it_always_said() -> None:
    unplaced = {guid: replace(known, place=None) for guid, known in LOCK.identities.items()}
    assert parse_lock(PATH, OLD) == replace(LOCK, identities=unplaced, is_in_old_form=True)
    assert parse_lock(PATH, OLD).says_the_same_as(LOCK)
    assert LOCK.says_the_same_as(parse_lock(PATH, OLD))
    styled = OLD.replace("[00]", "# a comment\nstyle\t0123456789abcdef\t1790000003\n[00]")
    assert parse_lock(PATH, styled) == replace(LOCK, identities=unplaced, style=STYLE, is_in_old_form=True)


def test_a_lock_of_the_first_version_that_is_cut_is_known_by_the_heads_that_it_lacks() -> None:
    lines = OLD.splitlines(keepends=True)
    for length in range(2, len(lines)):
        assert refusal("".join(lines[:length])) == f"ankigen.lock:{length}: {CUT_OFF}"
    place = lines.index("[81]\n")
    assert refusal(OLD.replace("[80]\n", "")) == f"ankigen.lock:{place}: {CUT_OUT}"


# A lock that is not whole


def test_a_lock_that_is_cut_at_any_line_end_is_refused() -> None:
    lines = WHOLE.splitlines(keepends=True)
    accepted = [length for length in range(len(lines)) if not is_refused("".join(lines[:length]))]
    assert accepted == []
    assert refusal("".join(lines[:100])) == f"ankigen.lock:100: {CUT_OFF}"
    assert refusal("".join(lines[:-200])) == f"ankigen.lock:{len(lines) - 200}: {CUT_OFF}"


def test_a_lock_that_is_cut_at_any_place_is_refused() -> None:
    accepted = [length for length in range(len(WHOLE) - 1) if not is_refused(WHOLE[:length])]
    assert accepted == []


def test_a_lock_that_lost_any_line_but_its_title_is_refused() -> None:
    lines = WHOLE.splitlines(keepends=True)
    accepted = [line for index, line in enumerate(lines) if not is_refused("".join(lines[:index] + lines[index + 1 :]))]
    assert accepted == [f"{TITLE}\n"]


def test_of_a_line_that_was_lost_the_other_half_tells_the_place() -> None:
    lines = WHOLE.splitlines()
    place = lines.index(f"note\t{PLAIN.guid}")
    assert refusal(WHOLE.replace(f"{checked(PLAIN_COLUMNS)}\n", "")) == f"ankigen.lock:{place}: {LOST}"
    assert refusal(WHOLE.replace(f"note\t{PLAIN.guid}\n", "")) == f"ankigen.lock:{LINE + 1}: {UNLISTED}"


def test_a_lock_with_any_byte_flipped_is_refused() -> None:
    whole, chance = format_lock(replace(LOCK, style=STYLE)).encode(), random.Random(1)
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= chance.randrange(1, 256)
        with pytest.raises(BrokenLock):
            parse_lock(PATH, lock_text(PATH, bytes(damaged)))


def test_a_lock_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ankigen.lock"
    path.write_bytes(b"version\t1\n\xff")
    with pytest.raises(BrokenLock) as refused:
        read_lock(path)
    assert str(refused.value) == f"{path}:1: this is not text: {RESTORE}"


@pytest.mark.parametrize("text", ["", "\n", TITLE, OLD.replace("version\t1\n", "")])
def test_a_lock_without_a_version_is_refused(text: str) -> None:
    assert refusal(text) == f"ankigen.lock:1: the line that names the version is missing: {RESTORE}"


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("4", "written by a newer ankigen (version 4): update ankigen"),
        ("10", "written by a newer ankigen (version 10): update ankigen"),
        ("0", DAMAGED),
        ("02", DAMAGED),
        ("two", DAMAGED),
        ("", DAMAGED),
        ("²", DAMAGED),
        ("9" * 5000, DAMAGED),
    ],
)
def test_a_lock_of_a_newer_version_names_its_line(version: str, fault: str) -> None:
    assert refusal(WHOLE.replace("version\t2", f"version\t{version}")) == f"ankigen.lock:2: {fault}"


def test_a_lock_without_a_name_is_refused() -> None:
    fault = f"ankigen.lock:1: the line that names the source is missing: {RESTORE}"
    assert refusal(WHOLE.replace(HEAD, f"{TITLE}\nversion\t2\n")) == fault
    assert refusal(OLD.replace("source\t", "# ")) == fault


def test_a_lock_with_two_names_is_refused() -> None:
    other = checked("source\tba9876543210")
    fault = "a second name for these notes: keep the `source` line of the branch that others have, delete the other one"
    assert refusal(WHOLE.replace("[00]", f"{other}\n[00]")) == f"ankigen.lock:4: {fault}"
    assert parse_lock(PATH, WHOLE.replace("[00]", f"{SOURCE}\n[00]")) == LOCK


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> branch"])
@pytest.mark.parametrize("text", [WHOLE, OLD])
def test_each_mark_of_a_merge_conflict_is_told(mark: str, text: str) -> None:
    assert refusal(text.replace("[00]", f"{mark}\n[00]")) == f"ankigen.lock:4: {CONFLICT}"


def test_a_conflict_is_told_whatever_else_it_tore_apart() -> None:
    torn = WHOLE.replace("version\t2\n", "<<<<<<< HEAD\nversion\t2\n=======\nversion\t1\n>>>>>>> old\n")
    assert refusal(torn) == f"ankigen.lock:2: {CONFLICT}"


def test_lines_of_two_versions_are_told_apart_from_damage() -> None:
    assert refusal(HEAD + halves(checked(FULL_COLUMNS), OLD_PLAIN)) == f"ankigen.lock:{LINE + 1}: {MIXED}"
    assert refusal(WHOLE.replace("version\t2\n", "version\t2\nversion\t1\n")) == f"ankigen.lock:3: {MIXED}"
    assert refusal(OLD_HEAD + old_half(checked(FULL_COLUMNS))) == f"ankigen.lock:{LINE}: {DAMAGED}"


# A column that holds what ankigen never writes there

IN_COLUMNS = [
    ("0f00000000000000000a\t", "\t"),  # a note without a GUID, which Anki swallows
    ("0f00000000000000000a\t", "0f\x1f0a\t"),  # the separator of Anki's fields: it refuses the package
    ("0f00000000000000000a\t", "0f\x000a\t"),
    ("0f00000000000000000a\t", "0f 0a\t"),
    ("0f00000000000000000a\t", ".*\t"),  # a pattern in the search for removed notes
    ("0f00000000000000000a\t", "<b>\t"),  # markup in the field Guid
    ("0f00000000000000000a\t", "a%1Fb\t"),  # a separator of fields, in disguise
    ("0f00000000000000000a\t", "%3cb\t"),  # a second form of one GUID
    ("0f00000000000000000a\t", "note\t"),  # what begins a line of the second half
    ("0f00000000000000000a\t", "é\t"),
    ("0f00000000000000000a\t", f"{'a' * 65}\t"),
    (ID, "\x1f"),
    (ID, ID.upper()),
    (ID, ""),
    ("\tcloze\t", "\t?\t"),
    ("\tcloze\t", "\t\t"),
    ("\tcloze\t", f"\t{'a' * 33}\t"),
    ("\t3\t", "\tthird\t"),
    ("\t3\t", "\t-1\t"),
    ("\t3\t", "\t03\t"),
    ("\t3\t", "\t٣\t"),
    ("\t3\t", f"\t{'9' * 30}\t"),
    ("What bends light?", "x" * 81),
    ("1111111111111111", "111111111111111"),
    ("2222222222222222", "222222222222222G"),
    ("3333333333333333", "333333333333333A"),
    ("\t3333333333333333", ""),
    ("\t3333333333333333", "\t3333333333333333\tmore"),
    ("1790000000123", "soon"),
    ("1790000000123", "0"),  # Anki's Check Database ends in a panic
    ("1790000000123", "-5"),
    ("1790000000123", "1_0"),
    ("1790000000123", "+5"),
    ("1790000000123", f"1{'0' * 30}"),  # no integer of SQLite
    ("1790000000123", str(2**33 * 1000)),
    ("1790000001", "soon"),
    ("1790000001", "0"),
    ("1790000001", str(2**33)),
    ("1790000002", "soon"),
    ("1790000002", "0"),
    ("1790000002", ""),
    ("1790000002", str(2**33)),
    ('[[2, "Öl"], ', '[[2, "Öl", '),
    ('[[2, "Öl"], ', '[["Öl"], '),
    ('[[2, "Öl"], ', '[["Öl", 2], '),
    ('[[2, "Öl"], ', '[[0, "Öl"], '),
    ('[[2, "Öl"], ', '[[2.5, "Öl"], '),
    ('[[2, "Öl"], ', '[[true, "Öl"], '),
    ('[[2, "Öl"], ', "[[2, null], "),
    ('[[2, "Öl"], ', '[[2, "\\ud800"], '),  # no text that can be written
    ('[[2, "Öl"], ', f'[[1{"0" * 30}, "Öl"], '),
    ('[[2, "Öl"], ', f"{'[' * 100_000}, "),
    ('[[2, "Öl"], [-1, "a \\"b\\""]]', "{}"),
    ('[[2, "Öl"], [-1, "a \\"b\\""]]', ""),
]


@pytest.mark.parametrize(("old", "new"), IN_COLUMNS)
@pytest.mark.parametrize("is_old", [False, True], ids=["today's form", "old form"])
def test_a_column_with_what_ankigen_never_writes_is_damage_even_where_the_check_is_right(
    old: str, new: str, *, is_old: bool
) -> None:
    written = OLD_FULL if is_old else FULL_COLUMNS
    assert old in written
    columns = written.replace(old, new, 1)
    text = OLD_HEAD + old_half(columns) if is_old else HEAD + halves(checked(columns), guids=(FULL.guid,))
    assert refusal(text) == f"ankigen.lock:{LINE}: {DAMAGED}"


@pytest.mark.parametrize("place", ["", "0x", "1.5", "+1", "-0", "00", "١", "1e5", "--1", "9" * 17])
def test_a_place_that_ankigen_never_writes_is_damage(place: str) -> None:
    columns = f"{OLD_FULL}\t{place}"
    assert refusal(HEAD + halves(checked(columns), guids=(FULL.guid,))) == f"ankigen.lock:{LINE}: {DAMAGED}"


@pytest.mark.parametrize(
    "line",
    [
        checked("style\t0123456789abcdef\tsoon"),
        checked("style\t0123456789abcdef\t0"),
        checked(f"style\t0123456789abcdef\t1{'0' * 30}"),
        checked(f"style\t0123456789abcdef\t{2**33}"),
        checked("style\t0123456789abcdeg\t1790000003"),
        checked("style\t0123456789abcdef"),
        checked("source\t0123456789a"),
        checked("source\t01234\x1f6789ab"),
        checked("source"),
        "source",
        "source\t0123456789ab",
        checked("x\ty"),
        checked(""),
        "# a comment",
        "[100]",
        "[0F]",
        "[]",
        "(0g)",
        "note\t",
        "note\t\x1f",
        "note",
        "nonsense",
        " ",
    ],
)
def test_a_short_line_that_ankigen_never_writes_is_damage(line: str) -> None:
    assert refusal(WHOLE.replace("[00]", f"{line}\n[00]")) == f"ankigen.lock:4: {DAMAGED}"


@pytest.mark.parametrize(
    "line", ["style\t0123456789abcdef\tsoon", "style\t0123456789abcdef", "source", "x\ty", "[100]"]
)
def test_a_short_line_of_the_first_version_that_ankigen_never_writes_is_damage(line: str) -> None:
    assert refusal(OLD.replace("[00]", f"{line}\n[00]")) == f"ankigen.lock:4: {DAMAGED}"


@pytest.mark.parametrize("created", [1, 2**33 * 1000 - 1000])
@pytest.mark.parametrize("seconds", [1, 2**33 - 1])
def test_the_first_and_the_last_moment_are_read_back(created: int, seconds: int) -> None:
    extreme = replace(FULL, created=created, modified=seconds, removed=seconds)
    lock = Lock(LOCK.source_id, {extreme.guid: extreme}, replace(STYLE, changed=seconds))
    assert parse_lock(PATH, format_lock(lock)) == lock


def test_a_lock_that_is_a_link_out_of_its_folder_is_neither_read_nor_written(tmp_path: Path) -> None:
    notes, profile = tmp_path / "notes", tmp_path / ".bash_profile"
    notes.mkdir()
    (notes / LOCK_NAME).symlink_to(profile)
    with pytest.raises(CannotRead):
        read_lock(notes / LOCK_NAME)
    with pytest.raises(CannotWrite):
        write_lock(notes / LOCK_NAME, LOCK)
    assert not profile.exists()


def test_a_lock_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / LOCK_NAME)
    with pytest.raises(CannotRead):
        read_lock(tmp_path / LOCK_NAME)
