"""Renders texts and blocks piece by piece, and collects what it meets: media and problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import unquote

from ankigen.data import Block, Line, MediaFile, Problem, Refusal, Severity
from ankigen.render import code, hiccup, plain_markdown
from ankigen.render.elements import (
    area_picture,
    arguments_of,
    as_attribute,
    dedented,
    extension,
    formula,
    has_blocks,
    is_numbered,
    medium,
    nth,
    opening,
    picture,
    scheme_of,
    shown_blocks,
    timestamp,
    visible,
    visible_lines,
    with_title,
)
from ankigen.render.escape_for_anki import inert
from ankigen.render.links import Links
from ankigen.render.sanitise import SCHEMES, sanitise
from ankigen.support.structs import Struct
from ankigen.syntax import tracing
from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN
from ankigen.syntax.spans import Kind, Span, clean, scan
from ankigen.syntax.words import ANY_UUID, AUDIO, MEDIA, PAGE_NAME, VIDEO

_DEEPEST_MACRO = 5
_DOCTEST = re.compile(r"^(?P<indent>[ \t]*)>>>(?=[ \t])", re.MULTILINE)
"""A Python prompt, which is no quote within quotes."""
_PLAIN = re.compile(
    r"[ \t]*+(?![-+\d])(?:[^\\`*_~^=#<>&\[\]{}|$\n:(\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]|:(?!/)|\((?!\())*+"
)
_TOKEN = re.compile(rf"(?P<tag><[^<>]*>)|{plain_markdown.TOKEN.pattern}")
_LEFT_TARGET = re.compile(rf"\]\({plain_markdown.TARGET.pattern}\)")
_WIDE_PUNCTUATION = r"[\u2014-\u2026\u3001-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
_EMPHASIS_ENDS = re.compile(rf"(?:(?<={_WIDE_PUNCTUATION})|(?<===|\^\^|~~))(?=\*{{1,3}}\w)")
_EMPHASIS_BEGINS = re.compile(rf"\w\*{{1,3}}(?={_WIDE_PUNCTUATION}|==|\^\^|~~)")
_LINK = re.compile(r"</?a\b[^<>]*>")
_AROUND_VALUE = re.compile(r"<[A-Za-z][^<>]*>")
_QUOTE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_REFERENCE = re.compile(rf"\(\((?P<id>{ANY_UUID})\)\)")
_PAGE = re.compile(rf"\[\[(?P<name>{PAGE_NAME})\]\]")
_ORG_FILE = re.compile(r"(?:file:)?(?P<path>(?:[./]*assets/|\.\.?/)\S.*\.\w+)|file:.+")
_ALIAS = re.compile(r"(?P<page>[^|]*[^|\s])\|(?P<alias>[^|\s][^|]*)")
_PARAMETER = re.compile(r"\$(?P<number>[1-9])")
_YOUTUBE_ID = re.compile(r"[\w-]{11}")
_ADMONITIONS = {"NOTE", "TIP", "IMPORTANT", "CAUTION", "WARNING", "PINNED"}
_DROPPED = {"query", "renderer", "cards", "function", "namespace", "zotero-imported-file", "zotero-linked-file"}
_LINKED = {"video", "youtube", "vimeo", "bilibili", "tweet", "twitter"}
_LISTS = ("ol", 'ol type="a"', 'ol type="i"')
_GOOD_DATA = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")


class Place(Struct, frozen=True):
    """Where a text stands: its page, the lines it was made of, and by which references and macros it got here.

    A part of a text stands from `start` to `end` of the `whole`. What a macro stands for `is_fixed` where the macro is.
    """

    path: str
    lines: Sequence[Line] = ()
    trail: tuple[str, ...] = ()
    whole: str = ""
    start: int = 0
    end: int = 0
    is_fixed: bool = False

    def below(self, name: str, path: str, lines: Sequence[Line] = ()) -> Place:
        """The place of what is shown here and stands elsewhere."""
        return Place(path, lines, (*self.trail, name))

    def within_macro(self, name: str) -> Place:
        """The place of what a macro stands for."""
        return Place(self.path, self.lines, (*self.trail, name), self.whole, self.start, self.end, is_fixed=True)


class Sheet:
    """Renders texts and blocks; `media` and `problems` are what they met."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.media: dict[str, MediaFile] = {}
        self.problems: dict[Problem, None] = {}

    def text(self, source: str, place: Place) -> str:
        """Render a text, marks of clozes left in it."""
        if _PLAIN.fullmatch(source):
            return source.strip(" \t")
        return _Text(self, source, place).html()

    def blocks(self, blocks: Sequence[Block], place: Place, number_depth: int = 0, hidden: Sequence[int] = ()) -> str:
        """Render blocks as a list, runs of numbered ones as a numbered list; `hidden` numbers the outermost."""
        parts = []
        last = ""
        for index, block in enumerate(blocks):
            counts = is_numbered(block)
            inside = self.block(block, place, number_depth + counts)
            if hidden:
                inside = f"{CLOZE_OPEN}{hidden[index]}{CLOZE_ANSWER}{inside}{CLOZE_CLOSE}"
            kind = _LISTS[number_depth % len(_LISTS)] if counts else "ul"
            if kind != last and inside:
                parts.append(f"</{last[:2]}><{kind}>" if last else f"<{kind}>")
                last = kind
            parts.append(f"<li>{inside}</li>" if inside else "")
        return "".join([*parts, f"</{last[:2]}>" if last else ""])

    def block(self, block: Block, place: Place, number_depth: int = 0) -> str:
        """Render a block and, as a list, what is below it."""
        inside = self.text(visible(block.text), Place(place.path, block.lines, place.trail))
        shown = shown_blocks(block.children)
        return inside + self.blocks(shown, place, number_depth) if shown else inside

    def warn(self, place: Place, rule: str, message: str) -> None:
        """Note a problem that leaves the card readable."""
        origin = tracing.Origin(place.path, self.links.lines(place.path), visible_lines(place.lines))
        spot = tracing.trace(origin, place.whole, place.start, place.end)
        self.problems[spot.problem(Severity.WARNING, rule, message)] = None

    # What stands outside the text.

    def media_html(self, target: str, alt: str, size: str, title: str, place: Place) -> str:
        """A picture, sound or film; its alternative text where it cannot be shown."""
        label = alt or escape(target.rpartition("/")[2], quote=False)
        if target.lower().startswith(_GOOD_DATA):
            return picture(target, alt, size, title)
        found = self.links.media(target, place.path)
        if isinstance(found, Refusal):
            self.warn(place, found.rule, found.message)
            if not found.instead:
                return f'<span class="missing">{inert(label)}</span>'
            target, found = found.instead, None
        if found is None and scheme_of(target) not in {"http", "https"}:
            self.warn(place, "unsafe-link", f"{target} cannot be shown on a card: link to a file or a web address")
            return f'<span class="missing">{inert(label)}</span>'
        if found is not None:
            self.media[found.name] = found
        return medium(found.name if found else target, found is None, alt, size, title)

    def link_html(self, label: str, target: str, title: str, place: Place) -> str:
        """A link; only its label where it leads nowhere that a card may go to."""
        if reference := _REFERENCE.fullmatch(target):
            return label or self.reference_html(reference["id"], place)
        if page := _PAGE.fullmatch(target):
            return self.page_html(page["name"], label, place)
        scheme = scheme_of(target)
        if not scheme and extension(target) in AUDIO | VIDEO:
            return self.media_html(target, label, "", title, place)
        if scheme not in SCHEMES:
            if scheme:
                message = f"a link to {scheme}: is not put on a card: use http, https or mailto"
                self.warn(place, "unsafe-link", message)
            return label
        shown = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(target)}"{shown}>{label or inert(escape(target, quote=False))}</a>'

    def page_html(self, name: str, label: str, place: Place) -> str:
        """A reference to a page, or a file written as one."""
        if file := _ORG_FILE.fullmatch(name):
            return self.media_html(file["path"] or name, label, "", "", place)
        url = self.links.url(name)
        shown = label or inert(escape(name, quote=False))
        return f'<a class="ref" href="{escape(url)}">{shown}</a>' if url else shown

    def reference_html(self, id: str, place: Place) -> str:
        """The first line of the block that a reference means."""
        id = id.lower()
        target = self.links.block(id)
        if target is None or id in place.trail:
            why = "there is no block with this id" if target is None else "this reference leads back to itself"
            self.warn(place, "dangling-reference", f"(({id})): {why}: remove the reference, or mend its target")
            return '<span class="missing">…</span>'
        path, block = target
        below = place.below(id, path, block.lines or (Line(block.line, 1, ""),))
        if area := area_picture(block, path, id):
            return self.media_html(area, "", "", "", below)
        return self.text(opening(visible(block.text)), below)

    def embed_html(self, what: str, place: Place) -> str:
        """A block with all below it, or a whole page."""
        found = self.embedded(what.strip())
        if found is None or found[0] in place.trail or len(place.trail) >= self.links.embed_depth:
            why = "there is no such block or page" if found is None else "it embeds itself, or lies too deep"
            self.warn(
                place, "dangling-reference", f"{{{{embed {what.strip()}}}}}: {why}: remove it, or mend its target"
            )
            return '<span class="missing">…</span>'
        name, path, blocks = found
        return self.blocks(shown_blocks(blocks), place.below(name, path))

    def embedded(self, what: str) -> tuple[str, str, Sequence[Block]] | None:
        """What an embed means: a name for it, the path of its page, its blocks."""
        if reference := _REFERENCE.fullmatch(what):
            target = self.links.block(reference["id"].lower())
            return (reference["id"].lower(), target[0], (target[1],)) if target else None
        name = _PAGE.fullmatch(what)
        page = self.links.page(name["name"]) if name else None
        return (page.name.lower(), page.path, page.blocks) if page else None


class _Text:
    """One text on its way through Markdown: what Markdown must not read waits in a stash."""

    def __init__(self, sheet: Sheet, source: str, place: Place) -> None:
        self.sheet = sheet
        self.source = source
        self.place = place
        self.stash: list[str] = []
        self.targets: list[tuple[str, str, Place]] = []
        self.searched: dict[str, int] = {}
        self.position = 0

    def html(self) -> str:
        parts = []
        source = self.source
        for span in scan(source):
            parts.append(source[self.position : span.start - self.is_embed(span)])
            shown = _SHOW[span.kind](self, span)
            parts.append(source[span.start : span.end] if shown is None else shown)
            self.position = span.end
        parts.append(source[self.position :])
        notes = plain_markdown.Notes(self.link, self.image)
        text = "".join(parts)
        if ">>>" in text:
            text = _DOCTEST.sub(r"\g<indent>\\>>>", text)
        html = plain_markdown.to_html(self.loosened(text), notes)
        if notes.has_raw_html:
            html = sanitise(html, self.resolve)
        return self.unstash(inert(html))

    def loosened(self, text: str) -> str:
        """Let emphasis begin and end, as Logseq does, at the punctuation of scripts that write no blanks.

        In these scripts it may begin and end at the marks of a highlight within a word, too.
        """
        if "*" not in text or text.isascii():
            return text
        nothing = self.keep("")
        return _EMPHASIS_BEGINS.sub(rf"\g<0>{nothing}", _EMPHASIS_ENDS.sub(nothing, text))

    def unstash(self, html: str) -> str:
        if self.targets:
            html = _LEFT_TARGET.sub(self.written_target, html)
        return _TOKEN.sub(self.put_back, html) if self.stash else html

    def written_target(self, found: re.Match[str]) -> str:
        """The target of what only looked like a link, as it was written."""
        index = int(found["index"])
        return f"]({escape(self.targets[index][0])})" if index < len(self.targets) else found[0]

    def put_back(self, found: re.Match[str]) -> str:
        if tag := found["tag"]:
            if plain_markdown.END not in tag:
                return tag
            return plain_markdown.TOKEN.sub(lambda token: as_attribute(self.stash[int(token["index"])]), tag)
        return self.stash[int(found["index"])]

    def keep(self, html: str) -> str:
        """Stash something that stands within a line."""
        self.stash.append(html)
        return plain_markdown.inline_token(len(self.stash) - 1)

    def keep_block(self, html: str, span: Span) -> str:
        """Stash something that takes lines of its own; text behind it begins a new line."""
        self.stash.append(html)
        rest = self.source[span.end :].partition("\n")[0].strip()
        return span.lead + plain_markdown.block_token(len(self.stash) - 1) + ("\n" if rest else "")

    def keep_alone(self, html: str, span: Span) -> str:
        """Stash something that takes lines of its own only where nothing else stands on them."""
        before = self.source[self.source.rfind("\n", 0, span.start) + 1 : span.start]
        rest = self.source[span.end :].partition("\n")[0]
        return self.keep(html) if before.strip() or rest.strip() else self.keep_block(html, span)

    def inner(self, span: Span) -> str:
        return self.source[slice(*span.inner)]

    def at(self, start: int, end: int) -> Place:
        """The place of a part of the text."""
        place = self.place
        if place.is_fixed:
            return place
        whole, base = place.whole or self.source, place.start
        return Place(place.path, place.lines, place.trail, whole, base + start, base + end)

    def at_opening(self, span: Span) -> Place:
        """The place of the first line of a span, behind its quote or list marks."""
        line = self.source[span.start : span.end].partition("\n")[0]
        return self.at(span.start + len(span.lead), span.start + len(line))

    def at_value(self, value: str) -> Place:
        """The place of an address within raw HTML, with its tag; each time that it is asked for, of the next one."""
        start = self.source.find(value, self.searched.get(value, 0))
        if start < 0:
            return self.at(0, 0)
        self.searched[value] = end = start + len(value)
        tag = _AROUND_VALUE.search(self.source, max(self.source.rfind("<", 0, start), 0))
        return self.at(*tag.span()) if tag and tag.start() < start < tag.end() else self.at(start, end)

    def nested(self, start: int, end: int) -> str:
        """Render a part of the text by itself."""
        return self.sheet.text(self.source[start:end], self.at(start, end))

    # What Markdown asks back.

    def link(self, label: str, url: str, title: str) -> str:
        target, _, title, place = self.target(url, title)
        bare = plain_markdown.TOKEN.sub(lambda token: self.keep(_LINK.sub("", self.stash[int(token["index"])])), label)
        return self.keep_html(self.sheet.link_html(bare, target, title, place), bare)

    def image(self, alt: str, url: str, title: str) -> str:
        target, size, title, place = self.target(url, title)
        return self.keep(self.unstash(self.sheet.media_html(target, alt, size, title, place)))

    def keep_html(self, html: str, label: str) -> str:
        """Leave a label to the steps that follow, but nothing that a label is wrapped in."""
        before, found, after = html.partition(label) if label else (html, "", "")
        return (self.keep(before) if before else "") + found + (self.keep(after) if after else "")

    def target(self, url: str, title: str) -> tuple[str, str, str, Place]:
        """Address, size and title that a link or picture was written with."""
        stashed = plain_markdown.TARGET.fullmatch(url)
        if stashed is None or int(stashed["index"]) >= len(self.targets):
            return unquote(url) if scheme_of(url) not in SCHEMES else url, "", title, self.at_value(url)
        written, size, place = self.targets[int(stashed["index"])]
        address, named = with_title(written.strip())
        if address.startswith("<") and address.endswith(">"):
            address = address[1:-1]
        return address, size, named, place

    def resolve(self, tag: str, attribute: str, value: str) -> str | None:
        """The value that an attribute of raw HTML may keep: a file of the notes gets its name in Anki."""
        if attribute not in {"src", "poster"}:
            return value
        found = self.sheet.links.media(value, self.place.path)
        if isinstance(found, Refusal):
            self.sheet.warn(self.at_value(value), found.rule, found.message)
            return found.instead or None
        if found is not None:
            self.sheet.media[found.name] = found
        return found.name if found else value

    # One method for each kind of span.

    def show_fence(self, span: Span) -> str:
        source = self.inner(span)
        if ">" in span.lead:
            source = _QUOTE_MARK.sub("", source)
        elif span.lead:
            source = dedented(source, len(span.lead))
        if span.name.split()[:1] == ["mermaid"]:
            return self.keep_block(self.diagram(source, span), span)
        return self.keep_block(code.block(source, span.name), span)

    def diagram(self, source: str, span: Span) -> str:
        found = self.sheet.links.diagram(source)
        if isinstance(found, Refusal):
            self.sheet.warn(self.at_opening(span), found.rule, found.message)
            return code.block(source, "")
        self.sheet.media[found.name] = found
        return f'<img src="{escape(found.name)}" alt="diagram">'

    def show_code(self, span: Span) -> str:
        inner = self.inner(span)
        if inner.strip() and inner.startswith(" ") and inner.endswith(" "):
            inner = inner[1:-1]
        if "\\|" in inner and self.source[self.source.rfind("\n", 0, span.start) + 1 :].lstrip().startswith("|"):
            inner = inner.replace("\\|", "|")
        return self.keep(code.inline(inner))

    def show_math(self, span: Span) -> str:
        return self.keep(f"\\({formula(self.inner(span))}\\)")

    def show_display(self, span: Span) -> str:
        return self.keep_alone(f"\\[{formula(self.inner(span))}\\]", span)

    def show_environment(self, span: Span) -> str:
        return self.keep_alone(f"\\[{formula(self.source[span.start : span.end])}\\]", span)

    def show_cloze(self, span: Span) -> str:
        return self.keep(self.nested(*span.inner))

    def show_hidden(self, span: Span) -> str:
        hint = f"{CLOZE_HINT}{self.nested(*span.hint)}" if span.hint else ""
        html = f"{CLOZE_OPEN}{span.name}{CLOZE_ANSWER}{self.nested(*span.inner)}{hint}{CLOZE_CLOSE}"
        return self.keep_alone(html, span) if has_blocks(html) else self.keep(html)

    def show_macro(self, span: Span) -> str | None:
        name = span.name.lower()
        body = self.inner(span).strip()
        place = self.at(span.start, span.end)
        if name == "embed":
            return self.keep_alone(self.sheet.embed_html(body, place), span)
        if name in _DROPPED:
            self.sheet.warn(place, "dropped-macro", f"{{{{{name}}}}} has no place on a card: it is left out")
            return ""
        if name in _LINKED:
            address = f"https://youtu.be/{body}" if _YOUTUBE_ID.fullmatch(body) else body
            return self.keep(self.sheet.link_html("", address, "", place) or escape(body, quote=False))
        if name == "youtube-timestamp":
            return self.keep(timestamp(body))
        if name == "img":
            words = body.replace(",", " ").split()
            return self.keep(self.sheet.media_html(words[0], "", "", "", place)) if words else ""
        return self.user_macro(span, body, place)

    def user_macro(self, span: Span, body: str, place: Place) -> str | None:
        template = self.sheet.links.macros.get(span.name)
        if template is None or f"macro {span.name}" in place.trail or len(place.trail) >= _DEEPEST_MACRO:
            return self.keep(inert(escape(self.source[span.start : span.end], quote=False)))
        arguments = arguments_of(body)
        text = _PARAMETER.sub(lambda found: nth(arguments, int(found["number"])), template)
        return self.keep_alone(self.sheet.text(clean(text), place.within_macro(f"macro {span.name}")), span)

    def show_block(self, span: Span) -> str:
        if span.name == "COMMENT":
            return ""
        if span.name == "QUERY":
            self.sheet.warn(self.at_opening(span), "dropped-macro", "a query has no place on a card: it is left out")
            return ""
        return self.keep_block(self.block_html(span), span)

    def block_html(self, span: Span) -> str:
        name = span.name
        if name == "SRC":
            return code.block(self.inner(span), span.options)
        if name == "EXAMPLE":
            return code.block(self.inner(span), "")
        if name == "EXPORT":
            return inert(sanitise(self.inner(span), self.resolve)) if span.options.lower().startswith("html") else ""
        inside = self.nested(*span.inner)
        if name in _ADMONITIONS:
            return plain_markdown.callout_html(name, escape(span.options, quote=False), inside)
        if name == "QUOTE":
            return f"<blockquote>{inside}</blockquote>"
        return f'<div class="{escape(name.lower())}">{inside}</div>'

    def show_target(self, span: Span) -> str:
        self.targets.append((self.inner(span), span.name, self.at(span.start, span.end)))
        return f"](stash:{len(self.targets) - 1})"

    def is_embed(self, span: Span) -> bool:
        """Whether it is a file as Obsidian shows it: `![[eye.png]]`."""
        if span.kind is not Kind.PAGE or self.source[span.start - 1 : span.start + 1] != "![":
            return False
        return extension(self.inner(span).partition("|")[0]) in MEDIA

    def show_page(self, span: Span) -> str:
        inner, place = self.inner(span), self.at(span.start - self.is_embed(span), span.end)
        if self.is_embed(span):
            name, _, width = inner.partition("|")
            return self.keep(self.sheet.media_html(name, "", f":width {width}", "", place))
        alias = _ALIAS.fullmatch(inner)
        page, label = (alias["page"], inert(escape(alias["alias"], quote=False))) if alias else (inner, "")
        return self.keep(self.sheet.page_html(page, label, place))

    def show_reference(self, span: Span) -> str:
        return self.keep(self.sheet.reference_html(self.inner(span), self.at(span.start, span.end)))

    def show_url(self, span: Span) -> str:
        url = self.inner(span)
        label = escape(url.removeprefix("mailto:"), quote=False)
        return self.keep(self.sheet.link_html(label, url, "", self.at(span.start, span.end)))

    def show_ruby(self, span: Span) -> str:
        base, *readings = self.inner(span).split("|")
        bases = list(base) if len(readings) == len(base) else [base]
        if len(bases) == 1:
            readings = ["".join(readings)]
        pairs = zip(bases, readings, strict=True)
        shown = "".join(f"{self.escaped(one)}<rt>{self.escaped(reading)}</rt>" for one, reading in pairs)
        return self.keep(f"<ruby>{shown}</ruby>")

    def escaped(self, text: str) -> str:
        return inert(escape(text, quote=False))

    def show_hiccup(self, span: Span) -> str:
        return self.keep(inert(sanitise(hiccup.to_html(self.inner(span)), self.resolve)))

    def show_comment(self, span: Span) -> str:
        return ""

    def show_html(self, span: Span) -> None:
        return None


_SHOW: dict[Kind, Callable[[_Text, Span], str | None]] = {
    Kind.FENCE: _Text.show_fence,
    Kind.CODE: _Text.show_code,
    Kind.MATH: _Text.show_math,
    Kind.DISPLAY: _Text.show_display,
    Kind.ENVIRONMENT: _Text.show_environment,
    Kind.CLOZE: _Text.show_cloze,
    Kind.HIDDEN: _Text.show_hidden,
    Kind.MACRO: _Text.show_macro,
    Kind.BLOCK: _Text.show_block,
    Kind.TARGET: _Text.show_target,
    Kind.PAGE: _Text.show_page,
    Kind.BLOCK_REFERENCE: _Text.show_reference,
    Kind.URL: _Text.show_url,
    Kind.RUBY: _Text.show_ruby,
    Kind.HICCUP: _Text.show_hiccup,
    Kind.COMMENT: _Text.show_comment,
    Kind.HTML: _Text.show_html,
}
