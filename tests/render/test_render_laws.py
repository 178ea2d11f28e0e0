"""Laws of rendering, on any text: it never fails, it repeats, and Anki keeps what it is given."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ankigen import note_types, render
from ankigen.data import Block, Line
from ankigen.syntax import clozes
from tests.helpers.judge import Judge
from tests.helpers.marking import rendered

PIECES = [
    "{{cloze ", "{{c1::", "{{c2 ", "}}", "}", "{", "{{", "{{{cloze ", "}}}", "::", ":", "\\\\", "$", "$$", "\\(", "\\)",
    "\\[", "`", "``", "```", "\n```\n", "\n~~~\n", "\n", "\n\n", "\n- ", "\n* ", "\n1. ", "\n> ", "\n| a | b |\n",
    "\n---\n", "**", "*", "_", "__", "~~", "==", "^^", "[[", "]]", "((", "))", "[", "](", ")", "![", "<b>", "</b>", "<",
    ">", "<!--", "-->", "&amp;", "&", "https://a.example/x", "#+BEGIN_NOTE\n", "\n#+END_NOTE", "#+BEGIN_CLOZE\n",
    "\n#+END_CLOZE", "\\begin{a}", "\\end{a}", "a", "b ", "é", "e\u0301", "\u0338", "\x00", "\x1f", "\x7f", "\u0085",
    "\ufdd0", "\ufdd3", "\ufdd4", "1", "0", "stash:0", "[^1]", "\n[^1]: x", "{東京|とう}", "[:b ", "]", "[sound:",
    "<script>", "<a href='", "\t", " ", "|", "\\", "#", "# ", "TODO ", "שלום",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join)
slow = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]")
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "frame", "base", "meta", "link", "style"}


class Watch(HTMLParser):
    """Notes whatever in a face could run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] * (tag in FORBIDDEN)
        for name, value in attrs:
            scheme = re.sub(r"[\s\x00-\x20]", "", value or "").partition(":")[0].lower()
            if name.startswith("on") or name == "srcdoc" or scheme in {"javascript", "vbscript", "data", "file"}:
                self.found.append(f"{name}={value}")


def what_runs(html: str) -> list[str]:
    watch = Watch()
    watch.feed(html)
    return watch.found


@slow
@given(texts)
@example("0\ufdd00\ufdd10")
@example("https://a.example/x{{cloze {}}}")
@example("<https://a.example/x{{cloze {}}}>")
@example("$0\ufdd00\ufdd10$ `a`")
def test_a_face_can_be_stored_as_it_is(text: str) -> None:
    below = render.answer([Block(1, 1, 1, (Line(1, 1, text),))], "page.md").html
    for shown in (render.question(text, "page.md").html, below, rendered(text)):
        assert not CONTROL.search(shown)
        assert unicodedata.is_normalized("NFC", shown)


@slow
@given(texts)
def test_rendering_repeats(text: str) -> None:
    assert render.question(text, "page.md") == render.question(text, "page.md")
    assert rendered(text) == rendered(text)


@slow
@given(texts)
@example("<scr<script>ipt>alert(1)</script>")
@example("[x](java\nscript:alert(1)) [y](&#106;avascript:1) [z](%6aavascript:1)")
@example("<img src=x onerror=alert(1)>")
@example('![a" onerror="x](https://a.example/"onerror="x)')
def test_nothing_that_runs_reaches_a_face(text: str) -> None:
    assert what_runs(render.question(text, "page.md").html) == []
    assert what_runs(rendered(text)) == []


@slow
@given(texts)
@example("{{cloze {{c501::x}}}}")
@example("{{cloze a}}}}}{{cloze {}}")
def test_anki_makes_exactly_the_cards_that_are_announced(judge: Judge, text: str) -> None:
    field = rendered(text)
    assert judge.cloze_numbers(field) == clozes.card_numbers(field)


@slow
@given(
    st.lists(
        st.sampled_from("ab{}:`$*_ \\<>&|") | st.sampled_from(["::", "}}", "{{c1::", "{{"]), min_size=1, max_size=9
    )
)
@example(list("a}}}"))
@example(["::"])
def test_an_answer_is_hidden_whole_and_shown_whole(judge: Judge, letters: list[str]) -> None:
    answer = "".join(letters).replace("`", "").strip()
    if not answer:
        return
    text = f"before {{{{cloze `` {answer} ``}}}} after"
    (card,) = judge.cards(note_types.CLOZE.note_type, {"Text": rendered(text)})
    assert '">[...]</span> after' in card.question
    shown = unescape(re.sub(r"<!-- -->|<[^<>]*>", "", card.answer.partition("\n")[0]))
    assert shown == f"before {answer} after"


@slow
@given(texts.map(lambda text: text.replace("\n", " ")), texts.map(lambda text: text.replace("\n", " ")))
def test_children_become_a_list(first: str, second: str) -> None:
    blocks = [Block(1, 1, 1, (Line(1, 1, f"{letter}{text}"),)) for letter, text in (("a", first), ("b", second))]
    shown = render.answer(blocks, "page.md").html
    assert shown.startswith(("<ul>", "<ol"))
    assert shown.endswith(("</ul>", "</ol>"))
