"""Notes as other tools leave them in Anki, half of them reviewed; and a witness of all that may not change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anki.collection import Collection
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV
from anki.decks import DeckId

DECK = "Physics::Light"


def note_type(collection: Collection, name: str, fields: Sequence[str], cards: int = 1, *, cloze: bool = False) -> None:
    """A note type of another tool's; each of its templates asks the first field and answers by the second."""
    if collection.models.by_name(name):
        return
    made = collection.models.new(name)
    if cloze:
        made["type"] = 1
    for field in fields:
        collection.models.add_field(made, collection.models.new_field(field))
    text = "Text" if "Text" in fields else fields[0]
    for number in range(cards):
        template = collection.models.new_template(f"Card {number + 1}")
        asked = f"{{{{cloze:{text}}}}}" if cloze else f"{number} {{{{{fields[number % 2]}}}}}"
        template["qfmt"], template["afmt"] = asked, f"{asked}<hr>{{{{{fields[-1]}}}}}"
        collection.models.add_template(made, template)
    collection.models.add(made)


def add(collection: Collection, name: str, fields: Mapping[str, str], tags: Sequence[str] = ()) -> int:
    """A note with these fields; returns its id."""
    made = collection.models.by_name(name)
    assert made is not None
    note = collection.new_note(made)
    for field, text in fields.items():
        note[field] = text
    note.tags = list(tags)
    deck = collection.decks.id(DECK)
    assert deck is not None
    collection.add_note(note, deck)
    assert note.cards()
    return int(note.id)


def live(collection: Collection) -> None:
    """Review each second card in the past, suspend each third, move each fourth, flag each fifth, bury each seventh."""
    assert collection.db is not None
    for number, id_ in enumerate(sorted(collection.find_cards(""))):
        card = collection.get_card(id_)
        if number % 2 == 0:
            card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
            card.ivl, card.due, card.reps, card.lapses, card.factor = 30 + number, 100 + number, 7, 1, 2350
            for review in range(3):
                row = (1_600_000_000_000 + number * 10 + review, id_, -1, 3, 30, 10, 2350, 4000, 1)
                collection.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)
        collection.update_card(card)
        if number % 3 == 0:
            collection.sched.suspend_cards([id_])
        if number % 4 == 3:
            collection.set_deck([id_], _elsewhere(collection))
        if number % 5 == 0:
            collection.set_user_flag_for_cards(1 + number % 4, [id_])
        if number % 7 == 0:
            collection.sched.bury_cards([id_])
    collection.fix_integrity()  # it adds the time of the last review to what was made by hand above


def _elsewhere(collection: Collection) -> DeckId:
    deck = collection.decks.id("Elsewhere")
    assert deck is not None
    return deck


def tags_of(collection: Collection) -> dict[int, set[str]]:
    """The tags of all notes, by their ids."""
    return {int(id_): {*collection.get_note(id_).tags} for id_ in collection.find_notes("")}


def witness(collection: Collection) -> dict[str, list[Any]]:
    """What an adoption may not change: all of the cards but their time of change, reviews, GUIDs, the schema."""
    assert collection.db is not None
    cards = "select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"
    return {
        "cards": list(collection.db.all(f"{cards} from cards order by id")),
        "reviews": list(collection.db.all("select * from revlog order by id")),
        "guids": list(collection.db.all("select id, guid from notes order by id")),
        "schema": list(collection.db.all("select scm from col")),
    }


def scatter(collection: Collection) -> None:
    """Put each card into another state that Anki knows, some into a filtered deck, and mark each third note."""
    assert collection.db is not None
    day = collection._backend.sched_timing_today().days_elapsed  # noqa: SLF001 - not `today`, which reads as a clock
    for number, id_ in enumerate(sorted(collection.find_cards(""))):
        _name, type_, queue, due, ivl, factor, reps, lapses, left = _STATES[number % len(_STATES)]
        counted = day + due if type_ == CARD_TYPE_REV else due
        collection.db.execute(
            "update cards set type=?, queue=?, due=?, ivl=?, factor=?, reps=?, lapses=?, left=?, flags=? where id=?",
            *(type_, queue, counted, ivl, factor, reps, lapses, left, number % 8, id_),
        )
        for review in range(reps):
            row = (1_600_000_000_000 + number * 100 + review, id_, -1, 1 + review % 4, ivl, 1, factor, 4000, type_)
            collection.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)
    collection.tags.bulk_add(collection.find_notes("")[::3], "marked leech")
    filtered = collection.sched.get_or_create_filtered_deck(DeckId(0))
    filtered.config.search_terms[0].search = "flag:4 -is:suspended -is:buried -is:learn"
    collection.sched.add_or_update_filtered_deck(filtered)
    collection.fix_integrity()  # it adds the time of the last review


_STATES = (
    ("new", 0, 0, 5, 0, 0, 0, 0, 0),
    ("learning", 1, 1, 1_800_000_000, 0, 0, 1, 0, 1001),
    ("learning over days", 1, 3, 60_000, 0, 0, 2, 0, 1001),
    ("overdue", 2, 2, -40, 30, 2500, 4, 0, 0),
    ("due later", 2, 2, 400, 730, 1300, 9, 0, 0),
    ("relearning", 3, 1, 1_800_000_500, 12, 1800, 6, 3, 1001),
    ("suspended review", 2, -1, 12, 45, 2650, 5, 1, 0),
    ("suspended new", 0, -1, 7, 0, 0, 0, 0, 0),
    ("buried by the reader", 2, -3, 3, 21, 2100, 3, 0, 0),
    ("buried with a sibling", 2, -2, 1, 10, 2000, 3, 2, 0),
    ("a leech", 2, -1, -9, 1, 1300, 30, 8, 0),
)
"""Name, type, queue, due, interval, ease, reviews, lapses, steps that are left."""
