"""What is pulled of single edits, and why others are not."""

from __future__ import annotations

import errno
import html
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen import api, identity, note_types
from ankigen.data import NotPulled, Pull
from ankigen.errors import CannotWrite, ChangedMeanwhile, ExitCode
from ankigen.support.structs import replace
from tests.pulling.life import Life
from tests.pulling.seen import seen

PAGE = (
    "- What bends light? #card\n\t- A **lens** does\n\t- and `glass`\n- No card\n- What splits it? #card\n\t- A prism\n"
)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def life_of(folder: Path, text: str | bytes = PAGE, name: str = "page.md") -> Life:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return Life(folder)


def edited(life: Life, field: str, old: str, new: str, place: int = 0) -> str:
    """Edit a field of a note in Anki, and return what it says there now."""
    note = life.read().notes[place]
    known = note_types.content_fields(note.content)[field]
    assert old in known
    theirs = known.replace(old, new, 1)
    life.edit(note, field, theirs)
    return theirs


def pulled(life: Life) -> str:
    """The page after a pull of all that there is."""
    pull = life.pull()
    assert pull.refused == ()
    life.write(pull)
    [file] = pull.files
    return file.after.decode("utf-8-sig")


def reasons(life: Life) -> list[tuple[NotPulled, str]]:
    pull = life.pull()
    assert pull.files == ()
    return [(edit.reason, edit.detail) for edit in pull.refused]


@pytest.mark.parametrize(
    ("field", "old", "new", "line"),
    [
        ("Front", "bends", "refracts", "- What refracts light? #card"),
        ("Back", "does", "<b>does</b>", "\t- A **lens** **does**"),
        ("Back", "<strong>lens</strong>", "lens", "\t- A lens does"),
        ("Back", "<strong>lens</strong>", "<i>lens</i>", "\t- A *lens* does"),
        ("Back", "lens", "big lens", "\t- A **big lens** does"),
        ("Back", "does", "<u>does</u>", "\t- A **lens** <u>does</u>"),
        ("Back", "does", "<code>does</code>", "\t- A **lens** `does`"),
        ("Back", "does", "does 2 * 3 * 4", "\t- A **lens** does 2 * 3 * 4"),
        ("Back", "does", "does *so*", "\t- A **lens** does \\*so\\*"),
        ("Back", "does", "does &lt;b&gt;", "\t- A **lens** does \\<b>"),
        ("Back", "does", "does&nbsp;so", "\t- A **lens** does so"),
        ("Back", "does", 'does <a href="https://a.example">it</a>', "\t- A **lens** does [it](https://a.example)"),
        ("Back", "does", "does<br>so", "\t- A **lens** does\n\t  so"),
        ("Back", "<code>glass</code></li>", "<code>glass</code></li><li>air</li>", "\t- and `glass`\n\t- air"),
        ("Back", "<li>A", "<li>air</li><li>A", "\t- air\n\t- A **lens** does"),
    ],
)
def test_an_edit_changes_its_words_in_the_notes_and_nothing_else(
    field: str, old: str, new: str, line: str, tmp_path: Path
) -> None:
    life = life_of(tmp_path)
    theirs = edited(life, field, old, new)
    page = pulled(life)
    assert line in page
    assert len(page.split("\n")) - len(PAGE.split("\n")) == line.count("\n")
    assert seen(note_types.content_fields(life.read().notes[0].content)[field]) == seen(theirs)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("#tag", "\\#tag"),
        ("#[[a page]]", "&num;&lbrack;&lbrack;a page&rbrack;&rbrack;"),
        ("[#A]", "&lbrack;&num;A&rbrack;"),
        ("[[a page]]", "\\[\\[a page]]"),
        ("DEADLINE: <2024-01-01 Mon>", "DEADLINE: \\<2024-01-01 Mon>"),
        ("SCHEDULED: <2024-01-01 Mon>", "SCHEDULED: \\<2024-01-01 Mon>"),
        ("$$", "\\$\\$"),
        ("%%", "\\%\\%"),
        ("<% tp.file %>", "\\<\\% tp.file \\%\\>"),
        ("<!-- x", "\\<!-- x"),
    ],
)
def test_words_stay_words_for_the_program_of_the_notes(typed: str, written: str, tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Back", "does", f"does {html.escape(typed, quote=False)}")
    assert pulled(life) == PAGE.replace("does", f"does {written}")


@pytest.mark.parametrize(
    "line", ["```", "```dataviewjs", "~~~", "$$", "%%", "#tag", "foo:: bar", "#+BEGIN_QUERY", ":LOGBOOK:"]
)
def test_no_new_item_or_line_comes_alive(line: str, tmp_path: Path) -> None:
    """Where a line begins, more is a mark: whatever is written there, the page has what it had."""
    for name, new in (("item", f"</li><li>{line}</li>"), ("line", f"<br>{line}</li>")):
        life = life_of(tmp_path / name)
        edited(life, "Back", "</li>", new)
        for file in life.pull().files:
            now = file.after.decode().split("\n")
            assert not any(text.strip().removeprefix("- ").startswith(line) for text in now)


@pytest.mark.parametrize(
    "field",
    ["[key:: value]", "(key:: value)", "key:: value", "{{query x}}", "((22222222-2222-4333-8444-555555555555))"],
)
def test_words_that_no_mark_keeps_words_are_told(field: str, tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Back", "does", f"does {field}")
    assert len(reasons(life)) == 1


def test_code_is_no_query(tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Back", "does", "does <code>$= app.x</code>")
    assert pulled(life) == PAGE.replace("does", "does <code>$= app.x</code>")
    life = life_of(tmp_path / "within")
    edited(life, "Back", "glass", "= this.x")
    assert [reason for reason, _ in reasons(life)] == [NotPulled.UNPROVED]


def test_what_the_notes_have_alive_stays_so(tmp_path: Path) -> None:
    page = PAGE.replace("does", "does #optics DEADLINE: <2024-01-01 Mon> `= this.x`")
    life = life_of(tmp_path, page)
    edited(life, "Back", "A ", "One ")
    assert pulled(life) == page.replace("A **", "One **")


def test_a_question_that_would_be_a_date_is_told(tmp_path: Path) -> None:
    """As a line of its own it would be no question: the card would have no fields to compare."""
    life = life_of(tmp_path)
    edited(life, "Front", "What", "DEADLINE: &lt;2024-01-01 Mon&gt; What")
    assert [reason for reason, _ in reasons(life)] == [NotPulled.UNPROVED]


def test_several_edits_of_several_cards_come_home_together(tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Front", "bends", "refracts")
    edited(life, "Back", "A <strong>lens</strong> does", "It does")
    edited(life, "Back", "prism", "glass prism", place=1)
    assert pulled(life) == PAGE.replace("bends", "refracts").replace("A **lens** does", "It does").replace(
        "A prism", "A glass prism"
    )
    assert life.pull() == Pull()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_byte_order_mark_and_line_ends_stay(mark: bytes, line_end: str, tmp_path: Path) -> None:
    life = life_of(tmp_path, mark + PAGE.replace("\n", line_end).encode())
    edited(life, "Back", "<code>glass</code></li>", "<code>glass</code><br>new</li><li>air</li>")
    life.write(life.pull())
    wanted = PAGE.replace("- and `glass`\n", "- and `glass`\n\t  new\n\t- air\n").replace("\n", line_end)
    assert (tmp_path / "page.md").read_bytes() == mark + wanted.encode()


def test_a_page_in_utf_16_stays_one(tmp_path: Path) -> None:
    life = life_of(tmp_path, b"\xff\xfe" + PAGE.encode("utf-16-le"))
    edited(life, "Back", "prism", "prïsm", place=1)
    life.write(life.pull())
    assert (tmp_path / "page.md").read_bytes() == b"\xff\xfe" + PAGE.replace("prism", "prïsm").encode("utf-16-le")


def test_a_page_without_a_line_end_at_its_end_gets_none(tmp_path: Path) -> None:
    life = life_of(tmp_path, "- Q? #card\r\n\t- A")
    edited(life, "Back", "A", "A<br>B")
    life.write(life.pull())
    assert (tmp_path / "page.md").read_bytes() == b"- Q? #card\r\n\t- A\r\n\t  B"


EMBED = (
    "- Q? #card\n\t- {{embed ((6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11))}}\n"
    "- told there\n  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n"
)
CLOZE = "- The {{cloze lens \\\\ a thing}} bends {{cloze light}} #card\n"


@pytest.mark.parametrize(
    ("text", "field", "old", "new", "reason"),
    [
        (PAGE, "Back", "lens", '<span style="color: red;">lens</span>', NotPulled.STYLED),
        (PAGE, "Back", "lens", 'lens<img src="paste-1.jpg">', NotPulled.MEDIA),
        (PAGE, "Back", "lens", "lens[sound:a.mp3]", NotPulled.MEDIA),
        (PAGE, "Back", "lens", "lens<b></b>", NotPulled.EMPTY),
        (PAGE, "Back", "</ul>", "<li><br></li></ul>", NotPulled.EMPTY),
        (PAGE, "Back", "lens", "lens " + "more " * 20_000, NotPulled.TOO_LONG),
        (PAGE, "Back", "lens", "lens\x00\u202e", NotPulled.UNPROVED),
        (PAGE, "Back", "lens", "lens<script>alert(1)</script>", NotPulled.UNPROVED),
        (CLOZE, "Text", "{{c2::light}}", "{{c2::}}", NotPulled.CLOZES),
        (PAGE, "Context", "page", "paper", NotPulled.FIELD),
        (PAGE, "Forward", "y", "", NotPulled.FIELD),
        (CLOZE, "Text", "{{c2::light}}", "{{c3::light}}", NotPulled.CLOZES),
        (CLOZE, "Text", "bends", "{{c3::bends}}", NotPulled.CLOZES),
        (CLOZE, "Text", "{{c2::light}}", "light", NotPulled.CLOZES),
        ("- Q? #card\n\t- A\n\t- B? #card\n\t\t- C\n", "Back", "B?", "D?", NotPulled.OTHER_CARDS),
        (EMBED, "Back", "told", "said", NotPulled.ELSEWHERE),
        ("- Q? #card\n  speak:: en_GB\n\t- A\n", "Front", "Q?", "What?", NotPulled.SPOKEN),
        ("- Which? #card #choice\n\t- [x] one\n\t- [ ] two\n", "Front", "two", "three", NotPulled.OTHER_FIELDS),
        ("- Q? #card\n\t- " + "word " * 4_001 + "\n", "Back", "word", "sword", NotPulled.TOO_LONG),
    ],
)  # fmt: skip
def test_what_is_not_pulled_has_a_reason(
    text: str, field: str, old: str, new: str, reason: NotPulled, tmp_path: Path
) -> None:
    life = life_of(tmp_path, text)
    edited(life, field, old, new)
    before = life.files()
    assert [told for told, _ in reasons(life)] == [reason]
    assert life.files() == before


def test_what_the_notes_say_once_for_two_fields_comes_home_when_both_are_edited(tmp_path: Path) -> None:
    text = "- Which? #card #choice\n\t- [x] one\n\t- [ ] two\n"
    life = life_of(tmp_path, text)
    edited(life, "Front", "two", "three")
    edited(life, "Back", "two", "three")
    assert pulled(life) == text.replace("two", "three")
    assert life.pull() == Pull()


def test_a_page_with_merge_conflicts_waits(tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Back", "lens", "glass lens")
    (tmp_path / "page.md").write_text(f"<<<<<<< ours\n{PAGE}=======\n{PAGE}>>>>>>> theirs\n")
    assert life.pull() == Pull()


def test_what_both_sides_changed_stays(tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Back", "lens", "glass lens")
    (tmp_path / "page.md").write_text(PAGE.replace("lens", "prism"))
    assert reasons(life) == [(NotPulled.CONFLICT, "")]


def test_a_list_that_becomes_one_text_stays_a_block_with_its_bullet(tmp_path: Path) -> None:
    life = life_of(tmp_path, "- What? #card\n\t- one\n\t- two\n")
    edited(life, "Back", "<ul><li>one</li><li>two</li></ul>", "Glass")
    assert pulled(life) == "- What? #card\n\t- Glass\n"


def test_an_item_is_taken_out_with_its_line(tmp_path: Path) -> None:
    life = life_of(tmp_path, "- Q? #card\n\t- A\n\t- B\n\t- C\n- R\n")
    edited(life, "Back", "<li>B</li>", "")
    assert pulled(life) == "- Q? #card\n\t- A\n\t- C\n- R\n"


def test_an_item_whose_block_has_an_id_leaves_the_block_with_its_id(tmp_path: Path) -> None:
    """Else its id would become another block's, or what refers to it would be lost."""
    text = "- Q? #card\n\t- A\n\t- B\n\t  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n\t- C\n"
    life = life_of(tmp_path, text)
    edited(life, "Back", "<li>B</li>", "")
    assert pulled(life) == text.replace("- B", "- ")


def test_a_note_that_nobody_would_know_again_is_pulled_once_it_is_stamped(tmp_path: Path) -> None:
    life = life_of(tmp_path, "- What is it? #card\n\t- Yes\n- R? #card\n\t- S\n")
    edited(life, "Front", "What is it?", "How fast is sound in air?")
    edited(life, "Back", "Yes", "343 m/s")
    assert reasons(life) == [(NotPulled.IDENTITY, "")] * 2
    [guid, _] = [note.identity.guid for note in life.read().notes]
    api.stamp(tmp_path)
    assert "How fast is sound in air?" in pulled(life)
    assert "\t- 343 m/s\n" in (tmp_path / "page.md").read_text("utf-8")
    assert life.read().notes[0].identity.guid == guid


def test_pages_in_org_mode_are_not_written(tmp_path: Path) -> None:
    life = life_of(tmp_path, "* What bends light? :card:\n** A lens\n", "page.org")
    edited(life, "Back", "lens", "glass lens")
    assert [reason for reason, _ in reasons(life)] == [NotPulled.ORG]


def test_what_another_page_shows_is_not_changed_under_it(tmp_path: Path) -> None:
    id = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"
    (tmp_path / "other.md").write_text(f"- What is told? #card\n\t- {{{{embed (({id}))}}}}\n")
    life = life_of(tmp_path, f"- Q? #card\n\t- A\n\t  id:: {id}\n- R? #card\n\t- B\n")
    notes = life.read().notes
    assert [note.position.path for note in notes] == ["other.md", "page.md", "page.md"]
    edited(life, "Back", "A", "C", place=1)
    edited(life, "Back", "B", "D", place=2)
    pull = life.pull()
    assert [(edit.reason, edit.field.existing) for edit in pull.refused] == [(NotPulled.OTHER_CARDS, "C")]
    assert [file.after.decode() for file in pull.files] == [f"- Q? #card\n\t- A\n\t  id:: {id}\n- R? #card\n\t- D\n"]


def test_a_page_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Back", "lens", "glass lens")
    desired, pull = life.read(), life.pull()
    (tmp_path / "page.md").write_text(PAGE + "- more\n")
    with pytest.raises(ChangedMeanwhile) as raised:
        api.write_pull(desired, pull)
    assert raised.value.exit_code is ExitCode.PROTECTED
    assert (tmp_path / "page.md").read_text() == PAGE + "- more\n"


def two_pages(folder: Path) -> tuple[Life, dict[str, object]]:
    """Two pages with an edit of a question on each, and what is then seen of the notes."""
    (folder / "second.md").write_text("- What is second? #card\n\t- Two\n")
    life = life_of(folder)
    edited(life, "Front", "bends light", "refracts light strongly", place=0)
    edited(life, "Front", "second", "the second one", place=2)
    return life, {note.identity.guid: note.identity.created for note in life.read().notes}


@pytest.mark.parametrize("point", range(12))
def test_a_pull_that_is_killed_anywhere_loses_no_card(
    point: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at each rename and each write that it does; the next pull finishes it."""
    life, before = two_pages(tmp_path)
    desired, pull = life.read(), life.pull()
    assert len(pull.files) == 2
    count = 0

    def killed(call: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == point + 1:
                raise KeyboardInterrupt
            return call(*arguments, **options)

        return called

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed(Path.replace))
        patch.setattr(os, "fsync", killed(os.fsync))
        try:
            api.write_pull(desired, pull)
        except KeyboardInterrupt:
            pass
        else:
            assert point >= count
    assert {note.identity.guid: note.identity.created for note in life.read().notes} == before
    life.write(life.pull())
    assert "refracts light strongly" in (tmp_path / "page.md").read_text()
    assert "the second one" in (tmp_path / "second.md").read_text()
    assert {note.identity.guid: note.identity.created for note in life.read().notes} == before
    assert life.pull() == Pull()


def test_a_full_disk_leaves_all_pages_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    life, _ = two_pages(tmp_path)
    desired, pull = life.read(), life.pull()
    api.write_lock(desired, is_locked=False)
    before = life.files()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CannotWrite):
            api.write_pull(desired, pull)
    assert life.files() == before


def test_the_lock_knows_the_new_words_afterwards(tmp_path: Path) -> None:
    life = life_of(tmp_path)
    edited(life, "Front", "bends", "refracts")
    life.write(life.pull())
    lock = identity.read_lock(tmp_path / identity.LOCK_NAME)
    assert lock is not None
    assert [known.question for known in lock.identities.values() if "refracts" in known.question]
    assert life.read().lock == lock


def with_tags(life: Life, place: int, *tags: str) -> None:
    """Give a note these tags in Anki, in place of those that it has."""
    guid = life.read().notes[place].identity.guid
    notes = (replace(known, tags=tags) if known.guid == guid else known for known in life.collection.notes)
    life.collection = replace(life.collection, notes=tuple(notes))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- Q? #card\n\t- A\n", "- Q? #card\n  tags:: exam, physics::light\n\t- A\n"),
        ("- Q? #card\n  tags:: mine\n\t- A\n", "- Q? #card\n  tags:: mine, exam, physics::light\n\t- A\n"),
        ("- Q? #card\n  tags::\n\t- A\n", "- Q? #card\n  tags:: exam, physics::light\n\t- A\n"),
        ("- R {{cloze x}} #card", "- R {{cloze x}} #card\n  tags:: exam, physics::light"),
    ],
)
def test_tags_become_a_line_of_the_block(before: str, after: str, line_end: str, tmp_path: Path) -> None:
    life = life_of(tmp_path, before.replace("\n", line_end))
    own = life.read().notes[0].tags
    with_tags(life, 0, *own, "exam", "physics::light", "leech", "Marked")
    pull = life.pull(with_tags=True)
    assert life.pull() == Pull()
    life.write(pull)
    wanted = after.replace("\n", line_end) if "\n" in before else after
    assert (tmp_path / "page.md").read_bytes().decode() == wanted
    assert life.pull(with_tags=True) == Pull()
    life.sync()
    plan = life.sync()
    assert (plan.changes, plan.notices) == ((), ())


def test_a_tag_that_the_author_took_out_does_not_come_back(tmp_path: Path) -> None:
    life = life_of(tmp_path, "- Q? #card #old\n\t- A\n")
    (tmp_path / "page.md").write_text("- Q? #card\n\t- A\n")
    assert life.pull(with_tags=True) == Pull()


def test_tags_that_no_line_can_say_are_told(tmp_path: Path) -> None:
    life = life_of(tmp_path, "- Q? #card\n\t- A\n- R? #card\n\t- B? #card\n\t\t- C\n")
    with_tags(life, 0, "a,b")
    with_tags(life, 1, "exam")  # the card below it would have it as well
    pull = life.pull(with_tags=True)
    assert (pull.files, {edit.reason for edit in pull.refused}) == ((), {NotPulled.TAGS})


def test_the_eyes_of_the_laws_see_what_differs() -> None:
    """The oracle: what is no difference to a person, and what is one."""
    assert seen("<b>a</b>&nbsp;b<br>") == seen("<strong>a</strong> b")
    assert seen("a<div>b</div>") == seen("a<br>b")
    told = ["a b", "a  b", "<b>a</b> b", "<i>a</i> b", "<b>a b</b>", "a<br>b", "<ul><li>a</li><li>b</li></ul>", "a c"]
    assert len({repr(seen(html)) for html in told}) == len(told)
