"""Which file a link means, and that Anki finds it under the name in the field; nothing outside the notes is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import note_types, render
from ankigen.data import Face, Html, MediaFile, Refusal
from ankigen.source.media import MediaFinder, media_name
from ankigen.source.remote_media import LARGEST, Fetched, Remote
from tests.helpers.judge import Judge
from tests.source.links import FixedLinks

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z0-9]+")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    root = tmp_path / "graph"
    for folder in ("pages", "assets/sub", "img", "img2"):
        (root / folder).mkdir(parents=True)
    return root


def put(graph: Path, path: str, content: bytes = PNG) -> None:
    (graph / path).write_bytes(content)


def question(graph: Path, text: str, page: str = "pages/a.md") -> Face:
    return render.question(text, page, (), FixedLinks(find=MediaFinder(graph).find))


def found(graph: Path, target: str, page: str = "pages/a.md") -> MediaFile:
    file = MediaFinder(graph).find(target, page)
    assert isinstance(file, MediaFile), file
    return file


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("assets/a.png", "../assets/a.png"),
        ("assets/my pic.png", "../assets/my%20pic.png"),
        ("assets/my pic.png", "../assets/my pic.png"),
        ("assets/100%.png", "../assets/100%.png"),
        ("assets/a%20b.png", "../assets/a%20b.png"),
        ("assets/eye(1).png", "../assets/eye(1).png"),
        ("assets/sub/a.png", "../assets/sub/a.png"),
        ("assets/a.png", "/../assets/a.png".removeprefix("/")),
        ("assets/a.png", "assets/a.png"),
        ("assets/a.png", "/assets/a.png"),
        ("assets/a.png", "a.png"),
        ("pages/a.png", "./a.png"),
        ("img/a.png", "../img/a.png"),
        ("assets/a&b.png", "../assets/a&b.png"),
        ("assets/Ünï cødé.PNG", "../assets/Ünï cødé.PNG"),
        ("assets/" + unicodedata.normalize("NFD", "é.png"), "../assets/" + unicodedata.normalize("NFC", "é.png")),
        ("assets/" + unicodedata.normalize("NFC", "é.png"), "../assets/" + unicodedata.normalize("NFD", "é.png")),
        ("assets/" + "n" * 200 + ".png", "../assets/" + "n" * 200 + ".png"),
        ("assets/con.png", "../assets/con.png"),
        ("assets/眼.png", "../assets/眼.png"),
        ("assets/_hidden.png", "../assets/_hidden.png"),
        ("assets/a.svg", "../assets/a.svg"),
    ],
)
def test_anki_finds_the_file_that_a_link_means(graph: Path, judge: Judge, file: str, written: str) -> None:
    put(graph, file)
    face = question(graph, f"see ![alt]({written})")
    (one,) = face.media
    assert Path(one.path) == graph / file
    assert NAME.fullmatch(one.name)
    assert len(one.name.encode()) < 80
    assert f'<img src="{one.name}" alt="alt">' in face.html
    assert judge.collection.media.write_data(one.name, PNG) == one.name
    judge.cards(note_types.BASIC.note_type, {"Front": face.html, "Back": "x", "Forward": "y"})
    assert one.name not in judge.collection.media.check().missing
    assert one.name not in judge.collection.media.check().unused


@given(st.text(), st.binary(max_size=9))
def test_any_name_becomes_one_that_every_system_knows(name: str, content: bytes) -> None:
    made = media_name(name, content)
    assert re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9]+)?", made)
    assert len(made) < 80


def test_two_files_of_one_name_stay_two(graph: Path) -> None:
    put(graph, "img/a.png", b"one")
    put(graph, "img2/a.png", b"two")
    face = question(graph, "![](../img/a.png) ![](../img2/a.png)")
    assert len({one.name for one in face.media}) == 2
    assert face.html == " ".join(f'<img src="{media_name("a.png", content)}" alt="">' for content in (b"one", b"two"))


def test_one_file_under_two_links_is_one(graph: Path) -> None:
    put(graph, "assets/a.png")
    assert len(question(graph, "![](../assets/a.png) ![](../assets/sub/../a.png)").media) == 1


def test_changed_content_is_a_new_name(graph: Path) -> None:
    put(graph, "assets/a.png", b"old")
    old = found(graph, "../assets/a.png").name
    put(graph, "assets/a.png", b"new")
    assert found(graph, "../assets/a.png").name != old


@pytest.mark.parametrize(
    "written",
    [
        "../../.ssh/id_rsa", "../../secret.png", "/etc/passwd", "/secret.png", "file:///etc/passwd", "FILE://x/secret.png",
        "~/.ssh/id_rsa", "C:\\secret.png", "\\\\host\\secret.png", "..\\..\\secret.png", "%2e%2e/%2e%2e/secret.png",
        "../assets/../../secret.png", "../link/secret.png", "../assets/link.png",
    ],
)  # fmt: skip
def test_nothing_outside_the_notes_is_read(graph: Path, written: str) -> None:
    put(graph.parent, "secret.png")
    (graph / "link").symlink_to(graph.parent)
    (graph / "assets/link.png").symlink_to(graph.parent / "secret.png")
    refusal = MediaFinder(graph).find(written, "pages/a.md")
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "outside-media"
    assert refusal.message == f"{written} lies outside the notes and is not packed: copy it into assets/"


def test_a_link_that_stays_within_the_notes_is_followed(graph: Path) -> None:
    put(graph, "img/a.png")
    (graph / "assets/link.png").symlink_to(graph / "img/a.png")
    assert found(graph, "../assets/link.png").name.startswith("link-")


@pytest.mark.parametrize("written", ["../assets/none.png", "../assets", "x" * 5000 + ".png", "../assets/a\x00.png", ""])
def test_a_missing_file_is_a_warning(graph: Path, written: str) -> None:
    refusal = MediaFinder(graph).find(written, "pages/a.md")
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "missing-media"


def test_a_graph_below_the_notes_has_assets_of_its_own(graph: Path) -> None:
    (graph / "sub/assets").mkdir(parents=True)
    put(graph, "sub/assets/a.png")
    put(graph, "assets/a.png", b"another")
    assert found(graph, "../assets/a.png", "sub/pages/deep/a.md").path == str(graph / "sub/assets/a.png")


def test_a_missing_picture_leaves_its_words(graph: Path) -> None:
    face = question(graph, "see ![the eye](../assets/none.png) here")
    assert face.html == 'see <span class="missing">the eye</span> here'
    (problem,) = face.problems
    assert str(problem.position) == "pages/a.md:1:1"
    assert problem.message == "there is no file ../assets/none.png: check the link, or put the file there"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("![](../assets/x.mp3)", "[sound:{name}]"),
        ("![](../assets/x.mp4)", '<video controls src="{name}"></video>'),
        ("![](../assets/x.png){{:height 341, :width 500}}", '<img src="{name}" alt="" height="341" width="500">'),
        ("![](../assets/x.png){{:width 500 :height 341}}", '<img src="{name}" alt="" width="500" height="341">'),
        ('![a](../assets/x.png "T")', '<img src="{name}" alt="a" title="T">'),
        ('![a "b" <c>](../assets/x.png)', '<img src="{name}" alt="a &quot;b&quot; &lt;c&gt;">'),
        ("[[../assets/x.png]]", '<img src="{name}" alt="">'),
        ("[[file:../assets/x.png]]", '<img src="{name}" alt="">'),
        ("![[x.png|120]]", '<img src="{name}" alt="" width="120">'),
        ('<img src="../assets/x.png" width="3">', '<img src="{name}" width="3">'),
        ("[sound](../assets/x.mp3)", "[sound:{name}]"),
    ],
)
def test_each_way_to_show_a_file_works(graph: Path, judge: Judge, written: str, expected: str) -> None:
    (file,) = re.findall(r"x\.\w+", written)
    put(graph, f"assets/{file}")
    face = question(graph, written.replace("{{", "{").replace("}}", "}"))
    assert face.html == expected.format(name=face.media[0].name)
    judge.collection.media.write_data(face.media[0].name, PNG)
    judge.cards(note_types.BASIC.note_type, {"Front": face.html, "Back": "x", "Forward": "y"})
    assert face.media[0].name not in judge.collection.media.check().unused


def test_a_pdf_is_named_and_not_packed(graph: Path) -> None:
    put(graph, "assets/a.pdf")
    assert question(graph, "[the paper](../assets/a.pdf)") == Face(Html("the paper"))


def test_a_remote_picture_stays_remote(graph: Path) -> None:
    face = question(graph, "![a](https://a.example/x.png)")
    assert face == Face(Html('<img src="https://a.example/x.png" alt="a">'))


# The web.


def ask_once(fetched: Fetched) -> Callable[[str, int], Fetched]:
    answers = [fetched]
    return lambda _url, _largest: answers.pop()


def test_a_remote_picture_is_fetched_once(tmp_path: Path) -> None:
    remote = Remote(tmp_path / "cache", media_name, ask_once(Fetched("image/png", PNG)))
    first = remote.find("https://a.example/My%20pic.jpeg?x=1")
    assert first == remote.find("https://a.example/My%20pic.jpeg?x=1")
    assert isinstance(first, MediaFile)
    assert first.name == media_name("my pic.png", PNG)
    assert Path(first.path).read_bytes() == PNG


@pytest.mark.parametrize(
    ("fetched", "why"),
    [
        (Fetched("text/html", b"x"), "is text/html, no picture, sound or film"),
        (Fetched("image/png", b"x" * (LARGEST + 1)), "is larger than 10 MB"),
    ],
)
def test_what_is_no_picture_or_too_large_stays_remote(tmp_path: Path, fetched: Fetched, why: str) -> None:
    remote = Remote(tmp_path, media_name, ask_once(fetched))
    url = "https://a.example/x.png"
    message = f"{url} {why}: it stays on the web, or put a copy into assets/"
    assert remote.find(url) == Refusal("remote-media", message, instead=url)
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_a_picture_stays_remote(graph: Path) -> None:
    def refuse(_url: str, _largest: int) -> Fetched:
        raise OSError("no network")

    remote = Remote(graph / "cache", media_name, refuse)
    links = FixedLinks(find=lambda target, _: remote.find(target))
    face = render.question("![a](https://a.example/x.png)", "a.md", (), links)
    assert face.html == '<img src="https://a.example/x.png" alt="a">'
    assert [one.rule for one in face.problems] == ["remote-media"]
