"""Which texts hold a conflict that nobody has merged, and where it begins."""

import pytest

from ankigen.syntax.merge_marks import unmerged_line
from tests.helpers.growth import LINEAR, get_through, growth_of_text

REVIEWED = "- Q #card\n<<<<<<< HEAD\n  card-ease-factor:: 2.5\n=======\n  card-ease-factor:: 2.6\n>>>>>>> b\n\t- A\n"
GIT = "<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> branch\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GIT, 1),
        (f"- x\n{GIT}", 2),
        (GIT.replace("\n", "\r\n"), 1),
        ("<<<<<<<\n- a\n=======\n- b\n>>>>>>>", 1),
        ("<<<<<<< ours\n- a\n||||||| base\n- c\n=======\n- b\n>>>>>>> theirs\n", 1),
        ("<<<<<<< Updated upstream\n=======\n- b\n>>>>>>> Stashed changes\n", 1),
        ("<<<<<<< Conflict 1 of 1\n%%%%%%% Changes from base to side #1\n- a\n+++++++ Contents of side #2\n- b\n", 1),
        ("<<<<<<<<<<< HEAD\n- a\n===========\n- b\n>>>>>>>>>>> longer marks\n", 1),
        ("- half merged\n<<<<<<< HEAD\n- a\n=======\n- b\n", 2),
        ("- half merged\n<<<<<<< HEAD\n- a\n>>>>>>> branch\n", 2),
        # A fence that is indented, as in a block, has no marks at the left edge: these are of a merge.
        (f"- code\n  ```\n{GIT}  ```\n", 3),
        (f"- ```\n{GIT}  ```\n", 2),
        # What a side closes was not open around the conflict.
        ("<<<<<<< HEAD\n```\na\n=======\n```\nb\n>>>>>>> branch\n```\n", 1),
        # A fence that never closes is none.
        (f"```\n{GIT}", 2),
        (f"```\n{GIT}```\n{GIT}", 8),
        (f"#+BEGIN_SRC\n#+END_SRC\n{GIT}", 3),
        (REVIEWED.replace("card-ease-factor:: 2.6", "deck:: Other"), 2),
        (REVIEWED.replace(">>>>>>> b\n", ""), 2),
        (REVIEWED + GIT, 8),
    ],
)
def test_a_conflict_is_found_at_its_first_mark(text: str, line: int) -> None:
    assert unmerged_line(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a <<<<<<< b\n=======\n",
        "<<<<<<< HEAD\n- alone\n",
        "=======\n>>>>>>> branch\n",
        ">>>>>>> a quote of seven levels\n",
        "<<<<<<\n======\n>>>>>>\n",
        "<<<<<<<HEAD\n=======\n",
        "  <<<<<<< HEAD\n  a\n  =======\n  b\n  >>>>>>> branch\n",
        f"```\n{GIT}```\n",
        f"````markdown\n```\n{GIT}```\n````\n",
        f"~~~ text\n{GIT}~~~\n",
        f"#+BEGIN_SRC diff\n{GIT}#+END_SRC\n",
        # Logseq's own notes of reviews are on no card.
        REVIEWED,
        REVIEWED.replace("\n", "\r\n"),
        REVIEWED.replace("=======", "||||||| base\n  card-repeats:: 1\n======="),
        "* Q :card:\n:PROPERTIES:\n<<<<<<< HEAD\n:card-repeats: 1\n=======\n:card-repeats: 2\n>>>>>>> b\n:END:\n",
        REVIEWED.replace("  card-ease-factor:: 2.6\n", "  collapsed:: true\n  card-next-schedule::\n"),
        f"#+begin_example\n{GIT}#+end_example\n",
        f"```\n{GIT}  ```\n",
        f"```\n{GIT}\n{GIT}```\n",
    ],
)
def test_an_example_and_marks_that_are_none_are_text(text: str) -> None:
    assert unmerged_line(text) is None


@pytest.mark.parametrize(
    "piece",
    [
        GIT,
        f"```\n{GIT}```\n",
        "<<<<<<< a\n",
        f"{GIT}```\n",
        "```\n<<<<<<< a\n",
        "#+BEGIN_SRC\n<<<<<<< a\n",
        REVIEWED,
        "<<<<<<< a\ncard-x:: y\n",
        "<" * 9,
    ],
)
def test_marks_without_end_cost_no_more_than_their_length(piece: str) -> None:
    def shape(count: int) -> str:
        return piece * count + "\n=======\n"

    assert growth_of_text(shape, unmerged_line) < LINEAR
    get_through(shape, unmerged_line)
