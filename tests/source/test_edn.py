"""EDN, as Logseq's settings are written: what a text means, where it is broken, and that no text is too much.

What is read was compared with edn_format 0.8.0, on these texts and on 200,000 made at random; where the two differ,
Clojure's own reader decides.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.source.config_edn import read_settings
from ankigen.source.edn import BrokenEdn, Keyword, read
from tests.helpers.growth import LINEAR, get_through, growth_of_text

A = Keyword("a")
B = Keyword("b")

LONG = "9" * 5000
READ: dict[str, tuple[str, Any]] = {
    "nothing": ("", None),
    "a comment": ("; c", None),
    "nil": ("nil", None),
    "an empty map": ("{}", {}),
    "a map": ('{:a 1, :b "x"}', {A: 1, B: "x"}),
    "commas and comments": ("{:a,1,;c }\n,:b,;\n2}", {A: 1, B: 2}),
    "the last of equal keys": ("{:a 1 :a 2}", {A: 2}),
    "namespaced keywords": ("{:file/name-format :triple-lowbar}", {Keyword("file/name-format"): "triple-lowbar"}),
    "keywords of odd letters": ("{:é 1 :a.b/c?!*+ 2}", {Keyword("é"): 1, Keyword("a.b/c?!*+"): 2}),
    "keywords that begin with a digit": ("{:1 2}", {Keyword("1"): 2}),
    "keys that are no keywords": ('{"a" 1 b 2 3 4}', {"a": 1, "b": 2, 3: 4}),
    "no collections as keys": ("{[1] 2 {:a 1} 3 #{} 4 :b 5}", {B: 5}),
    "symbols": ("{:a foo/bar :b /}", {A: "foo/bar", B: "/"}),
    "words": ("{:a nil :b [true false]}", {A: None, B: (True, False)}),
    "numbers": ("[1 -2 +3 1.5 1e3 1.5M 01]", (1, -2, 3, 1.5, 1000.0, 1.5, 1)),
    "numbers that no setting needs": (f"[1N 1/2 0x1f 2r101 {LONG}]", ("1N", "1/2", "0x1f", "2r101", LONG)),
    "special numbers": ("[##Inf ##-Inf]", (float("inf"), float("-inf"))),
    "lists, vectors, sets": ("{:a (1 2) :b [1 #{:c}]}", {A: (1, 2), B: (1, ("c",))}),
    "nested maps": ("{:a {:b [:c {:d 1}]}}", {A: {B: ("c", {Keyword("d"): 1})}}),
    "texts of several lines": ('{:a "l1\nl2"}', {A: "l1\nl2"}),
    "escapes": (r'{:a "x\n\t\r\b\f\"\\\u0041\101"}', {A: 'x\n\t\r\b\f"\\AA'}),
    "escapes that are none": (r'{:a "x\q\/"}', {A: r"x\q\/"}),
    "what looks like a comment in a text": ('{:a ";#_}" :b 1}', {A: ";#_}", B: 1}),
    "an emoji of two escapes": (r'{:a "\uD83D\uDE00"}', {A: "😀"}),
    "half an emoji": (r'{:a "\ud83d" :b \uDE00}', {A: "\ufffd", B: "\ufffd"}),
    "a regular expression": (r'{:a #"re\d+\"" :b 1}', {A: r"re\d+\"", B: 1}),
    "characters": (r"[\a \u0041 \{ \" \é \\ \o101]", ("a", "A", "{", '"', "é", "\\", "A")),
    "characters with names": (r"[\newline \space \tab \formfeed]", ("\n", " ", "\t", "\f")),
    "what is left out": ("{:a #_1 2}", {A: 2}),
    "two that are left out": ("{:a #_ #_ 1 2 3}", {A: 3}),
    "a collection that is left out": ("#_ {:a [1 {}]} {:b 2}", {B: 2}),
    "a key that is left out": ("{#_#_:a 1 :b 2}", {B: 2}),
    "all that is left out": ("#_{}", None),
    "tags": ('{:a #inst "2020-01-01" :b #x/y [1]}', {A: "2020-01-01", B: (1,)}),
    "a tag around what is left out": ("{:a #x #_1 2 :b #_ #x 1 2}", {A: 2, B: 2}),
    "a map of one namespace": ("#:b{:a :x, :c/d 1}", {Keyword("b/a"): "x", Keyword("c/d"): 1}),
    "metadata": ("{:a ^{:b 1} c}", {A: "c"}),
    "the first of several values": ("{:a 1} {:b 2}", {A: 1}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ.values(), ids=READ)
def test_a_text_means_what_it_says(text: str, value: Any) -> None:
    assert read(text) == value


BROKEN = {
    "{:a 1": (1, "`{` is never closed"),
    "{:a\n[1\n(2)": (2, "`[` is never closed"),
    "\n{:a}": (2, "the map that begins here has a key without a value"),
    "{:a 1\n]": (2, "`]` closes nothing that is open, but `{` of line 1"),
    "{:a 1}\n}": (2, "`}` closes nothing"),
    '{:a\n "x}': (2, "a text is never closed"),
    '{:a\n #"x}': (2, "a text is never closed"),
    "{:a #_}": (1, "`#_` stands before nothing"),
    "{:a 1}\n#_": (2, "`#_` stands before nothing"),
    "{:a #x}": (1, "`#x` stands before nothing"),
    "{:a 1a}": (1, "`1a` is no number"),
    "{:a :}": (1, "`:` is no keyword"),
    "{:a 'x}": (1, "`'` means nothing here"),
    "{:a #(x)}": (1, "`#` means nothing here"),
    "{:a \x00}": (1, "`\x00` means nothing here"),
    "{:a\n\\": (2, "`\\` means nothing here"),
    "[" * 101 + "]" * 101: (1, "more than 100 collections lie in one another"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.items(), ids=range(len(BROKEN)))
def test_a_broken_text_is_told_with_its_line(text: str, told: tuple[int, str]) -> None:
    with pytest.raises(BrokenEdn) as broken:
        read(text)
    assert (broken.value.line, str(broken.value)) == told
    _, [problem] = read_settings(text, "logseq/config.edn")
    assert (problem.rule, problem.position.line) == ("broken-graph-config", told[0])


def test_a_hundred_collections_may_lie_in_one_another() -> None:
    value = read("[" * 100 + "1" + "]" * 100)
    for _ in range(100):
        [value] = value
    assert value == 1


pieces = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "#{",
        "#_",
        "#",
        ":a",
        '"',
        "\\",
        "x",
        "1",
        ";",
        ",",
        "^",
        "#t",
        "\\u12",
        "nil",
        "'",
        "é",
        "\n",
    ]
)


@given(st.lists(pieces, max_size=40).map("".join) | st.text())
def test_every_text_is_a_value_or_a_problem(text: str) -> None:
    settings, problems = read_settings(text, "logseq/config.edn")
    assert len(problems) <= 1
    assert str(settings).isprintable()
    assert all(1 <= problem.position.line <= text.count("\n") + 1 for problem in problems)


def test_macros_may_be_named_by_texts_keywords_and_symbols() -> None:
    settings, problems = read_settings('{:macros {"a" "1" :b "2" c "3" 4 "5" "n" 6 [1] "x"}}', "")
    assert (settings.macros, problems) == ({"a": "1", "b": "2", "c": "3", "4": "5"}, [])


PIECES = (
    *("[", "(]", "{:a ", "#_ ", "#x ", "^ ", '"a" ', "1", "1 ", "a", ":a ", "; c\n", r"\u0041 ", "[] ", "#{1} ", " ,"),
    *("\\", '"', '\\"', "#", "\n", "#:a{}"),
)
FRAMES = ("{}", '"{}', '"{}"', "[{}]", "{{:a #_{}")


def settings_of(text: str) -> None:
    read_settings(text, "logseq/config.edn")


@pytest.mark.thorough
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("piece", PIECES)
def test_a_text_costs_in_proportion_to_its_length(frame: str, piece: str) -> None:
    def shape(size: int) -> str:
        return frame.format(piece * size)

    assert growth_of_text(shape, settings_of) < LINEAR
    get_through(shape, settings_of)
