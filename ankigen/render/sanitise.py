"""Cleans raw HTML of the notes of all that runs, loads a page or goes elsewhere unasked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ankigen.render.bounds import shallow

if TYPE_CHECKING:
    import nh3

    _Filter = Callable[[str, str, str], str | None]

SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "logseq", "obsidian", "zotero", "anki"})
_MORE_TAGS = {"audio", "video", "source", "mark", "section", "font", "input", "big", "picture", "figure", "figcaption"}
_EVERYWHERE = {"class", "dir", "lang", "style", "title", "id", "hidden"}
_OF_MEDIA = {"src", "alt", "width", "height", "controls", "loop", "poster", "type"}
_STYLES = {
    "color", "background-color", "font-size", "font-style", "font-weight", "font-family", "font-variant",
    "text-align", "text-decoration", "text-transform", "text-indent", "line-height", "letter-spacing", "white-space",
    "width", "max-width", "min-width", "height", "max-height", "border", "border-color", "border-style", "border-width",
    "border-radius", "border-collapse", "border-spacing", "padding", "padding-left", "padding-right", "padding-top",
    "padding-bottom", "margin", "margin-left", "margin-right", "margin-top", "margin-bottom", "vertical-align",
    "display", "float", "clear", "direction", "unicode-bidi", "list-style-type", "columns", "gap", "opacity",
}  # fmt: skip


def sanitise(html: str, resolve: Callable[[str, str, str], str | None]) -> str:
    """Return the HTML without what is unsafe; `resolve` names the file that a `src` of the notes means."""
    return str(_cleaner(resolve).clean(shallow(html)))


def _cleaner(resolve: _Filter) -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=nh3.ALLOWED_TAGS | _MORE_TAGS,
        attributes=_allowed_attributes(),
        attribute_filter=resolve,
        filter_style_properties=_STYLES,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


@cache
def _allowed_attributes() -> dict[str, set[str]]:
    import nh3

    media = dict.fromkeys(("img", "audio", "video", "source"), _OF_MEDIA)
    more = {"*": _EVERYWHERE, "font": {"color", "size", "face"}, "input": {"type", "checked", "disabled"}, **media}
    return {
        tag: nh3.ALLOWED_ATTRIBUTES.get(tag, set()) | names for tag, names in (nh3.ALLOWED_ATTRIBUTES | more).items()
    }
