"""Which note a card is: GUIDs, `id::`, times, and the lock file that keeps them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.data import ClozeNumber, Desired, Guid, Identity, KindName, Lock, SourceId, Style
from ankigen.errors import BrokenLock
from ankigen.identity import LOCK_NAME, format_lock, guid_for, read_lock, write_lock
from ankigen.source import load
from ankigen.support.structs import replace
from tests.helpers.building import NOON, build, write

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"


def guids(desired: Desired) -> list[str]:
    return [note.identity.guid for note in desired.notes]


@given(st.lists(st.text()), st.lists(st.text()))
def test_parts_of_an_identity_never_run_together(one: list[str], other: list[str]) -> None:
    assert (guid_for(*one) == guid_for(*other)) == (one == other)


def test_an_id_property_is_the_guid(tmp_path: Path) -> None:
    notes = write(tmp_path, a=f"- Q #card\n  id:: {ID.upper()}\n\t- A\n- R #card\n  id:: not-a-uuid\n\t- B\n")
    assert guids(load(notes, NOON))[0] == ID
    assert re.fullmatch(r"[0-9a-f]{20}", guids(load(notes, NOON))[1])


def test_the_first_card_keeps_an_id_that_stands_twice(tmp_path: Path) -> None:
    card = f"- Q #card\n  id:: {ID}\n\t- A\n"
    desired = load(write(tmp_path, a=card, b=card), NOON)
    first, second = guids(desired)
    assert first == ID != second
    [problem] = desired.problems
    assert (str(problem.position), problem.rule) == ("b.md:2:8", "duplicate-id")
    assert problem.message == f"id {ID} stands at a.md:1:1 too: delete the line in the card that is a copy"


def test_equal_questions_are_told_apart_by_their_order(tmp_path: Path) -> None:
    notes = write(tmp_path, a="- Terms #card\n\t- A\n- Terms #card\n\t- B\n", A2="- Terms #card\n\t- C\n")
    desired = load(notes, NOON)
    pages = [("a", "0"), ("a", "1"), ("a2", "0")]
    assert guids(desired) == [guid_for(desired.lock.source_id, page, "Terms", ordinal) for page, ordinal in pages]


def test_two_authors_whose_pages_and_questions_are_alike_share_no_guid(tmp_path: Path) -> None:
    text = "- What is a cell? #card\n\t- The smallest living thing\n"
    first, second = (load(write(tmp_path / name, Biology=text), NOON) for name in ("ann", "ben"))
    assert not {*guids(first)} & {*guids(second)}


@pytest.mark.parametrize("page", ["Optics", "OPTICS"])
@pytest.mark.parametrize("folder", ["x", "deeply/nested"])
def test_a_guid_depends_on_neither_folder_nor_deck_nor_case_of_the_page(tmp_path: Path, page: str, folder: str) -> None:
    text = f"deck:: {folder}\n\n- What  bends\u00a0light? #card #tag\n\t- A lens\n"
    desired = load(write(tmp_path / folder, **{page: text}), NOON)
    assert guids(desired) == [guid_for(desired.lock.source_id, "optics", "What bends light?", "0")]


def test_the_lock_remembers_times_and_names_the_source(tmp_path: Path) -> None:
    notes = write(tmp_path, a="- Q #card\n\t- A\n")
    first = build(notes, tmp_path / "a.apkg")
    again = load(notes, NOON + 5_000)
    assert again.lock == first.lock == read_lock(notes / LOCK_NAME)
    assert re.fullmatch(r"[0-9a-f]{12}", first.lock.source_id)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8)
hexes = st.text("0123456789abcdef", min_size=16, max_size=16)
identities = st.builds(
    Identity,
    guid=st.builds(Guid, st.text("0123456789abcdef", min_size=20, max_size=20)),
    id=st.none() | st.uuids().map(str),
    page=words,
    ordinal=st.integers(0, 99),
    question=words,
    question_digest=hexes,
    answer_digest=hexes,
    content_digest=hexes,
    created=st.integers(1, 2**42),
    modified=st.integers(1, 2**33 - 1),
    kind=st.sampled_from([KindName("basic"), KindName("cloze"), KindName("a-later-kind")]),
    removed=st.none() | st.integers(1, 2**33 - 1),
    clozes=st.lists(st.builds(ClozeNumber, st.text(), st.integers(1, 500), st.booleans()), max_size=3).map(tuple),
    place=st.none() | st.integers(-(2**52), 2**52),
)
locks = st.lists(identities, unique_by=lambda identity: identity.guid).map(
    lambda found: Lock(SourceId("0123456789ab"), {identity.guid: identity for identity in found})
)
styles = st.none() | st.builds(Style, hexes, st.integers(1, 2**33 - 1))


@given(lock=st.builds(replace, locks, style=styles))
def test_what_is_written_to_the_lock_is_read_back(tmp_path_factory: pytest.TempPathFactory, lock: Lock) -> None:
    path = tmp_path_factory.mktemp("lock") / LOCK_NAME
    write_lock(path, lock)
    assert read_lock(path) == lock


@given(lock=locks)
def test_a_lock_has_one_line_for_each_note_in_an_order_of_its_own(lock: Lock) -> None:
    backwards = Lock(lock.source_id, dict(reversed(list(lock.identities.items()))))
    assert format_lock(lock) == format_lock(backwards)
    assert sum(line.count("\t") == 14 for line in format_lock(lock).split("\n")) == len(lock.identities)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version\t2", "version\t4", ":2: written by a newer ankigen (version 4): update ankigen"),
        (
            "[00]",
            "<<<<<<< HEAD",
            ":4: a merge conflict: keep the lines of both sides and delete the marker lines, then build again",
        ),
        ("[00]", "nonsense", ":4: this line is damaged: restore the file from your last commit"),
        ("source\t", "# ", ":3: this line is damaged: restore the file from your last commit"),
        ("[ff]\n", "", ":260: lines are missing above this one: restore the file from your last commit"),
    ],
)
def test_a_damaged_lock_is_refused_and_never_overwritten(tmp_path: Path, old: str, new: str, message: str) -> None:
    notes = write(tmp_path, a="- Q #card\n\t- A\n")
    build(notes, tmp_path / "a.apkg")
    lock = notes / LOCK_NAME
    lock.write_text(lock.read_text().replace(old, new, 1))
    damaged = lock.read_bytes()
    with pytest.raises(BrokenLock) as refusal:
        build(notes, tmp_path / "b.apkg")
    assert str(refusal.value) == f"{lock}{message}"
    assert lock.read_bytes() == damaged
    assert not (tmp_path / "b.apkg").exists()


def test_a_lock_that_a_merge_left_with_both_sides_keeps_the_newer_line(tmp_path: Path) -> None:
    notes = write(tmp_path, a="- Q #card\n\t- A\n")
    first = build(notes, tmp_path / "a.apkg")
    ours = format_lock(first.lock)
    later = {guid: replace(known, modified=known.modified + 7) for guid, known in first.lock.identities.items()}
    theirs = format_lock(replace(first.lock, identities=later))
    both = "".join(dict.fromkeys([*ours.splitlines(keepends=True), *theirs.splitlines(keepends=True)]))
    (notes / LOCK_NAME).write_text(both)
    assert [note.identity.modified for note in load(notes, NOON).notes] == [NOON // 1000 + 7]
