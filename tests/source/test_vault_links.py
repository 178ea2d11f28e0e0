"""Outside Logseq, links and embeds of sections and blocks are what they are in Obsidian."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.source import load
from ankigen.syntax.obsidian import without_anchors
from tests.helpers.building import NOON, write
from tests.helpers.growth import LINEAR, growth_of_text
from tests.helpers.pages import complaints, desired_of, fields_of, sides

OTHER = """\
Above. ^top

# Light
A paragraph
of two lines. ^para

Another one.

- a bullet ^bullet
	- below it
- the last

^list

## Lens #card
Bends.

### Inner
Deep.

## Prism
Parts. ^123abc

## Links
[[C]]^link

# Dark
| a | b |
|---|---|
| 1 | 2 |

^table

## Lens
Not light.
"""


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("[[Other#Light]]", "Other &gt; Light"),
        ("[[Other#Light#Lens]]", "Other &gt; Light &gt; Lens"),
        ("[[Other#^para]]", "Other &gt; ^para"),
        ("[[#Light]]", "Light"),
        ("[[Other#Light|an alias]]", "an alias"),
        ("[[C#]]", "C#"),
        ("[[C# notes]]", "C# notes"),
        ("[[Other]]", "Other"),
        ("[[a/Other#x <y>]]", "a/Other &gt; x &lt;y&gt;"),
    ],
)
def test_a_link_to_a_part_is_shown_as_obsidian_shows_it(link: str, shown: str) -> None:
    assert sides(f"- Q {link} #card\n\t- A\n", is_graph=False) == [f"Q {shown} = A"]


def test_in_logseq_such_a_name_is_the_name_of_a_page() -> None:
    assert sides("- Q [[Other#Light]] #card\n\t- A\n") == ["Q Other#Light = A"]


LAST = "<li>Another one.</li>"


@pytest.mark.parametrize(
    ("embed", "shown"),
    [
        ("![[Other#^para]]", "<ul><li>A paragraph<br>of two lines.</li></ul>"),
        ("![[Other#^PARA]]", "<ul><li>A paragraph<br>of two lines.</li></ul>"),
        ("![[Other#^top]]", "<ul><li>Above.</li></ul>"),
        ("![[Other#^bullet]]", "<ul><li>a bullet<ul><li>below it</li></ul></li></ul>"),
        ("![[Other#^list]]", "<ul><li>a bullet<ul><li>below it</li></ul></li><li>the last</li></ul>"),
        ("![[Other#^link]]", "<ul><li>C</li></ul>"),
        ("![[Other#^123abc]]", "<ul><li>Parts.</li></ul>"),
        ("![[Other#Prism]]", "<ul><li><h2>Prism</h2><p>Parts.</p></li></ul>"),
        ("![[other#prism]]", "<ul><li><h2>Prism</h2><p>Parts.</p></li></ul>"),
        ("![[Other.md#Prism|alias]]", "<ul><li><h2>Prism</h2><p>Parts.</p></li></ul>"),
        (
            "![[Other#Lens]]",
            "<ul><li><h2>Lens</h2><p>Bends.</p></li><li><h3>Inner</h3><p>Deep.</p></li></ul>",
        ),
        (
            "![[Other#Lens card]]",
            "<ul><li><h2>Lens</h2><p>Bends.</p></li><li><h3>Inner</h3><p>Deep.</p></li></ul>",
        ),
        ("![[Other#Dark#Lens]]", "<ul><li><h2>Lens</h2><p>Not light.</p></li></ul>"),
    ],
)
def test_an_embed_of_a_part_shows_it(embed: str, shown: str) -> None:
    assert f"Q = {shown}" in sides(f"- Q #card\n\t- {embed}\n", is_graph=False, others={"Other": OTHER})


def test_an_anchor_below_a_table_means_the_table() -> None:
    [side, *_] = [
        side
        for side in sides("- Q #card\n\t- ![[Other#^table]]\n", is_graph=False, others={"Other": OTHER})
        if side.startswith("Q =")
    ]
    assert side.startswith("Q = <ul><li><table>")
    assert "^" not in side


def test_a_part_of_the_own_page_is_embedded() -> None:
    text = "# Notes\nShort. ^so\n\n- Q #card\n\t- ![[#^so]] and ![[#Notes]]\n"
    [side] = sides("# Notes\nShort. ^so\n\n# Cards\n- Q #card\n\t- ![[#^so]] and ![[#Notes]]\n", is_graph=False)
    assert side == ("Q = <ul><li>Short.</li></ul> and <ul><li><h1>Notes</h1><p>Short.</p></li></ul>")
    assert complaints(text, is_graph=False) == ["5:18 dangling-reference"]


@pytest.mark.parametrize("embed", ["![[Other#None]]", "![[Other#^none]]", "![[#None]]", "![[Other#Light#None]]"])
def test_a_part_that_is_not_there_dangles(embed: str) -> None:
    [problem] = desired_of(f"- Q #card\n\t- a {embed}\n", is_graph=False, others={"Other": "text\n"}).problems
    assert problem.message == f"{embed}: there is no such block or page: remove it, or fix its target"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a ^id1", "a"),
        ("a ^a1b2c3  ", "a"),
        ("^id1", ""),
        ("- ^id1", "-"),
        ("a\n\n^id1\n\nb", "a\n\n\n\nb"),
        ("x ^2", "x ^2"),
        ("![[x.png]]^id1", "![[x.png]]"),
        ("a[i]^id1", "a[i]^id1"),
        ("x ^123456", "x"),
        ("x ^n", "x ^n"),
        ("x^id1", "x^id1"),
        ("a ^id1 b", "a ^id1 b"),
        ("`a ^id1`", "`a ^id1`"),
        ("```\na ^id1\n```\nb ^id1", "```\na ^id1\n```\nb"),
        ("$$\na\n ^id1\n$$\nb ^id1", "$$\na\n ^id1\n$$\nb"),
        ("$$a$$ ^id1", "$$a$$"),
    ],
)
def test_the_id_of_a_block_is_hidden(text: str, left: str) -> None:
    assert without_anchors(text) == left


@pytest.mark.parametrize("piece", ["a ^id1\n", "^", " ^", "^ ", "^aaaaaa ", "```\n^aaaaaa\n", "$$ ^id1\n"])
def test_ids_cost_no_more_than_the_length_of_the_page(piece: str) -> None:
    assert growth_of_text(piece.__mul__, without_anchors) < LINEAR


def test_ids_within_a_card_are_hidden_and_stay_in_logseq() -> None:
    text = "## Q #card\nfirst ^one\n\nsecond ^two2\n"
    assert sides(text, is_graph=False) == ["<h2>Q</h2> = <p>first</p><p>second</p>"]
    assert sides("- Q #card\n\t- first ^one\n") == ["Q = first ^one"]


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("sub/b", "in sub"),
        ("sub/b.md", "in sub"),
        ("x/t", "titled"),
        ("e/f", "far below"),
        ("f", "far below"),
        ("t", "titled"),
        ("A title", "titled"),
    ],
)
def test_a_link_may_name_the_file_of_a_page(tmp_path: Path, link: str, answer: str) -> None:
    folder = write(tmp_path, Page=f"- Q #card\n\t- ![[{link}]]\n", b="at the top\n")
    write(folder / "sub", b="in sub\n")
    write(folder / "d/e", f="far below\n")
    write(folder / "x", t="title:: A title\n\ntitled\n")
    [note] = load(folder, NOON).notes
    assert fields_of(note)["Back"] == f"<ul><li>{answer}</li></ul>"


def test_a_kept_note_is_made_again_when_the_part_changes(tmp_path: Path) -> None:
    folder = write(tmp_path, Page="- Q #card\n\t- ![[Other#^p]]\n- R #card\n\t- ![[Other#^p1]]\n", Other="old ^p1\n")
    assert [fields_of(note)["Back"] for note in load(folder, NOON).notes][1] == "<ul><li>old</li></ul>"
    write(folder, Other="new ^p1\n")
    assert [fields_of(note)["Back"] for note in load(folder, NOON).notes][1] == "<ul><li>new</li></ul>"


def test_two_sections_that_embed_each_other_end() -> None:
    other = "# A\n![[Other#B]]\n\n# B\n![[Other#A]]\n"
    desired = desired_of("- Q #card\n\t- ![[Other#A]]\n", is_graph=False, others={"Other": other})
    assert [problem.rule for problem in desired.problems] == ["dangling-reference"]
