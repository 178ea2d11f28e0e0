"""No note takes more than linear time and memory beyond a stated bound, and none stops the run.

The shapes are whole folders, made of one hostile piece again and again. What Python does is counted, call by call, and
line by line where there is time; so is the memory that Python hands out. What one call of a regular expression or of
another parser takes is not seen: for these, tests ask for the bound itself.
"""

from __future__ import annotations

import math
import os
import re
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import cards, note_types, render
from ankigen.data import CardBlock, Desired, Page, Severity
from ankigen.errors import BrokenConfig
from ankigen.render import code
from ankigen.source import load, pages
from ankigen.syntax import bounded_patterns, bounds
from tests.helpers.building import NOON, build
from tests.helpers.growth import calls, steps

pytestmark = pytest.mark.thorough

Folder = Mapping[str, str]
Shape = Callable[[int], Folder]

SMALL, LARGE = 10_000, 20_000
HAS_TIME = "ANKIGEN_LONGER" in os.environ
MOST_GROWTH = 2.6
"""How much twice the size may multiply work by: it is linear, and some of it is there for any notes."""


def page(text: Callable[[int], str]) -> Shape:
    """A page of so many characters, made of ever more pieces."""

    def folder(size: int) -> Folder:
        few, many = 1, 2
        while len(text(many)) < size:
            few, many = many, 2 * many
        while many - few > 1:
            middle = (few + many) // 2
            few, many = (middle, many) if len(text(middle)) < size else (few, middle)
        return {"a.md": text(few)}

    return folder


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def graph(**pages: str) -> Folder:
    return {"logseq/config.edn": "{}", **{f"pages/{name}.md": text for name, text in pages.items()}}


def twice_to_the_next(size: int) -> Folder:
    count = size // 100
    lines = [f"- q (({uuid(n + 1)})) (({uuid(n + 1)}))\n  id:: {uuid(n)}\n" for n in range(1, count)]
    return {"a.md": f"- q (({uuid(1)})) #card\n\t- a\n{''.join(lines)}- end\n  id:: {uuid(count)}\n"}


def chain_of_questions(size: int) -> Folder:
    count = size // 70
    cards = [f"- q (({uuid(n + 1)})) #card\n  id:: {uuid(n)}\n\t- a\n" for n in range(count)]
    return {"a.md": "".join(cards) + f"- end\n  id:: {uuid(count)}\n"}


def chain_of_empty_links(size: int) -> Folder:
    count = size // 70
    cards = [f"- q [](({uuid(n + 1)})) *x* ~~y~~ \\z #card\n  id:: {uuid(n)}\n\t- a\n" for n in range(count)]
    return {"a.md": "".join(cards) + f"- end\n  id:: {uuid(count)}\n"}


def fans(size: int) -> Folder:
    fan = size // 120
    pages = {f"p{depth}": f"- {{{{embed [[p{depth + 1}]]}}}}\n" * fan for depth in range(6)}
    return graph(a="- q #card\n\t- {{embed [[p0]]}}\n", **pages, p6="- end\n")


def one_page_on_many_cards(size: int) -> Folder:
    return graph(a="- q #card\n\t- {{embed [[b]]}}\n" * (size // 64), b="- a line\n" * (size // 20))


def chain_of_embeds(size: int) -> Folder:
    count = size // 40
    pages = {f"p{n}": f"- {{{{embed [[p{n + 1}]]}}}}\n" for n in range(count)}
    folder = graph(a="- q #card\n\t- {{embed [[p0]]}}\n", **pages, **{f"p{count}": "- end\n"})
    return {**folder, "ankigen.toml": "embed_depth = 1000000\n"}


def macros(size: int) -> Folder:
    calls = size // 80
    written = " ".join(f'"m{n}" "{f"{{{{m{n + 1} $1}}}} " * calls}"' for n in range(5))
    return {"logseq/config.edn": f'{{:macros {{{written} "m5" "$1$1"}}}}', "pages/a.md": "- q #card\n\t- {{m0 x}}\n"}


def arguments(size: int) -> Folder:
    written = f'{{:macros {{"m" "{"$1" * (size // 4)}"}}}}'
    return {"logseq/config.edn": written, "pages/a.md": f"- q #card\n\t- {{{{m {'x' * (size // 2)}}}}}\n"}


def namespaces(size: int) -> Folder:
    count = int((2 * size) ** 0.5)
    pages = (f"title:: {'/'.join('a' * n)}\ntags:: t{n}\n\n- q{n} #card\n\t- a\n" for n in range(1, count))
    return graph(**{f"p{n}": text for n, text in enumerate(pages)})


def deep(line: str) -> Callable[[int], str]:
    return lambda n: "".join("\t" * level + line for level in range(n))


SHAPES: dict[str, Shape] = {
    "a table of one long row and many short ones": page(
        lambda n: "- q #card\n\t- " + "|a" * n + "|\n" + "\t  |a|\n" * n
    ),
    "references, each twice to the next": twice_to_the_next,
    "questions, each with the next": chain_of_questions,
    "questions, each with the next in an empty link": chain_of_empty_links,
    "embeds of embeds": fans,
    "a page on many cards": one_page_on_many_cards,
    "a chain of embeds": chain_of_embeds,
    "macros of macros": macros,
    "a macro of many long arguments": arguments,
    "marks of clozes": page(lambda n: "- q {{cloze a}} " + "\ufdd3" * n + " #card\n\t- " + "\ufdd3" * n + "\n"),
    "clozes in clozes": page(lambda n: "- q " + "{{cloze a " * n + "}}" * n + " #card\n"),
    "stars in stars": page(lambda n: "- q #card\n\t- " + "*a " * n + "b* " * n + "\n"),
    "lowbars in lowbars": page(lambda n: "- q #card\n\t- " + "_a " * n + "b_ " * n + "\n"),
    "double stars in double stars": page(lambda n: "- q #card\n\t- " + "**a " * n + "b** " * n + "\n"),
    "tags": page(lambda n: "- q " + " ".join(f"#t{m}" for m in range(n)) + " #card\n\t- a\n"),
    "tags in brackets": page(lambda n: "- q " + "(" * n + "#card" + ")" * n + " #t" * n + "\n\t- a\n"),
    "tags of a page on many cards": page(
        lambda n: "tags:: " + ", ".join(f"t{m}" for m in range(n)) + "\n\n" + "- q #card\n\t- a\n" * n
    ),
    "a tag of many levels": page(lambda n: "- q #a" + "/a" * n + " #card\n\t- a\n"),
    "an extra on many cards": page(lambda n: "extra:: " + "*a* " * n + "\n\n" + "- q #card\n\t- a\n" * n),
    "a long line above many cards": page(lambda n: "- " + "a *b* " * n + "\n" + "\t- q #card\n\t\t- a\n" * n),
    "blanks as code": page(lambda n: "- q #card\n\t- ```autoit\n\t  " + " " * n + "\n\t  ```\n"),
    "lines of a letter as code": page(lambda n: "- q #card\n\t- ```csharp\n\t  " + "a\n\t  " * n + "```\n"),
    "pages below pages": namespaces,
    "cards in cards": page(lambda n: deep("- q #card\n")(n) + "\t" * n + "- a\n"),
    "blocks in blocks": page(lambda n: "- q #card\n" + deep("- a\n")(n)[5:]),
    "elements in elements": page(lambda n: "- q #card\n\t- a " + "<div>\n\t  " * n + "\n"),
    "elements that open again": page(
        lambda n: "- q #card\n\t- a " + "".join(f"<b title={m}><p>" for m in range(n)) + "\n"
    ),
    "open fences in a cloze": page(lambda n: "- q {{cloze " + "\n  ```" * n + "a #card\n\t- a\n"),
    "fences of two lengths in a cloze": page(lambda n: "- q {{cloze a" + "\n  ````\n  ```" * n + " #card\n\t- a\n"),
    "half an entity": page(lambda n: "- q #card\n\t- " + "&#" * n + "\n"),
    "a pattern with many hits": page(lambda n: "- q " + "a" * n + ' #card\n  replacecloze:: " /./ "\n'),
    "many patterns": page(lambda n: "- q " + "a" * n + ' #card\n  replacecloze:: " ' + ", ".join(["/a/"] * n) + ' "\n'),
    "a pattern within a pattern": page(lambda n: "- q " + "a" * n + ' #card\n  replacecloze:: " /(a+)+$/ "\n\t- b\n'),
    "a pattern that fails late": page(lambda n: "- q " + "a" * n + ' #card\n  replacecloze:: " /a+b/ "\n\t- b\n'),
    "a pattern that looks around": page(
        lambda n: "- q " + "a" * n + ' #card\n  replacecloze:: " /(?<=a)(a+)+b/ "\n\t- b\n'
    ),
    "quotes in quotes": page(lambda n: "- q #card\n\t- " + ">" * n + " a\n"),
    "lists in lists": page(lambda n: "- q #card\n\t- a\n" + "".join("\t  " + "  " * m + "* a\n" for m in range(n))),
    "hiccup in hiccup": page(lambda n: "- q #card\n\t- " + "[:div " * n + "a" + "]" * n + "\n"),
    "links in links": page(lambda n: "- q #card\n\t- " + "[" * n + "a" + "](b)" * n + "\n"),
    "named blocks in named blocks": page(
        lambda n: (
            "- q #card\n\t- "
            + "".join(f"#+BEGIN_A{m}\n\t  " for m in range(n))
            + "x\n"
            + "".join(f"\t  #+END_A{m}\n" for m in reversed(range(n)))
        )
    ),
    "clozes": page(lambda n: "- q " + "{{cloze a}} " * n + " #card\n"),
    "choices": page(lambda n: "- q #card #choice\n" + "".join(f"\t- [x] a{m}\n" for m in range(n))),
    "choices in the text of a question": page(
        lambda n: "- q #card #choice\n  * [x] a\n" + "  * [ ] `a` $b$\n" * n + "\t- c\n"
    ),
    "boxes in boxes of a choice": page(lambda n: "- q #card #choice\n\t- [x] b\n" + deep("- [ ] a\n")(n)[8:]),
    "a text that is read aloud": page(
        lambda n: (
            "speak:: ja_JP\nfurigana:: true\n\n- q #card\n  speak-answer:: ja_JP\n\t- "
            + "漢[かな] [ <b>a</b> " * n
            + "\n"
        )
    ),
    "half of what is not read aloud": page(
        lambda n: "- q #card\n  speak-answer:: en_GB\n\t- " + "\\( \\[ [sound: {{c1:: [anki:tts " * n + "\n"
    ),
    "hidden texts that are read aloud": page(
        lambda n: "speak:: en_GB\n\n- q " + "{{c1::a {{c2::b::c}}}} " * n + " #card\n"
    ),
}


def write_folder(root: Path, folder: Folder) -> Path:
    for name, text in folder.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[Folder], Desired]:
    """Loads a folder of notes, each in a place of its own."""
    places = (tmp_path / str(number) for number in range(100))
    return lambda folder: load(write_folder(next(places), folder), NOON)


@pytest.fixture
def _fewer_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the steps that a pattern is given, unless there is time: to count each of them takes long."""
    if not HAS_TIME:
        monkeypatch.setattr(bounded_patterns, "_STEPS_PER_CHARACTER", 50)


def sizes(shape: str) -> tuple[int, int]:
    """In characters."""
    return (SMALL, LARGE) if HAS_TIME or shape != "many patterns" else (SMALL // 4, LARGE // 4)


def memory(work: Callable[[], object]) -> int:
    """The most bytes that Python holds at once, while it works."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


QUICK = (
    "a table of one long row and many short ones", "references, each twice to the next", "macros of macros",
    "clozes in clozes", "tags", "an extra on many cards", "pages below pages", "a pattern within a pattern",
)  # fmt: skip
"""Of these a few bytes may ask for many, and it shows soon if they do."""


THOROUGH = [shape if shape in QUICK else pytest.param(shape, marks=pytest.mark.thorough, id=shape) for shape in SHAPES]


@pytest.mark.usefixtures("_fewer_steps")
@pytest.mark.parametrize("shape", THOROUGH)
def test_twice_the_notes_take_no_more_than_twice_the_steps_and_memory(
    shape: str, loaded: Callable[[Folder], Desired], tmp_path: Path
) -> None:
    loaded(SHAPES[shape](SMALL // 8))  # what is imported and compiled at first is no part of them
    small, large = (write_folder(tmp_path / str(size), SHAPES[shape](size)) for size in sizes(shape))
    count = steps if HAS_TIME else calls
    assert count(lambda: load(large, NOON)) < MOST_GROWTH * count(lambda: load(small, NOON))


@pytest.mark.thorough
@pytest.mark.usefixtures("_fewer_steps")
@pytest.mark.parametrize("shape", SHAPES)
def test_no_notes_take_much_more_memory_than_their_bounds(shape: str, tmp_path: Path) -> None:
    notes = write_folder(tmp_path, SHAPES[shape](sizes(shape)[1]))
    assert memory(lambda: load(notes, NOON)) < 25_000_000


GOOD = "\n- Good? #card\n\t- yes\n"


def told(desired: Desired) -> list[tuple[int, str]]:
    """Line and rule of each problem, the card that follows the bad one left out."""
    return [(problem.position.line, problem.rule) for problem in desired.problems]


def fields(desired: Desired) -> str:
    return "".join(text for note in desired.notes for text in note.content.texts)


NESTED = {
    "clozes": ("- q " + "{{cloze a " * 250 + "b" + "}}" * 250 + " #card\n", [(1, "too-deep"), (1, "broken-cloze")], 1),
    "bullets": ("- q #card\n" + deep("- a\n")(500).replace("- a\n", "\t- a\n"), [(51, "too-deep")], 1),
    "headlines in Markdown": ("- q #card\n\t- " + "> " * 1000 + "a\n", [], 1),
    "named blocks": (
        "- q #card\n\t- "
        + "".join(f"#+BEGIN_A{n}\n\t  " for n in range(220))
        + "x\n"
        + "".join(f"\t  #+END_A{n}\n" for n in reversed(range(220))),
        [(12, "too-deep")],
        1,
    ),
    "quotes": ("- q #card\n\t- " + ">" * 1000 + " a\n", [], 1),
    "lists": ("- q #card\n\t- a\n" + "".join("\t  " + "  " * n + "* a\n" for n in range(300)), [], 1),
    "hiccup": ("- q #card\n\t- " + "[:b " * 3000 + "a" + "]" * 3000 + "\n", [], 1),
    "links": ("- q #card\n\t- " + "[" * 3000 + "a" + "](b)" * 3000 + "\n", [], 1),
    "pages in pages": ("- q #card\n\t- " + "[[" * 3000 + "a" + "]]" * 3000 + "\n", [], 1),
    "elements": ("- q #card\n\t- a " + "<div>" * 3000 + "</div>" * 3000 + "\n", [], 1),
    "elements that never close": ("- q #card\n\t- a " + "<div>" * 30000 + "\n", [], 1),
    "emphasis": ("- q #card\n\t- " + "*a _b **c " * 3000 + "c** b_ a*" * 3000 + "\n", [], 1),
    "brackets of a formula": ("- q #card\n\t- $" + "{" * 3000 + "a" + "}" * 3000 + "$\n", [], 1),
    "callouts": ("- q #card\n\t- " + "\n\t  ".join(">" * n + " [!NOTE]" for n in range(1, 300)) + "\n", [], 1),
    "a namespace": (f"title:: {'/'.join('a' * 1000)}\n\n- q #card\n\t- a\n", [], 1),
    "a tag": ("- q #card #a" + "/a" * 3000 + "\n\t- a\n", None, 1),
    "a deck": ("deck:: a" + "::a" * 3000 + "\n\n- q #card\n\t- a\n", [], 1),
}


@pytest.mark.parametrize("what", NESTED)
def test_no_depth_stops_the_run_and_the_next_card_is_made(what: str, loaded: Callable[[Folder], Desired]) -> None:
    text, problems, notes = NESTED[what]
    desired = loaded({"a.md": text + GOOD})
    assert len(desired.notes) == notes + 1
    assert problems is None or told(desired) == problems


def test_cards_that_lie_too_deep_are_told_and_the_others_are_made(loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded({"a.md": deep("- q #card\n  ankigen-ignore:: no-answer\n")(300) + GOOD})
    assert len(desired.notes) == bounds.DEEPEST_BLOCK
    assert (2 * bounds.DEEPEST_BLOCK + 1, "too-deep") in told(desired)


def test_a_block_that_lies_too_deep_is_shown_among_those_above_it(loaded: Callable[[Folder], Desired]) -> None:
    lines = "".join("\t" * (n + 1) + f"- line{n}\n" for n in range(100))
    desired = loaded({"a.md": "- q #card\n" + lines})
    assert all(f"line{n}" in fields(desired) for n in range(100))
    assert [problem.message for problem in desired.problems] == [
        "a block is deeper than 50 levels and counts as on level 50 (51 on this page): move it up"
    ]


def test_headlines_that_lie_too_deep_are_told(loaded: Callable[[Folder], Desired]) -> None:
    text = "* q #card\n" + "".join("*" * (n + 2) + " a\n" for n in range(3000)) + "* Good? #card\n** yes\n"
    desired = loaded({"a.org": text})
    assert (len(desired.notes), told(desired)) == (2, [(51, "too-deep")])


def test_fifty_levels_of_blocks_are_in_order(loaded: Callable[[Folder], Desired]) -> None:
    assert loaded({"a.md": "- q #card\n" + "".join("\t" * (n + 1) + "- a\n" for n in range(49))}).problems == ()


def test_a_chain_of_400_questions_is_cut_where_it_is_too_long(loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded(chain_of_questions(70 * 400))
    assert len(desired.notes) == 400
    cut = [problem.rule for problem in desired.problems if problem.rule != "same-card"]  # so much is cut that some are
    assert set(cut) == {"too-large"}
    assert {problem.rule for problem in loaded(chain_of_questions(70 * 100)).problems} == {"too-deep"}


def test_embeds_end_where_python_would_whatever_the_config_says(loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded(chain_of_embeds(40 * 200))
    assert [(problem.position.path, problem.rule) for problem in desired.problems] == [("pages/a.md", "too-deep")]


def test_a_graph_is_read_though_its_settings_lie_too_deep(loaded: Callable[[Folder], Desired]) -> None:
    folder = {**graph(a="- q #card\n\t- a\n"), "logseq/config.edn": "{:a " + "[" * 3000 + "]" * 3000 + "}"}
    desired = loaded(folder)
    assert (len(desired.notes), [problem.rule for problem in desired.problems]) == (1, ["broken-graph-config"])


def test_brackets_in_texts_and_comments_of_a_graphs_settings_are_none(loaded: Callable[[Folder], Desired]) -> None:
    text = '{:hidden ["' + "[" * 100 + '"] ; ' + "[" * 100 + "\n :a \\[}"
    assert loaded({**graph(a="- q #card\n\t- a\n"), "logseq/config.edn": text}).problems == ()


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 2000 + "]" * 2000, "a = " + "{a=" * 2000 + "1" + "}" * 2000, "a" + ".a" * 2000 + " = 1"]
)
def test_options_that_lie_too_deep_are_a_broken_config(text: str, loaded: Callable[[Folder], Desired]) -> None:
    with pytest.raises(BrokenConfig, match=r"too deep|too many dots"):
        loaded({"ankigen.toml": text + "\n", "a.md": "- q #card\n\t- a\n"})


# A card that cannot be made.


@pytest.mark.parametrize("failure", [RecursionError, MemoryError])
def test_a_card_that_takes_more_than_there_is_stops_no_other_and_keeps_its_identity(
    failure: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = note_types.compose
    write_folder(tmp_path / "notes", {"a.md": "- Bad? #card\n\t- no\n" + GOOD})
    before = build(tmp_path / "notes", tmp_path / "deck.apkg")

    def failing(card: CardBlock, *others: object) -> object:
        if "Bad" in card.question:
            raise failure
        return compose(card, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(note_types, "compose", failing)
    write_folder(tmp_path / "notes", {"a.md": "- Bad? #card\n\t- no!\n" + GOOD})
    after = load(tmp_path / "notes", NOON + 1000)
    assert [(problem.position.line, problem.severity, problem.rule) for problem in after.problems] == [
        (1, Severity.ERROR, "no-card")
    ]
    assert len(after.notes) == 1
    assert {id.guid for id in after.lock.identities.values() if not id.removed} == {
        note.identity.guid for note in before.notes
    }


def test_a_page_that_takes_more_than_there_is_stops_no_other_and_removes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "notes", {"a.md": "- Bad? #card\n\t- no\n", "b.md": GOOD})
    build(tmp_path / "notes", tmp_path / "deck.apkg")
    found = cards.find_cards

    def failing(page: Page, *others: object, **options: object) -> object:
        if page.path == "a.md":
            raise RecursionError
        return found(page, *others, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "find_cards", failing)
    write_folder(tmp_path / "notes", {"a.md": "- Bad? #card\n\t- no!\n"})
    for _ in range(2):  # nothing of it is kept
        after = load(tmp_path / "notes", NOON + 1000)
        assert [(problem.position.path, problem.rule) for problem in after.problems] == [("a.md", "unreadable-file")]
        assert len(after.notes) == 1
        assert len(after.lock.identities) == 2
        assert not any(id.removed for id in after.lock.identities.values())


# What is cut is told.


def test_what_a_card_shows_from_elsewhere_is_cut_where_it_begins(loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded(graph(a="- q #card\n\t- all of {{embed [[b]]}}\n", b="- a line of it\n" * 10_000))
    [problem] = desired.problems
    assert (problem.position.line, problem.position.column, problem.rule) == (2, 11, "too-large")
    assert problem.message == "this shows more than 100,000 characters from elsewhere: the rest is left out; embed less"
    assert 100_000 < len(fields(desired)) < 300_000


def test_a_page_of_ten_thousand_characters_is_shown_whole_on_a_hundred_cards(
    loaded: Callable[[Folder], Desired],
) -> None:
    desired = loaded(
        graph(a="".join(f"- q{n} #card\n\t- {{{{embed [[b]]}}}}\n" for n in range(100)), b="- a line\n" * 1000)
    )
    assert desired.problems == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- q " + "{{cloze a}} " * 510 + "#card\n", 10),
        ("- q #card #incremental\n" + "\t- a\n" * 510, 10),
        ("- q {{c500::a}} {{cloze b}} " + "{{cloze c}} " * 499 + "#card\n", 1),
    ],
)
def test_clozes_that_anki_does_not_count_are_told(text: str, count: int, loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded({"a.md": text})
    [problem] = desired.problems
    assert len(desired.notes[0].content.ordinals) == 500
    assert (problem.severity, problem.rule) == (Severity.WARNING, "too-large")
    assert f": {count} of its " in problem.message


def test_the_first_cloze_that_anki_does_not_count_is_pointed_at(loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded({"a.md": "- q #card\n" + "\t- {{cloze a}}\n" * 510})
    assert told(desired) == [(502, "too-large")]


def test_five_hundred_clozes_are_in_order(loaded: Callable[[Folder], Desired]) -> None:
    assert loaded({"a.md": "- q " + "{{cloze a}} " * 500 + "#card\n"}).problems == ()


def test_a_number_that_anki_does_not_count_is_told(loaded: Callable[[Folder], Desired]) -> None:
    assert told(loaded({"a.md": "- q {{c501::a}} {{c1::b}} #card\n"})) == [(1, "broken-cloze")]


def test_a_card_bears_the_first_of_very_many_tags_and_is_told(loaded: Callable[[Folder], Desired]) -> None:
    desired = loaded({"a.md": "- q " + " ".join(f"#tag{n:04}" for n in range(1000)) + " #card\n\t- a\n"})
    assert told(desired) == [(1, "too-large")]
    assert "tag0000" in desired.notes[0].tags
    assert sum(map(len, desired.notes[0].tags)) < bounds.MOST_TAGS


# Patterns.


@pytest.mark.parametrize(
    ("pattern", "text", "hidden"),
    [
        (r"(\w+\s?)+", "a b c", ["a b c"]),
        (r"\((.*?)\) and \[(.*?)\]", f"{'x ' * 600}(a) and [b] {'y ' * 600}", ["(a) and [b]"]),
        (r"(?<=is )\w+(?= here)", f"{'x ' * 900}it is Müller here", ["Müller"]),
        (r"(\w)\1(?! )", f"{'xyz ' * 300}ball book", ["oo"]),
        (r"(?:[^,]+,){3}", "a,b,c,d", ["a,b,c,"]),
    ],
)
def test_a_pattern_finds_what_python_finds(
    pattern: str, text: str, hidden: list[str], loaded: Callable[[Folder], Desired]
) -> None:
    assert [match[0] for match in re.finditer(pattern, text)] == hidden
    desired = loaded({"a.md": f'- {text} #card\n  replacecloze:: " /{pattern}/ "\n'})
    assert desired.problems == ()
    assert re.findall(r"\{\{c1::(.*?)\}\}", desired.notes[0].content.texts[0]) == hidden


PARTS = (
    *("a", "b", ".", r"\w", r"\b", "[ab]", "[^a]", r"\d", r"\s", "é", "^", "$", "a+", "b*", "a*?", r"\w+", "(a)"),
    *("(a|b)", "(ab)+", "(a|ab)*", "(?:a?)+", "(?=b)", "(?<=a)", "(?!a)", "(?<!b)", r"(a)\1", r"(\w)\1", "a{2}"),
    *("a{1,3}", "b{0,2}?", "(a*)*", "(a|b*)+?", "x?", "(?:ab|a)(?:c|bcd)?", "(?>a*)", "a++", "(?i:A)", "(a)?(?(1)b|a)"),
    "|",
)


@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join),
    st.sampled_from([re.NOFLAG, re.IGNORECASE, re.MULTILINE, re.DOTALL]),
    st.text("ab aAé\nb1.", max_size=12),
)
def test_step_by_step_any_pattern_finds_what_python_finds(pattern: str, flags: re.RegexFlag, text: str) -> None:
    try:
        compiled = re.compile(pattern, flags)
    except re.error:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded_patterns, "_ways", lambda *_: math.inf)
        found = bounded_patterns.find_all.__wrapped__(compiled, text, 1)
    assert found is None or list(found) == [match.span() for match in compiled.finditer(text)]


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", "a?" * 30 + "a" * 30, r"(.*)(.*)(.*)(.*)x", r"(a*)*b"])
def test_a_pattern_that_takes_too_long_hides_nothing_and_is_told(
    pattern: str, loaded: Callable[[Folder], Desired]
) -> None:
    desired = loaded({"a.md": f'- {"a" * 5000}! #card\n  replacecloze:: " /{pattern}/ "\n\t- b\n'})
    assert (told(desired), len(desired.notes)) == ([(2, "too-large")], 1)


def test_the_first_of_too_many_patterns_is_told(loaded: Callable[[Folder], Desired]) -> None:
    items = ", ".join(f"'w{n:02}'" for n in range(60))
    desired = loaded({"a.md": f'- w01 w59 #card\n  replacecloze:: " {items} "\n'})
    [problem] = desired.problems
    assert "'w50'" in problem.message
    assert desired.notes[0].content.texts[0] == "{{c1::w01}} w59"


# Code, tables, HTML.


@pytest.mark.parametrize(
    "source", ["x = 1\n" * 2000, "x" + " " * 250 + "= 1 # a" * 10, "a b " * 150, "a;" * 300, "abc;" * 100]
)
def test_code_that_is_too_long_or_uniform_stays_plain_and_is_told(
    source: str, loaded: Callable[[Folder], Desired]
) -> None:
    lines = source.replace("\n", "\n\t  ")
    desired = loaded({"a.md": f"- q #card\n\t- ```python\n\t  {lines}\n\t  ```\n"})
    assert told(desired) == [(2, "too-large")]
    assert "<span" not in fields(desired)
    assert source[:2].rstrip() in fields(desired)


@pytest.mark.parametrize("language", ["python", "c", "java", "autoit", "csharp", "systemd"])
def test_code_as_people_write_it_is_in_colour(language: str) -> None:
    source = (
        "[Unit]\n"
        if language == "systemd"
        else "".join(
            f'for (int item{n} = {n}; item{n} < "{n}"; item{n}++) {{ call(item{n}, {n}.5); }} // again\n'
            for n in range(60)
        )
    )
    assert not code.is_left_plain(source, language)
    assert '<span class="' in code.block(source, language)


@pytest.mark.parametrize("language", ["mcschema", "tnt"])
def test_lexers_that_may_not_end_are_not_asked(language: str) -> None:
    assert "<span" not in code.block("<!--(" * 10, language)


def test_a_row_of_a_table_is_filled_up_to_the_longest_one() -> None:
    html = render.question("|a|b|c|\n|d|\n", "page.md").html
    assert html == (
        "<table><tbody><tr><td>a</td><td>b</td><td>c</td></tr><tr><td>d</td><td></td><td></td></tr></tbody></table>"
    )


def test_one_long_row_does_not_fill_up_a_thousand_short_ones() -> None:
    html = render.question("|a" * 1000 + "|\n" + "|b|\n" * 1000, "page.md").html
    assert html.count("<td>") == 2000


def test_elements_that_lie_too_deep_are_text() -> None:
    html = render.question("a " + "<div>" * 150 + "b" + "</div>" * 150, "page.md").html
    assert (html.count("<div>"), html.count("&lt;div&gt;")) == (100, 50)


def test_many_elements_side_by_side_are_elements() -> None:
    html = render.question("a " + "<b>x</b><br><i>y</i>" * 300, "page.md").html
    assert (html.count("<b>"), html.count("<i>"), "&lt;" in html) == (300, 300, False)


def test_stars_beyond_the_first_thousand_runs_are_text() -> None:
    html = render.question("*a* _b_ " * 600 + r"\* *c*", "page.md").html
    assert (html.count("<em>"), html.count("*a*"), html.count("_b_")) == (500, 350, 350)
    assert html.endswith("* *c*")
