"""`ankigen adopt` over Anki's own library: notes as other tools leave them become ankigen's, and no card changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from ankigen import api
from ankigen.errors import ExitCode
from ankigen.identity import read_lock
from ankigen.support.guids import held_guid
from tests.helpers.anki_library import import_package
from tests.helpers.anki_server import AnkiServer, Fault, running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import DECK, add, live, note_type, witness

COUNT = 12
UUID = "6f000000-0000-4000-8000-0000000000{:02}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AnkiServer]:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    return Desk(tmp_path, server)


# The makers: each puts its notes into a collection, and returns the page that they were made from.


def logseq_anki_sync(collection: Collection) -> str:
    """Always Cloze: both directions of a block are c1 and c2; the numbers of clozes may have gaps."""
    note_type(collection, "My_GraphModel", ["uuid-type", "uuid", "Text", "Extra", "Breadcrumb", "Config"], cloze=True)
    page = ""
    for n in range(COUNT):
        uuid = UUID.format(n)
        if n % 3 == 0:
            kind, text = "multiline_card", f"{{{{c2::Question {n}}}}} <ul>{{{{c1::Answer {n}}}}}</ul>"
            page += f"- Question {n} #card #bidirectional\n  id:: {uuid}\n\t- Answer {n}\n"
        elif n % 3 == 1:
            kind, text = "cloze", f"The {{{{c7::sun {n}}}}} is a {{{{c3::star {n}}}}}"
            page += f"- The {{{{cloze sun {n}}}}} is a {{{{cloze star {n}}}}} #card\n  id:: {uuid}\n"
        else:
            kind, text = "cloze", f"{{{{c1::one {n}}}}} {{{{c3::two {n}}}}} {{{{c4::three {n}}}}}"
            page += f"- {{{{cloze one {n}}}}} {{{{cloze two {n}}}}} {{{{cloze three {n}}}}} #card\n  id:: {uuid}\n"
        fields = {"uuid-type": f"{uuid}-{kind}", "uuid": uuid, "Text": text, "Breadcrumb": "<a>page</a>"}
        add(collection, "My_GraphModel", fields, ["mine"])
    return page


def obsidian_to_anki(collection: Collection) -> str:
    note_type(collection, "Obs", ["Front", "Back"])
    ids = [
        add(collection, "Obs", {"Front": f"<p>Q{n}</p>", "Back": f"Of old {n}"}, ["Obsidian_to_Anki", "mine"])
        for n in range(COUNT)
    ]
    return "".join(
        f"- Q{n} said anew #card\n\t- Reworded {n}\n\t  " + (f"<!--ID: {id_}-->\n" if n % 2 else f"ID: {id_}\n")
        for n, id_ in enumerate(ids)
    )


def flashcards_obsidian(collection: Collection) -> str:
    note_type(collection, "Obsidian-basic", ["Front", "Back", "Source"])
    note_type(collection, "Obsidian-cloze", ["Text", "Extra", "Source"], cloze=True)
    page = ""
    for n in range(COUNT):
        if n % 2:
            id_ = add(collection, "Obsidian-basic", {"Front": f"Q{n}", "Back": f"A{n}"}, ["obsidian"])
            page += f"- Q{n} #card\n\t- A{n}\n\n^{id_}\n\n"
        else:
            id_ = add(collection, "Obsidian-cloze", {"Text": f"A {{{{c2::dog {n}}}}} barks"}, ["obsidian"])
            page += f"- A {{{{cloze dog {n}}}}} barks #card\n\n^{id_}\n\n"
    return page


def inka(collection: Collection) -> str:
    note_type(collection, "Basic (and reversed)", ["Front", "Back"], cards=2)
    ids = [add(collection, "Basic (and reversed)", {"Front": f"Q{n}", "Back": f"A{n}"}) for n in range(COUNT)]
    return "".join(f"<!--ID:{id_}-->\n- Q{n} #card #bidirectional\n\t- A{n}\n" for n, id_ in enumerate(ids))


def ankiops(collection: Collection) -> str:
    note_type(collection, "AnkiOpsQA", ["Question", "Answer", "AnkiOps Key"])
    for n in range(COUNT):
        add(collection, "AnkiOpsQA", {"Question": f"Q{n}", "Answer": f"Old {n}", "AnkiOps Key": f"a1b2-{n}"})
    return "".join(f"<!-- note_key: a1b2-{n} -->\n- Q{n} #card\n\t- New {n}\n" for n in range(COUNT))


def mdanki(collection: Collection) -> str:
    note_type(collection, "mdanki", ["Front", "Back", "Tags"])
    for n in range(COUNT):
        add(collection, "mdanki", {"Front": f"<h2>What&nbsp;is {n}?</h2>\n", "Back": f"<div>It is <b>n</b> {n}</div>"})
    return "".join(f"- What is {n}? #card\n\t- It is **n** {n}\n" for n in range(COUNT))


def by_hand(collection: Collection) -> str:
    """Clozes with the numbers 7 and 3, a formula in another spelling, and a five of the reader's own."""
    note_type(collection, "My cloze", ["Text", "Back Extra"], cloze=True)
    page = ""
    for n in range(COUNT):
        add(collection, "My cloze", {"Text": f"[$]x^{n}[/$] by {{{{c7::sun {n}::hint}}}}, {{{{c3::star}}}}"})
        page += f"- $x^{n}$ by {{{{cloze sun {n}}}}}, {{{{cloze star}}}} #card\n"
    return page


MAKERS = (logseq_anki_sync, obsidian_to_anki, flashcards_obsidian, inka, ankiops, mdanki, by_hand)
Maker = Callable[[Collection], str]


def adopted_guids(desk: Desk) -> set[str]:
    lock = read_lock(desk.notes / "ankigen.lock")
    assert lock is not None
    return {held_guid(guid) for guid in lock.identities}


@pytest.mark.parametrize("maker", MAKERS)
def test_notes_of_another_tool_become_ankigens_and_no_card_changes(
    desk: Desk, server: AnkiServer, maker: Maker, tmp_path: Path
) -> None:
    collection = server.collection
    write(desk.notes, page=maker(collection))
    live(collection)
    before = witness(collection)
    is_reworded = maker in {obsidian_to_anki, ankiops}

    shown = desk.invoke("adopt", "--plan")
    assert shown.exit_code == ExitCode.DONE, shown.output
    assert f"{COUNT} notes to adopt, 0 left alone" in shown.stdout, shown.stdout
    assert witness(collection) == before
    assert not (desk.notes / "ankigen.lock").exists()

    done = desk.invoke("adopt", answer="y\ny\n") if is_reworded else desk.invoke("adopt", "--yes")
    assert done.exit_code == ExitCode.DONE, done.output
    assert f"{COUNT} notes adopted" in done.stderr
    assert witness(collection) == before
    assert adopted_guids(desk) == {guid for _, guid in before["guids"]}
    assert {note["modelName"] for note in server.actions.notesInfo(query="")} <= {"ankigen Basic", "ankigen Cloze"}
    assert all("mine" in note["tags"] for note in server.actions.notesInfo(query="tag:mine"))

    again = desk.invoke("adopt", "--yes")
    assert again.stdout == "nothing to adopt\n", again.output
    plan = desk.invoke("plan", "--exit-code")
    assert plan.exit_code == ExitCode.DONE, plan.output
    assert plan.stdout.endswith("nothing to do\n")
    assert DECK in plan.stdout, "the cards stay where they are, and sync says so"
    api.build(api.load(desk.notes), tmp_path / "own.apkg")
    log = import_package(collection, tmp_path / "own.apkg")
    assert (len(log.new), len(log.conflicting)) == (0, 0)
    report, is_fine = collection.fix_integrity()
    assert is_fine, report
    after = witness(collection)
    assert {key: after[key] for key in ("cards", "reviews", "guids")} == {
        key: before[key] for key in ("cards", "reviews", "guids")
    }
