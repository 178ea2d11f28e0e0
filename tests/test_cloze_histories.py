"""Clozes that come, go and change, and a card whose kind changes: the reviews stay with the answers."""

import re
import shutil
from pathlib import Path

import pytest
from anki.collection import Collection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.anki_library import import_package, open_collection
from tests.building import NOON, build, write

HIDDEN = re.compile(r"\{\{c(?P<number>\d+)::(?P<answer>\w+)\}\}")
WORDS = [f"word{n}" for n in range(40)]

Reviews = dict[str, int]


@pytest.fixture(scope="module")
def empty_collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    with open_collection(folder):
        pass
    return folder / "collection.anki2"


def reviews_in(collection: Collection) -> Reviews:
    """By the answer that a card asks for, how often it was answered."""
    [id] = collection.find_notes("")
    note = collection.get_note(id)
    ordinals = {int(found["number"]) - 1: found["answer"] for found in HIDDEN.finditer(note["Text"])}
    return {ordinals[card.ord]: card.reps for card in note.cards() if card.ord in ordinals}


def review(collection: Collection, answer: str) -> None:
    [id] = collection.find_notes("")
    note = collection.get_note(id)
    [number] = [int(found["number"]) for found in HIDDEN.finditer(note["Text"]) if found["answer"] == answer]
    [card] = [card for card in note.cards() if card.ord == number - 1]
    card.start_timer()
    collection.sched.answerCard(card, 4)


def reworded(answers: list[str], place: int, word: str) -> tuple[list[str], dict[str, str]]:
    """One answer says something else between neighbours that stay: it goes on under its new name."""
    return [*answers[:place], word, *answers[place + 1 :]], {answers[place]: word}


edits = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "reword", "exchange", "question"]), st.integers(0, 99)),
    min_size=20,
    max_size=20,
)


@settings(max_examples=10, phases=[Phase.generate])
@given(history=edits)
def test_reviews_stay_with_the_answer_through_any_history(
    history: list[tuple[str, int]], empty_collection: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("clozes")
    shutil.copy(empty_collection, folder / "collection.anki2")
    words = iter(WORDS)
    answers = [next(words), next(words), next(words)]
    record: Reviews = dict.fromkeys(answers, 0)
    question = "Know"
    with open_collection(folder) as collection:
        for step, (edit, seed) in enumerate([("start", 0), *history]):
            place = seed % len(answers)
            names: dict[str, str] = {}
            if edit == "add":
                answers = [*answers[:place], next(words), *answers[place:]]
            elif edit == "remove" and len(answers) > 1:
                answers = [*answers[:place], *answers[place + 1 :]]
            elif edit == "reword":
                answers, names = reworded(answers, place, next(words))
            elif edit == "exchange":
                answers = [*answers[place:], *answers[:place]]
            elif edit == "question":
                question = f"Know{step}"
            record = {names.get(answer, answer): count for answer, count in record.items()}
            hidden = " and ".join(f"{{{{cloze {answer}}}}}" for answer in answers)
            write(folder / "notes", a=f"- {question} {hidden} #card\n\t- All that is to be known\n")
            build(folder / "notes", folder / "a.apkg", NOON + step * 60_000)
            import_package(collection, folder / "a.apkg")
            assert reviews_in(collection) == {answer: record.get(answer, 0) for answer in answers}
            record |= dict.fromkeys([answer for answer in answers if answer not in record], 0)
            review(collection, answers[seed % len(answers)])
            record[answers[seed % len(answers)]] += 1


def test_a_kind_that_changes_and_changes_back_neither_doubles_the_note_nor_loses_a_review(tmp_path: Path) -> None:
    basic = "- Force is mass times acceleration #card\n\t- Said Newton in 1687\n"
    cloze = basic.replace("mass", "{{cloze mass}}")
    with open_collection(tmp_path) as collection:
        for step, (text, shown) in enumerate([(basic, basic), (cloze, basic), (basic.replace("1687", "Latin"),) * 2]):
            build(write(tmp_path / "notes", a=text), tmp_path / "a.apkg", NOON + step * 60_000)
            import_package(collection, tmp_path / "a.apkg")
            [id] = collection.find_notes("")
            [card] = collection.get_note(id).cards()
            assert collection.get_note(id)["Back"] in shown
            assert card.reps == step
            card.start_timer()
            collection.sched.answerCard(card, 4)
