"""Edits as Anki's editor makes them: in the HTML of a field, not knowing what it was made of.

What it writes was seen in a true desktop: `<b>`, `<i>`, `<u>`, `<s>`, `<br>` or `<div>` for Enter, `&nbsp;` for a blank
that would not be seen, `&lt;` and `&amp;` for what is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from random import Random

_PIECE = re.compile(r"<[^>]*>|\{\{c\d+::|\}\}|::|&[#\w]+;|\\[()\[\]]|[^\W_]+|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_NEW = ["refracts", "colour", "Wasser", "nicht", "光", "über", "very", "2026", "don't", "co-operate", "therefore"]
_TYPED = [
    "a < b",
    "x & y",
    "* star",
    "snake_case",
    "5 * 3 * 2",
    "[sic]",
    "#1",
    "~20",
    "(maybe)",
    "1. first",
    "$5",
    "<b>",
    "a|b",
]
_SENTENCES = ["It is so.", "Not always!", "See the book, page 5.", "Das ist neu.", "Really? Yes."]
_MARKS = ["b", "b", "i", "u", "s", "code"]


class NoPlace(Exception):
    """The field has no place for this edit."""


Edit = Callable[[Random, str], str]


def _words(html: str) -> list[re.Match[str]]:
    """The words that a person can put the cursor into: none of a tag, of a cloze's mark, of an address."""
    return [piece for piece in _PIECE.finditer(html) if _WORD.fullmatch(piece[0])]


def _one(chance: Random, html: str) -> re.Match[str]:
    words = _words(html)
    if not words:
        raise NoPlace
    return chance.choice(words)


def _put(html: str, start: int, end: int, new: str) -> str:
    return html[:start] + new + html[end:]


def replace_word(chance: Random, html: str) -> str:
    word = _one(chance, html)
    return _put(html, word.start(), word.end(), escape(chance.choice(_NEW), quote=False))


def mend_letter(chance: Random, html: str) -> str:
    word = _one(chance, html)
    at = word.start() + chance.randrange(len(word[0]))
    return _put(html, at, at + 1, chance.choice("aeiouxyz"))


def insert_word(chance: Random, html: str) -> str:
    word = _one(chance, html)
    new = escape(chance.choice(_NEW), quote=False)
    if chance.random() < 0.5:
        return _put(html, word.start(), word.start(), f"{new} ")
    return _put(html, word.end(), word.end(), f" {new}")


def delete_word(chance: Random, html: str) -> str:
    """A word with one blank beside it, or without: a browser keeps both blanks in sight then."""
    word = _one(chance, html)
    if len(_words(html)) < 3:
        raise NoPlace
    start, end = word.span()
    if html[end : end + 1] == " ":
        return _put(html, start, end + 1, "")
    if html[start - 1 : start] == " " and start:
        return _put(html, start - 1, end, "")
    if html[start - 1 : start] == ">" and html[end : end + 1] == "<" and html[end + 1 : end + 2] == "/":
        raise NoPlace  # the whole of an element: what is left of it differs from browser to browser
    return _put(html, start, end, "")


def append_sentence(chance: Random, html: str) -> str:
    ends = [piece.start() for piece in re.finditer(r"</(?:li|p|td)>|\Z", html)]
    at = chance.choice(ends)
    if html[:at].endswith(("</ul>", "</ol>", "</table>", "</pre>", "</div>")) or not html[:at].strip():
        raise NoPlace
    return _put(html, at, at, " " + chance.choice(_SENTENCES))


def type_signs(chance: Random, html: str) -> str:
    """Words with signs that Markdown has a use for."""
    word = _one(chance, html)
    return _put(html, word.end(), word.end(), " " + escape(chance.choice(_TYPED), quote=False))


def two_words(chance: Random, html: str) -> str:
    return insert_word(chance, replace_word(chance, html))


def trailing_blank(chance: Random, html: str) -> str:
    """A word behind a blank that the browser keeps in sight."""
    word = _one(chance, html)
    return _put(html, word.end(), word.end(), f"&nbsp;{chance.choice(['so', 'neu'])}")


def mark_word(chance: Random, html: str) -> str:
    """A word of a text: within a formula a button would only break it, and code has its own colours."""
    words = [word for word in _words(html) if not _is_between(html, word.start(), "\\(", "\\)")]
    words = [word for word in words if not _is_between(html, word.start(), "<pre", "</pre>")]
    if not words:
        raise NoPlace
    word = chance.choice(words)
    tag = chance.choice(_MARKS)
    return _put(html, word.start(), word.end(), f"<{tag}>{word[0]}</{tag}>")


def _is_between(html: str, at: int, opens: str, closes: str) -> bool:
    return html.rfind(opens, 0, at) > html.rfind(closes, 0, at)


def mark_words(chance: Random, html: str) -> str:
    """Two or three words of one text."""
    runs = re.finditer(r"(?<![^\s>])[^\W_]+(?: [^\W_]+){1,2}(?![^\s<.,!?:])", html)
    inside = [run for run in runs if html.rfind("<", 0, run.start()) <= html.rfind(">", 0, run.start())]
    inside = [run for run in inside if html.rfind("{{", 0, run.start()) <= html.rfind("}}", 0, run.start())]
    inside = [run for run in inside if html.rfind("\\(", 0, run.start()) <= html.rfind("\\)", 0, run.start())]
    if not inside:
        raise NoPlace
    run = chance.choice(inside)
    tag = chance.choice(_MARKS)
    return _put(html, run.start(), run.end(), f"<{tag}>{run[0]}</{tag}>")


def unmark(chance: Random, html: str) -> str:
    """Take a mark away, as a second click on the button does."""
    marked = [*re.finditer(r"<(?P<tag>strong|em|del|u|mark)>(?P<inside>[^<>]+)</(?P=tag)>", html)]
    if not marked:
        raise NoPlace
    found = chance.choice(marked)
    return _put(html, found.start(), found.end(), found["inside"])


def change_mark(chance: Random, html: str) -> str:
    """Italic instead of bold, and so on."""
    marked = [*re.finditer(r"<(?P<tag>strong|em|del|u)>(?P<inside>[^<>]+)</(?P=tag)>", html)]
    if not marked:
        raise NoPlace
    found = chance.choice(marked)
    tag = chance.choice(
        [tag for tag in ("b", "i", "u", "s") if {"b": "strong", "i": "em", "s": "del"}.get(tag, tag) != found["tag"]]
    )
    return _put(html, found.start(), found.end(), f"<{tag}>{found['inside']}</{tag}>")


def enter(chance: Random, html: str) -> str:
    """A new line at the end of an item."""
    ends = [piece.start() for piece in re.finditer(r"</(?:li|p)>|\Z", html)]
    at = chance.choice(ends)
    if html[:at].endswith(("</ul>", "</ol>", "</table>", "</pre>", "</div>")) or not html[:at].strip():
        raise NoPlace
    sentence = chance.choice(_SENTENCES)
    return _put(html, at, at, chance.choice([f"<br>{sentence}", f"<div>{sentence}</div>"]))


def new_item(chance: Random, html: str) -> str:
    ends = [piece.end() for piece in re.finditer(r"</li>", html)]
    if not ends:
        raise NoPlace
    at = chance.choice(ends)
    return _put(html, at, at, f"<li>{chance.choice(_SENTENCES)}</li>")


def paste(chance: Random, html: str) -> str:
    """What is copied from a page of the web."""
    word = _one(chance, html)
    return _put(html, word.end(), word.end(), ' <span style="color: rgb(255, 0, 0);">pasted</span>')


def rewrite_only(chance: Random, html: str) -> str:
    """What an editor rewrites by itself, and nobody sees."""
    html = html.replace("<strong>", "<b>").replace("</strong>", "</b>").replace("<em>", "<i>").replace("</em>", "</i>")
    return chance.choice([html, html + "<br>", f"<div>{html}</div>" if not html.startswith("<") else html])


WORDS: tuple[Edit, ...] = (
    replace_word, mend_letter, insert_word, delete_word, append_sentence, type_signs, two_words, trailing_blank,
)  # fmt: skip
MARKS: tuple[Edit, ...] = (mark_word, mark_words, unmark, change_mark)
LINES: tuple[Edit, ...] = (enter, new_item)
OTHER: tuple[Edit, ...] = (paste, rewrite_only)
