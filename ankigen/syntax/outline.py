"""Reads outlines as Logseq does, Markdown and org-mode: which lines make a block, and which blocks lie below it."""

from __future__ import annotations

from ankigen.data import Page
from ankigen.syntax import markdown_outline

_ORG = ".org"
SUFFIXES = (".md", ".markdown", _ORG)


def parse(text: str, path: str, name: str, *, reads_yaml: bool = False) -> Page:
    """Read a page; any text is one, so nothing is refused, and what is not understood is text.

    The suffix of the path tells the language; the lines of blocks are Markdown in either case. Front matter is YAML
    where the page is none of Logseq's.
    """
    if is_org(path):
        from ankigen.syntax import org_outline  # noqa: PLC0415 - few have pages in org-mode

        return org_outline.parse_org(text, path, name)
    return markdown_outline.parse_markdown(text, path, name, reads_yaml=reads_yaml)


def is_org(path: str) -> bool:
    """Whether the suffix says that a file is written in org-mode."""
    return path.lower().endswith(_ORG)
