"""The owner's own note: the first deck, and the identity that its readers' reviews hang on."""

import hashlib
import html
import re
import shutil
from pathlib import Path

from ankigen import api
from ankigen.note_types import fields_of
from tests.helpers.anki_library import import_package, open_collection

DECKS = Path(__file__).parent.parent / "decks"
NOTE = DECKS / "self-supervised-learning.md"

GUIDS = {
    "What is self-supervised learning?": "dfe3dcf0bf75ee71b867",
    "What is the main advantage of self-supervised learning?": "a0ee48786dbd1554c964",
    "What is a pretext task in self-supervised learning?": "69e0f2c47b480621ff4c",
    "Why is contrastive learning important in self-supervised learning?": "7614af91b5c7f3c9dec0",
    "What is masked modeling in self-supervised learning?": "ca12f89d3fd34559091d",
    "How does self-supervised learning benefit generalization?": "1fbc8f5de5a4a3a0cbca",
    "How does self-supervised learning improve scalability?": "e561a6302795afd2241a",
    "Why is self-supervised learning label-efficient?": "94c209c946393a3b5364",
    "What is the role of the encoder in self-supervised learning?": "7ce42f0df9ff1b07494f",
    "What is the main challenge of self-supervised learning?": "4354ff1d54352cc07450",
}


def written_cards() -> dict[str, str]:
    """Questions and answers as they stand in the note, read without ankigen."""
    return dict(re.findall(r"^- (.+?) #card\n\t- (.+)$", NOTE.read_text("utf-8"), re.MULTILINE))


def test_the_note_is_the_owners_byte_for_byte() -> None:
    assert hashlib.sha256(NOTE.read_bytes()).hexdigest() == (
        "9282fd1f0eb868b986b109006f47e70059e24400c7b6c400ae8c4dc45d5a28af"
    )


def test_its_guids_never_change(tmp_path: Path) -> None:
    for source in (DECKS, shutil.copytree(DECKS, tmp_path / "elsewhere")):
        notes = [note for note in api.load(source).notes if note.position.path == NOTE.name]
        assert {fields_of(note)["Front"]: note.identity.guid for note in notes} == GUIDS


def test_they_are_of_a_time_when_no_source_went_into_them() -> None:
    for question, guid in GUIDS.items():
        parts = ["ankigen", "self-supervised-learning", question, "0"]
        framed = "".join(f"{len(part)}:{part}" for part in parts)
        assert guid == hashlib.sha256(framed.encode()).hexdigest()[:20]


def test_anki_shows_ten_cards_as_written(tmp_path: Path) -> None:
    api.build(api.load(NOTE), tmp_path / "decks.apkg", is_locked=True)
    with open_collection(tmp_path) as collection:
        assert len(import_package(collection, tmp_path / "decks.apkg").new) == 10
        cards = [collection.get_card(id) for id in collection.find_cards("deck:self-supervised-learning")]
        assert len(cards) == 10
        shown = {text_of(card.question()): text_of(card.answer()) for card in cards}
        for question, answer in written_cards().items():
            [face] = [face for face in shown if question in face]
            assert answer in shown[face]
        assert len(import_package(collection, tmp_path / "decks.apkg").new) == 0
        assert collection.note_count() == 10
        assert collection.fix_integrity() == ("Database rebuilt and optimized.", True)


def text_of(face: str) -> str:
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", face, flags=re.DOTALL))
