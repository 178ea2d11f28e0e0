"""Renders the hint of a question: a line that opens, with plain HTML."""

from __future__ import annotations

from ankigen.data import Face, Html, Line, Property
from ankigen.render.elements import shows_something
from ankigen.render.escape_for_anki import OVERLAY
from ankigen.render.fields import question
from ankigen.render.links import Links


def with_hint(face: Face, hint: Property | None, path: str, links: Links) -> Face:
    """The face with a closed hint below its text."""
    if hint is None or not shows_something(face.html):
        return face
    inside = question(hint.value, path, (Line(hint.line, 1, hint.value),), links)
    apart = "&#8203;" if inside.html.startswith(OVERLAY) else ""
    html = Html(f'{face.html}<details class="hint"><summary>Hint</summary>{apart}{inside.html}</details>')
    problems = tuple(problem for problem in inside.problems if problem not in face.problems)
    return Face(html, (*face.media, *inside.media), (*face.problems, *problems))
