"""Outside Logseq a file is found by its name alone, wherever it lies in the vault, and nothing that is never packed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from ankigen.data import Desired, End, MediaFile
from ankigen.source import load
from ankigen.source.media import MediaFinder
from ankigen.source.vault_files import VaultFiles
from tests.helpers.building import NOON, write
from tests.helpers.pages import fields_of

PNG = b"\x89PNG\r\n\x1a\n"


def vault(folder: Path, *paths: str, text: str, page: str = "Page", app: str | None = None) -> Path:
    """A vault with these pictures, each of its own content, and one card."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(PNG + path.encode())
    if app is not None:
        (folder / ".obsidian").mkdir()
        (folder / ".obsidian/app.json").write_text(app, "utf-8")
    note = folder / f"{page}.md"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(f"- {text} #card\n\t- A\n", "utf-8")
    return folder


def shown_paths(found: Iterable[object], folder: Path) -> list[str]:
    return [Path(file.path).relative_to(folder).as_posix() for file in found if isinstance(file, MediaFile)]


def shown(desired: Desired, folder: Path) -> list[str]:
    return shown_paths(desired.media, folder)


@pytest.mark.parametrize(
    ("paths", "written", "page", "found"),
    [
        ("attachments/p.png", "![[p.png]]", "Page", "attachments/p.png"),
        ("attachments/p.png", "![[p.png|200]]", "Page", "attachments/p.png"),
        ("attachments/p.png", "![](p.png)", "sub/Page", "attachments/p.png"),
        ("a/b/c/p q.png", "![](p%20q.png)", "Page", "a/b/c/p q.png"),
        ("a/b/p.png", "![[b/p.png]]", "Page", "a/b/p.png"),
        ("a/p.png", "![[p.png |200]]", "Page", "a/p.png"),
        ("a/b/c/p.png", "![[a/b/c/p.png]]", "x/y/Page", "a/b/c/p.png"),
        ("a/b/c/p.png", "![[b/c/p.png]]", "x/y/Page", "a/b/c/p.png"),
        ("a/P.PNG", "![[p.png]]", "Page", "a/P.PNG"),
        ("a/ü.png", "![[u\u0308.png]]", "Page", "a/ü.png"),
        ("a/p.png", "![](/a/p.png)", "x/Page", "a/p.png"),
        ("a/p.png", '<img src="p.png">', "Page", "a/p.png"),
        ("a/s.mp3", "![[s.mp3#t=10]]", "Page", "a/s.mp3"),
        ("p.png x/p.png", "![[p.png]]", "y/Page", "p.png"),
        ("y/p.png x/p.png", "![[p.png]]", "y/Page", "y/p.png"),
    ],
)
def test_a_file_is_found_by_its_name(tmp_path: Path, paths: str, written: str, page: str, found: str) -> None:
    names = paths.split(" ") if "q.png" not in paths else [paths]
    desired = load(vault(tmp_path, *names, text=f"Q {written}", page=page), NOON)
    assert (shown(desired, tmp_path), desired.problems) == ([found], ())


@pytest.mark.parametrize(
    ("paths", "page", "found", "other"),
    [
        ("a/p.png b/p.png", "Page", "a/p.png", "b/p.png"),
        ("a/x/p.png b/p.png", "Page", "b/p.png", "a/x/p.png"),
        ("a/x/p.png b/p.png", "a/Page", "a/x/p.png", "b/p.png"),
        ("a/x/y/z/p.png b/p.png", "a/x/n/Page", "a/x/y/z/p.png", "b/p.png"),
    ],
)
def test_of_two_files_of_one_name_the_nearer_is_shown_with_a_warning(
    tmp_path: Path, paths: str, page: str, found: str, other: str
) -> None:
    desired = load(vault(tmp_path, *paths.split(), text="Q ![[p.png]]", page=page), NOON)
    [problem] = desired.problems
    assert (str(problem.position), problem.end) == (f"{page}.md:1:5", End(1, 15))
    assert shown(desired, tmp_path) == [found]
    assert (problem.rule, problem.message) == (
        "ambiguous-media",
        f"p.png may be {found}, which is shown, or {other}: write the folder as well",
    )


@pytest.mark.parametrize(
    ("folder", "page", "found"),
    [
        ("files", "x/Page", "files/p.png"),
        ("/files/", "x/Page", "files/p.png"),
        ("./own", "x/Page", "x/own/p.png"),
        ("./", "x/Page", "x/p.png"),
        ("../out", "x/Page", "x/own/p.png"),
    ],
)
def test_the_folder_for_attachments_comes_first(tmp_path: Path, folder: str, page: str, found: str) -> None:
    paths = ["files/p.png", "x/own/p.png", *(["x/p.png"] if folder == "./" else []), "x/a/b/p.png"]
    app = f'{{"attachmentFolderPath": "{folder}", "alwaysUpdateLinks": true}}'
    desired = load(vault(tmp_path, *paths, text="Q ![[p.png]]", page=page, app=app), NOON)
    assert shown(desired, tmp_path) == [found]
    assert len(desired.problems) == (folder == "../out")


@pytest.mark.parametrize("app", ["", "{", "[]", '{"attachmentFolderPath": 1}', "\udcff"])
def test_settings_that_cannot_be_read_name_no_folder(tmp_path: Path, app: str) -> None:
    folder = vault(tmp_path, "a/p.png", text="Q ![[p.png]]", app="")
    (folder / ".obsidian/app.json").write_bytes(app.encode(errors="surrogateescape"))
    desired = load(folder, NOON)
    assert (shown(desired, tmp_path), desired.problems) == (["a/p.png"], ())


@pytest.mark.parametrize("path", [".hidden/p.png", "node_modules/p.png", ".trash/p.png", "@eaDir/p.png"])
def test_what_is_hidden_is_not_found(tmp_path: Path, path: str) -> None:
    desired = load(vault(tmp_path, path, text="Q ![[p.png]]"), NOON)
    assert (desired.media, [problem.rule for problem in desired.problems]) == ((), ["missing-media"])


def test_nothing_behind_a_link_that_leads_out_is_packed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "p.png").write_bytes(PNG)
    folder = vault(tmp_path / "notes", text="Q ![[p.png]] ![[q.png]]")
    (folder / "linked").symlink_to(outside)
    (folder / "sub").mkdir()
    (folder / "sub/q.png").symlink_to(outside / "p.png")
    desired = load(folder, NOON)
    assert desired.media == ()
    assert {problem.rule for problem in desired.problems} == {"missing-media", "outside-media", "unread-link"}


def test_what_is_elsewhere_for_now_keeps_its_card(tmp_path: Path) -> None:
    folder = vault(tmp_path, text="Q ![[p.png]]")
    (folder / "a").mkdir()
    (folder / "a/.p.png.icloud").write_bytes(b"")
    assert [problem.rule for problem in load(folder, NOON).problems] == ["media-elsewhere"]


def test_in_a_logseq_graph_a_name_alone_finds_nothing(tmp_path: Path) -> None:
    folder = vault(tmp_path, "files/p.png", text="Q ![[p.png]]", page="pages/Page")
    (folder / "logseq").mkdir()
    (folder / "logseq/config.edn").write_text("{}")
    assert [problem.rule for problem in load(folder, NOON).problems] == ["missing-media"]


def test_a_kept_note_is_made_again_when_a_nearer_file_comes(tmp_path: Path) -> None:
    folder = vault(tmp_path, "a/b/p.png", text="Q ![[p.png]]", page="x/Page")
    assert shown(load(folder, NOON), folder) == ["a/b/p.png"]
    (folder / "x/y").mkdir()
    (folder / "x/y/p.png").write_bytes(PNG)
    assert shown(load(folder, NOON), folder) == ["x/y/p.png"]


def test_the_files_are_listed_once_and_a_name_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        vault(tmp_path, f"n{number}/files/p.png", text="Q", page=f"n{number}/Page")
    listed: list[object] = []
    walk = os.walk

    def listing(top: Path) -> object:
        listed.append(top)
        return walk(top)

    monkeypatch.setattr("ankigen.source.vault_files.os.walk", listing)
    files = VaultFiles(tmp_path, MediaFinder(tmp_path))
    found = [files.find("p.png", f"n{number}/Page.md") for number in range(40)]
    assert shown_paths(found, tmp_path) == [f"n{number}/files/p.png" for number in range(40)]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("written", "attributes"),
    [
        ("![alt|100](p.png)", 'alt="alt" width="100"'),
        ("![alt|100x200](p.png)", 'alt="alt" width="100" height="200"'),
        ("![|100](p.png)", 'alt="" width="100"'),
        ("![100](p.png)", 'alt="" width="100"'),
        ("![a|b|30](p.png)", 'alt="a|b" width="30"'),
        ("![a | 30](p.png)", 'alt="a" width="30"'),
        ("![alt|tall](p.png)", 'alt="alt|tall"'),
        ("![alt|100000000](p.png)", 'alt="alt|100000000"'),
        ("![alt](p.png)", 'alt="alt"'),
        ("![[p.png]]", 'alt=""'),
        ("![[p.png|100]]", 'alt="" width="100"'),
        ("![[p.png|100x200]]", 'alt="" width="100" height="200"'),
        ("![[p.png|a <b>]]", 'alt="a &lt;b&gt;"'),
        ("![[p.png|a|100]]", 'alt="a" width="100"'),
        ("![alt|100](https://example.org/p.png)", 'alt="alt" width="100"'),
    ],
)
def test_a_size_stands_behind_the_alternative_text(tmp_path: Path, written: str, attributes: str) -> None:
    folder = vault(tmp_path, "p.png", text=f"Q {written}")
    [note] = load(folder, NOON).notes
    assert f"{attributes}>" in fields_of(note)["Front"].partition(" src=")[2].partition(" ")[2]


def test_a_bar_in_a_table_is_escaped(tmp_path: Path) -> None:
    folder = vault(tmp_path, "p.png", text="Q")
    write(folder, Page="- Q #card\n\t- | ![[p.png\\|100]] | [[Other\\|alias]] |\n")
    [note] = load(folder, NOON).notes
    assert 'alt="" width="100">' in fields_of(note)["Back"]
    assert "<td>alias</td>" in fields_of(note)["Back"]


def test_in_logseq_what_stands_behind_the_bar_is_text(tmp_path: Path) -> None:
    folder = vault(tmp_path, "assets/p.png", text="Q ![alt|100](../assets/p.png)", page="pages/Page")
    (folder / "logseq").mkdir()
    (folder / "logseq/config.edn").write_text("{}")
    [note] = load(folder, NOON).notes
    assert 'alt="alt|100">' in fields_of(note)["Front"]
