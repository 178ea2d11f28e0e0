"""The user's own note types in Anki: packages through each importer, syncs, histories with reviews between."""

from __future__ import annotations

from pathlib import Path

import anki.lang
import pytest
from anki.collection import Collection, ImportAnkiPackageOptions
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition

from ankigen import api, identity, report
from ankigen.data import Desired, ExtendNoteType, Outcome, Plan, RestyleNoteType, Wishes
from ankigen.source import load
from ankigen.targets.anki_connect import AnkiConnect
from tests.helpers.anki_library import import_as_ankiconnect, import_package, open_collection
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import NOON, named, write
from tests.helpers.own_types import DEFINITION, PERRO, write_type

EXTENDED = {
    "note_type__toml": DEFINITION.replace('"Example"]', '"Example", "Plural"]').replace(
        '"Recall"]', '"Recall", "Spell"]'
    ),
    "Spell__front__html": "{{#Plural}}plural of {{Word}}{{/Plural}}",
    "Spell__back__html": "{{Plural}}",
}
MERGE_ALWAYS = ImportAnkiPackageOptions(
    merge_notetypes=True,
    update_notes=ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
)


def notes_in(folder: Path, text: str = PERRO, **files: str | None) -> Path:
    write_type(folder, changed=files)
    return write(folder, a=text)


def package(folder: Path, now: int = NOON) -> Path:
    api.build(load(folder, now), folder / "a.apkg")
    return folder / "a.apkg"


def held(collection: Collection) -> list[tuple[str, dict[str, str], list[int]]]:
    """Each note: the name of its type, its fields without the books of ankigen, how often each card was reviewed."""
    notes = [collection.get_note(id) for id in collection.find_notes("")]
    return [
        (
            note.note_type()["name"],  # type: ignore[index]
            {name: text for name, text in note.items() if text and name not in {"Guid", "Base", "Context"}},
            [card.reps for card in note.cards()],
        )
        for note in notes
    ]


def review(collection: Collection) -> None:
    for id in collection.find_cards(""):
        card = collection.get_card(id)
        card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
        card.ivl, card.due, card.reps = 30, 100, 7
        collection.update_card(card)


SAID = {"Word": "perro", "Meaning": "dog", "Gender": "masculine", "Example": "El perro ladra."}


@pytest.mark.parametrize("importer", [import_package, import_as_ankiconnect])
def test_a_package_brings_the_type_with_its_cards_and_looks(tmp_path: Path, importer: object) -> None:
    anki.lang.set_lang("en_US")  # which older importers ask for
    written = package(named(notes_in(tmp_path / "notes")))
    with open_collection(tmp_path) as collection:
        importer(collection, written)  # type: ignore[operator]
        importer(collection, written)  # type: ignore[operator]
        assert held(collection) == [("Vocabulary", SAID, [0, 0])]
        faces = [collection.get_card(id).answer() for id in collection.find_cards("")]
        assert all("perro" in face and "dog" in face and "color: teal" in face for face in faces)
        assert collection.fix_integrity() == ("Database rebuilt and optimized.", True)


def test_the_editors_options_of_a_field_travel(tmp_path: Path) -> None:
    options = f'{DEFINITION}[field.Word]\nrtl = true\nfont = "Vazir"\nsize = 30\ndescription = "the word"\n'
    written = package(named(notes_in(tmp_path / "notes", note_type__toml=options)))
    with open_collection(tmp_path) as collection:
        import_package(collection, written)
        [word, meaning] = collection.models.by_name("Vocabulary")["flds"][:2]  # type: ignore[index]
        assert (word["rtl"], word["font"], word["size"], word["description"]) == (True, "Vazir", 30, "the word")
        assert (meaning["rtl"], meaning["description"]) == (False, "")


def options_in(collection: Collection) -> list[tuple[bool, str]]:
    note_type = collection.models.by_name("Vocabulary")
    assert note_type is not None
    return [(field["rtl"], field["description"]) for field in note_type["flds"][:2]]


RTL, LTR = "[field.Word]\nrtl = true\n", '[field.Word]\ndescription = "the word"\n'


def test_a_later_package_brings_other_options_of_a_field(tmp_path: Path) -> None:
    folder = named(notes_in(tmp_path / "notes", note_type__toml=DEFINITION + RTL))
    for options, now, found in ((RTL, NOON, (True, "")), (LTR, NOON + 60_000, (False, "the word"))):
        notes_in(folder, note_type__toml=DEFINITION + options)
        with open_collection(tmp_path) as collection:  # anew: the library remembers note types from before an import
            import_package(collection, package(folder, now))
            assert options_in(collection)[0] == found


def test_a_reader_who_ticks_both_boxes_gets_a_new_field_and_keeps_the_reviews(tmp_path: Path) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    with open_collection(tmp_path) as collection:
        import_package(collection, package(folder))
        review(collection)
        text = PERRO.replace("  gender", "  plural:: perros\n  gender")
        import_package(collection, package(notes_in(folder, text, **EXTENDED), NOON + 60_000), MERGE_ALWAYS)
        [(name, fields, reviews)] = held(collection)
        assert (name, fields) == ("Vocabulary", SAID | {"Plural": "perros"})
        assert reviews == [7, 7, 0]


def test_the_build_that_adds_a_field_says_what_readers_have_to_tick(tmp_path: Path) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    package(folder)
    built = api.build(load(notes_in(folder, **EXTENDED), NOON), folder / "b.apkg")
    [extended] = built.extended
    assert (extended.name, extended.added) == ("Vocabulary", ("Plural", "Spell"))
    again = api.build(load(folder, NOON), folder / "b.apkg")
    assert again.extended == ()


def test_the_changelog_says_it_as_well(tmp_path: Path) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    package(folder)
    before = load(folder, NOON).lock
    after = load(notes_in(folder, **EXTENDED), NOON)
    told = report.changelog_text(identity.changes_since(before, after, "v1"))
    assert "### The note type `Vocabulary` has something new: `Plural`, `Spell`" in told
    assert 'Choose "Merge note types" and "Update notes: Always" when you import' in told
    assert "something new" not in report.changelog_text(identity.changes_since(after.lock, after, "v1"))


def test_a_build_names_the_type_that_a_note_now_is_of(tmp_path: Path) -> None:
    folder = named(notes_in(tmp_path / "notes", "- perro #card\n\t- dog\n"))
    package(folder)
    built = api.build(load(notes_in(folder, "- perro #card #vocab\n\t- dog\n"), NOON), folder / "b.apkg")
    told = report.not_received(built.changed_kind, (), "")
    assert told.startswith("a.md:1: now a Vocabulary card: an import does not change the kind of a note")


# By sync.


@pytest.fixture
def target(server: AnkiServer) -> AnkiConnect:
    return AnkiConnect(server.url)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOON // 1000))


def planned(folder: Path, target: AnkiConnect, wishes: Wishes | None = None) -> tuple[Desired, Plan]:
    desired = api.load(folder)
    return desired, api.plan(desired, target, wishes)


def synced(folder: Path, target: AnkiConnect, wishes: Wishes | None = None) -> Outcome:
    """Sync as the command does when the user agrees to all that is asked."""
    desired, plan = planned(folder, target, wishes)
    if any(isinstance(change, ExtendNoteType) for change in plan.changes):
        api.extend(plan, target)
        desired, plan = planned(folder, target, wishes)
    outcome = api.sync(desired, plan, target)
    assert outcome.undone == ()
    return outcome


def nothing_left(folder: Path, target: AnkiConnect) -> bool:
    _, plan = planned(folder, target)
    return plan.changes == () and plan.notices == ()


def test_a_sync_brings_the_type_and_the_next_has_nothing_to_do(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    synced(folder, target)
    assert held(server.collection) == [("Vocabulary", SAID, [0, 0])]
    assert nothing_left(folder, target)


def test_a_sync_brings_the_options_of_a_field_with_the_type_and_leaves_them_after_that(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes", note_type__toml=DEFINITION + RTL))
    synced(folder, target)
    notes_in(folder, PERRO.replace("dog", "hound"), note_type__toml=DEFINITION + LTR)
    synced(folder, target)
    assert options_in(server.collection) == [(True, ""), (False, "")]
    assert nothing_left(folder, target)


def test_an_edit_here_and_one_in_anki_meet_as_for_every_note(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    synced(folder, target)
    review(server.collection)
    [id] = server.collection.find_notes("")
    note = server.collection.get_note(id)
    note["Example"] = "El perro duerme."
    server.collection.update_note(note)
    notes_in(folder, PERRO.replace("- dog", "- hound"))
    synced(folder, target)
    edited = SAID | {"Meaning": "hound", "Example": "El perro duerme."}
    assert held(server.collection) == [("Vocabulary", edited, [7, 7])]


def test_a_new_field_and_card_come_by_sync_with_the_reviews_kept(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    synced(folder, target)
    review(server.collection)
    notes_in(folder, PERRO.replace("  gender", "  plural:: perros\n  gender"), **EXTENDED)
    _, plan = planned(folder, target)
    [extension] = [change for change in plan.changes if isinstance(change, ExtendNoteType)]
    assert extension.names == ("Plural", "Spell")
    synced(folder, target)
    [(name, fields, reviews)] = held(server.collection)
    assert (name, fields, reviews) == ("Vocabulary", SAID | {"Plural": "perros"}, [7, 7, 0])
    assert nothing_left(folder, target)


def test_a_new_template_replaces_ours_and_leaves_the_readers(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes"))
    synced(folder, target)
    models = server.collection.models
    mine = models.by_name("Vocabulary")
    assert mine is not None
    mine["tmpls"][1]["afmt"] = "{{Word}} my own"
    models.update_dict(mine)
    notes_in(folder, Recognise__back__html="{{Meaning}} new", Recall__back__html="{{Word}} new", style__css=".card {}")
    synced(folder, target)
    now = models.by_name("Vocabulary")
    assert now is not None
    assert now["tmpls"][0]["afmt"].endswith("{{Meaning}} new")
    assert now["tmpls"][1]["afmt"] == "{{Word}} my own"
    assert now["css"].endswith(".card {}")
    _, plan = planned(folder, target)
    assert [notice.detail for notice in plan.notices] == ["Vocabulary: Recall"]  # type: ignore[union-attr]
    synced(folder, target, Wishes(is_restyling=True))
    assert models.by_name("Vocabulary")["tmpls"][1]["afmt"].endswith("{{Word}} new")  # type: ignore[index]


def test_a_basic_note_becomes_one_of_the_users_and_back_with_its_history(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes", "- perro #card\n\t- dog\n"))
    synced(folder, target)
    review(server.collection)
    notes_in(folder, "- perro #card #vocab\n\t- dog\n")
    synced(folder, target)
    [(name, fields, reviews)] = held(server.collection)
    assert (name, fields, reviews[0]) == ("Vocabulary", {"Word": "perro", "Meaning": "dog"}, 7)
    assert nothing_left(folder, target)
    notes_in(folder, "- perro #card\n\t- dog\n")
    synced(folder, target)
    [(name, fields, reviews)] = held(server.collection)
    assert (name, fields["Front"], fields["Back"], reviews[0]) == ("ankigen Basic", "perro", "dog", 7)


def test_while_a_type_has_a_fault_its_notes_stay_as_they_are(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    folder = named(notes_in(tmp_path / "notes", "- perro #vocab\n\t- dog\n- gato #vocab\n\t- cat\n"))
    synced(folder, target)
    before = held(server.collection)
    for broken in ({"Recall__front__html": "{{Wrd}}"}, {"note_type__toml": "x"}, {"note_type__toml": None}):
        notes_in(folder, "- perro #vocab\n\t- hound\n- gato #vocab\n\t- cat\n", **broken)
        _, plan = planned(folder, target)
        assert plan.changes == ()
    assert held(server.collection) == before


def test_a_type_of_that_name_in_anki_that_is_not_ours_is_left_alone(
    tmp_path: Path, server: AnkiServer, target: AnkiConnect
) -> None:
    models = server.collection.models
    theirs = models.new("Vocabulary")
    models.add_field(theirs, models.new_field("Front"))
    template = models.new_template("Card 1")
    template["qfmt"] = template["afmt"] = "{{Front}}"
    models.add_template(theirs, template)
    models.add_dict(theirs)
    folder = named(notes_in(tmp_path / "notes"))
    synced(folder, target)
    assert models.field_names(models.by_name("Vocabulary")) == ["Front"]  # type: ignore[arg-type]
    [(name, _, _)] = held(server.collection)
    assert name.startswith(("Vocabulary+", "Vocabulary-")), "each importer has its own way to tell the two apart"
    assert nothing_left(folder, target)
    assert not any(isinstance(change, RestyleNoteType) for change in planned(folder, target)[1].changes)
