"""The words, suffixes and patterns of the notes' syntax, each defined once.

Patterns are strings without named groups, to be built into larger ones; they also work in verbose patterns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp"})
AUDIO = frozenset({"mp3", "ogg", "oga", "mpeg", "wav", "m4a", "flac", "wma", "aac", "opus", "spx", "ogx"})
PLAYED_APART = frozenset({"3gp", "avi", "flv", "mpg"})
"""Videos that Anki's own player plays in a separate window, but no web view does."""
VIDEO = PLAYED_APART | {"mp4", "webm", "mov", "mkv", "ogv", "m4v"}
MEDIA = PICTURES | AUDIO | VIDEO
"""The suffixes, in lower case, of the files that a card shows or plays."""
PACKED = MEDIA | {"apng", "ico", "jfif", "jpe"}
"""The suffixes, in lower case, of files that may be packed, including rarer pictures if a link shows them."""
FONTS = frozenset({"eot", "otf", "ttc", "ttf", "woff", "woff2"})
"""The suffixes of fonts that CSS may use."""
UNSHOWN_PICTURES = frozenset({"heic", "heif", "jp2", "jxl", "tif", "tiff"})
"""Pictures that AnkiMobile may show, but not Anki for desktop or AnkiDroid, whose web views do not support them."""
UNPLAYED = frozenset({"aif", "aiff", "amr", "caf", "m4b", "mid", "midi", "ra", "rm", "swf", "ts", "vob", "wmv"})
"""Sounds and videos that are in none of Anki's lists, and that its mobile players do not play."""
UNSHOWN = UNSHOWN_PICTURES | UNPLAYED | {
    "ai", "djvu", "doc", "docx", "epub", "eps", "odp", "ods", "odt", "pdf", "ppt", "pptx", "psd", "svgz", "xcf", "xls",
    "xlsx", "zip",
}  # fmt: skip
"""Suffixes that are never shown or played, on disk or on the web, where other suffixes say nothing."""

CODE_BLOCKS = frozenset({"SRC", "EXAMPLE"})
OPAQUE_BLOCKS = CODE_BLOCKS | {"EXPORT", "COMMENT", "QUERY"}
"""The names, in upper case, of `#+BEGIN_…` blocks in which nothing is a mark; others contain text."""

TASK_WORDS = (
    "TODO", "DOING", "WAITING", "WAIT", "DONE", "CANCELED", "CANCELLED", "STARTED", "IN-PROGRESS", "NOW", "LATER",
)  # fmt: skip
"""The words at the start of a task block."""

PLANNING_WORDS = ("SCHEDULED", "DEADLINE", "CLOSED")
"""The dates directly below a task, in org-mode above its properties drawer."""

DATE_WORDS = (*PLANNING_WORDS, "CLOCK")
"""All dates of a task; clocked times may be anywhere in it."""

BOOKKEEPING = frozenset({
    "alias", "aliases", "ankigen-ignore", "background-color", "collapsed", "created-at", "custom-id", "deck", "depth",
    "direction", "disable-anki-sync", "doing", "done", "drill-average-quality", "drill-card-type", "drill-ease",
    "drill-failure-count", "drill-last-interval", "drill-last-quality", "drill-last-reviewed",
    "drill-repeats-since-fail", "drill-total-repeats", "exclude-from-graph-view", "extra", "fc-algo", "fc-cloze-max",
    "fc-cloze-type", "fc-created", "fc-suspended", "fc-type", "filters", "furigana", "heading", "icon", "id",
    "last-modified-at", "later", "ls-type", "note-type", "now", "occlusion", "order", "public", ".replacecloze",
    "replacecloze", "replaceclozehint", "speak", "speak-answer", "suspend-anki-card", "tags", "template",
    "template-including-parent", "title", "todo", "updated-at", "use-namespace-as-default-deck",
})  # fmt: skip
"""The keys of properties for Logseq, its plugins, flashcard programs or ankigen, not for the reader."""

BOOKKEEPING_PREFIXES = ("card-", "hl-", "logseq.", "query-")
"""Prefixes of such keys."""

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""The id of a block, in lower case."""

ANY_UUID = rf"(?i:{UUID})"
"""The id of a block as people write it."""

PAGE_NAME = r"(?>(?:[^\[\]\n]|\[\[[^\[\]\n]*+\]\]|\[[^\[\]\n]*+\])+)"
"""The text in the brackets of `[[a page]]`, including nested references and closed brackets."""


COLOURS = {name: name for name in ("red", "green", "blue", "yellow", "purple", "pink", "gray", "orange")} | {
    "grey": "gray"
}
"""The colours of highlights: `[[#red]]==text==` for the background, `[[$red]]==text==` for the text."""

UNSEEN = (
    "\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d"
    "\u200e\u200f\u202f\u205f\u2060\u3000\ufeff"
)
"""Invisible spaces and joiners at the end of a line, other than the plain space and tab."""


def any_of(words: Iterable[str]) -> str:
    """The pattern of any of the words."""
    return f"(?:{'|'.join(words)})"


class Unshown(NamedTuple):
    """The message about a file that Anki cannot show or play, after its name, and the advice."""

    why: str
    advice: str


def unshown(suffix: str) -> Unshown:
    """The message about a file with such a suffix, in lower case."""
    if suffix in UNSHOWN_PICTURES:
        return Unshown(f"is a picture that Anki does not show ({suffix.upper()})", "save it as JPEG or PNG")
    if suffix in UNPLAYED:
        return Unshown(f"is a sound or film that Anki does not play ({suffix.upper()})", "save it as MP3 or MP4")
    if suffix == "pdf":
        return Unshown("is a PDF that Anki does not show", "save the pages that matter as pictures")
    return Unshown("is nothing that Anki shows or plays", "link to a picture, sound or film")
