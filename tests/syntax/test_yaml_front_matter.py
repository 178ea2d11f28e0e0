"""Outside Logseq front matter is YAML: what is written is kept as text, what is none is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ankigen import api
from ankigen.source import ids_and_aliases, load
from ankigen.syntax import outline
from ankigen.syntax.block_tree import lines_of
from ankigen.syntax.yaml_front_matter import FrontMatter, read
from tests.helpers.building import NOON, write
from tests.helpers.growth import LINEAR, growth_of_text
from tests.helpers.pages import desired_of


def front(inner: str) -> FrontMatter:
    return read(lines_of(f"---\n{inner}\n---\nrest"))


def values(inner: str) -> dict[str, str]:
    assert not front(inner).fault
    return {prop.key: prop.value for prop in front(inner).properties}


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("deck: Physics", {"deck": "Physics"}),
        ("deck: 'It''s'", {"deck": "It's"}),
        ('deck: "a: b # c"', {"deck": "a: b # c"}),
        ('deck: "a\\u00e9\\"b"', {"deck": 'aé"b'}),
        ("deck: a # why", {"deck": "a"}),
        ("date: 2020-01-02\nok: true\nno: No\nn: 010\nx: 1.50\nnull: ~", {
            "date": "2020-01-02", "ok": "true", "no": "No", "n": "010", "x": "1.50", "null": "~"}),
        ("tags: [a, 'b', \"c d\"]", {"tags": "a, b, c d"}),
        ("tags:\n  - a\n  - b", {"tags": "a, b"}),
        ("tags:\n- a\n- 'b'", {"tags": "a, b"}),
        ("tags: [\n  a,\n  b\n]", {"tags": "a, b"}),
        ("tags: a, b", {"tags": "a, b"}),
        ("tags: #a #b", {"tags": "#a #b"}),
        ("up: [[Home]]", {"up": "[[Home]]"}),
        ("up: [[a]], [[b]]\nx: |\n  y", {"up": "[[a]], [[b]]", "x": "y"}),
        ('up: "[[Home]]"', {"up": "[[Home]]"}),
        ("aliases: [a, 'b, c']", {"aliases": "a, [[b, c]]"}),
        ("text: |\n  a\n  b", {"text": "a b"}),
        ("text: >-\n  a\n  b", {"text": "a b"}),
        ("text: a\n  b", {"text": "a b"}),
        ("cssclass:\ndeck: x", {"cssclass": "", "deck": "x"}),
        ("a: {b: c}\nd: e", {"a": "", "d": "e"}),
        ("a:\n  b: c\nd: e", {"a": "", "d": "e"}),
        ("a: &x [1, 2]\nb: *x", {"a": "1, 2", "b": "1, 2"}),
        ("a: &x y\nb: [*x, *x]", {"a": "y", "b": "y, y"}),
        ("a: !!python/object/apply:os.system [x]", {"a": "x"}),
        ("a: !!set {x}", {"a": ""}),
        ("My Key: 1", {"my-key": "1"}),
        ('"quoted key": 1', {"quoted-key": "1"}),
        ("{a: b, c: d}", {"a": "b", "c": "d"}),
        ("? [a]\n: b\nc: d", {"c": "d"}),
        ("# comment\n\nc: d", {"c": "d"}),
        ("url: https://example.org/a?b=c#d", {"url": "https://example.org/a?b=c#d"}),
        ("time: 10:30", {"time": "10:30"}),
    ],
)  # fmt: skip
def test_values_are_what_was_written(inner: str, expected: dict[str, str]) -> None:
    assert values(inner) == expected


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        ("deck: [a: b", 2),
        ("a: b\ndeck: [a: b", 3),
        ("a: b\ntitle: x: y", 3),
        ("a: b\nc: 'd\ne: f", 3),
        ("a: b\nc: *d", 3),
        ("a: b\nc: *emphasis* here", 3),
        ("a: b\n\tc: d", 3),
        ("a: @b", 2),
        ("a: 1\n- x", 3),
        ("a: b\n  c: d", 3),
        ('a: "x\x07"', 2),
        ("a: " + "[" * 100_000, 2),
        ("a: " + "x" * 100_000 + "'", 2),
        ("a: &a [" + ",".join("x" * 50) + "]\n" + "\n".join(
            f"{'abcdefghij'[n + 1]}: &{'abcdefghij'[n + 1]} [" + ",".join([f"*{'abcdefghij'[n]}"] * 9) + "]"
            for n in range(8)), 6),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_told_with_its_line(inner: str, line: int) -> None:
    told = front(inner)
    assert (bool(told.fault), told.line, told.properties) == (True, line, ())


@pytest.mark.parametrize(
    "text",
    ["---\n- a #card\n---\nx", "---\nJust words.\n---\nx", "---\na: 1\nb", "--- \na: 1\n---", "x\n---\na: 1\n---", ""],
)
def test_notes_between_two_rules_are_notes(text: str) -> None:
    assert read(lines_of(text)) == FrontMatter()


def test_empty_front_matter_is_none_of_the_text() -> None:
    assert read(["---", "---", "b"]).lines == 2
    assert read(["---", "# only a comment", "---", "b"]).lines == 3


PIECES = st.sampled_from(
    [*"ab:-#[]{}&*!|>'\"%@`,? \n\t~.1", ": ", "- ", "\n  ", "[[", "]]", "\n- ", "key: ", "\nkey: ", " #", "true", "é"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_or_told_and_no_line_is_told_that_is_not_there(inner: str) -> None:
    told = front(inner)
    assert not told.fault or 2 <= told.line <= inner.count("\n") + 2


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_read_without_a_reader_of_yaml_is_what_one_reads(inner: str) -> None:
    """The line of a list, a plain value or an item: PyYAML builds the oracle's values, as texts."""
    found = front(f"key: {inner}")
    try:
        oracle = yaml.load(f"key: {inner}", Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts
    except yaml.YAMLError:
        return
    value = oracle.get("key") if isinstance(oracle, dict) else None
    is_own = any(sign in inner for sign in ("[[", "#", "\n---", "\nkey"))
    if not found.fault and found.properties and isinstance(value, str) and not is_own:
        assert next(prop.value for prop in found.properties if prop.key == "key") == " ".join(value.split("\n")).strip()


@pytest.mark.parametrize("piece", ["a: b\n", "a: [", "a: '", "- ", "? ", "a:\n", "a: &a x\n", "a: {b: ", "a b ", "a, "])
def test_front_matter_costs_no_more_than_its_length(piece: str) -> None:
    assert growth_of_text(lambda n: f"---\n{piece * n}\n---\n", _read) < LINEAR


def _read(text: str) -> FrontMatter:
    return read(lines_of(text))


def test_an_alias_with_a_comma_is_one_name() -> None:
    page = outline.parse("---\naliases: [a, 'b, c']\n---\n", "p.md", "p", reads_yaml=True)
    assert list(ids_and_aliases.aliases(page)) == ["a", "b, c"]


def test_in_logseq_front_matter_is_read_as_ever() -> None:
    text = "---\ndeck: [a: b\n---\n\n- Q #card\n\t- A\n"
    assert desired_of(text).problems == ()
    [problem] = desired_of(text, is_graph=False).problems
    assert (str(problem.position), problem.rule) == ("Page.md:2:1", "broken-front-matter")


def test_the_notes_of_a_page_with_broken_front_matter_stay_as_they_were(tmp_path: Path) -> None:
    folder = write(tmp_path / "notes", a="---\ndeck: X\n---\n- Q #card\n\t- A\n", b="- R #card\n\t- B\n")
    first = load(folder, NOON)
    api.build(first, tmp_path / "x.apkg")
    write(folder, a="---\ndeck: [X\n---\n- Q #card\n\t- A\n")
    second = load(folder, NOON + 60_000)
    assert [note.position.path for note in second.notes] == ["b.md"]
    assert second.lock.identities == first.lock.identities
    assert len(second.folder.held) == 1


def test_a_page_without_cards_may_begin_as_it_likes() -> None:
    assert desired_of("---\na: [b\n---\ntext\n", is_graph=False).problems == ()
