"""Packages with schedules, judged by Anki's own library: whatever its zone, hour and age, a card is due on its day."""

from __future__ import annotations

import sqlite3
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV
from typer.testing import CliRunner

from ankigen import api
from ankigen.cli import app
from ankigen.data import Lock, SourceId
from ankigen.identity import LOCK_NAME, write_lock
from ankigen.source import load
from tests.helpers.anki_library import import_as_ankiconnect, import_package, open_collection
from tests.helpers.building import NOON, write
from tests.helpers.imported import in_process
from tests.helpers.reviewed import logseq, with_schedules

MOMENT = "2026-05-20 12:00:00"
NOTES = (
    logseq("What bends light?", due="2026-05-15", last="2026-04-15", answer="a lens")
    + "- What is new? #card\n\t- a photon\n"
    + logseq("{{cloze red}}, {{cloze green}}, {{cloze blue}}", due="2026-07-01", last="2026-06-30", last_interval=1)
    + logseq("Both ways?", due="2026-06-02", last="2026-05-03", direction="<->").replace("card-direction", "direction")
    + logseq("Forgotten?", due="2026-05-21", last="2026-05-20", last_interval=-1, repeats=1, last_score=1)
    + logseq("Unreadable?", due="...", last="...")
)
COLUMNS = "c.ord, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.left, c.odue, c.odid, c.flags"
ROWS = f"select n.sfld, {COLUMNS} from cards c join notes n on n.id = c.nid order by c.id"  # noqa: S608 - a constant
WITH_PROGRESS = ImportAnkiPackageOptions(with_scheduling=True)


def packed(
    folder: Path, text: str = NOTES, config: str = with_schedules("logseq"), *, with_schedule: bool = True
) -> Path:
    """A package of notes on one page, all of one set of notes."""
    notes = write(folder / "notes", optics=text)
    write_lock(notes / LOCK_NAME, Lock(SourceId("0123456789ab"), {}))
    (notes / "ankigen.toml").write_text(config, "utf-8")
    api.build(load(notes, NOON), folder / "a.apkg", with_schedule=with_schedule)
    return folder / "a.apkg"


def asked(collection: Collection, query: str) -> list[Any]:
    """What the collection's database answers."""
    assert collection.db is not None
    return list(collection.db.all(query))


def rows(collection: Collection) -> list[tuple[Any, ...]]:
    """The cards in the order of the notes, by their question; no times and no ids."""
    return [(question.partition("}}")[0], *row) for question, *row in asked(collection, ROWS)]


def day_of(collection: Collection, due: int) -> date:
    """The date that a due day stands for, by the collection's own birth."""
    born = datetime.fromtimestamp(collection.crt, UTC) - timedelta(minutes=collection.get_config("creationOffset"))
    return born.date() + timedelta(days=due)


def tables(package: Path, *queries: str) -> list[list[tuple[Any, ...]]]:
    """What a package's own database says."""
    with zipfile.ZipFile(package) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    answers = [connection.execute(query).fetchall() for query in queries]
    connection.close()
    return answers


def test_reviewed_cards_come_due_on_their_day_with_interval_and_ease(tmp_path: Path) -> None:
    with open_collection(tmp_path) as collection:
        import_package(collection, packed(tmp_path), WITH_PROGRESS)
        cards = [
            (*row[:4], str(day_of(collection, row[4])) if row[2] == 2 else row[4], *row[5:9])
            for row in rows(collection)
        ]
    assert cards == [
        ("What bends light?", 0, 2, 2, "2026-05-15", 30, 2300, 3, 0),
        ("What is new?", 0, 0, 0, 1, 0, 0, 0, 0),
        *[("{{c1::red", ordinal, 2, 2, "2026-07-01", 1, 2300, 3, 0) for ordinal in range(3)],
        ("Both ways?", 0, 2, 2, "2026-06-02", 30, 2300, 3, 0),
        ("Both ways?", 1, 0, 0, 3, 0, 0, 0, 0),
        ("Forgotten?", 0, 2, 2, "2026-05-21", 1, 2300, 1, 1),
        ("Unreadable?", 0, 0, 0, 5, 0, 0, 0, 0),
    ]


def test_each_known_review_is_in_the_log_once(tmp_path: Path) -> None:
    [reviews, cards] = tables(
        packed(tmp_path),
        "select r.id, n.sfld, r.ease, r.ivl, r.lastIvl, r.factor, r.time, r.type from revlog r "
        "join cards c on c.id = r.cid join notes n on n.id = c.nid order by r.id",
        "select c.data, r.id from cards c left join revlog r on r.cid = c.id order by c.id",
    )
    april, may, forgotten, june = (
        int(datetime(2026, month, day, 12, tzinfo=UTC).timestamp() * 1000)
        for month, day in ((4, 15), (5, 3), (5, 20), (6, 30))
    )
    cloze = "{{c1::red}}, {{c2::green}}, {{c3::blue}}"
    assert reviews == [
        (april, "What bends light?", 3, 30, 13, 2300, 0, 1),
        (may, "Both ways?", 3, 30, 13, 2300, 0, 1),
        (forgotten, "Forgotten?", 1, 1, 1, 2300, 0, 1),
        *[(june + ordinal, cloze, 3, 1, 1, 2300, 0, 1) for ordinal in range(3)],
    ]
    assert [data for data, id in cards if id is None] == [""] * 3
    assert all(f'"lrt":{id // 1000}}}' in data for data, id in cards if id is not None)


def test_two_reviews_of_one_moment_have_ids_of_their_own(tmp_path: Path) -> None:
    text = "".join(logseq(f"Q{number}", due="2026-05-15", last="2026-04-15") for number in range(3))
    [ids] = tables(packed(tmp_path, text), "select id from revlog order by id")
    assert [id - ids[0][0] for (id,) in ids] == [0, 1, 2]


@pytest.mark.parametrize(
    "imports", [import_as_ankiconnect, lambda collection, path: import_package(collection, path, WITH_PROGRESS)]
)
def test_cards_that_anki_has_are_left_as_they_are(tmp_path: Path, imports: Any) -> None:
    plain = packed(tmp_path / "plain", config="")
    package = packed(tmp_path / "reviewed")
    with open_collection(tmp_path) as collection:
        import_package(collection, plain)
        card = collection.get_card(collection.find_cards("Front:What*bends*")[0])
        card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
        card.due, card.ivl, card.factor, card.reps = 77, 9, 2100, 4
        collection.update_card(card)
        before = rows(collection)
        imports(collection, package)
        assert rows(collection) == before
        assert asked(collection, "select * from revlog") == []


def test_a_second_import_changes_nothing_and_a_deleted_card_comes_back_as_it_was(tmp_path: Path) -> None:
    package = packed(tmp_path)
    everything = (ROWS, "select id, data from cards order by id", "select * from revlog order by id")
    with open_collection(tmp_path) as collection:
        import_package(collection, package, WITH_PROGRESS)
        first = [asked(collection, query) for query in everything]
        import_package(collection, package, WITH_PROGRESS)
        assert [asked(collection, query) for query in everything] == first
        collection.remove_notes(list(collection.find_notes("Front:What*bends*")))
        import_package(collection, package, WITH_PROGRESS)
        assert [asked(collection, query) for query in everything] == first


@pytest.mark.parametrize("is_ticked", [True, False])
def test_check_database_finds_nothing_amiss(tmp_path: Path, is_ticked: bool) -> None:
    text = NOTES.replace("2026-06-30", "2026-05-01").replace("2026-07-01", "2026-05-02") + logseq(
        "No score?", due="2026-05-15", last="2026-04-15", last_score=None
    )
    with open_collection(tmp_path) as collection:
        options = ImportAnkiPackageOptions(with_scheduling=is_ticked)
        import_package(collection, packed(tmp_path, text), options)
        report, is_sound = collection.fix_integrity()
        assert (report.splitlines(), is_sound) == (["Database rebuilt and optimized."], True)


def test_without_learning_progress_the_import_is_that_of_a_plain_package(tmp_path: Path) -> None:
    imported = []
    for name, config in (("plain", ""), ("reviewed", with_schedules("logseq"))):
        package = packed(tmp_path / name, config=config)
        with open_collection(tmp_path / name) as collection:
            import_package(collection, package)
            imported.append((rows(collection), asked(collection, "select * from revlog")))
    assert imported[0] == imported[1]


def test_a_build_packs_no_schedule_unless_it_is_told_to(tmp_path: Path) -> None:
    plain = packed(tmp_path / "plain", config="")
    built = packed(tmp_path / "built", with_schedule=False)
    assert built.read_bytes() == plain.read_bytes()
    assert packed(tmp_path / "told").read_bytes() != built.read_bytes()


def test_the_command_packs_schedules_on_request_and_says_where_there_are_none(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=NOTES)
    command = ["build", str(notes), "--quiet", "--output", str(tmp_path / "b.apkg")]
    said = CliRunner().invoke(app, [*command, "--with-schedule"])
    assert (said.exit_code, "`schedule` says where schedules come from" in said.stderr) == (0, True)
    (notes / "ankigen.toml").write_text(with_schedules("logseq"), "utf-8")
    for options, reviews in (([], 0), (["--with-schedule"], 6)):
        assert CliRunner().invoke(app, [*command, *options]).exit_code == 0
        assert len(tables(tmp_path / "b.apkg", "select id from revlog")[0]) == reviews


def test_only_a_package_with_a_schedule_counts_its_days_anew(tmp_path: Path) -> None:
    conf = "select crt, json_extract(conf, '$.schedVer'), json_extract(conf, '$.rollover') from col"
    unreviewed = packed(tmp_path / "new", "- What is new? #card\n\t- a photon\n")
    plain = packed(tmp_path / "plain", "- What is new? #card\n\t- a photon\n", config="")
    assert unreviewed.read_bytes() == plain.read_bytes()
    noon = int(datetime(2006, 1, 1, 12, tzinfo=UTC).timestamp())
    assert tables(packed(tmp_path), conf) == [[(noon, 2, 4)]]


def test_a_build_in_another_zone_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = []
    for zone in ("Pacific/Kiritimati", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        folder = tmp_path / zone.partition("/")[0]
        packages.append(packed(folder).read_bytes())
    assert packages[0] == packages[1]
    reviewed = logseq("Q", due="2026-05-15", last="2026-04-15", next_schedule="2026-05-15T23:00:00.000Z")
    berlin, utc = (
        packed(tmp_path / zone.replace("/", "-"), reviewed, with_schedules("logseq", zone))
        for zone in ("Europe/Berlin", "UTC")
    )
    assert tables(berlin, "select due from cards")[0][0][0] == tables(utc, "select due from cards")[0][0][0] + 1


def test_a_review_changes_neither_the_lock_nor_a_note(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=logseq("Q", due="2026-05-15", last="2026-04-15"))
    (notes / "ankigen.toml").write_text(with_schedules("logseq"), "utf-8")
    api.build(load(notes, NOON), tmp_path / "a.apkg", with_schedule=True)
    lock = (notes / LOCK_NAME).read_bytes()
    write(notes, optics=logseq("Q", due="2026-06-15", last="2026-05-16", repeats=4))
    later = load(notes, NOON + 86_400_000)
    assert later.lock == later.stored_lock
    assert (notes / LOCK_NAME).read_bytes() == lock
    assert [schedule.due for _, schedule in later.notes[0].schedules] == [date(2026, 6, 15)]


HOURS = (0, 3, 5, 12, 23)
ZONES = ("Pacific/Pago_Pago", "America/New_York", "UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati")
BIRTHS = ("2026-05-20 00:00:00", "2026-05-09 12:00:00", "2018-03-03 12:00:00")


def days_off(zone: str, folder: Path, runs: list[dict[str, Any]]) -> list[int]:
    """By how many days each run is late, by the date of its moment: a day of Anki's begins at the hour of rollover."""
    package = packed(folder, logseq("Q", due="2026-05-15", last="2026-04-15"))
    off = []
    for run, answer in zip(runs, in_process(zone, package, folder / "anki", runs), strict=True):
        day = (datetime.fromisoformat(run["moment"]) - timedelta(hours=run["rollover"])).date()
        off.append(answer["Q"][0] - (date(2026, 5, 15) - day).days)
    return off


def test_a_card_is_due_on_its_day_far_in_the_west_and_in_the_east(tmp_path: Path) -> None:
    runs = [{"moment": f"2026-05-20 {hour:02}:30:00", "rollover": 4} for hour in (2, 23)]
    for zone in (ZONES[0], ZONES[-1]):
        assert days_off(zone, tmp_path / zone.replace("/", "-"), runs) == [0, 0]


@pytest.mark.thorough
@pytest.mark.parametrize("zone", ZONES)
def test_a_card_is_due_on_its_day_whatever_zone_hour_and_age_the_collection_has(zone: str, tmp_path: Path) -> None:
    runs: list[dict[str, Any]] = [
        {"moment": f"2026-05-20 {hour:02}:30:00", "born": born, "rollover": rollover, "old_importer": hour % 2 == 0}
        for hour, born, rollover in product(HOURS, BIRTHS, (4, 0))
        if born < f"2026-05-20 {hour:02}:30:00"
    ]
    off = days_off(zone, tmp_path, runs)
    # Who lets the day begin at midnight, and imports before four o'clock, sees the card a day late.
    assert off == [int(run["rollover"] == 0 and int(run["moment"][11:13]) < 4) for run in runs]


DAYS_OF_CHANGE = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/St_Johns", "2026-11-01"),  # half an hour off
    ("Australia/Adelaide", "2026-04-05"),  # half an hour off, in autumn then
    ("Australia/Lord_Howe", "2026-10-04"),  # where clocks change by half an hour
    ("Asia/Kathmandu", "2026-05-15"),  # three quarters of an hour off, and no change
    ("Pacific/Chatham", "2026-09-27"),
    ("Africa/Casablanca", "2026-02-15"),  # an hour back for a month
]


@pytest.mark.thorough
@pytest.mark.parametrize(("zone", "change"), DAYS_OF_CHANGE)
def test_a_card_is_due_on_its_day_where_clocks_change_and_zones_are_of_half_hours(
    zone: str, change: str, tmp_path: Path
) -> None:
    """Collections of summer and of winter, on the day of the change and around it."""
    births = ("2018-01-03 12:00:00", "2025-07-09 12:00:00", "2026-02-01 00:30:00")
    days = [str(date.fromisoformat(change) + timedelta(days=days)) for days in (-1, 0, 1, 100)]
    runs: list[dict[str, Any]] = [
        {"moment": f"{day} {hour:02}:50:00", "born": born, "rollover": 4, "old_importer": hour == 12}
        for day, hour, born in product(days, (0, 3, 4, 12, 23), births)
    ]
    assert days_off(zone, tmp_path, runs) == [0] * len(runs)


@pytest.mark.thorough
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati"])
def test_a_card_is_a_day_off_only_for_who_imports_between_four_and_another_hour_of_theirs(
    zone: str, tmp_path: Path
) -> None:
    runs: list[dict[str, Any]] = [
        {"moment": f"2026-05-20 {hour:02}:30:00", "rollover": rollover}
        for hour, rollover in product((0, 2, 3, 4, 6, 11, 12, 21, 23), (0, 2, 3, 4, 5, 12, 22, 23))
    ]
    off = []
    for run in runs:
        hour = int(run["moment"][11:13])
        off.append(int(run["rollover"] <= hour < 4) - int(4 <= hour < run["rollover"]))
    assert days_off(zone, tmp_path, runs) == off


def test_an_hour_that_anki_does_not_know_is_four(tmp_path: Path) -> None:
    """Anki's settings have hours from 0 to 23; older programs wrote others into collections."""
    runs = [{"moment": f"2026-05-20 {hour:02}:30:00", "rollover": -2} for hour in (5, 12, 23)]
    answers = in_process(
        "UTC", packed(tmp_path, logseq("Q", due="2026-05-15", last="2026-04-15")), tmp_path / "a", runs
    )
    assert [answer["Q"][0] for answer in answers] == [-5, -5, -5]


def test_fsrs_knows_how_long_ago_the_review_was(tmp_path: Path) -> None:
    text = logseq("Today", due="2026-05-20", last="2026-04-20") + logseq("Overdue", due="2024-06-19", last="2024-05-20")
    package = packed(tmp_path, text)
    runs = [{"moment": MOMENT, "has_fsrs": has_fsrs} for has_fsrs in (True, False)]
    with_fsrs, without = in_process("UTC", package, tmp_path / "anki", runs)
    assert 60 <= with_fsrs["Today"][2] <= 76
    assert 180 <= with_fsrs["Overdue"][2] <= 215
    assert 58 <= without["Today"][2] <= 76
    assert 800 <= without["Overdue"][2] <= 1000


def test_fsrs_takes_over_the_memory_that_obsidian_knows(tmp_path: Path) -> None:
    entry = "!fsrs,2026-05-20T12:00:00.000Z,30,30,5,2,3,0,0,2026-04-20T12:00:00.000Z"
    text = f"- Today #card\n\t- A <!--SR:{entry}-->\n"
    package = packed(tmp_path, text, with_schedules("obsidian"))
    [answer] = in_process("UTC", package, tmp_path / "anki", [{"moment": MOMENT, "has_fsrs": True}])
    assert 75 <= answer["Today"][2] <= 100
    with open_collection(tmp_path) as collection:
        import_package(collection, package, WITH_PROGRESS)
        report, is_sound = collection.fix_integrity()
        assert (report.splitlines(), is_sound) == (["Database rebuilt and optimized."], True)
