"""What ankigen reads of a template is what Anki's own library reads: cards, mistakes, and the text of both sides."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from anki.collection import Collection
from anki.errors import CardTypeError, TemplateError
from anki.models import NotetypeDict
from anki.notes import Note

from ankigen import templates
from tests.helpers.anki_library import open_collection
from tests.templates.chance import FIELDS, Example, example

_COUNT = int(os.environ.get("ANKIGEN_TEMPLATES", "2000"))


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with open_collection(tmp_path_factory.mktemp("templates")) as collection:
        yield collection


def _note_type(collection: Collection, drawn: Example) -> NotetypeDict:
    note_type = collection.models.new("Drawn")
    note_type["type"] = int(drawn.is_cloze)
    for name in FIELDS:
        collection.models.add_field(note_type, collection.models.new_field(name))
    for place, (front, back) in enumerate(zip(drawn.fronts, drawn.backs, strict=True)):
        template = collection.models.new_template(f"Card {place}")
        template["qfmt"], template["afmt"] = front, back
        collection.models.add_template(note_type, template)
    return note_type


def _sides(collection: Collection, note: Note, template: dict[str, Any], ordinal: int) -> tuple[str, str] | None:
    """Front and back as Anki shows them, or nothing where it shows an error instead."""
    try:
        rendered = collection._backend.render_uncommitted_card_legacy(  # noqa: SLF001 - the only way to a template alone
            note=note._to_backend_note(),  # noqa: SLF001
            card_ord=ordinal,
            template=json.dumps(template).encode(),
            fill_empty=False,
            partial_render=True,
        )
    except TemplateError:
        return None
    front = _shown(rendered.question_nodes)
    return front, _shown(rendered.answer_nodes, front)


_MESSAGES = ("<div>The front of this card", "<div>No cloze")
_HINT_ID = re.compile(r"(?<=hint)[0-9a-f]{16}")
"""A digest that tells hints apart on a card; which one is nobody's business."""


def _shown(nodes: Any, front: str = "") -> str:
    """The text, without what Anki says of a card that shows nothing; filters that it does not know are add-ons'."""
    texts = [
        node.text
        if node.WhichOneof("value") == "text"
        else front
        if node.replacement.field_name == "FrontSide"
        else node.replacement.current_text
        for node in nodes
    ]
    return "".join(text for text in texts if not text.startswith(_MESSAGES))


def _without_ids(html: str) -> str:
    return _HINT_ID.sub("", html)


def _holds_in(collection: Collection, plain: NotetypeDict, hiding: NotetypeDict, drawn: Example) -> None:
    note = collection.new_note(hiding if drawn.is_cloze else plain)
    for name, value in drawn.values.items():
        note[name] = value
    note_type = note.note_type()
    assert note_type is not None
    special = {"Deck": "(Deck)", "Subdeck": "(Deck)", "Type": note_type["name"], "CardFlag": "flag0", "CardID": "0"}
    for ordinal, (front, back) in enumerate(zip(drawn.fronts, drawn.backs, strict=True)):
        template = dict(note_type["tmpls"][ordinal]) | {"qfmt": front, "afmt": back}
        theirs = _sides(collection, note, template, ordinal)
        parsed = templates.parse(front), templates.parse(back)
        faults = [
            fault
            for side in parsed
            for fault in ([side.fault] if side.fault else list(templates.unknown_fields(side, FIELDS)))
        ]
        if faults:
            continue
        assert theirs is not None, (drawn, ordinal)
        card = templates.Card(drawn.values, ordinal, {**special, "Card": template["name"]})
        question = templates.rendered(parsed[0], card, is_question=True)
        answer = templates.rendered(parsed[1], card, is_question=False, front=theirs[0])
        assert _without_ids(question) == _without_ids(theirs[0]), (question, theirs[0], front, drawn.values, ordinal)
        if theirs[1]:
            assert _without_ids(answer) == _without_ids(theirs[1]), (answer, theirs[1], back, drawn.values)


def _saved(collection: Collection, drawn: Example) -> list[int] | None:
    """The ordinals of the cards that Anki makes of the note, or nothing if it refuses the templates."""
    try:
        note_type_id = collection.models.add_dict(_note_type(collection, drawn)).id
    except CardTypeError:
        return None
    try:
        note = collection.new_note(collection.models.get(note_type_id))  # type: ignore[arg-type]
        for name, value in drawn.values.items():
            note[name] = value
        note.tags = list(drawn.tags)
        collection.add_note(note, 1)  # type: ignore[arg-type]
        return sorted(card.ord for card in note.cards())
    finally:
        collection.models.remove(note_type_id)  # type: ignore[arg-type]


def _cards_agree(collection: Collection, drawn: Example) -> None:
    """Anki refuses what we call a mistake; but for `{{}}`, which it takes, and shows an error in its place."""
    theirs = _saved(collection, drawn)
    faults = [*templates.faults(drawn.fronts, drawn.backs, FIELDS, is_cloze=drawn.is_cloze)]
    if theirs is None or not all(fault.message == "no field is named" for fault in faults):
        assert bool(faults) == (theirs is None), (theirs, faults, drawn)
    if theirs is not None:
        ours = templates.cards(drawn.fronts, drawn.values, drawn.tags, is_cloze=drawn.is_cloze)
        assert (list(ours) or [0]) == theirs, (
            ours,
            theirs,
            drawn,
        )  # Anki's window makes the first card of a note that shows nothing


def _base_types(collection: Collection) -> tuple[NotetypeDict, NotetypeDict]:
    found = []
    for is_cloze in (False, True):
        front = "{{cloze:Word}}" if is_cloze else "{{Word}}"
        fronts = (front,) if is_cloze else (front, "{{Meaning}}")
        drawn = Example(fronts, fronts, {}, is_cloze, ())
        id = collection.models.add_dict(_note_type(collection, drawn)).id
        found.append(collection.models.get(id))  # type: ignore[arg-type]
    return found[0], found[1]  # type: ignore[return-value]


def _law(collection: Collection, numbers: range) -> None:
    plain, hiding = _base_types(collection)
    for number in numbers:
        drawn = example(number)
        _holds_in(collection, plain, hiding, drawn)
        _cards_agree(collection, drawn)


def test_templates_by_chance_are_read_as_anki_reads_them(collection: Collection) -> None:
    _law(collection, range(60))


@pytest.mark.thorough
def test_two_thousand_templates_are_read_as_anki_reads_them(collection: Collection) -> None:
    _law(collection, range(60, 60 + _COUNT))
