"""Every problem points at what its message speaks of, in the file as the user sees it.

In these notes, what is meant stands between ⟦ and ⟧; the rule must report these places and no others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import api, config, rules
from ankigen.config import Config
from ankigen.data import Problem
from ankigen.source import load
from tests.helpers.building import NOON

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"
OTHER = "0b9c3a52-7a4e-4c0e-8f57-2f1f6f0f8a10"
Place = tuple[str, int, int, int, int]
"""Path, line and column of the first character, line and column behind the last one."""


_PART = "\t- blade\n\t  area:: 1 2 30 40\n"
HIDDEN_PARTS = {
    "area-form": "- Name ![](leaf.svg) #card\n\t- blade\n\t  ⟦area:: circle 1 2⟧\n",
    "area-outside": "- Name ![](leaf.svg) #card\n\t- blade\n\t  ⟦area:: 100 200 300 400⟧\n",
    "area-overlap": f"- Name ![](leaf.svg) #card\n{_PART}\t- midrib\n\t  ⟦area:: 1 2 30 40⟧\n",
    "area-no-picture": f"- ⟦Name⟧ #card\n{_PART}",
    "area-missing-file": f"- Name ⟦![](gone.svg)⟧ #card\n{_PART}",
    "area-remote": f"- Name ⟦![leaf](https://leaf.invalid/leaf.png)⟧ #card\n{_PART}",
    "area-svg-size": f"- ⟦Name ![](sizeless.svg)⟧ #card\n{_PART}",
    "occlusion-broken": "- Name ![](leaf.svg) #card\n  ⟦occlusion:: e30⟧\n",
}


def unmarked(path: str, text: str) -> tuple[str, list[Place]]:
    """The text without its marks, and what they enclose."""
    clean, starts, places = "", [], []
    for part in re.split("([⟦⟧])", text):
        read = clean.removeprefix("\ufeff")
        line, column = read.count("\n") + 1, len(read) - read.rfind("\n")
        if part == "⟦":
            starts.append((line, column))
        elif part == "⟧":
            places.append((path, *starts.pop(), line, column))
        else:
            clean += part
    return clean, places


def place_of(problem: Problem) -> Place:
    assert problem.end is not None, f"{problem.message}: no end"
    return (problem.position.path, problem.position.line, problem.position.column, problem.end.line, problem.end.column)


def check(folder: Path, rule: str, files: Mapping[str, str], settings: Config | None = None) -> None:
    places: list[Place] = []
    for path, text in files.items():
        clean, meant = unmarked(path, text)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(clean, "utf-8", newline="")
        places += meant
    found = [one for one in load(folder, NOON, settings).problems if one.rule == rule]
    assert sorted(map(place_of, found)) == sorted(places), [str(one) for one in found]


BROKEN_CLOZE = [
    "- A {{cloze lens}} bends ⟦{{cloze light.⟧ #card\n",
    "- A {{cloze lens}} bends ⟦{{cloze }}⟧ light. #card\n",
    "- A {{cloze lens}} bends ⟦{{c501::light}}⟧. #card\n",
    "- #card A {{cloze lens}} bends ⟦{{cloze: light}}⟧.\n",
    "- TODO #card ⟦{{C1::A lens}}⟧ #optics bends {{cloze light}}.\n",
    "- A {{cloze lens}} ⟦{{cloze }}⟧ and ⟦{{cloze }}⟧ again #card\n",
    "- A lens #card\n\t- bends {{cloze light}}\n\t\t- and ⟦{{cloze sound⟧\n",
    "- A lens #card\n  with a property\n  a:: b\n  bends {{cloze light}} ⟦{{cloze  }}⟧\n",
    "- A {{cloze lens with ⟦{{cloze }}⟧ inside}} #card\n",
    "- A {{cloze lens}} #card\n  ⟦{{cloze:\n  two lines}}⟧ end\n",
    "\ufeff- A {{cloze lens}} ⟦{{cloze }}⟧ #card\r\n",
    "\t- A\t{{cloze lens}} ⟦{{cloze }}⟧ #card\n",
    "- x = y #card\n  replacecloze:: \" ⟦/(/⟧, 'x' \"\n",
]
CLOZE_IN_ORG = [
    "* A {{cloze lens}} bends ⟦{{cloze }}⟧ #card\n",
    "* A {{cloze lens}} bends ⟦{{cloze: *light* and /more/}}⟧. #card\n",
    "* A {{cloze lens}} :card:\n  bends ⟦{{cloze light.⟧\n",
]
NO_CARD = [
    "- See ![⟦{{cloze a lens}}⟧](https://example.com/lens.png) #card\n",
    "- See #card ![a ⟦{{c1::lens}}⟧](https://example.com/lens.png)\n",
    "- See #card\n\t- above\n\t- ![⟦{{cloze a lens}}⟧](https://example.com/lens.png)\n",
]
NO_ANSWER = [
    "- ⟦What bends light?⟧ #card\n",
    "- #card ⟦What bends light?⟧\n",
    "- ⟦What #card bends light?⟧\n",
    "# TODO ⟦What bends light?⟧ #card\n",
    "- TODO [#A] ⟦What bends light?⟧ #card #optics\n",
    "- Lenses\n\t- ⟦What **bends** light?⟧ #card\n\t  id:: " + ID + "\n",
    "- ⟦Was heißt 光?⟧ #card\n",
    "- Lenses\n\t-\n\t  tags:: optics, ⟦card⟧\n",
    "- lenses\n- prisms\n\nWhat bends light? ⟦#card⟧\n",
    "- lenses\n  1. What bends light? ⟦#card⟧\n     A lens\n",
    "- lenses\n  * #optics ⟦[[card]]⟧ What bends light?\n",
    "# Lenses\n\ntext\n\n* What bends light? ⟦#card⟧\n",
    "- #+BEGIN_QUOTE\n  What bends light? ⟦#card⟧\n  #+END_QUOTE\n",
]
NO_ANSWER_IN_ORG = [
    "* ⟦What bends light?⟧ :card:\n",
    "** TODO ⟦What /bends/ *light*? #card⟧\n",
    "* Lenses\n  - What bends light? ⟦#card⟧\n",
]
NO_QUESTION = [
    "-\n\t- ⟦#card⟧\n\t\t- A lens\n",
    "-\n\t- #reversed ⟦#[[card]]⟧\n\t\t- A lens\n",
]
QUESTION_FROM_PARENT = [
    "- What bends light?\n\t- ⟦#card⟧\n\t\t- A lens\n",
    "- What bends light?\n\t- ⟦[[card]]⟧\n\t\t- A lens\n",
    "- What bends light?\n\t- #optics ⟦#card⟧ #reversed\n\t\t- A lens\n",
    "- What bends light?\n\t- tags:: optics, ⟦card⟧\n\t\t- A lens\n",
]
CLOZE_DIRECTION = [
    "- A {{cloze lens}} bends light. #card ⟦#bidirectional⟧\n",
    "- ⟦#reversed⟧ A {{cloze lens}} bends light. #card\n",
    "- A {{cloze lens}} bends light. #card\n  ⟦direction:: <->⟧\n",
    "- A {{cloze lens}} bends light. #card\n  tags:: optics, ⟦reverse⟧\n",
    "- Lenses #card-group #reversed\n\t- ⟦A {{cloze lens}} bends light.⟧ #card\n",
]
DECK_SPELLING = [
    "deck:: Optics\n\n- What? #card\n\t- A\n- What bends light? #card\n  ⟦deck:: optics⟧\n\t- A lens\n",
    "- Lenses\n  deck:: A/B\n\t- What? #card\n\t\t- A\n- Eyes\n  ⟦deck:: [[a]]⟧\n\t- Why? #card\n\t\t- A\n",
]
DUPLICATE_ID = [
    f"- One? #card\n  id:: {ID}\n\t- A\n- Two? #card\n  id:: ⟦{ID}⟧\n\t- B\n",
    f"- One? #card\n  id:: {ID}\n\t- A\n- Two? #card\n  a:: b\n  id::   ⟦{ID.upper()}⟧\n\t- B\n",
]
UNKNOWN_RULE = [
    "- One? #card\n  ankigen-ignore:: ⟦no-anser⟧\n\t- A\n",
    "- One? #card\n  ankigen-ignore:: no-answer, ⟦no-answers⟧, ⟦answer⟧\n\t- A\n",
    "ankigen-ignore:: ⟦all⟧ ⟦all⟧\n\n- One? #card\n\t- A\n",
    "---\nankigen-ignore: [⟦no-anser⟧, no-answer]\n---\n- One? #card\n\t- A\n",
    "---\nankigen-ignore:\n  - no-answer\n  - ⟦no-anser⟧\n---\n- One? #card\n\t- A\n",
]
MISSING_MEDIA = [
    "- Draw it #card\n\t- ⟦![lens](x.png)⟧\n",
    "- Draw ⟦![lens](x.png)⟧ and ⟦![lens](x.png)⟧ #card\n\t- A\n",
    '- #card Draw #optics ⟦![lens](x.png "A lens"){:height 10, :width 20}⟧ now\n\t- A\n',
    "- TODO Draw ⟦![lens](x.png)⟧ #card\n\t- A\n",
    "## DOING Draw ⟦![lens](x.png)⟧ #card\n- A\n",
    "- Draw it #card\n\t- some\n\t\t- deep\n\t\t\t- ⟦![[x.png]]⟧ and ⟦![[x.png|200]]⟧\n",
    "- Draw it #card\n\t- > quoted\n\t  > ⟦![lens](x.png)⟧\n",
    "- Draw it #card\n\t- | a | b |\n\t  |---|---|\n\t  | ⟦![lens](x.png)⟧ | ⟦![lens](x.png)⟧ |\n",
    "- Draw it #card\n\t- * one\n\t  * two ⟦![lens](x.png)⟧\n",
    "- Draw it #card\n  a:: b\n  more ⟦![lens](x.png)⟧\n\t- A\n",
    "- Draw it #card\n\t- DONE first\n\t  SCHEDULED: <2026-01-01 Thu>\n\t  b:: c\n\t  ⟦![lens](x.png)⟧\n",
    "- Draw it #card\n\t- SCHEDULED: <2026-01-01 Thu> ![lens](x.png)\n\t  ⟦![lens](x.png)⟧\n",
    "- A {{cloze lens ⟦![lens](x.png)⟧ here}} bends #card\n",
    "- A {{cloze lens}} ⟦![a {{cloze lens}}](x.png)⟧ bends #card\n",
    "- A lens #card\n\t- {{cloze\n\t  bends\n\t  }} ⟦![lens](x.png)⟧\n\t  and ⟦[so](x.mp3)⟧\n",
    "- A {{c2::lens\n  of ⟦![lens](x.png)⟧}} and ⟦![lens](x.png)⟧ #card\n",
    "- Hear ⟦[it](x.mp3)⟧ #card\n\t- A\n",
    "- Draw ⟦![a [nested] \\] lens](x.png)⟧ #card\n\t- A\n",
    "- Draw ⟦![a lens\n  in two lines](x.png)⟧ #card\n\t- A\n",
    '- Draw ⟦<img src="x.png">⟧ #card\n\t- ⟦<img src="x.png" width="3">⟧\n',
    "- Draw ⟦{{img x.png}}⟧ ⟦{{img x.png}}⟧ #card\n\t- A\n",
    "- Draw it #card\n  extra:: see ⟦![lens](x.png)⟧\n\t- A\n",
    "- `![lens](x.png)` ⟦![lens](x.png)⟧ #card\n\t- A\n",
    "- Draw ⟦![#card lens](x.png)⟧ #card\n\t- A\n",
    "- Lenses ⟦![lens](x.png)⟧\n\t- What? #card\n\t\t- A\n",
    "- #card ![ok](ok.png) ⟦![lens](x.png)⟧\n\t- A\n",
    "- 光 e\u0301 👍🏽 ⟦![lens](x.png)⟧ #card\n\t- A\n",
    "- #+BEGIN_QUOTE\n  ⟦![lens](x.png)⟧\n  #+END_QUOTE\n  Who? #card\n\t- A\n",
]
MISSING_MEDIA_IN_ORG = [
    "* Draw ⟦[[./x.png]]⟧ #card\n** A\n",
    "* Draw *this* ⟦[[./x.png]]⟧ and ⟦[[./x.png]]⟧ :card:\n** A\n",
    "* Hear it :card:\n** TODO ⟦[[file:x.mp3][a /lens/]]⟧ now\n",
    "* Draw it :card:\n** A\n   - item ⟦[[./x.png]]⟧\n",
    "* Draw it :card:\n** A\n   #+BEGIN_QUOTE\n   ⟦[[./x.png]]⟧\n   #+END_QUOTE\n",
    "* Draw it :card:\n** A\n   | a | ⟦[[./x.png]]⟧ |\n",
]
OUTSIDE_MEDIA = [
    "- Draw it #card\n\t- ⟦![lens](../lens.png)⟧\n",
    "- Draw it #card #optics\n\t- here: ⟦[lens](../lens.mp4)⟧.\n",
]
CARD_IN_TEMPLATE = [
    "- word\n  template:: word\n\t- What bends light? ⟦#card⟧ #optics\n\t\t- A lens\n\t- What else? #card\n",
    "- ⟦[[card]]⟧ What bends light?\n  template:: word\n\t- A lens\n",
]
UNSAFE_LINK = [
    "- Where? #card\n\t- ⟦[here](file:///home/me/note.md)⟧\n",
    "- Where? #card\n\t- **⟦[here](javascript:alert(1))⟧** and ⟦[here](javascript:alert(1))⟧\n",
    "- Where? #card\n\t- ⟦[{{cloze here}}](file:///note.md)⟧\n",
    '- Where? #card\n\t- <b>x</b> ⟦<a href="file:///note.md">⟧here</a>\n',
    "- Where is ⟦[`it`](file:///note.md)⟧? #card\n\t- A\n",
]
UNSAFE_FORMULA = [
    "- What? #card\n\t- It is ⟦$\\href{https://a.example}{x}$⟧ so\n",
    "- Why ⟦$$\\style{color:red}{x}$$⟧? #card\n\t- A\n",
]
DROPPED_MACRO = [
    "- What? #card\n\t- A ⟦{{query (todo now)}}⟧ b\n",
    "- What? #card\n\t- A ⟦{{query (and [[a]]\n\t  (todo now))}}⟧\n",
    "- ⟦{{renderer :x}}⟧ ⟦{{renderer :x}}⟧ What? #card\n\t- A\n",
    "- What? #card\n\t- A\n\t  ⟦#+BEGIN_QUERY⟧\n\t  {:title x}\n\t  #+END_QUERY\n",
]
DROPPED_IN_ORG = ["* What? :card:\n** A *b* ⟦{{query (todo now)}}⟧ c\n"]
REMOVED_HTML = [
    "- What? #card\n\t- A ⟦<iframe src='x'></iframe>⟧ <b>b</b>\n",
    "- What is ⟦<!DOCTYPE html>⟧ and ⟦<?php a ?>⟧? #card\n\t- A\n",
    "- What? #card\n\t- A\n\t  b ⟦<svg><path d='x'/></svg>⟧ ⟦<svg><path d='x'/></svg>⟧\n",
    "- ⟦<style>b {}</style>⟧ above\n\t- What <style>? #card\n\t\t- A\n",
    "- A {{cloze lens ⟦<math>x</math>⟧}} `<math>x</math>` #card\n",
    '- What ⟦[:script "x"]⟧? #card\n\t- A\n',
    "- What? #card\n\t- A\n\t  ⟦#+BEGIN_EXPORT html\n\t  <script>x</script>\n\t  #+END_EXPORT⟧\n",
    f"- What? #card\n\t- (({ID}))\n- A ⟦<script>x</script>⟧\n  id:: {ID}\n",
]
REMOVED_IN_ORG = ["* What? :card:\n** A *b* ⟦<iframe></iframe>⟧ c\n"]
DANGLING_REFERENCE = [
    f"- What? #card\n\t- ⟦(({ID}))⟧\n",
    f"- What? #card\n\t- see ⟦[]((({ID})))⟧ and ⟦(({ID}))⟧\n",
    f"- What? #card\n\t- ⟦{{{{embed (({ID}))}}}}⟧\n",
    "- What? #card\n\t- A\n\t- ⟦{{embed [[none]]}}⟧\n",
    f"- A {{{{cloze lens ⟦(({ID}))⟧}}}} #card\n",
]
DANGLING_IN_ORG = [f"* What? :card:\n** see *some* ⟦[[id:{ID}]]⟧ and ⟦(({ID}))⟧\n"]
NO_MERMAID = [
    "- How? #card\n\t- ⟦```mermaid⟧\n\t  graph LR; a --> b\n\t  ```\n",
    "- How? #card\n  ⟦```mermaid⟧\n  graph LR; a --> b\n  ```\n\t- A\n",
    "- How? #card\n\t- > text\n\t  > ⟦~~~mermaid⟧\n\t  > graph LR; a --> b\n\t  > ~~~\n",
]
NO_MERMAID_IN_ORG = ["* How? :card:\n** A\n   ⟦#+BEGIN_SRC mermaid⟧\n   graph LR; a --> b\n   #+END_SRC\n"]
CONTROL_CHARACTER = [
    "- What bends⟦\x08⟧ light? #card\n\t- A lens\n",
    "\ufeff⟦\x01⟧- What bends light? #card\n\t- A lens\n",
]
WRONG_ENCODING = [
    "- Who wrote about light? #card\n\t- Caf⟦Ã©⟧\n",
    "- Who? #card\n\t- 東京 Caf⟦Ã© MÃ¼⟧ller\n",
]
CARD_TAG_IN_CODE = [
    "- What bends light? `⟦#card⟧`\n\t- A lens\n",
    "- TODO What $x ⟦#card⟧$ bends `#card` light?\n\t- A lens\n",
    "- What?\n  ```\n  a ⟦#card⟧\n  ```\n",
]
CARD_OUTSIDE_BLOCK = [
    "What bends light? ⟦#card⟧\n\n- A lens\n",
    "a:: b\n\nWhat bends\nlight? ⟦[[card]]⟧ #card\n\n- A lens\n",
    "* lenses\n* prisms\n\nWhat bends light? ⟦#card⟧\n",
    "1. What bends light? ⟦#card⟧\n   A lens\n",
    "* What bends light? ⟦#card⟧\n  a lens\n",
]
CARD_OUTSIDE_BLOCK_IN_ORG = ["- What bends light? ⟦#card⟧\n"]
CARD_TWICE = [
    "- What bends light? #card\n  A lens\n  What parts it? ⟦#card⟧ #card\n",
    "# Optics\n\nWhat bends light? #card\nA lens\n\nWhat #optics parts it? ⟦#[[card]]⟧\nA prism\n",
]
CARD_TWICE_IN_ORG = ["* What bends light? #card\n  A lens\n  What parts it? ⟦#card⟧\n"]
SAME_CARD = [
    "- Q #card\n\t- A\n- ⟦Q⟧ #card\n\t- A\n",
    "- Q #card\n\t- A\n- x\n\t- TODO #card ⟦Q⟧\n\t\t- A\n",
]
SAME_CARD_IN_ORG = ["* Q :card:\n** A\n* ⟦Q⟧ :card:\n** A\n"]
CLOZE_WITHOUT_CARD = [
    "- A ⟦{{cloze lens}}⟧ bends {{cloze light}}.\n",
    "- A lens #optics\n\t- DONE bends\n\t  a:: b\n\t  ⟦{{c1::light}}⟧\n",
    "- It ⟦{{cloze bends\n  light}}⟧ so.\n",
]
CLOZE_WITHOUT_CARD_IN_ORG = ["* A ⟦{{cloze *lens*}}⟧ bends light.\n"]
REVIEW_WITHOUT_CARD = [
    "- What bends light?\n  a:: b\n  ⟦card-repeats:: 3⟧\n  card-ease-factor:: 2.5\n\t- A lens\n",
]
CHOICE_ONE = [
    "- Q #card ⟦#choice⟧\n\t- [x] a\n",
    "- Q #choice/x #card ⟦#choice⟧ #b\n\t- a\n",
    "- Q #card\n  tags:: ⟦choice⟧\n\t- [x] a\n",
]
CHOICE_ONE_IN_ORG = ["* Q #card ⟦#choice⟧\n- [X] a\n"]
CHOICE_NO_RIGHT = ["- Q #card ⟦#choice⟧\n\t- [ ] a\n\t- [ ] b\n", "## Q #card ⟦#choice⟧\n\n- [ ] a\n- TODO b\n"]
CHOICE_NO_RIGHT_IN_ORG = ["* Q #card ⟦#choice⟧\n- [ ] a\n- [ ] b\n"]
CHOICE_TWICE = [
    "- Q #card #choice\n\t- [x] a\n\t- ⟦[ ] A⟧\n\t- DONE b\n\t- TODO ⟦b⟧\n",
    "- Q #card #choice\n  * [x] a\n  * ⟦[ ] a⟧\n\t- why\n",
]
CHOICE_TWICE_IN_ORG = ["* Q #card #choice\n- [X] a\n- ⟦[ ] a⟧\n"]
CHOICE_NESTED = ["- Q #card #choice\n\t- [x] a\n\t- ⟦[ ] b⟧\n\t\t- [ ] c\n"]
CHOICE_DIRECTION = [
    "- Q #card ⟦#choice⟧ #type-in\n\t- [x] a\n\t- [ ] b\n",
    "- Q #card ⟦#choice⟧\n  direction:: <->\n\t- [x] a\n\t- [ ] b\n",
]
HINT_UNSHOWN = ["- {{cloze a}} #card\n  ⟦hint:: b⟧\n", "- a #card #type-in #bidirectional\n  ⟦hint:: b⟧\n\t- c\n"]
SPEAK_LANGUAGE = [
    "- a #card\n  ⟦speak:: French⟧\n\t- b\n",
    "⟦speak-answer:: fr⟧\n\n- a #card\n\t- b\n- c #card\n\t- d\n",
    "- x\n  ⟦speak:: fr-FR⟧\n\t- a #card\n\t\t- b\n",
]
SPEAK_NOTHING = ["- `a` #card\n  ⟦speak:: fr_FR⟧\n\t- b\n", "- a #card\n  ⟦speak-answer:: fr_FR⟧\n\t- $b$\n"]

CASES = {
    "choice-one": (CHOICE_ONE, CHOICE_ONE_IN_ORG),
    "choice-no-right": (CHOICE_NO_RIGHT, CHOICE_NO_RIGHT_IN_ORG),
    "choice-twice": (CHOICE_TWICE, CHOICE_TWICE_IN_ORG),
    "choice-nested": (CHOICE_NESTED, []),
    "choice-direction": (CHOICE_DIRECTION, []),
    "hint-unshown": (HINT_UNSHOWN, []),
    "speak-language": (SPEAK_LANGUAGE, []),
    "speak-nothing": (SPEAK_NOTHING, []),
    "broken-cloze": (BROKEN_CLOZE, CLOZE_IN_ORG),
    "no-card": (NO_CARD, []),
    "no-answer": (NO_ANSWER, NO_ANSWER_IN_ORG),
    "no-question": (NO_QUESTION, []),
    "question-from-parent": (QUESTION_FROM_PARENT, []),
    "cloze-direction": (CLOZE_DIRECTION, []),
    "deck-spelling": (DECK_SPELLING, []),
    "duplicate-id": (DUPLICATE_ID, []),
    "unknown-rule": (UNKNOWN_RULE, []),
    "missing-media": (MISSING_MEDIA, MISSING_MEDIA_IN_ORG),
    "outside-media": (OUTSIDE_MEDIA, []),
    "unsafe-link": (UNSAFE_LINK, []),
    "card-in-template": (CARD_IN_TEMPLATE, []),
    "unsafe-formula": (UNSAFE_FORMULA, []),
    "dropped-macro": (DROPPED_MACRO, DROPPED_IN_ORG),
    "removed-html": (REMOVED_HTML, REMOVED_IN_ORG),
    "dangling-reference": (DANGLING_REFERENCE, DANGLING_IN_ORG),
    "no-mermaid": (NO_MERMAID, NO_MERMAID_IN_ORG),
    "control-character": (CONTROL_CHARACTER, []),
    "wrong-encoding": (WRONG_ENCODING, []),
    "card-tag-in-code": (CARD_TAG_IN_CODE, []),
    "card-outside-block": (CARD_OUTSIDE_BLOCK, CARD_OUTSIDE_BLOCK_IN_ORG),
    "card-twice": (CARD_TWICE, CARD_TWICE_IN_ORG),
    "same-card": (SAME_CARD, SAME_CARD_IN_ORG),
    "cloze-without-card": (CLOZE_WITHOUT_CARD, CLOZE_WITHOUT_CARD_IN_ORG),
    "review-without-card": (REVIEW_WITHOUT_CARD, []),
}
ROWS = [
    pytest.param(rule, f"page{suffix}", text, id=f"{rule}-{suffix[1:]}-{number}")
    for rule, languages in CASES.items()
    for suffix, texts in zip((".md", ".org"), languages, strict=True)
    for number, text in enumerate(texts)
]


@pytest.mark.parametrize(("rule", "path", "text"), ROWS)
def test_a_problem_points_at_what_it_speaks_of(
    rule: str, path: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # where no mmdc is
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/ok.png").write_bytes(b"picture")
    check(tmp_path / "notes", rule, {path: text})


def test_every_rule_about_a_text_has_rows_here() -> None:
    elsewhere = {
        "ambiguous-identity",
        "ambiguous-media",
        "broken-front-matter",
        "deck-described-twice",
        "hidden-media",
        "unsuitable-media",
        "too-deep",
        "too-large",
        "remote-media",
        *HIDDEN_PARTS,
        "style-address",
        "unreadable-file",
        "unmerged-page",
        "media-elsewhere",
        "bad-schedule",
        "wrong-order",
    }
    elsewhere |= {rule for rule in rules.NAMES if rule.startswith(("field-", "note-type-"))}
    of_no_text = {
        "broken-graph-config",
        "cards-in-backups",
        "conflict-copy",
        "empty-folder",
        "excluded-page",
        "unread-link",
        "unread-pattern",
    }
    assert CASES.keys() | elsewhere | of_no_text == rules.NAMES


@pytest.mark.parametrize(
    ("tool", "path", "text"),
    [
        ("logseq", "a.md", "- Q #card\n  ⟦card-next-schedule:: ...⟧\n  ⟦card-repeats:: often⟧\n\t- A\n"),
        ("obsidian", "a.md", "- ⟦Q #card <!--SR:!soon,3,250-->⟧\n\t- A\n"),
        ("obsidian", "a.md", "- Q #card\n\t- A\n\t  ⟦<!--SR:!soon,3,250!2024-01-01,3,250!late,3,250-->⟧\n"),
        (
            "org-drill",
            "a.org",
            "* Q :card:\n⟦SCHEDULED: <2024-13-01 Mo>⟧\n:PROPERTIES:\n⟦:DRILL_EASE: much⟧\n:END:\n** A\n",
        ),
        ("org-fc", "a.org", "* Q :card:\n:REVIEW_DATA:\n⟦| front | 2.5 |⟧\n:END:\n** A\n"),
    ],
)
def test_a_schedule_that_is_not_understood_is_shown_where_it_is_written(
    tool: Any, path: str, text: str, tmp_path: Path
) -> None:
    check(tmp_path, "bad-schedule", {path: text}, Config(schedule=tool))


def test_what_an_embed_shows_is_reported_where_it_is_written(tmp_path: Path) -> None:
    card = f"- What? #card\n\t- {{{{embed (({ID}))}}}} and (({OTHER}))\n"
    shown = f"- {{{{cloze Shown}}}}\n  id:: {ID}\n\t- TODO a #card ⟦![x](x.png)⟧\n- ⟦![y](y.png)⟧ #a\n  id:: {OTHER}\n"
    check(tmp_path, "missing-media", {"a.md": card, "b.md": "b\n\n" + shown})


def test_an_embedded_page_is_read_in_its_own_file(tmp_path: Path) -> None:
    files = {"a.md": "- What? #card\n\t- {{embed [[b]]}}\n", "b.org": "* A\n** /see/ ⟦[[./x.mp3][lens]]⟧\n"}
    check(tmp_path, "missing-media", files)


def test_what_a_macro_stands_for_is_reported_where_the_macro_is(tmp_path: Path) -> None:
    graph_config = '{:macros {"lens" "![a](x.png) ![$1](y.png) {{query z}}"}}\n'
    text = "- Draw it #card\n\t- a ⟦{{lens b}}⟧ c\n"
    check(tmp_path, "dropped-macro", {"logseq/config.edn": graph_config, "pages/a.md": text})


def test_both_sides_of_an_arrow_are_found(tmp_path: Path) -> None:
    text = "- Parent\n\t- see ⟦![x](x.png)⟧ :-> and ⟦![x](x.png)⟧\n\t  ⟦![y](x.png)⟧\n"
    check(tmp_path, "missing-media", {"a.md": text}, config.parse("swift_arrows = true", Path("ankigen.toml")))


@pytest.mark.parametrize("tag", ["#Fra\u0301ge", "#FR\u00c1GE", "#[[/Fr\u00e1ge/]]"])
def test_a_card_tag_is_pointed_at_however_it_is_spelt(tmp_path: Path, tag: str) -> None:
    files = {"a.md": f"- What bends light?\n\t- #optics \u27e6{tag}\u27e7\n\t\t- A lens\n"}
    check(tmp_path, "question-from-parent", files, Config(card_tags=("fr\u00e1ge",)))


def test_a_heading_of_a_plain_folder_points_into_the_text_below_it(tmp_path: Path) -> None:
    text = "# Lenses #card\n\nSome text ⟦![x](x.png)⟧\n\n- and ⟦![x](x.png)⟧ too\n"
    check(tmp_path, "missing-media", {"a.md": text})


@pytest.mark.parametrize(("rule", "text"), HIDDEN_PARTS.items(), ids=HIDDEN_PARTS)
def test_what_is_wrong_with_hidden_parts_is_pointed_at(tmp_path: Path, rule: str, text: str) -> None:
    (tmp_path / "leaf.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="26" height="20"/>')
    (tmp_path / "sizeless.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    check(tmp_path, rule, {"a.md": text})


def test_a_picture_of_the_web_that_cannot_be_had_is_pointed_at(tmp_path: Path) -> None:
    text = "- Draw ⟦![lens](http://lens.invalid/lens.png)⟧ #card\n\t- A\n"
    settings = config.parse('[media]\nremote = "download"', Path("ankigen.toml"))
    check(tmp_path, "remote-media", {"a.md": text}, settings)


def test_a_card_that_may_be_either_of_two_is_pointed_at(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- Define it #card\n\t- A lens\n- Define it #card\n\t- A prism\n")
    api.build(load(tmp_path, NOON), tmp_path / "deck.apkg")
    check(tmp_path, "ambiguous-identity", {"a.md": "- TODO #card ⟦Define it⟧ #optics\n\t- A mirror\n"})


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("- Who? #card\n\t- Café Müller".encode("latin-1"), ("a.md", 2, 7, 2, 8)),
        ("- Grün? #card\n\t- 東京 ".encode() + b"\xff\xfe", ("a.md", 2, 7, 2, 8)),
        (b"\xef\xbb\xbf\xff- Who? #card\n", ("a.md", 1, 1, 1, 2)),
        ("\ufeff- 東京? #card\n\t- ".encode("utf-16-le") + b"\x00\xd8a\x00", ("a.md", 2, 4, 2, 5)),
    ],
)
def test_bytes_that_are_no_text_are_pointed_at_by_characters(tmp_path: Path, content: bytes, place: Place) -> None:
    (tmp_path / "a.md").write_bytes(content)
    [problem] = load(tmp_path, NOON).problems
    assert place_of(problem) == place


def test_a_file_and_a_line_as_a_whole_have_no_end(tmp_path: Path) -> None:
    (tmp_path / "logseq/bak").mkdir(parents=True)
    (tmp_path / "logseq/bak/old.md").write_text("- Q #card\n")
    (tmp_path / "logseq/config.edn").write_text("{:file/name-format\n")
    found = {one.rule: one for one in load(tmp_path, NOON).problems}
    assert {rule: (str(one.position), one.end) for rule, one in found.items()} == {
        "broken-graph-config": ("logseq/config.edn:1:1", None),
        "cards-in-backups": ("logseq/bak:1:1", None),
    }


PIECES = st.sampled_from(
    [
        "- ", "\t- ", "\t\t- ", "  ", "* ", "** ", "# ", "\n", "\n", "\r\n", " ", "TODO ", "#card", "#card ", ":card:",
        "#reversed ", "a", "👍🏽", "\x08", "{{cloze ", "{{cloze a}}", "{{c1::", "}}", "{{cloze: b}}", "![l](x.png)",
        "![", "](x.png)", "[[./x.png]]", "[a](file:///x)", "[", "]", f"(({ID}))", f"[[id:{ID}]]", f"\n  id:: {ID}\n",
        "光", "{{embed [[none]]}}", "{{embed [[page]]}}", "{{query x}}", "```", "```mermaid\n", "> ", "| a ", "`",
        "$x$",
        "#+BEGIN_QUERY\n",
        "#+END_QUERY\n", "#+BEGIN_SRC mermaid\n", "#+END_SRC\n", "\n  ankigen-ignore:: no\n", "\n  tags:: card\n",
        "\n  card-repeats:: 3\n", "\n  direction:: <->\n", "\n  extra:: ![l](x.png)\n", "Ã©", " :-> ",
        '<img src="x.png">',
        "\n  replacecloze:: \" /(/ \"\n", "SCHEDULED: <2026-01-01> ", "#+BEGIN_EXTRA\n", "#+END_EXTRA\n", "![[x.png]]",
    ]
)  # fmt: skip


def problems_of(text: str, suffix: str) -> tuple[Problem, ...]:
    settings = config.parse("swift_arrows = true", Path("ankigen.toml"))
    with TemporaryDirectory() as folder:
        Path(folder, f"page{suffix}").write_text(text, "utf-8", newline="")
        return load(Path(folder), NOON, settings).problems


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([".md", ".org"]))
@example("- #card\n\t- {{cloze\n\n", ".md")
def test_whatever_the_text_a_place_lies_within_the_file_and_is_not_empty(text: str, suffix: str) -> None:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    for problem in problems_of(text, suffix):
        start, end = problem.position, problem.end
        assert 1 <= start.line <= len(lines)
        assert 1 <= start.column <= max(len(lines[start.line - 1]), 1)
        if end is not None:
            assert (start.line, start.column) < (end.line, end.column)
            assert end.line <= len(lines)
            assert end.column <= len(lines[end.line - 1]) + 1


NAMED = {
    "missing-media": re.compile(r"x\.png"),
    "dangling-reference": re.compile(rf"{ID}|none|page"),
    "dropped-macro": re.compile("query", re.IGNORECASE),
    "unsafe-link": re.compile("file:"),
    "unsafe-formula": re.compile(r"\\href"),
    "broken-cloze": re.compile(r"\{\{c|/\(/|<|query|#\+|\A\W+\Z"),
    "control-character": re.compile("\x08"),
    "no-mermaid": re.compile("mermaid"),
    "unknown-rule": re.compile("no"),
    "question-from-parent": re.compile("card"),
}
"""What is part of all that a rule's message may speak of, in these pieces."""


@example("{{cloze - }}", ("- Q #card\n\t- ", ".md"))
@example("{{cloze #+BEGIN_QUERY\n}}{{embed [[none]]}}", ("- Q #card\n\t- ", ".md"))
@given(
    st.lists(PIECES, max_size=25).map("".join),
    st.sampled_from([("- Q #card\n\t- ", ".md"), ("* Q :card:\n** ", ".org")]),
)
def test_whatever_is_around_it_what_a_message_names_is_within_its_place(text: str, head: tuple[str, str]) -> None:
    whole = head[0] + text
    for problem in problems_of(whole, head[1]):
        if (named := NAMED.get(problem.rule)) is not None:
            assert named.search(enclosed(whole, place_of(problem))), str(problem)


def test_a_mark_that_is_all_of_an_answer_is_not_taken_for_the_bullet() -> None:
    problems = problems_of("- Q #card\n\t- {{cloze - }}", ".md")
    [problem] = [problem for problem in problems if problem.rule == "broken-cloze"]
    assert place_of(problem)[1:] == (2, 12, 2, 13)


def enclosed(text: str, place: Place) -> str:
    """What stands between the two ends of a place."""
    _, line, column, end_line, end_column = place
    lines = text.split("\n")[line - 1 : end_line]
    lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][column - 1 :]
    return "\n".join(lines)
