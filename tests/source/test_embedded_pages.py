"""A page that a card embeds shows what its blocks say, and nothing that speaks to ankigen."""

import pytest

from tests.helpers.pages import sides

CARD = "- Q #card\n\t- {{embed [[A]]}}\n"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("- What is it? #card #bio\n\t- A lens\n", "<ul><li>What is it?<ul><li>A lens</li></ul></li></ul>"),
        ("- {{cloze A lens}} bends #card\n  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n",
         "<ul><li>A lens bends</li></ul>"),
        ("- a\n\t- b #card #reversed\n\t\t- c\n", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>"),
        ("- a\n- meaning:: a dog\n", "<ul><li>a</li><li>meaning: a dog</li></ul>"),
        ("text above #card\n\n- a\n", "<ul><li>text above</li><li>a</li></ul>"),
        ("nothing but text\n", "<ul><li>nothing but text</li></ul>"),
        ("deck:: X\n\n- a\n", "<ul><li>a</li></ul>"),
    ],
)  # fmt: skip
def test_an_embedded_page_is_clean_and_whole(page: str, shown: str) -> None:
    assert sides(CARD, others={"A": page})[-1] == f"Q = {shown}"


def test_a_page_within_an_embedded_page_is_clean_too() -> None:
    others = {"A": "- {{embed [[B]]}}\n", "B": "- b #card #bio\n"}
    assert sides(CARD, others=others) == ["Q = <ul><li><ul><li>b</li></ul></li></ul>"]
