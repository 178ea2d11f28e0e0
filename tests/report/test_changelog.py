"""What the release notes of decks say to their readers."""

from __future__ import annotations

import pytest

from ankigen.data import ChangedNote, Changelog, DeckChanges, Guid, Identity, KindName
from ankigen.report import changelog_text

HOW_TO_IMPORT = """\
### How to import

Open the package in Anki, and leave the boxes as they are. When the next one comes, import it over this one: \
your reviews stay. Mark cards with flags rather than tags: a note that you tag or edit may miss corrections."""


def changed(*notes: ChangedNote, gone: tuple[str, ...] = ()) -> list[str]:
    changes = DeckChanges("Physics", (), notes)
    return changelog_text(Changelog("v1", (changes,), (), tuple(map(Guid, gone)))).splitlines()


def items(*notes: ChangedNote) -> list[str]:
    return [line for line in changed(*notes) if line.startswith("- changed")]


def removed(guid: str) -> Identity:
    return Identity(Guid(guid), None, KindName("basic"), "page", 0, "Why?", "", "", "", 1, 1, 2)


@pytest.mark.parametrize(
    ("note", "line"),
    [
        (ChangedNote("Why?", "Why?"), "- changed: `Why?`"),
        (ChangedNote("Why?", "Why not?"), "- changed: `Why?` → `Why not?`"),
        (ChangedNote("a `b`", "a ``c``"), "- changed: `` a `b` `` → ``` a ``c`` ```"),
        (
            ChangedNote("A lens", "A lens", KindName("cloze")),
            "- changed: `A lens` (now a cloze card: an import leaves the old one as it is)",
        ),
    ],
)
def test_a_changed_note_shows_its_question_as_it_was_and_is(note: ChangedNote, line: str) -> None:
    assert items(note) == [line]


def test_the_first_release_says_how_to_import() -> None:
    shown = changelog_text(Changelog(None, (DeckChanges("A", ("Why?",), ()),), ()))
    assert shown.endswith(f"\n- added: `Why?`\n\n{HOW_TO_IMPORT}")


def test_a_reader_who_left_out_a_release_finds_what_went_in_it_too() -> None:
    lines = changed(ChangedNote("a", "b"), gone=("0a", "1b"))
    assert lines[-4:] == [lines[-4], "```", '"Guid:re:^(0a|1b)$"', "```"]
    assert changed(ChangedNote("a", "b"))[-1].startswith('- "Update notes: Always"')


def test_a_search_that_no_release_notes_have_room_for_is_left_out() -> None:
    lines = changed(ChangedNote("a", "b"), gone=tuple(f"{number:020x}" for number in range(1000)))
    assert lines[-1].startswith("An import deletes nothing. Those")
    assert len(max(changed(ChangedNote("a", "b"), gone=tuple(map(str, range(1000)))), key=len)) > 3000


def test_without_a_change_nobody_is_told_how_to_update() -> None:
    shown = changelog_text(Changelog("v1", (), (), (Guid("0a"),)))
    assert shown == "## Deck changes since `v1`\n\nNo note was added, changed or removed."


def test_removed_notes_alone_are_a_change() -> None:
    shown = changelog_text(Changelog("v1", (), (removed("0a"),), (Guid("0a"),)))
    assert "- removed: `Why?`\n\n### How to update\n" in shown


def test_a_question_with_backticks_stays_code() -> None:
    shown = changelog_text(Changelog("v1", (DeckChanges("A", ("`a` and ``b``",), ()),), ()))
    assert "- added: ``` `a` and ``b`` ```" in shown


def test_a_long_list_of_changes_is_cut() -> None:
    shown = changelog_text(Changelog("v1", (DeckChanges("A", tuple(map(str, range(52))), ()),), ()))
    assert [line for line in shown.splitlines() if line.startswith("- added")][-2:] == [
        "- added: `49`",
        "- added: 2 more notes",
    ]
