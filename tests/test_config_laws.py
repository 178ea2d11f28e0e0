"""Options compare as notes do: however a tag, a property, a page or a path is written, it is the same one."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankigen import config
from ankigen.config import Config
from ankigen.data import Desired, Note
from ankigen.source import load
from ankigen.support.structs import replace
from tests.helpers.building import NOON
from tests.helpers.contents import field

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
LETTERS = "aekouäéöüßñçøåǰжй日本がx"
NAMES = st.text(LETTERS, min_size=1, max_size=6)
KEYS = st.lists(NAMES, min_size=1, max_size=3).map("-".join)
TAGS = st.lists(KEYS, min_size=1, max_size=2).map("/".join)
SPACED_TAGS = st.lists(KEYS, min_size=1, max_size=3).map(" ".join)


def in_case(character: str, is_upper: bool) -> str:
    """The character, or its capital where that has no other small letter."""
    capital = character.upper()
    return capital if is_upper and capital.lower() == character else character


@st.composite
def spellings(draw: st.DrawFn, names: st.SearchStrategy[str], written: tuple[str, ...] = ("{}",)) -> tuple[str, str]:
    """A name as two people write it: each in some case and Unicode form; the second as one of `written` says."""
    name = draw(names)
    return spelt(draw, name), draw(st.sampled_from(written)).format(spelt(draw, name))


def spelt(draw: st.DrawFn, name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    cased = "".join(in_case(character, draw(st.booleans())) for character in apart)
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), cased)


def read(page: str, chosen: Config, path: str = "page.md") -> Desired:
    with TemporaryDirectory() as folder:
        (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
        (Path(folder) / path).write_text(page, "utf-8")
        return load(Path(folder), NOON, chosen)


def front(note: Note) -> str:
    return field(note.content, "Front")


WRITTEN_TAGS = ("{}", "#{}", "[[{}]]", "#[[{}]]", " {} ", "# {}", "[[ {} ]]")


@given(spellings(TAGS, WRITTEN_TAGS), st.sampled_from(["#{}", "#[[{}]]"]))
@example(("Ask", "ask"), "#{}")
@example(("ask", "Ask"), "#{}")
@example(("ΑΣ", "ΑΣ"), "#{}")
@settings(max_examples=40)
def test_a_block_with_the_tag_is_a_card_however_notes_and_options_write_it(
    spelling: tuple[str, str], written: str
) -> None:
    in_notes, in_options = spelling
    page = f"- Which one? {written.format(in_notes)}\n\t- This one\n- Which other? #Card\n\t- None\n"
    [note] = read(page, Config(card_tags=(in_options,))).notes
    assert (front(note), note.tags) == ("Which one?", ())


@given(spellings(SPACED_TAGS, WRITTEN_TAGS), st.sampled_from([" ", "  ", "\t"]))
@settings(max_examples=15)
def test_a_tag_of_several_words_is_the_same_with_any_blanks_between_them(
    spelling: tuple[str, str], blanks: str
) -> None:
    in_notes, in_options = spelling
    page = f"tags:: x\n\n- Which one?\n  tags:: [[{in_notes.replace(' ', blanks)}]]\n\t- This one\n"
    [note] = read(page, Config(card_tags=(in_options,))).notes
    assert front(note) == "Which one?"


@given(spellings(TAGS, WRITTEN_TAGS), st.sampled_from(["#{}/x", "[[{}]]", "[[{}/x]]", "[label]([[{}]])"]))
@settings(max_examples=15)
def test_neither_a_page_below_the_tag_nor_a_link_to_it_makes_a_card(spelling: tuple[str, str], written: str) -> None:
    in_notes, in_options = spelling
    page = f"- Which one? {written.format(in_notes)}\n\t- This one\n"
    assert not read(page, Config(card_tags=(in_options,))).notes


@pytest.mark.parametrize("written", ["#card/x", "[[card]]", "[[Card/x]]", "[label]([[card]])", "#[[card/x]]"])
def test_of_the_card_page_alone_a_link_and_all_below_it_count_as_logseq_counts_them(written: str) -> None:
    page = f"- Which one? {written}\n\t- This one\n"
    assert len(read(page, Config()).notes) == 1
    assert not read(page, Config(card_tags=("flashcard",))).notes


@given(spellings(TAGS, WRITTEN_TAGS))
@settings(max_examples=15)
def test_a_tag_outside_any_block_is_told_however_notes_and_options_write_it(spelling: tuple[str, str]) -> None:
    in_notes, in_options = spelling
    desired = read(f"Which one? #{in_notes}\n", Config(card_tags=(in_options,)))
    assert "card-outside-block" in {problem.rule for problem in desired.problems}


WRITTEN_KEYS = ("{}", " {} ", "{}::", "{}:: ")


def with_other_blanks(key: str) -> st.SearchStrategy[str]:
    return st.sampled_from([key, key.replace("-", "_"), key.replace("-", " ")])


@given(spellings(KEYS, WRITTEN_KEYS), st.data())
@example(("source-book", "Source_Book"), None)
@example(("Source_Book", "source-book"), None)
@settings(max_examples=25)
def test_a_property_is_shown_however_notes_and_options_write_it(
    spelling: tuple[str, str], data: st.DataObject | None
) -> None:
    in_notes, in_options = spelling
    if data:
        in_notes = data.draw(st.sampled_from([in_notes, in_notes.replace("-", "_")]))
        in_options = data.draw(with_other_blanks(in_options))
    page = f"- Which one? #card\n  {in_notes}:: a book\n  another-one:: no book\n\t- This one\n"
    [note] = read(page, Config(show_properties=(in_options,))).notes
    assert front(note).startswith("Which one?")
    assert front(note).count(": a book") == 1
    assert "no book" not in front(note)


@given(spellings(KEYS, WRITTEN_KEYS), st.data())
@example(("anki-id", "Anki_ID"), None)
@settings(max_examples=25)
def test_the_id_property_is_the_guid_however_notes_and_options_write_it(
    spelling: tuple[str, str], data: st.DataObject | None
) -> None:
    in_notes, in_options = spelling
    if data:
        in_notes = data.draw(st.sampled_from([in_notes, in_notes.replace("-", "_")]))
        in_options = data.draw(with_other_blanks(in_options))
    page = f"- Which one? #card\n  {in_notes}:: {ID}\n\t- This one\n"
    [note] = read(page, Config(id_property=in_options)).notes
    assert note.identity.guid == ID


@given(spellings(KEYS, ("{}", "{}/", "/{}", "pages/{}", "pages/{}.md", "PAGES/{}")))
@settings(max_examples=15)
def test_a_page_goes_to_the_deck_of_its_rule_however_files_and_options_write_it(spelling: tuple[str, str]) -> None:
    in_notes, in_options = spelling
    rules = {in_options: "Ruled", f"{in_options}x": "Other"}
    [note] = read("- Q #card\n\t- A\n", Config(deck_rules=rules), f"pages/{in_notes}.md").notes
    assert note.deck == "Ruled"


@given(spellings(KEYS, ("{}", "{}/", "/{}/", "{}/Day.md")))
@settings(max_examples=15)
def test_a_rule_is_off_below_a_path_however_files_and_options_write_it(spelling: tuple[str, str]) -> None:
    in_notes, in_options = spelling
    page, path = "- A card without an answer #card\n", f"{in_notes}/day.md"
    assert [problem.rule for problem in read(page, Config(), path).problems] == ["no-answer"]
    assert not read(page, Config(rules={in_options: {"no-answer": "off"}}), path).problems


def test_tables_under_two_spellings_of_one_path_both_count() -> None:
    chosen = Config(rules={"Daily": {"no-answer": "off"}, "daily/": {"no-question": "off"}})
    assert [chosen.is_off(rule, "daily/a.md") for rule in ("no-answer", "no-question", "empty")] == [True, True, False]


def test_a_folder_named_like_a_rule_is_a_folder() -> None:
    chosen = Config(rules={"no-answer": "on", "no-answer/": {"no-question": "off"}})
    assert [chosen.is_off("no-question", path) for path in ("no-answer/a.md", "a.md")] == [True, False]
    assert not chosen.is_off("no-answer", "no-answer/a.md")


@pytest.mark.parametrize("written", ["ask", "Ask", "#Ask", "[[Ask]]", "#[[ASK]]", "##ask", " #ask ", "Ask/"])
def test_a_tag_in_a_file_of_options_may_be_written_as_in_notes(written: str) -> None:
    chosen = config.parse(f'card_tags = ["{written}"]', Path("/notes/ankigen.toml"))
    assert chosen.card_tags == ("ask",)
    [note] = read("- Who asks? #Ask\n\t- I do\n", chosen).notes
    assert front(note) == "Who asks?"


def test_options_are_kept_in_the_form_in_which_they_are_compared() -> None:
    chosen = Config(
        card_tags=("#Ask", "[[ask]]", "#", "Sure\u0301"),
        show_properties=("Source_Book::", "source book"),
        id_property="Anki_ID",
        deck_rules={"French/Verbs": "French::Verbs"},
        rules={"Journals": {"no-answer": "off"}},
    )
    assert chosen.card_tags == ("ask", "sur\u00e9")
    assert chosen.show_properties == ("source-book",)
    assert chosen.id_property == "anki-id"
    assert chosen.deck_rules == {"french/verbs": "French::Verbs"}
    assert chosen.rules == {"journals/": {"no-answer": "off"}}
    assert replace(chosen, deck_prefix="All").card_tags == chosen.card_tags


def test_a_capital_whose_small_letter_depends_on_what_follows_is_found() -> None:
    assert read("- Who asks? #ΑΣ:x\n\t- I do\n", Config(card_tags=("ΑΣ",))).notes


def test_another_tag_is_another_tag() -> None:
    for written in ("asks", "as-k", "as_k", "ask/more", "äsk"):
        assert not read("- Who asks? #Ask\n\t- I do\n", Config(card_tags=(written,))).notes
