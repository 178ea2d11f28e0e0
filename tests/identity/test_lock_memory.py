"""What the lock remembers of each card from one build to the next, and which GUID a new card gets."""

import hashlib
from pathlib import Path

import pytest

from ankigen import identity
from ankigen.data import ClozeNumber, Identity, Lock, SourceId, Style
from ankigen.identity import CardEvidence, first_numbers, guid_for, with_style
from ankigen.note_types import CLOZE
from ankigen.source import load
from ankigen.support.hashing import digest
from ankigen.support.structs import replace
from tests.helpers.building import NOON, build, write
from tests.helpers.notebook import cards_of

NOTHING = Lock(SourceId("0123456789ab"), {})
SECONDS = NOON // 1000
HOUR = 3_600_000
LENS = "- What bends light? #card\n\t- A lens\n"
PRISM = "- What splits light? #card\n\t- A prism\n"
ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"


def remembered(cards: list[CardEvidence], lock: Lock = NOTHING, now: int = NOON, *, content: str = "same") -> Lock:
    """The lock after a build of all these cards, which all say `content`."""
    recognised, _ = identity.recognise(cards, lock)
    return identity.update_lock(recognised, {card.guid: content for card in recognised}, lock, now)


def only(lock: Lock) -> Identity:
    [known] = lock.identities.values()
    return known


def guids(cards: list[CardEvidence], lock: Lock = NOTHING) -> list[str]:
    recognised, _ = identity.recognise(cards, lock)
    return [card.guid for card in recognised]


def new_guid(*parts: str) -> str:
    return guid_for(NOTHING.source_id, *parts)


# GUIDs


def test_a_guid_is_the_same_for_ever() -> None:
    """Readers have notes with these GUIDs: another one would be another note."""
    assert guid_for("optics", "What bends light?", "0") == "063ca719e103f8750e43"


def test_a_new_guid_is_the_hash_of_source_page_question_and_ordinal_each_with_its_length() -> None:
    parts = ["ankigen", "0123456789ab", "optics", "What bends light?", "0"]
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    assert guids(cards_of(LENS, "optics")) == [hashlib.sha256(framed.encode()).hexdigest()[:20]]


def test_what_a_lock_holds_keeps_the_guid_that_it_had_before_sources_went_in() -> None:
    old = guid_for("optics", "What bends light?", "0")
    known = remembered(cards_of(LENS, "optics"))
    before = Lock(NOTHING.source_id, {old: replace(only(known), guid=old)})
    assert guids(cards_of(LENS + PRISM, "optics"), before) == [old, new_guid("optics", "What splits light?", "0")]


def test_cards_of_one_question_on_one_page_have_guids_by_their_order() -> None:
    cards = [*cards_of(PRISM + LENS + LENS + LENS, "optics"), *cards_of(LENS, "light")]
    assert guids(cards) == [
        new_guid("optics", "What splits light?", "0"),
        new_guid("optics", "What bends light?", "0"),
        new_guid("optics", "What bends light?", "1"),
        new_guid("optics", "What bends light?", "2"),
        new_guid("light", "What bends light?", "0"),
    ]


def test_a_new_card_never_gets_the_guid_of_a_card_that_moved_away() -> None:
    glass, water, heat = (f"- What bends light? #card\n\t- {answer}\n" for answer in ("Glass", "Water", "Heat"))
    lock = remembered(cards_of(glass, "optics"))
    second = [*cards_of(water, "optics"), *cards_of(glass, "solids")]
    third = [*cards_of(heat, "optics"), *cards_of(glass, "solids"), *cards_of(water, "waters")]
    first_guid = new_guid("optics", "What bends light?", "0")
    second_guid = new_guid("optics", "What bends light?", "0", "1")
    assert guids(second, lock) == [second_guid, first_guid]
    assert guids(third, remembered(second, lock)) == [
        new_guid("optics", "What bends light?", "0", "2"),
        first_guid,
        second_guid,
    ]


def test_a_new_card_never_gets_the_id_of_a_removed_note_that_another_card_took_over() -> None:
    lens = f"- What bends light? #card\n  id:: {ID}\n\t- A lens\n"
    before = remembered(cards_of(lens))
    copy = f"- Who grinds them? #card\n  id:: {ID}\n\t- An optician\n"
    assert guids(cards_of(copy + lens), before) == [new_guid("a", "Who grinds them?", "0"), ID]


# Times


def test_new_cards_are_created_ten_milliseconds_apart_up_to_now_in_reading_order() -> None:
    lock = remembered(cards_of(LENS + PRISM + "- Who? #card\n\t- He\n"))
    created = {known.question: known.created for known in lock.identities.values()}
    assert created == {"What bends light?": NOON - 20, "What splits light?": NOON - 10, "Who?": NOON}


def test_no_two_notes_are_created_at_one_time() -> None:
    """The time is the note's id in Anki, and the clock may stand still between builds."""
    first = remembered(cards_of(LENS))
    second = remembered(cards_of(LENS + PRISM), first)
    assert sorted(known.created for known in second.identities.values()) == [NOON - 10, NOON]


def test_a_note_that_says_the_same_keeps_its_times() -> None:
    first = remembered(cards_of(LENS))
    assert remembered(cards_of(LENS), first, NOON + HOUR) == first


def test_a_note_that_says_something_else_becomes_newer_and_keeps_its_birth() -> None:
    first = remembered(cards_of(LENS))
    known = only(remembered(cards_of(LENS), first, NOON + HOUR, content="another"))
    assert (known.created, known.modified) == (NOON, SECONDS + 3600)


@pytest.mark.parametrize("moment", [NOON, NOON - HOUR])
def test_a_changed_note_is_newer_though_the_clock_stood_still_or_went_back(moment: int) -> None:
    known = only(remembered(cards_of(LENS), remembered(cards_of(LENS)), moment, content="another"))
    assert known.modified == SECONDS + 1


# What a card says now


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("- What bends the light? #card\n\t- A lens\n", "question", "What bends the light?"),
        (f"- What bends light? #card\n  id:: {ID}\n\t- A lens\n", "id", ID),
        ("- What bends light? {{cloze A lens}} #card\n\t- A lens\n", "kind", CLOZE.name),
    ],
)
def test_the_lock_remembers_what_a_card_says_now(text: str, fact: str, value: object) -> None:
    """Also where the package says the same as before: the next edit is compared with this one."""
    known = only(remembered(cards_of(text), remembered(cards_of(LENS)), NOON + HOUR))
    assert getattr(known, fact) == value
    assert (known.created, known.modified) == (NOON, SECONDS)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("question_digest", "another question"),
        ("answer_digest", "another answer"),
        ("page", "elsewhere"),
        ("id", ID),
        ("kind", CLOZE.name),
    ],
)
def test_the_lock_remembers_each_fact_of_a_card_that_changed_alone(fact: str, value: object) -> None:
    lock = remembered(cards_of(LENS))
    [card], _ = identity.recognise(cards_of(LENS), lock)
    changed = replace(card, evidence=replace(card.evidence, **{fact: value}))
    known = only(identity.update_lock([changed], {card.guid: "same"}, lock, NOON + HOUR))
    assert known == replace(only(lock), **{fact: value})


@pytest.mark.parametrize(("fact", "value"), [("ordinal", 1), ("clozes", (ClozeNumber("red", 2),))])
def test_the_lock_remembers_an_order_and_numbers_that_changed_alone(fact: str, value: object) -> None:
    lock = remembered(cards_of("- {{cloze red}} #card\n"))
    [card], _ = identity.recognise(cards_of("- {{cloze red}} #card\n"), lock)
    changed = replace(card, **{fact: value})
    known = only(identity.update_lock([changed], {card.guid: "same"}, lock, NOON + HOUR))
    assert known == replace(only(lock), **{fact: value})


def test_the_lock_remembers_the_order_of_equal_questions() -> None:
    first, second = "- Def #card\n\t- The first of two\n", "- Def #card\n\t- The second of two\n"
    lock = remembered(cards_of(second + first), remembered(cards_of(first + second)), NOON + HOUR)
    recognised, _ = identity.recognise(cards_of(second + first), lock)
    assert [card.known and card.known.ordinal for card in recognised] == [0, 1]


def test_the_lock_remembers_new_numbers_of_clozes() -> None:
    lock = remembered(cards_of("- {{cloze red}} and {{cloze blue}} #card\n"))
    assert only(lock).clozes == (ClozeNumber("red", 1), ClozeNumber("blue", 2))
    lock = remembered(cards_of("- {{cloze blue}} and {{cloze red}} #card\n"), lock, NOON + HOUR)
    assert only(lock).clozes == (ClozeNumber("blue", 2), ClozeNumber("red", 1))


def test_a_new_card_numbers_its_clozes_in_reading_order() -> None:
    [card] = cards_of("- {{cloze red}} and {{cloze blue}} and {{cloze red}} #card\n")
    assert first_numbers(card) == (1, 2, 3)


def test_the_lock_holds_eighty_letters_of_a_question_without_a_blank_at_the_end() -> None:
    assert only(remembered(cards_of(f"- {'x' * 100} #card\n\t- A\n"))).question == "x" * 80
    assert only(remembered(cards_of(f"- {'x' * 79} and more #card\n\t- A\n"))).question == "x" * 79


def test_digests_of_words_are_sixteen_hex_digits() -> None:
    """Enough that two questions never share one, and few enough that a line of the lock can be read."""
    known = only(remembered(cards_of(LENS)))
    assert (len(known.question_digest), len(known.answer_digest)) == (16, 16)


# Cards that went and came back


def test_a_removed_note_is_dated_once() -> None:
    """The lock changes no more: `--locked` would fail at each build."""
    gone = remembered([], remembered(cards_of(LENS)), NOON + HOUR)
    assert only(gone).removed == SECONDS + 3600
    assert remembered([], gone, NOON + 2 * HOUR) == gone


def test_a_note_that_came_back_is_removed_no_more_and_is_known_when_it_is_reworded() -> None:
    lock = remembered([], remembered(cards_of(LENS)), NOON + HOUR)
    lock = remembered(cards_of(LENS), lock, NOON + 2 * HOUR)
    assert only(lock).removed is None
    assert (only(lock).created, only(lock).modified) == (NOON, SECONDS)
    reworded = cards_of("- What bends the light? #card\n\t- Any lens\n")
    assert guids(reworded, lock) == [only(lock).guid]


def test_no_note_is_removed_while_a_part_of_the_notes_cannot_be_read() -> None:
    lock = remembered(cards_of(LENS + PRISM))
    recognised, _ = identity.recognise(cards_of(LENS), lock)
    contents = {card.guid: "same" for card in recognised}
    assert identity.update_lock(recognised, contents, lock, NOON + HOUR, set(lock.identities)) == lock


def test_notes_of_a_file_that_cannot_be_read_are_not_removed(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a=LENS, b=PRISM)
    before = build(notes, tmp_path / "a.apkg").lock
    (notes / "b.md").write_bytes(b"- caf\xe9 #card")
    after = load(notes, NOON + HOUR)
    assert [problem.rule for problem in after.problems] == ["unreadable-file"]
    assert after.lock == before


def test_a_card_with_a_mistake_keeps_its_note_as_it_was() -> None:
    """A card that makes no note for now is not a deleted one."""
    lock = remembered(cards_of(LENS))
    recognised, _ = identity.recognise(cards_of(LENS), lock)
    assert identity.update_lock(recognised, {}, lock, NOON + HOUR) == lock


def test_a_new_card_with_a_mistake_is_not_remembered_and_takes_nobodys_time() -> None:
    recognised, _ = identity.recognise(cards_of(LENS + PRISM), NOTHING)
    lens, _ = (card.guid for card in recognised)
    lock = identity.update_lock(recognised, {lens: "same"}, NOTHING, NOON)
    assert (only(lock).guid, only(lock).created) == (lens, NOON)


def test_the_cards_stand_in_reading_order_and_the_removed_ones_behind_them() -> None:
    lock = remembered(cards_of(LENS + PRISM))
    lens, prism = lock.identities
    assert list(remembered(cards_of(PRISM), lock, NOON + HOUR).identities) == [prism, lens]


# Style


def test_a_lock_keeps_its_name_and_its_style() -> None:
    style = Style("0123456789abcdef", SECONDS)
    lock = remembered(cards_of(LENS), replace(NOTHING, style=style))
    assert (lock.source_id, lock.style) == ("0123456789ab", style)


@pytest.mark.parametrize("blank", ["", " \n"])
def test_notes_without_css_have_no_style(blank: str) -> None:
    assert with_style(NOTHING, blank, NOON) == NOTHING


def test_css_is_dated_when_it_comes_when_it_changes_and_when_it_goes() -> None:
    first = with_style(NOTHING, ".card {}", NOON)
    assert first.style
    assert (len(first.style.digest), first.style.changed) == (16, SECONDS)
    assert with_style(first, ".card {}", NOON + HOUR) == first
    second = with_style(first, ".card { color: red }", NOON + HOUR)
    assert second.style
    assert (second.style.digest != first.style.digest, second.style.changed) == (True, SECONDS + 3600)
    third = with_style(second, "", NOON + 2 * HOUR)
    assert third.style
    assert third.style.changed == SECONDS + 7200
    assert with_style(third, "", NOON + 3 * HOUR) == third


@pytest.mark.parametrize("moment", [NOON, NOON - HOUR])
def test_changed_css_is_newer_though_the_clock_stood_still_or_went_back(moment: int) -> None:
    changed = with_style(with_style(NOTHING, ".card {}", NOON), ".card { color: red }", moment)
    assert changed.style
    assert changed.style.changed == SECONDS + 1


# What a card's evidence says


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("- What  bends\tlight? #card\n\t- A  lens\n", LENS),
        ("- Que\u0301? #card\n\t- Cafe\u0301\n", "- Qu\u00e9? #card\n\t- Caf\u00e9\n"),
    ],
)
def test_white_space_and_the_form_of_accents_are_no_change(one: str, other: str) -> None:
    lock = remembered(cards_of(other))
    assert remembered(cards_of(one), lock, NOON + HOUR) == lock


def test_blocks_below_an_answer_and_the_extra_are_part_of_it() -> None:
    plain = "- Def #card\n  #+BEGIN_EXTRA\n  besides {}\n  #+END_EXTRA\n\t- One\n\t\t- below {}\n"
    texts = [plain.format(1, 1), plain.format(2, 1), plain.format(1, 2)]
    digests = {card.answer_digest for text in texts for card in cards_of(text)}
    assert len(digests) == 3


def test_the_words_of_a_card_are_hashed_as_locks_on_disk_have_them() -> None:
    """Another hash of the same words would make each card of each user a reworded one."""
    [card] = cards_of("- Def #card\n  #+BEGIN_EXTRA\n  besides\n  #+END_EXTRA\n\t- One\n\t\t- below\n")
    assert card.question_digest == digest("Def", length=16)
    assert card.answer_digest == digest("One below besides", length=16)


def test_words_of_two_blocks_do_not_run_together() -> None:
    [one] = cards_of("- Def #card\n\t- ab\n\t- c\n")
    [other] = cards_of("- Def #card\n\t- a\n\t- bc\n")
    assert one.answer_digest != other.answer_digest


@pytest.mark.parametrize("page", ["Optics", "/optics/", "OPTICS"])
def test_a_page_is_the_one_that_logseq_takes_it_for(page: str) -> None:
    assert [card.page for card in cards_of(LENS, page)] == ["optics"]


def test_each_copy_of_an_id_is_told_of() -> None:
    card = f"- Q{{}} #card\n  tags:: x\n  id:: {ID.upper()}\n\t- A\n"
    _, problems = identity.recognise(cards_of("".join(map(card.format, range(3)))), NOTHING)
    assert [(str(problem.position), problem.rule) for problem in problems] == [
        ("a.md:5:1", "duplicate-id"),
        ("a.md:9:1", "duplicate-id"),
    ]
    [first, *_] = problems
    assert first.message == f"id {ID} stands at a.md:1:1 too: delete the line in the card that is a copy"


def test_cards_without_an_id_are_no_copies() -> None:
    _, problems = identity.recognise(cards_of(LENS + PRISM), NOTHING)
    assert problems == []
