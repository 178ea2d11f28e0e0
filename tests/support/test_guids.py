"""A GUID of any tool's has one plain form, which leads back to it; what has none is known."""

from hypothesis import given
from hypothesis import strategies as st

from ankigen.support.guids import held_guid, is_plain_guid, plain_guid

BASE91 = "abcXYZ019!#$%&()*+,-./:;<=>?@[]^_`{|}~"


@given(st.text(BASE91 + "'\"\\ é日", min_size=1, max_size=64))
def test_the_plain_form_leads_back_and_holds_nothing_but_words_of_a_search(held: str) -> None:
    plain = plain_guid(held)
    assert plain is not None
    assert held_guid(plain) == held
    assert is_plain_guid(plain)
    assert all(character.isalnum() or character in "%-" for character in plain)
    assert plain.isascii()


@given(st.text("0123456789abcdefABCZ-", min_size=1, max_size=64))
def test_what_ankigen_makes_is_the_same_in_both_forms(guid: str) -> None:
    assert plain_guid(guid) == held_guid(guid) == guid


@given(st.text(BASE91 + "%3c", min_size=1, max_size=80))
def test_no_guid_has_two_plain_forms(text: str) -> None:
    if is_plain_guid(text):
        assert plain_guid(held_guid(text)) == text


def test_what_would_end_a_line_or_a_field_has_no_plain_form() -> None:
    for held in ("", "a\tb", "a\nb", "a\x1fb", "\x00", "a" * 65, "\ud800", "\u2028"):
        assert plain_guid(held) is None


def test_a_form_that_hides_what_has_none_is_refused() -> None:
    for text in ("", "a%1Fb", "%00", "%3c", "%41", "%", "%3", "a<b", "%FF", "%ED%A0%80", "a" * 65, "a_b", "note"):
        assert not is_plain_guid(text), text


def test_a_guid_that_is_a_word_of_the_lock_file_begins_no_line_like_it() -> None:
    for word in ("note", "source", "style", "version"):
        plain = plain_guid(word)
        assert plain not in {None, word}
        assert held_guid(plain or "") == word
        assert is_plain_guid(plain or "")
