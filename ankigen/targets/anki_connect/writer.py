"""Writes through AnkiConnect and works around its limits: package size, new note types, Anki's browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Protocol

from ankigen.data import Guid, MediaFile, PackedNote, Template
from ankigen.targets.carrier import CARRIER, carrier_of

_BROWSER_SECONDS = 1.5
"""How long the editor in Anki's browser takes to write back its note: measured, with a margin."""

Pack = Callable[[Sequence[PackedNote]], bytes]


class Requests(Protocol):
    """The requests that a writer makes; `AnkiConnect` says what each does."""

    # fmt: off
    def prepare(self) -> Future[frozenset[int]]: ...
    def clear_browser(self) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def largest_package(self) -> int | None: ...
    def import_package(self, content: bytes) -> None: ...
    def note_type_names(self) -> Mapping[int, str]: ...
    def find_notes(self, guid: Guid) -> Sequence[int]: ...
    def update_note_types(self, notes: Mapping[int, PackedNote], names: Mapping[int, str]) -> None: ...
    def send_media(self, media: Iterable[MediaFile]) -> None: ...
    def move(self, cards: Iterable[int], deck: str) -> None: ...
    def suspend(self, cards: Iterable[int]) -> None: ...
    def unsuspend(self, cards: Iterable[int]) -> None: ...
    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None: ...
    def remove_tag(self, notes: Iterable[int], tag: str) -> None: ...
    def delete_notes(self, notes: Iterable[int]) -> None: ...
    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None: ...
    # fmt: on


@contextmanager
def writing(
    requests: Requests, written: AbstractSet[int], imports: Sequence[PackedNote], pack: Pack
) -> Iterator[PackageWriter]:
    """Pack while Anki prepares, and keep its browser from writing back stale notes.

    An editor that shows a note about to be written would undo that; one that shows another note may still
    write that when all is done, and before it is read back.
    """
    preparation = requests.prepare()
    packages = [*_packages(imports, pack, requests.largest_package())] if imports else []
    shown = preparation.result()
    if written & shown:
        requests.clear_browser()
        requests.wait(_BROWSER_SECONDS)
    yield PackageWriter(requests, packages, pack)
    if shown:
        requests.wait(_BROWSER_SECONDS)


class PackageWriter:
    """Imports packages that are already packed; everything else is one request."""

    def __init__(self, requests: Requests, packages: Sequence[bytes], pack: Pack) -> None:
        self._requests = requests
        self._packages = packages
        self._pack = pack
        self.send_media = requests.send_media
        self.move = requests.move
        self.suspend = requests.suspend
        self.unsuspend = requests.unsuspend
        self.add_tags = requests.add_tags
        self.remove_tag = requests.remove_tag
        self.delete_notes = requests.delete_notes
        self.restyle = requests.restyle

    def import_notes(self) -> None:
        """Import the packages one by one."""
        for content in self._packages:
            self._requests.import_package(content)

    def convert_notes(self, notes: Mapping[int, PackedNote]) -> None:
        """Convert notes to other note types, which a carrier adds if needed."""
        names = self._requests.note_type_names()
        missing = {packed.note_type.id: packed for packed in notes.values() if packed.note_type.id not in names}
        if missing:
            self._carry(missing.values())
            names = self._requests.note_type_names()
        self._requests.update_note_types(notes, names)

    def _carry(self, notes: Iterable[PackedNote]) -> None:
        """Add note types, each with a note that is deleted at once; if interrupted, the next sync deletes it.

        A leftover one makes Anki refuse the next: a note with the same GUID and another note type. It has no schedule,
        because its review would stay in Anki's log.
        """
        for packed in notes:
            self._requests.import_package(self._pack([carrier_of(packed)]))
            self._requests.delete_notes(self._requests.find_notes(CARRIER))


def _packages(notes: Sequence[PackedNote], pack: Pack, largest: int | None) -> Iterator[bytes]:
    """The notes in as few packages as possible, of `largest` bytes at most; a single note may be larger."""
    content = pack(notes)
    if largest is None or len(content) <= largest or len(notes) == 1:
        yield content
        return
    middle = len(notes) // 2
    yield from _packages(notes[:middle], pack, largest)
    yield from _packages(notes[middle:], pack, largest)
