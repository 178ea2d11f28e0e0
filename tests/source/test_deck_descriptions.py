"""Decks are described by the page that names them; Anki shows that above the cards, and nothing in it can run."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from ankigen import api
from ankigen.config import Config
from ankigen.render.harmless import is_harmless
from ankigen.source import load
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.anki_server import running
from tests.helpers.building import NOON

CARD = "- What bends light? #card\n\t- A lens\n"
ABOUT = "description:: About light\n"


def written(folder: Path, pages: Mapping[str, str]) -> Path:
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def described(folder: Path, pages: Mapping[str, str], config: Config | None = None) -> dict[str, str]:
    return dict(load(written(folder / "notes", pages), NOON, config).descriptions)


def told(folder: Path, pages: Mapping[str, str]) -> list[tuple[str, int, str]]:
    problems = load(written(folder / "notes", pages), NOON).problems
    return [(problem.position.path, problem.position.line, problem.rule) for problem in problems]


LOGSEQ = {"logseq/config.edn": "{:file/name-format :triple-lowbar}"}
YAML = "---\ndescription: About light\n---\n"


@pytest.mark.parametrize(
    ("pages", "config", "deck"),
    [
        # a page that names its deck, with cards or without
        ({"a.md": f"deck:: Optics\n{ABOUT}\n{CARD}"}, Config(), "Optics"),
        ({"a.md": f"deck:: [[Optics]]\n{ABOUT}\n{CARD}"}, Config(), "Optics"),
        ({"a.md": f"---\ndeck: Optics\ndescription: About light\n---\n{CARD}"}, Config(), "Optics"),
        ({"a.org": "#+deck: Optics\n#+description: About light\n* Q :card:\n** A\n"}, Config(), "Optics"),
        ({"a.md": f"- deck:: Optics\n  {ABOUT}{CARD}"}, Config(), "Optics"),
        ({"a.md": f"deck:: Optics\n\n{CARD}", "z.md": f"deck:: optics\n{ABOUT}\n- no cards\n"}, Config(), "Optics"),
        ({"a.md": f"deck:: Physics/Optics\n\n{CARD}", "z.md": f"deck:: Physics\n{ABOUT}"}, Config(), "Physics"),
        ({"a.md": f"deck:: Optics\n{ABOUT}\n{CARD}"}, Config(deck_prefix="School"), "School::Optics"),
        # a page whose name the deck has
        ({"optics.md": f"{ABOUT}\n{CARD}"}, Config(), "optics"),
        ({"optics.md": f"{YAML}{CARD}"}, Config(), "optics"),
        ({"physics/optics.md": f"{YAML}{CARD}"}, Config(), "physics::optics"),
        ({"physics/optics.md": f"{YAML}{CARD}"}, Config(deck_from="page"), "optics"),
        (
            {**LOGSEQ, "pages/Physics___Optics.md": CARD, "pages/Physics.md": ABOUT},
            Config(deck_from="namespace"),
            "Physics",
        ),
        # the README or index of a folder
        ({"physics/optics.md": CARD, "physics/README.md": f"{YAML}# Physics\n"}, Config(), "physics"),
        ({"physics/optics.md": CARD, "physics/index.md": ABOUT}, Config(), "physics"),
        ({"optics.md": CARD, "readme.md": ABOUT}, Config(deck_prefix="School"), "School"),
        ({"law/a.md": CARD, "law/README.md": ABOUT}, Config(deck_rules={"law": "Law"}), "Law"),
        ({"a.md": CARD, "README.md": ABOUT}, Config(deck_from="graph"), "notes"),
    ],
)
def test_the_page_that_names_a_deck_describes_it(
    pages: Mapping[str, str], config: Config, deck: str, tmp_path: Path
) -> None:
    for _ in range(2):  # made, and from the cache
        assert described(tmp_path, pages, config) == {deck: "About light"}


@pytest.mark.parametrize(
    ("pages", "config"),
    [
        ({"a.md": f"{YAML}{CARD}"}, Config(deck_from="graph")),  # it speaks of the page, not of the deck
        ({**LOGSEQ, "pages/a.md": f"{ABOUT}\n{CARD}"}, Config()),
        ({"law/a.md": f"{YAML}{CARD}"}, Config(deck_rules={"law": "Law"})),
        ({"law/a.md": CARD, "law/README.md": ABOUT}, Config(deck_from="page")),
        ({"a.md": f"deck:: Optics\n\n{CARD}", "z.md": f"deck:: Eyes\n{ABOUT}"}, Config()),  # a deck without cards
        ({"a.md": f"deck:: Optics\n\n- {ABOUT}  \n\t{CARD}"}, Config()),  # of a block, not of the page
        ({"a.md": f"deck:: Optics\ndescription::\n\n{CARD}"}, Config()),
        ({"a.md": f"deck:: Optics\ndescription:: <!-- later -->\n\n{CARD}"}, Config()),
        ({"optics.md": f"- What is a description: this? #card\n\t- {ABOUT}"}, Config()),
    ],
)
def test_no_other_page_describes_a_deck(pages: Mapping[str, str], config: Config, tmp_path: Path) -> None:
    assert described(tmp_path, pages, config) == {}


def test_a_description_that_changes_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    pages = {"physics/optics.md": CARD, "physics/README.md": ABOUT}
    assert described(tmp_path, pages) == {"physics": "About light"}
    assert described(tmp_path, {"physics/README.md": "description:: New"}) == {"physics": "New"}
    assert described(tmp_path, {"physics/README.md": "- nothing"}) == {}


def test_two_descriptions_of_a_deck_are_told_and_the_first_counts(tmp_path: Path) -> None:
    page = f"deck:: Optics\n{ABOUT}\n{CARD}"
    other = page.replace("About", "On").replace("bends", "parts")
    same = page.replace("bends", "is")
    pages = {"a.md": page, "b.md": other, "c.md": same}
    assert described(tmp_path, pages) == {"Optics": "About light"}
    assert told(tmp_path, {}) == [("b.md", 2, "deck-described-twice")]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('"About light"', "About light"),
        ("**bold** and [web](https://example.org)", '<strong>bold</strong> and <a href="https://example.org">web</a>'),
        ("[[Optics]] and ==marked==", "Optics and <mark>marked</mark>"),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_a_description_is_markdown(text: str, html: str, tmp_path: Path) -> None:
    assert described(tmp_path, {"a.md": f"deck:: Optics\ndescription:: {text}\n\n{CARD}"}) == {"Optics": html}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x <script>alert(1)</script>", "removed-html"),
        ("x <iframe src=https://example.org></iframe>", "removed-html"),
        ("x <b onclick=pycmd(1)>b</b> <a href=javascript:x>a</a>", "unsafe-link"),
        ("x [a](javascript:pycmd('x'))", "unsafe-link"),
        ("x ![p](p.png)", "unsuitable-media"),
        ("x [sound:a.mp3] {{type:Front}} [latex]y[/latex]", ""),
    ],
)
def test_nothing_in_a_description_can_run_and_what_is_left_out_is_told(text: str, rule: str, tmp_path: Path) -> None:
    pages = {"a.md": f"deck:: Optics\ndescription:: {text}\n\n{CARD}", "p.png": "x"}
    html = described(tmp_path, pages)["Optics"]
    assert is_harmless(html.replace("<!-- -->", ""))
    assert not any(sign in html for sign in ("[sound:", "[latex]", "onclick", "script:"))
    assert [found for *_, found in told(tmp_path, {})] == [rule] * bool(rule)


def test_a_description_without_end_is_cut_and_told(tmp_path: Path) -> None:
    page = f"deck:: Optics\ndescription:: {{}}\n\n{CARD}"
    assert described(tmp_path, {"a.md": page.format("[" * 10_000)}) == {"Optics": "[" * 10_000}
    assert told(tmp_path, {}) == []
    assert described(tmp_path, {"a.md": page.format("[" * 10_001)}) == {"Optics": "[" * 10_000}
    assert told(tmp_path, {}) == [("a.md", 2, "too-large")]


def decks(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    [stored] = connection.execute("select decks from col").fetchone()
    connection.close()
    return {deck["name"]: deck["desc"] for deck in json.loads(stored).values()}


def test_a_package_holds_the_descriptions_of_its_own_decks_and_those_above(tmp_path: Path) -> None:
    pages = {
        "a.md": f"deck:: Physics/Optics\ndescription:: Sub\n\n{CARD}",
        "b.md": f"deck:: Physics\ndescription:: Top\n\n{CARD.replace('bends', 'is')}",
        "c.md": f"deck:: Law\ndescription:: Courts\n\n{CARD.replace('bends', 'has')}",
        "d.md": f"deck:: Bare/Sub\n\n{CARD.replace('bends', 'sees')}",
    }
    built = api.build(load(written(tmp_path / "notes", pages), NOON), tmp_path)
    assert {path.stem: decks(path.read_bytes()) for path in built.packages} == {
        "Physics": {"Default": "", "Physics::Optics": "Sub", "Physics": "Top"},
        "Law": {"Default": "", "Law": "Courts"},
        "Bare": {"Default": "", "Bare::Sub": ""},
    }


def test_anki_shows_the_newest_description_and_keeps_it_where_the_package_has_none(tmp_path: Path) -> None:
    """Also that of a deck which holds no card itself, and in place of what the reader wrote."""
    with open_collection(tmp_path) as collection:
        seen = []
        for text in ("About light", "Lenses", "", "Prisms"):
            pages = {"a.md": f"deck:: Physics/Optics\n\n{CARD}", "b.md": f"deck:: Physics\ndescription:: {text}\n"}
            api.build(load(written(tmp_path / "notes", pages), NOON), tmp_path / "deck.apkg")
            import_package(collection, tmp_path / "deck.apkg")
            deck = collection.decks.by_name("Physics")
            assert deck is not None
            seen.append(deck["desc"])
            deck["desc"] += ", and mine"
            collection.decks.save(deck)
    assert seen == ["About light", "Lenses", "Lenses, and mine", "Prisms"]


def test_sync_describes_the_decks_that_it_makes_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    notes = {
        "a.md": f"deck:: Physics/Optics\n{ABOUT}\n{CARD}",
        "b.md": "deck:: Physics\ndescription:: Mine\n",
        "c.md": f"deck:: Law\n{ABOUT}\n{CARD.replace('bends', 'is')}",
    }
    with running(tmp_path) as server:
        collection = server.collection
        collection.decks.id("law")
        for _ in range(2):
            desired = load(written(tmp_path / "notes", notes), NOON)
            target = api.connect(server.url)
            api.sync(desired, api.plan(desired, target), target)
            notes["a.md"] = notes["a.md"].replace("About light", "Changed").replace("A lens", "A prism")
        found = {deck.name: collection.decks.get(deck.id)["desc"] for deck in collection.decks.all_names_and_ids()}  # type: ignore[arg-type, index]
    assert found == {"Default": "", "Physics": "Mine", "Physics::Optics": "About light", "law": ""}
