"""What the text of one page becomes: its notes and problems, in a plain folder or in a Logseq graph."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ankigen.config import Config
from ankigen.data import Desired, Note
from ankigen.note_types import content_fields
from ankigen.source import load
from ankigen.support.structs import replace
from tests.helpers.building import NOON, named, write


def desired_of(text: str, *, is_graph: bool = True, others: dict[str, str] | None = None, **options: object) -> Desired:
    """All that is made of a page `Page`, beside the `others`, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "notes"
        if is_graph:
            (folder / "logseq").mkdir(parents=True)
            (folder / "logseq/config.edn").write_text("{}")
        pages = folder / "pages" if is_graph else folder
        write(pages, Page=text, **(others or {}))
        return load(named(folder), NOON, replace(Config(), **options))


def fields_of(note: Note) -> dict[str, str]:
    return {name: str(text) for name, text in content_fields(note.content).items()}


def sides(text: str, *, is_graph: bool = True, others: dict[str, str] | None = None, **options: object) -> list[str]:
    """Each note as `question = answer`, or as the text of a cloze note."""
    notes = desired_of(text, is_graph=is_graph, others=others, **options).notes
    return [
        fields["Text"] if "Text" in fields else f"{fields['Front']} = {fields['Back']}"
        for fields in map(fields_of, notes)
    ]


def complaints(
    text: str, *, is_graph: bool = True, others: dict[str, str] | None = None, **options: object
) -> list[str]:
    """Each problem as `line:column rule`, or `line rule` where the whole line is meant."""
    problems = desired_of(text, is_graph=is_graph, others=others, **options).problems
    return [
        f"{problem.position.line}:{problem.position.column} {problem.rule}"
        if problem.end
        else f"{problem.position.line} {problem.rule}"
        for problem in problems
    ]
