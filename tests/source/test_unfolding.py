"""`ankigen occlude --convert`: what a plugin drew as `area::` below the card, and not one byte more."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankigen import api
from ankigen.cli import app
from ankigen.errors import NothingToDraw
from ankigen.note_types import content_fields
from tests.helpers.building import NOON, build, named
from tests.note_types.test_occlusion import LEAF, drawn


def notes(path: Path, text: str, name: str = "page.md") -> Path:
    path.mkdir()
    (path / "leaf.svg").write_text(LEAF)
    (path / name).write_bytes(text.encode())
    return named(path)


_PARTS = "{0}- 1\n{0}  area:: 5.5 45 20 10\n{0}- 3\n{0}  area:: 40 45 20 10\n"
_TAGGED = "#card #hide-all-test-one"
_BELOW = _PARTS.format("\t")
_IN_CRLF = _BELOW.replace("\n", "\r\n")
PLACES = {
    "before the next block": (
        "- Name #card\n  ![](leaf.svg)\n  occlusion:: <drawn>\n- more\n",
        f"- Name {_TAGGED}\n  ![](leaf.svg)\n{_BELOW}- more\n",
    ),
    "above the back, indented as it is": (
        "- top\n  - Name ![](leaf.svg) #card\n    occlusion:: <drawn>\n    - back\n",
        f"- top\n  - Name ![](leaf.svg) {_TAGGED}\n{_PARTS.format('    ')}    - back\n",
    ),
    "with the file's line ends and other properties": (
        f"- Name ![](leaf.svg) {_TAGGED}\r\n  deck:: A\r\n  occlusion:: <drawn>\r\n\t- back",
        f"- Name ![](leaf.svg) {_TAGGED}\r\n  deck:: A\r\n{_IN_CRLF}\t- back",
    ),
    "behind the last line without an end": (
        "- Name ![](leaf.svg) #card\n  occlusion:: <drawn>",
        f"- Name ![](leaf.svg) {_TAGGED}\n{_BELOW.rstrip()}",
    ),
}


@pytest.mark.parametrize(("before", "after"), PLACES.values(), ids=PLACES)
def test_the_areas_stand_below_the_card_and_the_note_says_the_same(tmp_path: Path, before: str, after: str) -> None:
    page = notes(tmp_path / "notes", before.replace("<drawn>", drawn())) / "page.md"
    [old] = build(page.parent, tmp_path / "a.apkg").notes
    done = api.convert(page.parent)
    assert (done.cards, done.files) == (1, (page,))
    assert page.read_bytes().decode() == after
    [new] = build(page.parent, tmp_path / "b.apkg", NOON + 60_000).notes
    assert content_fields(new.content) == content_fields(old.content)
    assert new.identity.guid == old.identity.guid
    assert [cloze.number for cloze in new.identity.clozes] == [1, 3]
    assert api.convert(page.parent).cards == 0


def test_org_pages_get_drawers(tmp_path: Path) -> None:
    text = f"* Name #card\n:PROPERTIES:\n:occlusion: {drawn()}\n:deck: A\n:END:\n[[./leaf.svg]]\n"
    page = notes(tmp_path / "notes", text, "page.org") / "page.org"
    [old] = build(page.parent, tmp_path / "a.apkg").notes
    assert api.convert(page.parent).cards == 1
    [new] = build(page.parent, tmp_path / "b.apkg", NOON + 60_000).notes
    assert content_fields(new.content) == content_fields(old.content)


def test_the_command_names_the_files_and_leaves_areas_as_they_are(tmp_path: Path) -> None:
    text = "- Name ![](leaf.svg) #card\n\t- blade\n\t  area:: 1 2 3 4\n"
    page = notes(tmp_path / "notes", text) / "page.md"
    result = CliRunner().invoke(app, ["occlude", str(page.parent), "--convert"])
    assert (result.exit_code, page.read_text()) == (0, text)
    assert "nothing to write" in result.output
    page.write_text(f"{text}- Other ![](leaf.svg) #card\n  occlusion:: {drawn()}\n")
    result = CliRunner().invoke(app, ["occlude", str(page.parent), "--convert"])
    assert (result.exit_code, "page.md" in result.output, "1 card" in result.output) == (0, True, True)
    assert page.read_text().startswith(text)


def test_without_an_option_nothing_is_converted(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["occlude", str(tmp_path)])
    assert isinstance(result.exception, NothingToDraw)
