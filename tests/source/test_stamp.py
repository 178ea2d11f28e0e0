"""`ankigen stamp`: an `id::` where Logseq writes it, and not one byte more."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import api
from ankigen.errors import ChangedMeanwhile
from ankigen.source import load, stamping
from tests.helpers.building import NOON, build, named, write

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"

PLACES = {
    "below the first line": ("- Q #card\n\t- A\n", "- Q #card\n  <id>\n\t- A\n"),
    "at the indent of its block": ("- top\n\t- Q #card\n\t\t- A\n", "- top\n\t- Q #card\n\t  <id>\n\t\t- A\n"),
    "indented by blanks": ("- top\n    - Q #card\n        - A\n", "- top\n    - Q #card\n      <id>\n        - A\n"),
    "behind the properties": (
        "- Q #card\n  deck:: Optics\n  collapsed:: true\n  more\n",
        "- Q #card\n  deck:: Optics\n  collapsed:: true\n  <id>\n  more\n",
    ),
    "behind a property that stands lower": (
        "- Q #card\n  text\n  deck:: Optics\n\t- A\n",
        "- Q #card\n  text\n  deck:: Optics\n  <id>\n\t- A\n",
    ),
    "behind a property on the bullet": (
        "- deck:: Optics\n  Q #card\n\t- A\n",
        "- deck:: Optics\n  <id>\n  Q #card\n\t- A\n",
    ),
    "between question and answer of one block": ("- Q #card\n  A\n", "- Q #card\n  <id>\n  A\n"),
    "on top of a fence": ("- ```\n  code\n  ```\n  #card\n\t- A\n", "- <id>\n  ```\n  code\n  ```\n  #card\n\t- A\n"),
    "below a heading without a bullet": ("# Q #card\n\t- A\n", "# Q #card\n<id>\n\t- A\n"),
    "behind the last line without an end": ("- Q {{cloze A}} #card", "- Q {{cloze A}} #card\n  <id>"),
    "with the file's line ends": ("- Q #card\r\n\t- A\r\n", "- Q #card\r\n  <id>\r\n\t- A\r\n"),
    "above a fence right below the first line": (
        "- Q #card\n  ```py\n  x\n  ```\n\t- A\n",
        "- Q #card\n  <id>\n  ```py\n  x\n  ```\n\t- A\n",
    ),
    "below a heading on a bullet": ("- ## Q #card\n\t- A\n", "- ## Q #card\n  <id>\n\t- A\n"),
    "in each of several blocks' own indent": ("- a\n\t-\tQ #card\n\t\t- A\n", "- a\n\t-\tQ #card\n\t  <id>\n\t\t- A\n"),
    "in a drawer": (
        "- Q #card\n  :PROPERTIES:\n  :deck: Optics\n  :END:\n\t- A\n",
        "- Q #card\n  :PROPERTIES:\n  :deck: Optics\n  :id: <uuid>\n  :END:\n\t- A\n",
    ),
}


ORG_PLACES = {
    "in a drawer below the headline": ("* Q #card\n** A\n", "* Q #card\n<drawer>\n** A\n"),
    "below the dates of a task": (
        "* TODO Q :card:\nSCHEDULED: <2026-11-24 Tue>\nDEADLINE: <2026-11-25 Wed>\nA\n",
        "* TODO Q :card:\nSCHEDULED: <2026-11-24 Tue>\nDEADLINE: <2026-11-25 Wed>\n<drawer>\nA\n",
    ),
    "last in a drawer that is there": (
        "** Q #card\n:PROPERTIES:\n:deck: Optics\n:END:\nA\n",
        "** Q #card\n:PROPERTIES:\n:deck: Optics\n:id: <uuid>\n:END:\nA\n",
    ),
    "in an empty drawer": (
        "* Q #card\n:PROPERTIES:\n:END:\nA\n",
        "* Q #card\n:PROPERTIES:\n:id: <uuid>\n:END:\nA\n",
    ),
    "in a drawer of one blank line": (
        "* Q #card\n:PROPERTIES:\n\n:END:\nA\n",
        "* Q #card\n:PROPERTIES:\n\n:id: <uuid>\n:END:\nA\n",
    ),
    "behind a blank line, at the indent of the property above it": (
        "* Q #card\r\n  :PROPERTIES:\r\n    :deck: Optics\r\n \r\n  :END:\r\n  A\r\n",
        "* Q #card\r\n  :PROPERTIES:\r\n    :deck: Optics\r\n \r\n    :id: <uuid>\r\n  :END:\r\n  A\r\n",
    ),
    "at the indent of the drawer": (
        "* Q #card\n\t:PROPERTIES:\n\t:deck: Optics\n\t:END:\n\tA\n",
        "* Q #card\n\t:PROPERTIES:\n\t:deck: Optics\n\t:id: <uuid>\n\t:END:\n\tA\n",
    ),
    "above another drawer": (
        "* Q #card\n:LOGBOOK:\nCLOCK: [2026-11-24 Tue 10:00]\n:END:\nA\n",
        "* Q #card\n<drawer>\n:LOGBOOK:\nCLOCK: [2026-11-24 Tue 10:00]\n:END:\nA\n",
    ),
    "above a drawer that is never closed": (
        "* Q #card\n:PROPERTIES:\n:deck: Optics\n** A\n",
        "* Q #card\n<drawer>\n:PROPERTIES:\n:deck: Optics\n** A\n",
    ),
    "above code": (
        "* Q #card\n#+BEGIN_SRC py\nx\n#+END_SRC\n",
        "* Q #card\n<drawer>\n#+BEGIN_SRC py\nx\n#+END_SRC\n",
    ),
    "on top of code that begins on the headline": (
        "* #+BEGIN_SRC py\nx\n#+END_SRC\n#card\n** A\n",
        "* <drawer>\n#+BEGIN_SRC py\nx\n#+END_SRC\n#card\n** A\n",
    ),
    "on top of a table that begins on the headline": (
        "* | a | b | #card\n|---+---|\n| 1 | 2 |\n** A\n",
        "* <drawer>\n| a | b | #card\n|---+---|\n| 1 | 2 |\n** A\n",
    ),
    "with the file's line ends": ("* Q #card\r\n** A\r\n", "* Q #card\r\n<drawer>\r\n** A\r\n"),
    "behind the last line without an end": ("* Q {{cloze A}} #card", "* Q {{cloze A}} #card\n<drawer>"),
    "behind the last line without an end, after others": (
        "* a\r\n** Q {{cloze A}} #card",
        "* a\r\n** Q {{cloze A}} #card\r\n<drawer>",
    ),
}
ALL_PLACES = [(name, "md", *texts) for name, texts in PLACES.items()]
ALL_PLACES += [(name, "org", *texts) for name, texts in ORG_PLACES.items()]


@pytest.mark.parametrize(
    ("name", "suffix", "text", "expected"), ALL_PLACES, ids=lambda one: one if " " in one else None
)
def test_an_id_is_written_where_logseq_writes_it(
    name: str, suffix: str, text: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(text.encode())
    done = api.stamp(path)
    assert (done.files, done.ids) == ((path,), 1)
    [note] = load(path, NOON).notes
    end = "\r\n" if "\r\n" in text else "\n"
    drawer = end.join([":PROPERTIES:", ":id: <uuid>", ":END:"])
    written = (
        expected.replace("<drawer>", drawer).replace("<id>", "id:: <uuid>").replace("<uuid>", str(note.identity.id))
    )
    assert path.read_bytes().decode() == written


def test_stamping_keeps_every_guid_and_sends_no_note_again(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a="- Q #card\n\t- A\n- R #card\n\t- B\n", b="- Q #card\n\t- C\n")
    before = build(notes, tmp_path / "a.apkg")
    assert api.stamp(notes).ids == 3
    after = build(notes, tmp_path / "b.apkg", NOON + 60_000)
    assert [note.identity.guid for note in after.notes] == [note.identity.guid for note in before.notes]
    assert (tmp_path / "a.apkg").read_bytes() == (tmp_path / "b.apkg").read_bytes()


def test_a_run_that_stops_between_lock_and_notes_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = write(tmp_path / "notes", a="- Q #card\n\t- A\n")
    [before] = build(notes, tmp_path / "a.apkg").notes
    with monkeypatch.context() as crash:
        crash.setattr("ankigen.api.stamps.write_ids", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            api.stamp(notes)
    assert (notes / "a.md").read_text() == "- Q #card\n\t- A\n"
    assert api.stamp(notes).ids == 1
    [after] = load(notes, NOON).notes
    assert after.identity.guid == before.identity.guid


def test_only_the_page_asked_for_is_written_to(tmp_path: Path) -> None:
    notes = write(tmp_path, a="- Q #card\n\t- A\n", b="- R #card\n\t- B\n", c="- no card\n")
    build(notes, tmp_path / "a.apkg")
    assert api.stamp(notes / "b.md").files == (notes / "b.md",)
    assert "id::" not in (notes / "a.md").read_text()


def test_an_id_that_is_no_uuid_is_left_to_its_author(tmp_path: Path) -> None:
    notes = write(tmp_path, a="- Q #card\n  id:: mine\n\t- A\n")
    assert api.stamp(notes).files == ()
    assert (notes / "a.md").read_text() == "- Q #card\n  id:: mine\n\t- A\n"


HEADINGS = (
    "# What bends light? #card\nWho built one? #card\nGalileo\n\n- more\n",
    "# Q #card\n{{cloze A}} #card\n- more\n",
    "# Q #card\n\n\nR #card :-> A\n- more\n- S #card\n\t- B\n",
    "- Z #card\n\t- Y\n# Q #card\nR #card\nA\n- more\n# S\nT #card\n- U\n",
)


@pytest.mark.parametrize("text", HEADINGS)
def test_a_card_in_the_text_below_a_heading_is_no_block_and_gets_no_id(text: str, tmp_path: Path) -> None:
    """Its lines are the heading's own: an id among them would be the heading's."""
    path = write(tmp_path, a=text) / "a.md"
    known = {note.identity.guid: note.content for note in load(named(tmp_path), NOON).notes}
    done = api.stamp(tmp_path)
    notes = load(tmp_path, NOON).notes
    assert {note.identity.guid: note.content for note in notes} == known
    assert len([note for note in notes if note.identity.id]) == done.ids
    after = path.read_bytes()
    assert api.stamp(tmp_path).files == ()
    assert path.read_bytes() == after


@pytest.mark.parametrize("directive", ["#+id: " + ID, "#+custom_id: x", "#+deck: D", "#+tags: t", "#+title: T"])
def test_what_the_page_says_below_its_first_headline_stays_the_pages(directive: str, tmp_path: Path) -> None:
    """Below a drawer it would be the block's own."""
    tmp_path.joinpath("a.org").write_text(f"* Q #card\n{directive}\n** A (({ID}))\n* R #card\n** B\n")
    before = load(named(tmp_path), NOON).notes
    api.stamp(tmp_path)
    after = load(tmp_path, NOON).notes
    assert [(note.identity.guid, note.deck, note.tags, note.content) for note in after] == [
        (note.identity.guid, note.deck, note.tags, note.content) for note in before
    ]
    assert api.stamp(tmp_path).files == ()


def test_a_file_that_changed_since_it_was_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, a="- Q #card\n\t- A\n") / "a.md"
    before = path.read_bytes()
    path.write_text("- Another #card\n\t- A\n")
    with pytest.raises(ChangedMeanwhile) as refusal:
        stamping.write_ids(path, before, {1: ID})
    assert str(refusal.value) == f"{path} changed while it was read: nothing was written to it; run the command again"
    assert path.read_text() == "- Another #card\n\t- A\n"


indents = st.sampled_from(["", "\t", "  ", "\t\t", "    "])
starts = st.sampled_from(
    [
        "- Q{n} #card",
        "- # Q{n} #card",
        "# Q{n} #card",
        "# S{n}",
        "R{n} #card",
        "- a",
        "- ```\n  x",
        "- $$x$$ Q{n} #card",
        "-",
        "- |a|b| #card",
    ]
)
lines = st.sampled_from(
    [
        "\t- A",
        "  text",
        "R #card",
        "text",
        "  deck:: d",
        "  ```",
        "",
        "  id:: no",
        "  :PROPERTIES:",
        "  :a: b",
        "  :END:",
        "$$",
        "  |1|2|",
    ]
)
blocks = st.builds(lambda indent, start, below: [indent + start, *below], indents, starts, st.lists(lines, max_size=4))
headlines = st.sampled_from(
    ["* Q{n} #card", "** TODO Q{n} :card:", "* plain", "* #+BEGIN_SRC py", "* | a | #card", "*** [#A] Q{n} #card", "*"]
)
org_lines = st.sampled_from(
    ["A", "  text", "", "- item", "#card", "#+deck: d", "#+BEGIN_SRC py", "#+END_SRC", "| 1 | 2 |", "|---+---|"]
) | st.sampled_from(
    [":PROPERTIES:", ":a: b", ":id: no", ":END:", "\t:END:", ":LOGBOOK:", "SCHEDULED: <2026-11-24 Tue>"]
)
org_blocks = st.builds(lambda start, below: [start, *below], headlines, st.lists(org_lines, max_size=5))


def pages_of(blocks: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    return st.lists(blocks, max_size=6).map(
        lambda found: [line.replace("{n}", str(n)) for n, block in enumerate(found) for line in block]
    )


pages = st.tuples(st.just("md"), pages_of(blocks)) | st.tuples(st.just("org"), pages_of(org_blocks))
codecs = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@given(page=pages, end=st.sampled_from(["\n", "\r\n"]), has_end=st.booleans(), codec=codecs, word=st.text(max_size=3))
def test_without_the_new_lines_a_file_is_what_it_was(
    page: tuple[str, list[str]],
    end: str,
    has_end: bool,
    codec: str,
    word: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    suffix, content = page
    path = named(tmp_path_factory.mktemp("stamp")) / f"a.{suffix}"
    before = (end.join(content) + end * has_end + word.replace("\x00", "")).encode(codec)
    path.write_bytes(before)
    known = {note.identity.guid: note.content for note in load(path, NOON).notes}
    done = api.stamp(path)
    after = path.read_bytes()
    notes = load(path, NOON).notes
    assert {note.identity.guid: note.content for note in notes} == known
    ids = [note.identity.id for note in notes if note.identity.id]
    assert len(set(ids)) == len(ids) == done.ids
    assert before in {text.encode(codec) for text in without(after.decode(codec), ids)}
    assert api.stamp(path).files == ()
    assert path.read_bytes() == after


def without(text: str, ids: list[str]) -> set[str]:
    """The text without the lines that hold the ids, each with the line end before it or behind it."""
    found = {text}
    for id, is_drawer in itertools.product(ids, (False, True)):
        line = rf"[ \t]*:?id::? {id}"
        written = rf":PROPERTIES:\r?\n{line}\r?\n:END:" if is_drawer else line
        for around in (rf"(?<![^\n]){written}\r?\n", rf"\r?\n{written}\Z", rf"(?<=[-*] ){written}\r?\n[ \t]*"):
            found |= {re.sub(around, "", one, count=1) for one in found}
    return found
