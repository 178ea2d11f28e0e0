"""Whatever notes there are here and in Anki, an adoption changes no card, no review and no GUID, and is done once."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import Collection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankigen import api
from ankigen.errors import ExitCode
from ankigen.identity import read_lock
from ankigen.support.guids import held_guid
from tests.helpers.anki_library import import_package
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import add, live, note_type, tags_of, witness

pytestmark = pytest.mark.thorough

ODD = "!#$%&()*+,-./:;<=>?@[]^_`{|}~\"'\\ äaA1"
"""What stands in GUIDs of Anki's and of other programs', beside letters and digits."""


@dataclass(frozen=True)
class Foreign:
    """A note in Anki: its type, its words, its GUID."""

    type: str
    asked: str
    answered: str
    guid: str


@dataclass(frozen=True)
class Here:
    """A card in the notes; `mark` is how another tool wrote the id of the note of this number, if there is one."""

    kind: str
    asked: str
    answered: str
    mark: str
    of: int


TYPES = {"Basic of theirs": 1, "Both": 2, "Five": 5, "Cloze of theirs": 1}
ASKED = st.sampled_from(["dog", "cat", "the sun shines", "Dog!", "what bends light?"])
ANSWERED = st.sampled_from(["Hund", "Katze", "it is made of glass and sand", "a star"])
GUIDS = st.one_of(st.text("abAB1", min_size=4, max_size=6), st.text(ODD, min_size=1, max_size=10))
FOREIGN = st.builds(Foreign, st.sampled_from([*TYPES]), ASKED, ANSWERED, GUIDS)
MARKS = {"": "", "comment": "\n\t<!--ID: {}-->", "caret": " ^{}", "line": "\n\tID: {}"}
HERE = st.builds(
    Here, st.sampled_from(["basic", "both", "cloze"]), ASKED, ANSWERED, st.sampled_from([*MARKS]), st.integers(0, 4)
)
OPTIONS = st.sets(st.sampled_from(["--drop-cards", "--keep-extra", "--move", "--clean"]))


def fill(collection: Collection, foreign: Sequence[Foreign]) -> list[int]:
    for name, cards in TYPES.items():
        note_type(collection, name, ["Front", "Back", "Hint"], cards=cards, cloze=name.startswith("Cloze"))
    ids = []
    for number, note in enumerate(foreign):
        asked = f"a {{{{c3::{note.asked}}}}} or {{{{c1::{number}}}}}" if note.type.startswith("Cloze") else note.asked
        fields = {"Front": asked, "Back": note.answered, "Hint": f"hint {number}" if number % 2 else ""}
        ids.append(add(collection, note.type, fields, ["mine", f"n{number}"]))
        assert collection.db is not None
        collection.db.execute("update notes set guid = ? where id = ?", note.guid, ids[-1])
    live(collection)
    return ids


def page_of(cards: Sequence[Here], ids: Sequence[int]) -> str:
    page = ""
    for card in cards:
        mark = MARKS[card.mark].format(ids[card.of]) if card.of < len(ids) else ""
        if card.kind == "cloze":
            page += f"- a {{{{cloze {card.asked}}}}} or {{{{cloze {card.of}}}}} #card{mark}\n"
        else:
            page += (
                f"- {card.asked} #card{' #bidirectional' if card.kind == 'both' else ''}\n\t- {card.answered}{mark}\n"
            )
    return page


@given(st.lists(FOREIGN, min_size=1, max_size=5), st.lists(HERE, min_size=1, max_size=6), OPTIONS)
@settings(
    max_examples=int(os.environ.get("ANKIGEN_TEST_EXAMPLES", "10")),
    deadline=None,
    derandomize="ANKIGEN_TEST_EXAMPLES" not in os.environ,
)
@example(
    [Foreign("Five", "dog", "Hund", g) for g in ("aaaa", "AAAA")], [Here("basic", "dog", "Hund", "caret", 1)], set()
)
def test_an_adoption_changes_no_card_no_review_no_guid_and_is_done_once(
    foreign: list[Foreign], cards: list[Here], options: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "anki").mkdir()
        with running(folder / "anki") as server:
            desk, collection = Desk(folder, server), server.collection
            ids = fill(collection, foreign)
            write(desk.notes, page=page_of(cards, ids))
            before, tags = witness(collection), tags_of(collection)

            done = desk.invoke("adopt", *options, answer="y\n" * 9)
            assert done.exit_code == ExitCode.DONE, (done.output, done.exception)
            after = witness(collection)
            assert [row for row in after["cards"] if row in before["cards"]] == before["cards"]
            assert {key: after[key] for key in ("reviews", "guids", "schema")} == {
                key: before[key] for key in ("reviews", "guids", "schema")
            }
            assert all(tags[id_] <= now for id_, now in tags_of(collection).items()), "the reader's tags stay"

            adopted = [collection.get_note(id_) for id_ in collection.find_notes("Guid:_*")]
            lock = read_lock(desk.notes / "ankigen.lock")
            known = {held_guid(guid) for guid in lock.identities} if lock else set()
            assert {note.guid for note in adopted} <= known
            assert len({note.guid for note in adopted}) == len(adopted), "one to one"

            again = desk.invoke("adopt", *options, answer="y\n" * 9)
            assert again.stdout.endswith("nothing to adopt\n") or "\n0 notes to adopt" in f"\n{again.stdout}"
            plan = json.loads(desk.invoke("plan", "--json").stdout)
            allowed_by = {"--clean": {"changed"}, "--move": {"moved"}}
            allowed = {"new"}.union(*(allowed_by.get(option, set()) for option in options))
            assert {change["kind"] for change in plan["changes"]} <= allowed, plan
            api.build(api.load(desk.notes), folder / "own.apkg")
            import_package(collection, folder / "own.apkg")
            last = witness(collection)
            assert [row[:4] for row in last["cards"] if row in before["cards"]] == [row[:4] for row in before["cards"]]
            assert last["reviews"] == before["reviews"]


def test_guids_with_any_letter_go_through_lock_package_and_sync(tmp_path: Path) -> None:
    guids = {f"word {number}": f"{letter}x{letter}" for number, letter in enumerate(ODD)}
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        desk, collection = Desk(tmp_path, server), server.collection
        fill(collection, [Foreign("Basic of theirs", asked, "Hund", guid) for asked, guid in guids.items()])
        _write(desk, guids, "Hund")
        assert desk.invoke("adopt", "--yes").exit_code == ExitCode.DONE
        _write(desk, guids, "der Hund")
        assert f"{len(guids)} changed" in desk.invoke("sync", "--yes").stdout
        _write(desk, guids, "ein Hund")
        assert f"{len(guids)} changed" in desk.invoke("sync", "--yes").stdout
        log = import_package(collection, api.build(api.load(desk.notes), tmp_path / "own.apkg").packages[0])
        assert (len(log.new), len(log.conflicting)) == (0, 0)
        notes = [collection.get_note(id_) for id_ in collection.find_notes("")]
        assert {(note["Front"], note["Back"], note.guid) for note in notes} == {
            (asked, "ein Hund", guid) for asked, guid in guids.items()
        }


def _write(desk: Desk, asked: Iterable[str], answer: str) -> None:
    write(desk.notes, page="".join(f"- {word} #card\n\t- {answer}\n" for word in asked))
