"""Each piece of evidence by which a card is known again, each doubt, and which of two goes first."""

from dataclasses import dataclass

import pytest

from ankigen.support.structs import replace
from tests.helpers.notebook import Notebook, expected


@dataclass(frozen=True)
class Row:
    """Versions of notes in which the name in front of each card says which note it is; `why` a user wants it so."""

    name: str
    why: str
    versions: tuple[str, ...]


def row(name: str, why: str, *versions: str) -> Row:
    return Row(name, why, versions)


UNLIKE = "".join(f"\n{name}: {name}{name} = {name}" for name in ("aa", "ee", "ii", "oo", "uu", "vv", "ww", "yy"))
"""Cards that are like no other, so that what three questions of their page share is not common there."""

LONG = "Which of the properties of light that are named on this page has to do with a lens of glass?"
"""Longer than the lock remembers."""

MOVED_AND_COPIED = [
    row(
        "equal cards of four pages moved to four others",
        "Nothing tells them, so they stay in the order of their pages.",
        "".join(f"== {page}\n{page}: Def = A lens made of glass\n" for page in "abcd"),
        "".join(f"== {page}{page}\n{page}: Def = A lens made of glass\n" for page in "abcd"),
    ),
    row(
        "equal cards of two pages moved to two others, three of each",
        "Nothing tells them, so they stay in the order of their pages, and on each in their own.",
        "".join(f"== {page}\n" + "".join(f"{page}{n}: Def = A lens\n" for n in range(3)) for page in "ab"),
        "".join(f"== {page}{page}\n" + "".join(f"{page}{n}: Def = A lens\n" for n in range(3)) for page in "ab"),
    ),
    row(
        "five equal questions all answered anew",
        "Equal questions of one page are told apart by their order.",
        "\n".join(f"n{n}: Def = {n}" for n in range(5)),
        "\n".join(f"n{n}: Def = {n + 10}" for n in range(5)),
    ),
    row(
        "a card moved and copied there",
        "The first is the card, and the copy is new.",
        "moved: Def = A lens made of glass",
        """== b
           moved: Def = A lens made of glass
           new: Def = A lens made of glass""",
    ),
    row(
        "the copy that stayed on its page",
        "Of two equal cards the one that was not touched keeps its schedule; the moved one is the one that moved.",
        """first: Def = A lens made of glass
           == b
           second: Def = A lens made of glass""",
        """== b
           second: Def = A lens made of glass
           == c
           first: Def = A lens made of glass""",
    ),
    row(
        "moved over another card that is gone",
        "Who says the same words is the same card, more than who stands where it stands now.",
        """moved: Def = A lens made of glass
           == b
           gone: Def = Some curved thing""",
        """== b
           moved: Def = A lens made of glass""",
    ),
    row(
        "moved to where an equal card was deleted long ago",
        "The card that was reviewed until yesterday goes on, not one that was given up.",
        """living: Def = A lens made of glass
           == b
           gone: Def = A lens made of glass""",
        "living: Def = A lens made of glass",
        """== b
           living: Def = A lens made of glass""",
    ),
    row(
        "moved and its answer reworded, over a card that gave that answer",
        "A question that stands once in all the notes says more than an answer.",
        """moved: Which glass bends light? = Flint, as far as we know
           == b
           gone: Who grinds lenses? = An optician with patience""",
        """== b
           moved: Which glass bends light? = An optician with patience""",
    ),
    row(
        "one question asked on two other pages",
        "Either could be the card that is gone, so neither takes its schedule.",
        "gone: Def = A lens made of glass",
        """== b
           one: Def = Some curved thing
           == c
           other: Def = The end of a list""",
    ),
    row(
        "a question of two cards asked on another page",
        "It could be either of the cards that are gone.",
        """gone: Def = A lens made of glass
           == b
           too: Def = A prism made of glass""",
        """== c
           new: Def = Some curved thing""",
    ),
    row(
        "the question of a deleted card asked on another page",
        "A question alone is too little to bring back what was deleted somewhere else.",
        """gone: Def = A lens made of glass
           == b
           other: Who wrote Faust? = Goethe""",
        """== b
           other: Who wrote Faust? = Goethe""",
        """== b
           other: Who wrote Faust? = Goethe
           == c
           new: Def = Some curved thing""",
    ),
    row(
        "a question that a deleted card asked too, moved and answered anew",
        "The question stood twice in what the lock knows, so it does not say which of the two moved.",
        """gone: Def = A lens made of glass
           == b
           living: Def = A prism made of glass""",
        """== b
           living: Def = A prism made of glass""",
        """== c
           new: Def = Some curved thing""",
    ),
]

CAME_BACK = [
    row(
        "a deleted card comes back that two notes said in one place, one after the other",
        "Nothing tells them, but it is always the same one, whatever the lock looks like.",
        "first: Def = A lens made of glass",
        "== b\nother: Who wrote Faust? = Goethe",
        "second: Def = Some curved thing\nthird: Def = The end of a list\n== b\nother: Who wrote Faust? = Goethe",
        "second: Def = A lens made of glass\nthird: Def = The end of a list\n== b\nother: Who wrote Faust? = Goethe",
        "== b\nother: Who wrote Faust? = Goethe",
        "second: Def = A lens made of glass\n== b\nother: Who wrote Faust? = Goethe",
    ),
    row(
        "a card deleted and copied twice to its page again",
        "The first is the card, and the copy is new.",
        """back: Def = A lens made of glass
           other: Who wrote Faust? = Goethe""",
        "other: Who wrote Faust? = Goethe",
        """back: Def = A lens made of glass
           new: Def = A lens made of glass
           other: Who wrote Faust? = Goethe""",
    ),
    row(
        "a deleted card pasted on another page",
        "Its words are all its own, so its schedule comes back with it.",
        """back: Def = A lens made of glass
           == b
           other: Who wrote Faust? = Goethe""",
        """== b
           other: Who wrote Faust? = Goethe""",
        """== b
           other: Who wrote Faust? = Goethe
           == c
           back: Def = A lens made of glass""",
    ),
    row(
        "one of two equal deleted cards comes back to its page",
        "Of two that said the same it is the one that stood here.",
        """first: Def = A lens made of glass
           == b
           second: Def = A lens made of glass
           == c
           other: Who wrote Faust? = Goethe""",
        """== c
           other: Who wrote Faust? = Goethe""",
        """== b
           second: Def = A lens made of glass
           == c
           other: Who wrote Faust? = Goethe""",
    ),
    row(
        "a deleted card comes back with another answer",
        "The same question on the same page, and no other card like it: the author took it up again.",
        """back: Def = A lens made of glass
           other: Who wrote Faust? = Goethe""",
        "other: Who wrote Faust? = Goethe",
        """back: Def = Some curved thing
           other: Who wrote Faust? = Goethe""",
    ),
    row(
        "a card is answered as a deleted twin was",
        "The card that stands in this place goes on; what was deleted stays deleted.",
        """gone: Def = A lens made of glass
           kept: Def = Some curved thing""",
        "kept: Def = Some curved thing",
        "kept: Def = A lens made of glass",
    ),
    row(
        "a card asks what a deleted one asked, and keeps its long answer",
        "The answer says which living card this is, and a living card goes before a deleted one.",
        """gone: Def = A lens made of glass
           kept: Who grinds them? = An optician with patience""",
        "kept: Who grinds them? = An optician with patience",
        "kept: Def = An optician with patience",
    ),
    row(
        "a card is reworded to the question of a deleted one",
        "It is like the living card that is gone, and that one goes before a deleted one.",
        """gone: What bends light? = A lens made of glass
           kept: What bends most light? = Flint""",
        "kept: What bends most light? = Flint",
        "kept: What bends light? = Lead",
    ),
    row(
        "the answer of a deleted card under another question",
        "A deleted card does not come back by its answer alone: this one may be about something else.",
        """gone: Who grinds lenses? = An optician with patience
           other: Who wrote Faust? = Goethe""",
        "other: Who wrote Faust? = Goethe",
        """new: Why do we see far? = An optician with patience
           other: Who wrote Faust? = Goethe""",
    ),
    row(
        "a question like that of a deleted card",
        "A deleted card does not come back by likeness, and there is nothing to warn of.",
        """gone: What bends light? = A lens made of glass
           other: Who wrote Faust? = Goethe""",
        "other: Who wrote Faust? = Goethe",
        """new: What bends the light? = Some curved thing
           other: Who wrote Faust? = Goethe""",
    ),
    row(
        "a twin reworded and one written beside it, where a twin was deleted long ago",
        "Either could be the living twin, so none is; a deleted twin makes the guess no better.",
        """gone: Def = A lens made of glass
           kept: Def = Some curved thing""",
        "kept: Def = Some curved thing",
        """one?: Def = Glass, thick in the middle
           other?: Def = Glass, thin in the middle""",
    ),
    row(
        "a card rewritten that was deleted, by its id",
        "The id names the card, deleted or not.",
        """back@1: Def = A lens made of glass
           other: Who wrote Faust? = Goethe""",
        "other: Who wrote Faust? = Goethe",
        """other: Who wrote Faust? = Goethe
           back@1: Why do we see far? = Thanks to Spinoza""",
    ),
]

ANSWERS = [
    row(
        "an answer of twelve letters under another question, where other cards came and went",
        "Short answers are shared by strangers.",
        """gone: Is light a wave? = Twelve chars
           here: Where does the sun set? = In the west, every day""",
        """here: Where does the sun set? = In the west, every day
           new: Does glass break? = Twelve chars""",
    ),
    row(
        "an answer of twelve letters under another question in the same place",
        "Nothing else came or went there.",
        "kept: Is light a wave? = Twelve chars",
        "kept: Does glass break? = Twelve chars",
    ),
    row(
        "an answer of thirteen letters under another question",
        "Long answers are a card's own, so this is its question reworded.",
        "kept: Is light a wave? = Thirteen char",
        "kept: Does glass break? = Thirteen char",
    ),
    row(
        "a short answer under another question, which is a little like the first",
        "A short answer tells who asked nearly the same.",
        "kept: When was the Eiffel tower built? = 1889",
        "kept: When did they build the Eiffel tower? = 1889",
    ),
    row(
        "a long answer of two cards under one other question",
        "It could be either of the two, so it takes over the schedule of none.",
        """gone: Who grinds lenses? = An optician with patience
           too: Why is glass clear? = An optician with patience""",
        "new: Which boat sails fast? = An optician with patience",
    ),
    row(
        "a long answer of one card under two other questions",
        "Either could be that card.",
        "gone: Who grinds lenses? = An optician with patience",
        """one: Why is glass clear? = An optician with patience
           other: Which boat sails fast? = An optician with patience""",
    ),
    row(
        "a long answer of two cards, one of them reworded a little and one wholly",
        "Once the first is known by its question, only the other is left for the answer.",
        """near: What bends light? = An optician with patience
           far: Why is glass clear? = An optician with patience""",
        """near: What bends light most? = An optician with patience
           far: Which boat sails fast? = An optician with patience""",
    ),
    row(
        "a long answer of two cards, one of them reworded a little and one wholly, in the other order",
        "Where a card stands on its page is no matter.",
        """far: Why is glass clear? = An optician with patience
           near: What bends light? = An optician with patience""",
        """far: Which boat sails fast? = An optician with patience
           near: What bends light most? = An optician with patience""",
    ),
    row(
        "a long answer of two cards, both reworded, and the second a little nearer to a card that is gone",
        "The answer decides as soon as one card alone is left to have given it.",
        """first: abcdefgh01 = An optician with patience
           second: abcdefgh23 = An optician with patience
           gone: abcdefghiy = Flint""",
        """first: abcdefgh0z = An optician with patience
           second: abcdefghij = An optician with patience""",
    ),
    row(
        "a long answer under a question that is just alike enough to another's",
        "The question says it is one card and the answer that it is another: the question decides.",
        """other: xx abcdefg = Flint
           gone: Who grinds lenses? = An optician with patience""",
        "other: xx abcwxyz = An optician with patience",
    ),
    row(
        "a question of twins over the long answer of a third card",
        "It asks what the twins asked, so it could be one of them, in words that tell nothing here.",
        """one: What is light? = A wave
           two: What is light? = A ray
           gone: What is light not? = An optician with patience
           made: What is light made of? = Photons
           good: What is light good for? = Seeing""",
        """new?: What is light? = An optician with patience
           made: What is light made of? = Photons
           good: What is light good for? = Seeing""",
    ),
    row(
        "a long answer under a question that is nearly another's",
        "The question says it is one card and the answer that it is another: the question decides.",
        """other: Which glass bends light most? = Flint
           gone: Who grinds lenses? = An optician with patience""",
        "other: Which glass most bends light? = An optician with patience",
    ),
    row(
        "a long answer under a question that is half another's",
        "Half a likeness is none, so the answer decides.",
        """kept: Who grinds lenses? = An optician with patience
           gone: abcdefghij = Flint""",
        "kept: abcdevwxyz = An optician with patience",
    ),
    row(
        "a long answer under a question that is nearly its own and nearly another's, its own the nearer",
        "The answer settles which of two like questions was reworded.",
        """kept: abcdefghi0 = An optician with patience
           gone: abcdefghi12 = Flint""",
        "kept: abcdefghij = An optician with patience",
    ),
    row(
        "a long answer under a question that is nearly its own and nearly another's, the other the nearer",
        "The answer settles which of two like questions was reworded.",
        """gone: abcdefghi0 = Flint
           kept: abcdefgh12 = An optician with patience""",
        "kept: abcdefghij = An optician with patience",
    ),
    row(
        "a question moved to another page with the answer of a card there",
        "An answer is evidence on its own page only.",
        """gone: Who grinds lenses? = An optician with patience""",
        """== b
           new: Why do we see far? = An optician with patience""",
    ),
]

LIKENESS = [
    row(
        "six letters of ten kept",
        "Sixty of a hundred is alike enough.",
        "kept: xx abcdefg = Flint, a stone that strikes fire",
        "kept: xx abcwxyz = Flint, a stone with sharp edges",
    ),
    row(
        "thirteen letters of twenty-two kept",
        "Fifty-nine of a hundred is not, and says too little for a warning.",
        "gone: abcdefghijklmnopqrstuv = Flint",
        "new: abcdefghijklm012345678 = Lead",
    ),
    row(
        "questions on two pages that are alike",
        "Likeness is evidence on one page only: other pages have cards of the same pattern.",
        "gone: What bends light? = Flint",
        """== b
           new: What bends the light? = Lead""",
    ),
    row(
        "one question like two that are gone",
        "It could be either of the two, so it starts anew and says so.",
        """gone: abcdefghi1 = Flint
           too: abcdefghi2 = Lead""",
        "new?: abcdefghi3 = Crown",
    ),
    row(
        "two questions like one that is gone",
        "Either could be that card.",
        "gone: abcdefghi1 = Flint",
        """one?: abcdefghi2 = Lead
           other?: abcdefghi3 = Crown""",
    ),
    row(
        "two questions like one that is gone, one of them by far",
        "Nobody would take the other for it.",
        "kept: abcdefghij = Flint",
        """kept: abcdefghi0 = Lead
           other: abcdefwxyz = Crown""",
    ),
    row(
        "a question like two that are gone, one of them by far",
        "Nobody would take it for the other.",
        """kept: abcdefghi0 = Lead
           gone: abcdefwxyz = Crown""",
        "kept: abcdefghij = Flint",
    ),
    row(
        "a question like two that are gone, ahead by ten of a hundred",
        "Ten of a hundred is clearly ahead.",
        """kept: abcdefghij = Lead
           gone: abcdefgh34 = Crown""",
        "kept: abcdefghi0 = Flint",
    ),
    row(
        "a question like two that are gone, ahead by nine of a hundred",
        "Nine of a hundred is not.",
        """one: abcdefghijk = Lead
           other: abcdefghi34 = Crown""",
        "new?: abcdefghij0 = Flint",
    ),
    row(
        "a question like three that are gone, far ahead of the last only",
        "The next best is what leaves the doubt.",
        """one: abcdefghi0 = Lead
           two: abcdefghi1 = Crown
           three: abcdef1234 = Tin""",
        "new?: abcdefghij = Flint",
    ),
    row(
        "a question alike enough to one that is gone, and half like another",
        "One that is not alike enough itself can still be too near to leave no doubt.",
        """one: abcdefghij = Lead
           other: 5abcdefghij = Crown""",
        "new?: abcdefwxyz = Flint",
    ),
    row(
        "two questions of the same words",
        "Either could be the card that is gone, for the order of words tells nothing.",
        "gone: What bends light most? = Flint" + UNLIKE,
        """one?: What bends light? = Lead
           other?: Light bends what? = Crown"""
        + UNLIKE,
    ),
    row(
        "a question like two that are gone and had the same words",
        "It could be either of them.",
        """gone: What bends light? = Lead
           too: Light bends what? = Crown"""
        + UNLIKE,
        "new?: What bends light most? = Flint" + UNLIKE,
    ),
    row(
        "two questions of the same words like two of the same words",
        "Each could be either, for the order of words tells nothing.",
        """gone: What bends light? = Lead
           too: Light bends what? = Crown"""
        + UNLIKE,
        """one?: What bends light most? = Flint
           other?: Light bends what most? = Tin"""
        + UNLIKE,
    ),
    row(
        "two pairs of questions that are all alike",
        "Each is the one that it is most like.",
        """first: abcdefghi0 = Lead
           second: abcdefxyz0 = Crown""",
        """second: abcdefxyz1 = Flint
           first: abcdefghi1 = Tin""",
    ),
    row(
        "two pairs of questions that are all alike, in the other order",
        "Each is the one that it is most like.",
        """first: abcdefghi0 = Lead
           second: abcdefxyz0 = Crown""",
        """first: abcdefghi1 = Tin
           second: abcdefxyz1 = Flint""",
    ),
    row(
        "words that only deleted cards had in common",
        "What is not on the page any more makes no word common there.",
        """kept: Lens bends light = Flint
           one: Mirror bends light = 1
           two: Prism bends light = 2
           three: Water bends light = 3""",
        "kept: Lens bends light = Flint",
        "kept: A lens bends the light = Lead",
    ),
    row(
        "one new question of a pattern whose other questions were deleted",
        "What all questions of the page have in common is no likeness.",
        """france: What is the capital of France? = Paris
           spain: What is the capital of Spain? = Madrid
           italy: What is the capital of Italy? = Rome
           greece: What is the capital of Greece? = Athens""",
        "norway: What is the capital of Norway? = Oslo",
    ),
    row(
        "new questions of a pattern of which one question was deleted",
        "What all questions of the page have in common is no likeness.",
        "norway: What is the capital of Norway? = Oslo",
        """france: What is the capital of France? = Paris
           spain: What is the capital of Spain? = Madrid
           italy: What is the capital of Italy? = Rome
           greece: What is the capital of Greece? = Athens""",
    ),
    row(
        "a question in capital letters",
        "Who stops shouting does not write a new card.",
        "kept: WHAT BENDS LIGHT? = Flint",
        "kept: What bends light? = Lead",
    ),
    row(
        "a mistake mended in a short word",
        "A typing mistake of two letters is no new card, though no three letters in a row are left.",
        "kept: Lesn? = Flint",
        "kept: Lens? = Lead",
    ),
    row(
        "a mistake mended at the beginning of a short word",
        "The end of a word shows it as well.",
        "kept: Elns? = Flint",
        "kept: Lens? = Lead",
    ),
    row(
        "two questions like one that is gone, one of them more like five others",
        "All that are like it leave a doubt, however many there are.",
        "\n".join([*(f"gone{n}: abcdefghi{n} = {n}" for n in range(5)), "gone: abcdefwxyz = Flint"]),
        """one?: abcdefghij = Lead
           other?: stuvefwxyz = Crown""",
    ),
    row(
        "a word that comes three times in one question",
        "It tells this question from the others all the same.",
        "kept: Light on light by light? = Flint",
        "kept: Light on light by a light? = Lead",
    ),
    row(
        "a letter changed in each four",
        "Three letters in a row are enough to see a likeness.",
        """kept: abc1def2ghi = Lead
           sky: Which colour has the sky? = Blue""",
        """sky: Which colour has the sky? = Blue
           kept: abc3def4ghi = Lead""",
    ),
    row(
        "a letter changed in each three",
        "Two letters in a row stand in too many words.",
        """gone: 0ab1cd2ef3g = Lead
           sky: Which colour has the sky? = Blue""",
        """sky: Which colour has the sky? = Blue
           new: 5ab6cd7ef8g = Lead""",
    ),
    row(
        "the end of a long question and its answer reworded",
        "The beginning is what the lock remembers, and it is the same.",
        f"kept: {LONG} {60 * 'x1 '} = Lead",
        f"kept: {LONG} {60 * 'y2 '} = Tin",
    ),
    row(
        "a question that shares words with long ones",
        "A long question stands once on the page, though the lock remembers only its beginning.",
        f"""kept: red green blue black white apple = Lead, a soft metal
            one: red green blue black {"abc " * 20} = Crown
            two: black white red green {"xyz " * 20} = Tin"""
        + UNLIKE,
        f"""kept: red green blue black white tulip = Lead, a heavy metal
            one: red green blue black {"abc " * 20} = Crown
            two: black white red green {"xyz " * 20} = Tin"""
        + UNLIKE,
    ),
]

SHARED_IDS = [
    row(
        "equal copies with one id, one of them moved",
        "The one that stayed on its page is the one that was there.",
        """first@1: Def = A lens made of glass
           == b
           second@1: Def = A lens made of glass""",
        """== b
           second@1: Def = A lens made of glass
           == c
           first@1: Def = A lens made of glass""",
    ),
    row(
        "a copy moved over another that is gone",
        "Who says the same words is the same card.",
        """moved@1: Def = A lens made of glass
           == b
           gone@1: Def = Some curved thing""",
        """== b
           moved@1: Def = A lens made of glass""",
    ),
    row(
        "a copy moved to where an equal one was deleted",
        "The card that was reviewed until yesterday goes on.",
        """living@1: Def = A lens made of glass
           == b
           gone@1: Def = A lens made of glass""",
        "living@1: Def = A lens made of glass",
        """== b
           living@1: Def = A lens made of glass""",
    ),
    row(
        "a copy answered as a deleted twin was",
        "The card that stands in this place goes on.",
        """gone@1: Def = A lens made of glass
           kept@1: Def = Some curved thing""",
        "kept@1: Def = Some curved thing",
        "kept@1: Def = A lens made of glass",
    ),
    row(
        "a copy answered as a twin on another page that was deleted",
        "The card that stands in this place goes on.",
        """gone@1: Def = A lens made of glass
           == b
           kept@1: Def = Some curved thing""",
        """== b
           kept@1: Def = Some curved thing""",
        """== b
           kept@1: Def = A lens made of glass""",
    ),
    row(
        "a copy takes up the question of a deleted one and the answer of the living one",
        "The living card goes before a deleted one.",
        """gone@1: Def = A lens made of glass
           == b
           kept@1: Who grinds them? = An optician with patience""",
        """== b
           kept@1: Who grinds them? = An optician with patience""",
        "kept@1: Def = An optician with patience",
    ),
    row(
        "a copy takes up the question of one deleted elsewhere and keeps its answer",
        "The living card goes before a deleted one.",
        """kept@1: Who grinds them? = An optician with patience
           == c
           gone@1: Def = A lens made of glass""",
        "kept@1: Who grinds them? = An optician with patience",
        "kept@1: Def = An optician with patience",
    ),
    row(
        "a copy moved to the page where a deleted one gave its answer",
        "The living card goes before a deleted one.",
        """gone@1: Def = An optician with patience
           == b
           kept@1: Who grinds them? = An optician with patience""",
        """== b
           kept@1: Who grinds them? = An optician with patience""",
        "kept@1: Why do we see far? = An optician with patience",
    ),
    row(
        "a copy rewritten to the answer of a deleted one",
        "The living card goes before a deleted one.",
        """gone@1: Def = An optician with patience
           == b
           kept@1: Who grinds them? = Some curved thing""",
        """== b
           kept@1: Who grinds them? = Some curved thing""",
        """== c
           kept@1: Why do we see far? = An optician with patience""",
    ),
    row(
        "a copy rewritten where another was deleted",
        "The id names the living card.",
        """gone@1: Def = A lens made of glass
           kept@1: Who grinds them? = Some curved thing""",
        "kept@1: Who grinds them? = Some curved thing",
        "kept@1: Why do we see far? = Thanks to Spinoza",
    ),
    row(
        "one of two equal deleted copies comes back to its page",
        "Of two that said the same it is the one that stood here.",
        """first@1: Def = A lens made of glass
           == b
           second@1: Def = A lens made of glass
           == c
           other: Who wrote Faust? = Goethe""",
        """== c
           other: Who wrote Faust? = Goethe""",
        """== b
           second@1: Def = A lens made of glass
           == c
           other: Who wrote Faust? = Goethe""",
    ),
    row(
        "a deleted copy comes back elsewhere while another is given up",
        "All its words are those of the deleted one.",
        """back@1: Def = A lens made of glass
           gone@1: Who grinds them? = Some curved thing""",
        "gone@1: Who grinds them? = Some curved thing",
        """== b
           back@1: Def = A lens made of glass""",
    ),
    row(
        "a deleted copy comes back elsewhere while its twin with another answer is given up",
        "All its words are those of the deleted one.",
        """back@1: Def = A lens made of glass
           == b
           gone@1: Def = Some curved thing""",
        """== b
           gone@1: Def = Some curved thing""",
        """== c
           back@1: Def = A lens made of glass""",
    ),
    row(
        "copies moved and answered anew",
        "Each question is still its card's own.",
        """first@1: Def = A lens made of glass
           == b
           second@1: Who grinds them? = Some curved thing""",
        """== c
           second@1: Who grinds them? = An optician
           == d
           first@1: Def = A thing of glass""",
    ),
    row(
        "the question of one copy with the answer of another, on the page of the answer",
        "The question says more than the answer.",
        """moved@1: Def = A lens made of glass
           == b
           gone@1: Who grinds them? = Some curved thing""",
        """== b
           moved@1: Def = Some curved thing""",
    ),
    row(
        "copies of one answer, one reworded on its page and one moved",
        "On its own page an answer says more than elsewhere.",
        """moved@1: Who grinds lenses? = An optician with patience
           == b
           stayed@1: Why is glass clear? = An optician with patience""",
        """== b
           stayed@1: Which boat sails fast? = An optician with patience
           == c
           moved@1: Def = An optician with patience""",
    ),
    row(
        "copies moved and asked anew",
        "Each answer is still its card's own.",
        """first@1: Who grinds lenses? = A lens made of glass
           == b
           second@1: Why is glass clear? = Some curved thing""",
        """== c
           second@1: Which boat sails fast? = Some curved thing
           == d
           first@1: Def = A lens made of glass""",
    ),
    row(
        "two copies both rewritten a little",
        "The id tells nothing here, but the words of the questions do.",
        """first@1: Who grinds lenses? = Opticians
           second@1: Why is glass clear? = Nobody knows""",
        """second@1: Why is glass so clear? = No one knows
           first@1: Who grinds the lenses? = An optician""",
    ),
    row(
        "three copies both rewritten a little",
        "The id tells nothing here, but the words of the questions do.",
        """first@1: Who grinds lenses? = Opticians
           second@1: Why is glass clear? = Nobody knows
           third@1: Which boat sails fast? = A clipper""",
        """third@1: Which boat sails fastest? = The clipper
           second@1: Why is glass so clear? = No one knows
           first@1: Who grinds the lenses? = An optician""",
    ),
    row(
        "two copies of one answer, both questions reworded a little",
        "The answer tells nothing here, but the words of the questions do.",
        """first@1: Who grinds lenses? = An optician with patience
           second@1: Who mends glasses? = An optician with patience
           third@1: Who sells mirrors? = An optician with patience""",
        """third@1: Who sells the mirrors? = An optician with patience
           second@1: Who mends the glasses? = An optician with patience
           first@1: Who grinds the lenses? = An optician with patience""",
    ),
    row(
        "twins with one id, both answered anew",
        "Equal questions of one page are told apart by their order.",
        """first@1: Def = A lens made of glass
           second@1: Def = Some curved thing""",
        """first@1: Def = An optician
           second@1: Def = Nobody knows""",
    ),
    row(
        "a card moved and answered anew, behind a rewritten copy",
        "Its question tells it from the copy.",
        "kept@1: Def = A lens made of glass",
        """== b
           new@1: Why do we see far? = Thanks to Spinoza
           == c
           kept@1: Def = Some curved thing""",
    ),
    row(
        "a card moved and asked anew, behind a rewritten copy",
        "Its answer tells it from the copy.",
        "kept@1: Def = A lens made of glass",
        """== b
           new@1: Why do we see far? = Thanks to Spinoza
           == c
           kept@1: What bends light? = A lens made of glass""",
    ),
    row(
        "a card asked anew, behind a copy on another page that was asked anew as well",
        "On its own page an answer says more than elsewhere.",
        """== c
           kept@1: Def = A lens made of glass""",
        """== b
           new@1: Why do we see far? = A lens made of glass
           == c
           kept@1: What bends light? = A lens made of glass""",
    ),
    row(
        "twins with one id, one deleted and the other answered anew",
        "It could be either of them.",
        """gone@1: Def = A lens made of glass
           too@1: Def = Some curved thing""",
        "new@1?: Def = An optician",
    ),
    row(
        "a card answered anew together with its copy",
        "Equal questions of one page are told apart by their order.",
        "kept@1: Def = A lens made of glass",
        """kept@1: Def = An optician
           new@1: Def = Nobody knows""",
    ),
    row(
        "one of two equal copies deleted",
        "Either is the card, so its schedule goes on.",
        """kept@1: Def = A lens made of glass
           kept@1: Def = A lens made of glass""",
        "kept@1: Def = A lens made of glass",
    ),
    row(
        "one of two copies deleted and the other rewritten",
        "It could be either of them, so it takes over the schedule of none.",
        """gone@1: Def = A lens made of glass
           too@1: Who grinds them? = Some curved thing""",
        "new@1: Why do we see far? = Thanks to Spinoza",
    ),
    row(
        "a card rewritten together with a copy",
        "Where words tell nothing, the first that bears its id is the card.",
        "kept@1: Def = A lens made of glass",
        """kept@1: Why do we see far? = Thanks to Spinoza
           new@1: Which boat sails fast? = A clipper""",
    ),
    row(
        "a deleted card comes back rewritten together with a copy",
        "Where words tell nothing, the first that bears its id is the card.",
        """back@1: Def = A lens made of glass
           other: Who wrote Faust? = Goethe""",
        "other: Who wrote Faust? = Goethe",
        """back@1: Why do we see far? = Thanks to Spinoza
           new@1: Which boat sails fast? = A clipper
           other: Who wrote Faust? = Goethe""",
    ),
]


def nonce(number: int) -> str:
    """A word of two letters that is like no other."""
    return chr(ord("a") + number // 26) + chr(ord("a") + number % 26)


def pattern(word: str, before: int, others: int, now: str) -> tuple[str, str]:
    """A page on which `before` questions have a word, all deleted when `now` one more is written; `others` stay."""
    kept = "".join(f"\nother{n}: {chr(0x4E00 + 7 * n) * 9} = {n}" for n in range(others))
    gone = "".join(f"\ngone{n}: {word.format(nonce(n))} = {n}" for n in range(before))
    return gone + kept, f"{now}: {word.format('90')} = Flint{kept}"


RARE = "What stands in few questions of a page tells them from the others, so the new card could be one of these."
COMMON = "What stands in many questions of a page is its pattern, so a card of that pattern is another card."
WORD = "photosynthesis {}"
PREFIX = "photosynthesi{}"

COMMON_WORDS = [
    row("a word in three of nine questions", RARE, *pattern(WORD, 2, 6, "new?")),
    row("a word in three of eight questions", COMMON, *pattern(WORD, 2, 5, "new")),
    row("a word in four of twelve questions", RARE, *pattern(WORD, 3, 8, "new?")),
    row("a word in five of twelve questions", COMMON, *pattern(WORD, 4, 7, "new")),
    row("a word in thirty of a hundred questions", RARE, *pattern(WORD, 29, 70, "new?")),
    row("a word in thirty-one of a hundred questions", COMMON, *pattern(WORD, 30, 69, "new")),
    row("a beginning of words in thirty questions that are gone", RARE, *pattern(PREFIX, 30, 0, "new?")),
    row("a beginning of words in thirty-one questions that are gone", COMMON, *pattern(PREFIX, 31, 0, "new")),
    row(
        "a rare word of which every few letters stand in many questions that are gone",
        "The word as a whole tells the card from the others.",
        "kept: abcdef = Lead"
        + "".join(f"\nb{n}: abcde{chr(0x4E00 + n)} = {n}" for n in range(31))
        + "".join(f"\ne{n}: {chr(0x4E00 + n)}bcdef = {n}" for n in range(31)),
        "kept: abcdef glass = Flint",
    ),
]

ROWS = [*MOVED_AND_COPIED, *CAME_BACK, *ANSWERS, *LIKENESS, *COMMON_WORDS, *SHARED_IDS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_card_is_the_note_that_the_evidence_says(row: Row) -> None:
    notebook = Notebook()
    for version in row.versions:
        assert notebook.read(version) == expected(version), row.why


@pytest.mark.parametrize(
    ("before", "now", "candidates"),
    [
        ("one: Def = 1\ntwo: Def = 2", "new: Def = 3", '"Def", "Def"'),
        ("\n".join(f"n{n}: Def = {n}" for n in range(5)), "new: Def = 9", '"Def", "Def", "Def"'),
        ("one: abcdefghi1 = 1\ntwo: abcdefgh12 = 2", "new: abcdefgh13 = 3", '"abcdefgh12", "abcdefghi1"'),
        (
            "one: abcdefghi1 = 1\ntwo: abcdefghi2 = 2\nthree: abcdefghij = 3\nfour: abcdefghij = 4",
            "new: abcdefghij = 5",
            '"abcdefghij", "abcdefghij", "abcdefghi1"',
        ),
        (
            "one: Light bends what? = 1\ntwo: What bends light? = 2\nthree: What bends light? = 3",
            "new: What bends light? = 4",
            '"What bends light?", "What bends light?", "Light bends what?"',
        ),
    ],
    ids=["twins", "five twins", "two alike, the nearer first", "those alike last", "those of the same words last"],
)
def test_a_doubt_names_three_cards_at_most_that_it_could_be(before: str, now: str, candidates: str) -> None:
    notebook = Notebook()
    notebook.read(before)
    notebook.read(now)
    [problem] = notebook.problems
    assert (problem.rule, str(problem.position)) == ("ambiguous-identity", "a.md:1:1")
    advice = "treated as new; change one thing at a time to keep its history"
    assert problem.message == f"cannot tell which earlier card this is ({candidates}): {advice}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_is_all_one_in_which_order_the_lock_names_the_notes(row: Row) -> None:
    """Merged, rewritten or read from a file: the same notes are the same cards."""
    notebook = Notebook()
    for version in row.versions:
        backwards = dict(sorted(notebook.lock.identities.items(), reverse=True))
        notebook.lock = replace(notebook.lock, identities=backwards)
        assert notebook.read(version) == expected(version), row.why
