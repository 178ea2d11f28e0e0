"""The forms in which names are compared, as Logseq and Anki compare them."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.support.normal_forms import deck_key, page_key, property_key, reference_key, searchable, tag_key

DECOMPOSED_J = "J\u030c"
"""A letter whose capital is two code points in every form, while its small letter is one in NFC."""


@pytest.mark.parametrize(
    ("key", "names"),
    [
        (page_key, ["Caf\u00e9/Au lait", "cafe\u0301/au  LAIT", "/CAF\u00c9/au lait/"]),
        (page_key, [f"{DECOMPOSED_J}x", "\u01f0X"]),
        (reference_key, ["ask", "#Ask", "[[ask]]", "#[[ASK]]", "##ask", " # ask ", "[[#ask]]"]),
        (property_key, ["source-book", "Source_Book", "SOURCE book"]),
        (property_key, ["caf\u00e9", "CAFE\u0301"]),
        (deck_key, ["Caf\u00e9::Stra\u00dfe", "CAFE\u0301 :: strasse"]),
        (tag_key, ["Stra\u00dfe", "STRASSE"]),
    ],
)
def test_these_names_are_one(key: Callable[[str], str], names: list[str]) -> None:
    assert len({key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("key", "names"),
    [
        (page_key, ["a/b", "a b", "ab", "a//b", "a-b", "a_b"]),
        (page_key, ["stra\u00dfe", "strasse"]),
        (reference_key, ["a", "a#", "a]]", "[[a"]),
        (property_key, ["a-b", "ab", "a--b"]),
        (deck_key, ["a::b", "a:b", "a b", "ab"]),
        (tag_key, ["a::b", "a-b", "a_b"]),
    ],
)
def test_these_names_are_several(key: Callable[[str], str], names: list[str]) -> None:
    assert len({key(name) for name in names}) == len(names)


def test_a_capital_sigma_is_found_before_whatever_follows_it() -> None:
    assert searchable(page_key("ΑΣ")) in searchable("#ΑΣ:b")


@given(st.text(), st.text("#ask/\u00e9e\u0301E\u03a3\u03c3\u0130\u1e9e\u01f0J\u030c\u212a", min_size=1), st.text())
def test_the_searchable_text_holds_a_name_in_whatever_it_stands(before: str, name: str, after: str) -> None:
    text = f"{before} #[[{name}]] {after}"
    words = [word for word in page_key(name).split() if not unicodedata.combining(word[0])]
    assert all(searchable(word) in searchable(text) for word in words)
