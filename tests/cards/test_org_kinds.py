"""Pages of org-mode say all kinds of cards as pages of Markdown do, and a fault is told with its line."""

from __future__ import annotations

from pathlib import Path

from ankigen import note_types
from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.own_types import PERRO, write_type

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="200"/>'
MARKDOWN = f"""\
- Which are noble gases? #card #choice
\t- [x] neon
\t- [ ] nitrogen
\t- Group 18
- Which one? #card #choice #no-shuffle
\t- DONE this
\t- TODO that
- le chat noir #card
  speak:: fr_FR
  speak-answer:: en_GB
  hint:: an animal
\t- the black cat
- 漢字[かんじ] #card
  furigana:: true
\t- signs
- Name the parts #card #hide-all-test-one
  ![](leaf.svg)
\t- blade
\t  area:: 12 20 30 10; 50 50 10 10
\t- midrib
\t  area:: ellipse 50 70 10 6
{PERRO}- gato #vocab
\t- cat
"""
ORG = """\
* Which are noble gases? #card #choice
** [X] neon
** [ ] nitrogen
** Group 18
* Which one? #card #choice #no-shuffle
** DONE this
** TODO that
* le chat noir #card
:PROPERTIES:
:speak: fr_FR
:speak-answer: en_GB
:hint: an animal
:END:
** the black cat
* 漢字[かんじ] #card
:PROPERTIES:
:furigana: true
:END:
** signs
* Name the parts #card #hide-all-test-one
[[./leaf.svg]]
** blade
:PROPERTIES:
:area: 12 20 30 10; 50 50 10 10
:END:
** midrib
:PROPERTIES:
:area: ellipse 50 70 10 6
:END:
* perro #card
:PROPERTIES:
:note-type: Vocabulary
:gender: masculine
:END:
** dog
** *Example*
*** El perro ladra.
* gato #vocab
** cat
"""
BROKEN = """\
* Name the parts #card
[[./leaf.svg]]
** blade
:PROPERTIES:
:area: elipse 12 20 30 10
:END:
* le chat #card
:PROPERTIES:
:speak: french
:END:
** the cat
* perro #card
:PROPERTIES:
:note-type: Vocabulry
:END:
** dog
* Which? #card #choice
** [ ] this
** [ ] that
"""


def folder(path: Path) -> Path:
    write_type(path)
    (path / "leaf.svg").write_text(SVG, "utf-8")
    return path


def test_org_and_markdown_make_the_same_notes_of_all_kinds(tmp_path: Path) -> None:
    found = []
    for suffix, text in (("md", MARKDOWN), ("org", ORG)):
        notes = folder(tmp_path / suffix)
        (notes / f"page.{suffix}").write_text(text, "utf-8")
        desired = load(notes, NOON)
        assert desired.problems == ()
        found.append([(note.content.kind, dict(note_types.content_fields(note.content))) for note in desired.notes])
    assert found[0] == found[1]
    assert [kind for kind, _ in found[0]] == [*["basic"] * 4, "occlusion", "own-vocabulary", "own-vocabulary"]


def test_a_fault_on_an_org_page_is_told_where_it_stands(tmp_path: Path) -> None:
    notes = folder(write(tmp_path))
    (notes / "page.org").write_text(BROKEN, "utf-8")
    problems = [(problem.rule, problem.position.line) for problem in load(notes, NOON).problems]
    assert problems == [
        ("area-form", 5), ("speak-language", 9), ("note-type-unknown", 14), ("choice-no-right", 17),
    ]  # fmt: skip
