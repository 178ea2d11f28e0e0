"""Before and after: which card is which, once the notes were edited. The expected fates are written by hand."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from ankigen.source import load
from tests.helpers.building import NOON, build
from tests.helpers.contents import field

NEW = "(new)"
ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
OTHER_ID = "0d9c8b7a-6f5e-4d3c-8b2a-1f0e9d8c7b6a"


@dataclass(frozen=True)
class Case:
    """Pages before and after, a card a line: `question = answer`, with `{id}` for a block with an `id::`.

    `fate` names for each answer after the edit the answer that the same note had before it, or `NEW`.
    """

    name: str
    before: dict[str, str]
    after: dict[str, str]
    fate: dict[str, str]
    ambiguous: int = 0


def page(*cards: str) -> str:
    return "\n".join(cards)


LENS = "What bends light? = A lens made of glass"
PRISM = "What splits white light? = A prism made of glass"
MIRROR = "What throws light back? = A mirror with a silver coat"
SAME = {
    "A lens made of glass": "A lens made of glass",
    "A prism made of glass": "A prism made of glass",
    "A mirror with a silver coat": "A mirror with a silver coat",
}
OPTICS = {"optics": page(LENS, PRISM, MIRROR)}
CAPITALS = [
    "What is the capital of France? = Paris",
    "What is the capital of Spain? = Madrid",
    "What is the capital of Italy? = Rome",
]
DEFS = {f"p{n}": f"Def = Definition number {n} of twenty" for n in range(20)}

CASES = [
    Case("nothing changed", OPTICS, OPTICS, SAME),
    Case(
        "a card inserted on top", OPTICS, {"optics": page("New? = Fresh", LENS, PRISM, MIRROR)}, SAME | {"Fresh": NEW}
    ),
    Case(
        "a card inserted in the middle",
        OPTICS,
        {"optics": page(LENS, "N? = Fresh", PRISM, MIRROR)},
        SAME | {"Fresh": NEW},
    ),
    Case("the order turned round", OPTICS, {"optics": page(MIRROR, PRISM, LENS)}, SAME),
    Case("a card deleted", OPTICS, {"optics": page(LENS, MIRROR)}, {k: v for k, v in SAME.items() if "prism" not in k}),
    Case(
        "a question reworded",
        OPTICS,
        {"optics": page("Which object makes rays bend? = A lens made of glass", PRISM, MIRROR)},
        SAME,
    ),
    Case(
        "an answer reworded",
        OPTICS,
        {"optics": page("What bends light? = Some curved glass", PRISM, MIRROR)},
        {**{k: v for k, v in SAME.items() if "lens" not in k}, "Some curved glass": "A lens made of glass"},
    ),
    Case(
        "question and answer both reworded a little",
        OPTICS,
        {"optics": page("What bends the light? = Curved glass", PRISM, MIRROR)},
        {**{k: v for k, v in SAME.items() if "lens" not in k}, "Curved glass": "A lens made of glass"},
    ),
    Case(
        "a card replaced by a stranger",
        OPTICS,
        {"optics": page("How fast is sound in air? = 343 m/s", PRISM, MIRROR)},
        {**{k: v for k, v in SAME.items() if "lens" not in k}, "343 m/s": NEW},
    ),
    Case(
        "every question reworded at once",
        OPTICS,
        {
            "optics": page(
                "Bends light: = A lens made of glass",
                "Splits it: = A prism made of glass",
                "Throws it back: = A mirror with a silver coat",
            )
        },
        SAME,
    ),
    Case("the page renamed", OPTICS, {"physics of light": OPTICS["optics"]}, SAME),
    Case("the page split in two", OPTICS, {"optics": LENS, "more": page(PRISM, MIRROR)}, SAME),
    Case("two pages joined", {"a": LENS, "b": page(PRISM, MIRROR)}, {"c": page(LENS, PRISM, MIRROR)}, SAME),
    Case(
        "a card moved to another page",
        {"a": page(LENS, PRISM), "b": MIRROR},
        {"a": LENS, "b": page(MIRROR, PRISM)},
        SAME,
    ),
    Case(
        "a card moved and its answer reworded",
        {"a": page(LENS, PRISM), "b": MIRROR},
        {"a": LENS, "b": page(MIRROR, "What splits white light? = A wedge")},
        {**{k: v for k, v in SAME.items() if "prism" not in k}, "A wedge": "A prism made of glass"},
    ),
    Case(
        "a page renamed and one answer reworded",
        OPTICS,
        {"light": page(LENS, PRISM, "What throws light back? = A mirror")},
        {**{k: v for k, v in SAME.items() if "mirror" not in k}, "A mirror": "A mirror with a silver coat"},
    ),
    Case(
        "a question reworded, and on another page a card that now asks what it asked",
        {"a": page("Def = A lens made of glass", PRISM), "b": page(MIRROR, "Is it a wave? = Yes")},
        {"a": page("Define a lens = A lens made of glass", PRISM), "b": page(MIRROR, "Def = Yes")},
        SAME | {"Yes": "Yes"},
    ),
    Case(
        "a question reworded, and on another page a new card that asks what it asked",
        {"a": page("Def = A lens made of glass", PRISM), "b": MIRROR},
        {"a": page("Define a lens = A lens made of glass", PRISM), "b": page(MIRROR, "Def = Fresh")},
        SAME | {"Fresh": NEW},
    ),
    Case(
        "two answers exchanged, one card moved, and the other copied",
        {"a": page("What bends light? = A lens made of glass", "What splits white light? = A prism made of glass")},
        {
            "a": page("What bends light? = A prism made of glass", "What bends light? = A prism made of  glass!"),
            "b": "What splits white light? = A lens made of glass",
        },
        {
            "A prism made of glass": NEW,
            "A prism made of  glass!": NEW,
            "A lens made of glass": "A prism made of glass",
        },
        ambiguous=2,
    ),
    Case(
        "a card moved and its answer reworded, to one that a card there was deleted with",
        {"a": page("Def = A lens made of glass", PRISM), "b": page(MIRROR, "Is it a wave? = Yes")},
        {"a": PRISM, "b": page(MIRROR, "Def = Yes")},
        {**{k: v for k, v in SAME.items() if "lens" not in k}, "Yes": "A lens made of glass"},
    ),
    Case(
        "two cards that exchange their questions",
        {"a": page("One? = Answer the first", "Two? = Answer the second")},
        {"a": page("Two? = Answer the first", "One? = Answer the second")},
        {"Answer the first": "Answer the second", "Answer the second": "Answer the first"},
    ),
    Case(
        "a card split in two",
        {"a": "What do lens and prism do? = They bend and split light"},
        {"a": page("What do lens and prism do? = They bend light", "What does a prism do? = It splits light")},
        {"They bend light": "They bend and split light", "It splits light": NEW},
    ),
    Case(
        "two cards joined under the first question",
        {"a": page("What does a lens do? = It bends light", "And a prism? = It splits light")},
        {"a": "What does a lens do? = It bends and a prism splits light"},
        {"It bends and a prism splits light": "It bends light"},
    ),
    Case(
        "twins on two pages",
        DEFS,
        DEFS,
        {f"Definition number {n} of twenty": f"Definition number {n} of twenty" for n in range(20)},
    ),
    Case(
        "one of twenty twins moved",
        DEFS,
        {**{k: v for k, v in DEFS.items() if k != "p7"}, "elsewhere": DEFS["p7"]},
        {f"Definition number {n} of twenty": f"Definition number {n} of twenty" for n in range(20)},
    ),
    Case(
        "one of twenty twins deleted, another one written elsewhere",
        DEFS,
        {**{k: v for k, v in DEFS.items() if k != "p7"}, "elsewhere": "Def = Something else entirely"},
        {
            **{f"Definition number {n} of twenty": f"Definition number {n} of twenty" for n in range(20) if n != 7},
            "Something else entirely": NEW,
        },
    ),
    Case(
        "a twin inserted between twins of one page",
        {"a": page("Def = The first one of all", "Def = The second one of all")},
        {"a": page("Def = The first one of all", "Def = Between", "Def = The second one of all")},
        {
            "The first one of all": "The first one of all",
            "Between": NEW,
            "The second one of all": "The second one of all",
        },
    ),
    Case(
        "the first of two twins deleted",
        {"a": page("Def = One of them", "Def = The other")},
        {"a": "Def = The other"},
        {"The other": "The other"},
    ),
    Case(
        "twins that change places",
        {"a": page("Def = One of them", "Def = The other")},
        {"a": page("Def = The other", "Def = One of them")},
        {"The other": "The other", "One of them": "One of them"},
    ),
    Case(
        "one of two twins reworded",
        {"a": page("Def = One of them", "Def = The other")},
        {"a": page("Def = One of them", "Def = Another still")},
        {"One of them": "One of them", "Another still": "The other"},
    ),
    Case(
        "a twin deleted and the other reworded: nothing tells which",
        {"a": page("Def = One of them", "Def = The other")},
        {"a": "Def = Something new"},
        {"Something new": NEW},
        ambiguous=1,
    ),
    Case(
        "a capital deleted and another written",
        {"a": page(*CAPITALS)},
        {"a": page(*CAPITALS[1:], "What is the capital of Norway? = Oslo")},
        {"Madrid": "Madrid", "Rome": "Rome", "Oslo": NEW},
    ),
    Case(
        "a question said anew over a short answer, in its place",
        {"a": page("Is light a wave? = Yes", "Is sound a wave? = No")},
        {"a": page("Does glass break? = Yes", "Is sound a wave? = No")},
        {"Yes": "Yes", "No": "No"},
    ),
    Case(
        "a short answer shared by strangers, in another place",
        {"a": page("Is light a wave? = Yes", "Is sound a wave? = No")},
        {"a": page("Is sound a wave? = No", "Does glass break? = Yes")},
        {"Yes": NEW, "No": "No"},
    ),
    Case(
        "a short answer under a reworded question",
        {"a": page("When was the Eiffel tower built? = 1889", "When was the Louvre opened? = 1793")},
        {"a": page("When did they build the Eiffel tower? = 1889", "When was the Louvre opened? = 1793")},
        {"1889": "1889", "1793": "1793"},
    ),
    Case(
        "a typing mistake mended",
        {"a": "What bnds light? = A lense"},
        {"a": "What bends light? = A lens"},
        {"A lens": "A lense"},
    ),
    Case("white space changed", OPTICS, {"optics": OPTICS["optics"].replace("What ", "What  ")}, SAME),
    Case("an id gained", {"a": LENS}, {"a": "{id} " + LENS}, {"A lens made of glass": "A lens made of glass"}),
    Case("an id lost", {"a": "{id} " + LENS}, {"a": LENS}, {"A lens made of glass": "A lens made of glass"}),
    Case(
        "a card with an id rewritten and moved",
        {"a": "{id} " + LENS, "b": PRISM},
        {"a": "", "b": page(PRISM, "{id} Whatever? = Nothing of the old words")},
        {
            "A prism made of glass": "A prism made of glass",
            "Nothing of the old words": "A lens made of glass",
        },
    ),
    Case(
        "a card with an id copied",
        {"a": "{id} " + LENS},
        {"a": page("{id} " + LENS, "{id} What bends sound? = Warm air above the ground")},
        {"A lens made of glass": "A lens made of glass", "Warm air above the ground": NEW},
    ),
    Case(
        "a copy with its id put in front of the card",
        {"b": "{id} " + LENS},
        {"a": "{id} What bends sound? = Warm air above the ground", "b": "{id} " + LENS},
        {"A lens made of glass": "A lens made of glass", "Warm air above the ground": NEW},
    ),
    Case(
        "the card deleted, of which copies with its id were left",
        {"a": page("{id} " + LENS, "{id} What bends sound? = Warm air above the ground"), "b": "{id} " + PRISM},
        {"a": "{id} What bends sound? = Warm air above the ground", "b": "{id} " + PRISM},
        {"Warm air above the ground": "Warm air above the ground", "A prism made of glass": "A prism made of glass"},
    ),
    Case(
        "a copy with its id reworded",
        {"a": page("{id} " + LENS, "{id} What bends sound? = Warm air above the ground")},
        {"a": page("{id} " + LENS, "{id} What bends sound? = Cold water")},
        {"A lens made of glass": "A lens made of glass", "Cold water": "Warm air above the ground"},
    ),
    Case(
        "a twin reworded whose answer another card takes",
        {"a": page("Def = One and the same answer", "Def = One and the same answer", LENS)},
        {
            "a": page(
                "Def = A lens made of glass",
                "Definition of light = One and the same answer",
                "What bends most light? = Something of clear glass",
            )
        },
        {
            "A lens made of glass": NEW,
            "One and the same answer": NEW,
            "Something of clear glass": "A lens made of glass",
        },
        ambiguous=1,
    ),
    Case(
        "a long answer under another question, beside its own question reworded: the answer decides",
        {"a": page(LENS, PRISM)},
        {"a": page("What bends light most? = Something of clear glass", "Why do we see far? = A lens made of glass")},
        {"Something of clear glass": NEW, "A lens made of glass": "A lens made of glass"},
    ),
    Case(
        "a question reworded, while the other card with its answer moves and rewords that",
        {"a": page("Def = One and the same answer", "What is it? = One and the same answer"), "b": LENS},
        {"a": "Meaning of all = One and the same answer", "b": page(LENS, "What is it? = One and another answer")},
        {
            "One and the same answer": "One and the same answer",
            "One and another answer": "One and the same answer",
            "A lens made of glass": "A lens made of glass",
        },
    ),
    Case(
        "a card moves to a page and takes over the answer of another there, whose question is reworded",
        {"a": page(LENS, PRISM), "b": "Who wrote Faust? = Yes"},
        {"a": page("What bends most light? = Yes", PRISM, "Who wrote Faust? = A lens made of glass"), "b": MIRROR},
        {
            "Yes": "A lens made of glass",
            "A lens made of glass": "Yes",
            "A prism made of glass": "A prism made of glass",
            "A mirror with a silver coat": NEW,
        },
    ),
    Case(
        "a question's words in another order, over the answer of a card that is gone: the question decides",
        {"a": page("Which glass bends light most? = Flint", LENS, PRISM)},
        {"a": page("Which glass most bends light? = A prism made of glass", LENS)},
        {"A prism made of glass": "Flint", "A lens made of glass": "A lens made of glass"},
    ),
    Case(
        "ids exchanged: the id decides",
        {"a": page("{id} One? = First answer of two", "{other} Two? = Second answer of two")},
        {"a": page("{other} One? = First answer of two", "{id} Two? = Second answer of two")},
        {"First answer of two": "Second answer of two", "Second answer of two": "First answer of two"},
    ),
    Case(
        "an id that changed",
        {"a": "{id} " + LENS},
        {"a": "{other} " + LENS},
        {"A lens made of glass": "A lens made of glass"},
    ),
    Case(
        "letters of a page's name in another case",
        {"Optics": LENS},
        {"OPTICS": LENS},
        {"A lens made of glass": "A lens made of glass"},
    ),
    Case(
        "questions in a script without blanks",
        {"a": page("光合成とは何ですか？ = 植物が光から糖を作る働きです", "呼吸とは何ですか？ = 糖を燃やす")},
        {"a": page("光合成とはどんな働きですか？ = 植物が光から糖を作る働きです", "呼吸とは何ですか？ = 糖を燃やす")},
        {"植物が光から糖を作る働きです": "植物が光から糖を作る働きです", "糖を燃やす": "糖を燃やす"},
    ),
    Case(
        "everything deleted and others written",
        OPTICS,
        {"z": "Who wrote Faust? = Goethe, in two parts"},
        {"Goethe, in two parts": NEW},
    ),
]


def write(folder: Path, pages: dict[str, str]) -> Path:
    for old in folder.glob("*.md"):
        old.unlink()
    folder.mkdir(exist_ok=True)
    for name, cards in pages.items():
        text = "".join(map(block, filter(None, cards.split("\n"))))
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def block(card: str) -> str:
    question, _, answer = card.partition(" = ")
    id = ""
    for mark, value in (("{id} ", ID), ("{other} ", OTHER_ID)):
        if question.startswith(mark):
            question, id = question.removeprefix(mark), f"\n  id:: {value}"
    return f"- {question} #card{id}\n\t- {answer}\n"


def test_there_are_forty_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_card_meets_its_fate(case: Case, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    before = build(write(notes, case.before), tmp_path / "a.apkg")
    after = load(write(notes, case.after), NOON + 60_000)
    names = {note.identity.guid: field(note.content, "Back") for note in before.notes}
    fate = {field(note.content, "Back"): names.get(note.identity.guid, NEW) for note in after.notes}
    assert fate == case.fate
    assert [problem.rule for problem in after.problems].count("ambiguous-identity") == case.ambiguous


def test_what_was_deleted_does_not_come_back_on_the_page_to_which_the_others_moved(tmp_path: Path) -> None:
    notes, example = tmp_path / "notes", "Example = A rainbow above a wet meadow"
    build(write(notes, {"optics": page(LENS, example)}), tmp_path / "a.apkg")
    [old] = [note for note in load([notes], NOON).notes if "rainbow" in field(note.content, "Back")]
    build(write(notes, {"optics": LENS}), tmp_path / "b.apkg")
    moved = write(notes, {"optics": "", "light": page("Example = The blue of the sky at noon", LENS)})
    guids = [note.identity.guid for note in load(moved, NOON + 60_000).notes]
    assert len(guids) == 2
    assert old.identity.guid not in guids
