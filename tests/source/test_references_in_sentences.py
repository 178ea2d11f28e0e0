"""A reference within a sentence is a part of it, whatever the line that it means begins with."""

from pathlib import Path

import pytest

from tests.helpers.building import build, write
from tests.helpers.pages import sides

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("## A lens", "A lens"),
        ("###### A **lens**", "A <strong>lens</strong>"),
        ("## TODO A lens", "A lens"),
        ("# {{cloze A lens}} #card", "A lens"),
        ("> A lens", "A lens"),
        ("* A lens", "A lens"),
        ("+ A lens", "A lens"),
        ("1. A lens", "1. A lens"),
        ("2) A lens", "2) A lens"),
        ("-5 degrees", "-5 degrees"),
    ],
)
def test_a_reference_shows_the_words_of_a_line_and_not_its_shape(line: str, shown: str) -> None:
    cards = f"- How do you tell (({ID})) from it? #card\n\t- (({ID}))\n"
    marked = f'<span class="ankigen-reference">{shown}</span>'
    assert f"How do you tell {marked} from it? = {marked}" in sides(f"{cards}- {line}\n  {'id::'} {ID}\n")


def test_the_marks_of_a_heading_above_are_no_part_of_the_context(tmp_path: Path) -> None:
    page = f"- See (({ID}))\n\t- Q #card\n\t\t- A\n- ## A lens\n  {'id::'} {ID}\n"
    [note] = build(write(tmp_path / "notes", Page=page), tmp_path / "a.apkg").notes
    assert "Page › See A lens" in note.content.texts


def test_a_picture_or_a_formula_with_lines_of_its_own_is_not_underlined() -> None:
    for line in ("![p](https://example.com/p.png)", "$$x$$", "```\nx\n```".replace("\n", "\n  ")):
        [shown] = sides(f"- See (({ID})) #card\n\t- A\n- {line}\n  {'id::'} {ID}\n")
        assert "ankigen-reference" not in shown


def test_a_label_of_a_reference_is_the_author_s_own_text() -> None:
    assert sides(f"- See [it]((({ID}))) #card\n\t- A\n- A lens\n  {'id::'} {ID}\n") == ["See it = A"]
