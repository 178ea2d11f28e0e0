"""Texts of a file that may say what Anki holds: the simplest first. None of them is trusted before it is rendered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

from ankigen.pulling import delimiters
from ankigen.pulling.differences import Change, Difference
from ankigen.pulling.file_lines import FileLines
from ankigen.pulling.words import Element, Sort, Token
from ankigen.pulling.written import CardLines, Place
from ankigen.support.structs import Struct

MOST_CANDIDATES = 60

_ESCAPED = re.compile(r"[\\`*_\[\]<>#~=^$|&{}%]")
_MISREAD = re.compile(r"<[0-9A-Za-z/!]|\{\{|\(\(|\[\[")
"""What would mean something else than its letters as soon as anything is written behind it."""
_OPENING = re.compile(r"[<\[{]")
_LINE_BREAK = re.compile(r"[ \t]*(?:<br */?>|\r?\n[ \t]*)")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)(?:\{[^}\n]*\})?|!\[\[[^\]\n]*\]\]|<img[^>\n]*>")
_BEFORE = re.compile(r"(?:\{\{\s*cloze\s+|[^\s])*\Z")
_BEHIND = re.compile(r"(?:\s*\\\\[^}\n]*\}\}|[^\s])*")
_LISTED = frozenset({"<li>", "</li>"})
_PARAGRAPHS = frozenset({"<p>", "</p>"})
_OPENS, _WORDS, _CLOSES = range(3)
_BY_NAME = 3
_NAMES = {
    "\\": "bsol", "`": "grave", "*": "ast", "_": "lowbar", "[": "lbrack", "]": "rbrack", "<": "lt", ">": "gt",
    "#": "num", "=": "equals", "^": "Hat", "$": "dollar", "|": "vert", "&": "amp", "{": "lbrace", "}": "rbrace",
    "%": "percnt",
}  # fmt: skip
"""The entities of characters that mean something; one with a number would hold a `#`, and so a tag."""


class Unwritable(Exception):
    """What Anki holds cannot be written in this manner."""


class Manner(Struct, frozen=True):
    """One way to write an edit.

    `is_behind` puts new words behind those before them, and not in front of those after them; without it, what they
    stand in tells. `is_beyond` puts them outside of the marks that are there. `escape` counts up from words as they are
    typed; `marks` is one of `delimiters`, set `wide`, around other marks. `breaks` are the ways to end a line. Items of
    lists become lines of their own (`is_lined`), and `drops` says what goes when it is emptied: nothing, its block, its
    line.
    """

    is_behind: bool | None = None
    is_beyond: bool = False
    escape: int = 0
    marks: int = 0
    wide: bool = False
    breaks: int = 0
    is_lined: bool = True
    drops: int = 0


class FieldEdit(Struct, frozen=True):
    """A field as the notes make it, as Anki has it, and where the words of the first stand in the text of the file."""

    text: str
    lines: CardLines
    mine: Sequence[Token]
    places: Sequence[Place | None]
    theirs: Sequence[Token]
    difference: Difference


def candidates(edit: FieldEdit) -> Iterator[str]:
    """Texts of the whole file, none of them twice."""
    seen, lines = {edit.text}, FileLines(edit.text, edit.lines)
    for manner in _manners(edit):
        try:
            text = _Draft(edit, lines, manner).written()
        except Unwritable:
            continue
        if text not in seen:
            seen.add(text)
            yield text
        if len(seen) > MOST_CANDIDATES:
            return


def _manners(edit: FieldEdit) -> Iterator[Manner]:
    """The ways that may differ for this edit."""
    new = [edit.theirs[at] for change in edit.difference.changes for at in range(change.new_start, change.new_end)]
    old = [edit.mine[at] for change in edit.difference.changes for at in range(change.start, change.end)]
    typed = "".join(token.text for token in new if token.sort is not Sort.THING)
    escapes = (1, 2, 3, 0) if _MISREAD.search(typed) else (0, 1, 2, 3) if _ESCAPED.search(typed) else (0,)
    is_inserted = any(change.start == change.end for change in edit.difference.changes) or any(
        all(edit.places[at] is None for at in range(change.start, change.end)) for change in edit.difference.changes
    )
    spots = [(None, False), (None, True), (True, False), (False, False), (True, True), (False, True)]
    places = spots if new and is_inserted else spots[:1]
    marks = [(manner, wide) for manner in range(delimiters.MANNERS) for wide in (False, True)]
    has_marks = any(token.within for token in (*edit.mine, *edit.theirs))
    breaks = range(3) if any(token.text == "<br>" for token in new) else range(1)
    lined = (True, False) if any(token.text in _LISTED for token in new) else (True,)
    drops = (1, 2, 0) if any(token.text in _LISTED | _PARAGRAPHS for token in old) else (0,)
    ways = product(drops, lined, breaks, escapes, marks if has_marks else marks[:1], places)
    for drop, is_lined, break_, escape, (mark, wide), (is_behind, is_beyond) in ways:
        yield Manner(is_behind, is_beyond, escape, mark, wide, break_, is_lined, drop)


class _Draft:
    """One text in the making: what is put in, each with its place, and what is taken out."""

    def __init__(self, edit: FieldEdit, lines: FileLines, manner: Manner) -> None:
        self.edit, self.lines, self.manner = edit, lines, manner
        self.inserts: list[tuple[int, int, int, int, str]] = []
        self.taken: list[Place] = []
        self.context: dict[int, tuple[Element, ...]] = {}
        self.spots: dict[int, int] = {}
        self.filled: set[int] = set()
        self.line_end = "\r\n" if "\r\n" in edit.text else "\n"

    def written(self) -> str:
        """The text of the whole file."""
        for at, mine in self.edit.difference.kept.items():
            self.context[at] = self.edit.mine[mine].within
        for change in self.edit.difference.changes:
            self._take_out(change)
            self._put_in(change)
        self._drop_emptied()
        self._change_marks()
        return self._joined()

    def _joined(self) -> str:
        parts, at = [], 0
        text, inserts = self.edit.text, sorted(self.inserts)
        cuts = _merged(self.taken)
        for position, *_, new in inserts:
            while cuts and cuts[0].end <= position:
                cut = cuts.pop(0)
                parts.append(text[at : max(at, cut.start)])
                at = max(at, cut.end)
            if cuts and cuts[0].start < position:
                parts.append(text[at : max(at, cuts[0].start)])
                at = max(at, cuts[0].start, position)
            parts.append(text[at : max(at, position)])
            at = max(at, position)
            parts.append(new)
        for cut in cuts:
            parts.append(text[at : max(at, cut.start)])
            at = max(at, cut.end)
        return "".join([*parts, text[at:]])

    def _take_out(self, change: Change) -> None:
        for at in range(change.start, change.end):
            token, place = self.edit.mine[at], self.edit.places[at]
            if place is not None:
                self.taken.append(place)
            elif token.text == "<br>":
                self._take_found(_LINE_BREAK, at)
            elif token.text.startswith("<img"):
                self._take_found(_PICTURE, at)

    def _take_found(self, pattern: re.Pattern[str], at: int) -> None:
        """Take out what is no word, between the words on both sides."""
        left, right = self._left_of(at), self._right_of(at + 1)
        start = left.end if left else self.lines.part_of_card(right.start).start if right else 0
        end = right.start if right else self.lines.part_of_card(start).end
        found = next(
            (
                found
                for found in pattern.finditer(self.edit.text, start, end)
                if found.start() not in self._taken_starts()
            ),
            None,
        )
        if found is None:
            raise Unwritable
        self.taken.append(Place(found.start(), found.end()))

    def _taken_starts(self) -> set[int]:
        return {place.start for place in self.taken}

    def _left_of(self, at: int) -> Place | None:
        return next((place for place in reversed(self.edit.places[:at]) if place is not None), None)

    def _right_of(self, at: int) -> Place | None:
        return next((place for place in self.edit.places[at:] if place is not None), None)

    # New words.

    def _put_in(self, change: Change) -> None:
        new = range(change.new_start, change.new_end)
        if not new:
            return
        position, within = self._spot(change)
        head, rest = [*new], []
        if self.manner.is_lined:
            first = next((at for at in new if self.edit.theirs[at].text in _LISTED), new.stop)
            head, rest = [*range(new.start, first)], [*range(first, new.stop)]
        for at in head:
            self._insert(at, position, within, self._text_of(at, position))
        if any(self.edit.theirs[at].sort is not Sort.SPACE for at in head):
            self.filled.add(self.lines.number(position))
        if rest:
            self._put_in_lines(change, rest)

    def _insert(self, at: int, position: int, within: tuple[Element, ...], text: str) -> None:
        self.context[at], self.spots[at] = within, position
        self.inserts.append((position, at, _WORDS, 0, text))

    def _spot(self, change: Change) -> tuple[int, tuple[Element, ...]]:
        """Where new words go, and what they stand in there."""
        edit = self.edit
        replaced = next((at for at in range(change.start, change.end) if edit.places[at] is not None), None)
        if replaced is not None:
            place = edit.places[replaced]
            assert place is not None
            return place.start, edit.mine[replaced].within
        left, right = self._left_of(change.start), self._right_of(change.end)
        if self._is_behind(change, left, right):
            at = max(at for at in range(change.start) if edit.places[at] is not None)
            assert left is not None
            if self.manner.is_beyond:
                return self._wide_right(left.end), ()
            return left.end, edit.mine[at].within
        if right is None:
            raise Unwritable
        at = min(at for at in range(change.end, len(edit.places)) if edit.places[at] is not None)
        if self.manner.is_beyond:
            return self._wide_left(right.start), ()
        return right.start, edit.mine[at].within

    def _is_behind(self, change: Change, left: Place | None, right: Place | None) -> bool:
        if left is None or right is None:
            return left is not None
        if self.manner.is_behind is not None:
            return self.manner.is_behind
        edit = self.edit
        is_near = edit.places[change.start - 1] is not None
        is_right_near = change.end < len(edit.places) and edit.places[change.end] is not None
        if is_near != is_right_near:
            return is_near
        new = edit.theirs[change.new_start].forms
        is_like_left = new == edit.mine[change.start - 1].forms
        is_like_right = change.end < len(edit.mine) and new == edit.mine[change.end].forms
        return is_like_left or not is_like_right

    def _text_of(self, at: int, position: int) -> str:
        token = self.edit.theirs[at]
        if token.sort is Sort.WORD:
            return self._escaped(token.text)
        if token.sort is Sort.SPACE:
            return " " * len(token.text)
        if token.text == "<br>":
            further = self.line_end + self.lines.indent(position)
            return (further, "<br>", f"  {further}")[self.manner.breaks]
        if token.text == "<li>":
            return self.line_end + self._prefix(position)
        if token.text in {"</li>", "</p>"}:
            return ""
        if token.text == "<p>":
            return self.line_end * 2 + self.lines.indent(position)
        raise Unwritable

    def _escaped(self, text: str) -> str:
        if self.manner.escape == 0 or not _ESCAPED.search(text):
            return text
        if self.manner.escape < _BY_NAME:
            pattern = _OPENING if self.manner.escape == 1 else _ESCAPED
            return pattern.sub(lambda found: f"\\{found[0]}", text)
        return _ESCAPED.sub(lambda found: f"&{_NAMES[found[0]]};" if found[0] in _NAMES else f"\\{found[0]}", text)

    def _prefix(self, position: int) -> str:
        prefix = self.lines.item_prefix(position)
        if prefix is None:
            raise Unwritable
        return prefix

    def _put_in_lines(self, change: Change, new: Sequence[int]) -> None:
        """Write new items as lines behind the block on the left, or before the line on the right."""
        left, right = self._left_of(change.start), self._right_of(change.end)
        if (left is not None and self.manner.is_behind is not False) or right is None:
            if left is None:
                raise Unwritable
            position = self.lines.block_end(left.end)
            starts, ends = self.line_end + self._prefix(left.start), ""
        else:
            position = self.lines.whole(right.start).start
            starts, ends = self._prefix(right.start), self.line_end
        is_open = False
        for at in new:
            token = self.edit.theirs[at]
            if token.text == "<li>":
                self._insert(at, position, (), starts)
                is_open = True
            elif token.text == "</li>":
                self._insert(at, position, (), ends if is_open else "")
            else:
                self._insert(at, position, (), self._text_of(at, position))

    # What is emptied.

    def _drop_emptied(self) -> None:
        if not self.manner.drops:
            return
        taken = self._taken_starts()
        numbers: defaultdict[int, list[bool]] = defaultdict(list)
        for token, place in zip(self.edit.mine, self.edit.places, strict=True):
            if place is not None and token.sort is Sort.WORD:
                numbers[self.lines.number(place.start)].append(place.start in taken)
        emptied = {number for number, gone in numbers.items() if all(gone)} - self.filled
        if self.manner.drops == 1:
            for first, last, _ in self.edit.lines.blocks:
                own = [number for number in numbers if first <= number <= last]
                if own and emptied.issuperset(own):
                    self.taken.append(self.lines.with_end(first, last))
        else:
            for number in emptied:
                self.taken.append(self.lines.with_end(number, number))

    # What the words stand in.

    def _change_marks(self) -> None:
        edit = self.edit
        ours: defaultdict[Element, list[int]] = defaultdict(list)
        image: defaultdict[Element, list[int]] = defaultdict(list)
        wanted: defaultdict[Element, list[int]] = defaultdict(list)
        for at, token in enumerate(edit.mine):
            for element in token.within:
                ours[element].append(at)
        for at, token in enumerate(edit.theirs):
            for element in self.context.get(at, ()):
                image[element].append(at)
            for element in token.within:
                wanted[element].append(at)
        unmet = {(element.form, tuple(run)): element for element, run in wanted.items()}
        gone = [element for element in ours if unmet.pop((element.form, tuple(image[element])), None) is None]
        for element in gone:
            if delimiters.is_known(element):
                self._take_marks(element, ours[element])
        for element in unmet.values():
            if not delimiters.is_known(element):
                raise Unwritable
            self._put_marks(element, wanted[element])

    def _take_marks(self, element: Element, run: Sequence[int]) -> None:
        placed = [place for at in run if (place := self.edit.places[at]) is not None]
        if not placed:
            raise Unwritable
        text, first, last = self.edit.text, placed[0], placed[-1]
        left, right = self._left_of(run[0]), self._right_of(run[-1] + 1)
        start = max(self.lines.part_of_card(first.start).start, left.end if left and left.end <= first.start else 0)
        end = self.lines.part_of_card(last.end).end
        end = min(end, right.start) if right and right.start >= last.end else end
        before = self._free(delimiters.opening(element), start, first.start)
        behind = self._free(delimiters.closing(element), last.end, end)
        if not before or not behind or text[before[-1].start : before[-1].end] == "":
            raise Unwritable
        self.taken += (before[-1], behind[0])

    def _free(self, pattern: re.Pattern[str], start: int, end: int) -> list[Place]:
        found = (Place(found.start(), found.end()) for found in pattern.finditer(self.edit.text, start, end))
        return [place for place in found if all(place.end <= cut.start or cut.end <= place.start for cut in self.taken)]

    def _put_marks(self, element: Element, run: Sequence[int]) -> None:
        before, behind = delimiters.written(element, self.manner.marks)
        depth = self.edit.theirs[run[0]].within.index(element)
        words = [at for at in run if self._edges(at) is not None]
        if not words:
            raise Unwritable
        first, last = words[0], words[-1]
        start, end = self._edges(first), self._edges(last)
        assert start is not None
        assert end is not None
        left, right = start.start, end.end
        if self.manner.wide or words[0] != run[0]:
            left = self._wide_left(left)
        if self.manner.wide or words[-1] != run[-1]:
            right = self._wide_right(right)
        self.inserts.append((left, first, _OPENS, depth, before))
        self.inserts.append((right, last, _CLOSES, -depth, behind))

    def _edges(self, at: int) -> Place | None:
        """Where a token of theirs will stand: a new one has no width yet."""
        if at in self.spots:
            return Place(self.spots[at], self.spots[at])
        return self.edit.places[self.edit.difference.kept[at]] if at in self.edit.difference.kept else None

    def _wide_left(self, position: int) -> int:
        start = max((p.end for p in self.edit.places if p is not None and p.end <= position), default=0)
        start = max(start, self.lines.part_of_card(position).start)
        found = _BEFORE.search(self.edit.text[start:position])
        return start + found.start() if found else position

    def _wide_right(self, position: int) -> int:
        starts = (place.start for place in self.edit.places if place is not None and place.start >= position)
        end = min([self.lines.part_of_card(position).end, *starts])
        found = _BEHIND.match(self.edit.text, position, end)
        return found.end() if found else position


def _merged(places: Sequence[Place]) -> list[Place]:
    """The places in order, those that overlap made one."""
    merged: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, place.end)):
        if merged and place.start < merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return merged
