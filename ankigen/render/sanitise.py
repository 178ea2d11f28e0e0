"""Makes foreign HTML harmless: removes everything that runs code, loads a page or navigates by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ankigen.render.bounds import shallow
from ankigen.render.harmless import ATTRIBUTES, EVERYWHERE, KNOWN_SCHEMES, STYLES, TAGS, harmless_style, value_allowed
from ankigen.syntax.spans import is_shown

if TYPE_CHECKING:
    import nh3

Resolve = Callable[[str, str, str], str | None]
"""From tag, attribute and value: the new value, or `None` to leave it out."""

_REFERENCE = re.compile(r"&#(?:[xX](?P<hex>[0-9A-Fa-f]+)|(?P<decimal>[0-9]+));?")
_STYLE = re.compile(r' style="(?P<value>[^"<>]*)"')


def sanitise(
    html: str, resolve: Resolve = lambda tag, attribute, value: value, schemes: frozenset[str] = KNOWN_SCHEMES
) -> str:
    """Return the HTML without unsafe parts, well-formed; `resolve` finds the file of a `src` in the notes.

    Links may have these `schemes`.
    """

    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":  # checked below, after its escapes are decoded
            return value
        resolved = resolve(tag, attribute, value)
        return resolved if resolved is not None and value_allowed(tag, attribute, resolved, schemes) else None

    return _STYLE.sub(_harmless, str(_cleaner(allowed, schemes).clean(shallow(_REFERENCE.sub(_shown, html)))))


def _shown(reference: re.Match[str]) -> str:
    """A character by its number; one that no text may hold, such as our own marks, is shown as not known."""
    digits = reference["hex"] or reference["decimal"]
    number = int(digits, 16 if reference["hex"] else 10) if len(digits) <= 8 else 0
    return reference[0] if 0 < number < 0x110000 and is_shown(chr(number)) else "\ufffd"


def _harmless(style: re.Match[str]) -> str:
    import html as entities

    kept = harmless_style(entities.unescape(style["value"]))
    return f' style="{entities.escape(kept)}"' if kept else ""


def _cleaner(allowed: Resolve, schemes: frozenset[str]) -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={"*": set(EVERYWHERE)} | {tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=allowed,
        filter_style_properties=set(STYLES),
        url_schemes={*schemes, "http", "https", "data"},
        link_rel=None,
    )
