"""Converts hiccup, HTML written as data, to HTML: `[:div {:class "x"} "text"]`."""

from __future__ import annotations

import re
from html import escape

_TOKEN = re.compile(
    r'"(?P<string>(?>(?:[^"\\]|\\.)*))"|(?P<mark>[\[\]{}])|:(?P<keyword>[^\s\[\]{}"]+)|(?P<word>[^\s\[\]{}":,]+)'
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAME = re.compile(r"(?P<tag>[A-Za-z][A-Za-z0-9]*)?(?P<rest>(?:[.#][\w-]+)*)")
_EMPTY = {"br", "hr", "img", "input", "wbr"}
_DEEPEST = 30


def hiccup_html(source: str) -> str:
    """Write hiccup as HTML, unsafe where the source is; what is not hiccup becomes text."""
    tokens = list(_TOKEN.finditer(source))[::-1]
    return _element(tokens, 0) if tokens else ""


def _element(tokens: list[re.Match[str]], depth: int) -> str:
    """Pop one value from the tokens; the next token is the last of the list."""
    token = tokens.pop()
    if token["mark"] != "[":
        return _text(token) or escape(token["keyword"] or "", quote=False)
    opening, closing = _tag(tokens)
    parts = [opening]
    while tokens and tokens[-1]["mark"] != "]":
        if depth < _DEEPEST:
            parts.append(_element(tokens, depth + 1))
        else:
            parts.append(_text(tokens.pop()))
    if tokens:
        tokens.pop()
    return "".join([*parts, closing])


def _text(token: re.Match[str]) -> str:
    """The text of a string or word."""
    written = token["word"] or "" if token["string"] is None else _ESCAPED.sub(r"\1", token["string"])
    return escape(written, quote=False)


def _tag(tokens: list[re.Match[str]]) -> tuple[str, str]:
    if not tokens or tokens[-1]["keyword"] is None:
        return "", ""
    name = _NAME.match(tokens.pop()["keyword"])
    tag = (name and name["tag"]) or "div"
    attributes = _attributes(tokens)
    for part in _parts(name["rest"] if name else ""):
        attributes.setdefault("id" if part.startswith("#") else "class", part[1:])
    shown = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{shown}>", "" if tag in _EMPTY else f"</{tag}>"


def _parts(text: str) -> list[str]:
    """Split `.class#id` into its parts."""
    return _PART.findall(text)


_PART = re.compile(r"[.#][\w-]+")
_ATTRIBUTE = re.compile(r"[A-Za-z][\w-]*")


def _attributes(tokens: list[re.Match[str]]) -> dict[str, str]:
    attributes: dict[str, str] = {}
    if not tokens or tokens[-1]["mark"] != "{":
        return attributes
    tokens.pop()
    while tokens and tokens[-1]["mark"] != "}":
        key = tokens.pop()["keyword"] or ""
        if tokens and tokens[-1]["mark"] is None:
            value = tokens.pop()
            text = value["string"] if value["string"] is not None else value["word"] or value["keyword"] or ""
            if _ATTRIBUTE.fullmatch(key):
                attributes[key] = _ESCAPED.sub(r"\1", text)
        elif tokens and tokens[-1]["mark"] != "}":
            tokens.pop()
    if tokens:
        tokens.pop()
    return attributes
