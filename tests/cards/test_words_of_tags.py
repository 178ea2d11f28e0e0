"""Which tags and links are instructions, and which are words that the reader sees."""

from pathlib import Path

import pytest

from tests.helpers.building import build, write
from tests.helpers.pages import complaints, desired_of, fields_of, sides


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- If you [[Reverse]] time #card\n\t- a\n", "If you Reverse time = a"),
        ("- A [[Depth-1]] b #card\n\t- a\n\t\t- b\n", "A Depth-1 b = <ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("- A [[type-in]] [[bidirectional]] [[incremental]] b #card\n\t- a\n",
         "A type-in bidirectional incremental b = a"),
        ("- [so]([[no-anki-sync]]) #card\n\t- a\n", "so = a"),
        ("- A [[card-group]] b #card\n\t- a\n\t\t- b\n",
         "A card-group b = <ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("- Why #reversed/engineering #card\n\t- a\n", "Why = a"),
        ("- See [[Flashcard/Types]] #card\n\t- a\n", "See Flashcard/Types = a"),
        ("- See [[Flashcard]] #card\n\t- a\n", "See Flashcard = a"),
    ],
)  # fmt: skip
def test_a_link_to_a_page_is_text(text: str, shown: str) -> None:
    assert sides(text) == [shown]
    [note] = desired_of(text).notes
    assert (fields_of(note)["Forward"], fields_of(note)["Reverse"]) == ("y", "")


@pytest.mark.parametrize(
    "text",
    [
        "- Q #card #reversed\n\t- a\n",
        "- Q #card #[[reversed]]\n\t- a\n",
        "- Q #card\n  mode:: [[Reverse]]\n\t- a\n",
        "- Q #card\n  tags:: reverse\n\t- a\n",
    ],
)
def test_a_tag_and_the_value_of_a_property_instruct(text: str) -> None:
    [note] = desired_of(text).notes
    assert (fields_of(note)["Forward"], fields_of(note)["Reverse"]) == ("", "y")


@pytest.mark.parametrize(
    "text",
    [
        "- See [[Flashcard/Types]]\n\t- a\n",
        "- See [[Flashcard]]\n\t- a\n",
        "- See [all]([[flashcard]])\n\t- a\n",
        "- See #flashcard/types\n\t- a\n",
    ],
)
def test_words_of_card_tags_but_card_count_as_tags_and_exactly(text: str) -> None:
    assert sides(text) == []
    assert sides("- Q #flashcard\n\t- a\n- R\n  tags:: flashcard\n\t- b\n") == ["Q = a", "R = b"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- #[[History of fever]]:\n\t- #card\n\t\t- a\n", "History of fever: = a"),
        ("- #Migraine #card\n\t- a\n", "Migraine = a"),
        ("- #card #Migraine\n\t- a\n", "Migraine = a"),
        ("- #Migraine/Aura, #Pain #card\n\t- a\n", "Migraine/Aura, Pain = a"),
        ("- #Logistics #card\n  costs money\n", "Logistics = costs money"),
        ("- #neuro\n\t- #Migraine #card\n\t\t- a\n", "Migraine = a"),
        ("- ### #Migraine #card\n\t- a\n", "<h3>Migraine</h3> = a"),
        ("- #Migraine is {{cloze pain}} #card\n", "is {{c1::pain}}"),
        ("- #Migraine ![m](https://a.example/m.png) #card\n\t- a\n",
         '<img src="https://a.example/m.png" alt="m"> = a'),
        ("- #logic ∀ #card\n\t- a\n", "∀ = a"),
        ("- Why #Migraine #card\n\t- a\n", "Why = a"),
        ("- What is it?\n\t- #medicine #card\n\t\t- a\n", "What is it? = a"),
        ("- Q #card\n\t- #Inner #card\n\t\t- a\n", "Q = <ul><li>Inner<ul><li>a</li></ul></li></ul>"),
    ],
)  # fmt: skip
def test_the_words_of_tags_ask_where_nothing_else_is_left(text: str, shown: str) -> None:
    assert sides(text)[0] == shown


def test_a_question_of_its_own_tags_needs_no_warning() -> None:
    assert complaints("- #Migraine #card\n\t- a\n") == []
    assert complaints("- #card\n\t- a\n") == ["1:3 question-from-parent"]


UNSEEN = "\u00a0\u2009\u200b\u200d\u200e\u202f\u2060\u3000\ufeff"


@pytest.mark.parametrize("blank", UNSEEN, ids=lambda blank: f"U+{ord(blank):04X}")
@pytest.mark.parametrize(
    "form", ["Q #card{}", "Q{}#card", "Q #card #bio{}", "#card{}Q", "{}#card Q", "Q #card {} #bio"]
)
def test_blanks_that_nobody_sees_leave_with_the_tag(blank: str, form: str) -> None:
    assert sides(f"- {form.format(blank)}\n\t- a\n") == ["Q = a"]


def test_a_note_stays_the_same_when_its_question_gains_or_loses_words(tmp_path: Path) -> None:
    """As the lock of an earlier version has it: the answer stands, so the note is found again."""
    before = "- Q \u200b\n  tags:: card\n\t- The answer to this one\n- If you time #card\n\t- Nobody knows what then\n"
    after = "- Q #card\u200b\n\t- The answer to this one\n- If you [[Reverse]] time #card\n\t- Nobody knows what then\n"
    folder = tmp_path / "notes"
    guids = [
        [note.identity.guid for note in build(write(folder, Page=text), tmp_path / "a.apkg").notes]
        for text in (before, after)
    ]
    assert len(guids[0]) == 2
    assert guids[0] == guids[1]
    assert sides(before)[0] != sides(after)[0]
    assert sides(before)[1] != sides(after)[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- What is it?\n  #card\n  A lens\n", "What is it? = A lens"),
        ("- What is it?\n  #card #bio\n\n  A lens\n  of glass\n", "What is it? = A lens<br>of glass"),
        ("- What is it,\n  if not this? #card\n  A lens\n", "What is it,<br>if not this? = A lens"),
        ("- What is it?\n  [[card]]\n  A lens\n", "What is it? = A lens"),
        ("- ```\n  code\n  ```\n  #card\n  A lens\n", "<pre><code>code</code></pre> = A lens"),
        ("- #card\n  What is it?\n  A lens\n", "What is it? = A lens"),
        ("- #card #bio\n  What is it?\n  A lens\n", "What is it? = A lens"),
        ("- #Logistics #card\n  costs money\n", "Logistics = costs money"),
        ("- What is it?\n  #card\n  A lens\n\t- or not\n", "<p>What is it?</p><p>A lens</p> = or not"),
        ("- It is\n  #card\n  a {{cloze lens}}\n", "<p>It is</p><p>a {{c1::lens}}</p>"),
        ("# What is it?\n#card\nA lens\n", "<h1>What is it?</h1> = A lens"),
    ],
)
def test_in_a_block_by_itself_the_lines_behind_the_tag_are_the_answer(text: str, shown: str) -> None:
    assert sides(text) == [shown]


@pytest.mark.parametrize(
    "text",
    [
        "- Q\n  | a |\n  | b #card |\n  | c |\n",
        "- Q\n  * a #card\n  * b\n",
        "- Q\n  > a #card\n  > b\n",
        "- Q\n  #+BEGIN_TIP\n  a #card\n  b\n  #+END_TIP\n",
        "- Q\n  a #card\n",
    ],
)
def test_nothing_is_parted_in_its_middle(text: str) -> None:
    assert [complaint.split()[1] for complaint in complaints(text)] == ["no-answer"]
