"""Whole graphs on disk: what is read, what is passed by, which deck its cards go to."""

import contextlib
import html
import os
from pathlib import Path

import pytest

from ankigen import api, config
from ankigen.data import Desired
from ankigen.note_types import content_fields
from ankigen.source import load
from tests.helpers.building import NOON
from tests.helpers.contents import field

CARD = "- {} #card\n\t- A\n"
LOWBAR = "{:file/name-format :triple-lowbar}"


def fill(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def read(source: Path, options: str = "") -> Desired:
    return load(source, NOON, config.parse(options, source / "ankigen.toml"))


def paths(desired: Desired) -> list[str]:
    return [note.position.path for note in desired.notes]


def decks(desired: Desired) -> dict[str, str]:
    return {note.position.path: note.deck for note in desired.notes}


def pages(desired: Desired) -> dict[str, str]:
    """The page names that the cards show."""
    return {note.position.path: html.unescape(field(note.content, "Context")) for note in desired.notes}


def told(desired: Desired) -> list[str]:
    return [f"{one.position.path}: {one.message} [{one.rule}]" for one in desired.problems]


def test_the_whole_folder_is_read_whatever_the_case_of_the_suffix(tmp_path: Path) -> None:
    names = ["a.md", "b.MD", "c.Markdown", "deep/er/d.md", "journals/2024_11_02.md", "pages/e.md"]
    fill(tmp_path / "g", {name: CARD.format(name) for name in names} | {"logseq/config.edn": LOWBAR, "f.txt": "#card"})
    assert paths(read(tmp_path / "g")) == names


def test_hidden_folders_links_and_packages_are_passed_by(tmp_path: Path) -> None:
    skipped = [".git/a.md", "b/.c/d.md", ".e.md", "node_modules/f.md", "x/node_modules/g.md"]
    graph = fill(tmp_path / "g", {name: CARD.format(name) for name in [*skipped, "here.md"]})
    fill(tmp_path, {"outside.md": CARD.format("outside"), "folder/inside.md": CARD.format("inside")})
    (graph / "link.md").symlink_to(tmp_path / "outside.md")
    (graph / "linked").symlink_to(tmp_path / "folder", target_is_directory=True)
    assert paths(read(graph)) == ["here.md"]
    assert told(read(graph)) == [
        f"{name}: a link leads out of the notes, and is not followed: put its target in its place [unread-link]"
        for name in ("link.md", "linked")
    ]


def test_the_graphs_hidden_prefixes_are_passed_by(tmp_path: Path) -> None:
    names = ["archive/a.md", "archived.md", "pages/b.md", "script/c.md", "scripts/d.md", "pages/script.md"]
    settings = '{:file/name-format :triple-lowbar :hidden ["/archive/" "script"]}'
    fill(tmp_path / "g", {name: CARD.format(name) for name in names} | {"logseq/config.edn": settings})
    assert paths(read(tmp_path / "g")) == ["archived.md", "pages/b.md", "pages/script.md"]


def test_copies_of_cards_are_counted_once_and_never_read(tmp_path: Path) -> None:
    copies = {
        "logseq/bak/pages/a/1.md": CARD.format("Q") * 2,
        "logseq/.recycle/pages_b.md": CARD.format("Q"),
        "logseq/version-files/local/c.md": CARD.format("Q").upper(),
        ".trash/d.md": CARD.format("Q"),
        "whiteboards/board.edn": '{:blocks ({:block/content "Q #card"})}',
        "draws/e.excalidraw": '{"text": "#card"}',
    }
    fill(tmp_path / "g", copies | {"pages/a.md": CARD.format("Q"), "logseq/config.edn": LOWBAR})
    desired = read(tmp_path / "g")
    assert paths(desired) == ["pages/a.md"]
    [warning] = told(desired)
    assert warning == (
        ".trash: #card in copies and whiteboards is not read: .trash (1), logseq/.recycle (1), logseq/bak (2), "
        "logseq/version-files (1), whiteboards (1); move what you miss into a page [cards-in-backups]"
    )
    assert told(read(tmp_path / "g", 'rules = { cards-in-backups = "off" }')) == []


def test_copies_without_cards_are_nobodys_business(tmp_path: Path) -> None:
    fill(tmp_path / "g", {"logseq/bak/a.md": "- old", "pages/a.md": CARD.format("Q"), "logseq/config.edn": LOWBAR})
    assert told(read(tmp_path / "g")) == []


def test_a_graph_in_a_sub_folder_is_read_by_its_own_settings(tmp_path: Path) -> None:
    files = {
        "one/logseq/config.edn": '{:hidden ["secret"] :file/name-format :triple-lowbar}',
        "one/pages/a___b.md": CARD.format("1"),
        "one/secret/c.md": CARD.format("2"),
        "deep/two/logseq/config.edn": "{}",
        "deep/two/pages/a.b.md": CARD.format("3"),
        "deep/two/secret/c.md": CARD.format("4"),
        "plain/a___b.md": CARD.format("5"),
        "secret/d.md": CARD.format("6"),
    }
    desired = read(fill(tmp_path / "all", files))
    assert pages(desired) == {
        "deep/two/pages/a.b.md": "a/b",
        "deep/two/secret/c.md": "c",
        "one/pages/a___b.md": "a/b",
        "plain/a___b.md": "a___b",
        "secret/d.md": "d",
    }
    assert decks(desired) == {
        "deep/two/pages/a.b.md": "two",
        "deep/two/secret/c.md": "two",
        "one/pages/a___b.md": "one",
        "plain/a___b.md": "plain::a___b",
        "secret/d.md": "secret::d",
    }


@pytest.mark.parametrize("settings", [{}, {"logseq/config.edn": LOWBAR}])
def test_a_folder_may_itself_be_called_logseq(tmp_path: Path, settings: dict[str, str]) -> None:
    files = {"bak/a.md": CARD.format("1"), "pages/b.md": CARD.format("2"), "logseq/bak/b.md": CARD.format("2")}
    desired = read(fill(tmp_path / "logseq", files | settings))
    assert paths(desired) == ["bak/a.md", "pages/b.md"]


def test_a_part_of_a_graph_keeps_the_graphs_names_and_decks(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", {"logseq/config.edn": LOWBAR, "pages/a___b.md": CARD.format("Q")})
    for source in (graph, graph / "pages", graph / "pages/a___b.md"):
        assert pages(read(source)) == {"pages/a___b.md": "a/b"}
        assert decks(read(source)) == {"pages/a___b.md": "g"}


def test_a_lock_file_above_a_graph_goes_before_the_graph(tmp_path: Path) -> None:
    fill(tmp_path / "r", {"g/logseq/config.edn": LOWBAR, "g/pages/a.md": CARD.format("Q")})
    api.build(read(tmp_path / "r"), tmp_path / "all.apkg")
    desired = read(tmp_path / "r/g")
    assert (desired.root, paths(desired)) == (tmp_path / "r", ["g/pages/a.md"])
    assert desired.lock == desired.stored_lock


def test_odd_file_names_are_read(tmp_path: Path) -> None:
    names = {
        "std%3A%3Asort.md": "std::sort",
        "French___Verbs.md": "French/Verbs",
        "e\u0301te\u0301.md": "été",
        "「x】？.md": "「x】？",
        "100%.md": "100%",
    }
    files = {f"pages/{name}": CARD.format(name) for name in names}
    desired = read(fill(tmp_path / "g", files | {"logseq/config.edn": LOWBAR}))
    assert pages(desired) == {f"pages/{name}": page for name, page in names.items()}


@pytest.mark.parametrize("head", ["title:: My/Page\n\n", "---\ntitle: My/Page\n---\n", "- title:: My/Page\n"])
def test_a_title_names_the_page(tmp_path: Path, head: str) -> None:
    graph = fill(tmp_path / "g", {"logseq/config.edn": LOWBAR, "pages/x.md": head + CARD.format("Q")})
    assert pages(read(graph)) == {"pages/x.md": "My/Page"}
    assert decks(read(graph, 'deck_from = "page"')) == {"pages/x.md": "My::Page"}


GRAPH = {
    "logseq/config.edn": '{:file/name-format :triple-lowbar :journal/page-title-format "yyyy/MM/dd"}',
    "journals/2024_11_02.md": CARD.format("journal"),
    "pages/French___Verbs.md": CARD.format("verbs"),
    "pages/Law.md": CARD.format("law"),
    "extra/a.b.md": CARD.format("extra"),
}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ("", ["My Graph", "My Graph", "My Graph", "My Graph"]),
        ('deck_from = "graph"', ["My Graph", "My Graph", "My Graph", "My Graph"]),
        ('deck_from = "folder"', ["extra::a.b", "My Graph", "French::Verbs", "Law"]),
        ('deck_from = "page"', ["a.b", "My Graph", "French::Verbs", "Law"]),
        ('deck_from = "namespace"', ["My Graph", "My Graph", "French", "My Graph"]),
        ('deck_prefix = "All/Mine"', ["All::Mine::My Graph"] * 4),
        ('deck_rules = { french = "Langue", extra = "E/X" }', ["E::X", "My Graph", "Langue", "My Graph"]),
        ('deck_rules = { "French" = "F", "french/verbs" = "V" }', ["My Graph", "My Graph", "V", "My Graph"]),
        ('deck_rules = { "pages/Law.md" = "L", "pages" = "P", "journals" = "J" }', ["My Graph", "J", "P", "L"]),
        ('deck_rules = { "pages/Law" = "L", "Fren" = "no" }', ["My Graph", "My Graph", "My Graph", "L"]),
    ],
)
def test_the_default_deck_comes_from_the_config(tmp_path: Path, options: str, wanted: list[str]) -> None:
    desired = read(fill(tmp_path / "My Graph", GRAPH), options)
    assert list(decks(desired).values()) == wanted


def test_a_plain_folder_names_decks_by_path_but_none_by_day(tmp_path: Path) -> None:
    files = {"ml/ssl.md": CARD.format("1"), "notes.v2.md": CARD.format("2"), "daily/2024-11-02.md": CARD.format("3")}
    desired = read(fill(tmp_path / "Notes", files))
    assert decks(desired) == {
        "daily/2024-11-02.md": "Notes",
        "ml/ssl.md": "ml::ssl",
        "notes.v2.md": "notes.v2",
    }


def test_a_single_file_is_its_own_deck_even_with_a_date_as_its_name(tmp_path: Path) -> None:
    for name in ("ssl", "2024-11-02"):
        source = fill(tmp_path / name, {f"{name}.md": CARD.format("Q")}) / f"{name}.md"
        assert list(decks(read(source)).values()) == [name]


def test_a_deck_property_goes_before_every_rule(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", {"pages/a.md": "deck:: Own\n\n" + CARD.format("Q")})
    assert list(decks(read(graph, 'deck_rules = { a = "Ruled" }\ndeck_prefix = "All"')).values()) == ["All::Own"]


def test_deck_and_tags_come_down_from_the_pages_of_the_namespace(tmp_path: Path) -> None:
    files = {
        "logseq/config.edn": LOWBAR,
        "pages/French.md": "deck:: Langue\ntags:: school\n",
        "pages/x.md": "title:: french/verbs\ntags:: grammar\n",
        "pages/French___Verbs___Irregular.md": "tags:: hard\n\n" + CARD.format("Q"),
    }
    [note] = read(fill(tmp_path / "g", files)).notes
    assert (note.deck, note.tags) == ("Langue", ("grammar", "hard", "school"))


def test_the_nearest_page_of_the_namespace_decides_the_deck(tmp_path: Path) -> None:
    files = {
        "logseq/config.edn": LOWBAR,
        "pages/a.md": "deck:: Far\n",
        "pages/a___b.md": "deck:: Near\n",
        "pages/a___b___c.md": CARD.format("Q"),
        "journals/2024_11_02.md": CARD.format("R"),
    }
    desired = read(fill(tmp_path / "g", files))
    assert decks(desired) == {"journals/2024_11_02.md": "g", "pages/a___b___c.md": "Near"}


def test_broken_graph_settings_are_told_and_the_pages_are_read(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", {"logseq/config.edn": "{:hidden [", "pages/a.md": CARD.format("Q")})
    desired = read(graph)
    assert (paths(desired), [one.rule for one in desired.problems]) == (["pages/a.md"], ["broken-graph-config"])


def test_settings_in_another_encoding_do_not_stop_the_reading(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", {"logseq/config.edn": "{}", "pages/a.md": CARD.format("Q")})
    (graph / "logseq/config.edn").write_bytes('\ufeff{:file/name-format :triple-lowbar :a "é"}'.encode("utf-16"))
    assert paths(read(graph)) == ["pages/a.md"]


def test_pages_in_org_mode_are_read_like_the_others(tmp_path: Path) -> None:
    desired = read(fill(tmp_path / "g", {"a.org": "#+deck: Org\n* Q :card:\n** A\n", "b.org": "* plain"}))
    assert told(desired) == []
    assert [(note.deck, field(note.content, "Front"), field(note.content, "Back")) for note in desired.notes] == [
        ("Org", "Q", "A")
    ]


def test_a_file_that_cannot_be_read_is_an_error_that_no_rule_silences(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", {"a.md": CARD.format("Q")})
    (graph / "b.md").write_bytes(b"- caf\xe9 #card")
    assert [one.rule for one in read(graph).problems] == ["unreadable-file"]


def test_a_rule_that_is_off_is_silent(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", {"a.md": "- Q #card\n", "ankigen.toml": 'rules = { no-answer = "off" }'})
    assert load(graph, NOON).problems == ()


def test_the_config_names_the_notes_and_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, {"ankigen.toml": 'source = "notes"\noutput = "out/all.apkg"', "notes/a.md": CARD.format("Q")})
    monkeypatch.chdir(tmp_path)
    desired = api.load()
    assert (desired.root, paths(desired)) == (tmp_path / "notes", ["a.md"])
    assert api.build(desired).packages == (tmp_path / "out/all.apkg",)


def test_without_a_config_the_current_folder_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, {"a.md": CARD.format("Q")})
    monkeypatch.chdir(tmp_path)
    assert [path.as_posix() for path in api.build(api.load()).packages] == ["a.apkg"]


def test_the_order_of_files_does_not_depend_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = fill(tmp_path / "g", {f"{folder}/{name}.md": CARD.format("Q") for folder in "ba" for name in "zx"})
    in_order = paths(read(graph))
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: contextlib.nullcontext(reversed([*scandir(folder)])))
    assert paths(read(graph)) == in_order


def test_in_a_logseq_graph_a_list_at_the_left_edge_is_no_answer_to_the_heading_above(tmp_path: Path) -> None:
    page = {"pages/Cells.md": "## Which parts? #card\n\n- walls\n"}
    assert [content_fields(note.content)["Back"] for note in read(fill(tmp_path, page)).notes] == ["walls"]
    desired = read(fill(tmp_path, page | {"logseq/config.edn": LOWBAR}))
    assert [(problem.rule, desired.notes) for problem in desired.problems] == [("no-answer", ())]


# The folder of a graph's settings, and graphs that lack it.


@pytest.mark.parametrize(
    "inner", ["logseq/logseq/config.edn", "logseq/bak/logseq/config.edn", "logseq/x/logseq/config.edn"]
)
def test_inside_the_folder_of_settings_nothing_is_a_page_and_no_graph_begins(tmp_path: Path, inner: str) -> None:
    """A sync service copied the settings into themselves: 112 of 145 cards came from backups, in a deck `logseq`."""
    copies = ["logseq/bak/pages/a/1.md", "logseq/bak/b.md", "logseq/x/c.md", "logseq/d.md", "logseq/logseq/bak/e.md"]
    files = {name: CARD.format("old") for name in copies} | {"pages/a.md": CARD.format("a")}
    desired = read(fill(tmp_path / "g", files | {"logseq/config.edn": LOWBAR, inner: LOWBAR}))
    assert decks(desired) == {"pages/a.md": "g"}
    [warning] = told(desired)
    assert "logseq/bak (2), logseq/d.md (1), logseq/logseq (1), logseq/x (1); move" in warning
    assert warning.endswith("[cards-in-backups]")


def test_a_page_in_the_folder_of_settings_is_asked_for_in_vain(tmp_path: Path) -> None:
    files = {"logseq/config.edn": LOWBAR, "logseq/logseq/config.edn": LOWBAR, "logseq/bak/a.md": CARD.format("a")}
    graph = fill(tmp_path / "g", files)
    for source in (graph / "logseq", graph / "logseq/bak", graph / "logseq/bak/a.md"):
        assert (read(source).root, paths(read(source))) == (graph, [])


def test_what_settings_of_a_graph_say_of_cards_is_no_card(tmp_path: Path) -> None:
    settings = '{:default-queries {:journals [{:query [:find "#card"]}]} :file/name-format :triple-lowbar}'
    desired = read(fill(tmp_path / "g", {"logseq/config.edn": settings, "pages/a.md": CARD.format("a")}))
    assert told(desired) == []


UNSET = {
    "journals/2024_11_02.md": CARD.format("journal"),
    "pages/a___b%3F.md": CARD.format("page"),
    "pages/notes.v2.md": CARD.format("point"),
    "assets/x.md": CARD.format("asset"),
}


def test_pages_with_journals_are_a_graph_whose_settings_were_not_committed(tmp_path: Path) -> None:
    desired = read(fill(tmp_path / "g", UNSET))
    assert set(decks(desired).values()) == {"g"}
    assert pages(desired) == {
        "assets/x.md": "x",
        "journals/2024_11_02.md": "Nov 2nd, 2024",
        "pages/a___b%3F.md": "a/b?",
        "pages/notes.v2.md": "notes.v2",
    }


def test_a_page_of_such_a_graph_is_named_and_filed_as_in_the_whole(tmp_path: Path) -> None:
    graph = fill(tmp_path / "g", UNSET)
    for source in (graph / "pages", graph / "pages/a___b%3F.md"):
        assert decks(read(source))["pages/a___b%3F.md"] == "g"


def test_such_a_graph_may_lie_in_a_folder_of_graphs(tmp_path: Path) -> None:
    desired = read(fill(tmp_path / "all", {f"{graph}/{name}": text for graph in "xy" for name, text in UNSET.items()}))
    assert set(decks(desired).values()) == {"x", "y"}


@pytest.mark.parametrize("other", [{".obsidian/app.json": "{}"}, {"pages.md": "", "journals/x.md": ""}])
def test_a_vault_of_obsidian_or_one_such_folder_alone_makes_no_graph(tmp_path: Path, other: dict[str, str]) -> None:
    names = ["pages/a___b.md", "journals/2024_11_02.md"] if ".obsidian/app.json" in other else ["journals/a___b.md"]
    desired = read(fill(tmp_path / "g", {name: CARD.format("Q") for name in names} | other))
    assert decks(desired)[names[0]] == f"{names[0].partition('/')[0]}::a___b"


def test_in_a_graph_no_other_begins_at_pages_and_journals(tmp_path: Path) -> None:
    files = {f"extra/{name}": text for name, text in UNSET.items()} | {"logseq/config.edn": LOWBAR}
    assert set(decks(read(fill(tmp_path / "g", files))).values()) == {"g"}
