"""`ankigen stamp`: an `id::` where Logseq writes it, and not one byte more."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import api, stamping
from ankigen.errors import ChangedMeanwhile
from ankigen.reading import load
from tests.building import NOON, build, write

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
    "in a drawer": (
        "- Q #card\n  :PROPERTIES:\n  :deck: Optics\n  :END:\n\t- A\n",
        "- Q #card\n  :PROPERTIES:\n  :deck: Optics\n  :id: <uuid>\n  :END:\n\t- A\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES)
def test_an_id_is_written_where_logseq_writes_it(text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    assert api.stamp(path) == api.Stamped((path,), 1)
    [note] = load(path, NOON).notes
    written = expected.replace("<id>", "id:: <uuid>").replace("<uuid>", str(note.identity.id))
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
        crash.setattr(stamping, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
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
    assert api.stamp(notes) == api.Stamped((), 0)
    assert (notes / "a.md").read_text() == "- Q #card\n  id:: mine\n\t- A\n"


def test_a_file_that_changed_since_it_was_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, a="- Q #card\n\t- A\n") / "a.md"
    before = stamping.read(path)
    path.write_text("- Another #card\n\t- A\n")
    with pytest.raises(ChangedMeanwhile) as refusal:
        stamping.write(path, before, {1: ID})
    assert str(refusal.value) == f"{path} changed while it was read: nothing was written to it; run the command again"
    assert path.read_text() == "- Another #card\n\t- A\n"


indents = st.sampled_from(["", "\t", "  ", "\t\t", "    "])
starts = st.sampled_from(
    ["- Q{n} #card", "- # Q{n} #card", "# Q{n} #card", "- plain", "- ```\n  x", "- $$x$$ Q{n} #card", "-"]
)
lines = st.sampled_from(
    ["\t- A", "  text", "  deck:: d", "  ```", "", "  id:: no", "  :PROPERTIES:", "  :a: b", "  :END:", "$$"]
)
blocks = st.builds(lambda indent, start, below: [indent + start, *below], indents, starts, st.lists(lines, max_size=4))
pages = st.lists(blocks, max_size=6).map(
    lambda found: [line.replace("{n}", str(n)) for n, block in enumerate(found) for line in block]
)
codecs = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@given(page=pages, end=st.sampled_from(["\n", "\r\n"]), has_end=st.booleans(), codec=codecs, word=st.text(max_size=3))
def test_without_the_new_lines_a_file_is_what_it_was(
    page: list[str], end: str, has_end: bool, codec: str, word: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("stamp") / "a.md"
    before = (end.join(page) + end * has_end + word.replace("\x00", "")).encode(codec)
    path.write_bytes(before)
    known = {note.identity.guid for note in load(path, NOON).notes}
    done = api.stamp(path)
    after = path.read_bytes()
    assert {note.identity.guid for note in load(path, NOON).notes} == known
    ids = [note.identity.id for note in load(path, NOON).notes if note.identity.id]
    assert len(set(ids)) == len(ids) == done.ids
    text = after.decode(codec)
    for id in ids:
        [written] = re.findall(rf"(?:^|\n)[ \t]*:?id::? {id}\r?(?=\n|$)|(?<=- )id:: {id}\r?\n[ \t]*", text)
        text = text.replace(written, "", 1)
    assert text.encode(codec) == before or (text.removeprefix("\n").encode(codec) == before)
    assert api.stamp(path) == api.Stamped((), 0)
    assert path.read_bytes() == after
