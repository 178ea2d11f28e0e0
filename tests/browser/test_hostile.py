"""The law of harmless fields, judged by a browser: whatever a note says, nothing of it runs or leaves its place."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from ankigen import api, note_types
from tests.browser.browser import MATHJAX, Site, measure, page
from tests.helpers.hostile_texts import PIECES, page_of
from tests.helpers.judge import Judge

NOTES = int(os.environ.get("ANKIGEN_HOSTILE_NOTES", "200"))
SEED = int(os.environ.get("ANKIGEN_SEED", "1"))
KNOWN = (
    '<a title="{" style="color:`red;position:fixed;inset:0`" href="`javascript:alert(1)`">x</a>',
    '<a href="java\ufdd0script:alert(1)">x</a>',
    '<b style="color:red\u037eposition:fixed\u037ebackground:url(/track.png)">x</b>',
    "$\\href{javascript:alert(1)}{x}$ $$\\style{position:fixed;inset:0;background:url(/track.png)}{y}$$",
)
WATCHED = "<head><script>ran = []; alert = (what) => ran.push(`alert ${what}`)</script>"
LIVE = (
    '<a href="javascript:alert(1)">x</a>',
    '<b style="position:fixed">x</b>',
    '<b style="background:url(/track.png)">x</b>',
    '<img src="x" onerror="alert(1)">',
    "<script>alert(1)</script>",
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "\\(\\style{position:fixed}{x}\\)",
)


def pages(judge: Judge, folder: Path) -> dict[str, str]:
    """A page for each hostile note, with all faces of its cards as Anki makes them."""
    chance = random.Random(SEED)
    texts = [*KNOWN, *("".join(chance.choices(PIECES, k=chance.randint(1, 12))) for _ in range(NOTES))]
    made = {}
    for number, text in enumerate(texts):
        notes = folder / str(number)
        notes.mkdir()
        (notes / "page.md").write_text(page_of(text), "utf-8")
        faces = [
            f"<div>{face}</div>"
            for note in api.load(notes).notes
            for card in judge.cards(note_types.note_type_of(note.content), note_types.fields_of(note))
            for face in (card.question, card.answer)
        ]
        made[f"/{number}"] = page("".join(faces), note_types.BASIC.note_type.css, "light")
    return made


def seen(pages: dict[str, str]) -> list[dict[str, Any]]:
    assert MATHJAX.is_dir(), "npm install --prefix tests/browser: the browser tests need MathJax"
    watched = {path: html.replace("<head>", WATCHED, 1) for path, html in pages.items()}
    return measure(Site(watched, {}, [{"path": path, "width": 800} for path in pages]))


def test_nothing_of_a_hostile_note_runs_or_leaves_its_place(judge: Judge, tmp_path: Path) -> None:
    made = pages(judge, tmp_path)
    assert [(each["live"], made[each["path"]]) for each in seen(made) if each["live"]] == []


def test_what_runs_or_leaves_its_place_is_seen() -> None:
    """Else the law above would say nothing."""
    found = seen({f"/{number}": page(html, "", "light") for number, html in enumerate(LIVE)})
    assert [LIVE[int(each["path"][1:])] for each in found if not each["live"]] == []
