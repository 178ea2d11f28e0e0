"""What of a face could run, load or be carried out, as an HTML parser and Anki's own patterns see it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

RUNS = {
    "script", "iframe", "object", "embed", "frame", "frameset", "base", "meta", "link", "style", "form", "template",
    "applet", "svg", "math", "noscript", "portal", "button", "textarea", "select", "xmp", "plaintext", "title",
    "dialog",
}  # fmt: skip
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "xlink:href",
    "background",
    "srcset",
    "ping",
)
MAY_LEAD = re.compile(r"(?:https?|mailto|tel|ftp|logseq|obsidian|zotero|anki):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
OUT_OF_PLACE = re.compile(
    r"url\s*\(|expression|@import|position|z-index|inset|behavior|animation|content\s*:|\\", re.IGNORECASE
)
# https://github.com/ankitects/anki: rslib/src/latex.rs, template.rs, text.rs say what these are.
COMMANDS = re.compile(r"\[sound:.+?\]|\[anki:|\[/?latex\]|\[/?\$\$?\]|\[\[type:", re.IGNORECASE)
FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
REACHES_OUT = re.compile(
    r"\\(?:href|style|class|cssId|require|mmlToken|html[A-Z]\w*|includegraphics)(?![A-Za-z])|\\bbox\s*\["
)
OWN_SOUND = re.compile(r"\[sound:[\w-]+-[0-9a-f]{16}\.mp3\]")


def what_is_live(html: str) -> Iterator[str]:
    """Whatever could run, load a page, leave its place, or be carried out by Anki or its MathJax."""
    root = LexborHTMLParser(f"<!doctype html><body>{html}").root
    assert root is not None
    for node in root.traverse(include_text=False):
        tag = node.tag or ""
        if tag in RUNS and tag not in {"html", "head", "body", "-doctype"}:
            yield f"<{tag}>"
        for name, value in node.attributes.items():
            yield from _live_attribute(tag, name.lower(), value or "")
    yield from (f"command {command[0]}" for command in COMMANDS.finditer(OWN_SOUND.sub("", html)))
    yield from (f"formula {found[0]}" for found in FORMULA.finditer(_shown(html)) if REACHES_OUT.search(found[0]))


def _shown(html: str) -> str:
    """The field with its clozes shown, as Anki does in formulas."""
    return re.sub(r"\{\{c[0-9,]+::|\}\}", "", html)


def _live_attribute(tag: str, name: str, value: str) -> Iterator[str]:
    bare = re.sub(r"[\s\x00-\x20\x7f-\x9f\ufdd0-\ufdef]", "", value)
    is_picture = tag == "img" and name == "src" and re.match(r"data:image/(?:png|jpeg|gif|webp);", bare, re.IGNORECASE)
    if name.startswith("on") or name in {"srcdoc", "autofocus", "contenteditable", "is", "slot"}:
        yield f"{name}={value}"
    if name in ADDRESSES and not is_picture and not MAY_LEAD.match(bare):
        yield f"{name}={value}"
    if name == "style" and OUT_OF_PLACE.search(value):
        yield f"style={value}"
