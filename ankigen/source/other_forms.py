"""Looks for card syntax that the options do not enable, if notes make no cards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ankigen.config import Config
from ankigen.data import FolderKind, OtherForm
from ankigen.source.pages import SourceFile
from ankigen.source.walk import NoteFile
from ankigen.support import files

_DATABASE = "db.sqlite"
_HEAD_OF_DATABASE = b"SQLite format 3\0"
_TAG = re.compile(rb"(?<![\w#/&])#(flashcards?|cards?|anki)(?![\w-])", re.IGNORECASE)
_CODE = re.compile(rb"^[ \t]*(?P<marks>```|~~~).*?^[ \t]*(?P=marks)|`[^`\n]*`|\$\$.*?\$\$", re.DOTALL | re.MULTILINE)
_COLONS = re.compile(
    rb"^(?![ \t]+(?:[-*+][ \t]+)?[^\s:]+::[ \t])"
    rb"(?![ \t]*(?:- )?(?:tags|alias(?:es)?|id|title|deck|type|status|icon|[\w-]*date)::)"
    rb"[^\n|:{\[(]*[^\s:|{\[(][ \t]?:{2,3}(?!:)[ \t]*[^\s:]",
    re.MULTILINE | re.IGNORECASE,
)
_OF_PAGE = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[^\s:]+::[ \t][^\n]*\n)+")
"""A property is one word and a value: below a block, indented, and at the head of a page it is no question."""
_MARKS = re.compile(rb"^[ \t]*\S[^\n]*\n[ \t]*\?\??[ \t]*\n[ \t]*\S", re.MULTILINE)
_TAGS_ALONE = re.compile(rb"^[ \t]*(?:#[\w/-]+[ \t]*)+\r?$", re.MULTILINE)
"""A line with only tags describes the page: it makes no card with any option."""
FEW = 20
"""With more notes than this, other syntax is not looked for."""
_MANY_TIMES = 5
"""If there are notes, a form is reported only if it occurs this many times as often."""
_MOST_BYTES = 10_000_000
"""A limit for speed: frequent syntax shows early."""


def other_forms(notes: Iterable[SourceFile], config: Config, made: int = 0) -> tuple[OtherForm, ...]:
    """How often each form occurs, with the option that enables it; of very much text only the first part is read.

    `made` is the number of notes: if there are some, only forms that are much more frequent are reported.
    """
    tags: Counter[str] = Counter()
    colons = marks = 0
    for file, content in _first(notes):
        tags.update(tag.decode().lower() for tag in _TAG.findall(_TAGS_ALONE.sub(b"", content)))
        if not (file.note_file.graph.is_logseq or config.question_marks):
            text = _CODE.sub(b"`", _OF_PAGE.sub(b"", content.replace(b"\r\n", b"\n")))
            colons += len(_COLONS.findall(text))
            marks += len(_MARKS.findall(text))
    unread = [(tag, count) for tag, count in tags.most_common() if tag not in config.card_tags]
    wanted = ", ".join(f'"{tag}"' for tag in (*config.card_tags, *(tag for tag, _ in unread)))
    forms = [OtherForm(f"#{tag}", count, f"card_tags = [{wanted}]") for tag, count in unread]
    for written, count in (("question::answer", colons), ("a line of `?` between question and answer", marks)):
        forms += [OtherForm(written, count, "question_marks = true")] if count else []
    return tuple(form for form in forms if form.count >= _MANY_TIMES * made)


def _first(notes: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, bytes]]:
    room = _MOST_BYTES
    for file in notes:
        if room <= 0:
            return
        yield file, file.content[:room]
        room -= len(file.content)


def folder_kinds(notes: Iterable[NoteFile], root: Path, folder: Path) -> tuple[FolderKind, ...]:
    """The kinds of notes in a folder; a Logseq DB graph is recognised by its file."""
    return tuple(dict.fromkeys([*_of_graphs(notes, root), *_of_database(folder)]))


def _of_graphs(notes: Iterable[NoteFile], root: Path) -> Iterator[FolderKind]:
    for path, is_logseq in sorted({(note.graph.root, note.graph.is_logseq) for note in notes}):
        is_vault = (root / path / ".obsidian").is_dir()
        yield FolderKind.LOGSEQ if is_logseq else FolderKind.OBSIDIAN if is_vault else FolderKind.MARKDOWN


def _of_database(folder: Path) -> Iterator[FolderKind]:
    try:
        with files.open_plain(folder / _DATABASE) as file:
            if file.read(len(_HEAD_OF_DATABASE)) == _HEAD_OF_DATABASE:
                yield FolderKind.DATABASE
    except OSError:
        return
