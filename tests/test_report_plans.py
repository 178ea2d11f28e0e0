"""A plan reads like a diff, and as JSON it has the documented shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ankigen.data import Html, Plan, Reason
from ankigen.report import plans
from tests.anki_server import running
from tests.syncing import Reader, Sync, note, reworded


@pytest.fixture
def sync(tmp_path: Path) -> Iterator[Sync]:
    with running(tmp_path) as server:
        yield Sync(server, tmp_path / "memory")


def test_a_plan_reads_like_a_diff(sync: Sync) -> None:
    old = [
        note("a", "What is <b>light</b>?", "a wave", tags=("old",)),
        note("b", deck="B"),
        note("c"),
        note("d"),
        note("e"),
    ]
    sync.sync(old)
    reader = Reader(sync.server.collection)
    reader.edit("d", Back="theirs")
    reader.edit("e", Back="theirs")
    new = [
        replace(reworded(old[0], back=Html("wave &amp; particle")), tags=("new",)),
        replace(old[1], deck="C"),
        old[3],
        reworded(old[4], back=Html("ours")),
        note("f", "new?", "new!"),
    ]
    assert plans.plan_text(sync.plan(new)).splitlines() == [
        "~ page.md:1 What is light?",
        "    Back",
        "    - a wave",
        "    + wave & particle",
        "    tags: -old +new",
        "> page.md:1 b: to deck C",
        "+ page.md:1 new? in A",
        "    + Front: new?",
        "    + Back: new!",
        "- c: no longer in the notes, is suspended",
        "= page.md:1 d: edited in Anki, kept",
        "    Back",
        "    - theirs",
        "    + back",
        "! page.md:1 e: changed here and in Anki; --prefer notes or --prefer anki decides",
        "    Back",
        "    - theirs",
        "    + ours",
        "A: 1 new, 1 changed, 1 suspended",
        "C: 1 moved",
    ]
    outcome = sync.sync(new)
    assert plans.outcome_text(outcome) == "1 new, 1 changed, 1 moved, 1 suspended"


def test_a_plan_without_changes_says_so() -> None:
    assert plans.plan_text(Plan()) == "nothing to do"


def test_a_plan_as_json_names_each_change_and_each_reason(sync: Sync) -> None:
    old = [note("a"), note("b")]
    sync.sync(old)
    Reader(sync.server.collection).delete("b")
    shown = json.loads(plans.plan_json(sync.plan([reworded(old[0], back=Html("new")), old[1]])))
    place = {"path": "page.md", "line": 1, "deck": "A"}
    assert shown == {
        "changes": [
            {
                "kind": "changed",
                "guid": "a",
                **place,
                "fields": [{"name": "Back", "existing": "back", "desired": "new"}],
                "added_tags": [],
                "removed_tags": [],
            }
        ],
        "notices": [{"reason": "deleted-in-anki", "guid": "b", **place, "detail": ""}],
        "managed": 1,
    }


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words(reason: Reason) -> None:
    assert reason in plans._REASONS  # noqa: SLF001
