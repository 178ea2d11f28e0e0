"""Tags that the reader gave to a note in Anki, as a line of the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankigen.data import Block, ExistingNote, Note
from ankigen.note_types import is_mark, read_base
from ankigen.support.normal_forms import tag_key

_OF_ANKI = frozenset({"leech", "marked"})
_BULLET = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>[-*+](?:[ \t]+|$))?")
_PLAIN = re.compile(r"[^\s,#\[\]]+")


def added_tags(note: Note, existing: ExistingNote) -> tuple[str, ...]:
    """The tags that the reader gave: only Anki has them, and neither it nor ankigen put them there.

    One that ankigen wrote was taken out of the notes since. Of a note of another set nothing is known.
    """
    base = read_base(existing.fields["Base"])
    if base is None or base.source_id != note.source_id:
        return ()
    known = {*map(tag_key, (*note.tags, *base.tags)), *_OF_ANKI}
    return tuple(tag for tag in existing.tags if tag_key(tag) not in known and not is_mark(tag))


def with_tags(text: str, block: Block, tags: Sequence[str]) -> Iterator[str]:
    """Texts in which the block has these tags as well: in its line of tags, or in a new one."""
    if not all(map(_PLAIN.fullmatch, tags)):
        return
    lines = text.split("\n")
    known = next((prop for prop in block.properties if prop.key == "tags"), None)
    if known is not None:
        line = lines[known.line - 1]
        end = "\r" if line.endswith("\r") else ""
        written = line.removesuffix("\r").rstrip(" \t")
        lines[known.line - 1] = f"{written}{', ' if known.value else ' '}{', '.join(tags)}{end}"
        yield "\n".join(lines)
        return
    first = lines[block.line - 1]
    start = _BULLET.match(first)
    assert start is not None, "the pattern matches any line"
    indent = start["indent"] + " " * len("- " if start["bullet"] else "")
    end = "\r" if first.endswith("\r") else ""
    new = f"{indent}tags:: {', '.join(tags)}"
    ends = end if block.line < len(lines) else ("\r" if "\r\n" in text else "")
    if block.line == len(lines) and ends:
        lines[block.line - 1] = first + ends
        ends = ""
    lines.insert(block.line, new + ends)
    yield "\n".join(lines)
