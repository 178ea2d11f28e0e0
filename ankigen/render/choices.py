"""Renders multiple choice: the question with its choices, and the same choices marked as right and wrong.

The marks are HTML, so that they work without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.data import Block, Choices, Face, Line
from ankigen.render.elements import without_task_marks
from ankigen.render.escape_for_anki import plain_field
from ankigen.render.fields import face_of, html_below, joined
from ankigen.render.links import NO_LINKS, Links
from ankigen.render.text import FieldRenderer, TextPosition
from ankigen.support.structs import Struct, replace
from ankigen.syntax.spans import clean

RIGHT = '<b class="mark" title="right">✓</b> '
WRONG = '<b class="mark" title="wrong">✗</b> '


_BOX = re.compile("[☐☑] ")


class ChoiceFaces(Struct, frozen=True):
    """The two faces of a choice, and the answer alone: the second face without wrong choices."""

    question: Face
    answer: Face
    answering: Face


def choice(
    question: str, choices: Choices, path: str, lines: Sequence[Line] = (), links: Links = NO_LINKS
) -> ChoiceFaces:
    """Render a question from some lines of the page at `path`, and its choices."""
    asked = _asked(question, choices, path, lines, links)
    answered = _answered(choices, path, links)
    right = tuple(option for option in choices.options if option.is_right)
    answering = _answered(replace(choices, options=right), path, links, has_marks=False)
    problems = tuple(problem for problem in answered.problems if problem not in asked.problems)
    return ChoiceFaces(asked, replace(answered, problems=problems), answering)


def _asked(question: str, choices: Choices, path: str, lines: Sequence[Line], links: Links) -> Face:
    renderer = FieldRenderer(links)
    above = renderer.text(without_task_marks(clean(question)), TextPosition(path, lines))
    items = [f"<li>{_inside(renderer, replace(option.block, children=()), path)}</li>" for option in choices.options]
    html = joined(above, f"{_count(choices)}{_list(choices, items)}")
    return face_of(renderer, plain_field(renderer.footnotes.behind(html), links.schemes))


def _answered(choices: Choices, path: str, links: Links, *, has_marks: bool = True) -> Face:
    renderer = FieldRenderer(links)
    items = []
    for option in choices.options:
        kind, mark = ("right", RIGHT) if option.is_right else ("wrong", WRONG)
        inside = _inside(renderer, option.block, path)
        items.append(f'<li class="{kind}">{mark if has_marks else ""}{inside}</li>')
    below = html_below(renderer, choices.explanation, TextPosition(path))
    html = joined(_list(choices, items), below)
    return face_of(renderer, plain_field(renderer.footnotes.behind(html), links.schemes))


def _inside(renderer: FieldRenderer, block: Block, path: str) -> str:
    """A choice without its box, and its children as a list."""
    return _BOX.sub("", renderer.block(block, TextPosition(path)), count=1)


def _count(choices: Choices) -> str:
    right = sum(option.is_right for option in choices.options)
    return f'<p class="count">{right} answers</p>' if right > 1 else ""


def _list(choices: Choices, items: Sequence[str]) -> str:
    """Radio buttons if one choice is right, else check boxes; `kept` in order, if the author wants that."""
    one = sum(option.is_right for option in choices.options) == 1
    kept = "" if choices.is_shuffled else " kept"
    return f'<ol class="choices {"one" if one else "several"}{kept}">{"".join(items)}</ol>'
