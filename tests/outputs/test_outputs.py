"""An output is one object, chosen by its suffix: one more of them is built by name, and into a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from ankigen import api, outputs
from ankigen.data import Html, MediaFile, Note, NoteType
from ankigen.support.structs import Struct
from tests.helpers.building import write

NOTES = "deck:: Optics\n\n- What bends light? #card\n\t- ![a lens](lens.png)\n- Why? #card\n\t- So\n"


class Lines(Struct, frozen=True):
    """A line for each note: its question and the names of its media."""

    suffix: str = ".lines"

    def content(
        self,
        notes: Sequence[Note],
        media: Iterable[MediaFile],
        own: Sequence[NoteType],
        descriptions: Mapping[str, Html],
    ) -> bytes:
        lines = [f"{note.deck}: {note.identity.question}" for note in notes] + [file.path for file in media]
        return "\n".join(lines).encode()


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(outputs, "OUTPUTS", (*outputs.OUTPUTS, Lines()))
    folder = write(tmp_path / "notes", a=NOTES)
    (folder / "lens.png").write_bytes(b"lens")
    return folder


def test_a_path_of_its_suffix_is_written_by_it_with_the_media_that_its_notes_show(notes: Path, tmp_path: Path) -> None:
    built = api.build(api.load(notes), tmp_path / "all.lines")
    assert built.packages == (tmp_path / "all.lines",)
    lines = (tmp_path / "all.lines").read_text().splitlines()
    assert lines == ["Optics: What bends light?", "Optics: Why?", str(notes / "lens.png")]


def test_a_folder_gets_files_of_the_first_output(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [path.name for path in api.build(api.load(notes), tmp_path / "dist").packages] == ["Optics.apkg"]
    monkeypatch.setattr(outputs, "OUTPUTS", (Lines(),))
    assert [path.name for path in api.build(api.load(notes), tmp_path / "dist").packages] == ["Optics.lines"]


def test_a_path_whose_suffix_is_nobodys_is_a_folder(notes: Path, tmp_path: Path) -> None:
    built = api.build(api.load(notes), tmp_path / "v1.2")
    assert [path.relative_to(tmp_path).as_posix() for path in built.packages] == ["v1.2/Optics.apkg"]
