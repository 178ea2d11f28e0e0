"""Pictures that stand in the text become files, so that Anki's Check Media changes no note."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from ankigen import note_types
from ankigen.data import Desired
from ankigen.errors import ExitCode
from ankigen.source import load
from ankigen.source.media import media_name
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.anki_server import running
from tests.helpers.building import NOON, build, write
from tests.helpers.desk import Desk

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ENCODED = base64.b64encode(PNG).decode()
ADDRESS = f"data:image/png;base64,{ENCODED}"


def read(folder: Path, answer: str) -> Desired:
    return load(write(folder / "notes", a=f"- Draw it #card\n\t- {answer}\n"), NOON)


def back(desired: Desired) -> str:
    [note] = desired.notes
    return note_types.fields_of(note)["Back"]


def picture(folder: Path, answer: str) -> tuple[str, bytes]:
    """The name in Anki and the bytes of the only picture."""
    desired = read(folder, answer)
    assert desired.problems == ()
    [file] = desired.media
    assert f'src="{file.name}"' in back(desired)
    assert "data:" not in back(desired)
    return file.name, Path(file.path).read_bytes()


@pytest.mark.parametrize(
    "answer",
    [
        f"![lens]({ADDRESS})",
        f'<img src="{ADDRESS}" width="3">',
        f"<img src='{ADDRESS}'>",
        f"![lens]({ADDRESS}){{:height 3}}",
        f"![lens](<{ADDRESS}>)",
        f"![lens](DATA:Image/PNG;Base64,{ENCODED})",
        f"![lens](data:image/png;charset=utf-8;base64,{ENCODED})",
        f"![lens]({ADDRESS.rstrip('=')})",
        f"![lens](data:image/png;base64,{quote(ENCODED, safe='')})",
        f'<img src="{ADDRESS[:60]} {ADDRESS[60:]}">',
        f"[a ![b]({ADDRESS})](https://example.org)",
        f'[:img {{:src "{ADDRESS}"}}]',
        f"![lens](data:image/png,{''.join(f'%{byte:02x}' for byte in PNG)})",
    ],
)
def test_a_picture_in_the_text_is_packed_as_a_file_however_it_is_written(answer: str, tmp_path: Path) -> None:
    assert picture(tmp_path, answer) == (media_name("picture.png", PNG), PNG)


@pytest.mark.parametrize(
    ("named", "suffix"),
    [
        ("png", "png"),
        ("jpeg", "jpg"),
        ("jpg", "jpg"),
        ("gif", "gif"),
        ("webp", "webp"),
        ("avif", "avif"),
        ("bmp", "bmp"),
    ],
)
def test_the_type_that_it_names_is_its_suffix(named: str, suffix: str, tmp_path: Path) -> None:
    name, _ = picture(tmp_path, f"![](data:image/{named};base64,{ENCODED})")
    assert name == media_name(f"picture.{suffix}", PNG)


def test_a_large_picture_leaves_a_small_field(tmp_path: Path) -> None:
    content = PNG * 12_000
    desired = read(tmp_path, f"![lens](data:image/png;base64,{base64.b64encode(content).decode()})")
    assert max(map(len, note_types.fields_of(desired.notes[0]).values())) < 200
    assert Path(desired.media[0].path).read_bytes() == content


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("data:image/png;base64,@@@@", "is broken: its base64 cannot be read"),
        ("data:image/png;base64,AAAAA", "is broken: its base64 cannot be read"),
        ("data:image/png;base64,AA-_", "is broken: its base64 cannot be read"),
        ("data:image/png;base64,A\u00e9==", "is broken: its base64 cannot be read"),
        ("data:image/png;base64,", "is empty"),
        ("data:image/svg+xml;base64,PHN2Zy8+", "(image/svg+xml) is no picture that Anki can keep"),
        ("data:image/tiff;base64,AAAA", "(image/tiff) is no picture that Anki can keep"),
        ("data:image/heic;base64,AAAA", "(image/heic) is no picture that Anki can keep"),
        ("data:audio/mpeg;base64,AAAA", "(audio/mpeg) is no picture that Anki can keep"),
        ("data:text/html,hello", "(text/html) is no picture that Anki can keep"),
        ("data:,hello", "(data:) is no picture that Anki can keep"),
        ("data:image/png", "(data:) is no picture that Anki can keep"),
    ],
)
@pytest.mark.parametrize("written", ["![lens]({})", '<img src="{}" alt="lens">'])
def test_what_cannot_be_packed_is_told(address: str, said: str, written: str, tmp_path: Path) -> None:
    desired = read(tmp_path, f"Here: {written.format(address)}")
    [problem] = desired.problems
    assert problem.rule == "unsuitable-media"
    assert said in problem.message
    assert problem.message.endswith(": save it as a file in assets/, and link to that")
    assert (desired.media, "data:" in back(desired)) == ((), False)


def test_a_picture_that_cannot_be_packed_and_has_no_words_leaves_none_of_its_bytes_on_the_card(tmp_path: Path) -> None:
    desired = read(tmp_path, "![](data:image/svg+xml;base64,PHN2Zy8+/abc)")
    assert back(desired) == '<span class="missing">data:image/svg+xml;base64</span>'


def test_a_picture_whose_file_was_cleared_away_is_made_again(tmp_path: Path) -> None:
    file = Path(read(tmp_path, f"![lens]({ADDRESS})").media[0].path)
    file.write_bytes(b"half")
    assert Path(read(tmp_path, f"![lens]({ADDRESS})").media[0].path).read_bytes() == PNG
    file.unlink()
    assert Path(read(tmp_path, f"![lens]({ADDRESS})").media[0].path).read_bytes() == PNG


def test_check_media_finds_nothing_to_change_in_what_was_imported(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a=f'- ![small]({ADDRESS}) #card\n\t- <img src="{ADDRESS}">\n')
    build(notes, tmp_path / "deck.apkg")
    (tmp_path / "profile").mkdir()
    with open_collection(tmp_path / "profile") as collection:
        import_package(collection, tmp_path / "deck.apkg")
        before = collection.db.all("select flds, mod from notes")  # type: ignore[union-attr]
        report = collection.media.check()
        assert (list(report.missing), list(report.unused)) == ([], [])
        assert collection.db.all("select flds, mod from notes") == before  # type: ignore[union-attr]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield Desk(tmp_path, server)


def test_a_sync_after_check_media_has_nothing_to_do(desk: Desk) -> None:
    write(desk.notes, a=f"- Draw it #card\n\t- ![lens]({ADDRESS})\n")
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    assert list(desk.server.collection.media.check().unused) == []
    done = desk.invoke("plan", "--exit-code")
    assert done.exit_code == ExitCode.DONE, done.output
