"""A block that begins with a check box shows it, as an item of a list does."""

import pytest

from tests.helpers.pages import desired_of, fields_of, sides

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "- Q #card\n\t- [ ] a\n\t- [x] b\n\t- [X] **c**\n",
            'Q = <ul><li class="task">☐ a</li><li class="task">☑ b</li><li class="task">☑ <strong>c</strong></li></ul>',
        ),
        ("- Q #card\n\t- [x] a\n", "Q = ☑ a"),
        ("- Q #card\n\t- * [ ] a\n\t  * [x] b\n", 'Q = <ul><li class="task">☐ a</li><li class="task">☑ b</li></ul>'),
        ("- Q #card\n\t- + [ ] a\n", 'Q = <ul><li class="task">☐ a</li></ul>'),
        ("- Q #card\n\t- 1. [x] a\n", 'Q = <ol><li class="task">☑ a</li></ol>'),
        ("- [ ] Q #card\n\t- a\n", "☐ Q = a"),
        ("- TODO [ ] Q #card\n\t- a\n", "☐ Q = a"),
        (
            "- Q #card\n\t- [ ] {{cloze a}}\n\t- b\n",
            '<p>Q</p><ul><li class="task">☐ {{c1::a}}</li><li>b</li></ul>',
        ),
        (f"- Q #card\n\t- (({ID}))\n- [x] a\n  id:: {ID}\n", 'Q = <span class="ankigen-reference">☑ a</span>'),
    ],
)
def test_a_check_box_is_shown(text: str, shown: str) -> None:
    assert sides(text) == [shown]


@pytest.mark.parametrize(
    "text", ["[ ]", "[x]", "[-] a", "[xx] a", "[x](https://a.example)", "a [x] b", "`[x] a`", "[x]a"]
)
def test_brackets_that_are_no_check_box_stay(text: str) -> None:
    assert not {"☐", "☑"} & set(sides(f"- Q #card\n\t- {text}\n")[0])


def test_a_check_box_above_a_card_stands_in_its_context() -> None:
    [note] = desired_of("- [x] Optics\n\t- Q #card\n\t\t- A\n").notes
    assert fields_of(note)["Context"] == "Page › ☑ Optics"
