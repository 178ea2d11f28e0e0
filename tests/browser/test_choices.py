"""Multiple choice in a real browser, with scripts and without: order, marks, taps, keys, and what is read out."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from ankigen import note_types
from ankigen.source import load
from tests.browser.browser import HERE, Site, run
from tests.helpers.building import NOON, write
from tests.helpers.judge import Judge

SOURCE = ["neon", "nitrogen", "argon", "oxygen"]
RIGHT = {"neon", "argon"}
SEVERAL = "- Which? #card #choice\n" + "".join(f"\t- [{'x' if gas in RIGHT else ' '}] *{gas}*\n" for gas in SOURCE)
ONE = SEVERAL.replace("[x] *argon*", "[ ] *argon*")
GUIDS, CHANCES = 500, 2400
CRITICAL = 49.7
"""What chi-square with 23 degrees of freedom passes once in a thousand times."""


def faces(judge: Judge, folder: Path, text: str) -> dict[str, str]:
    """Both sides of a card as Anki renders them, for a note of any GUID."""
    [note] = load(write(folder, a=text), NOON).notes
    fields = {**note_types.fields_of(note), "Guid": "@GUID@"}
    [shown] = judge.cards(note_types.note_type_of(note.content), fields, is_dressed=True)
    answer = shown.answer
    return {
        name: html.replace("<em>", "<i>").replace("</em>", "</i>")
        for name, html in (("question", shown.question), ("answer", answer))
    }


@pytest.fixture(scope="module")
def seen(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Any:
    chance = random.Random(1)
    guids = [f"{chance.getrandbits(64):016x}" for _ in range(CHANCES)]
    folder = tmp_path_factory.mktemp("choices")
    texts = {"several": SEVERAL, "one": ONE, "kept": SEVERAL.replace("#choice", "#choice #no-shuffle")}
    shown = {name: faces(judge, folder / name, text) for name, text in texts.items()}
    script = (HERE / "choices.js").read_text("utf-8")
    css = note_types.BASIC.note_type.css
    page = f'<!doctype html><meta charset="utf-8"><style>{css}</style><body class="card"><div id="qa"></div>'
    site = Site({"/": f"{page}<script>{script}</script>"}, {}, [{**shown, "guids": guids[:GUIDS], "chances": guids}])
    results = run(site)
    assert "error" not in results, results
    assert results["failures"] == []
    return results


def test_front_and_back_have_one_order_for_every_note(seen: Any) -> None:
    assert len(seen["sides"]) == GUIDS
    assert [pair for pair in seen["sides"] if pair[0] != pair[1]] == []
    assert all(sorted(order) == sorted(SOURCE) for order, _ in seen["sides"])


def test_every_order_is_as_likely_as_any_other(seen: Any) -> None:
    counts = Counter(seen["orders"])
    orders = [" ".join(order) for order in permutations(SOURCE)]
    expected = CHANCES / len(orders)
    assert set(counts) == set(orders)
    assert sum((counts[order] - expected) ** 2 / expected for order in orders) < CRITICAL


def test_the_order_is_kept_where_the_author_wants_it(seen: Any) -> None:
    assert set(seen["kept"]) == {" ".join(SOURCE)}


def test_over_midnight_the_order_may_be_another_and_the_marks_are_the_same(seen: Any) -> None:
    assert {gas: kind == "right" for gas, kind in seen["midnight"]} == {gas: gas in RIGHT for gas in SOURCE}
    assert seen["days"] != [front for front, _ in seen["sides"]]


def test_without_scripts_both_sides_have_the_order_of_the_notes_and_the_back_is_marked(seen: Any) -> None:
    question, answer = seen["withoutScripts"]
    assert question == [["", gas, ""] for gas in SOURCE]
    kinds = {gas: "right" if gas in RIGHT else "wrong" for gas in SOURCE}
    assert answer == [[kinds[gas], gas, kinds[gas]] for gas in SOURCE]


def test_a_screen_reader_hears_boxes_or_radio_buttons_by_their_words(seen: Any) -> None:
    role, name, boxes = seen["boxes"]
    assert (role, name) == ("group", "choices, several are right")
    assert boxes == [["checkbox", gas, "false"] for gas in seen["today"]]
    role, name, radios = seen["radios"]
    assert (role, name) == ("radiogroup", "choices, one is right")
    assert [kind for kind, _, _ in radios] == ["radio"] * len(SOURCE)
    assert sorted(said for _, said, _ in radios) == sorted(SOURCE)
    assert [kind for kind, _ in seen["marks"]] in (["image"] * len(SOURCE), ["img"] * len(SOURCE))
    assert Counter(said for _, said in seen["marks"]) == {"right": 2, "wrong": 2}


def test_a_tap_chooses_and_another_takes_it_back(seen: Any) -> None:
    assert seen["clicked"] == ["false", "true", "false", "false"]


def test_the_back_shows_what_was_chosen_for_this_card_and_this_time_alone(seen: Any) -> None:
    chosen = [("chosen" in kind, "your choice" in said) for kind, said in seen["remembered"]]
    assert chosen == [(False, False), (True, True), (False, False), (False, False)]
    assert not any("chosen" in kind for kind in (*seen["other"], *seen["again"]))


def test_where_nothing_may_be_kept_everything_else_works(seen: Any) -> None:
    checked, kinds = seen["refused"]
    assert checked == "true"
    assert Counter(kinds) == {"right": 2, "wrong": 2}


def test_keys_choose_and_move(seen: Any) -> None:
    assert seen["reached"] == [0, -1, -1, -1]
    assert [row.index(True) for row in seen["keys"]] == [0, 1, 0, 3, 3]
    assert all(sum(row) == 1 for row in seen["keys"])
    assert seen["boxKeys"] == ["true", "true", "false", "false"]


def test_a_key_that_ankis_desktop_leaves_to_cards_marks_several(seen: Any) -> None:
    steps = [tuple(number for number, is_marked in enumerate(row) if is_marked) for row in seen["desktopKeys"]]
    assert steps == [(0,), (0,), (0, 1), (0, 1), (1,), (1,)]
