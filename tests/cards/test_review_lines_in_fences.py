"""Logseq writes a review below the first line of a block: where that opens a fence, it is no code."""

import pytest

from tests.helpers.pages import sides

REVIEW = (
    "card-last-interval:: 4.0",
    "card-repeats:: 1",
    "card-ease-factor:: 2.5",
    "card-next-schedule:: 2022-03-13T14:00:00.000Z",
    "card-last-reviewed:: 2022-03-01T08:00:00.000Z",
    "card-last-score:: nil",
    "collapsed:: true",
    "id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11",
)


@pytest.mark.parametrize("lines", [REVIEW[:1], REVIEW[:6], REVIEW], ids=len)
def test_what_logseq_wrote_into_a_fence_is_not_shown(lines: tuple[str, ...]) -> None:
    below = "".join(f"  {line}\n" for line in lines)
    assert sides(f"- ```\n{below}  code\n  ``` #card\n\t- A\n") == ["<pre><code>code</code></pre> = A"]


@pytest.mark.parametrize(
    "text",
    [
        "- Q #card\n\t- say\n\t  ```\n\t  card-repeats:: 1\n\t  ```\n",  # a fence of its own, as in a manual
        "- Q #card\n\t- ```\n\t  x\n\t  card-repeats:: 1\n\t  ```\n",
        "- Q #card\n\t- ```\n\t  card-repeats:: often\n\t  ```\n",
        "- Q #card\n\t- ```\n\t  card-repeated:: 1\n\t  ```\n",
    ],
)
def test_code_that_only_looks_like_it_is_code(text: str) -> None:
    assert "card-repeat" in sides(text)[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("q #card #legends ![p](https://a.example/q.png)", "q"),
        ("q #legends #card ![p](https://a.example/q.png){:width 20}", "q"),
        ("#card #legends ![p](https://a.example/q.png)", ""),
    ],
)
def test_tags_before_a_picture_stand_at_the_end_of_the_text(text: str, shown: str) -> None:
    [card] = sides(f"- {text}\n\t- A\n")
    assert "legends" not in card
    assert card.startswith(f"{shown} <img " if shown else "<img ")


def test_tags_before_other_words_are_words() -> None:
    assert sides("- q #card #legends [p](https://a.example) #x\n\t- A\n") == [
        'q legends <a href="https://a.example">p</a> = A'
    ]
