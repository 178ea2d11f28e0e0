"""In which order a plan is carried out, what Anki is asked for, and what counts as done.

Anki is written by hand here. The test server cannot show these things: what stands between two requests (a pause, what
the user is told), a request that would change nothing, and the states in which Anki took a part of a change and not the
rest. What the requests do to a true collection is shown by the other tests of sync.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Group
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any

import pytest

from ankigen.data import (
    Change,
    Collection,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingNote,
    ExistingNoteType,
    ExtendNoteType,
    Guid,
    Html,
    MediaFile,
    MoveCards,
    PackedNote,
    Plan,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SuspendNote,
    Template,
    UpdateNote,
)
from ankigen.note_types import packed
from ankigen.note_types.base_field import REMOVED_TAG, REMOVING_TAG
from ankigen.support.structs import replace
from ankigen.syncing.apply import Step, apply_plan, extend_note_types, seen_after
from ankigen.syncing.read_back import read_back
from ankigen.targets import PendingCollection, Writer
from ankigen.targets.anki_connect.writer import writing
from tests.helpers.contents import cloze_content
from tests.helpers.handmade import BASIC, CLOZE, KINDS, anki, cards, held, values_of
from tests.helpers.syncing import note

A, B = note("a"), note("b")
A_ID, B_ID = A.identity.created, B.identity.created
HIDDEN = note("a", content=cloze_content("{{c2::hidden}}"))
PICTURE = MediaFile("a.png", "/a.png")
KIND, CLOZE_KIND = KINDS
CARRIERS = [901, 902]

Call = tuple[Any, ...]


class Handmade:
    """An Anki that writes down what it is asked for, and holds what it is given."""

    def __init__(
        self,
        holds: Collection | None = None,
        *,
        selected: Group[int] = (),
        largest: int | None = None,
        names: Sequence[Mapping[int, str]] = (),
    ) -> None:
        self.calls: list[Call] = []
        self.pack: Callable[[Sequence[PackedNote]], bytes] = pack
        self._holds = holds or Collection("anki")
        self._selected = frozenset(selected)
        self._largest = largest
        self._names = iter(names)

    def read(self, note_types: Group[int] = (), guids: Group[Guid] | None = None) -> Collection:
        self.calls.append(("read", frozenset(note_types), guids if guids is None else frozenset(guids)))
        return self._holds

    def read_around(self, collection: Collection, decks: Group[str] = (), *, with_media: bool = False) -> Collection:
        assert not decks
        self.calls.append(("read around", with_media))
        return collection

    def require_ready(self) -> None:
        raise AssertionError("a plan was made, so Anki was ready")

    def begin_reading(self, note_types: Group[int]) -> PendingCollection:
        raise AssertionError("nothing is read ahead while a plan is done")

    def writing(
        self,
        collection: str,
        written: AbstractSet[int],
        imports: Sequence[PackedNote],
        descriptions: Mapping[str, Html],
    ) -> AbstractContextManager[Writer]:
        return writing(self, written, imports, self.pack)

    def wait(self, seconds: float) -> None:
        self.calls.append(("pause", seconds))

    def find_notes(self, guid: Guid) -> Sequence[int]:
        self.calls.append(("find", guid))
        return CARRIERS

    def note_type_names(self) -> Mapping[int, str]:
        return next(self._names)

    def prepare(self) -> Future[frozenset[int]]:
        self.calls.append(("prepare",))
        promise: Future[frozenset[int]] = Future()
        promise.set_result(self._selected)
        return promise

    def clear_browser(self) -> None:
        self.calls.append(("clear browser",))

    def largest_package(self) -> int | None:
        return self._largest

    def import_package(self, content: bytes) -> None:
        self.calls.append(("import", content.decode()))

    def send_media(self, media: Iterable[MediaFile]) -> None:
        self.calls.append(("send", [file.name for file in media]))

    def move(self, cards: Iterable[int], deck: str) -> None:
        self.calls.append(("move", list(cards), deck))

    def suspend(self, cards: Iterable[int]) -> None:
        self.calls.append(("suspend", list(cards)))

    def unsuspend(self, cards: Iterable[int]) -> None:
        self.calls.append(("unsuspend", list(cards)))

    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None:
        self.calls.append(("tag", {tag: list(ids) for tag, ids in notes.items()}))

    def remove_tag(self, notes: Iterable[int], tag: str) -> None:
        self.calls.append(("untag", list(notes), tag))

    def delete_notes(self, notes: Iterable[int]) -> None:
        self.calls.append(("delete", list(notes)))

    def update_note_types(self, notes: Mapping[int, PackedNote], names: Mapping[int, str]) -> None:
        self.calls.append(("convert", {id: names[packed.note_type.id] for id, packed in notes.items()}))

    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template] = ()) -> None:
        self.calls += [("add field", note_type, name) for name in fields]
        self.calls += [("add card", note_type, template.name) for template in templates]

    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None:
        self.calls.append(("restyle", note_type, [template.name for template in templates], css))


def pack(notes: Sequence[PackedNote]) -> bytes:
    """A package that is as many bytes long as its notes' names."""
    return "".join(note.guid for note in notes).encode()


def done(there: Handmade, *changes: Change) -> list[Call]:
    """What Anki is asked for between the preparation and the reading."""
    apply_plan(Plan(changes), there)
    assert there.calls[0] == ("prepare",)
    return [call for call in there.calls[1:] if not call[0].startswith("read")]


def create(name: str) -> CreateNote:
    return CreateNote(note(name), packed(note(name)))


UPDATE = UpdateNote(A, held(A), packed(A))
CONVERT = ConvertNote(HIDDEN, held(A), packed(HIDDEN))
MOVE = MoveCards(A, held(A), (1,), "B")
SUSPEND = SuspendNote(held(A), (1, 2), (3,))
RESTORE = RestoreNote(A, held(A), (1, 2))
DELETE = DeleteNote(held(A))
RESTYLE = RestyleNoteType(KIND, BASIC.templates[:1], "css")
EXTEND = ExtendNoteType(KIND, ("Later", "Latest"))
NAMES = {BASIC.id: "ankigen Basic", CLOZE.id: "Mine"}


# In which order


def test_the_steps_have_an_order_and_are_told_as_they_begin() -> None:
    there = Handmade(names=[NAMES])
    steps: list[Step] = []

    def tell(step: Step) -> None:
        steps.append(step)
        there.calls.append(("tell", step))

    changes = (RESTYLE, RESTORE, DELETE, SUSPEND, CONVERT, UPDATE, create("n"), MOVE, SendMedia(PICTURE))
    apply_plan(Plan(changes), there, tell)
    assert steps == [*Step]
    assert [call[:2] for call in there.calls] == [
        ("prepare",),
        ("tell", Step.MEDIA),
        ("send", ["a.png"]),
        ("tell", Step.DECKS),
        ("move", [1]),
        ("tell", Step.NOTES),
        ("import", "an"),
        ("tell", Step.CONVERSIONS),
        ("convert", {A_ID: "Mine"}),
        ("tell", Step.REMOVALS),
        ("tag", {f"{REMOVED_TAG}::3": [A_ID], REMOVING_TAG: [A_ID]}),
        ("suspend", [1, 2]),
        ("tag", {REMOVED_TAG: [A_ID]}),
        ("untag", [A_ID]),
        ("delete", [A_ID]),
        ("unsuspend", [1, 2]),
        ("untag", [A_ID]),
        ("tell", Step.STYLES),
        ("restyle", "ankigen Basic"),
        ("tell", Step.READING),
        ("read", frozenset({BASIC.id, CLOZE.id})),
        ("read around", True),
    ]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (SendMedia(PICTURE), Step.MEDIA),
        (MOVE, Step.DECKS),
        (UPDATE, Step.NOTES),
        (create("n"), Step.NOTES),
        (CONVERT, Step.CONVERSIONS),
        (SUSPEND, Step.REMOVALS),
        (DELETE, Step.REMOVALS),
        (RESTORE, Step.REMOVALS),
        (RESTYLE, Step.STYLES),
    ],
)
def test_only_steps_with_something_to_do_are_told(change: Change, step: Step) -> None:
    steps: list[Step] = []
    apply_plan(Plan((change,)), Handmade(names=[NAMES]), steps.append)
    assert steps == [step, Step.READING]


def test_extensions_are_done_by_themselves_alone() -> None:
    there = Handmade(anki(kinds=[KIND]))
    outcome = apply_plan(Plan((EXTEND,)), there)
    assert (outcome.done, outcome.undone) == ((), ())
    assert [call[0] for call in there.calls] == ["prepare", "read", "read around"]
    there.calls.clear()
    extend_note_types(Plan((UPDATE, EXTEND)), there)
    assert there.calls == [("add field", "ankigen Basic", "Later"), ("add field", "ankigen Basic", "Latest")]


# What Anki is asked for


@pytest.mark.parametrize("change", [UPDATE, CONVERT, SUSPEND, RESTORE])
def test_a_browser_that_shows_a_note_to_be_written_is_emptied_first_and_waited_for(change: Change) -> None:
    first, second, *work, last = done(Handmade(selected=[5, A_ID], names=[NAMES]), change)
    assert (first, second, last) == (("clear browser",), ("pause", 1.5), ("pause", 1.5))
    assert work != []


@pytest.mark.parametrize("change", [MOVE, DELETE, create("a"), SendMedia(PICTURE)])
def test_a_browser_is_left_alone_where_no_text_of_the_note_is_written(change: Change) -> None:
    [_, last] = done(Handmade(selected=[A_ID]), change)
    assert last == ("pause", 1.5)


def test_a_browser_that_shows_another_note_is_only_waited_for_and_a_closed_one_is_not() -> None:
    assert done(Handmade(selected=[5]), UPDATE) == [("import", "a"), ("pause", 1.5)]
    assert done(Handmade(), UPDATE) == [("import", "a")]


def test_the_browser_is_waited_for_when_all_is_written_and_nothing_read() -> None:
    there = Handmade(selected=[5])
    log = there.calls
    apply_plan(Plan((UPDATE,)), there, lambda step: log.append((step,)))
    steps = ["prepare", Step.NOTES, "import", Step.READING, "pause", "read", "read around"]
    assert [call[0] for call in log] == steps


def test_cards_are_moved_deck_by_deck() -> None:
    moves = [replace(MOVE, cards=(1, 2)), replace(MOVE, cards=(3,), deck="C"), replace(MOVE, cards=(4,))]
    assert done(Handmade(), *moves) == [("move", [1, 2, 4], "B"), ("move", [3], "C")]


@pytest.mark.parametrize(
    ("names", "largest", "packages"),
    [
        (["a", "b", "c", "d"], None, ["abcd"]),
        (["a", "b", "c", "d"], 4, ["abcd"]),
        (["a", "b", "c", "d"], 3, ["ab", "cd"]),
        (["a", "b", "c", "d", "e"], 2, ["ab", "c", "de"]),
        (["a", "b", "c"], 1, ["a", "b", "c"]),
        (["abc", "d"], 2, ["abc", "d"]),
        (["abc"], 2, ["abc"]),
    ],
)
def test_notes_go_in_packages_as_large_as_anki_takes_them(
    names: list[str], largest: int | None, packages: list[str]
) -> None:
    assert done(Handmade(largest=largest), *map(create, names)) == [("import", one) for one in packages]


def test_nothing_is_packed_where_no_note_changes() -> None:
    def no_pack(_notes: Sequence[PackedNote]) -> bytes:
        raise AssertionError

    there = Handmade()
    there.pack = no_pack
    apply_plan(Plan((MOVE,)), there)


def test_a_note_type_that_is_there_is_not_brought() -> None:
    assert done(Handmade(names=[NAMES]), CONVERT) == [("convert", {A_ID: "Mine"})]


def test_a_note_type_that_is_missing_is_brought_once_with_a_note_that_goes_at_once() -> None:
    carried: list[PackedNote] = []

    def keep(notes: Sequence[PackedNote]) -> bytes:
        carried.extend(notes)
        return b"carrier"

    there = Handmade(names=[{BASIC.id: "ankigen Basic"}, NAMES])
    two = (CONVERT, replace(CONVERT, existing=held(B)))
    there.pack = keep
    apply_plan(Plan(two), there)
    assert there.calls[1:5] == [
        ("import", "carrier"),
        ("find", "ankigen-carrier"),
        ("delete", CARRIERS),
        ("convert", {A_ID: "Mine", B_ID: "Mine"}),
    ]
    [carrier] = carried
    assert (carrier.guid, carrier.ordinals, carrier.note_type) == ("ankigen-carrier", (0,), CLOZE)
    values = values_of(carrier)
    assert (values["Guid"], values["Base"], values["Text"]) == ("ankigen-carrier", "", "{{c2::hidden}}")


def test_each_note_type_that_is_missing_is_brought_by_a_note_that_is_gone_before_the_next() -> None:
    """Anki imports nothing of a package with a note that it has as one of another kind."""
    back = ConvertNote(B, held(B), packed(B))
    calls = done(Handmade(names=[{}, NAMES]), CONVERT, back)
    assert [call[0] for call in calls] == ["import", "find", "delete", "import", "find", "delete", "convert"]


def test_notes_are_suspended_between_two_marks_with_tags_for_cards_that_rested() -> None:
    second = SuspendNote(held(B), (7,), (8, 9))
    assert done(Handmade(), SUSPEND, second) == [
        (
            "tag",
            {
                f"{REMOVED_TAG}::3": [A_ID],
                f"{REMOVED_TAG}::8": [B_ID],
                f"{REMOVED_TAG}::9": [B_ID],
                REMOVING_TAG: [A_ID, B_ID],
            },
        ),
        ("suspend", [1, 2, 7]),
        ("tag", {REMOVED_TAG: [A_ID, B_ID]}),
        ("untag", [A_ID, B_ID], REMOVING_TAG),
    ]


def test_notes_whose_cards_need_nothing_are_marked_and_unmarked_alone() -> None:
    assert [call[0] for call in done(Handmade(), replace(SUSPEND, cards=()))] == ["tag", "tag", "untag"]
    assert done(Handmade(), replace(RESTORE, cards=())) == [("untag", [A_ID], REMOVED_TAG)]


def test_restored_notes_lose_their_marks_when_their_cards_are_awake() -> None:
    second = RestoreNote(B, held(B), (7,))
    assert done(Handmade(), RESTORE, second) == [("unsuspend", [1, 2, 7]), ("untag", [A_ID, B_ID], REMOVED_TAG)]


def test_notes_are_deleted_and_types_restyled_by_name() -> None:
    assert done(Handmade(), DELETE, DeleteNote(held(B))) == [("delete", [A_ID, B_ID])]
    assert done(Handmade(), RESTYLE) == [("restyle", "ankigen Basic", ["Forward"], "css")]


@pytest.mark.parametrize(
    ("change", "types", "guids", "with_media"),
    [
        (create("a"), {BASIC.id}, {"a"}, False),
        (UPDATE, {BASIC.id}, {"a"}, False),
        (CONVERT, {CLOZE.id}, {"a"}, False),
        (MOVE, set(), {"a"}, False),
        (SUSPEND, set(), {"a"}, False),
        (RESTORE, set(), {"a"}, False),
        (DELETE, set(), {"a"}, False),
        (SendMedia(PICTURE), set(), set(), True),
        (RESTYLE, {BASIC.id}, set(), False),
        (EXTEND, {BASIC.id}, set(), False),
    ],
)
def test_only_what_may_have_changed_is_read_back(
    change: Change, types: set[int], guids: set[str], with_media: bool
) -> None:
    there = Handmade()
    read_back(Plan((change,)), there)
    assert there.calls == [("read", types, guids), ("read around", with_media)]


# What counts as done


def is_done(change: Change, holds: Collection) -> bool:
    outcome = read_back(Plan((change,)), Handmade(holds))
    assert (outcome.done, outcome.undone) in [((change,), ()), ((), (change,))]
    assert outcome.existing == holds
    return outcome.done == (change,)


TAGGED = note("a", tags=("t", "ü"))
RESTING = note("a", suspended=True)
CREATE = CreateNote(TAGGED, packed(TAGGED))
CREATE_RESTING = CreateNote(RESTING, replace(packed(RESTING), is_suspended=True))


def with_cards(*states: bool) -> tuple[Any, ...]:
    return tuple(
        replace(card, is_suspended=state) for card, state in zip(cards(*["A"] * len(states)), states, strict=True)
    )


@pytest.mark.parametrize(
    ("there", "as_expected"),
    [
        ([held(TAGGED)], True),
        ([held(TAGGED, id=5)], True),
        ([held(TAGGED, tags=("U\u0308", "T"))], True),
        ([held(TAGGED, tags=("t", "ü", "ankigen::removed", "Ankigen::removed::5"))], True),
        ([held(TAGGED, edits={"Back": "other"}, id=5), held(TAGGED)], True),
        ([held(TAGGED), held(TAGGED, edits={"Back": "other"}, id=5)], True),
        ([], False),
        ([held(B)], False),
        ([held(TAGGED, edits={"Back": "other"})], False),
        ([held(TAGGED, edits={"Base": "other"})], False),
        ([held(TAGGED, edits={"More": ""})], False),
        ([held(TAGGED, tags=("t",))], False),
        ([held(TAGGED, tags=("t", "ü", "more"))], False),
        ([held(TAGGED, tags=("t", "ü", "ankigen::removedly"))], False),
    ],
)
def test_a_note_is_made_if_one_of_its_guid_has_its_fields_and_tags(
    there: list[ExistingNote], as_expected: bool
) -> None:
    assert is_done(CREATE, anki(*there)) is as_expected


@pytest.mark.parametrize(
    ("states", "as_expected"), [((True,), True), ((True, True), True), ((False,), False), ((True, False), False)]
)
def test_a_note_that_shall_rest_is_made_if_all_its_cards_do(states: tuple[bool, ...], as_expected: bool) -> None:
    there = held(RESTING, cards=with_cards(*states))
    assert is_done(CREATE_RESTING, anki(there)) is as_expected
    assert is_done(replace(CREATE_RESTING, packed=packed(RESTING)), anki(there))


def test_a_copy_that_rests_does_not_make_the_note_rest() -> None:
    copy = held(RESTING, edits={"Back": "other"}, cards=with_cards(True), id=5)
    assert not is_done(CREATE_RESTING, anki(copy, held(RESTING)))


@pytest.mark.parametrize("change", [UPDATE, replace(UPDATE, packed=packed(TAGGED)), CONVERT])
def test_a_note_is_written_if_it_has_its_fields_and_tags_itself(change: UpdateNote | ConvertNote) -> None:
    own = {UpdateNote: KIND.name, ConvertNote: CLOZE_KIND.name}[type(change)]
    wanted = held(A, fields=values_of(change.packed), note_type=own, tags=change.packed.tags)
    assert is_done(change, anki(wanted))
    assert not is_done(change, anki(replace(wanted, tags=("other",))))
    assert not is_done(change, anki(replace(wanted, fields={**wanted.fields, "Base": "other"})))
    assert not is_done(change, anki(replace(wanted, id=5)))
    assert not is_done(change, anki())


def test_a_note_that_kept_its_type_is_not_converted() -> None:
    assert not is_done(CONVERT, anki(held(A)))


def test_a_file_is_sent_if_anki_has_its_name() -> None:
    assert is_done(SendMedia(PICTURE), replace(anki(), media=frozenset({"a.png"})))
    assert not is_done(SendMedia(PICTURE), replace(anki(), media=frozenset({"b.png"})))


MORE = Template("More", "x", "y")


@pytest.mark.parametrize(
    ("kinds", "as_expected"),
    [
        ([replace(KIND, css="css")], True),
        ([replace(KIND, css="css", templates=(MORE, *BASIC.templates))], True),
        ([replace(KIND, css="css", name="Mine")], True),
        ([KIND], False),
        ([replace(KIND, css="css", templates=(replace(BASIC.templates[0], front="x"),))], False),
        ([replace(KIND, css="css", templates=())], False),
        ([replace(KIND, css="css", id=5)], False),
        ([], False),
    ],
)
def test_looks_are_replaced_if_our_texts_and_css_are_there(kinds: list[ExistingNoteType], as_expected: bool) -> None:
    assert is_done(RESTYLE, anki(kinds=kinds)) is as_expected


def test_looks_are_replaced_if_nothing_but_our_texts_is_there() -> None:
    assert is_done(replace(RESTYLE, templates=BASIC.templates), anki(kinds=[replace(KIND, css="css")]))
    assert is_done(EXTEND, anki(kinds=[replace(KIND, fields=EXTEND.fields)]))


@pytest.mark.parametrize(
    ("fields", "as_expected"),
    [(("Later", "Latest", "x"), True), (("Later",), False), (("Latest",), False), ((), False)],
)
def test_a_note_type_is_extended_if_it_has_all_the_fields(fields: tuple[str, ...], as_expected: bool) -> None:
    kinds = [replace(KIND, fields=(*BASIC.fields, *fields), css="mine", templates=())]
    assert is_done(EXTEND, anki(kinds=kinds)) is as_expected
    assert not is_done(EXTEND, anki())


def test_a_note_is_deleted_if_it_is_not_there() -> None:
    assert is_done(DELETE, anki())
    assert is_done(DELETE, anki(held(A, id=5)))
    assert not is_done(DELETE, anki(held(A)))


@pytest.mark.parametrize(
    ("decks", "as_expected"),
    [(("B", "B"), True), (("b", "Mine"), True), (("A", "B"), False), (("A", "A"), False)],
)
def test_cards_are_moved_if_they_are_there_and_others_may_be_anywhere(
    decks: tuple[str, ...], as_expected: bool
) -> None:
    assert is_done(MOVE, anki(held(A, *decks))) is as_expected
    assert not is_done(MOVE, anki())


def test_all_of_the_cards_have_to_be_moved() -> None:
    assert not is_done(replace(MOVE, cards=(1, 2)), anki(held(A, "B", "A")))
    assert not is_done(replace(MOVE, deck="b", cards=(1, 2)), anki(held(A, "A", "B")))
    assert is_done(replace(MOVE, deck="b", cards=(1, 2)), anki(held(A, "B", "B")))


@pytest.mark.parametrize(
    ("tags", "states", "as_expected"),
    [
        (("ankigen::removed",), (True, True, False), True),
        (("Ankigen::Removed", "ankigen::removed::3"), (True, True, True), True),
        ((), (True, True, True), False),
        (("ankigen::removed", "Ankigen::removed::now"), (True, True, True), False),
        (("ankigen::removed::now",), (True, True, True), False),
        (("ankigen::removed",), (True, False, True), False),
    ],
)
def test_a_note_is_suspended_if_it_is_marked_for_good_and_its_cards_rest(
    tags: tuple[str, ...], states: tuple[bool, ...], as_expected: bool
) -> None:
    assert is_done(SUSPEND, anki(held(A, tags=tags, cards=with_cards(*states)))) is as_expected
    assert not is_done(SUSPEND, anki())


@pytest.mark.parametrize(
    ("tags", "states", "as_expected"),
    [
        (("theirs",), (False, False, True), True),
        (("ankigen::removed",), (False, False, False), False),
        (("Ankigen::Removed::now",), (False, False, False), False),
        (("theirs", "ankigen::removed::3"), (False, False, False), False),
        ((), (False, True, False), False),
        ((), (True, False, False), False),
    ],
)
def test_a_note_is_restored_if_no_mark_is_left_and_its_cards_are_awake(
    tags: tuple[str, ...], states: tuple[bool, ...], as_expected: bool
) -> None:
    assert is_done(RESTORE, anki(held(A, tags=tags, cards=with_cards(*states)))) is as_expected
    assert not is_done(RESTORE, anki())


def test_what_arrived_is_told_from_what_did_not_in_the_order_of_the_plan() -> None:
    changes = (DELETE, UpdateNote(B, held(B), packed(B)), RESTYLE, create("n"))
    outcome = read_back(Plan(changes), Handmade(anki(held(B), kinds=[replace(KIND, css="css")])))
    assert (outcome.done, outcome.undone) == (changes[:3], changes[3:])


@pytest.mark.parametrize(
    ("known", "present", "changes", "guids"),
    [
        ((), (), (), ""),
        (("k",), ("p",), (), "kp"),
        ((), (), (create("n"),), "n"),
        (("a", "k"), ("a",), (DELETE,), "k"),
        (("k",), ("a",), (SUSPEND, UPDATE, MOVE, SendMedia(PICTURE)), "ak"),
    ],
)
def test_a_collection_had_what_it_has_and_what_it_was_given_but_not_what_ankigen_deleted(
    known: tuple[str, ...], present: tuple[str, ...], changes: tuple[Change, ...], guids: str
) -> None:
    plan = Plan(present=frozenset(map(Guid, present)))
    assert seen_after(frozenset(map(Guid, known)), plan, changes) == {*guids}
