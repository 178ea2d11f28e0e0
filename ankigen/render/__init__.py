"""Renders Markdown with Logseq's marks as the HTML of Anki's fields.

Rendering is a function of its arguments and never fails: what cannot be shown comes back as a problem, and the card
stays readable.
"""

from ankigen.render.elements import has_blocks, shows_something
from ankigen.render.fields import answer, breadcrumb, cloze, incremental, question, source_link
from ankigen.render.harmless import link_schemes
from ankigen.render.links import NO_LINKS, Links, NoLinks

__all__ = [
    "NO_LINKS",
    "Links",
    "NoLinks",
    "answer",
    "breadcrumb",
    "cloze",
    "has_blocks",
    "incremental",
    "link_schemes",
    "question",
    "shows_something",
    "source_link",
]
