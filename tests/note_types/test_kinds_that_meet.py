"""Voice, readings, hints and choices beside a picture with hidden parts, or in a note type of the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import api, note_types
from tests.helpers.building import write
from tests.helpers.own_types import write_type

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>'
LEAF = """\
- {question} #card
  speak:: ja_JP
  speak-answer:: en_GB
  furigana:: true
  hint:: green
  ![](assets/leaf.svg)
\t- blade
\t  area:: 12 20 30 10
\t- 光[ひかり] turns
"""
DOG = """\
- 犬[いぬ] #card
  note-type:: Vocabulary
  speak:: ja_JP
  speak-answer:: en_GB
  furigana:: true
\t- dog
"""


def fields(folder: Path, text: str) -> tuple[dict[str, str], list[str]]:
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets/leaf.svg").write_text(SVG, "utf-8")
    write(folder, page=text)
    desired = api.load(folder)
    return dict(note_types.fields_of(desired.notes[0])), [problem.rule for problem in desired.problems]


def test_a_picture_with_hidden_parts_is_read_annotated_and_hinted(tmp_path: Path) -> None:
    found, rules = fields(tmp_path, LEAF.format(question="葉[は]?"))
    assert found["Header"] == (
        '<ruby>葉<rt>は</rt></ruby>?<details class="hint"><summary>Hint</summary>green</details>'
        "[anki:tts lang=ja_JP]は?[/anki:tts]"
    )
    assert found["Back Extra"] == ("<ruby>光<rt>ひかり</rt></ruby> turns[anki:tts lang=en_GB]ひかり turns[/anki:tts]")
    assert rules == []


def test_a_hint_without_a_question_beside_the_picture_is_told(tmp_path: Path) -> None:
    found, rules = fields(tmp_path, LEAF.format(question=""))
    assert found["Header"] == ""
    assert rules == ["hint-unshown"]


def test_a_note_of_the_users_type_is_read_and_annotated(tmp_path: Path) -> None:
    write_type(tmp_path)
    found, rules = fields(tmp_path, DOG)
    assert found["Word"] == "<ruby>犬<rt>いぬ</rt></ruby>[anki:tts lang=ja_JP]いぬ[/anki:tts]"
    assert found["Meaning"] == "dog[anki:tts lang=en_GB]dog[/anki:tts]"
    assert rules == []


def test_a_field_that_hides_something_is_not_read(tmp_path: Path) -> None:
    definition = 'fields = ["Word", "Meaning"]\ncards = ["Ask"]\ncloze = true\n'
    changed = {
        "note_type__toml": definition,
        "Ask__front__html": "{{cloze:Word}}",
        "Ask__back__html": "{{cloze:Word}} {{Meaning}}",
    }
    write_type(tmp_path, changed=changed)
    found, _ = fields(tmp_path, DOG.replace("犬[いぬ]", "a {{cloze dog}}"))
    assert "[anki:tts" not in found["Word"]


@pytest.mark.parametrize(("has_field", "rules"), [(False, ["hint-unshown"]), (True, [])])
def test_a_hint_is_told_where_the_users_type_has_no_field_for_it(
    tmp_path: Path, has_field: bool, rules: list[str]
) -> None:
    definition = 'fields = ["Word", "Meaning", "Hint"]\n' if has_field else 'fields = ["Word", "Meaning"]\n'
    back = "{{Meaning}}{{Hint}}" if has_field else "{{Meaning}}"
    changed = {
        "note_type__toml": definition + 'cards = ["Recall"]\n',
        "Recall__back__html": back,
        "Recall__front__html": "{{Word}}",
    }
    write_type(tmp_path, changed=changed)
    _, found = fields(tmp_path, "- a #card\n  note-type:: Vocabulary\n  hint:: woof\n\t- b\n")
    assert found == rules


def test_a_choice_on_a_card_of_another_kind_is_told(tmp_path: Path) -> None:
    write_type(tmp_path)
    picture = LEAF.format(question="What?").replace("#card", "#card #choice")
    assert fields(tmp_path, picture)[1] == ["choice-direction"]
    assert fields(tmp_path, DOG.replace("#card", "#card #choice"))[1] == ["choice-direction"]
