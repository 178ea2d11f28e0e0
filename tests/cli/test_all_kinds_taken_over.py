"""All kinds of cards through a lost lock, another set's `id::`, and adoption: no note twice, no review lost."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankigen.cli import app
from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import add, live, note_type, tags_of
from tests.helpers.own_types import PERRO, write_type
from tests.helpers.syncing import Reader

LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="200"><rect width="260" height="200"/></svg>'
KINDS = """\
- What bends light? #card
\t- A lens made of glass
- Which of these are noble gases? #card #choice
\t- [x] neon
\t- [ ] nitrogen
\t- [x] argon
- Name the parts of a leaf. #card
  ![](leaf.svg)
\t- blade
\t  area:: 12 20 30 10
\t- midrib
\t  area:: ellipse 50 50 10 6
- le chat noir #card
  speak:: fr_FR
  hint:: an animal
\t- the black cat
- 漢字[かんじ] #card
  furigana:: true
\t- signs of writing
- Force is {{cloze mass}} times {{cloze acceleration}} #card
"""
TYPES = Counter({"ankigen Basic": 4, "ankigen Image Occlusion": 1, "ankigen Cloze": 1, "Vocabulary": 1})


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    return Desk(tmp_path, server)


def all_kinds(folder: Path, text: str = KINDS + PERRO) -> Path:
    write_type(folder)
    (folder / "leaf.svg").write_text(LEAF, "utf-8")
    return write(folder, page=text)


def types_in(desk: Desk) -> Counter[str]:
    collection = desk.server.collection
    notes = [collection.get_note(id) for id in collection.find_notes("")]
    return Counter(str(note.note_type()["name"]) for note in notes)  # type: ignore[index]


def reviews_in(desk: Desk) -> list[tuple[int, int, int]]:
    collection = desk.server.collection
    cards = [collection.get_card(id) for id in collection.find_cards("")]
    return sorted((int(card.nid), card.ord, card.reps) for card in cards if card.reps)


def review_all(desk: Desk) -> list[tuple[int, int, int]]:
    collection = desk.server.collection
    for id in collection.find_notes(""):
        Reader(collection).review(collection.get_note(id)["Guid"])
    return reviews_in(desk)


def in_step(desk: Desk, folder: str) -> bool:
    done = desk.run("sync", folder)
    return (done.returncode, done.stdout, done.stderr) == (ExitCode.DONE, "nothing to do\n", "")


def test_with_a_lost_lock_all_kinds_are_taken_over(desk: Desk) -> None:
    all_kinds(desk.notes)
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    assert types_in(desk) == TYPES
    reviews = review_all(desk)
    (desk.notes / LOCK_NAME).unlink()
    shutil.rmtree(desk.home)
    refused = desk.run("sync", "notes", "--yes")
    assert refused.returncode == ExitCode.PROTECTED, refused
    assert (types_in(desk), reviews_in(desk)) == (TYPES, reviews)
    done = desk.run("sync", "notes", "--yes", "--adopt")
    assert done.returncode == ExitCode.DONE, done
    assert (types_in(desk), reviews_in(desk)) == (TYPES, reviews)
    assert in_step(desk, "notes")
    all_kinds(desk.notes, KINDS + PERRO + PERRO.replace("perro", "can"))
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    assert types_in(desk) == TYPES + Counter(["Vocabulary"])
    assert in_step(desk, "notes")


def test_cards_of_all_kinds_that_moved_to_another_set_are_taken_over_by_their_id(desk: Desk) -> None:
    all_kinds(desk.notes)
    assert CliRunner().invoke(app, ["stamp", str(desk.notes)], env=desk.homes).exit_code == ExitCode.DONE
    text = (desk.notes / "page.md").read_text("utf-8")
    assert text.count("id:: ") == TYPES.total()
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    reviews = review_all(desk)
    all_kinds(desk.folder / "other", text)
    write(desk.notes, page="- Another? #card\n\t- Yes\n")
    refused = desk.run("sync", "other", "--yes")
    assert types_in(desk) == TYPES, refused
    done = desk.run("sync", "other", "--yes", "--adopt")
    assert done.returncode == ExitCode.DONE, done
    assert (types_in(desk), reviews_in(desk)) == (TYPES, reviews)
    assert in_step(desk, "other")


def by_hand(desk: Desk) -> None:
    """Notes of the same words, as a person made them."""
    collection = desk.server.collection
    note_type(collection, "Mine", ["Front", "Back"])
    note_type(collection, "My cloze", ["Text", "Back Extra"], cloze=True)
    for front, back in (
        ("What bends light?", "A lens made of glass"), ("le chat noir", "the black cat"), ("perro", "dog"),
        ("Name the parts of a leaf.", "blade, midrib"), ("Which of these are noble gases?", "neon, argon"),
    ):  # fmt: skip
        add(collection, "Mine", {"Front": front, "Back": back})
    add(collection, "My cloze", {"Text": "Force is {{c1::mass}} times {{c2::acceleration}}"})
    live(collection)


def test_notes_made_by_hand_are_adopted_whatever_kind_their_cards_are_and_the_others_are_made(desk: Desk) -> None:
    all_kinds(desk.notes)
    by_hand(desk)
    reviews, tags = reviews_in(desk), tags_of(desk.server.collection)
    assert "4 notes to adopt, 0 left alone" in desk.invoke("adopt", "--plan").output
    done = desk.invoke("adopt", answer="y\ny\n")
    assert (done.exit_code, "4 notes adopted" in done.output) == (ExitCode.DONE, True), done.output
    assert types_in(desk) == Counter({"ankigen Basic": 2, "ankigen Cloze": 1, "Vocabulary": 1, "Mine": 2})
    assert "nothing to adopt" in desk.invoke("adopt", "--plan").output
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    assert types_in(desk) == TYPES + Counter(Mine=2)
    assert reviews_in(desk) == reviews
    assert tags_of(desk.server.collection).items() >= tags.items()


def drawn() -> str:
    """What logseq-anki-sync writes of two areas, which it gave the numbers 3 and 1."""
    element = {"left": 130, "top": 100, "width": 52, "height": 20, "angle": 0, "cId": 3}
    said = {"leaf.svg": {"config": {}, "elements": [element, {**element, "left": 40, "cId": 1}]}}
    return base64.b64encode(json.dumps(said).encode()).decode()


def test_notes_with_the_marks_of_a_plugin_are_adopted_as_all_kinds_but_hidden_parts_of_pictures(desk: Desk) -> None:
    area = "\t- blade\n\t  area:: 12 20 30 10\n\t- midrib\n\t  area:: ellipse 50 50 10 6\n"
    text = KINDS.replace(f"  ![](leaf.svg)\n{area}", f"  ![](leaf.svg)\n  occlusion:: {drawn()}\n")
    assert text != KINDS
    all_kinds(desk.notes, text + PERRO)
    assert CliRunner().invoke(app, ["stamp", str(desk.notes)], env=desk.homes).exit_code == ExitCode.DONE
    (desk.notes / LOCK_NAME).unlink(missing_ok=True)
    ids = re.findall(r"\bid:: (\S+)", (desk.notes / "page.md").read_text("utf-8"))
    kinds = ["multiline_card", "multiline_card", "image_occlusion", *["multiline_card"] * 2, "cloze", "multiline_card"]
    texts = {
        "multiline_card": "{{c1::Question}} <ul>Answer</ul>", "cloze": "{{c1::mass}} {{c2::acceleration}}",
        "image_occlusion": "{{c1::}} {{c3::}}",
    }  # fmt: skip
    collection = desk.server.collection
    note_type(collection, "My_GraphModel", ["uuid-type", "uuid", "Text", "Extra"], cloze=True)
    for uuid, kind in zip(ids, kinds, strict=True):
        add(collection, "My_GraphModel", {"uuid-type": f"{uuid}-{kind}", "uuid": uuid, "Text": texts[kind]})
    live(collection)
    reviews = reviews_in(desk)
    done = desk.invoke("adopt", answer="y\ny\n")
    assert (done.exit_code, "6 notes adopted" in done.output) == (ExitCode.DONE, True), done.output
    assert types_in(desk) == TYPES - Counter(["ankigen Image Occlusion"]) + Counter(["My_GraphModel"])
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    assert types_in(desk) == TYPES + Counter(["My_GraphModel"])
    assert reviews_in(desk) == reviews
    assert desk.run("plan", "notes", "--exit-code").returncode == ExitCode.DONE
