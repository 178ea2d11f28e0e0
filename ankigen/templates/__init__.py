"""Anki's template syntax: parsing, errors, which cards a template makes, and what they show."""

from ankigen.templates.checking import TemplateFault, cards, faults
from ankigen.templates.parsing import Fault, Parsed, Replacement, Section, Text, parse
from ankigen.templates.showing import (
    ALWAYS_FILLED,
    FRONT_SIDE,
    SPECIAL,
    Card,
    cloze_cards,
    cloze_fields,
    is_filled,
    rendered,
    shows_a_field,
    unknown_fields,
)

__all__ = [
    "ALWAYS_FILLED",
    "FRONT_SIDE",
    "SPECIAL",
    "Card",
    "Fault",
    "Parsed",
    "Replacement",
    "Section",
    "TemplateFault",
    "Text",
    "cards",
    "cloze_cards",
    "cloze_fields",
    "faults",
    "is_filled",
    "parse",
    "rendered",
    "shows_a_field",
    "unknown_fields",
]
