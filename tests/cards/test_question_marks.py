"""The forms of Obsidian's spaced repetition make cards outside Logseq, where the option wants them."""

from __future__ import annotations

import pytest

from ankigen.cards.questions import with_questions
from ankigen.config import Config
from ankigen.support.structs import replace
from ankigen.syntax import outline
from tests.helpers.growth import LINEAR, growth_of_text
from tests.helpers.pages import complaints, desired_of, sides

LIST = "<ul><li>c</li><li>d</li></ul>"


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("Q::A\n", ["Q = A"]),
        ("Q :: A\n", ["Q = A"]),
        ("What is it:: a lens\n", ["What is it = a lens"]),
        ("Word:: its meaning\n", ["Word = its meaning"]),
        ("Deck:: no card\n", []),
        ("tags:: a, b\n\nQ::A\n", ["Q = A"]),
        ("A::B\nC::D\n\nE::F\n", ["A = B", "C = D", "E = F"]),
        ("text\nQ::A\nmore\n", ["Q = A"]),
        ("## Head\nQ::A\n", ["Q = A"]),
        ("## Q::A\n", ["<h2>Q</h2> = A"]),
        ("- Q::A\n", ["Q = A"]),
        ("- Q::A\n\t- c\n\t- d\n", [f"Q = <ul><li>A</li>{LIST[4:-5]}</ul>"]),
        ("- text\n\t- Q::A\n", ["Q = A"]),
        ("- Word:: meaning\n", ["Word = meaning"]),
        ("- a\n  Word:: meaning\n", ["Word = meaning"]),
        ("Q #flashcards/x::A #y\n", ["Q = A"]),
        ("Q::A <!--SR:!2024-01-01,3,250-->\n", ["Q = A"]),
        ("Q::A\n<!--SR:!2024-01-01,3,250-->\n", ["Q = A"]),
        ("**Q**::$a::b$\n", ["<strong>Q</strong> = \\(a::b\\)"]),
        ("Q\n?\nA\n", ["Q = A"]),
        ("a\nb\n?\nc\nd\n", ["a<br>b = c<br>d"]),
        ("x\n\nQ\n?\nA\n\ny\n", ["Q = A"]),
        ("Q\n?\nA\n\nR\n?\nB\n", ["Q = A", "R = B"]),
        ("#### Q\n?\nA\n", ["<h4>Q</h4> = A"]),
        ("## Head\n\nQ\n?\nA\n", ["Q = A"]),
        ("## Head\nQ\n?\nA\n", ["<h2>Head</h2><p>Q</p> = A"]),
        ("Q\n?\n- c\n- d\n", [f"Q = {LIST}"]),
        ("## Head\n\nQ\n?\n- c\n- d\n\n- e\n", [f"Q = {LIST}"]),
        ("- Q\n  ?\n  A\n", ["Q = A"]),
        ("- Q\n  ?\n\t- c\n\t- d\n", [f"Q = {LIST}"]),
        ("Q\n?\n```\na\n\nb\n```\nc\n", None),
        ("Q\n?\nA <!--SR:!2024-01-01,3,250-->\n", ["Q = A"]),
        ("Q\n?\n\nA\n", []),
        ("?\nA\n", []),
        ("Q\n\n?\nA\n", []),
        ("Q ?\nA\n", []),
        ("`std::vector` and ``a::b``\n", []),
        ("```\nQ::A\nQ\n?\nA\n```\n", []),
        ("$$\na::b\n$$\n", []),
        ("a :::: b\n", []),
        ("[key:: value]\n", []),
        ("(key:: value)\n", []),
        ("| a::b | c |\n", []),
        ("Q::\n", []),
        ("::A\n", []),
        ("https://example.org/a::b\n", []),
        ("%%Q::A%%\n", []),
        ("- Q #card\n\t- a::b\n", ["Q = a::b"]),
        ("## Q #card\nintro\n\na::b\n", ["<h2>Q</h2> = <p>intro</p><p>a::b</p>"]),
        ("## Q #card\nA\n\n## R\na::b\n", ["<h2>Q</h2> = A", "a = b"]),
        ("- {{c1::a}} is b #card\n", ["{{c1::a}} is b"]),
        ("{{c1::a}} is b\n", []),
        ("---\ntitle: a::b\n---\nQ::A\n", ["Q = A"]),
    ],
)
def test_a_line_or_a_paragraph_is_a_card_where_the_option_wants_it(text: str, cards: list[str] | None) -> None:
    made = sides(text, is_graph=False, question_marks=True)
    if cards is None:
        [card] = made
        assert "a\n\nb" in card
        assert "c" in card
    else:
        assert made == cards


@pytest.mark.parametrize("text", ["Q::A\n", "Q\n?\nA\n", "- Q::A\n", "Word:: meaning\n"])
def test_without_the_option_and_in_logseq_they_are_text(text: str) -> None:
    assert sides(text, is_graph=False) == []
    assert sides(text, question_marks=True) == []


@pytest.mark.parametrize(("text", "count"), [("a::b\n", 1), ("a:::b\n", 2), ("a\n?\nb\n", 1), ("a\n??\nb\n", 2)])
def test_three_colons_and_two_marks_ask_both_ways(text: str, count: int) -> None:
    [note] = desired_of(text, is_graph=False, question_marks=True).notes
    assert len(note.content.ordinals) == count


def test_the_plugin_writes_its_schedule_and_the_card_stays_the_same() -> None:
    before, after = (
        desired_of(f"Q::A{behind}\n", is_graph=False, question_marks=True).notes[0]
        for behind in ("", " <!--SR:!2024-01-01,3,250-->")
    )
    assert (before.content, before.identity.answer_digest) == (after.content, after.identity.answer_digest)


def test_problems_point_at_the_line_and_column() -> None:
    text = "x\nQ::A ![](none.png)\n\nR\n?\nB ![](none.png)\n"
    assert complaints(text, is_graph=False, question_marks=True) == ["2:6 missing-media", "6:3 missing-media"]


def questions_of(text: str) -> object:
    return with_questions(outline.parse(text, "a.md", "a"), replace(Config(), question_marks=True))


@pytest.mark.parametrize(
    "piece", ["a::b\n", "a\n?\n", "a\n?\nb\n\n", "?\n", "- a::b\n", "a:: b\n", ":", "`a::b", "[a::b"]
)
def test_questions_cost_no_more_than_the_length_of_the_page(piece: str) -> None:
    assert growth_of_text(piece.__mul__, questions_of) < LINEAR
