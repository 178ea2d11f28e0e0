"""Renders Markdown with Logseq's marks as HTML for Anki's fields.

Rendering is a pure function and never fails: what cannot be shown becomes a problem, and the card
stays readable.
"""

from ankigen.render.choices import ChoiceFaces, choice
from ankigen.render.elements import has_blocks, shows_something
from ankigen.render.fields import answer, breadcrumb, cloze, incremental, question, source_link
from ankigen.render.harmless import link_schemes
from ankigen.render.hints import with_hint
from ankigen.render.links import NO_LINKS, Links, NoLinks
from ankigen.render.readings import spoken, spoken_text, with_readings, with_sound, without_aids

__all__ = [
    "NO_LINKS",
    "ChoiceFaces",
    "Links",
    "NoLinks",
    "answer",
    "breadcrumb",
    "choice",
    "cloze",
    "has_blocks",
    "incremental",
    "link_schemes",
    "question",
    "shows_something",
    "source_link",
    "spoken",
    "spoken_text",
    "with_hint",
    "with_readings",
    "with_sound",
    "without_aids",
]
