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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)(?P<target>[^)#]+)[^)]*\)", page.read_text("utf-8")):
        if page.name not in {"logseq.md", "markdown.md", "rules.md"}:
            assert (page.parent / target).exists(), target
