"""A footnote stands anywhere on its page, and is shown where a mark leads to it."""

from pathlib import Path

import pytest

from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.pages import complaints, desired_of, fields_of, sides

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"
TIP = '<div class="ankigen-callout ankigen-callout-tip"><p class="ankigen-callout-title">Tip</p>'


def notes(*texts: str) -> str:
    items = "".join(f"<li><p>{text}</p></li>" for text in texts)
    return f'<section class="footnotes"><ol>{items}</ol></section>'


MARK = "What<sup>1</sup>?"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- What[^1]? #card\n\t- a\n- last\n\n[^1]: a *note*\n", f"<p>{MARK}</p>{notes('a <em>note</em>')} = a"),
        ("- What[^1]? #card\n\t- a\n\n[^1]: a note\n", f"<p>{MARK}</p>{notes('a note')} = a"),
        ("[^1]: above\n\n- What[^1]? #card\n\t- a\n", f"<p>{MARK}</p>{notes('above')} = a"),
        ("- What[^1]? #card\n\t- a\n- [^1]: a bullet\n", f"<p>{MARK}</p>{notes('a bullet')} = a"),
        ("- What[^long-name]? #card\n\t- a\n\n[^long-name]: x\nand y\n", f"<p>{MARK}</p>{notes('x<br>and y')} = a"),
        ("- Q #card\n\t- a[^b]\n\t- c[^b] d[^a]\n\n[^a]: A\n[^b]: B\n",
         f"Q = <ul><li>a<sup>1</sup></li><li><p>c<sup>1</sup> d<sup>2</sup></p>{notes('B', 'A')}</li></ul>"),
        ("- Q #card\n\t- a[^b]\n\t- c[^b] d[^a]\n- last\n\n[^a]: A\n[^b]: B\n",
         f"Q = <ul><li>a<sup>1</sup></li><li>c<sup>1</sup> d<sup>2</sup></li></ul>{notes('B', 'A')}"),
        ("- Q #card\n\t- a[^a]\n\n\t  [^a]: A\n\t- b[^b]\n\n\t  [^b]: B\n",
         f"Q = <ul><li><p>a<sup>1</sup></p>{notes('A')}</li><li><p>b<sup>1</sup></p>{notes('B')}</li></ul>"),
        ("- Q #card\n\t- a[^1]\n- last\n\n[^1]: see [^2] and [^1]\n[^2]: `code`\n",
         f"Q = <p>a<sup>1</sup></p>{notes('see <sup>2</sup> and <sup>1</sup>', '<code>code</code>')}"),
        ("- Q #card\n  {{cloze a[^1]}}\n- last\n\n[^1]: note\n",
         f"<p>Q<br>{{{{c1::a<sup>1</sup>}}}}</p>{notes('note')}"),
        ("- Q #card\n\t- #+BEGIN_TIP\n\t  a[^1]\n\t  #+END_TIP\n\n[^1]: note\n",
         f"Q = {TIP}a<sup>1</sup></div>{notes('note')}"),
    ],
)  # fmt: skip
def test_a_footnote_is_shown_behind_the_field_with_its_mark(text: str, shown: str) -> None:
    assert sides(text) == [shown]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- Q[^none] #card\n\t- a\n", "Q[^none] = a"),
        ("- Q #card\n\t- a\n\n[^9]: nobody asks\n", "Q = <p>a</p><p>[^9]: nobody asks</p>"),
        ("- Q #card\n\t- a[^1]\n\n[^9]: nobody\n[^1]: note\n",
         f"Q = <p>a<sup>1</sup></p><p>[^9]: nobody</p>{notes('note')}"),
        ("- Q #card\n\t- `[^1]` \\[^1]\n\n[^1]: note\n", "Q = <p><code>[^1]</code> [^1]</p><p>[^1]: note</p>"),
        ("- Q #card\n\t- ```\n\t  [^1]: code\n\t  ```\n\t- a[^1]\n",
         "Q = <ul><li><pre><code>[^1]: code</code></pre></li><li>a[^1]</li></ul>"),
    ],
)  # fmt: skip
def test_what_no_mark_leads_to_or_no_footnote_answers_stays_as_it_is_written(text: str, shown: str) -> None:
    assert sides(text) == [shown]


def test_a_footnote_is_no_answer() -> None:
    assert complaints("- What[^1]? #card\n  [^1]: a note\n") == ["1:3 no-answer"]


def test_a_block_of_another_page_brings_the_footnotes_of_its_page(tmp_path: Path) -> None:
    folder = write(tmp_path / "notes", Page=f"- Q[^1] #card\n\t- (({ID}))\n\n[^1]: mine\n")
    text = f"- a[^1]\n  {'id::'} {ID}\n- b\n\n[^1]: yours\n"
    write(folder, Other=text)
    backs = []
    for page in (text, text.replace("yours", "other")):
        write(folder, Other=page)
        backs.append(fields_of(load(folder, NOON).notes[0])["Back"])
    reference = '<p><span class="ankigen-reference">a<sup>1</sup></span></p>'
    assert backs == [f"{reference}{notes('yours')}", f"{reference}{notes('other')}"]


def test_the_context_shows_no_marks() -> None:
    [note] = desired_of("- Optics[^1]\n\t- Q #card\n\t\t- a\n\n[^1]: note\n").notes
    assert fields_of(note)["Context"] == "Page › Optics"


def test_the_question_of_a_card_is_the_same_with_a_footnote_elsewhere() -> None:
    """The words by which a note is known are those of the block: its GUID does not hang on the note."""
    texts = ("- What[^1]? #card\n\t- a\n", "- What[^1]? #card\n\t- a\n- last\n\n[^1]: note\n")
    assert len({desired_of(text).notes[0].identity.guid for text in texts}) == 1
