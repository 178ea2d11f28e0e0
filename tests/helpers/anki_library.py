"""Anki's own library as the judge: a real collection in a folder of its own."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import anki.utils
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


def import_as_ankiconnect(collection: Collection, package: Path) -> None:
    """Import as AnkiConnect does: by Anki's old importer, or in newer releases by what has taken its place."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # both say that they are out of date
        from anki.importing import AnkiPackageImporter  # type: ignore[attr-defined]

        AnkiPackageImporter(collection, str(package)).run()


def export_as_ankiconnect(collection: Collection, deck: int, package: Path, *, with_scheduling: bool) -> None:
    """Export a deck and those below it as AnkiConnect does, in the format that all versions read."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # it says that it is out of date
        from anki.exporting import AnkiPackageExporter  # type: ignore[attr-defined]

        exporter = AnkiPackageExporter(collection)
        exporter.did = deck
        exporter.includeSched = with_scheduling
        # older releases write a file of one name into a folder that all programs on the machine would share
        with patch.object(anki.utils, "_tmpdir", str(Path(collection.path).parent / "exporting")):
            exporter.exportInto(str(package))
