"""A law: every letter that Logseq shows of a text is on the card, or in a problem.

What Logseq shows of texts with angle brackets of all kinds was recorded from its own parser, see `tests/conformance`.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ankigen import render
from ankigen.data import Desired
from ankigen.source import load
from ankigen.syntax import html_tags, outline
from tests.conformance import angles
from tests.conformance.angles import ANGLE_DEPARTURES, AngleDeparture
from tests.helpers.building import NOON
from tests.helpers.visible_text import letters, of_hiccup, of_html

Answer = dict[str, Any]

ANSWERS = Path(__file__).parents[1] / "conformance/mldoc.json.gz"
SEEN: dict[str, Callable[[str], str]] = {"text": str, "html": of_html, "hiccup": of_hiccup}
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->|&[a-z]+;|mailto:")
CLOZE = re.compile(r"\{\{c\d+::")
ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"


@cache
def recorded(departure: str) -> list[Answer]:
    """The texts with angle brackets of one departure, or of none, each with what Logseq's parser says of it."""
    with gzip.open(ANSWERS, "rt", encoding="utf-8") as file:
        answers = json.load(file)
    return [answer for answer in answers if answer.get("kind") == angles.KIND and answer["departure"] == departure]


def seen_in_logseq(answer: Answer) -> str:
    return letters(" ".join(SEEN[kind](text) for kind, text in answer["shown"]))


def seen_on_card(answer: Answer) -> str:
    blocks = outline.parse(answer["text"], "page.md", "page").blocks
    return letters(of_html(render.answer(blocks, "page.md").html))


def is_in_order(wanted: str, text: str) -> bool:
    """Whether the letters stand in the text in their order, others perhaps between them."""
    remaining = iter(text)
    return all(letter in remaining for letter in wanted)


def test_more_than_six_hundred_texts_were_recorded() -> None:
    assert len(recorded("")) > 600


def test_a_card_shows_every_letter_that_logseq_shows() -> None:
    assert [
        answer["text"] for answer in recorded("") if not is_in_order(seen_in_logseq(answer), seen_on_card(answer))
    ] == []


def test_a_card_shows_no_other_letters_where_no_html_is() -> None:
    plain = [answer for answer in recorded("") if all(kind != "html" for kind, _ in answer["shown"])]
    assert [answer["text"] for answer in plain if seen_on_card(answer) != seen_in_logseq(answer)] == []


@pytest.mark.thorough
@pytest.mark.parametrize("departure", ANGLE_DEPARTURES, ids=lambda departure: departure.name)
def test_a_departure_is_needed_and_costs_no_letter_but_those_of_markup(departure: AngleDeparture) -> None:
    answers = recorded(departure.name)
    assert any(seen_on_card(answer) != seen_in_logseq(answer) for answer in answers), departure.reason
    for answer in answers:
        shown = [[kind, MARKUP.sub("", text) if kind == "text" else text] for kind, text in answer["shown"]]
        assert lost(seen_in_logseq({"shown": shown}), PLACES["answer"].format(answer["text"][2:])) == ""


def test_every_element_that_a_card_may_show_has_a_name_that_is_known() -> None:
    assert html_tags.SHOWN | html_tags.LOGSEQ | html_tags.TAKEN_AWAY == html_tags.NAMES
    assert not html_tags.SHOWN & html_tags.TAKEN_AWAY


# Wherever in a note a text stands.

PLACES = {
    "question": "- {} #card\n\t- answer\n",
    "answer": "- Why? #card\n\t- {}\n",
    "answer of several": "- Why? #card\n\t- so\n\t\t- {}\n\t- thus\n",
    "beside a cloze": "- {{{{cloze hidden}}}} {} #card\n",
    "below a cloze": "- {{{{cloze hidden}}}} #card\n\t- {}\n",
    "within a cloze": "- Say {{{{cloze {} }}}} now #card\n",
    "behind a numbered cloze": "- {} {{{{c2::hidden}}}} #card\n",
    "step": "- Why? #card #incremental\n\t- {}\n",
    "above": "- {}\n\t- Why? #card\n\t\t- so\n",
    "extra": "- Why? #card\n  extra:: {}\n\t- so\n",
    "referred to": f"- Why? #card\n\t- (({ID}))\n- {{}}\n  id:: {ID}\n",
    "embedded": f"- Why? #card\n\t- {{{{{{{{embed (({ID}))}}}}}}}}\n- {{}}\n  id:: {ID}\n",
    "table": "- Why? #card\n\t- | a | b |\n\t  |---|---|\n\t  | {} | c |\n",
    "quote": "- Why? #card\n\t- > {}\n",
    "heading": "- ## {} #card\n\t- so\n",
    "choice": "- Why? #card #choice\n\t- [x] {}\n\t- [ ] so\n",
    "task that is a choice": "- Why? #card #choice\n\t- DONE so\n\t- TODO {}\n",
    "choice in a list": "- Why? #card #choice\n  * [x] so\n  * [ ] {}\n\t- thus\n",
    "below a choice": "- Why? #card #choice\n\t- [x] so\n\t\t- {}\n\t- [ ] thus\n",
    "beside choices": "- Why? #card #choice\n\t- [x] so\n\t- [ ] thus\n\t- {}\n",
    "hint": "- Why? #card\n  hint:: {}\n\t- so\n",
    "reading": "- {} #card\n  furigana:: true\n  speak:: ja_JP\n\t- so\n",
}
MANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
texts = st.sampled_from([answer for answer in recorded("") if "\n" not in answer["text"] and "|" not in answer["text"]])


def told(desired: Desired, page: str) -> Iterator[str]:
    """The stretches of the page that problems speak of."""
    lines = page.split("\n")
    for problem in desired.problems:
        start, end = problem.position, problem.end
        line = lines[start.line - 1]
        yield line[start.column - 1 : end.column - 1 if end and end.line == start.line else None]


def loaded(page: str) -> Desired:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "logseq").mkdir()
        (folder / "logseq/config.edn").write_text("{}", "utf-8")
        (folder / "page.md").write_text(page, "utf-8")
        return load(folder, NOON)


def lost(wanted: str, page: str) -> str:
    """The letters that are neither on the cards of a page nor in a problem."""
    desired = loaded(page)
    fields = [field for note in desired.notes for field in note.content.texts]
    shown = letters(" ".join(of_html(CLOZE.sub("", field)) for field in fields))
    if is_in_order(wanted, shown):
        return ""
    missing = Counter(wanted) - Counter(shown) - Counter(letters("".join(told(desired, page))))
    return "".join(missing.elements())


@MANY
@given(texts, st.sampled_from(sorted(PLACES)))
def test_no_letter_is_lost_wherever_a_text_stands(answer: Answer, place: str) -> None:
    assert lost(seen_in_logseq(answer), PLACES[place].format(answer["text"][2:])) == ""


COMMENT = re.compile(r"<!--.*?-->")


@MANY
@given(
    st.text("<<<>>>!?/-=&;:@\"'`*_[]() \\xyz", max_size=40), st.sampled_from(["question", "answer", "above", "quote"])
)
@example("<x y", "question")
@example("<!--x", "answer")
@example("`<x` <y>` z", "answer")
def test_where_no_html_is_every_letter_that_is_no_comment_stays(text: str, place: str) -> None:
    assert lost(letters(COMMENT.sub("", text)), PLACES[place].format(f"w {text} w")) == ""
