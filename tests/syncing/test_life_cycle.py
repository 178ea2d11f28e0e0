"""What becomes of three reviewed notes, one step after the other: the row of ankigen in the table of docs/sync.md.

The other rows are what the same steps did with other tools when they were tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.notes import Note

from ankigen.errors import ExitCode
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.documents import ROOT

FIRST = "- First? #card\n\t- a lens of glass\n"
SECOND = "- Second? #card\n\t- a prism that parts the colours\n"
THIRD = "- Third? #card\n\t- a mirror without a stain\n"
NEW = "- New? #card\n\t- a candle in the dark\n"


class Life:
    """Three notes, each reviewed once, and a note of the reader's own in their deck."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.collection = desk.server.collection
        self.sync(FIRST + SECOND + THIRD)
        basic = self.collection.models.by_name("Basic")
        deck = self.collection.decks.id_for_name("page")
        assert basic is not None
        assert deck is not None
        own = self.collection.new_note(basic)
        own["Front"] = "Mine?"
        self.collection.add_note(own, deck)
        for card in map(self.collection.get_card, self.collection.find_cards("deck:page")):
            card.reps = 1
            self.collection.update_card(card)

    def sync(self, page: str, *options: str, **pages: str) -> str:
        write(self.desk.notes, page=page, **pages)
        done = self.desk.invoke("sync", "--yes", *options)
        assert done.exit_code == ExitCode.DONE, done.output
        return done.output

    def note(self, front: str) -> Note:
        (id_,) = self.collection.find_notes(f'"Front:{front}"')
        return self.collection.get_note(id_)

    def reviews(self) -> dict[str, int]:
        notes = map(self.collection.get_note, self.collection.find_notes(""))
        return {one["Front"]: one.cards()[0].reps for one in notes}

    def history(self, **expected: int) -> str:
        """`kept` if each question has the reviews that it should have, and there is no other note."""
        found = {front.removesuffix("?"): reviews for front, reviews in self.reviews().items()}
        return "kept" if found == expected | {"Mine": 1} else f"lost: {found}"

    def reword(self) -> str:
        self.sync(FIRST + SECOND.replace("Second?", "Another?") + THIRD)
        return self.history(First=1, Another=1, Third=1)

    def edit_in_anki(self) -> str:
        note = self.note("First?")
        note["Back"] = "better"
        self.collection.update_note(note)
        shown = self.sync(FIRST + SECOND + THIRD, "--prefer", "notes")
        assert self.note("First?")["Back"] == "better"
        return "kept, listed" if "First?: edited in Anki, kept" in shown else "kept"

    def tag_in_anki(self) -> str:
        self.collection.tags.bulk_add([self.note("First?").id], "mine")
        self.sync(FIRST.replace("#card", "#card #ours") + SECOND + THIRD)
        return "kept" if self.note("First?").tags == ["mine", "ours"] else "lost"

    def insert_on_top(self) -> str:
        self.sync(NEW + FIRST + SECOND + THIRD)
        return self.history(New=0, First=1, Second=1, Third=1)

    def move(self) -> str:
        self.sync(NEW + FIRST + SECOND, other=THIRD)
        deck = self.collection.decks.name(self.note("Third?").cards()[0].did)
        return f"{self.history(New=0, First=1, Second=1, Third=1)}, deck {'follows' if deck == 'other' else 'stays'}"

    def delete(self) -> str:
        self.sync(NEW + FIRST, other=THIRD)
        assert self.history(New=0, First=1, Second=1, Third=1) == "kept"
        resting = [
            self.collection.get_card(card).note()["Front"] for card in self.collection.find_cards("is:suspended")
        ]
        assert resting == ["Second?"]
        self.sync(NEW + FIRST, "--delete", other=THIRD)
        assert self.history(New=0, First=1, Third=1) == "kept"
        return "suspended; deleted with `--delete`"


@pytest.fixture(params=["running", pytest.param("closed", marks=pytest.mark.thorough)])
def life(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Life]:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield Life(Desk(tmp_path, server, is_closed=request.param == "closed"))


def test_the_row_of_ankigen_is_what_happens(life: Life) -> None:
    steps = (life.reword, life.edit_in_anki, life.tag_in_anki, life.insert_on_top, life.move, life.delete)
    row = f"| ankigen | {' | '.join([step() for step in steps])} |"
    assert row in (ROOT / "docs/sync.md").read_text("utf-8").splitlines()
