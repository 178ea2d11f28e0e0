"""A formula that is hidden as a whole is an answer with the colour of answers; a part of one stays in it."""

import pytest

from tests.helpers.pages import sides


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("${{cloze a^2}}$", "{{c1::\\(a^2\\)}}"),
        ("$$ {{cloze a}} $$", "{{c1::\\[a\\]}}"),
        ("${{c2::a}}$ b", "{{c2::\\(a\\)}} b"),
        ("${{c1,2::a}}$ b", "{{c1,2::\\(a\\)}} b"),
        ("$${{cloze a}}$$", "{{c1::\\[a\\]}}"),
        ("{{cloze $a$}}", "{{c1::\\(a\\)}}"),
        ("$p = {{cloze mv}}$", "\\(p = {{c1::mv}}\\)"),
        ("${{cloze a}}{{cloze b}}$", "\\({{c1::a}}{{c2::b}}\\)"),
        ("${{cloze a {{cloze b}}}}$", "\\({{c1::a {{c2::b}}}}\\)"),
        ("${{cloze a \\\\ x^2}}$", "\\({{c1::a::x^2}}\\)"),
    ],
)
def test_the_marks_of_a_cloze_around_a_formula(text: str, shown: str) -> None:
    assert sides(f"- {text} #card\n") == [shown]
