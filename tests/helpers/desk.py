"""A folder of notes, a home of its own, and a running Anki: where a person types commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from typer.testing import CliRunner, Result

from ankigen.cli import app
from tests.helpers import processes
from tests.helpers.anki_server import AnkiServer


class Desk:
    """Runs each command in a process of its own, with `folder/notes` to read and `folder/home` to remember in.

    If it `is_closed`, Anki is closed for each command that is waited for, and its collection's file is the target.
    """

    def __init__(self, folder: Path, server: AnkiServer, *, is_closed: bool = False) -> None:
        self.folder = folder
        self.server = server
        self.is_closed = is_closed
        self.notes = folder / "notes"
        self.home = folder / "home"
        self.homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(self.home))

    def start(self, *arguments: str, answer: str = "", **environment: str) -> processes.Running:
        """Begin a command; who calls waits for its end."""
        return processes.start(
            *arguments, *self._target(arguments), folder=self.folder, answer=answer, **self.homes, **environment
        )

    def run(self, *arguments: str, answer: str = "", **environment: str) -> processes.Done:
        with self._away(), self.start(*arguments, answer=answer, **environment) as running:
            return running.done()

    def invoke(self, *arguments: str, answer: str = "", **environment: str) -> Result:
        """Run a command on the notes in this process, which is quicker."""
        command = [arguments[0], str(self.notes), *arguments[1:], *self._target(arguments)]
        with self._away():
            return CliRunner().invoke(app, command, input=answer, env={**self.homes, **environment})

    def _target(self, arguments: Sequence[str]) -> list[str]:
        if "--url" in arguments or "--to" in arguments:
            return []
        return ["--to", self.server.collection.path] if self.is_closed else ["--url", self.server.url]

    @contextmanager
    def _away(self) -> Iterator[None]:
        if self.is_closed:
            self.server.collection.close()
        try:
            yield
        finally:
            if self.is_closed:
                self.server.collection.reopen()

    def edit(self, field: str, text: str, front: str = "What bends light?") -> None:
        [id] = self.server.collection.find_notes(f'"Front:{front}"')
        note = self.server.collection.get_note(id)
        note[field] = text
        self.server.collection.update_note(note)

    def backs(self) -> list[str]:
        collection = self.server.collection
        return sorted(collection.get_note(id)["Back"] for id in collection.find_notes("Guid:_*"))
