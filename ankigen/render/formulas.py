r"""Removes TeX commands that are not mathematics from formulas.

MathJax, as Anki has it, makes links of `\href` and `\mmlToken`, styles of `\style` and `\bbox`, and loads more of
itself by `\require`. https://docs.mathjax.org/en/v3.2/input/tex/extensions/ names them.
"""

from __future__ import annotations

import re
from html import escape

from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN
from ankigen.syntax.spans import Kind, scan

_MARK = rf"(?:{CLOZE_OPEN}[0-9]*{CLOZE_ANSWER}|[{CLOZE_OPEN}{CLOZE_ANSWER}{CLOZE_HINT}{CLOZE_CLOSE}])"
_CUT_WORD = re.compile(rf"(?P<before>\\[A-Za-z]*)(?P<marks>{_MARK}+)(?=[A-Za-z])")
_HIDDEN = re.compile(
    rf"\s*(?P<opening>{CLOZE_OPEN}[0-9,]+{CLOZE_ANSWER})"
    rf"(?P<answer>[^{CLOZE_OPEN}{CLOZE_ANSWER}{CLOZE_HINT}{CLOZE_CLOSE}]*){CLOZE_CLOSE}\s*"
)
"""A formula that is a whole cloze."""
_COMMAND = re.compile(
    r"\\(?P<name>href|style|class|cssId|data|require|mmlToken|bbox|unicode|includegraphics|html[A-Z][A-Za-z]*)(?![A-Za-z])"
    r"(?P<options>\s*\[[^\[\]{}]*\])?"
)
_WITH_OPTIONS = {"bbox", "unicode"}
"""Commands that are harmless without their options."""
_LOOK_AHEAD = 2_000
"""How far the end of an argument is searched; longer ones are shown as text."""


def whole_hidden(source: str) -> tuple[str, str, str]:
    """A formula, and the cloze marks around it if it is hidden as a whole.

    Anki colours an answer, but not inside a formula. A hint stays inside: it may be TeX.
    """
    hidden = _HIDDEN.fullmatch(source)
    return (hidden["opening"], hidden["answer"], CLOZE_CLOSE) if hidden else ("", source, "")


def formula_html(source: str) -> tuple[str, tuple[str, ...]]:
    r"""A formula as HTML, and the names of the commands that were left out: `href` for `\href{address}{x}`.

    Clozes without a number are shown.
    """
    text = _CUT_WORD.sub(r"\g<before> \g<marks>", _shown_clozes(source))
    parts: list[str] = []
    names: list[str] = []
    position = 0
    while command := _COMMAND.search(text, position):
        parts.append(text[position : command.start()])
        if command["name"] in _WITH_OPTIONS and not command["options"]:
            parts.append(command[0])
            position = command.end()
            continue
        names.append(command["name"])
        # A space, so that the letters around it do not become a command.
        parts.append(rf"\{command['name']}" if command["name"] in _WITH_OPTIONS else " ")
        position = command.end() if command["name"] in _WITH_OPTIONS else _after_argument(text, command.end())
    return escape("".join([*parts, text[position:]]), quote=False), tuple(dict.fromkeys(names))


def _shown_clozes(source: str) -> str:
    parts = []
    position = 0
    for span in scan(source) if "{{" in source else ():
        if span.kind is Kind.CLOZE:
            parts += [source[position : span.start], source[slice(*span.inner)]]
            position = span.end
    return "".join([*parts, source[position:]])


_OPENING = re.compile(r"\s*\{")
_BRACE = re.compile(rf"\\.|[{{}}]|[{CLOZE_OPEN}{CLOZE_CLOSE}]", re.DOTALL)


def _after_argument(text: str, position: int) -> int:
    """The end of the following argument in braces, or `position` if there is none."""
    opening = _OPENING.match(text, position)
    if opening is None:
        return position
    depth = 1
    for brace in _BRACE.finditer(text, opening.end(), opening.end() + _LOOK_AHEAD):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if brace[0] in {CLOZE_OPEN, CLOZE_CLOSE}:
            return position
        if depth == 0:
            return brace.end()
    return position
