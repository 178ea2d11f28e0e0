"""A teacher's year: three releases of a deck, and a reader who goes on working between them.

What Anki's own import makes of that, by each choice of the boxes in its dialog. `docs/reading.md` promises readers what
stands here, and its table is compared with what happens.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV, QUEUE_TYPE_SUSPENDED
from anki.errors import BackendError
from anki.notes import Note

from ankigen import api
from ankigen.identity import changes_since
from ankigen.report import changelog_text
from ankigen.source import load
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import write

READING = Path(__file__).parents[2] / "docs/reading.md"

SPRING, SUMMER, WINTER = 1_600_000_000_000, 1_650_000_000_000, 4_100_000_000_000
"""When the teacher changed the notes, in milliseconds: the reader works in the present, before the summer's release is
imported, and so later than the summer's changes and earlier than the winter's."""
CHOICES = {"If newer": 0, "Always": 1, "Never": 2}
BOXES = [
    {"update_notetypes": looks, "with_scheduling": is_ticked, "with_deck_configs": is_ticked}
    for looks, is_ticked in itertools.product(CHOICES.values(), (False, True))
]
SCHEDULED = ("learned", "suspended", "flagged", "moved")
CHANGED_BY_READER = ("tagged", "edited", "leech")
IN_SPRING = (*SCHEDULED, *CHANGED_BY_READER, "quiet")
"""Notes, each called for what the reader did with it. `quiet` the reader tags, and the teacher never changes."""
FLAG = 3


def page(release: int) -> str:
    """The teacher's page: each release answers anew, but for `quiet`; the summer's drops `gone` and has `new`."""
    names = [*IN_SPRING, "gone" if release == 1 else "new"]
    cards = [f"- {name}? #card #school\n\t- {1 if name == 'quiet' else release}\n" for name in names]
    return f"deck:: Physics\ndescription:: Release {release}\n\n" + "".join(cards)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the three releases, the notes that went with each, and the search for what the last one lacks."""
    folder = tmp_path_factory.mktemp("teacher")
    for release, now in enumerate((SPRING, SUMMER, WINTER), 1):
        write(folder / "notes", physics=page(release))
        (folder / "notes/cards.css").write_text(f"/* release {release} */")
        (folder / "notes/ankigen.toml").write_text('css = "cards.css"')
        desired = load(folder / "notes", now)
        api.build(desired, folder / f"{release}.apkg", removed=folder / "removed.txt")
        text = changelog_text(changes_since(desired.stored_lock, desired, f"v{release - 1}"))
        (folder / f"{release}.md").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def after_spring(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader's collection, after the first release and some months of work."""
    folder = tmp_path_factory.mktemp("reader")
    with open_collection(folder) as collection:
        import_package(collection, releases / "1.apkg")
        learn(collection, IN_SPRING)
        for name in ("tagged", "quiet", "gone"):
            collection.tags.bulk_add([note(collection, name).id], "mine")
        edited = note(collection, "edited")
        edited["Back"] = "mine"
        collection.update_note(edited)
        [leech] = note(collection, "leech").cards()
        leech.start_timer()
        collection.sched.answerCard(leech, 1)
        assert note(collection, "leech").tags == ["leech", "school"], (
            "Anki itself tags what is forgotten again and again"
        )
        collection.sched.suspend_cards([card for name in ("suspended", "leech") for card in cards(collection, name)])
        collection.set_user_flag_for_cards(FLAG, cards(collection, "flagged"))
        collection.set_deck(cards(collection, "moved"), collection.decks.id("Mine") or 1)
    return folder


@pytest.fixture
def reader(after_spring: Path, tmp_path: Path) -> Path:
    """That collection, for one test to import into."""
    return shutil.copytree(after_spring, tmp_path / "reader")


def learn(collection: Collection, names: Iterable[str]) -> None:
    """Give the cards of these notes a past of seven reviews and seven lapses; they are due."""
    for name in names:
        for card in note(collection, name).cards():
            card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
            card.ivl, card.due, card.reps, card.lapses = 30, 0, 7, 7
            collection.update_card(card)


def ticked(**boxes: Any) -> ImportAnkiPackageOptions:
    """The boxes of the dialog; those that are not named as Anki proposes them."""
    return ImportAnkiPackageOptions(**boxes)


def options_of_deck(collection: Collection) -> object:
    deck = collection.decks.by_name("Physics")
    assert deck is not None
    return collection.decks.config_dict_for_deck_id(deck["id"])


def note(collection: Collection, name: str) -> Note:
    [id_] = collection.find_notes(f'"Front:{name}?"')
    return collection.get_note(id_)


def cards(collection: Collection, name: str) -> list[Any]:
    return list(note(collection, name).card_ids())


def said(collection: Collection) -> dict[str, tuple[str, str]]:
    """The answer and the tags of each note."""
    notes = (collection.get_note(id_) for id_ in collection.find_notes(""))
    return {found["Front"].rstrip("?"): (found["Back"], " ".join(found.tags)) for found in notes}


def scheduled(collection: Collection) -> dict[str, tuple[object, ...]]:
    """What hangs on the cards of the notes of spring: reviews, due dates, suspension, flags, decks."""
    return {
        name: (card.reps, card.lapses, card.ivl, card.due, card.queue, card.flags, collection.decks.name(card.did))
        for name in (*IN_SPRING, "gone")
        for card in note(collection, name).cards()
    }


def look(collection: Collection) -> str:
    """The last line of the CSS that cards have."""
    collection.models._clear_cache()  # noqa: SLF001 - Anki's window does so after an import
    note_type = collection.models.by_name("ankigen Basic")
    assert note_type is not None
    return str(note_type["css"]).splitlines()[-1]


def outcome(before: tuple[str, str] | None, after: tuple[str, str], release: int) -> str:
    """What became of a note, in the words of the documentation."""
    if before is None:
        return "added"
    lost = before[1] != after[1] or before[0] == "mine" != after[0]
    words = ["corrected"] * (after[0] == str(release) != before[0]) + ["your tags and edits are gone"] * lost
    return ", ".join(words) or "left as it is"


def year(reader: Path, releases: Path, **boxes: int | bool) -> list[dict[str, str]]:
    """What becomes of the notes at the import of the summer's and of the winter's release."""
    outcomes = []
    for release in (2, 3):
        with open_collection(reader) as collection:
            before = said(collection)
            import_package(collection, releases / f"{release}.apkg", ticked(**boxes))
            after = said(collection)
            outcomes.append({name: outcome(before.get(name), after[name], release) for name in after})
    return outcomes


def table() -> dict[str, dict[str, str]]:
    """The table of the documentation: by row and choice, what becomes of a note."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in READING.read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    (_, *choices), _, *body = rows
    return {row: dict(zip(choices, cells, strict=True)) for row, *cells in body}


LATER_DECK = "tagged or edited by you, and later changed in the deck"
LATER_READER = "changed in the deck, and later tagged or edited by you, or tagged `leech` by Anki"
ROWS = {
    "changed in the deck; you learned, suspended, flagged or moved its cards": (0, SCHEDULED),
    LATER_READER: (0, CHANGED_BY_READER),
    LATER_DECK: (1, CHANGED_BY_READER),
    "tagged by you, not changed in the deck": (0, ["quiet"]),
    "new in the deck": (0, ["new"]),
    "removed from the deck": (0, ["gone"]),
}
"""The rows of the table: the import that shows it, summer's or winter's, and the notes."""


@pytest.mark.parametrize("choice", CHOICES)
def test_the_table_for_readers_says_what_becomes_of_each_note(choice: str, reader: Path, releases: Path) -> None:
    outcomes = year(reader, releases, update_notes=CHOICES[choice])
    if choice == "Always":  # in summer already they were corrected: the reader tags and edits once more
        outcomes[1] |= dict.fromkeys(CHANGED_BY_READER, again(reader, releases))
    shown = {row: {outcomes[imported][name] for name in names} for row, (imported, names) in ROWS.items()}
    assert shown == {row: {cells[choice]} for row, cells in table().items()}


def again(reader: Path, releases: Path) -> str:
    """What "Always" makes of a note that is tagged and edited, and later changed in the deck."""
    with open_collection(reader) as collection:
        found = note(collection, "edited")
        found["Back"], found.tags = "mine", ["school", "mine"]
        collection.update_note(found)
        before = said(collection)["edited"]
        import_package(collection, releases / "3.apkg", ticked(update_notes=CHOICES["Always"]))
        return outcome(before, said(collection)["edited"], 3)


@pytest.mark.thorough
@pytest.mark.parametrize("choice", CHOICES.values())
def test_no_other_box_makes_a_difference_to_notes(
    choice: int, after_spring: Path, releases: Path, tmp_path: Path
) -> None:
    outcomes = [
        year(shutil.copytree(after_spring, tmp_path / str(number)), releases, update_notes=choice, **boxes)
        for number, boxes in enumerate(BOXES)
    ]
    assert outcomes == [outcomes[0]] * len(BOXES)


@pytest.mark.parametrize("boxes", [BOXES[0], BOXES[3]])
@pytest.mark.parametrize("choice", CHOICES.values())
def test_reviews_suspension_flags_and_decks_stay_whatever_is_chosen(
    choice: int, boxes: Mapping[str, int], reader: Path, releases: Path
) -> None:
    with open_collection(reader) as collection:
        before = scheduled(collection)
        options = options_of_deck(collection)
        for release in (2, 3):
            import_package(collection, releases / f"{release}.apkg", ticked(update_notes=choice, **boxes))
        assert scheduled(collection) == before
        assert {before[name][-3] for name in ("suspended", "leech")} == {QUEUE_TYPE_SUSPENDED}
        assert (before["flagged"][-2], before["moved"][-1]) == (FLAG, "Mine")
        assert [(card.reps, card.queue) for card in note(collection, "new").cards()] == [(0, 0)]
        assert options_of_deck(collection) == options
        deck = collection.decks.by_name("Physics")
        assert deck is not None
        assert deck["desc"] == "Release 3"


@pytest.mark.parametrize(
    ("choice", "looks"),
    [
        ("If newer", ["/* mine */", "/* release 3 */"]),
        ("Always", ["/* release 2 */", "/* release 3 */"]),
        ("Never", ["/* mine */", "/* mine */"]),
    ],
)
def test_the_box_for_note_types_decides_about_the_look_alone(
    choice: str, looks: list[str], reader: Path, releases: Path
) -> None:
    seen = []
    with open_collection(reader) as collection:
        note_type = collection.models.by_name("ankigen Basic")
        assert note_type is not None
        note_type["css"] += "\n/* mine */"
        collection.models.update_dict(note_type)
        for release in (2, 3):
            boxes = ticked(update_notetypes=CHOICES[choice])
            import_package(collection, releases / f"{release}.apkg", boxes)
            seen.append(look(collection))
    assert seen == looks


@pytest.mark.parametrize("release", [2, 3])
def test_the_search_in_the_release_notes_finds_what_is_gone_and_nothing_else(
    release: int, reader: Path, releases: Path
) -> None:
    """Also for a reader who left out the release in which it went; the file that a build writes says the same."""
    search = (releases / f"{release}.md").read_text("utf-8").split("```")[1].strip()
    assert search == (releases / "removed.txt").read_text().strip()
    with open_collection(reader) as collection:
        import_package(collection, releases / f"{release}.apkg")
        found = collection.find_notes(search)
        assert [collection.get_note(id_)["Front"] for id_ in found] == ["gone?"]


def test_the_release_notes_say_of_the_boxes_what_the_table_says(releases: Path) -> None:
    text = (releases / "2.md").read_text("utf-8")
    assert table()[LATER_READER] == {
        "If newer": "left as it is",
        "Always": "corrected, your tags and edits are gone",
        "Never": "left as it is",
    }
    assert (
        'If newer", which Anki proposes, corrects all notes but those that you tagged or edited, or that Anki' in text
    )
    assert 'Always" corrects these, too. It costs your own tags and edits in all notes of the package.' in text


@pytest.mark.parametrize(
    ("is_merging", "corrected", "own", "type_of_new"),
    [(False, "1", "mine", "ankigen Basic+"), (True, "2", "", "ankigen Basic")],
)
def test_a_field_of_the_readers_own_keeps_corrections_away_or_is_emptied_by_them(
    is_merging: bool, corrected: str, own: str, type_of_new: str, reader: Path, releases: Path
) -> None:
    with open_collection(reader) as collection:
        note_type = collection.models.by_name("ankigen Basic")
        assert note_type is not None
        collection.models.add_field(note_type, collection.models.new_field("Own"))
        collection.models.update_dict(note_type)
        learned = note(collection, "learned")
        learned["Own"] = "mine"
        collection.update_note(learned)
        collection.db.execute("update notes set mod = ?", SPRING // 1000)  # type: ignore[union-attr]
        boxes = ticked(merge_notetypes=is_merging)
        import_package(collection, releases / "2.apkg", boxes)
        learned, new = note(collection, "learned"), note(collection, "new")
        assert (learned["Back"], learned["Own"]) == (corrected, own)
        assert (new.note_type() or {})["name"] == type_of_new


def test_a_note_that_changed_its_kind_stays_until_the_reader_deletes_it(tmp_path: Path) -> None:
    notes, package = (
        write(tmp_path / "notes", a="- Light is fast #card\n\t- Very\n- Why? #card\n\t- So\n"),
        tmp_path / "a.apkg",
    )
    api.build(load(notes, SPRING), package)
    with open_collection(tmp_path) as collection:
        import_package(collection, package)
        write(notes, a="- Light is {{cloze fast}} #card\n\t- Very\n- Why? #card\n\t- New\n")
        api.build(load(notes, SUMMER), package)
        with pytest.raises(BackendError, match="Merge note types"):
            import_package(collection, package, ticked(merge_notetypes=True))
        assert said(collection) == {"Light is fast": ("Very", ""), "Why": ("So", "")}
        import_package(collection, package)
        assert said(collection) == {"Light is fast": ("Very", ""), "Why": ("New", "")}
        collection.remove_notes(collection.find_notes('"Front:Light is fast"'))
        import_package(collection, package)
        [id_] = collection.find_notes('"note:ankigen Cloze"')
        assert collection.get_note(id_)["Text"] == "Light is {{c1::fast}}"


def test_the_documentation_names_the_boxes_as_anki_does(tmp_path: Path) -> None:
    with open_collection(tmp_path) as collection:
        words = collection.tr
        named = {
            words.importing_update_notes(),
            words.importing_update_if_newer(),
            words.importing_update_always(),
            words.importing_update_never(),
            words.importing_update_notetypes(),
            words.importing_merge_notetypes(),
            words.importing_also_import_progress(),
            words.importing_with_deck_configs(),
        }
    assert set(re.findall(r'"([^"]+)"', READING.read_text("utf-8"))) <= named
