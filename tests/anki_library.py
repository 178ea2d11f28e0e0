"""Anki's own library as the judge: a real collection in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportLogWithChanges


@contextmanager
def open_collection(folder: Path) -> Iterator[Collection]:
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield collection
    finally:
        collection.close()


def import_package(
    collection: Collection, package: Path, options: ImportAnkiPackageOptions | None = None
) -> ImportLogWithChanges.Log:
    """Import as a person does who opens the file in Anki: all options at their defaults, unless others are given."""
    request = ImportAnkiPackageRequest(package_path=str(package), options=options or ImportAnkiPackageOptions())
    return collection.import_anki_package(request).log
