"""What Anki cannot show or play on every device is told by its type, is not packed, and leaves its label.

Pictures are shown by web views: Chromium's on computers and in AnkiDroid, WebKit's in AnkiMobile. Sounds and films are
played by them, or by Anki's own player, which is asked by `[sound:]`. What Anki's editor takes (`pics`, `audio`) works.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import note_types
from ankigen.data import Desired
from ankigen.source import load
from ankigen.syntax.words import PACKED
from tests.helpers.building import NOON, write

ANKIS_PICTURES = {"jpg", "jpeg", "png", "gif", "svg", "webp", "ico", "avif"}
ANKIS_SOUNDS_AND_FILMS = {
    *("3gp", "aac", "avi", "flac", "flv", "m4a", "mkv", "mov", "mp3", "mp4"),
    *("mpeg", "mpg", "oga", "ogg", "ogv", "ogx", "opus", "spx", "wav", "webm"),
}
UNSHOWN = "is a picture that Anki does not show ({}){}: save it as JPEG or PNG"
UNPLAYED = "is a sound or film that Anki does not play ({}){}: save it as MP3 or MP4"
HEIC, TIFF = UNSHOWN.replace("{}", "HEIC", 1), UNSHOWN.replace("{}", "TIFF", 1)
PDF = "is a PDF that Anki does not show{}: save the pages that matter as pictures"
OTHER = "is nothing that Anki shows or plays{}: link to a picture, sound or film"


def read(folder: Path, answer: str, **files: bytes) -> Desired:
    notes = write(folder, a=f"- Q #card\n\t- {answer}\n")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return load(notes, NOON)


def back(desired: Desired) -> str:
    [note] = desired.notes
    return note_types.fields_of(note)["Back"]


def worded(said: str, suffix: str, fate: str) -> str:
    return said.format(*([suffix.upper()] if said.count("{}") > 1 else []), fate)


def test_all_that_ankis_editor_takes_is_packed() -> None:
    assert ANKIS_PICTURES | ANKIS_SOUNDS_AND_FILMS <= PACKED


@pytest.mark.parametrize("written", ["![lens](x.{})", "![[x.{}]]", '<img src="x.{}" alt="lens">'])
@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        *((suffix, UNSHOWN) for suffix in ("heic", "HEIC", "heif", "tif", "tiff", "TIFF", "jxl", "jp2")),
        *((suffix, UNPLAYED) for suffix in ("wmv", "amr", "aiff", "mid", "m4b", "caf", "swf")),
        *((suffix, PDF) for suffix in ("pdf", "PDF")),
        *((suffix, OTHER) for suffix in ("psd", "docx", "djvu", "html", "unknown")),
    ],
)
def test_a_file_that_anki_does_not_show_or_play_is_told_by_its_type(
    suffix: str, said: str, written: str, tmp_path: Path
) -> None:
    desired = read(tmp_path, f"Here: {written.format(suffix)}", **{f"x__{suffix}": b"content"})
    if written.startswith("![[") and not desired.problems:
        return  # an embedded page, no file
    [problem] = desired.problems
    assert (problem.rule, problem.message) == (
        "unsuitable-media",
        f"x.{suffix} {worded(said, suffix, ' and is not packed')}",
    )
    assert desired.media == ()
    assert "lens" in back(desired) or written.startswith("![[")


@pytest.mark.parametrize("suffix", ["3gp", "avi", "flv", "mpg", "3GP"])
def test_a_film_that_no_web_view_plays_is_played_by_ankis_player(suffix: str, tmp_path: Path) -> None:
    desired = read(tmp_path, f"![film](x.{suffix})", **{f"x__{suffix}": b"content"})
    [file] = desired.media
    assert (back(desired), desired.problems) == (f"[sound:{file.name}]", ())


@pytest.mark.parametrize("suffix", ["mp4", "webm", "mov", "mkv", "ogv", "m4v"])
def test_other_films_are_shown_on_the_card(suffix: str, tmp_path: Path) -> None:
    desired = read(tmp_path, f"![film](x.{suffix})", **{f"x__{suffix}": b"content"})
    assert back(desired).startswith("<video controls src=")


@pytest.mark.parametrize(
    ("suffix", "said"),
    [("heic", UNSHOWN), ("TIFF", UNSHOWN), ("pdf", PDF), ("wmv", UNPLAYED), ("docx", OTHER), ("pdf?page=2", PDF)],
)
def test_the_same_on_the_web_is_told_and_linked_to(suffix: str, said: str, tmp_path: Path) -> None:
    desired = read(tmp_path, f"![lens](https://example.com/x.{suffix})")
    [problem] = desired.problems
    named = suffix.partition("?")[0]
    assert (problem.rule, problem.message) == ("unsuitable-media", f"x.{suffix} {worded(said, named, '')}")
    assert back(desired) == f'<a href="https://example.com/x.{suffix}">lens</a>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", HEIC),
        (b"II*\0rest", TIFF),
        (b"MM\0*rest", TIFF),
        (b"%PDF-1.7 rest", PDF),
        (b"\n<!DOCTYPE HTML><title>404", "is a page of the web that was saved as a picture{}: save the picture itself"),
    ],
)
@pytest.mark.parametrize("suffix", ["jpg", "PNG", "webp"])
def test_a_file_that_only_its_name_makes_a_picture_is_told(
    content: bytes, said: str, suffix: str, tmp_path: Path
) -> None:
    desired = read(tmp_path, f"Here: ![lens](x.{suffix})", **{f"x__{suffix}": content})
    assert [problem.message for problem in desired.problems] == [f"x.{suffix} {said.format(' and is not packed')}"]
    assert desired.media == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x__avif", b"\0\0\0\x18ftypavif\0\0\0\0mif1"),
        ("x__avif", b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif"),
        ("x__png", b"II"),
        ("x__svg", b"<!DOCTYPE html><svg/>"),
        ("x__mp3", b"%PDF-"),
        ("x__png", b"no picture at all"),
    ],
)
def test_what_is_shown_or_not_known_is_packed(name: str, content: bytes, tmp_path: Path) -> None:
    desired = read(tmp_path, f"![lens]({name.replace('__', '.')})", **{name: content})
    assert (len(desired.media), desired.problems) == (1, ())
