"""How a deck is doing: counted from the notes, and from what Anki's own library remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection as AnkiCollection
from selectolax.lexbor import LexborHTMLParser

from ankigen import api, health
from ankigen.data import Desired, Review
from ankigen.identity import LOCK_NAME, read_lock
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import named, write
from tests.helpers.processes import run
from tests.helpers.syncing import Reader

DAY = 86_400_000


def load(folder: Path, **pages: str) -> Desired:
    return api.load(write(named(folder), **pages))


def test_cards_are_counted_by_deck_kind_and_month(tmp_path: Path) -> None:
    found = health.health_of_notes(
        load(
            tmp_path,
            a="- One? #card #two-way\n\t- 1\n- {{cloze a}} {{cloze b}} #card\n",
            b="- Two? #card\n\t- 2\n- No #card\n",
        )
    )
    assert (found.notes, found.cards) == (3, 4)
    assert found.by_deck == (("a", 3), ("b", 1))
    assert found.by_kind == (("basic", 2), ("cloze", 2))
    assert [number for _, number in found.by_month] == [4]
    assert ("no-answer", 1) in found.problems


CONFUSED = [
    ("What is a hypertonic solution?", "one with more solutes", "What is a hypotonic solution?", "one with fewer"),
    ("What does aerobic respiration need?", "oxygen", "What does anaerobic respiration need?", "no oxygen, but sugar"),
    ("Which of these can dissolve in plasma?", "ions", "Which of these cannot dissolve in plasma?", "fats and gases"),
]
CLEAR = [
    ("What is a cell?", "the smallest unit of life", "What is a tissue made of?", "cells of one kind"),
    (
        "What is a hypertonic solution?",
        "one with more solutes",
        "What is a hyper-tonic solution?",
        "one with more solutes",
    ),
    ("a", "b", "c", "d"),
    ("Who wrote Faust?", "Goethe", "Who wrote Faust?", "Marlowe wrote another"),
]


def two(questions: tuple[str, str, str, str]) -> str:
    return "- {} #card\n\t- {}\n- {} #card\n\t- {}\n".format(*questions)


@pytest.mark.parametrize("questions", CONFUSED, ids=lambda row: row[0])
def test_what_asks_nearly_the_same_and_is_answered_otherwise_is_confused(
    tmp_path: Path, questions: tuple[str, str, str, str]
) -> None:
    [pair] = health.confusables(load(tmp_path, a=two(questions)).notes)
    assert (pair.one.position.line, pair.other.position.line) == (1, 3)


@pytest.mark.parametrize("questions", CLEAR, ids=lambda row: row[0])
def test_what_is_far_apart_or_the_same_fact_is_not_confused(
    tmp_path: Path, questions: tuple[str, str, str, str]
) -> None:
    assert health.confusables(load(tmp_path, a=two(questions)).notes) == []


def test_only_cards_of_one_deck_are_confused(tmp_path: Path) -> None:
    one, first, other, second = CONFUSED[0]
    assert (
        health.confusables(
            load(tmp_path, a=f"- {one} #card\n\t- {first}\n", b=f"- {other} #card\n\t- {second}\n").notes
        )
        == []
    )


@pytest.mark.parametrize(
    ("review", "tests"),
    [
        (Review(0, 3, 5, 1000, 1), True),
        (Review(0, 1, 1, 1000, 1), True),
        (Review(0, 3, -600, 1000, 0), False),
        (Review(0, 3, 5, 1000, 2), False),
        (Review(0, 3, 5, 1000, 3), False),
        (Review(0, 0, 5, 0, 4), False),
    ],
)
def test_memory_is_tested_by_the_first_answer_after_a_day_or_more(review: Review, tests: bool) -> None:
    assert review.tests_memory is tests


NOTES = (
    "- Kept? #card\n\t- yes\n- Forgotten? #card\n\t- {long}\n"
    "- Seldom asked? #card\n\t- a\n- Never asked? #card\n\t- b\n"
).format(long=" ".join(["word"] * 70))


@pytest.fixture
def studied(tmp_path: Path, server: AnkiServer) -> Path:
    """Notes that were synced and then reviewed for some time."""
    notes = named(write(tmp_path / "notes", a=NOTES))
    assert run("sync", str(notes), "--yes", "--url", server.url, folder=tmp_path).returncode == 0
    collection: AnkiCollection = server.collection
    assert collection.db
    answers = {"Kept?": [3] * 12, "Forgotten?": [1, 3, 1] * 6, "Seldom asked?": [1, 1]}
    for question, buttons in answers.items():
        [card] = collection.find_cards(f'"Front:{question}"')
        rows = [
            (1_700_000_000_000 + number * DAY + card % 1000, card, 0, button, 4, 3, 2500, 4_000, 1)
            for number, button in enumerate(buttons)
        ]
        collection.db.executemany("insert into revlog values (?,?,?,?,?,?,?,?,?)", rows)
        collection.sched.set_due_date([card], "3")
    return notes


def report(notes: Path, server: AnkiServer) -> str:
    return api.report_health(api.load(notes), api.connect(server.url))


def cells(document: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    tree = LexborHTMLParser(document)
    node = next(found for found in tree.css("h2") if heading in found.text())
    while node.tag != "table":
        assert node.next
        node = node.next
    return [[cell.text() for cell in row.css("td")] for row in node.css("tbody tr")]


def test_leeches_come_first_with_their_line_and_a_likely_reason(studied: Path, server: AnkiServer) -> None:
    [[card, forgotten, remembered, takes, _, reason]] = cells(report(studied, server), "Hard to remember")
    assert card == "Forgotten?a.md:3 leech"
    assert (forgotten, remembered, takes) == ("12 times", "33% of 18", "4 s")
    assert reason == "the answer has 70 words"


def test_memory_is_told_by_page_and_deck_and_what_is_due_by_day(studied: Path, server: AnkiServer) -> None:
    document = report(studied, server)
    assert (
        "Of 32 answers after a day or more, 56% came from memory. 1 card was never reviewed."
        in LexborHTMLParser(document).text()
    )
    assert "56% of 32" in document
    due = next(figure for figure in LexborHTMLParser(document).css("figure") if "Cards due" in figure.text())
    numbers = [[cell.text() for cell in row.css("td")] for row in due.css("tbody tr")]
    assert len(numbers) == 30
    assert [row for row in numbers if row[1] != "0"] == [["+3", "3"]]


def test_of_a_note_and_its_copy_the_reviews_of_the_note_count(studied: Path, server: AnkiServer) -> None:
    before = report(studied, server)
    lock = read_lock(studied / LOCK_NAME)
    assert lock
    guid = next(guid for guid, known in lock.identities.items() if known.question == "Forgotten?")
    Reader(server.collection).copy(guid)
    assert cells(report(studied, server), "Hard to remember") == cells(before, "Hard to remember")


def test_a_note_that_is_gone_from_the_notes_is_counted(studied: Path, server: AnkiServer) -> None:
    api.build(api.load(studied), studied / "a.apkg")
    write(studied, a="- Kept? #card\n\t- yes\n")
    assert "3 notes in Anki are no longer in your notes" in report(studied, server)


def test_nothing_is_written_in_anki(studied: Path, server: AnkiServer) -> None:
    assert server.collection.db
    before = server.collection.db.all("select * from notes"), server.collection.mod
    report(studied, server)
    assert (server.collection.db.all("select * from notes"), server.collection.mod) == before


def test_without_anki_the_report_says_so_and_tells_of_the_notes(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a="- One? #card\n\t- 1\n")
    done = run(
        "report",
        str(notes),
        "-o",
        str(tmp_path / "health.html"),
        folder=tmp_path,
        ANKIGEN_ANKICONNECT_URL="http://127.0.0.1:9",
    )
    assert done.returncode == 0, done.stderr
    assert "Anki is not running: the report covers only the notes" in done.stderr
    assert "No Anki was asked" in (tmp_path / "health.html").read_text()
    asked = run("report", str(notes), "-o", str(tmp_path / "x.html"), "--url", "http://127.0.0.1:9", folder=tmp_path)
    assert asked.returncode == 3
    assert not (tmp_path / "x.html").exists()


def test_nothing_of_the_notes_runs_in_the_report(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    desired = load(
        tmp_path, a=f"deck:: {hostile}\n- {hostile} abcdefgh #card\n\t- 1\n- {hostile} abcdefgi #card\n\t- zz\n"
    )
    tree = LexborHTMLParser(api.report_health(desired))
    assert tree.css("script, img, [onerror]") == []
    assert "alert(1)" in tree.text()


def test_the_report_is_the_same_each_time(tmp_path: Path) -> None:
    desired = load(tmp_path, a="- One? #card\n\t- 1\n")
    assert api.report_health(desired) == api.report_health(desired)
