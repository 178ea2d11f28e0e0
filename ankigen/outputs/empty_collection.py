"""An empty collection with its decks and note types, as genanki describes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import genanki

from ankigen.data import NoteType


def create(
    connection: sqlite3.Connection,
    decks: Mapping[str, int],
    descriptions: Mapping[str, str],
    note_types: Iterable[NoteType],
) -> None:
    """Fill an empty database with a collection of these note types and decks, and the deck Default.

    `decks` maps names to ids. All are written at once, because genanki would read and write all decks for each one.
    """
    genanki.Package([]).write_to_db(connection.cursor(), timestamp=0, id_gen=iter(()))
    [stored] = connection.execute("select decks from col").fetchone()
    all_decks = json.loads(stored) | {
        str(id): genanki.Deck(id, name, descriptions.get(name, "")).to_json() for name, id in decks.items()
    }
    models = {str(note_type.id): _model(note_type) for note_type in note_types}
    connection.execute("update col set decks = ?, models = ?", (json.dumps(all_decks), json.dumps(models)))


def count_days(connection: sqlite3.Connection, created: int, days: Mapping[str, object]) -> None:
    """Set when the collection was created, in seconds since 1970, and how it counts its days."""
    [stored] = connection.execute("select conf from col").fetchone()
    connection.execute("update col set crt = ?, conf = ?", (created, json.dumps(json.loads(stored) | days)))


@cache
def _model(note_type: NoteType) -> Mapping[str, Any]:
    """A note type as the collection stores it, with the time of its own last change.

    It is cached, because genanki renders the templates once per field to see which card needs which.
    """
    model = genanki.Model(
        note_type.id,
        note_type.name,
        fields=[_field(name, note_type) for name in note_type.fields],
        templates=[
            {"name": template.name, "qfmt": template.front, "afmt": template.back} for template in note_type.templates
        ],
        css=note_type.css,
        model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
    )
    stored = dict(model.to_json(note_type.changed, deck_id=None))
    return stored | {"originalStockKind": note_type.stock_kind} if note_type.stock_kind else stored


def _field(name: str, note_type: NoteType) -> Mapping[str, Any]:
    """A field as genanki expects it; anything left out has its default.

    A field of one of Anki's stock note types has a tag, and only the last one may be deleted.
    """
    if name in note_type.stock_fields:
        tag = note_type.stock_fields.index(name)
        return {"name": name, "tag": tag, "preventDeletion": tag < len(note_type.stock_fields) - 1}
    options = next((options for options in note_type.options if options.name == name), None)
    if options is None:
        return {"name": name}
    said = {"font": options.font, "size": options.size, "description": options.description}
    return {"name": name, "rtl": options.rtl} | {key: value for key, value in said.items() if value}
