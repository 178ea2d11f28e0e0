"""However odd a template or a field is, reading it takes time that grows with its size and no faster."""

from __future__ import annotations

import pytest

from ankigen import templates
from ankigen.cards import own_fields
from ankigen.templates.plain import without_html
from tests.helpers.growth import LINEAR, get_through, growth_of_text

PIECES = ["<!--", "{{", "{{#a}}", "{{/a}}", "<!--{{", "{{{", "-->", "}}", "{{a}}", "{{a:b:c}}", "<%", "{{^a}}{{/a}}"]
HTML = ["<", ">", "<!--", "-->", "<style>", "</style", "<script", "&", "&amp;", "&#", "<style><!--", "< >"]
LABELS = [" ", "a ", "#", "# ", "**", "__", "a:", "\t", "**a** ", ": "]


def faults(text: str) -> object:
    return list(templates.faults([text], [text], ["a"], is_cloze=False))


@pytest.mark.parametrize("piece", PIECES)
def test_a_template_is_read_in_steps_that_grow_with_it(piece: str) -> None:
    assert growth_of_text(lambda size: piece * size, faults) <= LINEAR
    get_through(lambda size: piece * size, faults)


@pytest.mark.parametrize("piece", HTML)
def test_html_is_taken_away_in_steps_that_grow_with_it(piece: str) -> None:
    assert growth_of_text(lambda size: piece * size, without_html) <= LINEAR
    get_through(lambda size: piece * size, without_html)


@pytest.mark.parametrize("piece", LABELS)
def test_the_name_of_a_field_is_looked_for_in_steps_that_grow_with_the_line(piece: str) -> None:
    get_through(lambda size: f"a{piece * size}b", own_fields.label_of)
