"""Renders texts and blocks, and collects their media and problems."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from html import escape, unescape
from urllib.parse import unquote

from ankigen.data import Block, Line, MediaFile, Problem, Refusal, Severity
from ankigen.render import code, hiccup, plain_markdown
from ankigen.render.anki_commands import meant_formula
from ankigen.render.callouts import callout_html
from ankigen.render.elements import (
    SIZED,
    arguments_of,
    as_attribute,
    as_size,
    dedented,
    extension,
    file_name,
    first_line,
    has_blocks,
    is_numbered,
    is_task,
    medium,
    nth,
    opening,
    picture,
    shown_blocks,
    shows_something,
    timestamp,
    visible_lines,
    with_title,
    within_a_line,
    without_task_marks,
)
from ankigen.render.formulas import formula_html, whole_hidden
from ankigen.render.harmless import PICTURE_DATA, REFUSED_SCHEMES, scheme_of
from ankigen.render.links import Links
from ankigen.render.sanitise import sanitise
from ankigen.support.structs import Struct, replace
from ankigen.syntax import html_tags, tracing
from ankigen.syntax.bounds import DEEPEST_SHOWN, DEEPEST_TEXT, LEVELS_OF_LINK
from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN
from ankigen.syntax.footnotes import MARK, parted
from ankigen.syntax.spans import Kind, Span, clean, scan
from ankigen.syntax.words import ANY_UUID, AUDIO, COLOURS, MEDIA, PACKED, PAGE_NAME, UNSHOWN, VIDEO, any_of, unshown

_DEEPEST_MACRO = 5
_MISSING = '<span class="missing">…</span>'
_DOCTEST = re.compile(r"^(?P<indent>[ \t]*)>>>(?=[ \t])", re.MULTILINE)
"""A Python prompt, which is not a quote."""
_PLAIN = re.compile(
    r"[ \t]*+(?![-+\d])(?>(?:[^\\`*_~^=#<>&\[\]{}|$\n:(\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]|:(?!/)|\((?!\())*)"
)
_TOKEN = re.compile(rf"(?P<tag><[^<>]*>)|{plain_markdown.TOKEN.pattern}")
_LEFT_TARGET = re.compile(rf"\]\({plain_markdown.TARGET.pattern}\)")
_WIDE_PUNCTUATION = r"[\u2014-\u2026\u3001-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
_EMPHASIS_ENDS = re.compile(rf"(?:(?<={_WIDE_PUNCTUATION})|(?<===|\^\^|~~))(?=\*{{1,3}}\w)")
_EMPHASIS_BEGINS = re.compile(rf"\w\*{{1,3}}(?={_WIDE_PUNCTUATION}|==|\^\^|~~)")
_LINK = re.compile(r"</?a\b[^<>]*>")
_RAW_LINK = re.compile(r"""<a\s[^<>]*?\bhref\s*=\s*["']?(?P<address>[^"'<>\s]+)""", re.IGNORECASE)
_BOLD = re.compile(r"\*\*(?![\s*])(?P<inside>[^*\n]*(?<!\s))\*\*")
_THRICE = ("===", "^^^", "~~~")
_BETWEEN_SIGNS = re.compile(
    r"(?P<sign>==|\^\^|~~)(?!\s)"
    r"(?:(?P<inside>(?>(?:(?!(?P=sign))[^\n]|(?<=\s)(?P=sign))+))(?<!\s)(?P=sign)|[^\n]*)"
)
_AROUND_VALUE = re.compile(r"<[A-Za-z][^<>]*>")
_QUOTE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_REFERENCE = re.compile(rf"\(\((?P<id>{ANY_UUID})\)\)")
_PAGE = re.compile(rf"\[\[(?P<name>{PAGE_NAME})\]\]")
_ORG_FILE = re.compile(r"(?:file:)?(?P<path>(?:[./]*assets/|\.\.?/)\S.*\.\w+)|file:.+")
_ALIAS = re.compile(r"(?P<page>[^|]*[^|\s])\|(?P<alias>[^|\s][^|]*)")
_PART = re.compile(r"(?P<page>[^#]*)#(?P<part>[^\s#](?:.*[^\s#])?)")
"""A link to a part of a page outside Logseq; `C#` and `C# notes` are page names."""
_COLOUR = re.compile(rf"(?P<sign>[#$])(?P<name>{any_of(COLOURS)})", re.IGNORECASE)
# Noncharacters, which no text contains, around `[[#red]]` until it is known whether a highlight follows.
_COLOURED, _END_OF_COLOUR = "\ufdda", "\ufddb"
_COLOUR_OF_TEXT = re.compile(rf"{_COLOURED}(?P<kind>[a-z-]+) (?P<name>[^{_END_OF_COLOUR}]+){_END_OF_COLOUR}")
_COLOUR_OF_MARK = re.compile(rf"{_COLOUR_OF_TEXT.pattern}<mark>")
_DEFINITION = re.compile(r"^[ \t]*(?>(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*)(?=\[(?!\^)[^\]\n]+\]:)", re.MULTILINE)
_ANGLE = re.compile(r"\\.|<", re.DOTALL)
_FILE_NAME = re.compile(r".*[^\s.]\.(?!(?:md|markdown|org)\Z)[A-Za-z][A-Za-z0-9]{1,7}", re.IGNORECASE)
_PARAMETER = re.compile(r"\$(?P<number>[1-9])")
_YOUTUBE_ID = re.compile(r"[\w-]{11}")
_LINE_ENDS = re.compile(r"[^\S\n]*+(?:\n|\Z)")
_TABLE_ROW = re.compile(r"\s*+\|")
_ADMONITIONS = {"NOTE", "TIP", "IMPORTANT", "CAUTION", "WARNING", "PINNED"}
_OTHERS_CLASSES = {
    "answer", "callout", "card", "cloze", "context", "extra", "face", "footnotes", "missing", "nightmode", "night_mode",
    "question", "ref", "source", "task", "title", "typed",
}  # fmt: skip
"""Block names that are already CSS classes of Anki, the templates or parts of a text."""
_DROPPED = {"query", "renderer", "cards", "function", "namespace", "zotero-imported-file", "zotero-linked-file"}
_LINKED = {"video", "youtube", "vimeo", "bilibili", "tweet", "twitter"}
_LISTS = ("ol", 'ol type="a"', 'ol type="i"')


def _is_edge(outside: str, inside: str) -> bool:
    """Whether Markdown lets emphasis begin or end between these characters; at a text's edge, `outside` is empty."""
    return not outside or outside.isspace() or inside.isalnum() or not (outside.isalnum() or not outside.isascii())


def _as_shown(text: str) -> str:
    """Markdown between two spans, escaped: no `<` begins a tag, not even in HTML, and no `[a]: b` disappears."""
    if "]:" in text:
        text = _DEFINITION.sub(r"\g<0>\\", text)
    return _ANGLE.sub(_as_text, text) if "<" in text else text


def _as_text(angle: re.Match[str]) -> str:
    return "&lt;" if angle[0].endswith("<") else angle[0]


def _as_item(block: Block, inside: str) -> str:
    return f'<li class="task">{inside}</li>' if is_task(block) else f"<li>{inside}</li>"


def _filled_size(template: str, arguments: list[str]) -> int:
    """The length of a macro's text with its arguments filled in."""
    inside = sum(len(nth(arguments, int(match["number"]))) for match in _PARAMETER.finditer(template))
    return len(template) + inside


class TextPosition(Struct, frozen=True):
    """The position of a text: its page, its lines, and the references and macros that led to it.

    A part of a text reaches from `start` to `end` in `whole`. The text of a macro `is_fixed` at the macro's position.
    `last_line` is the last line of a block: its text may have lost line breaks at cloze marks.
    """

    path: str
    lines: Sequence[Line] = ()
    trail: tuple[str, ...] = ()
    whole: str = ""
    start: int = 0
    end: int = 0
    is_fixed: bool = False
    last_line: int = 0

    def below(self, name: str, path: str, lines: Sequence[Line] = ()) -> TextPosition:
        """The position of text that is shown here, but comes from those lines of the page at `path`."""
        return TextPosition(path, lines, (*self.trail, name))

    def within_macro(self, name: str) -> TextPosition:
        """The position of a macro's text."""
        return replace(self, trail=(*self.trail, name), is_fixed=True)


class FieldRenderer:
    """Renders the texts and blocks of one field, and collects their `media` (by name) and `problems`."""

    def __init__(self, links: Links, *, is_marked: bool = False, is_line: bool = False) -> None:
        """Begin a field; its text `is_marked` by `clozes.mark`, or `is_line`: a single line without blocks."""
        self.links = links
        self.is_line = is_line
        self.is_marked = is_marked
        self.room = links.room
        self.level = 0
        self.entered = TextPosition("")
        self.media: dict[str, MediaFile] = {}
        self.shown_media: set[str] = set()
        self.problems: dict[Problem, None] = {}
        self.footnotes = Footnotes(self, shows_marks=not is_line)

    def text(self, source: str, position: TextPosition, level: int = 1) -> str:
        """Render a text, and keep its cloze marks; `level` is its nesting depth within the block."""
        if _PLAIN.fullmatch(source):
            return source.strip(" \t")
        if level > DEEPEST_TEXT or self.level >= DEEPEST_SHOWN:
            return self.too_deep(source, position)
        self.level += 1
        html = _MarkdownText(self, source, position, level).html()
        self.level -= 1
        return html

    def too_deep(self, source: str, position: TextPosition) -> str:
        """The source of a text that is nested too deeply."""
        self.warn(position, "too-deep", "this is nested too deep and stays as it is written: take it out")
        return escape(source, quote=False)

    def blocks(
        self, blocks: Sequence[Block], position: TextPosition, number_depth: int = 0, hidden: Sequence[int] = ()
    ) -> str:
        """Render blocks as a list, and runs of numbered ones as a numbered list.

        Blocks without a bullet come between the lists. `hidden` makes the outermost blocks clozes with these numbers.
        """
        parts = []
        last = ""
        for index, block in enumerate(blocks):
            if position.trail and self.room < 0:
                break
            counts = is_numbered(block)
            inside = self.block(block, position, number_depth + counts)
            if hidden and not shows_something(inside):
                origin = replace(position, lines=block.lines, whole=block.text, end=len(block.text))
                self.hides_nothing(origin)
            elif hidden:
                inside = f"{CLOZE_OPEN}{hidden[index]}{CLOZE_ANSWER}{inside}{CLOZE_CLOSE}"
            if not inside:
                continue
            kind = "" if not block.is_bullet else _LISTS[number_depth % len(_LISTS)] if counts else "ul"
            if kind != last:
                parts.append((f"</{last[:2]}>" if last else "") + (f"<{kind}>" if kind else ""))
                last = kind
            parts.append(_as_item(block, inside) if kind else inside if has_blocks(inside) else f"<p>{inside}</p>")
        return "".join([*parts, f"</{last[:2]}>" if last else ""])

    def block(self, block: Block, position: TextPosition, number_depth: int = 0) -> str:
        """Render a block, and its children as a list."""
        # The text of a cloze note is clean already and contains its cloze marks; text from elsewhere contains none.
        text = block.text if self.is_marked and not position.trail else clean(block.text)
        here = TextPosition(position.path, block.lines, position.trail, last_line=block.last_line)
        if position.trail and not self.has_room(len(text) + 1, here):
            return _MISSING
        inside = self.text(without_task_marks(text), here)
        shown = shown_blocks(block.children)
        if not shown:
            return inside
        if self.level >= DEEPEST_SHOWN:
            self.warn(here, "too-deep", "the blocks below this one are too deep and are left out: embed less")
            return inside + _MISSING
        self.level += 1
        below = self.blocks(shown, position, number_depth)
        self.level -= 1
        return inside + below

    def has_room(self, size: int, position: TextPosition) -> bool:
        """Use up `size` of the characters that a field may show from elsewhere.

        When they are used up, no more is shown, with a problem at the first link to elsewhere.
        """
        if self.room >= size:
            self.room -= size
            return True
        self.room = -1
        message = (
            f"this shows more than {self.links.room:,} characters from elsewhere: the rest is left out; embed less"
        )
        self.warn(self.entered if position.trail else position, "too-large", message)
        return False

    def enter(self, position: TextPosition) -> None:
        """Remember the position of a link to elsewhere."""
        if not position.trail:
            self.entered = position

    def warn(self, position: TextPosition, rule: str, message: str) -> None:
        """Add a warning; the card stays readable."""
        is_whole = position.whole.count("\n") + 1 == len(position.lines)
        lines = position.lines if is_whole else visible_lines(position.lines)
        origin = tracing.Origin(position.path, self.links.lines(position.path), lines, position.last_line)
        spot = tracing.trace(origin, position.whole, position.start, position.end)
        self.problems[spot.problem(Severity.WARNING, rule, message)] = None

    def hides_nothing(self, position: TextPosition) -> None:
        """Warn that nothing of a cloze's answer is left."""
        message = "nothing of this cloze's answer can be shown, so it hides nothing: write the answer as text"
        self.warn(position, "broken-cloze", message)

    # Media, links, references and embeds.

    def media_html(self, target: str, alt: str, size: str, title: str, position: TextPosition) -> str:
        """A picture, sound or video; its alternative text if it cannot be shown."""
        label = alt or escape(file_name(target), quote=False)
        media = self.links.media(target, position.path)
        if media is None and target.lower().startswith(PICTURE_DATA):
            return picture(self.shows(target), alt, size, title)
        if isinstance(media, Refusal):
            self.warn(position, media.rule, media.message)
            if not media.instead:
                return f'<span class="missing">{label}</span>'
            target, media = media.instead, None
        if media is None and scheme_of(target) not in {"http", "https"}:
            self.warn(position, "unsafe-link", f"{target} cannot be shown on a card: link to a file or a web address")
            return f'<span class="missing">{label}</span>'
        if media is None and extension(target) in UNSHOWN:
            self.warn(position, "unsuitable-media", f"{file_name(target)} {': '.join(unshown(extension(target)))}")
            return self.link_html(label, target, title, position)
        if media is not None:
            self.pack(media, position)
        return medium(self.shows(media.name if media else target), media is None, alt, size, title)

    def pack(self, media: MediaFile, position: TextPosition) -> None:
        """Add a file that the field shows or plays."""
        if media.doubt:
            self.warn(position, "ambiguous-media", media.doubt)
        if extension(media.name) in PACKED:
            self.media[media.name] = replace(media, doubt="")

    def shows(self, source: str) -> str:
        """Remember the address of a shown file, so that it is not resolved again in raw HTML."""
        self.shown_media.add(source)
        return source

    def link_html(self, label: str, target: str, title: str, position: TextPosition) -> str:
        """A link; only its label if cards may not link there."""
        if reference := _REFERENCE.fullmatch(target):
            self.level += LEVELS_OF_LINK
            html = label or self.reference_html(reference["id"], position)
            self.level -= LEVELS_OF_LINK
            return html
        if page := _PAGE.fullmatch(target):
            return self.page_html(page["name"], label, position)
        scheme = scheme_of(target)
        if not scheme and extension(target) in AUDIO | VIDEO:
            return self.media_html(target, label, "", title, position)
        if scheme not in self.links.schemes:
            self.warn_of_scheme(scheme, position)
            return label
        shown = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(target)}"{shown}>{label or escape(target, quote=False)}</a>'

    def warn_of_scheme(self, scheme: str, position: TextPosition) -> None:
        """Warn of a scheme that is not allowed; a link without a scheme gets no warning."""
        if scheme:
            is_refused = scheme in REFUSED_SCHEMES
            why = "never put on a card: use http, https or mailto" if is_refused else "not put on a card"
            advice = "" if is_refused else f': name "{scheme}" in link_schemes'
            self.warn(position, "unsafe-link", f"a link to {scheme}: is {why}{advice}")

    def page_html(self, name: str, label: str, position: TextPosition) -> str:
        """A reference to a page, or a file written as one."""
        if file := _ORG_FILE.fullmatch(name):
            return self.media_html(file["path"] or name, label, "", "", position)
        url = self.links.url(name)
        shown = label or escape(name, quote=False)
        return f'<a class="ref" href="{escape(url)}">{shown}</a>' if url else shown

    def reference_html(self, id: str, position: TextPosition) -> str:
        """The first line of the referenced block."""
        id = id.lower()
        target = self.links.block(id)
        if target is None or id in position.trail:
            why = "there is no block with this id" if target is None else "this reference leads back to itself"
            self.warn(position, "dangling-reference", f"(({id})): {why}: remove the reference, or fix its target")
            return _MISSING
        self.enter(position)
        path, block = target
        below = position.below(id, path, block.lines or (Line(block.line, 1, ""),))
        text = within_a_line(opening(without_task_marks(clean(block.text))))
        if self.level >= DEEPEST_SHOWN:
            return self.too_deep(text, position)
        if not self.has_room(len(text) + 1, below):
            return _MISSING
        html = self.text(text, below)
        is_words = shows_something(html) and not has_blocks(html) and "\\[" not in html and not html.startswith("<img")
        return f'<span class="ankigen-reference">{html}</span>' if is_words and not self.is_line else html

    def embed_html(self, target: str, position: TextPosition) -> str:
        """A block with all blocks below it, or a whole page."""
        return self.shown_embed(self.embedded(target.strip()), f"{{{{embed {target.strip()}}}}}", position)

    def shown_embed(self, embed: tuple[str, str, Sequence[Block]] | None, written: str, position: TextPosition) -> str:
        """The rendered blocks of an `embed`: its id or name, the path of its page, its blocks."""
        if embed is None or embed[0] in position.trail or len(position.trail) >= self.links.embed_depth:
            why = "it embeds itself, or is deeper than embed_depth" if embed else "there is no such block or page"
            message = f"{written}: {why}: remove it, or fix its target"
            self.warn(position, "dangling-reference", message)
            return _MISSING
        self.enter(position)
        name, path, blocks = embed
        if self.level >= DEEPEST_SHOWN:
            self.warn(
                self.entered, "too-deep", "this leads too deep into other pages: the rest is left out; embed less"
            )
            return _MISSING
        shown = self.blocks(shown_blocks(blocks[: max(self.room, 0) + 1]), position.below(name, path))
        return shown if shown or not blocks else _MISSING

    def embedded(self, target: str) -> tuple[str, str, Sequence[Block]] | None:
        """The target of an embed: its id or name in lower case, the path of its page, its blocks."""
        if reference := _REFERENCE.fullmatch(target):
            block = self.links.block(reference["id"].lower())
            return (reference["id"].lower(), block[0], (block[1],)) if block else None
        name = _PAGE.fullmatch(target)
        return self.embedded_page(name["name"]) if name else None

    def embedded_page(self, name: str, part: str = "") -> tuple[str, str, Sequence[Block]] | None:
        """The same for a page, or a part of it."""
        page = self.links.page(name, part)
        key = f"#{part.lower()}" if part else ""
        return (page.name.lower() + key, page.path, page.blocks) if page else None


class Footnotes:
    """The footnotes that a field refers to, numbered from 1.

    They are shown below the text that contains one of them, or else below the field.
    """

    def __init__(self, renderer: FieldRenderer, *, shows_marks: bool) -> None:
        self.renderer = renderer
        self.shows_marks = shows_marks
        self.own: dict[tuple[str, str], tuple[str, TextPosition]] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.coming: deque[tuple[str, TextPosition]] = deque()

    def taken_out(self, source: str, position: TextPosition) -> str:
        """A text without its footnotes, which are remembered; footnotes without a mark stay in place."""
        if "[^" not in source:
            return source
        rest = parted(source)
        if not rest.notes:
            return source
        elsewhere = self.renderer.links.footnotes(position.path)
        marked = rest.marks()
        for name, text in rest.notes.items():
            if name in marked:
                self.own[position.path, name] = text, position
        staying = rest.notes.keys() - marked - elsewhere.keys()
        return (parted(source, staying) if staying else rest).text.rstrip()

    def number(self, name: str, position: TextPosition) -> str | None:
        """The number of the footnote of that name, as the mark shows it; `None` if there is no such footnote."""
        key = position.path, name
        if key not in self.numbers:
            found = self.own.get(key) or self.found(name, position)
            if found is None:
                return None
            self.coming.append(found)
            self.numbers[key] = len(self.numbers) + 1
        return f"<sup>{self.numbers[key]}</sup>" if self.shows_marks else ""

    def found(self, name: str, position: TextPosition) -> tuple[str, TextPosition] | None:
        """A footnote from elsewhere on the page."""
        note = self.renderer.links.footnotes(position.path).get(name)
        if note is None or not self.renderer.has_room(len(note.text) + 1, position):
            return None
        return note.text, TextPosition(position.path, note.lines, position.trail)

    def behind(self, html: str) -> str:
        """A text with its footnotes below, and those of the texts before it."""
        notes = self._html()
        self.numbers.clear()
        return (html if has_blocks(html) else f"<p>{html}</p>") + notes if notes else html

    def _html(self) -> str:
        """The footnotes that are not shown yet; a footnote may refer to others."""
        items = []
        while self.shows_marks and self.coming:
            text, position = self.coming.popleft()
            items.append(f"<li><p>{self.renderer.text(text, position)}</p></li>")
        return f'<section class="footnotes"><ol>{"".join(items)}</ol></section>' if items else ""


class _MarkdownText:
    """Renders one text as Markdown.

    What Markdown must not read is kept in `stash` and replaced by a token; the targets of links are kept in `targets`,
    each with its size and position.
    """

    def __init__(self, renderer: FieldRenderer, source: str, position: TextPosition, level: int) -> None:
        self.renderer = renderer
        self.level = level
        self.source = source
        self.position = position
        self.stash: list[str] = []
        self.targets: list[tuple[str, str, TextPosition]] = []
        self.searched: dict[str, int] = {}

    def html(self) -> str:
        written = self.source
        self.source = source = self.renderer.footnotes.taken_out(written, self.position)
        parts = []
        offset = 0
        for span in scan(source):
            parts.append(_as_shown(source[offset : span.start - self.is_embed(span)]))
            shown = _SHOW[span.kind](self, span)
            parts.append(source[span.start : span.end] if shown is None else shown)
            offset = span.end
        parts.append(_as_shown(source[offset:]))
        context = plain_markdown.MarkdownContext(self.link, self.image)
        text = "".join(parts)
        if "[^" in text:
            text = MARK.sub(self.footnote_mark, text)
        if ">>>" in text:
            text = _DOCTEST.sub(r"\g<indent>\\>>>", text)
        html = plain_markdown.to_html(self.loosened(text), context)
        html = self.unstash(html)
        if _COLOURED in html:
            html = _COLOUR_OF_TEXT.sub(r"\g<name>", _COLOUR_OF_MARK.sub(r'<mark class="\g<kind>">', html))
        html = self.sanitised(html) if context.has_raw_html else html
        return self.renderer.footnotes.behind(html) if self.level == 1 and source != written else html

    def sanitised(self, html: str) -> str:
        """Foreign HTML, made harmless, with a warning for each link that is removed."""
        for link in _RAW_LINK.finditer(html):
            scheme = scheme_of(unescape(link["address"]))
            if scheme not in self.renderer.links.schemes:
                self.renderer.warn_of_scheme(scheme, self.at_value(link["address"]))
        return sanitise(html, self.resolve, self.renderer.links.schemes)

    def footnote_mark(self, mark: re.Match[str]) -> str:
        """The number of a footnote; the mark as it is written if there is no such footnote."""
        number = self.renderer.footnotes.number(mark["name"], self.position)
        return f"\\{mark[0]}" if number is None else self.keep(number)

    def loosened(self, text: str) -> str:
        """Let emphasis begin and end as in Logseq: bold ends at the first stars that may end it, whatever is around it.

        In scripts without spaces between words, emphasis may begin and end at punctuation and, within a word, at the
        marks of a highlight.
        """
        if any(signs in text for signs in _THRICE):
            text = _BETWEEN_SIGNS.sub(self.between_signs, text)
        if "**" in text:
            text = self.with_bold(text)
        if "*" not in text or text.isascii():
            return text
        nothing = self.keep("")
        return _EMPHASIS_BEGINS.sub(rf"\g<0>{nothing}", _EMPHASIS_ENDS.sub(nothing, text))

    def between_signs(self, match: re.Match[str]) -> str:
        """Text highlighted or struck through by signs with more of the same sign beside them.

        If the first of them has no end on the line, the others have none either.
        """
        if match["inside"] is None:
            return match[0]
        tag = "del" if match["sign"] == "~~" else "mark"
        return f"{self.keep(f'<{tag}>')}{match['inside']}{self.keep(f'</{tag}>')}"

    def with_bold(self, text: str) -> str:
        """The text with bold separated from the text beside its stars, if Markdown would not see it otherwise."""
        parts: list[str] = []
        position = 0
        for match in _BOLD.finditer(text):
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            is_behind_bold = before == "*" and match.start() == position
            if before == "\\" or (before == "*" and not is_behind_bold):
                continue
            inside = match["inside"]
            if is_behind_bold or after == "*" or not (_is_edge(before, inside[0]) and _is_edge(after, inside[-1])):
                nothing = self.keep("")
                apart = nothing if is_behind_bold else ""
                bold = f"{apart}**{nothing}{inside}{nothing}**"
            else:
                bold = match[0]
            parts += [text[position : match.start()], bold]
            position = match.end()
        return "".join([*parts, text[position:]])

    def unstash(self, html: str) -> str:
        if self.targets:
            html = _LEFT_TARGET.sub(self.written_target, html)
        return _TOKEN.sub(self.put_back, html) if self.stash else html

    def written_target(self, match: re.Match[str]) -> str:
        """The target of something that only looked like a link, as it was written."""
        index = int(match["index"])
        return f"]({escape(self.targets[index][0])})" if index < len(self.targets) else match[0]

    def put_back(self, match: re.Match[str]) -> str:
        if tag := match["tag"]:
            if plain_markdown.END not in tag:
                return tag
            return plain_markdown.TOKEN.sub(lambda token: as_attribute(self.stash[int(token["index"])]), tag)
        return self.stash[int(match["index"])]

    def keep(self, html: str) -> str:
        """Stash inline HTML."""
        self.stash.append(html)
        return plain_markdown.inline_token(len(self.stash) - 1)

    def keep_block(self, html: str, span: Span) -> str:
        """Stash block HTML; text after it begins a new line."""
        self.stash.append(html)
        is_last = _LINE_ENDS.match(self.source, span.end)
        return span.lead + plain_markdown.block_token(len(self.stash) - 1) + ("" if is_last else "\n")

    def in_a_line(self, html: str) -> str:
        """Block HTML; only its first line if the field is a single line."""
        return first_line(html) if self.renderer.is_line else html

    def keep_alone(self, html: str, span: Span) -> str:
        """Stash HTML as a block if it is alone on its lines, else inline."""
        is_alone = self.is_first(span) and _LINE_ENDS.match(self.source, span.end)
        return self.keep_block(html, span) if is_alone else self.keep(html)

    def is_first(self, span: Span) -> bool:
        """Whether only spaces come before the span on its line."""
        start = span.start
        while start and self.source[start - 1] != "\n":
            start -= 1
            if not self.source[start].isspace():
                return False
        return True

    def inner(self, span: Span) -> str:
        return self.source[slice(*span.inner)]

    def at(self, start: int, end: int) -> TextPosition:
        """The position of a part of the text, with offsets into `source`."""
        position = self.position
        if position.is_fixed:
            return position
        whole, base = position.whole or self.source, position.start
        return replace(position, whole=whole, start=base + start, end=base + end)

    def at_opening(self, span: Span) -> TextPosition:
        """The position of the first line of a span, after its quote or list marks."""
        line = self.source[span.start : span.end].partition("\n")[0]
        return self.at(span.start + len(span.lead), span.start + len(line))

    def at_value(self, value: str) -> TextPosition:
        """The position of the tag with this address in raw HTML; the next call finds the next equal address."""
        start = self.source.find(value, self.searched.get(value, 0))
        if start < 0:
            return self.at(0, 0)
        self.searched[value] = end = start + len(value)
        tag = _AROUND_VALUE.search(self.source, max(self.source.rfind("<", 0, start), 0))
        return self.at(*tag.span()) if tag and tag.start() < start < tag.end() else self.at(start, end)

    def nested(self, start: int, end: int) -> str:
        """Render a part of the text separately."""
        return self.renderer.text(self.source[start:end], self.at(start, end), self.level + 1)

    # Called by the Markdown renderer.

    def link(self, label: str, url: str, title: str) -> str:
        target, _, title, position = self.target(url, title)
        bare = plain_markdown.TOKEN.sub(lambda token: self.keep(_LINK.sub("", self.stash[int(token["index"])])), label)
        return self.keep_html(self.renderer.link_html(bare, target, title, position), bare)

    def image(self, alt: str, url: str, title: str) -> str:
        target, size, title, position = self.target(url, title)
        if self.is_plain and (sized := SIZED.fullmatch(alt)):
            alt, size = sized["alt"] or "", size or as_size(sized)
        return self.keep(self.unstash(self.renderer.media_html(target, alt, size, title, position)))

    def keep_html(self, html: str, label: str) -> str:
        """Stash the HTML around a label, and leave the label itself to the following steps."""
        before, kept, after = html.partition(label) if label else (html, "", "")
        return (self.keep(before) if before else "") + kept + (self.keep(after) if after else "")

    def target(self, url: str, title: str) -> tuple[str, str, str, TextPosition]:
        """The address, size, title and position of a link or picture, as written."""
        stashed = plain_markdown.TARGET.fullmatch(url)
        if stashed is None or int(stashed["index"]) >= len(self.targets):
            is_address = scheme_of(url) in self.renderer.links.schemes
            return url if is_address else unquote(url), "", title, self.at_value(url)
        written, size, position = self.targets[int(stashed["index"])]
        address, named = with_title(written.strip())
        if address.startswith("<") and address.endswith(">"):
            address = address[1:-1]
        return address, size, named, position

    def resolve(self, tag: str, attribute: str, value: str) -> str | None:
        """The value of an attribute in raw HTML; a file of the notes gets its name in Anki."""
        if attribute not in {"src", "poster"} or value in self.renderer.shown_media:
            return value
        media = self.renderer.links.media(value, self.position.path)
        if isinstance(media, Refusal):
            self.renderer.warn(self.at_value(value), media.rule, media.message)
            return self.renderer.shows(media.instead) or None
        if media is not None:
            self.renderer.pack(media, self.at_value(value))
        return self.renderer.shows(media.name if media else value)

    # One method for each kind of span.

    def show_fence(self, span: Span) -> str:
        source = self.inner(span)
        if ">" in span.lead:
            source = _QUOTE_MARK.sub("", source)
        elif span.lead:
            source = dedented(source, len(span.lead))
        if span.name.split()[:1] == ["mermaid"]:
            return self.keep_block(self.diagram(source, span), span)
        return self.keep_block(self.code(source, span.name, span), span)

    def code(self, source: str, info: str, span: Span) -> str:
        if self.renderer.is_line:
            return code.inline(next(filter(str.strip, source.split("\n")), "").strip())
        if code.is_left_plain(source, info):
            self.renderer.warn(
                self.at_opening(span), "too-large", "this code is too long or uniform to be coloured: show a part of it"
            )
        return code.block(source, info)

    def diagram(self, source: str, span: Span) -> str:
        media = self.renderer.links.diagram(source)
        if isinstance(media, Refusal):
            self.renderer.warn(self.at_opening(span), media.rule, media.message)
            return code.block(source, "")
        self.renderer.media[media.name] = media
        return f'<img src="{escape(self.renderer.shows(media.name))}" alt="diagram">'

    def show_code(self, span: Span) -> str:
        inner = self.inner(span)
        if inner.strip() and inner.startswith(" ") and inner.endswith(" "):
            inner = inner[1:-1]
        if "\\|" in inner and _TABLE_ROW.match(self.source, self.source.rfind("\n", 0, span.start) + 1):
            inner = inner.replace("\\|", "|")
        return self.keep(code.inline(inner))

    def show_math(self, span: Span) -> str:
        return self.keep(self.between(self.inner(span), span, "\\(", "\\)"))

    def show_display(self, span: Span) -> str:
        return self.display(self.inner(span), span)

    def show_environment(self, span: Span) -> str:
        return self.display(self.source[span.start : span.end], span)

    def display(self, source: str, span: Span) -> str:
        """A display formula; an inline one if the field is a single line."""
        if self.renderer.is_line:
            return self.keep(self.between(source, span, "\\(", "\\)"))
        return self.keep_alone(self.between(source, span, "\\[", "\\]"), span)

    def between(self, source: str, span: Span, opening: str, closing: str) -> str:
        """A formula between Anki's delimiters; a cloze around the whole formula goes outside them."""
        before, formula, after = whole_hidden(source)
        return before + meant_formula(opening, self.formula(formula, span), closing) + after

    def formula(self, source: str, span: Span) -> str:
        """A formula as HTML."""
        html, left_out = formula_html(source)
        for name in left_out:
            message = f"\\{name} is left out of a formula: it could load or run something: write the formula without it"
            self.renderer.warn(self.at(span.start, span.end), "unsafe-formula", message)
        return html

    def show_cloze(self, span: Span) -> str:
        return self.keep(self.nested(*span.inner))

    def show_hidden(self, span: Span) -> str:
        answer = self.nested(*span.inner)
        if not shows_something(answer):
            self.renderer.hides_nothing(self.at(*span.inner))
            return self.keep(answer)
        hint = f"{CLOZE_HINT}{self.nested(*span.hint)}" if span.hint else ""
        html = f"{CLOZE_OPEN}{span.name}{CLOZE_ANSWER}{answer}{hint}{CLOZE_CLOSE}"
        return self.keep_alone(html, span) if has_blocks(html) else self.keep(html)

    def show_macro(self, span: Span) -> str | None:
        name = span.name.lower()
        body = self.inner(span).strip()
        position = self.at(span.start, span.end)
        if name == "embed":
            return self.keep_alone(self.in_a_line(self.renderer.embed_html(body, position)), span)
        if name in _DROPPED:
            self.renderer.warn(
                position, "dropped-macro", f"{{{{{name}}}}} has no place on a card: it is left out; write what is meant"
            )
            return ""
        if name in _LINKED:
            address = f"https://youtu.be/{body}" if _YOUTUBE_ID.fullmatch(body) else body
            return self.keep(self.renderer.link_html("", address, "", position) or escape(body, quote=False))
        if name == "youtube-timestamp":
            return self.keep(timestamp(body))
        if name == "img":
            words = body.replace(",", " ").split()
            return self.keep(self.renderer.media_html(words[0], "", "", "", position)) if words else ""
        return self.user_macro(span, body, position)

    def user_macro(self, span: Span, body: str, position: TextPosition) -> str | None:
        template = self.renderer.links.macros.get(span.name)
        if template is None or f"macro {span.name}" in position.trail or len(position.trail) >= _DEEPEST_MACRO:
            return self.keep(escape(self.source[span.start : span.end], quote=False))
        arguments = arguments_of(body)
        self.renderer.enter(position)
        if not self.renderer.has_room(_filled_size(template, arguments), position):
            return self.keep(_MISSING)
        text = _PARAMETER.sub(lambda match: nth(arguments, int(match["number"])), template)
        return self.keep_alone(self.renderer.text(clean(text), position.within_macro(f"macro {span.name}")), span)

    def show_block(self, span: Span) -> str:
        if span.name == "COMMENT":
            return ""
        if span.name == "QUERY":
            self.renderer.warn(
                self.at_opening(span),
                "dropped-macro",
                "a query has no place on a card: it is left out; write what is meant",
            )
            return ""
        return self.keep_block(self.in_a_line(self.block_html(span)), span)

    def block_html(self, span: Span) -> str:
        name = span.name
        if name == "SRC":
            return self.code(self.inner(span), span.options, span)
        if name == "EXAMPLE":
            return self.code(self.inner(span), "", span)
        if name == "EXPORT":
            return self.foreign_html(self.inner(span), span) if span.options.lower().startswith("html") else ""
        inside = self.nested(*span.inner)
        if name in _ADMONITIONS:
            return callout_html(name, escape(span.options, quote=False), inside)
        if name == "QUOTE":
            return f"<blockquote>{inside}</blockquote>"
        own = "ankigen-block-" if name.lower() in _OTHERS_CLASSES else ""
        return f'<div class="{own}{escape(name.lower())}">{inside}</div>'

    def show_target(self, span: Span) -> str:
        self.targets.append((self.inner(span), span.name, self.at(span.start, span.end)))
        return f"](stash:{len(self.targets) - 1})"

    def is_embed(self, span: Span) -> bool:
        """Whether it is an embedded file, `![[eye.png]]`, or outside Logseq an embedded page, `![[Eye]]`."""
        if span.kind is not Kind.PAGE or self.source[span.start - 1 : span.start + 1] != "![":
            return False
        return self.is_media(span) or self.is_plain

    def named(self, span: Span) -> str:
        """The text between the brackets, with the bar before an alias unescaped, as tables outside Logseq need it."""
        return self.inner(span).replace("\\|", "|") if self.is_plain else self.inner(span)

    @property
    def is_plain(self) -> bool:
        """Whether the text is from outside Logseq."""
        return not self.renderer.links.is_logseq(self.position.path)

    def is_media(self, span: Span) -> bool:
        name = self.named(span).partition("|")[0].strip()
        if self.is_plain:
            return extension(name) in MEDIA | UNSHOWN or bool(_FILE_NAME.fullmatch(name))
        return extension(name) in MEDIA

    def show_page(self, span: Span) -> str:
        if (colour := _COLOUR.fullmatch(self.inner(span))) and not self.is_embed(span):
            kind = ("ankigen-" if colour["sign"] == "#" else "ankigen-ink-") + COLOURS[colour["name"].lower()]
            return self.keep(f"{_COLOURED}{kind} {colour[0]}{_END_OF_COLOUR}")
        inner, position = self.named(span), self.at(span.start - self.is_embed(span), span.end)
        name, _, width = inner.partition("|")
        if self.is_embed(span) and not self.is_media(span):
            html = self.in_a_line(self.embedded_page(name, position))
            return self.keep_alone(html, replace(span, start=span.start - 1))
        if self.is_embed(span):
            alt, size = "", f":width {width}"
            name = name.strip() if self.is_plain else name
            if self.is_plain and width:
                sized = SIZED.fullmatch(width)
                alt, size = (sized["alt"] or "", as_size(sized)) if sized else (width, "")
            return self.keep(self.renderer.media_html(name, escape(alt, quote=False), size, "", position))
        alias = _ALIAS.fullmatch(inner)
        page, label = (alias["page"], escape(alias["alias"], quote=False)) if alias else (inner, "")
        if self.is_plain and not label and (parted := _PART.fullmatch(page)):
            label = escape(" > ".join(filter(None, [parted["page"], *parted["part"].split("#")])), quote=False)
        return self.keep(self.renderer.page_html(page, label, position))

    def embedded_page(self, name: str, position: TextPosition) -> str:
        """An embedded page or part of a page, as in Obsidian; without a name it is a part of the same page."""
        name = name.strip()
        parted = _PART.fullmatch(name)
        page, part = (parted["page"] or self.position.path, parted["part"]) if parted else (name, "")
        embed = self.renderer.embedded_page(page.removesuffix(".md"), part)
        return self.renderer.shown_embed(embed, f"![[{name}]]", position)

    def show_reference(self, span: Span) -> str:
        return self.keep(self.renderer.reference_html(self.inner(span), self.at(span.start, span.end)))

    def show_url(self, span: Span) -> str:
        url = self.inner(span)
        label = escape(url.removeprefix("mailto:"), quote=False)
        target = url if scheme_of(url) else f"mailto:{url}"
        return self.keep(self.renderer.link_html(label, target, "", self.at(span.start, span.end)))

    def show_ruby(self, span: Span) -> str:
        base, *readings = self.inner(span).split("|")
        bases = list(base) if len(readings) == len(base) else [base]
        if len(bases) == 1:
            readings = ["".join(readings)]
        pairs = zip(bases, readings, strict=True)
        shown = "".join(
            f"{escape(shown, quote=False)}<rt>{escape(reading, quote=False)}</rt>" for shown, reading in pairs
        )
        return self.keep(f"<ruby>{shown}</ruby>")

    def show_hiccup(self, span: Span) -> str:
        return self.keep(self.foreign_html(hiccup.hiccup_html(self.inner(span)), span))

    def show_comment(self, span: Span) -> str:
        return ""

    def show_declaration(self, span: Span) -> str:
        self.take_away(self.inner(span), span)
        return ""

    def show_html(self, span: Span) -> str | None:
        if span.name in html_tags.TAKEN_AWAY:
            self.take_away(f"<{span.name}>", span)
            return ""
        tag = html_tags.Tag(span.name, span.start, span.end)
        if span.name and span.name not in html_tags.VOID and html_tags.closed_itself(self.source, tag):
            return f"{self.inner(span)[:-2].rstrip()}></{span.name}>"
        return None

    def foreign_html(self, source: str, span: Span) -> str:
        """HTML without Markdown, made harmless."""
        parts = []
        for shown, taken in html_tags.pieces(source):
            parts.append(shown)
            if taken:
                self.take_away(taken, span)
        return self.sanitised("".join(parts))

    def take_away(self, name: str, span: Span) -> None:
        """Warn about removed HTML: elements that HTML hides, or that could load or run something."""
        message = (
            f"{name} has no place on a card and is left out, with what is in it: write it as text, a picture or a "
            "link, or between backticks to show the tag itself"
        )
        self.renderer.warn(self.at(span.start, span.end), "removed-html", message)


_SHOW: dict[Kind, Callable[[_MarkdownText, Span], str | None]] = {
    Kind.FENCE: _MarkdownText.show_fence,
    Kind.CODE: _MarkdownText.show_code,
    Kind.MATH: _MarkdownText.show_math,
    Kind.DISPLAY: _MarkdownText.show_display,
    Kind.ENVIRONMENT: _MarkdownText.show_environment,
    Kind.CLOZE: _MarkdownText.show_cloze,
    Kind.HIDDEN: _MarkdownText.show_hidden,
    Kind.MACRO: _MarkdownText.show_macro,
    Kind.BLOCK: _MarkdownText.show_block,
    Kind.TARGET: _MarkdownText.show_target,
    Kind.PAGE: _MarkdownText.show_page,
    Kind.BLOCK_REFERENCE: _MarkdownText.show_reference,
    Kind.URL: _MarkdownText.show_url,
    Kind.RUBY: _MarkdownText.show_ruby,
    Kind.HICCUP: _MarkdownText.show_hiccup,
    Kind.COMMENT: _MarkdownText.show_comment,
    Kind.DECLARATION: _MarkdownText.show_declaration,
    Kind.HTML: _MarkdownText.show_html,
}
