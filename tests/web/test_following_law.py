"""What follows the notes shows what a new process would read: after whatever was done to them, and always."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankigen import api
from ankigen.errors import AnkigenError
from ankigen.preview import Change, Snapshot
from ankigen.support.structs import from_json, to_json
from tests.helpers.building import NOON, named, write
from tests.helpers.own_types import PERRO, write_type
from tests.web.edits import BLOCKS, DECK, PICTURES, Edit, add, configure, draw, edits, style

MINUTE = 60


def fresh(notes: Path) -> Snapshot | str:
    """What a new process reads, or why it cannot."""
    try:
        return api.snapshot_of(api.load(notes))
    except AnkigenError as failure:
        return str(failure)


def taken(shown: dict[str, Any], change: Change) -> dict[str, Any]:
    """What a page that shows one revision makes of a change: the cards of pages are replaced, no others are touched."""
    plain = from_json(dict, to_json(change))
    pages: dict[str, list[Any]] = {}
    for card in shown["cards"]:
        pages.setdefault(card["path"], []).append(card)
    order = list(pages) if plain["order"] is None else plain["order"]
    assert plain["before"] == shown["revision"]
    cards = [card for path in order for card in plain["pages"].get(path, pages.get(path))]
    problems = shown["problems"] if plain["problems"] is None else plain["problems"]
    return {"revision": plain["revision"], "name": shown["name"], "cards": cards, "problems": problems}


def plain(snapshot: Snapshot) -> dict[str, Any]:
    """All that the page is given, as it is given."""
    found: dict[str, Any] = from_json(dict, to_json(snapshot.preview))
    return found


def build(notes: Path) -> None:
    """Build, if that is possible: from then on the lock file knows the notes."""
    anew = fresh(notes)
    if isinstance(anew, Snapshot) and anew.desired.notes and not anew.desired.errors:
        api.build(anew.desired, notes.parent / "all.apkg")


def begin(notes: Path, first: list[str]) -> None:
    """Notes in which most that can be changed is shown by a card."""
    write(named(notes), a="".join(first), b=PERRO + DECK + DECK.replace("Which", "Whose"), Other=BLOCKS[3])
    write_type(notes)
    (notes / "style.css").write_text(".card { color: green; }\n")
    (notes / "ankigen.toml").write_text('css = "style.css"\n')
    (notes / "a.png").write_bytes(PICTURES[0] or b"")


class Followed:
    """What a process that follows notes shows of them, and what a page that was told of each change shows."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes
        self.rereading = api.Rereading()
        self.shown = self.rereading.snapshot(api.snapshot_of(api.load(notes)))  # from now on there is what to remember
        self.page = plain(self.shown)

    def require_current(self) -> None:
        """Read the notes again, and compare all with what a new process reads."""
        expected = fresh(self.notes)
        if isinstance(expected, str):
            with pytest.raises(AnkigenError) as caught:
                self.rereading.snapshot(self.shown)
            assert str(caught.value) == expected
            return
        following = self.rereading.snapshot(self.shown)
        assert following.desired == expected.desired
        assert plain(following) == plain(expected)
        self.page = taken(self.page, following.change_since(self.shown))
        assert self.page == plain(expected)
        self.shown = following


steps = st.lists(st.tuples(edits, st.sampled_from([False] * 4 + [True])), min_size=1, max_size=8)
"""What is done to the notes, and whether they are built before they are looked at."""


OTHER_DECK = DECK.replace("physics::optics", "Physics::Optics")


@settings(max_examples=settings().max_examples // 10)  # each reads a folder several times
@example(first=[], is_built=True, steps=[(add("a.md", OTHER_DECK), False)])
@example(
    first=[], is_built=True, steps=[(style(".card { color: red; }"), False), (draw(None), False), (draw(b"2"), False)]
)
@example(first=[DECK], is_built=False, steps=[(add("b.md", ""), True), (configure("order = 1\n"), False)])
@given(first=st.lists(st.sampled_from(BLOCKS), max_size=4), is_built=st.booleans(), steps=steps)
def test_what_follows_the_notes_is_what_a_new_process_reads(
    first: list[str], is_built: bool, steps: list[tuple[Edit, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        now = NOON // 1000
        patch.setenv("SOURCE_DATE_EPOCH", str(now))
        notes = Path(folder) / "notes"
        notes.mkdir()
        begin(notes, first)
        if is_built:
            build(notes)
        followed = Followed(notes)
        for edit, is_built_now in steps:
            now += MINUTE
            patch.setenv("SOURCE_DATE_EPOCH", str(now))
            edit(notes)
            if is_built_now:
                build(notes)
            followed.require_current()


NEW_PROCESS = """
import sys
from ankigen import api
from ankigen.support.structs import to_json
sys.stdout.buffer.write(to_json(api.snapshot_of(api.load(sys.argv[1])).preview))
"""


@pytest.mark.thorough
def test_so_it_is_beside_a_process_that_is_really_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOON // 1000))
    notes = write(named(tmp_path), a="".join(BLOCKS[:6]), Other=BLOCKS[7])
    followed = Followed(notes)
    for name, text in (("a", BLOCKS[1]), ("b", BLOCKS[0] + BLOCKS[4]), ("Other", BLOCKS[6]), ("a", BLOCKS[7])):
        write(notes, **{name: text})
        followed.require_current()
        code = (
            "import sys; from ankigen import api; from ankigen.support.structs import to_json; "
            "sys.stdout.buffer.write(to_json(api.snapshot_of(api.load(sys.argv[1])).preview))"
        )
        new = subprocess.run([sys.executable, "-c", code, notes], capture_output=True, check=True).stdout
        assert from_json(dict, new) == followed.page
