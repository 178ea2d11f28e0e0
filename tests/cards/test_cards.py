"""Options of the config that change which blocks are cards."""

import pytest

from ankigen.cards import find_cards, under_headings
from ankigen.config import Config
from ankigen.data import CardBlock, Direction
from ankigen.note_types import kind_of
from ankigen.support.structs import replace
from ankigen.syntax.outline import parse


def cards(text: str, **options: object) -> tuple[CardBlock, ...]:
    return find_cards(parse(text, "p.md", "Page"), "Deck", replace(Config(), **options)).cards


def answer(card: CardBlock) -> list[str]:
    return [block.text for child in card.answer for block in child.walk()]


def test_an_arrow_outside_cards_asks_if_the_user_wants_it_to() -> None:
    text = "- Asthma\n\t- Signs :-> wheeze, cough\n- a :<-> b\n- `x` :<- y\n- $a :-> b$\n- Q #card\n\t- not :-> this\n"
    assert [card.is_hiding for card in cards(text)] == [False]
    found = cards(text, swift_arrows=True)
    assert [(card.question, answer(card), card.direction) for card in found[:3]] == [
        ("Asthma > Signs", ["wheeze, cough"], Direction.FORWARD),
        ("a", ["b"], Direction.BOTH),
        ("`x`", ["y"], Direction.REVERSE),
    ]
    assert [card.question for card in found[3:]] == ["Q"]


def test_a_cloze_alone_makes_a_note_if_the_user_wants_it_to() -> None:
    text = "- A {{cloze b}} c\n\t- {{cloze d}} belongs to it\n- none\n"
    assert cards(text) == ()
    [card] = cards(text, cloze_without_card=True)
    assert [cloze.text for cloze in card.clozes] == ["b", "d"]


def test_the_scope_of_clozes_may_end_at_the_card_block() -> None:
    text = "- Q #card\n\t- {{cloze a}}\n"
    assert [card.is_hiding for card in cards(text)] == [True]
    [card] = cards(text, cloze_scope="block")
    assert (card.is_hiding, answer(card)) == (False, ["a"])


def test_all_clozes_of_a_note_may_share_one_number() -> None:
    [card] = cards("- {{cloze a}} {{cloze b}} #card", cloze_numbers="one")
    assert [cloze.number for cloze in card.clozes] == [1, 1]


@pytest.mark.parametrize(
    ("text", "options", "count"),
    [
        ("- Q #flashcard\n\t- A", {}, 1),
        ("- Q #ask\n\t- A", {"card_tags": ("ask",)}, 1),
        ("- Q #card\n\t- A", {"card_tags": ("ask",)}, 0),
        ("- Q (#card)\n\t- A", {}, 1),
        ("- Q (#card)\n\t- A", {"lenient_tags": False}, 0),
        ("- tags:: card\n  Q\n\t- A", {}, 1),
        ("- Q\n  tags:: card, math\n\t- A", {}, 1),
        ("- Q\n  type:: [[card]]\n\t- A", {}, 1),
        ("- Q\n  note:: see #card\n\t- A", {}, 1),
        ('- Q\n  note:: "#card"\n\t- A', {}, 0),
        ("- Q\n  type:: card\n\t- A", {}, 0),
        ("- Q\n  card:: x\n\t- A", {}, 0),
        ("tags:: card\n\n- Q\n\t- A", {}, 0),
        ("- Q {{embed [[card]]}}\n\t- A", {}, 0),
    ],
)
def test_what_makes_a_block_a_card(text: str, options: dict[str, object], count: int) -> None:
    assert len(cards(text, **options)) == count


def test_an_empty_back_is_made_only_if_the_user_wants_it() -> None:
    [card] = cards("- Q #card")
    assert [fault.rule for fault in kind_of(card).faults(card, Config())] == ["no-answer"]
    assert list(kind_of(card).faults(card, Config(empty_back=True))) == []


def test_a_question_is_taken_from_the_parent_unless_the_user_says_no() -> None:
    text = "- Parent\n\t- #card\n\t\t- A\n"
    assert [card.question for card in cards(text)] == ["Parent"]
    assert [card.is_sound for card in cards(text, question_from_parent=False)] == [False]


def test_in_a_plain_folder_a_heading_that_is_a_task_owns_the_list_below_it() -> None:
    page = under_headings(parse("# TODO Why? #card\n\n- Because\n", "p.md", "Page"), Config())
    (card,) = find_cards(page, "Deck", Config()).cards
    assert (card.question, answer(card)) == ("# Why?", ["Because"])


def test_an_answer_may_stop_at_nested_cards() -> None:
    text = "- Q #card\n\t- A\n\t- inner #card\n\t\t- B\n"
    assert answer(cards(text)[0]) == ["A", "inner", "B"]
    assert answer(cards(text, nested_cards="stop")[0]) == ["A"]


def test_tags_may_stay_in_the_text_and_have_a_prefix() -> None:
    [card] = cards("- Q #card #x\n\t- A", tags_in_text=True, tag_prefix="logseq/")
    assert (card.question, card.tags) == ("Q #x", ("logseq::x",))


def test_properties_stand_on_the_card_if_the_user_wants_them() -> None:
    text = "- Q #card\n  source:: a book\n  mood:: good\n\t- A"
    assert [card.question for card in cards(text)] == ["Q"]
    assert [card.question for card in cards(text, show_properties=("source",))] == ["Q\nsource: a book"]


def test_another_property_may_hold_the_id() -> None:
    id = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
    [card] = cards(f"- Q #card\n  id:: {id[::-1]}\n  anki-id:: {id}\n\t- A", id_property="anki-id")
    assert card.id == id


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Which #gas #card burns?", "Which gas burns?"),
        ("Which #gas (#card) burns?", "Which gas burns?"),
        ("#x #card Which #y gas? #z #card", "Which y gas?"),
        ("#[[a [[card]] b]] is one tag #card", "is one tag"),
        ("#depth-1[[[#A] x\ny\n#card", "] x\ny"),
    ],
)
def test_tags_leave_without_taking_their_neighbours_along(text: str, question: str) -> None:
    body = text.replace("\n", "\n  ")
    assert [card.question for card in cards(f"- {body}\n\t- A")] == [question]


def test_control_characters_reach_neither_tags_nor_decks() -> None:
    [card] = cards("deck:: A\x00B\n\n- Q #card #x\x01y\n\t- A")
    assert (card.deck, card.tags) == ("AB", ("xy",))
