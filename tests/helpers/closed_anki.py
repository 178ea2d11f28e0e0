"""A collection in a file, whose Anki a person closes whenever ankigen wants it, and opens again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anki.collection import Collection

from ankigen.targets.collection import CollectionFile


class ClosedAnki(CollectionFile):
    """The target of a test that looks at the collection with Anki's own library, too."""

    def __init__(self, collection: Collection, folder: Path) -> None:
        super().__init__(Path(collection.path), folder)
        self.collection = collection

    @contextmanager
    def opened(self) -> Iterator[Collection]:
        self.collection.close()
        try:
            with super().opened() as collection:
                yield collection
        finally:
            self.collection.reopen()
