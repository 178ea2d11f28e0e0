"""No note takes more than linear time and memory beyond a stated bound, and none stops the run.

The shapes are whole folders, made of one hostile piece again and again. What Python does is counted, line by line; so
is the memory that Python hands out. What one call of a regular expression or of a parser in another language takes is
not seen so: for these the tests below ask for the bound itself.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ankigen.data import Desired
from ankigen.source import load
from tests.helpers.building import NOON
from tests.helpers.growth import steps

Folder = Mapping[str, str]
Shape = Callable[[int], Folder]

SMALL, LARGE = 10_000, 20_000
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


def memory(work: Callable[[], object]) -> int:
    """The most bytes that Python holds at once, while it works."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_notes_take_no_more_than_twice_the_steps_and_memory(
    shape: str, loaded: Callable[[Folder], Desired], tmp_path: Path
) -> None:
    loaded(SHAPES[shape](SMALL // 4))  # what is imported and compiled at first is no part of them
    small, large = (write_folder(tmp_path / str(size), SHAPES[shape](size)) for size in (SMALL, LARGE))
    assert steps(lambda: load(large, NOON)) < MOST_GROWTH * steps(lambda: load(small, NOON))
