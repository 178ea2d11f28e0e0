"""Random edits of random notes, each pulled, and each outcome looked at with other eyes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ankigen.data import Conflict, Pull
from tests.pulling import typist
from tests.pulling.life import Life, random_field
from tests.pulling.notebook import Chunk, Writer, folder_for
from tests.pulling.seen import seen

EDITS_PER_FOLDER = 6
_PLAIN_WORD = re.compile(r"(?<![\w/:({\[#$`-])[A-Za-z]{4,}(?![\w/:)}\]$`-])")


@dataclass
class Tally:
    """How many edits of each kind were pulled and refused, and all that went wrong."""

    pulled: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def rate(self, edits: Sequence[typist.Edit]) -> float:
        names = [edit.__name__ for edit in edits]
        pulled = sum(self.pulled[name] for name in names)
        return pulled / max(1, pulled + sum(self.refused[name] for name in names))

    @property
    def total(self) -> int:
        return self.pulled.total() + self.refused.total()


def tally_of(
    folder: Path, seeds: Iterator[int], count: int, edits: Sequence[typist.Edit], *, by_both: bool = False
) -> Tally:
    """Make and pull so many edits, of notes made anew after every few; `by_both` if the author edits the field, too."""
    tally = Tally()
    while tally.total < count:
        seed = next(seeds)
        chance = Random(seed)
        is_logseq = chance.random() < 0.6
        root = folder / f"notes-{seed}"
        pages = folder_for(root, is_logseq=is_logseq)
        writer = Writer(seed, is_logseq=is_logseq)
        chunks = writer.page()
        line_end, mark = chance.choice(["\n", "\n", "\n", "\r\n"]), chance.choice([b"", b"", b"", b"\xef\xbb\xbf"])
        page = pages / "page.md"
        page.write_bytes(mark + "".join(chunk.text for chunk in chunks).replace("\n", line_end).encode())
        if not Life(root).read().notes:
            continue
        before = page.read_bytes()
        for _ in range(EDITS_PER_FOLDER):
            page.write_bytes(before)
            (root / "ankigen.lock").unlink(missing_ok=True)
            edit = chance.choice(edits)
            try_one(Life(root), chance, edit, tally, f"seed {seed}", page, chunks, line_end, mark, by_both=by_both)
        shutil.rmtree(root)
    return tally


def try_one(
    life: Life,
    chance: Random,
    edit: typist.Edit,
    tally: Tally,
    where: str,
    page: Path,
    chunks: Sequence[Chunk],
    line_end: str,
    mark: bytes,
    *,
    by_both: bool = False,
) -> None:
    """Make one edit in Anki, and one in the notes if it is `by_both`, pull it, and count what became of it."""
    desired = life.read()
    note, name, html = random_field(chance, desired)
    try:
        theirs = edit(chance, html)
    except typist.NoPlace:
        return
    if seen(theirs) == seen(html):
        return
    life.edit(note, name, theirs)
    if by_both and not _author_edits(life, chance, page, note.position.line, name):
        return
    before, files = life.shown(), dict(life.files())
    pull = life.pull(has_conflicts=by_both)
    what = f"{where}: {edit.__name__} {note.position} {name}\n  ours   {html}\n  theirs {theirs}"
    if not pull.files:
        tally.refused[edit.__name__] += 1
        reasons = [refused.reason.value for refused in pull.refused]
        tally.reasons.update((edit.__name__, reason) for reason in reasons)
        tally.misses.append(f"{what}\n  {reasons}\n" + _card_text(page, note.position.line))
        if life.files() != files:
            tally.wrong.append(f"{what}\n  a refused edit changed a file")
        return
    life.write(pull)
    tally.pulled[edit.__name__] += 1
    faults = [*_faults(life, pull, before, files, note.identity.guid, name, theirs, page)]
    faults += _faults_of_file(page, files[page], note.position.line, chunks, line_end, mark)
    tally.wrong += (f"{what}\n  {fault}\n{_card_text(page, note.position.line)}" for fault in faults)


def _author_edits(life: Life, chance: Random, page: Path, line: int, name: str) -> bool:
    """Put another word into the card; whether its field is then what both sides changed, and nothing else is."""
    lines = page.read_bytes().split(b"\n")
    at = chance.randrange(line - 1, min(line + 3, len(lines)))
    words = [*_PLAIN_WORD.finditer(lines[at].decode("utf-8", "replace"))]
    if not words:
        return False
    word = chance.choice(words)[0].encode()
    page.write_bytes(b"\n".join([*lines[:at], lines[at].replace(word, b"otherwise", 1), *lines[at + 1 :]]))
    plan = life.plan()
    [notice] = plan.notices if len(plan.notices) == 1 else [None]
    return isinstance(notice, Conflict) and [field.name for field in notice.fields] == [name] and not plan.changes


def _card_text(page: Path, line: int) -> str:
    return "\n".join(page.read_text("utf-8-sig", errors="replace").split("\n")[line - 1 : line + 8])


def _faults(
    life: Life,
    pull: Pull,
    before: dict[str, tuple[dict[str, object], str, frozenset[str]]],
    files: dict[Path, bytes],
    guid: str,
    name: str,
    theirs: str,
    page: Path,
) -> Iterator[str]:
    after = life.shown()
    if after.keys() != before.keys():
        yield "other GUIDs"
        return
    fields, deck, tags = before[guid]
    wanted = before | {guid: (fields | {name: seen(theirs)}, deck, tags)}
    if after != wanted:
        which = [key for key in after if after[key] != wanted[key]]
        yield f"{which} say something else: {after[which[0]][0]} != {wanted[which[0]][0]}"
    others = {path: data for path, data in life.files().items() if path != page and path.suffix != ".lock"}
    if others != {path: data for path, data in files.items() if path != page and path.suffix != ".lock"}:
        yield "another file changed"
    if (again := life.pull()).files or again.refused:
        yield f"a second pull has something to do: {again.files}"
    plan = life.sync()
    if plan.notices or any(getattr(change, "is_visible", True) for change in plan.changes):
        yield f"a sync has something to do: {[type(one).__name__ for one in (*plan.changes, *plan.notices)]}"
    if (plan := life.sync()).changes or plan.notices:
        yield "a second sync has something to do"


def _faults_of_file(
    page: Path, before: bytes, line: int, chunks: Sequence[Chunk], line_end: str, mark: bytes
) -> Iterator[str]:
    """Whether all bytes but those of the card's own piece of the page are the same."""
    after, number = page.read_bytes(), 1
    if not after.startswith(mark) or (not mark and after.startswith(b"\xef\xbb\xbf")):
        yield "another byte order mark"
    text = after[len(mark) :].decode()
    if line_end == "\r\n" and "\n" in text.replace("\r\n", ""):
        yield "a line that ends otherwise"
    if line_end == "\n" and "\r" in text:
        yield "a line that ends otherwise"
    above = below = ""
    for chunk in chunks:
        size = chunk.text.count("\n")
        written = chunk.text.replace("\n", line_end)
        if number + size <= line:
            above += written
        elif number > line:
            below += written
        number += size
    if not text.startswith(above) or not text.endswith(below):
        yield "what is not the card changed in the file"
