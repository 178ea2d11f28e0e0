"""The user's own note types: what their files may say, and what the blocks of notes say of their fields."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankigen.data import Desired, Note
from ankigen.note_types import content_fields
from ankigen.source import load
from tests.helpers.building import NOON, build, write
from tests.helpers.own_types import DEFINITION, PERRO, write_type


def read(folder: Path, text: str, **files: str | None) -> Desired:
    write_type(folder, changed=files)
    return load(write(folder, a=text), NOON)


def said(note: Note) -> dict[str, str]:
    return {name: text for name, text in content_fields(note.content).items() if text and name != "Context"}


def told(desired: Desired) -> list[tuple[str, int, str]]:
    return [(one.position.path, one.position.line, one.rule) for one in desired.problems]


def test_a_block_fills_the_fields_by_a_property_a_named_child_and_the_rest(tmp_path: Path) -> None:
    desired = read(tmp_path, PERRO)
    assert told(desired) == []
    [note] = desired.notes
    assert said(note) == {
        "Word": "perro",
        "Meaning": "dog",
        "Gender": "masculine",
        "Example": "El perro ladra.",
    }
    assert note.content.ordinals == (0, 1)
    assert note.content.own is not None
    assert note.content.own.note_type.fields == (
        *("Word", "Meaning", "Gender", "Example"),
        *("Context", "Source", "Guid", "Base"),
    )


@pytest.mark.parametrize(
    "child",
    [
        "Example\n\t\t- A",
        "**Example**\n\t\t- A",
        "__Example__\n\t\t- A",
        "## Example\n\t\t- A",
        "Example:\n\t\t- A",
        "example: A",
        "**EXAMPLE:** A",
        "**Example**: A",
        "### Example: A",
        "Example\n\t  A",
    ],
)
def test_a_child_that_is_named_like_a_field_gives_its_rest_and_all_below_it(tmp_path: Path, child: str) -> None:
    [note] = read(tmp_path, f"- perro #vocab\n\t- dog\n\t- {child}\n").notes
    assert said(note) == {"Word": "perro", "Meaning": "dog", "Example": "A"}


@pytest.mark.parametrize("child", ["Example of it", "**Exam**ple: A", "An Example: A", "Examples: A", "`Example`: A"])
def test_any_other_child_goes_to_the_rest(tmp_path: Path, child: str) -> None:
    [note] = read(tmp_path, f"- perro #vocab\n\t- {child}\n").notes
    assert said(note).keys() == {"Word", "Meaning"}


def test_a_property_fills_a_field_of_several_words_whatever_stands_between_them(tmp_path: Path) -> None:
    definition = 'fields = ["Word", "Part of speech"]\ncards = ["Recognise"]\n'
    front = {"Recognise__back__html": "{{Word}} {{Part of speech}}", "note_type__toml": definition}
    for key in ("part-of-speech", "Part_of_Speech", "PART-of-speech"):
        [note] = read(tmp_path, f"- perro #card\n  note-type:: vocabulary\n  {key}:: noun\n", **front).notes
        assert said(note) == {"Word": "perro", "Part of speech": "noun"}


def test_a_type_with_rest_takes_what_names_no_field_there(tmp_path: Path) -> None:
    [note] = read(tmp_path, "- perro #vocab\n\t- dog\n", note_type__toml=f'{DEFINITION}rest = "Example"\n').notes
    assert said(note) == {"Word": "perro", "Example": "dog"}


@pytest.mark.parametrize(
    "text",
    [
        "- perro #card\n  note-type:: Vocabulary\n\t- dog\n",
        '- perro #card\n  note-type:: "Vocabulary"\n\t- dog\n',
        "- perro #card\n  note-type:: [[vocabulary]]\n\t- dog\n",
        "- Animals\n  note-type:: Vocabulary\n\t- perro #card\n\t\t- dog\n",
        "note-type:: Vocabulary\n\n- perro #card\n\t- dog\n",
        "- perro #vocab\n\t- dog\n",
        "- perro #card #vocab\n\t- dog\n",
    ],
)
def test_a_card_finds_its_type_on_the_block_above_it_on_the_page_or_by_a_tag(tmp_path: Path, text: str) -> None:
    desired = read(tmp_path, text)
    assert told(desired) == []
    [note] = desired.notes
    assert (note.content.kind, said(note), note.tags) == ("own-vocabulary", {"Word": "perro", "Meaning": "dog"}, ())


def test_a_namespace_hands_its_note_type_down(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq/config.edn").write_text("{:file/name-format :triple-lowbar}")
    write_type(tmp_path)
    pages = write(tmp_path / "pages", Spanish="note-type:: Vocabulary\n", Spanish___Animals="- perro #card\n\t- dog\n")
    assert pages.name == "pages"
    [note] = load(tmp_path, NOON).notes
    assert note.content.kind == "own-vocabulary"


def test_below_a_type_a_block_can_ask_for_ankigens_own(tmp_path: Path) -> None:
    desired = read(tmp_path, "note-type:: Vocabulary\n\n- Why? #card\n  note-type:: basic\n\t- So.\n")
    assert [note.content.kind for note in desired.notes] == ["basic"]


def test_a_note_type_takes_no_card_that_does_not_ask_for_it(tmp_path: Path) -> None:
    without = load(write(tmp_path / "one", a="- Why? #card\n\t- So.\n"), NOON)
    with_type = read(tmp_path / "two", "- Why? #card\n\t- So.\n")
    assert [note.content for note in with_type.notes] == [note.content for note in without.notes]
    assert with_type.lock.note_types == ()


def test_extra_goes_to_a_field_of_that_name_or_to_the_rest(tmp_path: Path) -> None:
    text = "- perro #vocab\n  extra:: seen in Madrid\n\t- dog\n"
    [note] = read(tmp_path / "one", text).notes
    assert said(note)["Meaning"] == "<ul><li>dog</li><li>seen in Madrid</li></ul>"
    definition = DEFINITION.replace('"Gender"', '"Extra"')
    [note] = read(
        tmp_path / "two", text, note_type__toml=definition, Recognise__back__html="{{Meaning}}{{Extra}}"
    ).notes
    assert said(note) == {"Word": "perro", "Meaning": "dog", "Extra": "seen in Madrid"}


CLOZE = {
    "note_type__toml": 'fields = ["Sentence", "Translation", "Note"]\ncards = ["Card"]\ncloze = true\ntags = ["gap"]\n',
    "Card__front__html": "{{cloze:Sentence}}<br>{{cloze:Translation}}",
    "Card__back__html": "{{cloze:Sentence}}<br>{{cloze:Translation}}{{Note}}",
    "Recognise__front__html": None,
    "Recognise__back__html": None,
    "Recall__front__html": None,
    "Recall__back__html": None,
}


def test_clozes_are_asked_in_each_field_that_is_shown_through_cloze_and_shown_elsewhere(tmp_path: Path) -> None:
    text = "- El {{cloze perro}} ladra. #gap\n\t- The {{cloze dog}} barks.\n\t- Note: {{cloze common}} word\n"
    desired = read(tmp_path, text, **CLOZE)
    assert told(desired) == []
    [note] = desired.notes
    assert said(note) == {
        "Sentence": "El {{c1::perro}} ladra.",
        "Translation": "The {{c2::dog}} barks.",
        "Note": "common word",
    }
    assert note.content.ordinals == (0, 1)


def test_a_cloze_in_a_type_without_clozes_is_text(tmp_path: Path) -> None:
    [note] = read(tmp_path, "- {{cloze perro}} #vocab\n\t- {{c1::dog}}\n").notes
    assert (said(note), note.content.ordinals) == ({"Word": "perro", "Meaning": "dog"}, (0, 1))


def test_a_card_is_made_where_its_front_shows_something(tmp_path: Path) -> None:
    [note] = read(tmp_path, "- perro #vocab\n").notes
    assert note.content.ordinals == (0,)


def test_a_note_that_no_front_shows_is_a_problem(tmp_path: Path) -> None:
    desired = read(
        tmp_path, "- perro #vocab\n\t- dog\n", Recognise__front__html="{{Example}}", Recall__front__html="{{Gender}}"
    )
    assert told(desired) == [("a.md", 1, "no-card")]
    assert desired.notes == ()


def test_a_cloze_type_without_a_cloze_is_a_problem(tmp_path: Path) -> None:
    desired = read(tmp_path, "- El perro ladra. #gap\n\t- Note: {{cloze common}}\n", **CLOZE)
    assert told(desired) == [("a.md", 1, "no-card")]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("- perro #card\n  note-type:: Vocab\n\t- dog\n", [("a.md", 2, "note-type-unknown")]),
        ("note-type:: Nothing\n\n- perro #card\n\t- dog\n", [("a.md", 3, "note-type-unknown")]),
        ("- perro #vocab\n  gendr:: m\n\t- dog\n", [("a.md", 2, "field-unknown")]),
        ("- perro #vocab\n  gneder:: m\n\t- dog\n", [("a.md", 2, "field-unknown")]),
        ("- perro #vocab\n  colour:: black\n\t- dog\n", []),
        ("- perro #vocab\n\t- Gender: m\n\t- dog\n\t- gender: f\n", [("a.md", 4, "field-twice")]),
        ("- perro #vocab\n  word:: gato\n\t- dog\n", [("a.md", 2, "field-twice")]),
    ],
)
def test_what_is_odd_about_a_card_is_told_where_it_stands(
    tmp_path: Path, text: str, problems: list[tuple[str, int, str]]
) -> None:
    assert told(read(tmp_path, text)) == problems


def test_a_misspelt_note_type_is_named_rightly(tmp_path: Path) -> None:
    [problem] = read(tmp_path, "- perro #card\n  note-type:: Vocabluary\n\t- dog\n").problems
    assert problem.message == "there is no note type Vocabluary: did you mean Vocabulary?"


def test_nothing_of_a_field_that_is_said_twice_is_lost(tmp_path: Path) -> None:
    [note] = read(tmp_path, "- perro #vocab\n  gender:: m\n\t- dog\n\t- Gender: f\n\t- word: can\n").notes
    assert said(note)["Gender"] == "<ul><li>m</li><li>f</li></ul>"
    assert said(note)["Word"] == "perro<br>can"


FRONT, BACK = "Recognise__front__html", "Recognise__back__html"
TEMPLATE = "note-type-template"


@pytest.mark.parametrize(
    ("files", "place", "rule"),
    [
        ({FRONT: "a\n{{Wrd}}"}, "Recognise.front.html:2", TEMPLATE),
        ({BACK: "{{#Gender}}\n{{Meaning}}"}, "Recognise.back.html:1", TEMPLATE),
        ({FRONT: "{{Word}}{{/Word}}"}, "Recognise.front.html:1", TEMPLATE),
        ({FRONT: "no field"}, "Recognise.front.html:1", TEMPLATE),
        ({"Recall__front__html": "<b>{{Word}}</b>\n"}, "Recall.front.html:1", TEMPLATE),
        ({**CLOZE, "Card__front__html": "{{Sentence}}"}, "Card.front.html:1", TEMPLATE),
        ({**CLOZE, "Card__back__html": "{{Sentence}}"}, "Card.back.html:1", TEMPLATE),
        ({FRONT: None}, "Recognise.front.html:1", "note-type-file"),
        ({BACK: None}, "Recognise.back.html:1", "note-type-file"),
        ({"note_type__toml": None}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": ""}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": "cards = ["}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": 'cards = ["A"]'}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": DEFINITION.replace("tags", "tag")}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": DEFINITION.replace('["vocab"]', "1")}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": 'fields = []\ncards = ["Recall"]'}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": 'fields = ["Word"]\ncards = []'}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": f"{'a.' * 100}b = 1"}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": f"a = {'[' * 5000}"}, "note_type.toml:1", "note-type-file"),
        ({"note_type__toml": DEFINITION.replace('"Recall"', '"../Recall"')}, "note_type.toml:1", "note-type-name"),
        ({"note_type__toml": DEFINITION.replace('"Recall"', '"recognise"')}, "note_type.toml:1", "note-type-name"),
        ({"note_type__toml": f"{DEFINITION}id = {2**60}"}, "note_type.toml:1", "note-type-file"),
        ({"style__css": "x" * (1 << 20) + "x"}, "style.css:1", "note-type-file"),
    ],
)
def test_a_fault_of_a_note_type_is_told_with_file_and_line(
    tmp_path: Path, files: dict[str, str | None], place: str, rule: str
) -> None:
    desired = read(tmp_path, "- perro #vocab\n\t- dog\n- El {{cloze perro}}. #gap\n", **files)
    [problem] = [one for one in desired.problems if one.position.path.startswith("note_types")]
    assert f"{problem.position.path}:{problem.position.line}" == f"note_types/Vocabulary/{place}"
    assert (problem.rule, problem.severity) == (rule, "error")
    assert desired.notes == ()


@pytest.mark.parametrize(
    "name",
    [
        *("", " Word", "Word ", "#Word", "^Word", "/Word", "Wo:rd", "Wo{rd", "Wo}rd", "Tags", "Deck", "Card", "Type"),
        *("CardFlag", "CardID", "Subdeck", "FrontSide", "Guid", "Base", "Context", "Source", "c1", "meaning"),
        "a" * 101,
    ],
)
def test_a_field_has_a_name_that_anki_leaves_as_it_is(tmp_path: Path, name: str) -> None:
    definition = f'fields = ["{name}", "Meaning"]\ncards = ["Recall"]\n'
    assert told(read(tmp_path, "", note_type__toml=definition)) == [
        ("note_types/Vocabulary/note_type.toml", 1, "field-name")
    ]


@pytest.mark.parametrize("name", ['Voca"bulary', "ankigen Basic", "Ankigen cloze", "a" * 101])
def test_a_note_type_has_a_name_that_anki_leaves_as_it_is(tmp_path: Path, name: str) -> None:
    write_type(tmp_path, name)
    assert {rule for _, _, rule in told(load(write(tmp_path, a=""), NOON))} == {"note-type-name"}


def test_two_types_must_not_have_one_tag_or_one_id(tmp_path: Path) -> None:
    write_type(tmp_path, "A", {"note_type__toml": f"{DEFINITION}id = 7\n"})
    write_type(tmp_path, "B", {"note_type__toml": f"{DEFINITION}id = 7\n"})
    problems = load(write(tmp_path, a=""), NOON).problems
    assert [one.message.partition(":")[0] for one in problems] == [
        "#vocab is a tag of A already",
        "A has this id already",
    ]


@pytest.mark.parametrize(
    ("file", "text", "rule"),
    [
        (FRONT, "{{Word}}{{", TEMPLATE),
        (FRONT, "{{cloze:Word}}{{Word}}", TEMPLATE),
        (FRONT, "{{Word}}<script>x()</script>", "note-type-script"),
        (BACK, "{{Word}}<img src=x onerror=alert(1)>", "note-type-script"),
        (BACK, '{{Word}}<a href="javascript:x()">', "note-type-script"),
        (BACK, '{{Word}}<iframe src="https://example.com">', "note-type-script"),
    ],
)
def test_what_anki_takes_and_the_author_may_not_mean_is_a_warning(
    tmp_path: Path, file: str, text: str, rule: str
) -> None:
    desired = read(tmp_path, "- perro #vocab\n\t- dog\n", **{file: text})
    assert [(one.severity, one.rule) for one in desired.problems] == [("warning", rule)]
    assert len(desired.notes) == 1


def test_types_that_are_one_to_anki_make_no_notes(tmp_path: Path) -> None:
    write_type(tmp_path, "A", {"note_type__toml": f"{DEFINITION}id = 7\n"})
    write_type(tmp_path, "B", {"note_type__toml": DEFINITION.replace("vocab", "other") + "id = 7\n"})
    desired = load(write(tmp_path, a="- perro #vocab\n\t- dog\n- gato #other\n\t- cat\n"), NOON)
    assert [note.content.own.name for note in desired.notes if note.content.own] == ["A"]
    assert ("a.md", 3, "note-type-unknown") in told(desired)


def test_a_type_that_is_spelt_in_another_case_is_the_same(tmp_path: Path) -> None:
    built(tmp_path)
    before = load(tmp_path, NOON).lock
    (tmp_path / "note_types/Vocabulary").rename(tmp_path / "note_types/VOCABULARY")
    desired = load(tmp_path, NOON)
    assert told(desired) == []
    assert [known.id for known in desired.lock.note_types] == [known.id for known in before.note_types]
    assert [note.identity.kind for note in desired.notes] == ["own-vocabulary"]


def test_the_id_that_a_file_gives_is_that_in_anki(tmp_path: Path) -> None:
    [note] = read(tmp_path, PERRO, note_type__toml=f"{DEFINITION}id = 1600000000123\n").notes
    assert note.content.own is not None
    assert note.content.own.note_type.id == 1_600_000_000_123


@pytest.mark.parametrize("name", ["Словарь", "Vocabulary 2", "日本語", "a-b"])
def test_a_type_of_any_name_has_a_word_that_the_lock_can_hold(tmp_path: Path, name: str) -> None:
    write_type(tmp_path, name)
    build(write(tmp_path, a="- perro #vocab\n\t- dog\n"), tmp_path / "a.apkg")
    desired = load(tmp_path, NOON)
    assert (told(desired), desired.lock) == ([], desired.stored_lock)
    assert [known.name for known in desired.lock.note_types] == [name]


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    folder = write_type(tmp_path)
    (folder / "Recall.back.html").write_bytes(b"{{Word}} \xe9")
    assert told(load(write(tmp_path, a=""), NOON)) == [("note_types/Vocabulary/Recall.back.html", 1, "note-type-file")]


def test_a_folder_whose_name_is_not_utf_8_is_told(tmp_path: Path) -> None:
    folder = write_type(tmp_path)
    os.rename(os.fsencode(folder), os.fsencode(folder.parent) + b"/\xe9")  # noqa: PTH104
    assert ("note_types", 1, "note-type-file") in told(load(write(tmp_path, a=""), NOON))


# What a stranger's notes may bring along.


def secret(folder: Path) -> Path:
    path = folder / "secret.html"
    path.write_text("{{Word}} SECRET")
    return path


@pytest.mark.parametrize("link", ["Recognise.front.html", "style.css", "note_type.toml"])
def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path, link: str) -> None:
    outside = secret(tmp_path)
    notes = tmp_path / "notes"
    folder = write_type(notes)
    (folder / link).unlink()
    (folder / link).symlink_to(outside)
    desired = load(write(notes, a="- perro #vocab\n\t- dog\n"), NOON)
    assert {rule for _, _, rule in told(desired)} <= {"note-type-file", "note-type-unknown"}
    assert desired.notes == ()
    assert "SECRET" not in repr(desired)


def test_a_link_to_another_file_of_the_notes_is_not_read_either(tmp_path: Path) -> None:
    folder = write_type(tmp_path)
    (tmp_path / ".env").write_text("{{Word}} SECRET")
    (folder / "Recognise.front.html").unlink()
    (folder / "Recognise.front.html").symlink_to(tmp_path / ".env")
    assert "SECRET" not in repr(load(write(tmp_path, a="- perro #vocab\n"), NOON))


def test_a_folder_of_types_behind_a_link_out_of_the_notes_is_not_read(tmp_path: Path) -> None:
    write_type(tmp_path / "elsewhere")
    notes = write(tmp_path / "notes", a="- perro #vocab\n\t- dog\n")
    (notes / "note_types").symlink_to(tmp_path / "elsewhere/note_types")
    desired = load(notes, NOON)
    assert ("note_types", 1, "note-type-file") in told(desired)
    assert "teal" not in repr(desired)


def test_a_type_behind_a_link_out_of_the_notes_is_not_read(tmp_path: Path) -> None:
    write_type(tmp_path / "elsewhere")
    notes = write(tmp_path / "notes", a="- perro #vocab\n\t- dog\n")
    (notes / "note_types").mkdir()
    (notes / "note_types/Vocabulary").symlink_to(tmp_path / "elsewhere/note_types/Vocabulary")
    desired = load(notes, NOON)
    assert ("note_types", 1, "note-type-file") in told(desired)
    assert "teal" not in repr(desired)


def test_a_pipe_in_place_of_a_template_keeps_nobody_waiting(tmp_path: Path) -> None:
    folder = write_type(tmp_path)
    (folder / "Recognise.front.html").unlink()
    os.mkfifo(folder / "Recognise.front.html")
    assert ("note_types/Vocabulary/Recognise.front.html", 1, "note-type-file") in told(load(tmp_path, NOON))


def test_a_folder_without_a_note_type_is_nobodys_business(tmp_path: Path) -> None:
    write(tmp_path / "note_types/ideas", x="- Why? #card\n\t- So.\n")
    desired = load(tmp_path, NOON)
    assert (told(desired), len(desired.notes)) == ([], 1)


# What there was at the last build.


def built(folder: Path, text: str = PERRO) -> Path:
    write_type(folder)
    build(write(folder, a=text), folder / "a.apkg")
    return folder


def test_the_lock_remembers_a_type_once_a_note_is_built(tmp_path: Path) -> None:
    built(tmp_path)
    [known] = load(tmp_path, NOON).lock.note_types
    assert (known.name, known.fields[:2], known.cards) == ("Vocabulary", ("Word", "Meaning"), ("Recognise", "Recall"))
    assert load(tmp_path, NOON + 5000).lock == load(tmp_path, NOON).stored_lock


def test_what_was_never_built_is_free_to_change(tmp_path: Path) -> None:
    read(tmp_path, PERRO)
    definition = 'fields = ["Meaning", "Word"]\ncards = ["Recall"]\n'
    assert told(read(tmp_path, "- dog #card\n  note-type:: Vocabulary\n\t- perro\n", note_type__toml=definition)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Gender", ', "", "the field Gender was there at the last build and is gone"),
        ('"Gender"', '"Genus"', "the field Gender was there at the last build and is gone"),
        ('"Word", "Meaning"', '"Meaning", "Word"', "the fields are in another order than at the last build"),
        ('"Gender", ', '"New", "Gender", ', "the fields are in another order than at the last build"),
        ('"Recognise", ', "", "the card Recognise was there at the last build and is gone"),
        ('"Recognise", "Recall"', '"Recall", "Recognise"', "the cards are in another order than at the last build"),
    ],
)
def test_a_change_that_would_double_the_type_is_an_error_and_costs_no_note(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    built(tmp_path)
    before = load(tmp_path, NOON).stored_lock
    desired = read(
        tmp_path,
        "- perro #vocab\n\t- dog\n",
        note_type__toml=DEFINITION.replace(old, new),
        Recognise__back__html="{{Word}}",
    )
    assert [one.message.partition(":")[0] for one in desired.problems if one.rule == "note-type-schema"] == [message]
    assert desired.notes == ()
    assert before is not None
    assert desired.lock.identities == before.identities


def test_a_new_field_stands_behind_ankigens_own(tmp_path: Path) -> None:
    built(tmp_path)
    desired = read(tmp_path, PERRO, note_type__toml=DEFINITION.replace('"Example"', '"Example", "Plural"'))
    assert told(desired) == []
    [note] = desired.notes
    assert note.content.own is not None
    assert note.content.own.note_type.fields[-3:] == ("Guid", "Base", "Plural")
    [before] = build(tmp_path, tmp_path / "b.apkg").notes
    assert note.identity == before.identity, "a field that a note says nothing of makes no note newer"


def test_a_new_text_is_dated(tmp_path: Path) -> None:
    built(tmp_path)
    write_type(tmp_path, changed={"Recall__back__html": "{{Word}}!"})
    [known] = load(tmp_path, NOON).lock.note_types
    [before] = load(tmp_path, NOON).stored_lock.note_types  # type: ignore[union-attr]
    assert (known.changed, known.id) == (before.changed + 1, before.id)


def test_notes_whose_type_is_gone_wait_for_it(tmp_path: Path) -> None:
    built(tmp_path, "- perro #vocab\n\t- dog\n")
    before = load(tmp_path, NOON).stored_lock
    for path in (tmp_path / "note_types/Vocabulary").iterdir():
        path.unlink()
    desired = load(tmp_path, NOON + 5000)
    assert told(desired) == [("note_types/Vocabulary/note_type.toml", 1, "note-type-file")]
    assert desired.lock == before
    write_type(tmp_path)
    assert [note.identity for note in load(tmp_path, NOON + 9000).notes] == [*before.identities.values()]


def test_a_note_that_changes_its_type_keeps_its_guid(tmp_path: Path) -> None:
    write_type(tmp_path)
    before = build(write(tmp_path, a="- perro #card\n\t- dog\n"), tmp_path / "a.apkg")
    after = load(write(tmp_path, a="- perro #card #vocab\n\t- dog\n"), NOON + 5000)
    assert [note.identity.guid for note in after.notes] == [note.identity.guid for note in before.notes]
    assert [note.content.kind for note in after.notes] == ["own-vocabulary"]


def test_a_template_that_changes_makes_what_is_kept_of_notes_anew(tmp_path: Path) -> None:
    assert [note.content.ordinals for note in read(tmp_path, PERRO).notes] == [(0, 1)]
    changed = read(tmp_path, PERRO, Recall__front__html="{{^Gender}}{{Word}}{{/Gender}}")
    assert [note.content.ordinals for note in changed.notes] == [(0,)]


def test_two_merged_branches_keep_both_types_and_an_older_lock_stays_as_it_was(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain", a="- Why? #card\n\t- So.\n")
    build(plain, tmp_path / "a.apkg")
    assert "version\t2\n" in (plain / "ankigen.lock").read_text()
    own = built(tmp_path / "own")
    lines = (own / "ankigen.lock").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("note type\t")]
    assert lines[1] == "version\t3"
    lines.insert(lines.index(line), line)
    (own / "ankigen.lock").write_text("\n".join(lines) + "\n")
    assert len(load(own, NOON).lock.note_types) == 1


@pytest.mark.parametrize("damage", [("Word", "Wort"), ("basic", "other"), ("\t[", "\t(")])
def test_a_damaged_line_of_a_type_is_known_as_such(tmp_path: Path, damage: tuple[str, str]) -> None:
    from ankigen.errors import BrokenLock

    built(tmp_path)
    lock = tmp_path / "ankigen.lock"
    lock.write_text(lock.read_text().replace(*damage, 1))
    with pytest.raises(BrokenLock, match=":4: this line is damaged"):
        load(tmp_path, NOON)
