"""Tags and page references, row by row as Logseq 0.10 reads them, and where ankigen is kinder."""

import pytest

from ankigen.syntax.tags import references

YES, LENIENT, NO = "yes", "lenient", "no"


def verdict(text: str) -> str:
    """How the text refers to the page `card`, or to a page below it."""
    found = [one for one in references(text) if "card" in one.name.lower().split("/")]
    if not found:
        return NO
    return YES if any(one.is_strict for one in found) else LENIENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, YES) for text in ("Q #card", "#card Q", "Q#card", "Q #Card", "#tag#card", "Q ##card", "光合成#card")),
        *((text, YES) for text in ("Q #card.", "#card, x", "#card:x", "#card?", "#card!", "#card; x", "'#card'")),
        *((text, YES) for text in ('"#card"', "Q #[[card]]", "Q [[card]]", "Q [[Card]]", "x [lbl]([[card]])")),
        *((text, YES) for text in ("Q #card/fr", "[[card/fr]] Q", "# Q #card", "TODO Q #card", "> Q #card")),
        *((text, YES) for text in ("| a | #card |", "#+BEGIN_TIP\nx #card\n#+END_TIP", "Q\n#card", "Q\ntext #card")),
        *((text, YES) for text in ("**Ohm**#card", "(b)#card", "[x]#card", "`ls`#card", "#card#phys", "/ˈlʌm/#card")),
        *((text, YES) for text in ("run `ping and wait #card", "a `b\nc` #card", "`a\\`#card", "$$x$$ #card")),
        *((text, YES) for text in ("http:#card", "foo@#card", "[[a [[card]] b]]", "costs $5 #card and $6")),
        *((text, LENIENT) for text in ("Q **#card**", "Q (#card)", "[#card]", "#card*", "#card<br>", "#card，")),
        *((text, LENIENT) for text in ("#card。", "#card！", "（#card）", "「#card」", "#card\u00a0x", "#card\u3000x")),
        *((text, NO) for text in ("Q `#card`", "Q \\#card", "```\n#card\n```", "$a #card$", "\\(#card\\)")),
        *(
            (text, NO)
            for text in ("https://a.example/#card", "<https://a.example/#card>", "[a #card](b)", "![#card](b)")
        ),
        *((text, NO) for text in ("x {{cloze #card}}", "{{query (and [[card]])}}", "{{cards [[card]]}}")),
        *((text, NO) for text in ("{{embed [[card]]}}", "#+BEGIN_QUERY\n[[card]]\n#+END_QUERY", "$$\n#card\n$$")),
        *((text, NO) for text in ("#+BEGIN_SRC x\n#card\n#+END_SRC", "#+BEGIN_EXAMPLE\n#card\n#+END_EXAMPLE")),
        *((text, NO) for text in ("#card;x", "#card.x", "#cards", "#card-group", "#flashcard", "#cardiología")),
        *((text, NO) for text in ("<!-- #card -->", "[card]", "card", "[[card][label]]", "((#card))", "# card")),
    ],
)
def test_a_text_refers_to_the_card_page_as_logseq_reads_it(text: str, expected: str) -> None:
    assert verdict(text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#a.b #a. #a; #a;b", ["a.b", "a", "a", "a;b"]),
        ("#[[two words]] #a.[[b c]]", ["two words", "a.b c"]),
        ("[[a [[b]] c]]", ["a [[b]] c", "b"]),
        ("#+BEGIN_TIP\n#x\n#+END_TIP #y", ["x", "y"]),
    ],
)
def test_names_are_whole(text: str, names: list[str]) -> None:
    assert [one.name for one in references(text)] == names


def test_offsets_lead_to_the_marks() -> None:
    text = "Name `#no` the [[page one]], please #card."
    assert [text[one.start : one.end] for one in references(text)] == ["[[page one]]", "#card"]
