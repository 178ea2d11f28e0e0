"""Cards in templates of Logseq are no cards, and that is what is said of them."""

import pytest

from tests.helpers.pages import complaints, sides


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- word\n  template:: word\n\t- Q #card\n\t\t- A\n", "3:6 card-in-template"),
        ("- Q [[card]]\n  template:: word\n\t- A\n", "1:5 card-in-template"),
        ("- Q\n  template:: word\n  tags:: card\n\t- A\n", "1 card-in-template"),
        ("- a\n\t- b\n\t  template:: word\n\t\t- Q #flashcard\n", "4:7 card-in-template"),
        ("- a\n  template:: word\n\t- b\n\t  template:: inner\n\t\t- Q #card\n", "5:7 card-in-template"),
    ],
)
def test_a_card_in_a_template_is_told_with_its_own_reason(text: str, told: str) -> None:
    assert complaints(text) == [told]
    assert sides(text) == []


def test_cards_in_the_templates_of_a_page_are_counted_in_one_problem() -> None:
    assert complaints("- t\n  template:: t\n\t- Q #card\n\t\t- A\n\t- R #card\n\t\t- B\n") == ["3:6 card-in-template"]


@pytest.mark.parametrize(
    "inside", ["`#card`", "{{cloze a}}", "x\n\t  card-repeats:: 3", "no card at all"], ids=lambda text: text[:8]
)
def test_what_looks_like_a_card_in_a_template_is_nothing(inside: str) -> None:
    assert complaints(f"- t\n  template:: t\n\t- {inside}\n") == []
