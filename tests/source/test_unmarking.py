"""`ankigen adopt --clean`: the marks of other tools go out of the notes, and not one byte more."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.data import Block, Position, WrittenMark
from ankigen.errors import ChangedMeanwhile
from ankigen.source import take_out
from ankigen.syntax import outline

ID = "1690000000123"
COMMENT = f"<!--ID: {ID}-->"

GOES = {
    "with its line": (f"- Q #card\n\t- A\n\t{COMMENT}\n- P #card\n", "- Q #card\n\t- A\n- P #card\n"),
    "with a bullet of its own": (f"- Q #card\n\t- A\n\t- {COMMENT}\n", "- Q #card\n\t- A\n"),
    "above its card": (f"<!--ID:{ID}-->\n- Q #card\n\t- A\n", "- Q #card\n\t- A\n"),
    "on top of the file": (f"---\nnoteId: {ID}\ntags: a\n---\n- Q #card\n", "---\ntags: a\n---\n- Q #card\n"),
    "with the blanks before it": (f"- Q #card\n\t- A  ^{ID} \n", "- Q #card\n\t- A\n"),
    "from between words, with one blank": (f"- Q {COMMENT} #card\n\t- A\n", "- Q #card\n\t- A\n"),
    "from between letters": (f"- Q{COMMENT}s #card\n\t- A\n", "- Qs #card\n\t- A\n"),
    "with the file's line ends": (f"- Q #card\r\n\t- A ^{ID}\r\n\t{COMMENT}\r\n", "- Q #card\r\n\t- A\r\n"),
    "from a last line without an end": (f"- Q #card\n\t- A ^{ID}", "- Q #card\n\t- A"),
    "from text without encoding faults": (f"- Ü {COMMENT} #card\n\t- ÃŸ\n", "- Ü #card\n\t- ÃŸ\n"),
}

STAYS = {
    "with blocks below it": f"- Q #card\n\t- ^{ID}\n\t\t- A\n",
}


def marks_in(text: str) -> list[WrittenMark]:
    """All that look like one."""
    forms = (COMMENT, f"<!--ID:{ID}-->", f"noteId: {ID}", f"^{ID}")
    return [
        WrittenMark(Position("page.md", number, line.index(form) + 1), form, int(ID))
        for number, line in enumerate(text.split("\n"), 1)
        for form in forms
        if form in line
    ]


def without(folder: Path, text: str, start: bytes = b"", codec: str = "utf-8") -> str:
    path = folder / "page.md"
    before = start + text.encode(codec)
    path.write_bytes(before)
    take_out(path, before, marks_in(text))
    after = path.read_bytes()
    assert after.startswith(start)
    return after[len(start) :].decode(codec)


@pytest.mark.parametrize(("before", "after"), GOES.values(), ids=GOES)
def test_a_mark_goes(before: str, after: str, tmp_path: Path) -> None:
    assert without(tmp_path, before) == after


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_a_mark_stays_where_the_page_would_say_something_else_without(text: str, tmp_path: Path) -> None:
    assert without(tmp_path, text) == text
    rest = f"- R #card\n\t- B\n\t{COMMENT}\n"
    assert without(tmp_path, text + rest) == text + "- R #card\n\t- B\n", "and keeps no other from going"


@pytest.mark.parametrize(("start", "codec"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le")])
def test_the_encoding_stays(start: bytes, codec: str, tmp_path: Path) -> None:
    assert without(tmp_path, f"- Ü #card {COMMENT}\n\t- A\n", start, codec) == "- Ü #card\n\t- A\n"


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    text = f"- Q #card {COMMENT}\n\t- A\n"
    path = tmp_path / "page.md"
    path.write_text("- something else\n", "utf-8")
    with pytest.raises(ChangedMeanwhile):
        take_out(path, text.encode(), marks_in(text))
    assert path.read_text("utf-8") == "- something else\n"


def test_a_mark_that_no_longer_stands_where_it_was_found_is_no_mark(tmp_path: Path) -> None:
    text = "- Q #card\n\t- A\n"
    (tmp_path / "page.md").write_text(text, "utf-8")
    gone = [WrittenMark(Position("page.md", line, 3), COMMENT, int(ID)) for line in (1, 9)]
    assert take_out(tmp_path / "page.md", text.encode(), gone) == 0
    assert (tmp_path / "page.md").read_text("utf-8") == text


LINES = st.sampled_from(
    [
        "- Q{n} #card",
        "\t- A{n}",
        "\t\t- more",
        "\t  text",
        "",
        "  ```",
        "\t  key:: value",
        "# Heading",
        "> quote",
        "| a |",
    ]
)
MARKS = st.sampled_from(["", "", COMMENT, f" ^{ID}", f" {COMMENT}", f"{COMMENT} "])


PIECES = st.lists(st.tuples(LINES, MARKS), max_size=12)


@given(PIECES)
def test_whatever_the_page_every_card_stays_and_only_marks_and_blanks_go(pieces: list[tuple[str, str]]) -> None:
    text = "\n".join(line.format(n=n) + mark for n, (line, mark) in enumerate(pieces))
    with tempfile.TemporaryDirectory() as folder:
        after = without(Path(folder), text)
    assert words(after) == words(text)
    cards = [re.sub(r"\W", "", bare(card.text)) for card in cards_in(text)]
    assert [re.sub(r"\W", "", bare(card.text)) for card in cards_in(after)] == cards


def bare(text: str) -> str:
    return text.replace(COMMENT, "").replace(f"^{ID}", "")


def words(text: str) -> list[str]:
    return [word for word in bare(text).split() if word != "-"]


def cards_in(text: str) -> list[Block]:
    return [
        block for root in outline.parse(text, "page.md", "").blocks for block in root.walk() if "#card" in block.text
    ]


def test_many_marks_are_found_by_halves_in_few_readings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    parse = Mock(wraps=outline.parse)
    monkeypatch.setattr(outline, "parse", parse)
    text = "".join(f"- Q{n} #card\n\t- A\n\t{COMMENT}\n" for n in range(256)) + STAYS["with blocks below it"]
    assert without(tmp_path, text).count(ID) == 1
    assert parse.call_count < 60
