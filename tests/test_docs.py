"""The documentation is true: every command in it runs, in order, and prints what the page says."""

import re
from pathlib import Path

import pytest

from ankigen.source import load
from tests.helpers.anki_server import running
from tests.helpers.building import NOON
from tests.helpers.documents import ROOT, as_it_runs, lay

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_prints_what_its_page_says(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text("utf-8")
    folder = lay(text, tmp_path / "reader")
    (tmp_path / "anki").mkdir()
    home = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(tmp_path))
    with running(tmp_path / "anki") as anki:
        now = as_it_runs(text, folder, ANKIGEN_ANKICONNECT_URL=anki.url, **home)
    if request.config.getoption("--golden"):
        page.write_text(now, "utf-8")
    assert now == page.read_text("utf-8")


@pytest.mark.parametrize(("page", "least"), [("logseq", 13), ("markdown", 4)])
def test_every_example_of_the_syntax_makes_cards_without_a_problem(tmp_path: Path, page: str, least: int) -> None:
    text = (ROOT / f"docs/{page}.md").read_text("utf-8")
    folder = lay(text, tmp_path / "reader")
    pages = [path for path in folder.iterdir() if path.suffix in {".md", ".org"}]
    assert len(pages) >= least
    for path in pages:
        desired = load(path, NOON)
        assert (bool(desired.notes), desired.problems) == (True, ()), path.name


WRITTEN = [*PAGES, *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]
FENCED = re.compile(r"^(?P<fence>`{3,}).*?^(?P=fence)$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)\]\((?!\w+:)(?P<page>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")


def anchors(page: Path) -> set[str]:
    """The names that a forge gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    prose = re.sub(r"`[^`\n]*`", "", FENCED.sub("", page.read_text("utf-8")))
    for link in LINK.finditer(prose):
        target = page.parent / link["page"] if link["page"] else page
        assert target.exists(), link[0]
        assert not link["anchor"] or link["anchor"] in anchors(target), link[0]


def test_with_a_first_release_what_holds_until_then_is_taken_out() -> None:
    if "(not released yet)" in (ROOT / "CHANGELOG.md").read_text("utf-8").partition("\n## 0.1.0")[2].partition("\n")[0]:
        return
    for page in WRITTEN:
        assert "first release" not in page.read_text("utf-8").replace("The first release of these decks", ""), page.name
