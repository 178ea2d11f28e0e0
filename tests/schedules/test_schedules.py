"""What other programs wrote about their reviews, as schedules: a row for each line of the specification's tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import schedules
from ankigen.data import REVIEW_COMMENT, REVIEW_ROW, SCHEDULED, Property, Schedule

LAST = "2024-04-19T12:34:56.789Z"
REVIEWED = {
    "card-last-interval": "12.4",
    "card-repeats": "3",
    "card-ease-factor": "2.36",
    "card-next-schedule": "2024-05-01T22:00:00.000Z",
    "card-last-reviewed": LAST,
    "card-last-score": "5",
}
KNOWN = Schedule(date(2024, 5, 1), 12, 2360, 3, last=datetime(2024, 4, 19, 12, 34, 56, 789_000, tzinfo=UTC), rating=3)
DRILLED = {
    "drill-last-interval": "30.3",
    "drill-total-repeats": "7",
    "drill-failure-count": "2",
    "drill-ease": "2.36",
    "drill-last-quality": "4",
    "drill-last-reviewed": "[2014-04-28 Mon 10:54]",
    SCHEDULED: "<2014-05-28 Wed>",
}


def written(values: dict[str, str], **changes: str | None) -> list[Property]:
    changed = values | {name.replace("_", "-"): value for name, value in changes.items()}
    return [Property(key, value, 1) for key, value in changed.items() if value is not None]


def logseq(**changes: str | None) -> tuple[Schedule | None, list[str]]:
    """The schedule, and the keys of what was not understood."""
    return in_zone("UTC", changes)


def in_zone(zone: str, changes: Mapping[str, str | None]) -> tuple[Schedule | None, list[str]]:
    reading = schedules.logseq(written(REVIEWED, **changes), ZoneInfo(zone))
    return reading.schedules[0], [unread.written.key for unread in reading.unread]


def facts(schedule: Schedule | None) -> tuple[str, int, int, int | None] | None:
    if schedule is None:
        return None
    return (schedule.due.isoformat(), schedule.interval, schedule.lapses, schedule.rating)


def test_a_reviewed_block_of_logseq_is_a_card_in_review() -> None:
    assert logseq() == (KNOWN, [])


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", "2024-05-01"), ("Europe/Berlin", "2024-05-02"), ("America/New_York", "2024-05-01")]
)
def test_a_day_is_that_of_the_zone(zone: str, day: str) -> None:
    [schedule, _] = in_zone(zone, {})
    assert schedule is not None
    assert schedule.due.isoformat() == day


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"card_last_interval": "0.2"}, ("2024-04-19", 1, 0, 3)),
        ({"card_last_interval": "4.0E-4", "card_next_schedule": "2024-04-20T00:00:00.000Z"}, ("2024-04-20", 1, 0, 3)),
        (
            {"card_last_interval": "2012.7", "card_next_schedule": "2029-10-23T04:00:00.000Z"},
            ("2029-10-23", 2013, 0, 3),
        ),
        ({"card_last_interval": "999999999"}, ("2124-03-26", 36500, 0, 3)),
        ({"card_last_interval": None}, ("2024-05-01", 12, 0, 3)),
        ({"card_last_interval": "nil"}, ("2024-05-01", 12, 0, 3)),
        ({"card_last_interval": "-1", "card_next_schedule": "2024-04-20T00:00:00.000Z"}, ("2024-04-20", 1, 1, 1)),
        ({"card_last_score": "2"}, ("2024-05-01", 1, 1, 1)),
        ({"card_last_score": "0"}, ("2024-05-01", 1, 1, 1)),
        ({"card_last_score": "3"}, ("2024-05-01", 12, 0, 2)),
        ({"card_last_score": "4"}, ("2024-05-01", 12, 0, 3)),
        ({"card_last_score": None}, ("2024-05-01", 12, 0, None)),
        ({"card_last_interval": "30", "card_next_schedule": "2023-05-19T12:00:00.000Z"}, ("2024-05-19", 30, 0, 3)),
        ({"card_last_interval": "13.3"}, ("2024-05-01", 13, 0, 3)),  # off by less than a day
        ({"card_last_interval": "13.6"}, ("2024-05-03", 14, 0, 3)),
        ({"card_repeats": "0"}, None),
        ({"card_repeats": None}, None),
        ({"card_next_schedule": None}, None),
        ({"card_last_reviewed": "nil"}, None),
    ],
)
def test_what_logseq_wrote_decides(changes: dict[str, str | None], expected: object) -> None:
    schedule, unread = logseq(**changes)
    assert (facts(schedule), unread) == (expected, [])


@pytest.mark.parametrize(
    ("factor", "ease"), [("2.5", 2500), ("1.2", 1300), ("-3", 1300), ("7", 5000), (None, 2500), ("nil", 2500)]
)
def test_an_ease_is_one_that_anki_has(factor: str | None, ease: int) -> None:
    [schedule, _] = logseq(card_ease_factor=factor)
    assert schedule is not None
    assert schedule.ease == ease


@pytest.mark.parametrize(
    "garbage", ["...", "soon", "1e999", "NaN", "inf", "99999999999999999999", "٣", "1_0", "2024-05-01"]
)
@pytest.mark.parametrize("key", REVIEWED)
def test_what_is_not_understood_is_told(key: str, garbage: str) -> None:
    schedule, unread = logseq(**{key: garbage})
    assert unread == [key]
    is_needed = key in {"card-repeats", "card-next-schedule", "card-last-reviewed"}
    assert (schedule is None) == is_needed


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "1969-12-31T00:00:00Z", "9999-12-31T23:00:00Z", "2024-02-30T00:00:00Z"]
)
def test_a_moment_that_nobody_can_mean_is_not_understood(moment: str) -> None:
    assert logseq(card_last_reviewed=moment) == (None, ["card-last-reviewed"])


def drilled(**changes: str | None) -> Schedule | None:
    [schedule] = schedules.org_drill(written(DRILLED, **changes), ZoneInfo("Europe/Berlin")).schedules
    return schedule


def test_a_headline_of_org_drill_is_a_card_in_review() -> None:
    last = datetime(2014, 4, 28, 8, 54, tzinfo=UTC)
    assert drilled() == Schedule(date(2014, 5, 28), 30, 2360, 7, 2, last, 3)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"drill_last_quality": "2"}, ("2014-05-28", 1, 2, 1)),
        ({"drill_last_quality": "3"}, ("2014-05-28", 30, 2, 2)),
        ({"drill_total_repeats": "0"}, None),
        ({"drill_last_interval": "0.0"}, ("2014-05-28", 1, 2, 3)),
    ],
)
def test_what_org_drill_wrote_decides(changes: dict[str, str | None], expected: object) -> None:
    assert facts(drilled(**changes)) == expected


@pytest.mark.parametrize(
    ("scheduled", "day"),
    [
        ("<2014-05-28>", "2014-05-28"),
        ("<2014-05-28 Mi 00:30>", "2014-05-28"),
        ("<2014-05-28 mer. 23:50 .+1d/3d>", "2014-05-28"),
        ("[2014-05-28 Wed 10:00-11:00]", "2014-05-28"),
        ("<2014-05-32 Wed>", None),
        ("<2014-05-28 Wed 25:00>", None),
        ("<%%(diary-float t 4 2)>", None),
    ],
)
def test_a_date_of_org_is_a_day_of_the_zone(scheduled: str, day: str | None) -> None:
    reading = schedules.org_drill(written(DRILLED | {SCHEDULED: scheduled}), ZoneInfo("Europe/Berlin"))
    [schedule] = reading.schedules
    assert (schedule and schedule.due.isoformat(), len(reading.unread)) == (day, 0 if day else 1)


def obsidian(comment: str) -> schedules.Reading:
    return schedules.obsidian([Property(REVIEW_COMMENT, comment, 1)], ZoneInfo("Europe/Berlin"))


def test_a_comment_of_obsidian_has_an_entry_for_each_card() -> None:
    entries = (
        "!2024-01-01,3,250!2000-01-01,1,250!fsrs,2026-10-23T23:30:00.000Z,8,8.2956,2.5,2,3,1,0,2026-10-15T00:00:00.000Z"
        "!fsrs,2026-10-23T00:00:00.000Z,0,0,0,0,0,0,0,"
    )
    assert obsidian(entries).schedules == (
        Schedule(date(2024, 1, 1), 3, 2500, 1),
        None,
        Schedule(date(2026, 10, 24), 8, 2500, 3, 1, datetime(2026, 10, 15, tzinfo=UTC), memory=(8.2956, 2.5)),
        None,
    )


@pytest.mark.parametrize(
    "entry",
    [
        *("2024-13-01,3,250", "2024-01-01,3", "soon,3,250", "2024-01-01,x,250", "", "x,2024-01-01,3,250"),
        "fsrs,2026-10-23T00:00:00Z,8,0,2.5,2,3,1,0,2026-10-15T00:00:00Z",
        "fsrs,2026-10-23T00:00:00Z,8,8,11,2,3,1,0,2026-10-15T00:00:00Z",
        "fsrs,2026-10-23T00:00:00Z,8,8,5,2,3,1,0,before",
    ],
)
def test_an_entry_that_is_not_understood_leaves_its_own_card_new(entry: str) -> None:
    reading = obsidian(f"!{entry}!2024-01-01,3,250")
    assert reading.schedules == (None, Schedule(date(2024, 1, 1), 3, 2500, 1))
    assert len(reading.unread) == 1


def test_a_table_of_org_fc_has_a_row_for_each_card() -> None:
    rows = [
        "| position | ease | box | interval | due                  |",
        "|----------+------+-----+----------+----------------------|",
        "| back     | 2.65 | 6   | 107.13   | 2024-05-01T22:30:00Z |",
        "| front    | 2.5  | -1  | 0        | 2024-05-01T22:30:00Z |",
        "| 3        | 2.5  | 2   | many     | 2024-05-01T22:30:00Z |",
    ]
    reading = schedules.org_fc([Property(REVIEW_ROW, row, 1) for row in rows], ZoneInfo("Europe/Berlin"))
    assert reading.schedules == (None, Schedule(date(2024, 5, 2), 107, 2650, 6))
    assert len(reading.unread) == 1


VALUES = st.one_of(
    st.sampled_from([*REVIEWED.values(), *DRILLED.values(), "nil", "!2024-01-01,3,250", "| front | 2.5 | 3 | 7 | x |"]),
    st.text(max_size=30),
    st.floats().map(str),
    st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
)
PROPERTIES = st.builds(Property, st.sampled_from([*REVIEWED, *DRILLED, REVIEW_COMMENT, REVIEW_ROW]), VALUES, st.just(1))


@given(st.lists(PROPERTIES, max_size=12), st.sampled_from(["logseq", "obsidian", "org-drill", "org-fc"]))
def test_whatever_is_written_a_schedule_is_one_that_anki_has(properties: list[Property], tool: str) -> None:
    found, _ = schedules.read(tool, properties, "Pacific/Kiritimati", 3)
    for schedule in filter(None, found):
        assert 1 <= schedule.interval <= 36500
        assert 1300 <= schedule.ease <= 5000
        assert 1990 <= schedule.due.year <= 2300
        assert 0 <= schedule.reps < 10_000
        assert schedule.last is None or 1990 <= schedule.last.year < 2200
