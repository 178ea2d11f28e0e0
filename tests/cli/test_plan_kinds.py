"""Every kind of change and every reason of `ankigen plan`, as a person brings it about: in its JSON, and in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from ankigen.data import Change, Notice, Reason
from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from ankigen.note_types import note_types
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.documents import ROOT

pytestmark = pytest.mark.thorough

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
LENS = "- What bends light? #card\n\t- A lens made of glass\n"
WAVE = "- What is a wave? #card\n\t- A motion that travels\n"
CELL = f"- What is a cell? #card\n  id:: {ID}\n\t- The smallest living thing\n"
TWINS = "- What is light? #card\n\t- A wave of two fields\n- What is light? #card\n\t- A stream of small quanta\n"
EITHER = "- What is light? #card\n\t- Neither the one nor the other\n"
Options = tuple[str, ...]


def first(desk: Desk) -> Options:
    write(desk.notes, page=LENS + WAVE + CELL)
    return ()


def synced(desk: Desk) -> Options:
    first(desk)
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    return ()


def edited_here(desk: Desk) -> Options:
    synced(desk)
    write(desk.notes, page=LENS.replace("glass", "ice") + WAVE + CELL)
    return ()


def edited_in_anki(desk: Desk) -> Options:
    synced(desk)
    desk.edit("Back", "Mine")
    return ()


def edited_on_both_sides(desk: Desk) -> Options:
    edited_here(desk)
    desk.edit("Back", "Mine")
    return ()


def made_a_cloze(desk: Desk) -> Options:
    synced(desk)
    write(desk.notes, page=LENS + WAVE + f"- A {{{{cloze cell}}}} lives #card\n  id:: {ID}\n")
    return ()


def moved_here(desk: Desk) -> Options:
    synced(desk)
    write(desk.notes, page="deck:: Elsewhere\n\n" + LENS + WAVE + CELL)
    return ()


def moved_in_anki(desk: Desk) -> Options:
    synced(desk)
    collection = desk.server.collection
    deck = collection.decks.id("Mine")
    assert deck is not None
    collection.set_deck(collection.find_cards("bends"), deck)
    return ()


def removed(desk: Desk) -> Options:
    synced(desk)
    write(desk.notes, page=WAVE + CELL)
    return ()


def removed_for_good(desk: Desk) -> Options:
    removed(desk)
    return ("--delete",)


def back_again(desk: Desk) -> Options:
    removed(desk)
    desk.invoke("sync", "--yes")
    return first(desk)


def removed_beside_errors(desk: Desk) -> Options:
    removed(desk)
    write(desk.notes, page=WAVE + CELL + "- Why? #card\n")
    return ()


def elsewhere(desk: Desk) -> Options:
    synced(desk)
    (desk.notes / "page.md").rename(desk.notes / ".page.md.icloud")
    return ()


def with_a_picture(desk: Desk) -> Options:
    write(desk.notes, page="- What is this? #card\n\t- ![](a.png)\n")
    (desk.notes / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return ()


def css_edited(desk: Desk) -> Options:
    synced(desk)
    model = note_type(desk)
    model["css"] = ".card { color: red }"
    desk.server.collection.models.update_dict(model)
    return ()


def css_replaced(desk: Desk) -> Options:
    css_edited(desk)
    return ("--restyle",)


def field_renamed(desk: Desk) -> Options:
    synced(desk)
    model = note_type(desk)
    desk.server.collection.models.rename_field(model, model["flds"][0], "Question")
    desk.server.collection.models.update_dict(model)
    return ()


def template_gone(desk: Desk) -> Options:
    synced(desk)
    model = note_type(desk)
    desk.server.collection.models.remove_template(model, model["tmpls"][0])
    desk.server.collection.models.update_dict(model)
    write(desk.notes, more=TWINS)
    return ()


def note_type(desk: Desk) -> Any:
    return desk.server.collection.models.by_name("ankigen Basic")


def type_changed(desk: Desk) -> Options:
    synced(desk)
    collection = desk.server.collection
    models = collection.models
    mine = models.copy(note_type(desk))
    models.rename_field(mine, mine["flds"][0], "Question")
    models.update_dict(mine)
    [id] = collection.find_notes("bends")
    old = collection.get_note(id)
    fields = {"Question": "q", "Guid": old["Guid"], "Base": old["Base"]}
    desk.server.actions.updateNoteModel({"id": id, "modelName": mine["name"], "fields": fields, "tags": []})
    return ()


def copied_in_anki(desk: Desk) -> Options:
    synced(desk)
    collection = desk.server.collection
    [id] = collection.find_notes("bends")
    original = collection.get_note(id)
    twin = collection.new_note(note_type(desk))
    twin.fields = list(original.fields)
    collection.add_note(twin, original.cards()[0].did)
    return ()


def without_a_card(desk: Desk) -> Options:
    synced(desk)
    collection = desk.server.collection
    assert collection.db is not None
    [id] = collection.find_notes("bends")
    collection.db.execute("delete from cards where nid = ?", id)
    return ()


def deleted_in_anki(desk: Desk) -> Options:
    synced(desk)
    collection = desk.server.collection
    collection.remove_notes(collection.find_notes("bends"))
    return ()


def into_a_filtered_deck(desk: Desk) -> Options:
    desk.server.collection.decks.new_filtered("page")
    return first(desk)


def of_another_set(desk: Desk) -> Options:
    write(desk.folder / "other", page=CELL)
    desk.run("sync", "other", "--yes")
    return first(desk)


def taken_over(desk: Desk) -> Options:
    of_another_set(desk)
    return ("--adopt",)


def lock_lost(desk: Desk) -> Options:
    write(desk.notes, page=LENS + WAVE + TWINS)
    desk.invoke("sync", "--yes")
    (desk.notes / LOCK_NAME).unlink()
    return ()


def lock_lost_and_a_card_gone(desk: Desk) -> Options:
    lock_lost(desk)
    write(desk.notes, page=LENS + TWINS)
    return ()


def could_be_two(desk: Desk) -> Options:
    lock_lost(desk)
    write(desk.notes, page=LENS + WAVE + EITHER)
    return ("--adopt",)


Case = tuple[str, Callable[[Desk], Options], str]
CASES: tuple[Case, ...] = (
    ("new", first, "+ page.md:1 What bends light? in page"),
    ("changed", edited_here, "~ page.md:1 What bends light?"),
    ("converted", made_a_cloze, "becomes ankigen Cloze, with its history"),
    ("adopted", taken_over, "taken over:"),
    ("moved", moved_here, "> page.md:3 What bends light?: to deck Elsewhere"),
    ("suspended", removed, "- What bends light?: no longer in the notes, will be suspended"),
    ("deleted", removed_for_good, "- What bends light?: no longer in the notes, will be deleted for good"),
    ("restored", back_again, "+ page.md:1 What bends light?: back in the notes"),
    ("media", with_a_picture, "+ file a-"),
    ("restyled", css_replaced, "~ look of ankigen Basic"),
    ("edited-in-anki", edited_in_anki, "= page.md:1 What bends light?: edited in Anki, kept"),
    ("conflict", edited_on_both_sides, "! page.md:1 What bends light?: changed here and in Anki"),
    ("ambiguous", could_be_two, "! page.md:5 What is light?: not to be told apart from others"),
    ("deleted-in-anki", deleted_in_anki, "= page.md:1 What bends light?: deleted in Anki"),
    ("other-source", of_another_set, "= page.md:5 What is a cell?: of another set of notes"),
    ("lost-lock", lock_lost, "= page.md:1 What bends light?: in Anki already, as another ankigen.lock has it"),
    ("unclaimed", lock_lost_and_a_card_gone, "= What is a wave?: no card here says this any more"),
    ("other-note-type", type_changed, "= page.md:1 What bends light?: of another note type in Anki (ankigen Basic"),
    ("copy", copied_in_anki, "= What bends light?: a copy made in Anki"),
    ("field-missing", field_renamed, "= page.md:1 What bends light?: without a field of its note type in Anki"),
    ("template-missing", template_gone, "= more.md:1 What is light?: without a card template of its note type in Anki"),
    (
        "filtered-deck",
        into_a_filtered_deck,
        "= page.md:1 What bends light?: for a deck that is a filtered deck in Anki",
    ),
    ("moved-in-anki", moved_in_anki, "= page.md:1 What bends light?: moved to another deck in Anki (Mine)"),
    ("cardless", without_a_card, "without a card in Anki; run Tools > Check Database there"),
    ("style-edited", css_edited, "edited in Anki; --restyle replaces that (ankigen Basic: CSS)"),
    ("notes-have-errors", removed_beside_errors, "= What bends light?: gone from the notes, which have errors"),
    ("elsewhere", elsewhere, "= What bends light?: not in what could be read of the notes"),
)


@pytest.mark.parametrize(("kind", "prepare", "words"), CASES, ids=[kind for kind, *_ in CASES])
def test_it_is_brought_about_in_the_documented_shape_and_worded(
    kind: str, prepare: Callable[[Desk], Options], words: str, server: AnkiServer, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, server)
    options = prepare(desk)
    printed = desk.invoke("plan", *options, "--json")
    told = json.loads(printed.stdout)
    Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8"))).validate(told)
    found = {change["kind"] for change in told["changes"]} | {notice["reason"] for notice in told["notices"]}
    assert kind in found
    shown = desk.invoke("plan", *options)
    assert words in shown.stdout
    assert shown.exit_code == printed.exit_code
    unwritten = [notice.get("guid") for notice in told["notices"] if notice.get("unwritten")]
    assert told["unwritten"] == len({*unwritten})


def test_no_kind_and_no_reason_is_left_out() -> None:
    """But `extended`, which waits for an ankigen with a field behind `Base`: see test_sync."""
    assert {note_type.fields[-1] for note_type in note_types()} == {"Base"}
    kinds = [kind for kind, *_ in CASES]
    assert len({*kinds}) == len(kinds) == len(get_args(Change)) - 1 + len(Reason) + len(get_args(Notice)) - 1
