"""Small elements of a field: media, formulas, and the visible parts of a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from unicodedata import category

from ankigen.data import Block, Line
from ankigen.render.anki_commands import meant
from ankigen.support.normal_forms import page_key
from ankigen.syntax.spans import scan
from ankigen.syntax.words import AUDIO, DATE_WORDS, PLAYED_APART, TASK_WORDS, UUID, VIDEO, any_of

_TAG = re.compile(r"<[^<>]*>")
_BLOCK_TAG = re.compile(r"<(?:p|ul|ol|pre|table|div|blockquote|h[1-6]|hr|section|details)\b")
NAMED_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-z][a-z0-9]*)[^<>]*>")
_WITHIN_LINES = frozenset({
    "a", "abbr", "acronym", "audio", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "input", "ins", "kbd", "mark", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "source", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "video", "wbr",
})  # fmt: skip
"""Inline elements; all others begin and end lines."""
WITHOUT_END = frozenset({"img", "input", "source", "wbr"})
_SEEN_TAG = re.compile(r"<(?:img|audio|video|input|hr)\b")
_UNSEEN = {"Cc", "Cf", "Cn"}
"""Control and format characters, and our own marks."""
_PLANNING = re.compile(rf"^[ \t]*{any_of(DATE_WORDS)}:[^\n]*\n?", re.MULTILINE)
_TASK = re.compile(
    rf"(?P<heading>#{{1,6}} )?{any_of(TASK_WORDS)}(?:[ \t]+|$)"
    r"(?:\[#.\][ \t]*)?|\[#[A-Z]\][ \t]+"
)
_BLOCK_ID = re.compile(rf"[ \t]\^{UUID}[ \t]*\Z")
_BOX = re.compile(r"\[(?P<state>[ xX])\][ \t]+(?=\S)")
_BOXES = {" ": "☐", "x": "☑"}
_LINE_MARKS = re.compile(r"\A[ \t]*(?:#{1,6}[ \t]+|(?:>[ \t]?)+|[*+-][ \t]+)")
_NUMBER = re.compile(r"[ \t]*\d{1,9}(?=[.)][ \t])")
_SIZE = re.compile(r":(?P<side>width|height)\s+\"?(?P<pixels>\d{1,5})")
SIZED = re.compile(r"(?:(?P<alt>.*?)[ ]*\|)?[ ]*(?P<width>\d{1,5})(?:x(?P<height>\d{1,5}))?[ ]*", re.DOTALL)
"""An alternative text with a size in Obsidian's syntax: `alt|100`, `alt|100x200`, `100`."""

# A reference ends here at its first `]]`, and may reach over lines: it only keeps its commas.
_ARGUMENT = re.compile(r"\[\[.*?\]\]|\(\(.*?\)\)|\"[^\"]*\"|[^,\[(\"]+|.", re.DOTALL)


def without_task_marks(text: str) -> str:
    """The text without task words, planning lines and block ids; a check box at its start is converted."""
    if ":" in text:
        text = _PLANNING.sub("", text)
    if task := _TASK.match(text):
        text = (task["heading"] or "") + text[task.end() :]
    if box := _BOX.match(text):
        text = f"{_BOXES[box['state'].lower()]} {text[box.end() :]}"
    return _BLOCK_ID.sub("", text) if "^" in text else text


def is_task(block: Block) -> bool:
    """Whether the block begins with a check box."""
    return bool(block.lines) and _BOX.match(block.lines[0].text) is not None


def visible_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines that `without_task_marks` leaves of a text."""
    return [line for line in lines if not _PLANNING.match(line.text)]


def opening(text: str) -> str:
    """The first line, including all of a formula or fence that opens on it."""
    text = text.strip()
    if "\n" not in text:
        return text
    end = len(text.partition("\n")[0])
    for span in scan(text):
        if span.start < end < span.end:
            end = span.end + len(text[span.end :].partition("\n")[0])
    return text[:end]


def within_a_line(text: str) -> str:
    """The text without the marks that make its line a heading, a quote or a list item."""
    return with_number(text) if _NUMBER.match(text) else _LINE_MARKS.sub("", text, count=1)


def with_number(text: str) -> str:
    """The text, escaped so that a number at its start makes no list."""
    number = _NUMBER.match(text)
    return f"{number[0]}\\{text[number.end() :]}" if number else text


def shown_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without empty bullets."""
    return [block for block in blocks if block.children or block.text.strip()] if blocks else []


def has_blocks(html: str) -> bool:
    """Whether the HTML is more than one line of text."""
    return _BLOCK_TAG.search(html) is not None


def as_line(html: str) -> str:
    """A text as one line, without lists, tables or other blocks."""
    return " ".join(line.strip(" \n") for line in _lines_of(html) if shows_something(line))


def first_line(html: str) -> str:
    """The first visible line of a text, outside any block."""
    return next(filter(shows_something, _lines_of(html)), "")


def _lines_of(html: str) -> Iterator[str]:
    """The text between block tags; open inline elements continue in the next line."""
    opened: list[str] = []
    line: list[str] = []
    is_begun = False
    position = 0
    for tag in NAMED_TAG.finditer(html):
        line.append(html[position : tag.start()])
        is_begun = is_begun or shows_something(line[-1])
        position = tag.end()
        name, is_closing = tag["name"], bool(tag["slash"])
        if name not in _WITHIN_LINES:
            if name not in {"td", "th"}:
                yield "".join([*line, *_closing(opened)])
                line, is_begun = list(opened), False
            elif is_begun and not is_closing:
                line.append(" | ")
            continue
        line.append(tag[0])
        if name in WITHOUT_END:
            continue
        if not is_closing:
            opened.append(tag[0])
        elif opened:
            opened.pop()
    yield "".join([*line, html[position:], *_closing(opened)])


def _closing(opened: Sequence[str]) -> Iterator[str]:
    names = (NAMED_TAG.match(tag) for tag in reversed(opened))
    return (f"</{name['name']}>" for name in names if name)


def shows_something(html: str) -> bool:
    """Whether a finished field, or a part of it, shows anything."""
    if html[:1].isalnum() or _SEEN_TAG.search(html):
        return True
    return any(not character.isspace() and category(character) not in _UNSEEN for character in _text_of(html))


def is_said(step: str, above: str, *, is_page: bool) -> bool:
    """Whether a step of a breadcrumb repeats the one before; a page repeats its name, or the end of it."""
    said, name = page_key(_text_of(step)), page_key(_text_of(above))
    return said == name or (is_page and name.endswith(f"/{said}"))


def _text_of(html: str) -> str:
    return unescape(_TAG.sub("", html))


def is_numbered(block: Block) -> bool:
    """Whether the block belongs to a numbered run."""
    return any(prop.key == "logseq.order-list-type" and prop.value == "number" for prop in block.properties)


def file_name(target: str) -> str:
    """The label of a file that is not shown: its name, or the media type of a `data:` URL."""
    is_data = target[:5].lower() == "data:"
    return target.partition(",")[0] if is_data else target.rpartition("/")[2]


def extension(target: str) -> str:
    """The suffix of a path or address, in lower case."""
    return target.partition("?")[0].partition("#")[0].rpartition(".")[2].lower()


def medium(name: str, is_remote: bool, alt: str, size: str, title: str) -> str:
    """The HTML of a picture, sound or video."""
    kind = extension(name)
    source = escape(name)
    if kind in AUDIO | PLAYED_APART and not is_remote:
        return meant(f"[sound:{source}]")
    if kind in AUDIO:
        return f'<audio controls src="{source}"></audio>'
    if kind in VIDEO:
        return f'<video controls src="{source}"></video>'
    return picture(name, alt, size, title)


def picture(source: str, alt: str, size: str, title: str) -> str:
    """A picture, `size` in Logseq's syntax after a link."""
    sides = "".join(f' {side["side"]}="{side["pixels"]}"' for side in _SIZE.finditer(size))
    named = f' title="{escape(title)}"' if title else ""
    return f'<img src="{escape(source)}" alt="{as_attribute(alt)}"{named}{sides}>'


def as_size(sized: re.Match[str]) -> str:
    """The size in a text that `SIZED` matches, in Logseq's syntax."""
    height = f" :height {sized['height']}" if sized["height"] else ""
    return f":width {sized['width']}{height}"


def as_attribute(html: str) -> str:
    """Rendered HTML as the value of an attribute."""
    return _TAG.sub("", html).replace('"', "&quot;")


def dedented(source: str, width: int) -> str:
    """The text without up to `width` spaces before each line."""
    return "\n".join(line[min(width, len(line) - len(line.lstrip())) :] for line in source.split("\n"))


def arguments_of(body: str) -> list[str]:
    """The arguments of a macro; commas in references and quotes do not separate them."""
    arguments = [""]
    for piece in _ARGUMENT.findall(body):
        if piece == ",":
            arguments.append("")
        else:
            arguments[-1] += piece
    return [argument.strip() for argument in arguments]


def nth(arguments: list[str], number: int) -> str:
    """The argument with that number, from one; empty if there is none."""
    return arguments[number - 1] if number <= len(arguments) else ""


def timestamp(body: str) -> str:
    """Seconds as a clock shows them."""
    if not body.isdecimal() or len(body) > 6:
        return escape(body, quote=False)
    minutes, seconds = divmod(int(body), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def with_title(target: str) -> tuple[str, str]:
    """Split the target of a link from its title: `x.png "a title"`."""
    opening = _TITLE[target[-1]].search(target) if target[-1:] in _TITLE else None
    if opening is None or opening.end() >= len(target):
        return target, ""
    return target[: opening.start()].strip(), target[opening.end() : -1]


_TITLE = {"'": re.compile(r"\s'"), '"': re.compile(r'\s"')}
