"""Multiple choice: which boxes are choices, which of them are right, what is ignored, what is told."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ankigen.cards import find_cards
from ankigen.config import Config
from ankigen.data import Choices
from ankigen.note_types import BASIC
from ankigen.syntax import outline
from tests.helpers.pages import complaints, desired_of, fields_of

GASES = """- Which of these are noble gases? #card #choice
\t- [x] neon
\t- [ ] nitrogen
\t- [x] argon
\t- [ ] oxygen
\t- Group 18 of the table.
"""
SAID = [("neon", True), ("nitrogen", False), ("argon", True), ("oxygen", False)]
TWO = [("a", True), ("b", False)]


def choices_of(text: str, suffix: str = "md", **options: Any) -> Choices | None:
    [card] = find_cards(outline.parse(text, f"page.{suffix}", "page"), "deck", Config(**options)).cards
    return card.choices


def said(text: str, suffix: str = "md", **options: Any) -> list[tuple[str, bool]]:
    choices = choices_of(text, suffix, **options)
    return [(option.block.text[4:], option.is_right) for option in choices.options] if choices else []


def face(text: str, name: str, **options: Any) -> str:
    [note] = desired_of(text, **options).notes
    return fields_of(note)[name]


def items(html: str) -> list[tuple[str, str]]:
    return [(kind or "", words) for kind, words in re.findall(r'<li(?: class="(\w+)")?>(.*?)</li>', html)]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (GASES, "md"),
        (GASES.replace("[x]", "[X]"), "md"),
        (GASES.replace("[x]", "DONE").replace("[ ]", "TODO"), "md"),
        (GASES.replace("[x]", "## DONE").replace("[ ]", "# TODO"), "md"),
        (GASES.replace("[x]", "DONE [#A]").replace("[ ]", "LATER"), "md"),
        (GASES.replace("\t- [", "  * ["), "md"),
        (GASES.replace("\t- [", "  + ["), "md"),
        (GASES.replace("\t- [", "  1. ["), "md"),
        (GASES.replace("\t", "").replace("- Which", "## Which"), "md"),
        ("* Which? #card #choice\n- [X] neon\n- [ ] nitrogen\n- [X] argon\n- [ ] oxygen\nGroup 18.\n", "org"),
        ("* Which? :card:choice:\n** [X] neon\n** [ ] nitrogen\n** [X] argon\n** [ ] oxygen\n", "org"),
        ("* Which? #card #choice\n** DONE neon\n** TODO nitrogen\n** DONE argon\n** TODO oxygen\n", "org"),
    ],
)
def test_a_ticked_box_of_any_form_is_right_and_an_empty_one_is_wrong(text: str, suffix: str) -> None:
    if text.startswith("## "):
        text = text.replace("## Which", "- Which").replace("\n- ", "\n\t- ")
    assert said(text, suffix) == SAID


def test_boxes_below_a_heading_of_plain_markdown_are_choices() -> None:
    text = "## Which? #card #choice\n\n- [x] neon\n- [ ] nitrogen\n\nGroup 18.\n"
    assert items(face(text, "Back", is_graph=False)) == [
        ("right", '<b class="mark" title="right">✓</b> neon'),
        ("wrong", '<b class="mark" title="wrong">✗</b> nitrogen'),
    ]
    assert "Group 18." in face(text, "Back", is_graph=False)


def test_front_and_back_show_the_same_choices_and_only_the_back_says_which_are_right_and_why() -> None:
    front, back = face(GASES, "Front"), face(GASES, "Back")
    assert front == (
        '<p>Which of these are noble gases?</p><p class="count">2 answers</p><ol class="choices several">'
        "<li>neon</li><li>nitrogen</li><li>argon</li><li>oxygen</li></ol>"
    )
    marks = [kind for kind, _ in items(back)]
    assert marks == ["right", "wrong", "right", "wrong"]
    assert re.findall(r'<b class="mark" title="(\w+)">', back) == marks
    assert back.endswith("</ol><p>Group 18 of the table.</p>")


def test_one_right_answer_looks_like_radio_buttons_and_is_not_counted() -> None:
    front = face(GASES.replace("[x] argon", "[ ] argon"), "Front")
    assert '<ol class="choices one">' in front
    assert "answer" not in front


def test_no_shuffle_keeps_the_order() -> None:
    kept = choices_of(GASES.replace("#choice", "#choice #no-shuffle"))
    assert kept
    assert not kept.is_shuffled
    assert '<ol class="choices several kept">' in face(GASES.replace("#choice", "#choice #no-shuffle"), "Front")
    shuffled = choices_of(GASES)
    assert shuffled
    assert shuffled.is_shuffled


def test_it_is_a_basic_note_with_the_deck_and_the_tags_of_any_card() -> None:
    [note] = desired_of(f"deck:: Chemistry\n\n{GASES.replace('#choice', '#choice #no-shuffle #gas')}").notes
    assert (note.content.kind, note.content.ordinals, note.deck) == (BASIC.name, (0,), "Chemistry")
    assert note.tags == ("gas",)


def test_a_card_that_gains_boxes_stays_the_same_note_of_the_same_type() -> None:
    plain = GASES.replace(" #choice", "")
    [before], [after] = desired_of(plain).notes, desired_of(GASES).notes
    assert (before.identity.guid, before.content.kind) == (after.identity.guid, after.content.kind)
    assert before.identity.question_digest == after.identity.question_digest


def test_with_the_option_boxes_alone_make_a_choice_and_one_box_or_a_cloze_makes_none() -> None:
    plain = "- Which? #card\n\t- [x] a\n\t- [ ] b\n"
    assert said(plain) == []
    assert said(plain, choice_from_boxes=True) == TWO
    assert said("- Which? #card\n\t- [x] a\n", choice_from_boxes=True) == []
    assert said("- Which? #card\n\t- DONE a\n\t- TODO b\n", choice_from_boxes=True) == []
    assert said(plain.replace("Which", "{{cloze Which}}"), choice_from_boxes=True) == []
    assert complaints(plain, choice_from_boxes=True) == []


def test_without_the_tag_boxes_are_shown_as_before() -> None:
    assert face(GASES.replace(" #choice", ""), "Front") == "Which of these are noble gases?"


def test_what_is_below_a_box_is_shown_with_the_answer_alone() -> None:
    text = GASES.replace("\t- [ ] nitrogen\n", "\t- [ ] nitrogen\n\t\t- it burns\n")
    assert "it burns" not in face(text, "Front")
    assert "nitrogen<ul><li>it burns</li></ul></li>" in face(text, "Back")


def test_a_list_in_the_question_is_parted_and_boxes_in_code_are_none() -> None:
    inside = "- Which? #card #choice\n  * [x] a\n  * [ ] b\n    and more\n\t- why\n"
    assert said(inside) == [("a", True), ("b\nand more", False)]
    assert face(inside, "Front").startswith("<p>Which?</p><ol")
    assert face(inside, "Back").endswith("</ol><p>why</p>")
    fence = "- Which? #card #choice\n  ```\n  - [x] code\n  - [ ] code\n  ```\n\t- [x] a\n\t- [ ] b\n"
    assert said(fence) == TWO


@pytest.mark.parametrize("words", ["> 5", "- 3", "1. May", "# a comment", "TODO", "| a | b |", "SCHEDULED"])
@pytest.mark.parametrize("box", ["[ ]", "LATER"])
def test_a_choice_is_the_words_behind_its_box_whatever_these_would_begin(words: str, box: str) -> None:
    front = face(f"- Which? #card #choice\n\t- [x] a\n\t- {box} {words}\n", "Front")
    assert f"<li>{words.replace('>', '&gt;')}</li>" in front


HTML = (
    '- Which? #card #choice\n\t- [x] <b onclick="x()">a</b> <script>x</script>\n\t- [ ] `</li>` [/anki:tts] {{c1::b}}\n'
)


def test_html_in_a_choice_is_as_harmless_as_everywhere() -> None:
    for name in ("Front", "Back"):
        shown = face(HTML, name)
        assert "onclick" not in shown
        assert "<script" not in shown
        assert "<code>&lt;/li&gt;</code>" in shown
        assert "[<!-- -->/anki" not in shown, "what ends a text that is read aloud does nothing alone"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GASES.replace("[x]", "[ ]"), ["1:41 choice-no-right"]),
        ("- Q #card #choice\n\t- [x] a\n", ["1:11 choice-one"]),
        ("- Q #card #choice\n\t- a\n", ["1:11 choice-one"]),
        ("- Q #card #choice\n\t- [x] a\n\t- [ ] b\n\t- [ ]  A\n", ["4:4 choice-twice"]),
        ("- Q #card #choice\n\t- [x] a\n\t- [ ] b\n\t\t- [ ] c\n", ["3:4 choice-nested"]),
        ("- Q #card #choice\n\t- [x] a\n\t- [ ] b\n\t\t- c\n\t\t\t- DONE d\n", ["3:4 choice-nested"]),
        ("- Q #card #choice\n\t- [x] a\n\t- [ ] b\n\t  * [ ] c\n", ["3:4 choice-nested"]),
        ("- Q #card #choice #bidirectional\n\t- [x] a\n\t- [ ] b\n", ["1:11 choice-direction"]),
        ("- Q #card #choice\n  direction:: <-\n\t- [x] a\n\t- [ ] b\n", ["1:11 choice-direction"]),
        ("- Q #card #choice #type-in\n\t- [x] a\n\t- [ ] b\n", ["1:11 choice-direction"]),
        ("- Q #card #choice #incremental\n\t- [x] a\n\t- [ ] b\n", ["1:11 choice-direction"]),
        ("- Q #card #choice\n\t- [x] {{cloze a}}\n\t- [ ] b\n", ["1:11 choice-direction"]),
        ("- Q #card\n  tags:: choice\n\t- [x] a\n", ["2:10 choice-one"]),
        (GASES, []),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text: str, said: list[str]) -> None:
    assert complaints(text) == said


def test_the_direction_typing_and_clozes_of_a_choice_are_ignored() -> None:
    text = "- {{cloze Q}} #card #choice #bidirectional #type-in\n\t- [x] a\n\t- [ ] b\n"
    [note] = desired_of(text).notes
    fields = fields_of(note)
    assert (note.content.kind, fields["Forward"], fields["Reverse"], fields["Type"]) == (BASIC.name, "y", "", "")
    assert fields["Front"].startswith("<p>Q</p>")


def test_a_choice_without_a_right_answer_makes_no_card_and_keeps_the_note_that_it_had() -> None:
    assert desired_of(GASES.replace("[x]", "[ ]")).notes == ()
    [message] = [problem.message for problem in desired_of(GASES.replace("[x]", "[ ]")).problems]
    assert message == "no choice is right: write [x] in front of those that are"


def test_a_single_box_is_a_card_like_any_other() -> None:
    assert face("- Q #card #choice\n\t- [x] a\n", "Back") == "☑ a"
