"""A cloze where nothing is read as one is told, with the way to hide it all the same."""

import pytest

from tests.helpers.pages import complaints, desired_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- x #card\n  ```\n  {{cloze 1}}\n  ```\n", "3:3 broken-cloze"),
        ("- x #card\n  ~~~py\n  a = {{c1::1}}\n  ~~~\n", "3:7 broken-cloze"),
        ("- x #card\n\t- #+BEGIN_SRC py\n\t  {{c2 1}}\n\t  #+END_SRC\n", "3:4 broken-cloze"),
        ("- x #card\n\t- #+BEGIN_EXAMPLE\n\t  {{cloze3 1}}\n\t  #+END_EXAMPLE\n", "3:4 broken-cloze"),
        ("- x #card\n\t- `{{cloze 1}}`\n", "2:5 broken-cloze"),
        ("- x #card\n\t- #+BEGIN_TIP\n\t  `{{cloze 1}}`\n\t  #+END_TIP\n", "3:5 broken-cloze"),
        ("- {{cloze a}} #card\n  ```\n  {{cloze 1}}\n  ```\n", "3:3 broken-cloze"),
        ("- {{cloze a}} #card\n\t- {{cloze b\n", "2:4 broken-cloze"),
        ("- [[{{cloze Paris}}]] is a town #card\n\t- yes\n", "1:5 broken-cloze"),
        ("- [here](https://a.example/{{cloze b}}) #card\n\t- yes\n", "1:28 broken-cloze"),
    ],
)
def test_a_cloze_that_stands_where_none_is_read_is_told_at_its_place(text: str, told: str) -> None:
    assert complaints(text) == [told]


@pytest.mark.parametrize(
    "text",
    [
        "- How is {{cloze a}} written? #card\n\t- `{{cloze a}}`\n",  # quoted beside one that hides
        "- x #card\n  replacecloze:: \" '1' \"\n  ```\n  {{cloze 1}}\n  ```\n",
        "- x #card\n\t- `{{cloze:Text}}` and `{{ c1 }}`\n",  # Anki's and Jinja's
        "- x #card\n\t- ```\n\t  {{clozes a}} {{c a}}\n\t  ```\n",
        "- $a = {{cloze b}}$ #card\n",  # in mathematics it hides
    ],
)
def test_code_that_speaks_of_clozes_or_of_something_else_is_left_alone(text: str) -> None:
    assert complaints(text) == []


def test_the_advice_names_the_way_into_code() -> None:
    [problem] = desired_of("- x #card\n  ```\n  {{cloze 1}}\n  ```\n").problems
    assert problem.message == "a cloze within code hides nothing: name what to hide in replacecloze:: on the block"
