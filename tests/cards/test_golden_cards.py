"""What each way to write a card becomes: one file in, the notes and problems out."""

from pathlib import Path

import pytest

from ankigen.data import Note
from ankigen.note_types import content_fields
from ankigen.source import load
from tests.helpers import golden
from tests.helpers.building import NOON


def shown(note: Note) -> str:
    head = [
        f"line {note.position.line}: {note.content.kind.title()}, cards {list(note.content.ordinals)}",
        f"  deck {note.deck}; tags {' '.join(note.tags) or '-'}{'; suspended' if note.suspended else ''}",
    ]
    fields = content_fields(note.content).items()
    return "\n".join([*head, *(f"  {name}: {text}" for name, text in fields if text)])


@pytest.mark.parametrize("path", golden.inputs("cards"), ids=lambda path: path.stem)
def test_a_file_becomes_the_notes_beside_it(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    page = tmp_path / f"My page{path.suffix}"
    page.write_bytes(path.read_bytes())
    desired = load(page, NOON)
    problems = [f"{one.position.line}: {one.severity}: {one.message} [{one.rule}]" for one in desired.problems]
    golden.check(path, "\n\n".join([*map(shown, desired.notes), *problems]) + "\n", request)
