"""Parses outlines like Logseq, in Markdown and org-mode: the lines of each block, and its children."""

from __future__ import annotations

from ankigen.data import Page
from ankigen.syntax import markdown_outline

_ORG = ".org"
SUFFIXES = (".md", ".markdown", _ORG)


def parse(text: str, path: str, name: str, *, reads_yaml: bool = False) -> Page:
    """Parse a page; every text is valid, and unknown syntax is text.

    The suffix of the path decides the syntax; the lines of blocks are Markdown in either case. Front matter is YAML if
    the page is not in a Logseq graph.
    """
    if is_org(path):
        from ankigen.syntax import org_outline  # noqa: PLC0415 - few have pages in org-mode

        return org_outline.parse_org(text, path, name)
    return markdown_outline.parse_markdown(text, path, name, reads_yaml=reads_yaml)


def is_org(path: str) -> bool:
    """Whether the suffix is that of org-mode."""
    return path.lower().endswith(_ORG)
