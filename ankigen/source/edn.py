"""Parses EDN, the format of Logseq's settings, in one pass without recursion; it only raises `BrokenEdn`.

The results are Python values: `str` for strings, characters, regular expressions and symbols, tuples for lists, vectors
and sets, and dictionaries. A keyword is a `Keyword` as the key of a map; elsewhere it is its name. Tags are ignored,
and their value is used as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ankigen.support.structs import Struct

DEEPEST = 100
"""The maximum nesting of collections; Logseq's own settings have five."""

_TOKEN = re.compile(
    r"""(?P<blank>(?>(?:[\s,]|;[^\n]*+)+))
    |(?P<text>\#?"(?P<inner>[^"\\]*+(?>(?:\\.[^"\\]*+)*))")
    |(?P<open>\#?\{|[(\[])
    |(?P<close>[)\]}])
    |(?P<discard>\#_|\^)
    |(?P<special>\#\#[\w.+-]++)
    |(?P<tag>\#:{0,2}[^\W\d_][\w.*+!?$%&=<>/-]*+)
    |(?P<character>\\(?:newline|return|space|tab|backspace|formfeed|u[0-9a-fA-F]{4}|o[0-7]{1,3}|.))
    |(?P<atom>[^\s,;()\[\]{}"'`~|\\^\#\x00-\x1f\x7f\ufeff][^\s,;()\[\]{}"'`~|\\^\x00-\x1f\x7f\ufeff]*+)""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?\d+(?:N|(?:\.\d*)?(?:[eE][+-]?\d+)?M?|/\d+|[xX][0-9a-fA-F]+|[rR]\w+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?M?")
_LONGEST_NUMBER = 40
_NUMBER_START = re.compile(r"[+-]?\d")
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[0-7]{1,3}|\\[trnbf\"\\]")
_ESCAPED = {"t": "\t", "r": "\r", "n": "\n", "b": "\b", "f": "\f", '"': '"', "\\": "\\"}
_CHARACTERS = {
    "newline": "\n",
    "return": "\r",
    "space": " ",
    "tab": "\t",
    "backspace": "\b",
    "formfeed": "\f",
}
_CLOSERS = {"{": "}", "#{": "}", "[": "]", "(": ")"}
_NAMED = {"nil": None, "true": True, "false": False}
_DISCARD = "#_"


class Keyword(Struct, frozen=True):
    """A keyword; the name has no colon in front."""

    name: str


class BrokenEdn(Exception):
    """A text is not EDN, or nested too deeply; `line` counts from 1."""

    def __init__(self, fault: str, line: int) -> None:
        super().__init__(fault)
        self.line = line


class _Form(Struct):
    """An open collection: where it begins, its values, and the prefixes of its next value."""

    opener: str
    start: int
    values: list[Any]
    prefixes: list[str]


def read(text: str) -> Any:
    """The first value of a text, or `None` if empty; the rest has to be EDN, too."""
    forms = [_Form("", 0, [], [])]
    for token in _tokens(text):
        kind, written = str(token.lastgroup), token[0]
        match kind:
            case "open":
                if len(forms) > DEEPEST:
                    raise _broken(text, token.start(), f"more than {DEEPEST} collections lie in one another")
                forms.append(_Form(written, token.start(), [], []))
            case "close":
                _put(forms[-2] if forms[1:] else forms[-1], _closed(text, token, forms))
            case "discard":
                forms[-1].prefixes.append(_DISCARD)
            case "tag":
                forms[-1].prefixes.append(written)
            case _:
                _put(forms[-1], _value(text, token))
    if forms[1:]:
        raise _broken(text, forms[-1].start, f"`{forms[-1].opener}` is never closed")
    _require_no_prefix(text, forms[0], len(text))
    return _plain(forms[0].values[0]) if forms[0].values else None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens without whitespace and comments."""
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            is_text = text[position] == '"' or text.startswith('#"', position)
            fault = "a text is never closed" if is_text else f"`{text[position]}` means nothing here"
            raise _broken(text, position, fault)
        position = token.end()
        if token.lastgroup != "blank":
            yield token


def _broken(text: str, position: int, fault: str) -> BrokenEdn:
    return BrokenEdn(fault, text.count("\n", 0, position) + 1)


def _put(form: _Form, value: Any) -> None:
    """Add a value to a collection, unless a `#_` before it discards it."""
    while form.prefixes:
        prefix = form.prefixes.pop()
        if prefix == _DISCARD:
            return
        if prefix.startswith("#:") and isinstance(value, dict):
            value = {_in_namespace(key, prefix.lstrip("#:")): item for key, item in value.items()}
    form.values.append(value)


def _in_namespace(key: Any, namespace: str) -> Any:
    return Keyword(f"{namespace}/{key.name}") if isinstance(key, Keyword) and "/" not in key.name else key


def _closed(text: str, token: re.Match[str], forms: list[_Form]) -> Any:
    """The collection that a bracket closes, removed from the open ones."""
    form = forms[-1]
    if _CLOSERS.get(form.opener) != token[0]:
        opener = f", but `{form.opener}` of line {_broken(text, form.start, '').line}" if form.opener else ""
        raise _broken(text, token.start(), f"`{token[0]}` closes nothing{opener and ' that is open'}{opener}")
    _require_no_prefix(text, form, token.start())
    forms.pop()
    if form.opener != "{":
        return tuple(map(_plain, form.values))
    if len(form.values) % 2:
        raise _broken(text, form.start, "the map that begins here has a key without a value")
    return _map(form.values)


def _require_no_prefix(text: str, form: _Form, position: int) -> None:
    if form.prefixes:
        raise _broken(text, position, f"`{form.prefixes[-1]}` stands before nothing")


def _map(values: Sequence[Any]) -> dict[Any, Any]:
    """The map of alternating keys and values; keys that are collections are skipped, since no setting has them."""
    pairs = zip(values[::2], values[1::2], strict=True)
    return {key: _plain(value) for key, value in pairs if not isinstance(key, dict | tuple)}


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Keyword) else value


def _value(text: str, token: re.Match[str]) -> Any:
    """The value of a string, character, number, keyword or symbol."""
    match token.lastgroup:
        case "text":
            inner = token["inner"]
            return inner if token[0].startswith("#") else _ESCAPE.sub(_unescaped, inner)
        case "character":
            return _character(token[0][1:])
        case "special":
            return float(token[0][2:]) if token[0] in {"##Inf", "##-Inf", "##NaN"} else None
        case _:
            return _atom(text, token)


def _atom(text: str, token: re.Match[str]) -> Any:
    written = token[0]
    if written in _NAMED:
        return _NAMED[written]
    if written.startswith(":"):
        if written in {":", ":/"}:
            raise _broken(text, token.start(), f"`{written}` is no keyword")
        return Keyword(written[1:])
    if not _NUMBER_START.match(written):
        return written
    if not _NUMBER.fullmatch(written):
        raise _broken(text, token.start(), f"`{written[:20]}` is no number")
    return _number(written)


def _number(written: str) -> int | float | str:
    """A number; one in a syntax that Python lacks, or a very long one, stays a string: no setting has one."""
    if len(written) > _LONGEST_NUMBER:
        return written
    if _INTEGER.fullmatch(written):
        return int(written)
    return float(written.rstrip("M")) if _DECIMAL.fullmatch(written) else written


def _character(written: str) -> str:
    if len(written) == 1:
        return written
    if written in _CHARACTERS:
        return _CHARACTERS[written]
    return _text_of(chr(int(written[1:], 16 if written[0] == "u" else 8)))


def _unescaped(found: re.Match[str]) -> str:
    written = found[0]
    if written.startswith("\\u"):
        return _text_of("".join(chr(int(code, 16)) for code in written.split("\\u")[1:]))
    return _ESCAPED.get(written[1]) or chr(int(written[1:], 8))


def _text_of(units: str) -> str:
    """The text of UTF-16 units, with a replacement for lone surrogates."""
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
