"""What may go into a package: pictures, sounds and films that lie openly among the notes, and no other file."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from ankigen import render
from ankigen.data import MediaFile, Refusal
from ankigen.source import load
from ankigen.source.media import LARGEST, MediaFinder
from ankigen.support.files import is_hidden
from ankigen.syntax.words import MEDIA
from tests.helpers.building import NOON, build, write
from tests.source.links import FixedLinks

SECRET = b"the token of this job"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    root = tmp_path / ".cloned/graph"  # what is above the notes may be hidden
    for folder in (".git", "assets/.private", "pages"):
        (root / folder).mkdir(parents=True)
    return root


def put(graph: Path, path: str, content: bytes = SECRET) -> Path:
    (graph / path).parent.mkdir(parents=True, exist_ok=True)
    (graph / path).write_bytes(content)
    return graph / path


def refused(graph: Path, target: str, page: str = "pages/a.md") -> str:
    refusal = MediaFinder(graph).find(target, page)
    assert isinstance(refusal, Refusal), refusal
    assert not refusal.instead
    return refusal.rule


@pytest.mark.parametrize(
    ("file", "written"),
    [
        (".git/config", "../.git/config"),
        (".git/config", ".git/config"),
        (".git/config", "../assets/../.git/config"),
        (".git/config", "%2egit/config"),
        (".git/config", "..%2F.git%2Fconfig"),
        (".git/config", "..\\.git\\config"),
        (".git/config", "./.git/./config"),
        (".git/config.png", ".git/config.png"),
        (".env", "../.env"),
        (".env.png", "../.env.png"),
        ("assets/.env", "../assets/.env"),
        ("assets/.private/a.png", "../assets/.private/a.png"),
        ("assets/.private/a.png", "/assets/.private/a.png"),
        (".Attachments/é.png", "../.Attachments/" + unicodedata.normalize("NFD", "é.png")),
        ("pages/.a.png", ".a.png"),
    ],
)
def test_what_is_hidden_is_not_packed(graph: Path, file: str, written: str) -> None:
    put(graph, file)
    assert refused(graph, written) == "hidden-media"


@pytest.mark.parametrize(
    "name",
    [".git", ".GIT", "..git", ".git ", "\u200c.git", "\u2060.git", "\x01.git", "．git", "․env", "GIT~1", "git~2"],
)
def test_a_hidden_name_is_known_in_any_spelling(name: str) -> None:
    assert is_hidden(name)


@pytest.mark.parametrize("name", ["a.png", "a", "_a.png", "git", "img~1.png", "…a.png"[1:], "眼.png", "a..png"])
def test_an_open_name_is_no_hidden_one(name: str) -> None:
    assert not is_hidden(name)


@pytest.mark.parametrize(
    "file",
    [
        "secrets.json", "key.pem", "id_rsa", "assets/png", "assets/a.png.txt", "assets/a.png~", "notes.md",
        "ankigen.lock", "a.html", "a.js", "a.py", "a.apkg", "a.zip", "assets/a.pdf",
    ],
)  # fmt: skip
def test_what_anki_neither_shows_nor_plays_is_not_packed(graph: Path, file: str) -> None:
    put(graph, file)
    assert refused(graph, f"../{file}") == "unsuitable-media"


@pytest.mark.parametrize("suffix", sorted(MEDIA | {"ico", "jfif", "apng", "jpe"}))
def test_each_kind_that_a_card_can_show_is_packed_in_any_case(graph: Path, suffix: str) -> None:
    for name in (f"a.{suffix}", f"b.{suffix.upper()}"):
        put(graph, f"assets/{name}", name.encode())
        assert isinstance(MediaFinder(graph).find(f"../assets/{name}", "pages/a.md"), MediaFile)


def test_what_a_picture_holds_is_its_authors_choice(graph: Path) -> None:
    put(graph, "assets/a.png", b"no picture at all")
    assert isinstance(MediaFinder(graph).find("../assets/a.png", "pages/a.md"), MediaFile)


@pytest.mark.parametrize(
    ("link", "leads_to", "rule"),
    [
        ("assets/x.png", ".git/config", "hidden-media"),
        ("assets/x.png", ".git/a.png", "hidden-media"),
        ("assets/x.png", "secrets.json", "unsuitable-media"),
        ("assets/x.png", "../outside.png", "outside-media"),
        ("assets/x.png", "/proc/self/environ", "outside-media"),
        ("assets/x.png", "/dev/zero", "missing-media"),
        ("assets/x.png", "assets/x.png", "missing-media"),
        ("assets/x.png", "nowhere.png", "media-elsewhere"),
    ],
)
def test_a_link_is_judged_by_what_it_leads_to(graph: Path, link: str, leads_to: str, rule: str) -> None:
    for file in (".git/config", ".git/a.png", "secrets.json", "../outside.png"):
        put(graph, file)
    (graph / link).symlink_to(graph / leads_to)
    assert refused(graph, f"../{link}") == rule


@pytest.mark.parametrize(
    ("leads_to", "rule"), [(".git", "hidden-media"), ("..", "outside-media"), ("../../..", "outside-media")]
)
def test_a_linked_folder_is_judged_by_where_it_leads(graph: Path, leads_to: str, rule: str) -> None:
    put(graph, ".git/a.png")
    put(graph, "../a.png")
    put(graph, "../../../a.png")
    (graph / "assets/folder").symlink_to(graph / leads_to)
    assert refused(graph, "../assets/folder/a.png") == rule


def test_a_link_chain_is_followed_to_its_end(graph: Path) -> None:
    put(graph, ".git/config")
    (graph / "assets/a.png").symlink_to(graph / "assets/b.png")
    (graph / "assets/b.png").symlink_to(graph / ".git/config")
    assert refused(graph, "../assets/a.png") == "hidden-media"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_or_a_folder_named_like_a_picture_is_no_file(graph: Path) -> None:
    os.mkfifo(graph / "assets/pipe.png")
    (graph / "assets/folder.png").mkdir()
    assert refused(graph, "../assets/pipe.png") == "missing-media"
    assert refused(graph, "../assets/folder.png") == "missing-media"


def test_a_file_larger_than_anki_syncs_is_not_read(graph: Path) -> None:
    with put(graph, "assets/film.mp4").open("r+b") as film:
        film.truncate(3 * 1024**3)  # a sparse file: it takes no room on the disk
    refusal = MediaFinder(graph).find("../assets/film.mp4", "pages/a.md")
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "unsuitable-media"
    assert refusal.message == (
        "../assets/film.mp4 is larger than 100 MB and is not packed: "
        "make it smaller, for Anki does not sync it as it is"
    )
    assert LARGEST == 100 * 1024 * 1024


def test_a_file_as_large_as_the_limit_is_packed(graph: Path) -> None:
    put(graph, "assets/a.mp4", b"x" * 10)
    assert isinstance(MediaFinder(graph, 10).find("../assets/a.mp4", "pages/a.md"), MediaFile)
    put(graph, "assets/b.mp4", b"x" * 11)
    assert isinstance(MediaFinder(graph, 10).find("../assets/b.mp4", "pages/a.md"), Refusal)


WAYS = (
    "![]({0})",
    "![a]( {0} )",
    "![a](<{0}>)",
    "![[{0}]]",
    "[[{0}]]",
    "[[file:{0}]]",
    '<img src="{0}">',
    "<IMG SRC={0}>",
    '<audio src="{0}"></audio>',
    '<audio><source src="{0}"></audio>',
    '<video poster="{0}"></video>',
    '<video src="{0}" poster="{0}"></video>',
    '[:img {{:src "{0}"}}]',
    "{{{{embed ![]({0})}}}}",
    "{{{{cloze ![]({0})}}}}",
    "{{{{mine {0}}}}}",
    "[a]({0})",
    "`x` ![]({0}){{:width 3}}",
    "((6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11))",
    "{{{{embed ((6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11))}}}}",
    "{{{{embed [[other]]}}}}",
)
SECRETS = (".git/config", ".env", "secrets.json", ".hidden/a.mp3", "assets/link.png")


@pytest.mark.parametrize("secret", SECRETS)
def test_no_way_to_show_a_file_packs_a_secret(tmp_path: Path, secret: str) -> None:
    notes = tmp_path / "notes"
    for name in SECRETS:
        put(notes, name)
    (notes / "assets/link.png").unlink()
    (notes / "assets/link.png").symlink_to(notes / ".git/config")
    put(notes, "logseq/config.edn", b'{:macros {"mine" "![]($1)"}}')
    other = f"- ![]({secret})\n  id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11\n"
    shown = [way.format(secret) for way in WAYS]
    cards = "".join(f"- {n} {way} #card\n  extra:: {way}\n\t- {way}\n\t- {secret}\n" for n, way in enumerate(shown))
    org = f"* Q #card\n** [[./{secret}]] [[file:{secret}][x]] [[{secret}]]\n"
    write(notes, a=cards, other=other)
    put(notes, "b.org", org.encode())
    package = tmp_path / "a.apkg"
    desired = build(notes, package)
    assert len(desired.notes) > len(WAYS)
    assert desired.media == ()
    with zipfile.ZipFile(package) as archive:
        assert json.loads(archive.read("media")) == {}
        assert not any(SECRET in archive.read(name) for name in archive.namelist())


def test_a_refused_file_is_told_where_it_is_shown(tmp_path: Path) -> None:
    notes = write(tmp_path, a="- Q #card\n\t- ![the key](.git/config)\n")
    put(notes, ".git/config")
    [problem] = load(notes, NOON).problems
    assert (str(problem.position), problem.rule) == ("a.md:2:4", "hidden-media")
    assert problem.message == (
        ".git/config is hidden and is not packed: copy it into assets/, under a name without a dot in front"
    )


@pytest.mark.parametrize(
    ("written", "expected", "rule"),
    [
        ("![the paper](../assets/a.pdf)", "the paper", "unsuitable-media"),
        ("![](../assets/a.pdf)", "a.pdf", "unsuitable-media"),
        ("![](../assets/none.pdf)", "none.pdf", "missing-media"),
    ],
)
def test_of_a_pdf_a_card_shows_the_name_and_that_is_told(graph: Path, written: str, expected: str, rule: str) -> None:
    put(graph, "assets/a.pdf")
    face = render.question(written, "pages/a.md", (), FixedLinks(find=MediaFinder(graph).find))
    assert (face.html, face.media) == (f'<span class="missing">{expected}</span>', ())
    assert [problem.rule for problem in face.problems] == [rule]
