"""How are notes, plans and problems worded? As text, JSON, GitHub annotations or SARIF; returns strings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from ankigen import notes
from ankigen.data import Guid, Identity, Note, Problem, ProblemFormat, Severity
from ankigen.report.plans import outcome_text, plan_json, plan_text
from ankigen.report.words import count

__all__ = [
    "count",
    "listing",
    "listing_json",
    "lock_is_missing",
    "lock_is_untracked",
    "not_received",
    "outcome_text",
    "plan_json",
    "plan_text",
    "problems",
    "search_for",
    "stamped",
    "summary",
]

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def summary(made: Sequence[Note], problems: Iterable[Problem]) -> str:
    """One line: how much was made, and what was wrong."""
    decks = {note.deck for note in made}
    cards = sum(len(notes.card_ordinals(note.content)) for note in made)
    kinds = Counter(problem.severity for problem in problems)
    faults = ", ".join(count(kinds[severity], severity.value) for severity in Severity if kinds[severity])
    parts = [count(len(made), "note"), count(cards, "card"), count(len(decks), "deck"), faults or "no problems"]
    return ", ".join(parts)


def search_for(guids: Sequence[Guid]) -> str:
    """A search that finds exactly these notes in Anki; for none of them one that finds nothing, as `` finds all."""
    return f'"Guid:re:^({"|".join(guids)})$"' if guids else "nid:0"


def not_received(changed_kind: Sequence[Note], removed: Sequence[Identity], folder: str) -> str:
    """What whoever imports the package over an older one will not get, a line each."""
    lines = [
        f"{(PurePosixPath(folder) / note.position.path).as_posix()}:{note.position.line}: now a {_kind(note)} card: "
        "an import does not change the kind of a note, so readers of an older package keep the old one"
        for note in changed_kind
    ]
    if removed:
        what = f"{count(len(removed), 'note')} removed since the last build"
        lines.append(f"{what}: an import deletes nothing; --removed FILE writes a search that finds them in Anki")
    return "\n".join(lines)


def lock_is_missing(path: str) -> str:
    """Why CI should not go on like this, when there is no lock file."""
    return f"warning: {path} is missing: build once on your machine and commit it, or each build makes its notes anew"


def lock_is_untracked(path: str) -> str:
    """Why CI should not go on like this, when the lock file is not committed."""
    return f"warning: {path} is not tracked by git: commit it, or notes made here can double those made elsewhere"


def stamped(ids: int, files: int) -> str:
    """One line: how many blocks got an `id::`."""
    return (
        f"{count(ids, 'id')} written into {count(files, 'file')}" if ids else "every card has an id: nothing to write"
    )


def problems(found: Iterable[Problem], folder: str, format: ProblemFormat) -> str:
    """The problems, with paths below `folder`, in one of the formats."""
    wordings: dict[ProblemFormat, Callable[[list[Problem], str], str]] = {
        ProblemFormat.TEXT: _plain,
        ProblemFormat.JSON: _json,
        ProblemFormat.GITHUB: _github,
        ProblemFormat.SARIF: _sarif,
    }
    return wordings[format](list(found), folder)


def _path(problem: Problem, folder: str) -> str:
    return (PurePosixPath(folder) / problem.position.path).as_posix()


def _plain(found: list[Problem], folder: str) -> str:
    return "\n".join(
        f"{_path(one, folder)}:{one.position.line}:{one.position.column}: {one.severity}: {one.message} [{one.rule}]"
        for one in found
    )


def _json(found: list[Problem], folder: str) -> str:
    return _dump(
        [
            {
                "path": _path(one, folder),
                "line": one.position.line,
                "column": one.position.column,
                "severity": one.severity.value,
                "rule": one.rule,
                "message": one.message,
            }
            for one in found
        ]
    )


def _github(found: list[Problem], folder: str) -> str:
    return "\n".join(
        f"::{one.severity} file={_path(one, folder).translate(_GITHUB_ESCAPES)},line={one.position.line},"
        f"col={one.position.column},title={one.rule}::{one.message.replace('%', '%25')}"
        for one in found
    )


def _sarif(found: list[Problem], folder: str) -> str:
    rules = sorted({one.rule for one in found})
    driver = {"name": "ankigen", "rules": [{"id": rule} for rule in rules]}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(one, folder) for one in found]}
    return _dump({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_result(one: Problem, folder: str) -> dict[str, Any]:
    region = {"startLine": one.position.line, "startColumn": one.position.column}
    place = {"artifactLocation": {"uri": _path(one, folder)}, "region": region}
    return {
        "ruleId": one.rule,
        "level": one.severity.value,
        "message": {"text": one.message},
        "locations": [{"physicalLocation": place}],
    }


def listing(made: Iterable[Note], source: str) -> str:
    """One line per card block: where it stands, its kind, its deck, its first field; paths relative to `source`."""
    return "\n".join(
        f"{_relative(note, source)}:{note.position.line}\t{_kind(note)}\t{note.deck}\t"
        f"{next(iter(notes.content_fields(note.content).values()))}"
        for note in made
    )


def listing_json(made: Iterable[Note], source: str) -> str:
    """What ankigen sees, as an array of objects."""
    return _dump([_listed(note, source) for note in made])


def _listed(note: Note, source: str) -> dict[str, Any]:
    return {
        "path": _relative(note, source),
        "line": note.position.line,
        "kind": _kind(note),
        "guid": note.identity.guid,
        "deck": note.deck,
        "tags": list(note.tags),
        "suspended": note.suspended,
        "fields": notes.fields_of(note),
        "cards": list(notes.card_ordinals(note.content)),
    }


def _relative(note: Note, source: str) -> str:
    path = PurePosixPath(note.position.path)
    return path.name if path == PurePosixPath(source) else path.relative_to(source).as_posix()


def _kind(note: Note) -> str:
    return type(note.content).__name__.lower()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
