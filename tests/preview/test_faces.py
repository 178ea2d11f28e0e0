"""A face is what Anki shows, as a document in which nothing of the notes runs."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from ankigen import api, note_types
from ankigen.preview import Snapshot
from ankigen.preview.faces import text_of_side
from tests.helpers.building import write
from tests.helpers.judge import Judge, bare

_HEARD = re.compile(r"\[anki:tts .*?\[/anki:tts\]|\[sound:[^\]]*\]", re.DOTALL)
_PLAYED = re.compile(r"\[anki:play:[qa]:\d+\]")
DECKS = Path(__file__).parents[2] / "decks"


def test_the_text_of_every_card_of_the_tour_is_what_anki_shows(judge: Judge) -> None:
    for note in api.load(DECKS / "tour.md").notes:
        note_type = note_types.note_type_of(note.content)
        for shown in judge.cards(note_type, note_types.fields_of(note)):
            for is_back, theirs in ((False, shown.question), (True, shown.answer)):
                ours = _HEARD.sub("[heard]", bare(text_of_side(note, note_type, shown.ordinal, is_back=is_back)))
                assert ours == _PLAYED.sub("[heard]", theirs)


def snapshot(folder: Path) -> Snapshot:
    return api.snapshot_of(api.load(folder))


def faces(folder: Path, text: str) -> dict[str, str]:
    write(folder, page=text)
    shown = snapshot(folder)
    card = shown.preview.cards[0]
    guid, ordinal = card.address.split("/")
    found = {side: shown.face(guid, int(ordinal), side) for side in ("front", "back")}
    return {side: face for side, face in found.items() if face is not None}


def rules(face: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', face)
    assert found
    return found[1]


def test_only_scripts_whose_hash_is_named_run(tmp_path: Path) -> None:
    front = faces(tmp_path, "- $x^2$ and <script>alert(1)</script> #card\n\t- b\n")["front"]
    inline = [script for script in re.findall(r"<script>(.*?)</script>", front, re.DOTALL) if script]
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}" for script in inline}
    assert hashes == set(re.findall(r"'(sha256-[^']*)'", rules(front)))
    assert "alert(1)" not in "".join(inline)
    assert "default-src 'none'" in rules(front)
    assert "unsafe-inline'; script-src" in rules(front), "only styles may stand in the document itself"


def test_the_script_of_formulas_is_loaded_where_there_is_one(tmp_path: Path) -> None:
    found = faces(tmp_path, "- What? #card\n\t- $x^2$\n")
    assert "mathjax.js" not in found["front"]
    assert "script-src 'self'" not in rules(found["front"])
    assert 'src="../../../mathjax.js"' in found["back"]


def test_a_typed_answer_has_a_box_in_front_and_the_answer_behind(tmp_path: Path) -> None:
    found = faces(tmp_path, "- What? #card #type-in\n\t- a < b\n")
    assert '<input type="text" id="typeans"' in found["front"]
    assert '<code id="typeans">a &lt; b</code>' in found["back"]


def test_a_typed_cloze_shows_what_was_hidden(tmp_path: Path) -> None:
    found = faces(tmp_path, "- Rome is in {{cloze Italy}} #card #type-in\n")
    assert '<code id="typeans">Italy</code>' in found["back"]


def test_a_sound_becomes_a_button(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/a.mp3").write_bytes(b"ID3")
    front = faces(tmp_path, "- What? ![](assets/a.mp3) #card\n\t- b\n")["front"]
    assert re.search(r'<button type="button" class="ankigen-play" data-sound="[^"]+\.mp3"', front)
    assert "[sound:" not in front


@pytest.mark.parametrize("side", ["", "FRONT", "../front", "front.html"])
def test_there_are_two_sides(tmp_path: Path, side: str) -> None:
    write(tmp_path, page="- a #card\n\t- b\n")
    shown = snapshot(tmp_path)
    guid = shown.preview.cards[0].address.partition("/")[0]
    assert shown.face(guid, 0, side) is None
    assert shown.face(guid, 7, "front") is None
    assert shown.face("nobody", 0, "front") is None
