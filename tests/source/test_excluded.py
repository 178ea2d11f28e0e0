"""What `exclude` and `.gitignore` name is no page; what it had in Anki stays there until somebody says otherwise."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ankigen import api
from ankigen.config import Config
from ankigen.data import Desired
from ankigen.errors import BrokenConfig
from ankigen.source import find_files, load
from ankigen.support.structs import replace
from tests.helpers.building import NOON

FILES = (
    "README.md", "Templates/card.md", "a/Templates/x.md", "a/b.md",
    "build/out.md", "keep/build/in.md", "x y.md", "#z.md",
)  # fmt: skip


def lay(folder: Path, **others: str) -> Path:
    for path in FILES:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"- Q {path[:-3]} #card\n\t- A\n")
    for path, text in others.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def pages(desired: Desired) -> list[str]:
    return [note.position.path for note in desired.notes]


def left(*gone: str) -> list[str]:
    return sorted(path for path in FILES if path not in gone)


@pytest.mark.parametrize(
    ("patterns", "gone"),
    [
        (("Templates/",), ("Templates/card.md", "a/Templates/x.md")),
        (("/Templates/",), ("Templates/card.md",)),
        (("Templates",), ("Templates/card.md", "a/Templates/x.md")),
        (("README.md",), ("README.md",)),
        (("a/*",), ("a/Templates/x.md", "a/b.md")),
        (("a/*", "!a/b.md"), ("a/Templates/x.md",)),
        (("**/x.md",), ("a/Templates/x.md",)),
        (("build/", "!keep/build/"), ("build/out.md",)),
        (("x y.md", "\\#z.md", "# comment", "", "  "), ("x y.md", "#z.md")),
        (("a/", "!a/b.md"), ("a/Templates/x.md", "a/b.md")),
        (("[A-R]*.md",), ("README.md",)),
    ],
)
def test_what_a_pattern_names_is_passed_by_as_git_does(
    tmp_path: Path, patterns: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    folder = lay(tmp_path / "notes")
    excluding = replace(Config(), exclude=patterns)
    assert sorted(pages(load(folder, NOON, excluding))) == left(*gone)
    (folder / ".gitignore").write_text("\n".join(patterns))
    desired = load(folder, NOON)
    assert (sorted(pages(desired)), desired.problems) == (left(*gone), ())
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=off", "ls-files", "--others", "--exclude-standard", "*.md"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert sorted(listed.stdout.splitlines()) == left(*gone)
    assert sorted(path.relative_to(folder).as_posix() for path in find_files(folder)) == left(*gone)


def test_nested_files_count_from_their_folder_and_the_nearest_wins(tmp_path: Path) -> None:
    folder = lay(tmp_path, **{".gitignore": "b.md\nx.md\n", "a/.gitignore": "!b.md\n/Templates/x.md\n"})
    assert sorted(pages(load(folder, NOON))) == left("a/Templates/x.md")


def test_the_files_of_the_repository_above_the_notes_count(tmp_path: Path) -> None:
    folder = lay(tmp_path / "repository/notes")
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "repository/.gitignore").write_text("/notes/a/\nREADME.md\n")
    assert sorted(pages(load(folder, NOON))) == left()
    (tmp_path / "repository/.git").mkdir()
    assert sorted(pages(load(folder, NOON))) == left("a/Templates/x.md", "a/b.md", "README.md")


def test_the_option_comes_before_all_files_and_can_take_back_what_they_say(tmp_path: Path) -> None:
    folder = lay(tmp_path, **{".gitignore": "README.md\na/\n"})
    assert sorted(pages(load(folder, NOON, replace(Config(), exclude=("!a/", "b.md"))))) == left("README.md", "a/b.md")
    assert sorted(pages(load(folder, NOON, replace(Config(), use_gitignore=False)))) == left()


def test_a_link_to_an_excluded_page_and_a_placeholder_of_one_are_passed_by(tmp_path: Path) -> None:
    folder = lay(tmp_path, **{".gitignore": "gone*\n", "a/.gone2.md.icloud": ""})
    (folder / "gone.md").symlink_to(tmp_path.parent / "nowhere.md")
    (folder / "gone").symlink_to("/")
    assert load(folder, NOON).problems == ()


@pytest.mark.parametrize(
    "line", ["*a*b*c*d", "a" * 2000, "[z-a]", "!"], ids=["many stars", "long", "a bad range", "nothing"]
)
def test_a_pattern_that_is_none_or_takes_long_is_told(tmp_path: Path, line: str) -> None:
    folder = lay(tmp_path, **{".gitignore": f"# all*the*stars*are*fine*here\n{line}\nREADME.md\n"})
    desired = load(folder, NOON)
    assert [(str(problem.position), problem.rule) for problem in desired.problems] == [
        (".gitignore:2:1", "unread-pattern")
    ]
    assert sorted(pages(desired)) == left("README.md")
    with pytest.raises(BrokenConfig, match="exclude"):
        load(folder, NOON, replace(Config(), exclude=(line,)))


def test_a_list_without_end_is_read_up_to_a_bound(tmp_path: Path) -> None:
    folder = lay(tmp_path, **{".gitignore": "nothing\n" * 5000 + "README.md\n"})
    assert [problem.rule for problem in load(folder, NOON).problems] == ["unread-pattern"]


@pytest.mark.parametrize("name", ["Templates/card", "README"])
def test_a_page_that_is_excluded_now_keeps_its_notes_until_the_rule_is_off(tmp_path: Path, name: str) -> None:
    folder = lay(tmp_path / "notes")
    first = load(folder, NOON)
    api.build(first, tmp_path / "x.apkg")
    kept = next(note.identity.guid for note in first.notes if note.position.path == f"{name}.md")
    (folder / "ankigen.toml").write_text(f'exclude = ["/{name}.md"]\n')
    (folder / "a/b.md").unlink()
    desired = load(folder, NOON + 60_000)
    [problem] = desired.problems
    assert (problem.rule, problem.position.path) == ("excluded-page", f"{name}.md")
    assert desired.folder.held == {kept}
    assert desired.lock.identities[kept].removed is None
    assert [identity.page for identity in desired.lock.identities.values() if identity.removed] == ["b"]
    (folder / "ankigen.toml").write_text(f'exclude = ["/{name}.md"]\n[rules]\nexcluded-page = "off"\n')
    desired = load(folder, NOON + 60_000)
    assert (desired.problems, desired.folder.held) == ((), frozenset())
    assert desired.lock.identities[kept].removed is not None


def test_a_page_in_an_excluded_folder_is_known_by_its_title(tmp_path: Path) -> None:
    folder = lay(tmp_path / "notes", **{"old/t.md": "title:: Elsewhere\n\n- Q t #card\n\t- A\n"})
    api.build(load(folder, NOON), tmp_path / "x.apkg")
    (folder / ".gitignore").write_text("old/\n")
    assert [problem.position.path for problem in load(folder, NOON).problems] == ["old/t.md"]


@pytest.mark.parametrize("source", ["a", "a/b.md", "a/Templates"])
def test_who_asks_for_what_is_excluded_is_told(tmp_path: Path, source: str) -> None:
    folder = lay(tmp_path, **{".gitignore": "a/\n"})
    api.build(load(folder, NOON), tmp_path / "x.apkg")
    desired = load(folder / source, NOON)
    assert (desired.notes, [problem.rule for problem in desired.problems]) == ((), ["excluded-page"])
