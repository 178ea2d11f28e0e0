"""Pages before and after an edit, by hand: which card keeps which note by its place, and which must begin anew."""

from dataclasses import dataclass

import pytest

from tests.helpers.notebook import Notebook, expected


@dataclass(frozen=True)
class Row:
    """Two versions of notes, in which the name in front of each card says which note it is.

    A card that `nobody` may take a note from is in `before` alone, and whoever must begin anew in `after` alone.
    """

    name: str
    before: str
    after: str


def page(*cards: str) -> str:
    return "\n".join(cards)


SKY = "sky: Which colour has the sky? = Blue as the sea"
SEA = "sea: How deep is the sea? = Eleven kilometres"
SUN = "sun: Where does it set? = In the west, every day"
LEFT = "left: Who wrote Faust? = Goethe, in two parts"
RIGHT = "right: Who composed Fidelio? = Beethoven, but once"

KEPT = [
    Row(
        "a question said anew over a word, between two cards",
        page(SKY, "dog: What is chien in English? = dog", SEA),
        page(SKY, "dog: Which animal barks? = dog", SEA),
    ),
    Row(
        "a question said anew over a word, at the top of its page",
        page("dog: What is chien in English? = dog", SEA),
        page("dog: Which animal barks? = dog", SEA),
    ),
    Row(
        "a question said anew over a word, at the end of its page",
        page(SKY, "dog: What is chien in English? = dog"),
        page(SKY, "dog: Which animal barks? = dog"),
    ),
    Row("the only card of its page, said anew over a number", "war: When did it end? = 1848", "war: Peace came = 1848"),
    Row(
        "two in one gap, each with a word of its own",
        page(SKY, "dog: What is chien? = dog", "cat: What is chat? = cat", SEA),
        page(SKY, "dog: Who barks? = dog", "cat: Who purrs? = cat", SEA),
    ),
    Row(
        "two in one gap that also change places",
        page(SKY, "dog: What is chien? = dog", "cat: What is chat? = cat", SEA),
        page(SKY, "cat: Who purrs? = cat", "dog: Who barks? = dog", SEA),
    ),
    Row(
        "a shared answer, each time in another gap",
        page("one: Is light a wave? = Yes", SKY, "two: Is sound one? = Yes", SEA),
        page("one: Does glass break? = Yes", SKY, "two: Do bells ring? = Yes", SEA),
    ),
    Row(
        "one of a template, the other country over the same short answer",
        page("a: What is the colour of grass? = Green", SKY, "b: What is the colour of snow? = White", SEA),
        page("a: What is the colour of leaves? = Green", SKY, "b: What is the colour of snow? = White", SEA),
    ),
    Row(
        "a template's word with a typing mistake, and another answer",
        page("a: What is the capital of Frannce? = Paris", "b: What is the capital of Spain? = Madrid")
        + "\nc: What is the capital of Italy? = Rome",
        page("a: What is the capital of France? = The city of Paris", "b: What is the capital of Spain? = Madrid")
        + "\nc: What is the capital of Italy? = Rome",
    ),
    Row(
        "a word more in a question of a template, and another answer",
        page("a: What is the capital of France? = Paris", "b: What is the capital of Spain? = Madrid")
        + "\nc: What is the capital of Italy? = Rome",
        page("a: What is the capital city of France? = Paris on the Seine", "b: What is the capital of Spain? = Madrid")
        + "\nc: What is the capital of Italy? = Rome",
    ),
    Row(
        "a question reworded and answered anew, one word more than a copy of it on another page",
        page("kept: red green blue black = Lead, a soft metal", "== b", "copy: red green blue black white = Tin"),
        page("kept: red green blue grey = Lead, a heavy metal", "== b", "copy: red green blue black white = Tin"),
    ),
    Row(
        "a template over another question, whose answer stays, while another of the template is deleted",
        page("gone: What is the French for dog? = chien", SKY, "kept: Who purrs? = cat", SEA),
        page(SKY, "kept: What is the French for chat? = cat", SEA) + "\nnew: What is the French for cow? = vache",
    ),
    Row(
        "the last card of a page reworded and answered anew, as the page was split",
        page(SKY, LEFT, SEA, "last: Which bird sings first each day? = The lark"),
        page(SKY, LEFT, "== b", SEA, "last: Which bird sings first at dawn each day? = A robin"),
    ),
    Row(
        "the first card of the new half said anew over a word",
        page(SKY, LEFT, "dog: What is chien? = dog", SEA),
        page(SKY, LEFT, "== b", "dog: Who barks? = dog", SEA),
    ),
    Row(
        "the last card of the old half said anew over a word",
        page(SKY, "dog: What is chien? = dog", SEA, LEFT),
        page(SKY, "dog: Who barks? = dog", "== b", SEA, LEFT),
    ),
    Row(
        "the end of a page that was put above another",
        page("== b", SKY, "dog: What is chien? = dog", "== c", SEA, LEFT),
        page("== c", SKY, "dog: Who barks? = dog", SEA, LEFT),
    ),
    Row(
        "within a page that got another name",
        page("== b", SKY, "dog: What is chien? = dog", SEA),
        page("== c", SKY, "dog: Who barks? = dog", SEA),
    ),
    Row(
        "a question that other pages ask, too, answered anew on a page that got another name",
        page("one: Def = A lens", "two: Def = A ray", SKY, "== b", "other: Def = A prism", "last: Def = A star", SEA),
        page("one: Def = A lens", "two: Def = A ray", SKY, "== c", "other: Def = A mirror", "last: Def = A star", SEA),
    ),
    Row(
        "copies with one id, answered anew on a page that got another name",
        page("one@1: Who grinds lenses? = Opticians", SKY, "== b", "other@1: Who grinds lenses? = Opticians", SEA),
        page("one@1: Who grinds lenses? = Opticians", SKY, "== c", "other@1: Who grinds lenses? = Women", SEA),
    ),
    Row(
        "the first of two equal cards deleted, a card between them",
        page("gone: Def = One and the same answer", SKY, "kept: Def = One and the same answer", SEA),
        page(SKY, "kept: Def = One and the same answer", SEA),
    ),
    Row(
        "the first of two equal cards deleted, and the other half moved",
        page("gone: Def = One and the same answer", SKY, SEA, "kept: Def = One and the same answer", LEFT),
        page(SKY, "== b", SEA, "kept: Def = One and the same answer", LEFT),
    ),
    Row(
        "a copy put in front of its card",
        page(SKY, "kept: Def = One and the same answer", SEA),
        page("copy: Def = One and the same answer", SKY, "kept: Def = One and the same answer", SEA),
    ),
    Row(
        "a card answered anew and then copied to another page",
        page("kept: Which glass bends light? = Flint", SKY),
        page("kept: Which glass bends light? = Crown", SKY, "== b", SEA, "copy: Which glass bends light? = Crown"),
    ),
    Row(
        "a card moved and answered anew, and copied there",
        page("kept: Which glass bends light? = Flint", SKY, "== b", SEA),
        page(SKY, "== b", SEA, "kept: Which glass bends light? = Crown", "copy: Which glass bends light? = Crown"),
    ),
    Row(
        "one of two equal cards moved and answered anew",
        page("one: Which glass bends light? = Flint", SKY, "other: Which glass bends light? = Flint", "== b", SEA),
        page("one: Which glass bends light? = Flint", SKY, "== b", SEA, "other: Which glass bends light? = Crown"),
    ),
    Row(
        "a card moved and reworded a little over its long answer",
        page("kept: Who grinds lenses? = An optician with patience", SKY, "== b", SEA),
        page(SKY, "== b", SEA, "kept: Who grinds the lenses? = An optician with patience"),
    ),
    Row(
        "a cloze that hides another word, with the same words below it, alone in its gap",
        page(SKY, "kept: {{cloze Example}} = Yes", SEA),
        page(SKY, "kept: {{cloze Instance}} = Yes", SEA),
    ),
    Row(
        "a card reworded a little and answered anew, beside a new one that took over its short answer",
        page(SKY, "kept: Which bird sings at dawn? = Lark", SEA),
        page(SKY, "new: Who flies highest? = Lark", "kept: Which small bird sings at dawn? = Robin", SEA),
    ),
    Row(
        "a short answer under the card's own question on a page that moved, while another took it over",
        page("== b", SKY, "one: Def = Yes", "two: Example = Nothing at all", SEA),
        page("== c", SKY, "one: Def = No", "two: Example = Nothing at all", SEA),
    ),
    Row(
        "letters that changed places put right, and the short answer changed",
        page(SKY, "kept: recieve = get", SEA),
        page(SKY, "kept: receive = to get", SEA),
    ),
    Row(
        "a word in another form, and the short answer changed",
        page(SKY, "kept: Which boat sails fast? = A clipper", SEA),
        page(SKY, "kept: Which boat sails fastest? = The clipper", SEA),
    ),
    Row(
        "a word put in place of another, and a long answer changed, which may be by a word",
        page(SKY, "kept: What drives the cell? = Mitochondria burn sugar", SEA),
        page(SKY, "kept: What powers the cell? = Mitochondria burn sugar and fat", SEA),
    ),
    Row(
        "a word put in place of another in a long question, of which the lock holds no more than the beginning",
        page(SKY, "kept: Which of all " + "the known and named " * 4 + "birds sings? = Lark", SEA),
        page(SKY, "kept: Which of the " + "the known and named " * 4 + "birds sings? = A robin", SEA),
    ),
    Row(
        "a word more around a cloze that hides the same",
        page(SKY, "kept: The capital of France is {{cloze Paris}} = -", SEA),
        page(SKY, "kept: The capital city of France is {{cloze Paris}} = -", SEA),
    ),
    Row(
        "what a cloze hides put right",
        page(SKY, "kept: The capital of France is {{cloze Lyon}} = -", SEA),
        page(SKY, "kept: The capital of France is {{cloze Paris}} = -", SEA),
    ),
    Row(
        "a question that becomes a cloze",
        page(SKY, "kept: The capital of France is? = Paris", SEA),
        page(SKY, "kept: The capital of France is {{cloze Paris}} = -", SEA),
    ),
]

NEW = [
    Row(
        "a deleted card and another in its gap, with another answer",
        page(SKY, "gone: What is chien? = dog", SEA),
        page(SKY, "new: Which animal purrs? = cat", SEA),
    ),
    Row(
        "a country of a template replaced, in its place",
        page("gone: What is the capital of France? = Paris", "b: What is the capital of Spain? = Madrid")
        + "\nc: What is the capital of Italy? = Rome",
        page("new: What is the capital of Norway? = Oslo", "b: What is the capital of Spain? = Madrid")
        + "\nc: What is the capital of Italy? = Rome",
    ),
    Row(
        "a country of a template replaced, among many other cards",
        page("gone: What is the capital of France? = Paris", SKY, SEA, SUN, LEFT, RIGHT)
        + "\nb: What is the capital of Spain? = Madrid\nx: Why? = 1\ny: When, then? = 2\nz: How come? = 3",
        page(SKY, SEA, SUN, LEFT, RIGHT, "new?: What is the capital of Norway? = Oslo")
        + "\nb: What is the capital of Spain? = Madrid\nx: Why? = 1\ny: When, then? = 2\nz: How come? = 3",
    ),
    Row(
        "a country replaced whose template stands on another page alone",
        page("gone: What is the capital of France? = Paris", SKY, "== b", "b: What is the capital of Spain? = Madrid"),
        page("new?: What is the capital of Norway? = Oslo", SKY, "== b", "b: What is the capital of Spain? = Madrid"),
    ),
    Row(
        "a template over a shared short answer, in another place",
        page("gone: Is France a republic? = Yes", SKY, SEA, "b: Is Spain a republic? = No", LEFT, RIGHT, SUN),
        page(SKY, SEA, "b: Is Spain a republic? = No", LEFT, "new: Is Austria a republic? = Yes", RIGHT, SUN),
    ),
    Row(
        "yes in one gap deleted and yes in another written",
        page("gone: Is light a wave? = Yes", SKY, SEA),
        page(SKY, "new: Does glass break? = Yes", SEA),
    ),
    Row(
        "two that answer yes in one gap, both said anew",
        page(SKY, "one: Is light a wave? = Yes", "two: Is sound sweet? = Yes", SEA),
        page(SKY, "first: Does glass break? = Yes", "second: Do bells ring? = Yes", SEA),
    ),
    Row(
        "one of two that answer yes in one gap deleted, the other said anew",
        page(SKY, "one: Is light a wave? = Yes", "two: Is sound sweet? = Yes", SEA),
        page(SKY, "first: Does glass break? = Yes", SEA),
    ),
    Row(
        "a copy of another card where a card with its short answer was deleted",
        page(SKY, "gone: Is light a wave? = Yes", SEA, "== b", "kept: Is sound sweet? = Yes"),
        page(SKY, "copy: Is sound sweet? = Yes", SEA, "== b", "kept: Is sound sweet? = Yes"),
    ),
    Row(
        "two cards that exchange their answers and are both asked anew in one gap",
        page(SKY, "one: Who barks? = dog", "two: Who purrs? = cat", SEA),
        page(SKY, "first: Das Tier im Korb? = cat and mouse", "second: Das Tier im Hof? = dog and bone", SEA),
    ),
    Row(
        "the question of a deleted twin with another answer on another page, where its twin answers yet another",
        page("gone: Def = A lens", SKY, "== b", "kept: Def = A prism", SEA),
        page(SKY, "== b", "kept: Def = A prism", SEA, "== c", "new: Def = A mirror"),
    ),
    Row(
        "two equal cards deleted and their question answered anew elsewhere",
        page("one: Def = A lens", SKY, "two: Def = A lens", "== b", SEA),
        page(SKY, "== b", SEA, "new: Def = A mirror"),
    ),
    Row(
        "a deleted card's question answered anew in two ways elsewhere",
        page("gone: Def = A lens", SKY, "== b", SEA, LEFT),
        page(SKY, "== b", "one: Def = A mirror", SEA, LEFT, "two: Def = A prism"),
    ),
    Row(
        "a short answer moved to another page under a question a little like its own",
        page("gone: Is light a wave? = Yes", SKY, "== b", SEA),
        page(SKY, "== b", SEA, "new: Is all light a wave? = Yes"),
    ),
    Row(
        "a long answer moved under a question that is like it, where two had given it",
        page("gone: Who grinds lenses? = An optician with patience", SKY, "== b")
        + "\nkept: Which job is slow? = An optician with patience",
        page(SKY, "== b", "kept: Which job is slow? = An optician with patience")
        + "\nnew: Who grinds the lenses? = An optician with patience",
    ),
    Row(
        "the last card deleted, and another with its word written at the end of a page to which its neighbour moved",
        page(SKY, SEA, "gone: Who barks? = dog", "== b", LEFT),
        page(SKY, "== b", LEFT, "new: Which sausage is hot? = dog", SEA, "more: Who runs? = dog"),
    ),
    Row(
        "the word of a card at the cut, asked anew on both sides of it",
        page(SKY, "gone: Who barks? = dog", SEA),
        page(SKY, "one: Which sausage is hot? = dog", "== b", "other: Which star is bright? = dog", SEA),
    ),
    Row(
        "a cloze that hides another word among others in its gap",
        page(SKY, "gone: {{cloze Example}} = Yes", SEA),
        page(SKY, "one: {{cloze Instance}} = Yes", "other: {{cloze Picture}} = Yes", SEA),
    ),
    Row(
        "a word of a list put in place of one that is written much like it",
        page("gone: verstehen = to understand", "b: gehen = to go", "c: laufen = to run"),
        page("new?: entstehen = to arise", "b: gehen = to go", "c: laufen = to run"),
    ),
    Row(
        "a word put in place of another that differs by a letter",
        page("gone: to run = laufen", SKY, SEA),
        page("new?: to ruin = ruinieren", SKY, SEA),
    ),
    Row(
        "a compound put in place of another, with a long answer",
        page("gone: Krankenhaus = a house in which the sick are nursed", SKY),
        page("new?: Krankenwagen = a car that brings the sick there", SKY),
    ),
    Row(
        "another country where no third question shows the template",
        page(SKY, "gone: What is the capital of France? = Paris", SEA),
        page(SKY, "new?: What is the capital of Norway? = Oslo", SEA),
    ),
    Row(
        "another word where no third question shows the template",
        page(SKY, "gone: What is the French for dog? = chien", SEA),
        page(SKY, "new?: What is the French for horse? = cheval", SEA),
    ),
    Row(
        "another country around a cloze that hides another town",
        page(SKY, "gone: The capital of France is {{cloze Paris}} = -", SEA),
        page(SKY, "new?: The capital of Norway is {{cloze Oslo}} = -", SEA),
    ),
    Row(
        "the directions of a card turned",
        page("gone: What is chien in English? = dog", "b: What is chat in English? = cat"),
        page("new: What is dog in French? = chien", "b: What is chat in English? = cat"),
    ),
    Row(
        "a page of words all written anew",
        page("a: Who barks? = dog", "b: Who purrs? = cat", "c: Who moos? = cow"),
        page("d: Was ist rot? = Blut", "e: Was ist weiss? = Schnee", "f: Was ist gelb? = Sand"),
    ),
]


def test_a_card_that_came_back_is_no_neighbour() -> None:
    """It stood above the other when it was deleted, and is put back below it."""
    notebook = Notebook()
    for version in (
        page("back: Who barks? = dog", "kept: Who purrs? = cat", SKY, SEA),
        page("kept: Who purrs? = cat", SKY, SEA),
        page("kept: Which animal hunts mice? = cat", SKY, "back: Who barks? = dog", SEA),
    ):
        assert notebook.read(version) == expected(version)


def test_there_are_more_than_forty_rows_and_each_where_nothing_may_be_matched_has_a_new_card() -> None:
    assert len(KEPT) + len(NEW) > 40
    assert len({row.name for row in (*KEPT, *NEW)}) == len(KEPT) + len(NEW)
    assert all(set(_bare(row.after)) - set(_bare(row.before)) for row in NEW)


@pytest.mark.parametrize("row", [*KEPT, *NEW], ids=lambda row: row.name)
def test_a_card_keeps_the_note_of_its_place_and_takes_no_other(row: Row) -> None:
    notebook = Notebook()
    assert notebook.read(row.before) == expected(row.before)
    assert notebook.read(row.after) == expected(row.after)
    assert notebook.read(row.after) == [name.removesuffix("?") for name in expected(row.after)], "settled"


def _bare(version: str) -> list[str]:
    return [name.removesuffix("?") for name in expected(version)]
