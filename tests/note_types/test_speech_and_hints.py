"""What is heard, hinted and read: Anki's own library says what it would play."""

from __future__ import annotations

import pytest
from anki.decks import DEFAULT_DECK_ID
from anki.sound import SoundOrVideoTag, TTSTag

from ankigen import note_types, render
from ankigen.data import Face, Html, Note
from tests.helpers.judge import Judge
from tests.helpers.pages import complaints, desired_of, fields_of

CARD = "- le chat #card\n  speak:: fr_FR\n\t- the cat\n"
Heard = tuple[list[tuple[str, str]], list[tuple[str, str]]]


def note_of(text: str, others: dict[str, str] | None = None) -> Note:
    return next(note for note in desired_of(text, others=others).notes if "Page" in note.position.path)


def heard(judge: Judge, note: Note) -> list[Heard]:
    """What Anki plays on the two sides of each card: languages and texts."""
    made = judge.note(note_types.note_type_of(note.content), note_types.fields_of(note))
    judge.collection.add_note(made, DEFAULT_DECK_ID)
    return [(_tags(card.question_av_tags()), _tags(card.answer_av_tags())) for card in made.cards()]


def _tags(tags: list[object]) -> list[tuple[str, str]]:
    return [
        (tag.lang, tag.field_text) if isinstance(tag, TTSTag) else ("sound", tag.filename)
        for tag in tags
        if isinstance(tag, TTSTag | SoundOrVideoTag)
    ]


FRENCH, ENGLISH = ("fr_FR", "le chat"), ("en_GB", "the cat")
BOTH = CARD.replace("fr_FR\n", "fr_FR\n  speak-answer:: en_GB\n")


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        (CARD, [([FRENCH], [])]),
        (BOTH, [([FRENCH], [ENGLISH])]),
        (BOTH.replace("  speak:: fr_FR\n", ""), [([], [ENGLISH])]),
        (BOTH.replace("#card", "#card #bidirectional"), [([FRENCH], [ENGLISH]), ([ENGLISH], [FRENCH])]),
        (BOTH.replace("#card", "#card #reversed"), [([ENGLISH], [FRENCH])]),
        (BOTH.replace("#card", "#card #type-in"), [([FRENCH], [FRENCH, ENGLISH])]),
        (BOTH.replace("chat", "{{cloze chat}}"), [([], [FRENCH, ENGLISH])]),
        (CARD.replace("chat", "{{cloze chat \\\\ animal}}").replace("\t- the cat\n", ""), [([], [FRENCH])]),
        ("- le #card #incremental\n  speak:: fr_FR\n\t- chat\n", [([], [("fr_FR", "le, chat")])]),
        (
            "- le #card #choice\n  speak:: fr_FR\n  speak-answer:: en_GB\n\t- [x] cat\n\t- [ ] dog\n\t- It purrs.\n",
            [([("fr_FR", "le, cat, dog")], [("en_GB", "cat, It purrs.")])],
        ),
    ],
)
def test_anki_plays_the_question_in_front_and_a_cloze_on_the_back_alone(
    judge: Judge, text: str, sides: list[Heard]
) -> None:
    assert heard(judge, note_of(text)) == sides


def test_voices_and_speed_reach_anki(judge: Judge) -> None:
    note = note_of(CARD.replace("fr_FR", "fr_FR voices=Apple_Thomas,Microsoft_Julie speed=0.8"))
    made = judge.note(note_types.note_type_of(note.content), note_types.fields_of(note))
    judge.collection.add_note(made, DEFAULT_DECK_ID)
    [tag] = made.cards()[0].question_av_tags()
    assert isinstance(tag, TTSTag)
    assert (tag.lang, tag.voices, round(tag.speed, 3)) == ("fr_FR", ["Apple_Thomas", "Microsoft_Julie"], 0.8)


def test_what_is_typed_is_compared_without_what_is_heard(judge: Judge) -> None:
    back = fields_of(note_of(BOTH.replace("#card", "#card #type-in")))["Back"]
    assert "typeGood" in judge.collection.compare_answer(back, "the cat")
    assert "typeMissed" not in judge.collection.compare_answer(back, "the cat")


def spoken(text: str, others: dict[str, str] | None = None) -> str:
    front = fields_of(note_of(text, others))["Front"]
    return front.partition("[anki:tts lang=")[2].partition("]")[0]


def test_the_language_comes_from_the_block_or_what_is_above_it_and_off_ends_it() -> None:
    below = "- Words\n  speak:: it_IT\n\t- gatto #card\n\t  {own}\n\t\t- cat\n"
    assert spoken(f"speak:: fr_FR\n\n{below}".replace("{own}", "speak:: de_DE")) == "de_DE"
    assert spoken(f"speak:: fr_FR\n\n{below}".replace("{own}", "x:: y")) == "it_IT"
    assert spoken("speak:: fr_FR\n\n- chat #card\n\t- cat\n") == "fr_FR"
    assert spoken(f"speak:: fr_FR\n\n{below}".replace("{own}", "speak:: off")) == ""


def test_the_language_of_a_page_reaches_its_namespace() -> None:
    desired = desired_of("speak:: fr_FR\n\n- x\n", others={"Page%2FFood": "- pain #card\n\t- bread\n"})
    assert "lang=fr_FR" in fields_of(desired.notes[0])["Front"]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>One</p><ul><li>two</li><li>three.</li><li>four</li></ul>", "One, two, three. four"),
        ("a <code>b</code> c <pre><code>d</code></pre>", "a c"),
        ("a \\(b\\) c \\[d\\]", "a c"),
        ("a [sound:b.mp3] c", "a c"),
        ("<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>に", "とうきょうに"),
        ("{{c1::a::b}} {{c2::c {{c3::d::e}}}}", "a c d"),
        ("a<details><summary>Hint</summary>b</details>", "a"),
        ("<strong>a</strong>b &amp; &lt;c&gt;", "ab & <c>"),
        ("x [<!-- -->/anki:tts] [<!-- -->sound:y.mp3] \\<!-- -->(z\\<!-- -->)", "x (/anki:tts) (sound:y.mp3) (z )"),
        ("e<b>\u0301</b> 1<i>=</i>\u0338", "\u00e9 1\u2260"),
        ('<img src="a.png" alt="b"> … —', ""),
        ("", ""),
    ],
)
def test_visible_words_are_read_and_nothing_else(html: str, said: str) -> None:
    assert render.spoken_text(html) == said


@pytest.mark.parametrize(
    "words",
    ["] a", "[/anki:tts] a", "[sound:x.mp3] a", "[anki:tts lang=en_US]a[/anki:tts]", "<script>x()</script> & a",
     "\\(\\href{javascript:x}{a}\\)", "{{c1::a", "[latex]a[/latex]", "</p>\u2028a"],
)  # fmt: skip
def test_nothing_in_a_text_ends_its_tag_or_makes_another_command(judge: Judge, words: str) -> None:
    note = note_of(CARD.replace("le chat", f"b {words}"))
    [(question, answer)] = heard(judge, note)
    assert [language for language, _ in question] == ["fr_FR"]
    assert answer == []
    front = fields_of(note)["Front"]
    inside = front.partition("]")[2] if front.startswith("[anki") else front.rpartition("[anki:tts lang=fr_FR]")[2]
    assert not set("[]<>\\{}") & set(inside.removesuffix("[/anki:tts]").replace("&lt;", "").replace("&gt;", ""))


def test_an_empty_text_gets_no_tag_and_is_told_where_it_was_asked_for() -> None:
    empty = "- `chat` #card\n  speak:: fr_FR\n\t- the cat\n"
    assert "anki:tts" not in fields_of(note_of(empty))["Front"]
    assert complaints(empty) == ["2:3 speak-nothing"]
    assert complaints(f"speak:: fr_FR\n\n{empty.replace('  speak:: fr_FR' + chr(10), '')}") == []


@pytest.mark.parametrize("value", ["fr", "fr-FR", "FR_fr", "French", "fr_FR fast", "fr_FR speed=x", "fr_FR voices=a]b"])
def test_what_is_no_language_of_a_country_is_told_and_nothing_is_read(value: str) -> None:
    text = CARD.replace("fr_FR", value)
    assert complaints(text) == ["2:3 speak-language"]
    assert fields_of(note_of(text))["Front"] == "le chat"


def test_the_fault_of_a_page_is_told_at_its_property() -> None:
    two = "speak:: French\n\n- chat #card\n\t- cat\n- chien #card\n\t- dog\n"
    assert complaints(two) == ["1:1 speak-language"]


HINTED = "- What bends light? #card\n  hint:: It is of **glass**.\n\t- a lens\n"
DETAILS = '<details class="hint"><summary>Hint</summary>It is of <strong>glass</strong>.</details>'


def test_a_hint_stands_below_the_question_and_opens_without_a_script() -> None:
    assert fields_of(note_of(HINTED))["Front"] == f"What bends light?{DETAILS}"


def test_a_hint_stands_where_the_card_asks() -> None:
    reverse = fields_of(note_of(HINTED.replace("#card", "#card #reversed")))
    assert (reverse["Front"], reverse["Back"]) == ("What bends light?", f"a lens{DETAILS}")
    assert fields_of(note_of(HINTED.replace("#card", "#card #type-in")))["Front"].endswith(DETAILS)


@pytest.mark.parametrize(
    "text", [HINTED.replace("light", "{{cloze light}}"), HINTED.replace("#card", "#card #type-in #bidirectional")]
)
def test_a_hint_that_would_be_no_hint_is_told(text: str) -> None:
    assert complaints(text) == ["2:3 hint-unshown"]
    assert not any("<details" in field for field in fields_of(note_of(text)).values())


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("日本[にほん]に行[い]く", "<ruby>日本<rt>にほん</rt></ruby>に<ruby>行<rt>い</rt></ruby>く"),
        ("人々[ひとびと]", "<ruby>人々<rt>ひとびと</rt></ruby>"),
        ("珈琲[コーヒー]", "<ruby>珈琲<rt>コーヒー</rt></ruby>"),
        ("日本[Nihon] 日本[にほん。] にほん[にほん] 日本 [にほん] a[あ]", None),
        ("<code>日本[にほん]</code> <pre>日本[にほん]</pre> \\(日本[にほん]\\)", None),
        ('<img alt="日本[にほん]">', None),
        ("{{c1::日本[にほん]}}", "{{c1::<ruby>日本<rt>にほん</rt></ruby>}}"),
    ],
)
def test_kanji_before_a_bracket_of_kana_get_a_reading(html: str, shown: str | None) -> None:
    assert render.with_readings(Face(Html(html))).html == (shown or html)


def test_readings_are_made_on_all_fields_where_furigana_is_on_and_nowhere_else() -> None:
    text = "- 日本[にほん] #card\n  extra:: 東[ひがし]\n\t- 京[きょう]\n"
    assert fields_of(note_of(text))["Front"] == "日本[にほん]"
    on = fields_of(note_of(f"furigana:: true\n\n{text}"))
    assert on["Front"] == "<ruby>日本<rt>にほん</rt></ruby>"
    assert on["Back"] == "<ruby>京<rt>きょう</rt></ruby>"
    assert on["Extra"] == "<ruby>東<rt>ひがし</rt></ruby>"
    assert (
        fields_of(note_of(f"furigana:: true\n\n- x\n  furigana:: false\n\t{text.replace(chr(10), chr(10) + chr(9))}"))[
            "Front"
        ]
        == "日本[にほん]"
    )


def test_readings_are_what_is_heard(judge: Judge) -> None:
    note = note_of("furigana:: true\nspeak:: ja_JP\n\n- 日本[にほん]は #card\n\t- Japan\n")
    assert heard(judge, note) == [([("ja_JP", "にほんは")], [])]


def test_properties_of_speech_are_no_text_of_an_answer() -> None:
    text = "- chat #card\n\t- cat\n\t- speak:: fr_FR\n\t- furigana:: true\n"
    assert fields_of(note_of(text))["Back"] == "cat"


def test_a_person_knows_a_note_by_its_words_and_not_by_what_helps_to_answer_it() -> None:
    text = HINTED.replace("#card", "#card #choice").replace("a lens", "[x] a lens\n\t- [x] a prism\n\t- [ ] a mirror")
    note = note_of(text.replace("hint::", "speak:: en_GB\n  speak-answer:: en_GB\n  hint::"))
    question, answer = note_types.sides_of(note.content)
    assert question == (
        '<p>What bends light?</p><ol class="choices several"><li>a lens</li><li>a prism</li><li>a mirror</li></ol>'
    )
    assert "anki:tts" not in answer
    _, _, said = note_types.shown_in(note_types.fields_of(note_of(BOTH.replace("chat", "{{cloze chat}}"))))
    assert said == "\nthe cat"
