"""genanki alone, writing notes that are finished: no build of these notes with genanki can take less.

Run `python -m benchmarks.floor NOTES.json OUT.apkg`; `save` writes the notes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def save(notes: Path, path: Path) -> None:
    """Finish the notes of a folder and put what a package needs of them into a file."""
    from ankigen import api  # noqa: PLC0415 - not within the time that is measured
    from ankigen.note_types import packed  # noqa: PLC0415

    found = [packed(note) for note in api.load(notes).notes]
    kinds = {one.note_type.id: one.note_type for one in found}
    content = {
        "kinds": [
            {
                "id": kind.id,
                "name": kind.name,
                "fields": [{"name": name} for name in kind.fields],
                "templates": [{"name": one.name, "qfmt": one.front, "afmt": one.back} for one in kind.templates],
                "css": kind.css,
                "is_cloze": kind.is_cloze,
            }
            for kind in kinds.values()
        ],
        "notes": [[one.note_type.id, one.guid, one.deck, list(one.values), list(one.tags)] for one in found],
    }
    path.write_text(json.dumps(content), "utf-8")


def main() -> None:
    """Write the notes of the first file as a package, the second."""
    import genanki  # noqa: PLC0415

    content = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    kinds = {
        one["id"]: genanki.Model(
            one["id"],
            one["name"],
            fields=one["fields"],
            templates=one["templates"],
            css=one["css"],
            model_type=genanki.Model.CLOZE if one["is_cloze"] else genanki.Model.FRONT_BACK,
        )
        for one in content["kinds"]
    }
    decks: dict[str, genanki.Deck] = {}
    for kind, guid, deck, values, tags in content["notes"]:
        note = genanki.Note(kinds[kind], values, tags=tags, guid=guid)
        decks.setdefault(deck, genanki.Deck(2 + len(decks), deck)).add_note(note)
    genanki.Package(list(decks.values())).write_to_file(sys.argv[2], timestamp=0)


if __name__ == "__main__":
    main()
