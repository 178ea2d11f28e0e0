"""What Obsidian shows, and hides, in folders that are no graph of Logseq."""

from pathlib import Path

import pytest

from ankigen.source import load
from ankigen.syntax.obsidian import without_comments
from tests.helpers.building import NOON, write
from tests.helpers.growth import LINEAR, growth_of_text
from tests.helpers.pages import complaints, desired_of, sides


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a %%b%% c", "a c"),
        ("a%%b%%c", "ac"),
        ("a %%b%%", "a"),
        ("%%b%% c", "c"),
        ("a %%b%%, c %%d%%.", "a , c ."),
        ("a\n%%\nb\n\n- c #card\n%%\nd", "a\n\n\n\n\n\nd"),
        ("- a\n\t- %%b%%\n\t- c", "- a\n\t-\n\t- c"),
        ("- %%b\n  c%%\n- d", "- \n\n- d"),
        ("`%%b%%` %%c%%", "`%%b%%`"),
        ("``%%` b`` %%c%% d", "``%%` b`` d"),
        ("```\n%%b%%\n```\n%%c%%", "```\n%%b%%\n```\n"),
        ("- ```\n  %%b%%\n  ```\n- %%c%%d", "- ```\n  %%b%%\n  ```\n- d"),
        ("$$a %%b%%$$", "$$a %%b%%$$"),
        ("a %%b", "a %%b"),
        ("100%% of\n50%% is", "100%% of\n50%% is"),
        ("a %%%% b", "a b"),
        ("%%a%%b %%c%% d", "b d"),
        ("a % b % c", "a % b % c"),
    ],
)
def test_a_comment_is_left_out_and_lines_stay_where_they_are(text: str, left: str) -> None:
    assert without_comments(text) == left
    assert left.count("\n") == text.count("\n")


@pytest.mark.parametrize("piece", ["%%a\n", "%%a ", "```\n%%", "`%%", "a %%x%% ", "%% `", "~~~\n```\n%%"])
def test_comments_cost_no_more_than_the_length_of_the_page(piece: str) -> None:
    assert growth_of_text(piece.__mul__, without_comments) < LINEAR


def test_a_comment_is_hidden_outside_logseq_alone() -> None:
    text = "- Q %%aside%% here #card\n\t- a %%b%%\n"
    assert sides(text, is_graph=False) == ["Q here = a"]
    assert sides(text) == ["Q %%aside%% here = a %%b%%"]


def test_problems_point_into_the_file_as_it_is_written() -> None:
    text = "- Q %%aside%% here #card\n\t- %%b%% x ![](y.png)\n"
    assert complaints(text, is_graph=False) == ["2:12 missing-media"]


def test_a_card_in_a_comment_is_no_card() -> None:
    assert sides("%%\n- Q #card\n\t- A\n%%\n- R #card\n\t- B\n", is_graph=False) == ["R = B"]


OTHERS = {"Other": "Text above.\n\n- a #card #x\n\t- b\n", "Short": "just a line\n"}


@pytest.mark.parametrize(
    ("embed", "shown"),
    [
        ("![[Other]]", "<ul><li>Text above.</li><li>a<ul><li>b</li></ul></li></ul>"),
        ("![[other|an alias]]", "<ul><li>Text above.</li><li>a<ul><li>b</li></ul></li></ul>"),
        ("![[Other.md]]", "<ul><li>Text above.</li><li>a<ul><li>b</li></ul></li></ul>"),
        ("see ![[Short]]", "see <ul><li>just a line</li></ul>"),
    ],
)
def test_a_page_is_embedded_outside_logseq(embed: str, shown: str) -> None:
    card = f"- Q #card\n\t- {embed}\n"
    assert f"Q = {shown}" in sides(card, is_graph=False, others=OTHERS)
    assert not any("<ul>" in side for side in sides(card, others=OTHERS) if side.startswith("Q = "))


def test_a_page_that_is_not_there_dangles_as_any_reference() -> None:
    [problem] = desired_of("- Q #card\n\t- a ![[None]]\n", is_graph=False).problems
    assert problem.message == "![[None]]: there is no such block or page: remove it, or fix its target"
    assert complaints("- Q #card\n\t- a ![[None]]\n", is_graph=False) == ["2:6 dangling-reference"]


def test_a_page_that_embeds_itself_ends(tmp_path: Path) -> None:
    folder = write(tmp_path, A="- Q #card\n\t- ![[B]]\n", B="- b ![[B]]\n")
    [problem] = load(folder, NOON).problems
    assert problem.rule == "dangling-reference"
