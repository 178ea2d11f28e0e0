"""A block of nothing but properties says what the author's own say; bookkeeping stays out of sight."""

import pytest

from ankigen.cards.instructions import deck_name, listed
from tests.helpers.pages import complaints, sides

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- perro #card\n\t- meaning:: a small dog\n", "perro = meaning: a small dog"),
        ("- perro #card\n\t- meaning:: dog\n\t  gender:: m\n", "perro = meaning: dog<br>gender: m"),
        ("- perro #card\n\t- Meaning:: dog\n\t  collapsed:: true\n", "perro = meaning: dog"),
        (f"- perro #card\n\t- meaning:: dog\n\t  id:: {ID}\n", "perro = meaning: dog"),
        ("- perro #card\n\t- meaning:: [[dog]]\n\t\t- hairy\n",
         "perro = <ul><li>meaning: dog<ul><li>hairy</li></ul></li></ul>"),
        ("- perro #card\n\t- meaning::\n", "perro = meaning:"),
        ("- perro #card\n\t- it is {{cloze big}}\n\t- meaning:: {{cloze dog}}\n",
         "<p>perro</p><ul><li>it is {{c1::big}}</li><li>meaning: {{c2::dog}}</li></ul>"),
        (f"- perro #card\n\t- (({ID}))\n- meaning:: dog\n  id:: {ID}\n",
         'perro = <span class="ankigen-reference">meaning: dog</span>'),
        (f"- perro #card\n\t- {{{{embed (({ID}))}}}}\n- meaning:: dog\n  id:: {ID}\n",
         "perro = <ul><li>meaning: dog</li></ul>"),
        ("- word:: perro\n\t- #card\n\t\t- dog\n", "word: perro = dog"),
    ],
)  # fmt: skip
def test_own_properties_are_shown_where_a_block_says_nothing_else(text: str, shown: str) -> None:
    assert sides(text) == [shown]


@pytest.mark.parametrize(
    "key",
    [
        "background-color", "card-repeats", "collapsed", "created-at", "deck", "heading", "hl-page", "icon", "id",
        "logseq.order-list-type", "ls-type", "query-table", "tags", "title",
    ],
)  # fmt: skip
def test_bookkeeping_is_no_answer(key: str) -> None:
    assert complaints(f"- perro #card\n\t- {key}:: dog\n") == ["1:3 no-answer"]


def test_properties_beside_text_stay_out_of_sight() -> None:
    assert sides("- perro #card\n\t- dog\n\t  gender:: m\n") == ["perro = dog"]


def test_the_property_that_holds_ids_is_bookkeeping_whatever_its_name() -> None:
    assert complaints("- perro #card\n\t- uid:: dog\n", id_property="uid") == ["1:3 no-answer"]


@pytest.mark.parametrize(
    ("written", "deck"),
    [
        ('He said "hi"', 'He said "hi"'),
        ('"Hi" she said', '"Hi" she said'),
        ('"Optics"', "Optics"),
        ("'Optics'", "Optics"),
        ('"Hi" and "bye"', '"Hi" and "bye"'),
        ("rock 'n'", "rock 'n'"),
        ('"', '"'),
    ],
)
def test_a_deck_loses_only_quotes_around_the_whole_of_it(written: str, deck: str) -> None:
    assert deck_name(written) == deck


def test_so_does_a_tag_in_a_list() -> None:
    assert list(listed("'a b', rock 'n', \"c\"")) == ["a b", "rock 'n'", "c"]


def test_so_does_a_title() -> None:
    assert [sides(f"title:: {title}\n\n- #card\n\t- a\n") for title in ('He said "hi"', '"Optics"')] == [
        ['He said "hi" = a'],
        ["Optics = a"],
    ]
