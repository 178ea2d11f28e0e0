"""The note types are frozen; their texts change only together with their time."""

import hashlib
import re

import pytest

from ankigen import note_types
from ankigen.data import NoteType

# Every set of texts that was released, oldest first. A change adds a line; a line that stands here never changes.
RELEASED = {
    "ankigen Image Occlusion": [(1795738200, "e98f8abdeac3"), (1795758000, "151c3f923877")],
    "ankigen Basic": [
        (1795464000, "6700b6154f44"),
        (1795705200, "b877fe066bf8"),
        (1795719600, "cb15de4205c6"),
        (1795738200, "dd095ab5d573"),
        (1795758000, "4c0f77d59a25"),
    ],
    "ankigen Cloze": [
        (1795464000, "5d36b1d89bcc"),
        (1795705200, "8ff73dc3d5cf"),
        (1795719600, "c4803afe7124"),
        (1795738200, "cfc042b19272"),
        (1795758000, "0deca808c03a"),
    ],
}


def hash_of(note_type: NoteType) -> str:
    texts = [note_type.css, *(side for template in note_type.templates for side in (template.front, template.back))]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def test_fields_templates_and_ids_are_frozen() -> None:
    assert [
        (one.id, one.name, one.fields, [template.name for template in one.templates]) for one in note_types.note_types()
    ] == [
        (
            1748213967421,
            "ankigen Image Occlusion",
            ("Occlusion", "Image", "Header", "Back Extra", "Comments", "Context", "Source", "Guid", "Base"),
            ["Image Occlusion"],
        ),
        (
            1738104529337,
            "ankigen Basic",
            ("Front", "Back", "Extra", "Context", "Source", "Forward", "Reverse", "Type", "Guid", "Base"),
            ["Forward", "Reverse"],
        ),
        (
            1741882306153,
            "ankigen Cloze",
            ("Text", "Extra", "Context", "Source", "Type", "Hide Others", "Guid", "Base"),
            ["Cloze"],
        ),
    ]


@pytest.mark.parametrize("note_type", note_types.note_types(), ids=lambda note_type: note_type.name)
def test_texts_change_only_together_with_their_time(note_type: NoteType) -> None:
    assert RELEASED[note_type.name][-1] == (note_type.changed, hash_of(note_type))


@pytest.mark.parametrize("history", RELEASED.values(), ids=RELEASED)
def test_the_time_of_the_texts_only_moves_forward(history: list[tuple[int, str]]) -> None:
    times = [time for time, _ in history]
    assert times == sorted(set(times))


TEXTS = [
    text
    for one in note_types.note_types()
    for text in (one.css, *(t.front for t in one.templates), *(t.back for t in one.templates))
]


@pytest.mark.parametrize("text", TEXTS)
def test_own_texts_are_known_from_edited_ones(text: str) -> None:
    assert note_types.is_own(text)
    assert note_types.is_own(text.replace("\n", "\r\n") + "\n")
    assert not note_types.is_own(text + "\n.mine { color: red }")
    assert not note_types.is_own(text.partition("\n")[2])


def test_a_users_css_stands_behind_the_own_one_and_is_known() -> None:
    css = note_types.with_css(note_types.BASIC.note_type, ".card { font-family: serif }\n")
    assert css.endswith(".card { font-family: serif }")
    assert note_types.is_own(css)
    assert note_types.with_css(note_types.BASIC.note_type, "\n") == note_types.BASIC.note_type.css


def test_no_text_needs_the_network() -> None:
    for text in TEXTS:
        assert "http" not in text
        assert "url(" not in text
        assert "@import" not in text


def scripts() -> list[str]:
    return [script for text in TEXTS for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL)]


def test_hidden_parts_are_drawn_by_ankis_own_script() -> None:
    assert sum(script.startswith("\ntry {\n  anki.imageOcclusion.setup();") for script in scripts()) == 2


def test_the_one_other_script_asks_for_nothing_and_stays_within_its_card() -> None:
    own = [script for script in scripts() if "imageOcclusion" not in script]
    assert len(own) == 2, "question and answer of the card that asks forwards"
    assert len(set(own)) == 1
    for word in ("fetch", "XMLHttp", "import", "eval", "innerHTML", "localStorage", "cookie", "Math.random", "src"):
        assert word not in own[0]
    assert re.findall(r"\{\{.*?\}\}", own[0]) == ["{{Guid}}"]


BEFORE_CHOICES = """<!-- ankigen 945c3b15df4b66eb -->
{{#Forward}}
{{#Context}}<div class="context" dir="auto">{{Context}}</div>{{/Context}}
<div class="face question" dir="auto">{{Front}}</div>
{{#Type}}<div class="typed">{{type:Back}}</div>{{/Type}}
{{/Forward}}"""


def test_the_template_from_before_there_were_choices_is_known_as_ours_unless_a_reader_edited_it() -> None:
    assert note_types.BASIC.note_type.templates[0].front != BEFORE_CHOICES
    assert note_types.is_own(BEFORE_CHOICES)
    assert not note_types.is_own(BEFORE_CHOICES.replace("question", "question mine"))
