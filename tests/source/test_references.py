"""What a reference shows: a block's first line, an embed's blocks, and never an endless loop."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ankigen import note_types, render
from ankigen.data import Face, Line, MediaFile, Page
from ankigen.source import ids_and_aliases
from ankigen.source.diagrams import Mermaid
from ankigen.source.media import MediaFinder, media_name
from ankigen.syntax.outline import parse
from tests.helpers.judge import Judge
from tests.source.links import FixedLinks

ONE, TWO = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


THIRD = (Line(3, 1, ""), Line(4, 1, ""))


def page(notes: str, path: str = "pages/hls__book.md") -> Page:
    return parse(notes, path, "Notes")


def shown(text: str, notes: str, root: Path = Path(), **options: str | dict[str, str]) -> Face:
    links = FixedLinks([page(notes)], MediaFinder(root).find)
    return render.question(text, "pages/a.md", THIRD, replace(links, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"see (({ONE}))", 'see <span class="ankigen-reference"><strong>first</strong> x</span>'),
        (f"[label]((({ONE})))", "label"),
        (f"{{{{embed (({ONE}))}}}}", "<ul><li><strong>first</strong> x<br>second<ul><li>child</li></ul></li></ul>"),
        ("{{embed [[notes]]}}", "<ul><li><strong>first</strong> x<br>second<ul><li>child</li></ul></li></ul>"),
    ],
)
def test_a_reference_shows_what_it_means(text: str, expected: str) -> None:
    face = shown(text, f"- **first** {{{{cloze x}}}}\n  second\n  id:: {ONE}\n\t- child")
    assert face == Face(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [f"(({ONE}))", f"{{{{embed (({ONE}))}}}}", "{{embed [[Notes]]}}"])
def test_a_loop_of_references_ends(text: str) -> None:
    notes = f"- a (({TWO})) {{{{embed (({TWO}))}}}}\n  id:: {ONE}\n- b (({ONE})) {{{{embed [[Notes]]}}}}\n  id:: {TWO}"
    face = shown(text, notes)
    assert '<span class="missing">…</span>' in face.html
    assert {one.rule for one in face.problems} == {"dangling-reference"}


def test_a_dangling_reference_is_a_warning_where_it_stands() -> None:
    face = shown(f"see\n(({ONE}))", "- x")
    assert face.html == 'see<br><span class="missing">…</span>'
    (problem,) = face.problems
    assert (str(problem.position), problem.severity.value) == ("pages/a.md:4:1", "warning")
    assert problem.message == (f"(({ONE})): there is no block with this id: remove the reference, or fix its target")


def test_a_page_reference_leads_where_the_user_says() -> None:
    assert shown("[[A b]]", "- x").html == "A b"
    linked = shown("[[A b]] [x]([[A b]])", "- x", page_address="logseq://graph/g?page={page}")
    address = '<a class="ref" href="logseq://graph/g?page=A%20b">'
    assert linked.html == f"{address}A b</a> {address}x</a>"


def test_a_users_macro_is_expanded_and_never_into_itself() -> None:
    macros = {"poem": "Rose is $1, violet's $2: **$1**", "loop": "again {{loop}}"}
    assert shown("{{poem red, blue}}", "- x", macros=macros).html == "Rose is red, violet's blue: <strong>red</strong>"
    assert shown("{{loop}}", "- x", macros=macros).html == "again {{loop}}"


def test_an_area_of_a_pdf_is_its_picture(tmp_path: Path) -> None:
    (tmp_path / "assets/book").mkdir(parents=True)
    (tmp_path / f"assets/book/7_{ONE}_123.png").write_bytes(b"x")
    notes = f"- [:span]\n  id:: {ONE}\n  hl-type:: area\n  hl-page:: 7\n  hl-stamp:: 123"
    face = shown(f"(({ONE}))", notes, tmp_path)
    assert face.html == f'<img src="{face.media[0].name}" alt="">'


def test_the_first_block_of_an_id_has_it() -> None:
    blocks = ids_and_aliases.blocks(page(f"- one\n  id:: {ONE}\n- two\n  id:: {ONE.upper()}"))
    assert {id: block.text for id, block in blocks.items()} == {ONE: "one"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", f"- one\n  id:: {ONE}"),
        ("a.md", f"- one\n  ID::\t{ONE.upper()}  "),
        ("a.md", f"- one\n  custom_id:: {ONE}"),
        ("a.md", f"- one\n  :PROPERTIES:\n  :Custom-Id: {ONE}\n  :END:"),
        ("a.md", f"- one\n  #+ID: {ONE}"),
        ("a.org", f"* one\n:PROPERTIES:\n:ID:       {ONE.upper()}\n:END:"),
        ("a.org", f"* one\n  id:: {ONE}"),
    ],
)
def test_a_text_gives_the_ids_of_its_blocks_away(path: str, text: str) -> None:
    assert ids_and_aliases.blocks(parse(text, path, "a")).keys() <= {ONE}
    assert ids_and_aliases.ids_in(text.lower()) == (ONE,)


def test_who_only_refers_to_a_block_does_not_bear_its_id() -> None:
    assert ids_and_aliases.ids_in(f"- see (({ONE})) and {{{{embed (({ONE}))}}}}, id of [it]((({ONE})))") == ()


# Diagrams.


def program(tmp_path: Path, body: str) -> str:
    path = tmp_path / "draw"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_diagram_is_drawn_once(tmp_path: Path) -> None:
    draw = program(tmp_path, 'echo run >> "$(dirname "$0")/runs"; printf "<svg/>" > "$4"')
    mermaid = Mermaid(tmp_path / "cache", media_name, draw)
    first = mermaid.draw("graph TD; A-->B")
    assert first == mermaid.draw("graph TD; A-->B")
    assert isinstance(first, MediaFile)
    assert first.name == media_name("diagram.svg", b"<svg/>")
    assert (tmp_path / "runs").read_text() == "run\n"


@pytest.mark.parametrize(
    ("program_name", "message"),
    [
        (None, "install mmdc (npm install --global @mermaid-js/mermaid-cli) to show a picture"),
        ("echo bad arrow >&2; exit 1", "mmdc rejects it (bad arrow): fix the diagram"),
    ],
)
def test_a_diagram_that_cannot_be_drawn_is_shown_as_code(
    tmp_path: Path, program_name: str | None, message: str
) -> None:
    draw = program(tmp_path, program_name) if program_name else "no-such-program"
    links = FixedLinks(draw=Mermaid(tmp_path / "cache", media_name, draw).draw)
    face = render.question("```mermaid\nA-->B\n```", "a.md", (), links)
    assert face.html == "<pre><code>A--&gt;B</code></pre>"
    assert [one.message for one in face.problems] == [f"a diagram is shown as its source: {message}"]


# Templates, as Anki reads them.


@pytest.mark.parametrize(("forward", "reverse", "ordinals"), [("y", "", [0]), ("", "y", [1]), ("y", "y", [0, 1])])
def test_a_direction_that_is_not_asked_for_makes_no_card(
    judge: Judge, forward: str, reverse: str, ordinals: list[int]
) -> None:
    fields = {"Front": "Q", "Back": "A", "Forward": forward, "Reverse": reverse}
    assert [card.ordinal for card in judge.cards(note_types.BASIC.note_type, fields)] == ordinals


def test_a_typed_answer_is_asked_for_once_on_each_side(judge: Judge) -> None:
    fields = {"Front": "Q", "Back": "A", "Forward": "y", "Type": "y"}
    (card,) = judge.cards(note_types.BASIC.note_type, fields)
    assert card.question.count("[[type:Back]]") == 1
    assert card.answer.count("[[type:Back]]") == 1


def test_other_clozes_hide_on_the_front_alone(judge: Judge) -> None:
    cards = judge.cards(note_types.CLOZE.note_type, {"Text": "{{c1::a}} {{c2::b}}", "Hide Others": "y"})
    assert all("hide-others" in card.question and "hide-others" not in card.answer for card in cards)
