"""A word of the notes' language means the same to every stage, in Markdown and in org-mode."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from ankigen.data import Note
from ankigen.note_types import fields_of
from ankigen.source import load, stamping
from ankigen.source.remote_media import SUFFIXES
from ankigen.syntax.words import AUDIO, MEDIA, OPAQUE_BLOCKS, PICTURES, PLAYED_APART, TASK_WORDS, VIDEO
from tests.helpers.building import NOON

LANGUAGES = ("md", "org")
CARD = {"md": "- {text} #card\n{more}\t- A lens\n", "org": "* {text} #card\n{more}** A lens\n"}
ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"


def card(folder: Path, language: str, text: str, *more: str) -> Note:
    """The note of a page with one card, `more` being the later lines of its block."""
    indent = "  " if language == "md" else ""
    page = CARD[language].format(text=text, more="".join(f"{indent}{line}\n" for line in more))
    (folder / f"page.{language}").write_text(page, "utf-8")
    [note] = load(folder, NOON).notes
    return note


def front(note: Note) -> str:
    return next(iter(fields_of(note).values()))


@pytest.mark.parametrize("suffix", sorted(MEDIA))
def test_a_medium_is_shown_alike_in_both_languages(tmp_path: Path, suffix: str) -> None:
    shown = set()
    for language, link in (("md", f"![](clip.{suffix})"), ("org", f"[[clip.{suffix}]]")):
        folder = tmp_path / language
        folder.mkdir()
        (folder / f"clip.{suffix}").write_bytes(b"abc")
        shown.add(front(card(folder, language, f"Look {link}")).removeprefix("Look "))
    name = f"clip-ba7816bf8f01cfea.{suffix}"
    elements = {
        **dict.fromkeys(PICTURES, f'<img src="{name}" alt="">'),
        **dict.fromkeys(AUDIO, f"[sound:{name}]"),
        **dict.fromkeys(VIDEO, f'<video controls src="{name}"></video>'),
        **dict.fromkeys(PLAYED_APART, f"[sound:{name}]"),
    }
    assert shown == {elements[suffix]}


def test_a_suffix_is_of_one_kind() -> None:
    assert len(MEDIA) == len(PICTURES) + len(AUDIO) + len(VIDEO)


@pytest.mark.parametrize(("kind", "suffix"), SUFFIXES.items())
def test_what_comes_from_the_web_gets_a_suffix_that_is_shown_as_what_it_is(kind: str, suffix: str) -> None:
    assert suffix in {"image": PICTURES, "audio": AUDIO, "video": VIDEO}[kind.partition("/")[0]]


def block(name: str, end: str = "") -> tuple[str, str, str]:
    return f"#+BEGIN_{name}", "See #optics and {{cloze the retina}}", f"#+END_{end or name}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["QUOTE", "NOTE", "EXAMPLES", "examples", "SRCS", "COMMENTARY", "QUERY_RESULT", "EXPORTED"]
)
def test_a_block_of_any_other_name_holds_text(tmp_path: Path, language: str, name: str) -> None:
    note = card(tmp_path, language, "Read", *block(name))
    assert "optics" in note.tags
    assert note.identity.kind == "cloze"
    assert "{{c1::the retina}}" in front(note)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "is_shown"),
    [("SRC", True), ("src", True), ("EXAMPLE", True), ("EXPORT", False), ("Comment", False), ("QUERY", False)],
)
@pytest.mark.parametrize("options", ["", " text"])
def test_nothing_in_an_opaque_block_is_a_mark(
    tmp_path: Path, language: str, name: str, options: str, is_shown: bool
) -> None:
    note = card(tmp_path, language, "Read", *block(name + options, name))
    assert "optics" not in note.tags
    assert note.identity.kind == "basic"
    assert ("#optics and {{cloze" in front(note).replace("<!-- -->", "")) == is_shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("EXPORT html", "x *a* /b/"),
        ("EXPORTED", {"md": "<em>a</em> /b/", "org": "<strong>a</strong> <em>b</em>"}),
    ],
)
def test_the_lines_of_an_opaque_block_stay_as_they_are(
    tmp_path: Path, language: str, name: str, shown: str | dict[str, str]
) -> None:
    note = card(tmp_path, language, "Read", f"#+BEGIN_{name}", "x *a* /b/", f"#+END_{name.partition(' ')[0]}")
    assert (shown if isinstance(shown, str) else shown[language]) in front(note)


def test_the_opaque_blocks_are_those_of_the_test_above() -> None:
    assert {"SRC", "EXAMPLE", "EXPORT", "COMMENT", "QUERY"} == OPAQUE_BLOCKS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", TASK_WORDS)
def test_a_task_word_is_no_part_of_what_is_asked(tmp_path: Path, language: str, word: str) -> None:
    assert front(card(tmp_path, language, f"{word} [#A] What bends light?")) == "What bends light?"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["SCHEDULED", "DEADLINE", "CLOSED", "CLOCK"])
def test_the_date_of_a_task_is_no_part_of_what_is_asked(tmp_path: Path, language: str, word: str) -> None:
    assert front(card(tmp_path, language, "What bends light?", f"{word}: <2026-01-02 Fri>")) == "What bends light?"


@pytest.mark.parametrize(
    ("word", "lines_above"), [("SCHEDULED", 2), ("DEADLINE", 2), ("CLOSED", 2), ("CLOCK", 1), ("TODO", 1)]
)
def test_an_id_in_org_mode_stands_below_the_dates_that_must_follow_the_headline(
    tmp_path: Path, word: str, lines_above: int
) -> None:
    path = tmp_path / "page.org"
    path.write_text(f"* What?\n{word}: <2026-01-02 Fri>\n", "utf-8")
    stamping.write_ids(path, path.read_bytes(), {1: ID})
    assert path.read_text("utf-8").split("\n").index(":PROPERTIES:") == lines_above


def test_an_id_means_the_same_wherever_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text(f"- The *lens*\n  id:: {ID}\n", "utf-8")
    written = (
        f"(({ID}))", f"(({ID.upper()}))", f"{{{{embed (({ID}))}}}}", f"[]((({ID})))",
    )  # fmt: skip
    for number, reference in enumerate(written):
        (tmp_path / f"page-{number}.md").write_text(f"- See {number} {reference} #card\n\t- A\n", "utf-8")
    (tmp_path / "org.org").write_text(f"* See [[id:{ID}]] #card\n** A\n", "utf-8")
    desired = load(tmp_path, NOON)
    assert desired.problems == ()
    assert [("<em>lens</em>" in front(note)) for note in desired.notes] == [True] * 5


def test_a_card_has_the_id_of_its_block_as_its_guid(tmp_path: Path) -> None:
    assert card(tmp_path, "md", "What?", f"id:: {ID.upper()}").identity.guid == ID
    assert uuid.UUID(card(tmp_path, "md", "What?", f"id:: {ID}").identity.guid) == uuid.UUID(ID)


@pytest.mark.parametrize("name", ["a b", "a [[b]] c", "a [b] c"])
def test_a_page_is_meant_by_the_same_brackets_everywhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "other.md").write_text(f"title:: {name}\n\n- The *lens*\n", "utf-8")
    (tmp_path / "page.md").write_text(
        f"- See {{{{embed [[{name}]]}}}} #[[{name}]] #card\n  deck:: [[{name}]]\n  tags:: [[{name}]], x\n\t- A\n",
        "utf-8",
    )
    [note] = load(tmp_path, NOON).notes
    assert "<em>lens</em>" in front(note)
    assert note.deck == name
