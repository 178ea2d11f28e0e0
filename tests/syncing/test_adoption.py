"""Which note in Anki is which card: words, marks and clozes, one to one, and the cloze numbers that are kept."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.data import ClozeNumber, Evidence, ExistingCard, ExistingNote, Guid, Note, Position, WrittenMark
from ankigen.support.structs import replace
from ankigen.syncing.adoption.marks import marks_of
from ankigen.syncing.adoption.matching import match
from ankigen.syncing.adoption.renumbering import renumbered
from ankigen.syncing.adoption.words import letters, words, written_clozes
from tests.helpers.syncing import note

ID = 1_690_000_000_123
OTHER = 1_690_000_000_999


def there(id_: int, *texts: str, names: Sequence[str] = ("Front", "Back", "More"), **fields: str) -> ExistingNote:
    held = dict(zip(names, texts, strict=False)) | fields
    return ExistingNote(id_, Guid(""), "Theirs", 1, (), held, (ExistingCard(id_, "A"),))


def here(name: str, front: str, back: str, line: int = 1, path: str = "page.md") -> Note:
    return replace(note(name, front, back), position=Position(path, line))


def marked(note_id: int) -> WrittenMark:
    return WrittenMark(Position("page.md"), f"<!--ID: {note_id}-->", note_id)


# Words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>A&nbsp;lens</p>", "a <b>lens</b>"),
        ("<ul><li>one</li><li>two</li></ul>", "one<br>two"),
        ("a &lt; b", "A < b"),
        ("ｆｕｌｌ ﬁ", "full fi"),
        ("x <!-- ID: 1690000000123 --> y", "x y"),
        ("answer ID: 1690000000123", "answer"),
        ("answer ^1690000000123", "answer"),
        ("The {{c3::sun::hint}} shines", "The sun shines"),
        ("{{c1::a {{c2::b::h}} c}} d", "a b c d"),
        (r"\(x^2\) and", "[$]x^2[/$] and"),
        ("[latex]x^2[/latex]", "<anki-mathjax>x^2</anki-mathjax>"),
        ("$$x^2$$", r"\[x^2\]"),
        ('<img src="a-1234.png">', "<img alt='b' src='c.png' width=3>"),
    ],
)
def test_texts_that_say_the_same_have_the_same_words(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a<br>b", "ab"), ("{{c1::a}}", "{{c1::b}}"), ("a", "a <img>")])
def test_texts_that_say_something_else_do_not(one: str, other: str) -> None:
    assert words(one) != words(other)


@given(st.text("{}c1:,<>!-&;$\\[]() ab", max_size=60))
def test_words_and_clozes_can_be_had_of_any_text(text: str) -> None:
    assert words(text) == words(text).casefold()
    assert letters(words(text)) == letters(letters(words(text)))
    assert all(cloze.numbers for cloze in written_clozes(text))


# Marks


@pytest.mark.parametrize(
    ("page", "marks"),
    [
        (f"- Q #card\n\t- A\n\t<!--ID: {ID}-->\n", [(3, 2, f"<!--ID: {ID}-->")]),
        (f"- Q #card\n\t- A\n\tID: {ID}\n", [(3, 2, f"ID: {ID}")]),
        (f"- Q #card\n\t- A ^{ID}\n", [(2, 6, f"^{ID}")]),
        (f"- Q #card\n\t- A\n\n^{ID}\n", [(4, 1, f"^{ID}")]),
        (f"- Q #card\n\t- A\n\n^{ID}\n\n^{OTHER}\n", [(4, 1, f"^{ID}")]),
        ("- Q #card\n\t- A\n\n^note\n", []),
        (f"- Q #card\n\t- A grows by ^{ID} a day\n", []),
        ("", []),
    ],
)
def test_a_mark_stands_in_the_lines_of_its_card(page: str, marks: list[tuple[int, int, str]]) -> None:
    found = marks_of([here("a", "Q", "A")], {"page.md": page.split("\n")}).get(Guid("a"), ())
    assert [(mark.position.line, mark.position.column, mark.text) for mark in found] == marks
    assert all(mark.note_id == ID for mark in found)


@pytest.mark.parametrize(
    ("mark", "marks"),
    [(f"<!--ID:{ID}-->", (ID, "")), ("<!-- note_key: a1-b2 -->", (0, "a1-b2"))],
)
def test_a_mark_above_is_that_of_the_card_below_it_alone(mark: str, marks: tuple[int, str]) -> None:
    lines = f"- P #card\n\t- A\n{mark}\n- Q #card\n\t- B\n".split("\n")
    found = marks_of([here("a", "P", "A"), here("b", "Q", "B", line=4)], {"page.md": lines})
    assert found == {Guid("b"): (WrittenMark(Position("page.md", 3), mark, *marks),)}


def test_a_mark_of_a_card_that_makes_no_note_is_nobody_elses() -> None:
    lines = f"- P #card\n\t- A\n- Q #card\n\t<!--ID: {ID}-->\n".split("\n")
    assert marks_of([here("a", "P", "A")], {"page.md": lines}, [Position("page.md", 3)]) == {}


def test_a_page_without_a_note_has_no_marks_and_keeps_those_of_other_pages() -> None:
    lines = {"page.md": ["- P #card", "\t- A ^1690000000123"]}
    found = marks_of([here("a", "P", "A")], lines, [Position("faulty.md", 3)])
    assert [mark.note_id for mark in found[Guid("a")]] == [1690000000123]


def test_the_id_of_a_file_is_that_of_its_only_card() -> None:
    lines = f"---\nnoteId: {ID}\n---\n- P #card\n\t- A\n- Q #card\n\t- B\n".split("\n")
    one, two = here("a", "P", "A", line=4), here("b", "Q", "B", line=6)
    mark = WrittenMark(Position("page.md", 2), f"noteId: {ID}", ID)
    assert marks_of([one], {"page.md": lines}) == {Guid("a"): (mark,)}
    assert marks_of([one, two], {"page.md": lines}) == {}


# Matching


def evidence(notes: Sequence[Note], existing: Sequence[ExistingNote]) -> dict[str, tuple[int, Evidence]]:
    matched = match(notes, existing, {})
    return {pair.note.identity.guid: (pair.existing.id, pair.evidence) for pair in matched.pairs}


@pytest.mark.parametrize(
    ("front", "back", "why"),
    [
        ("What bends light?", "a lens", Evidence.QUESTION_AND_ANSWER),
        ("what <b>bends</b> light?", "A prism", Evidence.QUESTION),
        ("What bends light", "A prism", Evidence.PUNCTUATION),
    ],
)
def test_the_best_evidence_is_named(front: str, back: str, why: Evidence) -> None:
    assert evidence([here("a", "What bends light?", "A lens")], [there(1, front, back)]) == {"a": (1, why)}


def test_a_long_answer_tells_and_a_short_one_does_not() -> None:
    long, short = "it is made of glass", "a lens"
    assert evidence([here("a", "Q", long)], [there(1, "R", long)]) == {"a": (1, Evidence.ANSWER)}
    assert evidence([here("a", "Q", short)], [there(1, "R", short)]) == {}


def test_a_mark_counts_more_than_words_and_a_mark_that_stands_twice_decides_nothing() -> None:
    mine, copy = here("a", "Q", "A"), here("b", "R", "B")
    theirs = [there(1, "Q", "A"), there(2, "S", "C")]
    matched = match([mine], theirs, {Guid("a"): [marked(2)]})
    assert [(pair.existing.id, pair.evidence) for pair in matched.pairs] == [(2, Evidence.MARK)]
    matched = match([mine, copy], theirs, {Guid("a"): [marked(2)], Guid("b"): [marked(2)]})
    assert matched.pairs == ()
    assert [one.note.identity.guid for one in matched.ambiguous] == ["a", "b"]
    third = here("c", "S", "C")
    assert match([mine, copy, third], theirs, {Guid("a"): [marked(2)], Guid("b"): [marked(2)]}).pairs == ()


def test_a_question_that_stands_twice_on_either_side_is_never_decided_by_less_than_its_answer() -> None:
    mine = [here("a", "Q", "one"), here("b", "Q", "two")]
    assert evidence(mine, [there(1, "Q", "one")]) == {"a": (1, Evidence.QUESTION_AND_ANSWER)}
    assert evidence(mine[:1], [there(1, "Q", "two"), there(2, "Q", "three")]) == {}
    assert evidence(mine, [there(1, "Q", "one"), there(2, "Q", "three")]) == {"a": (1, Evidence.QUESTION_AND_ANSWER)}


def test_a_question_is_free_once_its_note_in_anki_is_known_to_be_of_another_card() -> None:
    dog, cat = here("a", "dog", "A"), here("b", "cat", "B", line=3)
    theirs = [there(1, "cat", "C"), there(2, "cat", "D")]
    matched = match([dog, cat], theirs, {Guid("a"): [marked(1)]})
    assert [(pair.note.identity.guid, pair.existing.id, pair.evidence) for pair in matched.pairs] == [
        ("a", 1, Evidence.MARK),
        ("b", 2, Evidence.QUESTION),
    ]


def test_a_question_is_free_once_its_note_in_anki_is_known_by_its_answer() -> None:
    mine = [here("a", "dog", "it barks all night"), here("b", "cat", "B", line=3)]
    theirs = [there(1, "cat", "it barks all night"), there(2, "cat", "D")]
    assert evidence(mine, theirs) == {"a": (1, Evidence.ANSWER), "b": (2, Evidence.QUESTION)}


def test_a_card_that_was_adopted_before_keeps_its_question_from_being_decided_by_less() -> None:
    mine = [here("a", "Q", "one"), here("b", "Q", "two")]
    theirs = [there(1, "Q", "one"), there(2, "Q", "three")]
    assert [pair.existing.id for pair in match(mine, theirs, {}).pairs] == [1]
    assert match(mine[1:], theirs[1:], {}, mine[:1]).pairs == ()


@pytest.mark.parametrize("seed", range(60))
def test_a_second_matching_of_what_is_left_finds_nothing(seed: int) -> None:
    chance = random.Random(seed)
    asked, answered = ["dog", "cat", "Dog!"], ["the dog barks at night", "the cat sleeps all day", "x"]
    mine = [here(f"n{n}", chance.choice(asked), chance.choice(answered)) for n in range(6)]
    theirs = [there(n + 1, chance.choice(asked), chance.choice(answered)) for n in range(6)]
    marks = {Guid(f"n{n}"): [marked(chance.randrange(1, 9))] for n in range(0, 6, 3)}
    pairs = match(mine, theirs, marks, is_similar=True).pairs
    done, taken = {pair.note.identity.guid for pair in pairs}, {pair.existing.id for pair in pairs}
    left, managed = ([note for note in mine if (note.identity.guid in done) is is_done] for is_done in (False, True))
    again = match(left, [note for note in theirs if note.id not in taken], marks, managed, is_similar=True)
    assert again.pairs == ()


def test_a_cloze_is_never_a_question_that_says_the_same_words() -> None:
    assert evidence([here("a", "The sun shines", "A")], [there(1, "The {{c1::sun}} shines", "A")]) == {}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_notes_there_are_each_is_paired_once_and_in_any_order_alike(seed: int) -> None:
    chance = random.Random(seed)
    texts = ["dog", "cat", "the dog barks at night", "the cat sleeps all day long", "Dog!", ""]
    mine = [here(f"n{n}", chance.choice(texts[:5]), chance.choice(texts)) for n in range(12)]
    theirs = [there(n + 1, chance.choice(texts), chance.choice(texts)) for n in range(12)]
    marks = {Guid(f"n{n}"): [marked(chance.randrange(1, 14))] for n in range(0, 12, 3)}
    matched = match(mine, theirs, marks, is_similar=True)
    ids = [pair.existing.id for pair in matched.pairs]
    assert len(set(ids)) == len(ids)
    assert len({pair.note.identity.guid for pair in matched.pairs}) == len(ids)
    again = match(chance.sample(mine, 12), chance.sample(theirs, 12), marks, is_similar=True)
    assert {(pair.note.identity.guid, pair.existing.id) for pair in again.pairs} == {
        (pair.note.identity.guid, pair.existing.id) for pair in matched.pairs
    }


# Cloze numbers


def numbers(ours: str, theirs: str, *answers: str) -> list[tuple[str, int, bool]]:
    known = [ClozeNumber(answer, number) for number, answer in enumerate(answers, 1)]
    return [(cloze.answer, cloze.number, cloze.is_used) for cloze in renumbered(known, ours, theirs)]


def test_the_same_answer_keeps_the_number_that_it_has_in_anki() -> None:
    found = numbers("{{c1::sun}} {{c2::star}}", "a {{c3::<b>star</b>}} {{c7::sun}}", "sun", "star")
    assert found == [("sun", 7, True), ("star", 3, True)]


def test_answers_that_were_reworded_keep_their_numbers_in_their_order_if_they_are_as_many() -> None:
    found = numbers("{{c1::sun}} {{c2::big star}}", "{{c3::sun}} {{c4::star}}", "sun", "big star")
    assert found == [("sun", 3, True), ("big star", 4, True)]


def test_a_new_answer_gets_a_number_above_all_and_takes_none_that_was_anothers() -> None:
    found = numbers("{{c1::sun}} {{c2::moon}} {{c3::star}}", "{{c5::sun}}", "sun", "moon", "star")
    assert found == [("sun", 5, True), ("moon", 6, True), ("star", 7, True)]
    found = numbers("{{c1::sun}}", "{{c1::moon}} {{c2::sun}}", "sun")
    assert found == [("sun", 2, True), ("moon", 1, False)]


def test_a_note_that_hides_nothing_in_anki_changes_no_number() -> None:
    assert numbers("{{c1::sun}}", "the sun", "sun") == [("sun", 1, True)]
