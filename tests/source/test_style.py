"""The user's own CSS brings its fonts and pictures along, under names that Anki keeps."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ankigen import api, note_types
from ankigen.config import Config
from ankigen.data import Desired
from ankigen.errors import ExitCode
from ankigen.source import load
from ankigen.source.style import TOKEN
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.anki_server import running
from tests.helpers.building import NOON, build, write
from tests.helpers.desk import Desk
from tests.helpers.growth import LINEAR, get_through, growth_of_text
from tests.helpers.processes import run

CARD = "- What bends light? #card\n\t- A lens\n"
FONT = "_lens-795ea3efa43d0872.woff2"
"""The name of `lens.woff2` with the content `font`."""


def lay(folder: Path, css: str, name: str = "cards.css") -> Path:
    write(folder, a=CARD)
    (folder / "ankigen.toml").write_text(f'css = "{name}"\n')
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(css, "utf-8")
    for path, content in (
        ("lens.woff2", b"font"), ("fonts/lens.woff2", b"font"), ("assets/lens.png", b"picture"), ("a b.png", b"blank"),
        (".private/lens.png", b"secret"), (".env", b"secret"), ("key.json", b"secret"), ("é.png", b"accent"),
        ("x).png", b"brace"), ("lens.heic", b"heic"),
    ):  # fmt: skip
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    (folder.parent / "outside.png").write_bytes(b"outside")
    return folder


def read(folder: Path, css: str) -> Desired:
    return load(lay(folder / "notes", css), NOON)


def tokens(css: str) -> None:
    TOKEN.sub("", css)


@pytest.mark.parametrize(
    ("css", "expected", "name"),
    [
        ("src: url(lens.woff2)", 'src: url("{}")', "lens.woff2"),
        ("src: URL( 'lens.woff2' ) format('woff2')", "src: URL( \"{}\" ) format('woff2')", "lens.woff2"),
        ('src: url("./fonts/../fonts/lens.woff2")', 'src: url("{}")', "lens.woff2"),
        ("src: local('lens'), url(lens.woff2?#iefix)", "src: local('lens'), url(\"{}#iefix\")", "lens.woff2"),
        ("src: url(lens.woff2?v=1.2)", 'src: url("{}")', "lens.woff2"),
        ("b: url(a\\ b.png)", 'b: url("{}")', "a b.png"),
        ("b: url(a%20b.png)", 'b: url("{}")', "a b.png"),
        ("b: url('a\\000020b.png')", "b: url(\"{}\")", "a b.png"),
        ("b: url('a b.png')", "b: url(\"{}\")", "a b.png"),
        ("b: url(é.png)", 'b: url("{}")', "é.png"),
        ("b: url(\\e9 .png)", 'b: url("{}")', "é.png"),
        ("b: url(x\\).png)", 'b: url("{}")', "x).png"),
        ("b: image-set('assets/lens.png' 1x)", 'b: image-set("{}" 1x)', "lens.png"),
        ("b: image-set(url(assets/lens.png) 2dppx)", 'b: image-set(url("{}") 2dppx)', "lens.png"),
        ("/* it's */ b: url(lens.woff2)", "/* it's */ b: url(\"{}\")", "lens.woff2"),
        ("content: \"/*\"; b: url(lens.woff2) /**/", "content: \"/*\"; b: url(\"{}\") /**/", "lens.woff2"),
    ],
)  # fmt: skip
def test_a_file_that_the_css_shows_is_packed_and_the_css_leads_to_it(
    css: str, expected: str, name: str, tmp_path: Path
) -> None:
    desired = read(tmp_path, f".card {{ {css} }}\n")
    assert desired.problems == ()
    [file] = desired.media
    stem, _, suffix = name.rpartition(".")
    assert file.name.startswith(f"_{stem[0] if stem.isascii() else 'e'}")
    assert file.name.endswith(f".{suffix}")
    assert desired.css == f".card {{ {expected.format(file.name)} }}\n"
    assert Path(file.path).name == name


@pytest.mark.parametrize(
    "css",
    [
        "/* url(lens.woff2) */",
        "a { content: 'url(lens.woff2)' }",
        'a { content: "it\\"s url(lens.woff2)" }',
        "a { fill: url(#lens) }",
        "a { src: url(data:font/woff2;base64,AAAA) }",
        "@namespace svg url(http://www.w3.org/2000/svg); a { color: red }",
        "a { src: my-url(lens.woff2) }",
        "a { src: url() }",
        "/* not closed url(lens.woff2)",
    ],
)
def test_what_is_no_address_of_a_file_stays(css: str, tmp_path: Path) -> None:
    desired = read(tmp_path, css)
    assert (desired.css, desired.media, desired.problems) == (css, (), ())


@pytest.mark.parametrize(
    ("css", "rule", "named"),
    [
        ("b: url(none.png)", "missing-media", "none.png"),
        ("b: url(../outside.png)", "outside-media", "../outside.png"),
        ("b: url(/etc/passwd)", "outside-media", "/etc/passwd"),
        ("b: url(file:///etc/passwd)", "outside-media", "file:///etc/passwd"),
        ("b: url(.private/lens.png)", "hidden-media", ".private/lens.png"),
        ("b: url(.env)", "hidden-media", ".env"),
        ("b: url(key.json)", "unsuitable-media", "key.json"),
        ("b: url(lens.heic)", "unsuitable-media", "lens.heic"),
        ("b: url(https://example.com/lens.png)", "style-address", "https://example.com/lens.png"),
        ("b: url('//example.com/lens.png')", "style-address", "//example.com/lens.png"),
        ("b: url(HTTP://example.com/lens.png)", "style-address", "HTTP://example.com/lens.png"),
        ("b: image-set('https://example.com/a.png' 1x)", "style-address", "https://example.com/a.png"),
        ("@import 'other.css'", "style-address", "@import"),
        ("@import url(https://fonts.example.com/css?family=A;B)", "style-address", "@import"),
        ("@IMPORT url('other.css') screen", "style-address", "@import"),
    ],
)
def test_what_is_not_packed_is_told_at_its_place_and_stays(css: str, rule: str, named: str, tmp_path: Path) -> None:
    desired = read(tmp_path, f".card {{\n  color: red; {css};\n}}\n")
    [problem] = desired.problems
    assert (problem.rule, problem.position.path, problem.position.line) == (rule, "cards.css", 2)
    assert problem.position.column > 10
    assert named in problem.message
    assert problem.end is not None
    assert desired.media == ()
    assert desired.css == f".card {{\n  color: red; {css};\n}}\n"


def test_two_files_of_one_name_and_content_are_packed_once(tmp_path: Path) -> None:
    desired = read(tmp_path, "a { b: url(lens.woff2) } c { d: url(fonts/lens.woff2), url(lens.woff2) }")
    assert {file.name for file in desired.media} == {FONT}


def test_addresses_are_read_from_the_folder_of_the_css(tmp_path: Path) -> None:
    desired = load(lay(tmp_path / "notes", "a { b: url(../fonts/lens.woff2) }", "looks/cards.css"), NOON)
    assert ([file.name for file in desired.media], desired.problems) == ([FONT], ())


def test_the_css_of_a_config_above_the_notes_is_told_where_it_is(tmp_path: Path) -> None:
    lay(tmp_path / "course", "a { b: url(fonts/lens.woff2), url(none.png) }")
    notes = write(tmp_path / "course/notes", b=CARD)
    desired = load(notes, NOON)
    assert [file.name for file in desired.media] == [FONT]
    done = run("check", "course/notes", folder=tmp_path)
    assert done.stdout.startswith("course/cards.css:1:31: warning: there is no file none.png")


def test_css_that_python_code_names_packs_from_its_own_folder(tmp_path: Path) -> None:
    notes = lay(tmp_path / "notes", "")
    (tmp_path / "mine.css").write_text("a { b: url(outside.png), url(notes/lens.woff2) }")
    desired = load(notes, NOON, Config(css=tmp_path / "mine.css"))
    assert (len(desired.media), desired.problems) == (2, ())


def test_a_rule_about_css_is_switched_off_like_any_other(tmp_path: Path) -> None:
    notes = lay(tmp_path / "notes", "a { b: url(none.png) }")
    (notes / "ankigen.toml").write_text('css = "cards.css"\n[rules]\nmissing-media = "off"\n')
    assert load(notes, NOON).problems == ()


def test_a_fault_of_the_css_is_told_for_each_part_of_the_notes(tmp_path: Path) -> None:
    notes = lay(tmp_path / "notes", "a { b: url(none.png) }")
    assert [problem.rule for problem in load(notes / "a.md", NOON).problems] == ["missing-media"]


@pytest.mark.parametrize(
    "piece", ["url( ", "/*", "/* *", "@import '", "'\\\\", "url(\\\\", "url(x) ", "@import ", "\\e9 ", '"" 1']
)
def test_what_is_done_for_css_grows_with_its_size(piece: str) -> None:
    assert growth_of_text(lambda size: piece * size, tokens) < LINEAR
    get_through(lambda size: piece * size, tokens)


def test_css_without_files_is_as_it_was(tmp_path: Path) -> None:
    css = ".card { color: red }\n\n/* ü */ a::before { content: '\\201C' }\n"
    assert read(tmp_path, css).css == css


def test_every_package_of_the_notes_holds_what_the_css_shows(tmp_path: Path) -> None:
    notes = lay(tmp_path / "notes", "a { b: url(lens.woff2) }")
    write(notes, b="deck:: Other\n\n" + CARD.replace("What", "Who"))
    for path in api.build(load(notes, NOON), tmp_path / "dist").packages:
        with zipfile.ZipFile(path) as package:
            assert FONT in package.read("media").decode()


def test_anki_takes_the_file_keeps_it_and_finds_it_in_the_css(tmp_path: Path) -> None:
    notes = lay(tmp_path / "notes", "@font-face { font-family: L; src: url(lens.woff2) }")
    build(notes, tmp_path / "deck.apkg")
    (tmp_path / "profile").mkdir()
    with open_collection(tmp_path / "profile") as collection:
        import_package(collection, tmp_path / "deck.apkg")
        folder = Path(collection.media.dir())
        assert (folder / FONT).read_bytes() == b"font"
        report = collection.media.check()
        assert (list(report.unused), list(report.missing)) == ([], [])
        (notes / "lens.woff2").write_bytes(b"another")
        later = build(notes, tmp_path / "deck.apkg", NOON + 10**11)  # years later, and so after the first import
        import_package(collection, tmp_path / "deck.apkg")
        [file] = later.media
        assert (folder / file.name).read_bytes() == b"another"
        assert any(file.name in note_type["css"] for note_type in collection.models.all())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield Desk(tmp_path, server)


def test_a_sync_brings_them_too_and_then_has_nothing_to_do(desk: Desk) -> None:
    lay(desk.notes, "a { b: url(lens.woff2) }")
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    folder = Path(desk.server.collection.media.dir())
    assert (folder / FONT).read_bytes() == b"font"
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    (desk.notes / "lens.woff2").write_bytes(b"another")
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    assert len([path for path in folder.iterdir() if path.name.startswith("_lens")]) == 2
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE


def test_the_stamp_of_the_css_is_that_of_what_anki_gets(tmp_path: Path) -> None:
    desired = read(tmp_path, "a { b: url(lens.woff2) }")
    assert all(note_types.is_own(own.css) and FONT in own.css for own in api.notes.own_note_types(desired))
