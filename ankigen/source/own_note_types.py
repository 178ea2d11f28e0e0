"""The user's own note types: folders in `note_types` at the root of the notes.

Each has `note_type.toml`, a front and a back for each card, and perhaps `style.css`. They may come with the notes of a
stranger, so only plain files with these names in that folder are read, up to a size, and no link leads out of it.
Anki's importer checks nothing of a note type, so everything that would break there is reported here.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from ankigen import config, note_types, templates
from ankigen.data import (
    FieldOptions,
    Guid,
    KindName,
    KnownNoteType,
    Lock,
    MediaFile,
    NoteType,
    OwnNoteType,
    Position,
    Problem,
    Severity,
    SourceId,
    Template,
)
from ankigen.errors import BrokenConfig, CannotRead
from ankigen.identity import Recognised
from ankigen.note_types import OWN_FIELDS, SHARED_FIELDS, own_kind_name
from ankigen.source.style import packed_css
from ankigen.support import files
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import is_text, property_key, reference_key
from ankigen.support.structs import Meta, Struct, field, replace

FOLDER = "note_types"
DEFINITION = "note_type.toml"
STYLE = "style.css"
_LARGEST = 1 << 20
"""In bytes: more than any template or style that a person writes."""
_MOST = 200
"""The maximum number of note types, and of fields or cards of one."""
_LONGEST_NAME = 100
_LARGEST_ID = 8_589_934_591_000
"""The maximum in a lock file: Anki uses the time in milliseconds as id."""
_FIRST_ID, _IDS = 1_300_000_000_000, 300_000_000_000
_DIGEST = 16
_BAD_IN_FIELDS = re.compile(r'[:{}"]|^[#^/]|^\s|\s$|[\x00-\x1f\x7f]')
_BAD_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]|^[.\s]|[.\s]$')
_CARD_NUMBER = re.compile(r"c[0-9]+")
_LIVE = re.compile(r"<\s*(?:script|iframe|object|embed)\b|\son\w+\s*=|javascript:", re.IGNORECASE)
_CLOZE_FILTER = "cloze"


class FieldFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The table of a field in the file: how Anki's editor shows it."""

    rtl: Annotated[bool, Meta(description="written from right to left")] = False
    font: Annotated[str, Meta(description="the font in Anki's editor")] = ""
    size: Annotated[int, Meta(description="its size there", ge=0)] = 0
    description: Annotated[str, Meta(description="what the editor shows while the field is empty")] = ""


class NoteTypeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `note_type.toml`."""

    fields: Annotated[tuple[str, ...], Meta(description="the names of the fields")]
    cards: Annotated[tuple[str, ...], Meta(description="the names of the cards")]
    tags: Annotated[tuple[str, ...], Meta(description="tags that make a block a card of this type")] = ()
    rest: Annotated[str, Meta(description="the field for what names no field")] = ""
    cloze: Annotated[bool, Meta(description="a note type of clozes")] = False
    id: Annotated[int, Meta(description="the note type's id in Anki", ge=0)] = 0
    ankigen_css: Annotated[bool, Meta(description="style.css stands behind ankigen's own style")] = True
    field: Annotated[Mapping[str, FieldFile], Meta(description="how Anki's editor shows the fields")] = field(
        default_factory=dict
    )


def fault_of_file_name(name: str) -> str:
    """Why a card or note type cannot have this name, which is also a file name; empty if it can."""
    if not name or len(name) > _LONGEST_NAME:
        return f"must have 1 to {_LONGEST_NAME} characters"
    return "cannot be the name of a file" if _BAD_IN_FILES.search(name) or files.is_hidden(name) else ""


class OwnNoteTypes(Struct, frozen=True):
    """The note types, including faulty ones, their media, and their problems."""

    types: tuple[OwnNoteType, ...] = ()
    media: tuple[MediaFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    def named(self, kind: str) -> OwnNoteType | None:
        """The note type with that kind."""
        return next((made for made in self.types if made.kind == kind), None)


class NoteTypeFiles:
    """The note types from their files, before they are compared with the last build."""

    def __init__(self, root: Path) -> None:
        """Read the files of the notes at `root`; raises nothing."""
        folders, self.problems = _folders(root)
        self._readings = [_Reading(root, folder) for folder in folders]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that make a block a card of one of them, normalised for comparing."""
        return tuple(tag for reading in self._readings for tag in reading.tags)

    def settled(self, known: Lock, now: int) -> OwnNoteTypes:
        """The note types with their ids and their order of fields in Anki, from the lock.

        `now`, in milliseconds, dates what is new or changed.
        """
        records = {own_kind_name(record.name): record for record in known.note_types}
        made = [reading.settled(records.get(own_kind_name(reading.name)), known, now) for reading in self._readings]
        problems = [*self.problems, *(problem for reading in self._readings for problem in reading.problems)]
        media = tuple(dict.fromkeys(file for reading in self._readings for file in reading.media))
        doubled = list(_doubled(made))
        faulty = {problem.position.path for problem in doubled}
        made = [
            replace(own, fault=own.fault or (path if (path := _definition_of(own.name)) in faulty else ""))
            for own in made
        ]
        return OwnNoteTypes(tuple(made), media, (*problems, *doubled))


def _name(folder: str) -> str:
    return unicodedata.normalize("NFC", folder)


def _folders(root: Path) -> tuple[list[str], list[Problem]]:
    """The names of the folders with a note type."""
    above = root / FOLDER
    if not os.path.lexists(above):
        return [], []
    try:
        files.require_inside(above, root)
        names = sorted(entry.name for entry in os.scandir(above) if _holds_note_type(entry))
        for name in names:
            if not is_text(name):
                return [], [_file_fault(FOLDER, "the name of a folder is not UTF-8: rename it")]
            files.require_inside(above / name, root)
    except OSError as failure:
        return [], [_file_fault(FOLDER, failure.strerror or str(failure))]
    if len(names) > _MOST:
        return names[:_MOST], [
            _file_fault(FOLDER, f"more than {_MOST} note types: part the notes into several folders")
        ]
    return names, []


def _holds_note_type(entry: os.DirEntry[str]) -> bool:
    if files.is_hidden(entry.name) or not entry.is_dir():
        return False
    return any(name == DEFINITION or name.endswith(".front.html") for name in os.listdir(entry.path))  # noqa: PTH208


def _file_fault(path: str, message: str, line: int = 1) -> Problem:
    return Problem(Position(path, line), Severity.ERROR, "note-type-file", message)


def _definition_of(name: str) -> str:
    return f"{FOLDER}/{name}/{DEFINITION}"


def _doubled(made: Sequence[OwnNoteType]) -> Iterator[Problem]:
    """Problems for two note types that are the same for Anki, or that claim the same blocks."""
    seen: dict[object, str] = {note_type.id: note_type.name for note_type in note_types.note_types()}
    seen |= {note_type.name.casefold(): note_type.name for note_type in note_types.note_types()}
    for own in made:
        path = _definition_of(own.name)
        for key, what in ((own.note_type.id, "id"), (own.name.casefold(), "name")):
            if key in seen:
                message = f"{seen[key]} has this {what} already: choose another one"
                yield Problem(Position(path), Severity.ERROR, "note-type-name", message)
            seen[key] = own.name
        for tag in own.tags:
            if ("tag", tag) in seen:
                message = f"#{tag} is a tag of {seen['tag', tag]} already: take it away in one of them"
                yield Problem(Position(path), Severity.ERROR, "note-type-name", message)
            seen["tag", tag] = own.name


class _Reading:
    """One note type being read: its problems and media are collected."""

    def __init__(self, root: Path, folder: str) -> None:
        self.folder = root / FOLDER / folder
        self.name = _name(folder)
        self.record: KnownNoteType | None = None
        self.lock = Lock(SourceId(""), {})
        self.now = 0
        self.problems: list[Problem] = []
        self.media: list[MediaFile] = []
        self.definition = self._definition()
        tags = self.definition.tags if self.definition else ()
        self.tags = tuple(dict.fromkeys(filter(None, map(reference_key, tags))))

    def settled(self, record: KnownNoteType | None, lock: Lock, now: int) -> OwnNoteType:
        """The note type; if it has an error, one that makes no notes."""
        self.record, self.lock, self.now = record, lock, now
        definition = self.definition
        if definition is None or not self._has_good_names(definition):
            return self._broken(definition.fields if definition else ())
        texts = [(card, self._text(f"{card}.front.html"), self._text(f"{card}.back.html")) for card in definition.cards]
        css = self._css(definition)
        fields = self._fields_in_anki(definition)
        self._check_templates(definition, texts, fields)
        made = self._made(definition, fields, texts, css)
        return replace(made, fault=self._fault())

    def _broken(self, fields: tuple[str, ...]) -> OwnNoteType:
        fields = tuple(dict.fromkeys(fields)) or ("?",)
        note_type = NoteType(self._id(0), self.name, (*fields, *SHARED_FIELDS, *OWN_FIELDS), (), "", False, 0)
        kind = own_kind_name(self.name)
        return OwnNoteType(note_type, kind, fields, fields[0], self.tags, (), self._fault() or FOLDER)

    def _fault(self) -> str:
        """The position of the first error."""
        errors = (problem for problem in self.problems if problem.severity is Severity.ERROR)
        return next((f"{problem.position.path}:{problem.position.line}" for problem in errors), "")

    # Reading files.

    def _path(self, name: str) -> str:
        return f"{FOLDER}/{self.name}/{name}"

    def _text(self, name: str, *, is_needed: bool = True) -> str:
        """The text of a file in the folder; empty, with a problem, if it cannot be read."""
        path = self.folder / name
        if not is_needed and not os.path.lexists(path):
            return ""
        try:
            files.require_inside(path, self.folder)
            if path.stat().st_size > _LARGEST:
                self._error("note-type-file", name, "larger than 1 MB: no template or style is")
                return ""
            return files.read_text(path, self.folder, encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._error("note-type-file", name, "not UTF-8: save the file as UTF-8")
        except FileNotFoundError:
            self._error("note-type-file", name, "there is no such file: write it, or take what names it away")
        except CannotRead as failure:
            self._error("note-type-file", name, f"cannot be read: {_reason(failure.__cause__)}")
        except OSError as failure:
            self._error("note-type-file", name, f"cannot be read: {_reason(failure)}")
        return ""

    def _error(self, rule: str, name: str, message: str, line: int = 1) -> None:
        self.problems.append(Problem(Position(self._path(name), line), Severity.ERROR, rule, message))

    def _definition(self) -> NoteTypeFile | None:
        text = self._text(DEFINITION)
        if not text:
            if not self.problems:
                self._error("note-type-file", DEFINITION, "the file is empty: name the fields and the cards")
            return None
        path = Path(self._path(DEFINITION))
        try:
            return config.from_table(NoteTypeFile, config.toml_table(text, path), path)
        except BrokenConfig as failure:
            message = str(failure).removeprefix(f"{path}: ")
            found = re.search(r"\(at line (\d+)", message)
            self._error("note-type-file", DEFINITION, f"fix the file: {message}", int(found[1]) if found else 1)
            return None

    def _css(self, definition: NoteTypeFile) -> str:
        text = self._text(STYLE, is_needed=False)
        if text:
            style = packed_css(self.folder / STYLE, text, self.folder, self._path(STYLE))
            self.problems += style.problems
            self.media += style.media
            text = style.css
        return f"{note_types.base_css()}\n{text}" if definition.ankigen_css else text

    # Names.

    def _has_good_names(self, definition: NoteTypeFile) -> bool:
        before = len(self.problems)
        if (
            '"' in self.name
            or len(self.name) > _LONGEST_NAME
            or not self.name.strip()
            or self.name != self.name.strip()
        ):
            advice = (
                f'Anki would change it: leave `"` and blanks at the ends out, and use {_LONGEST_NAME} signs at most'
            )
            self._error("note-type-name", DEFINITION, f"{self.name} is no name of a note type: {advice}")
        if definition.id > _LARGEST_ID:
            self._error("note-type-file", DEFINITION, f"`id` is no id of Anki's: one is {_LARGEST_ID} at most")
        self._check_cards(definition.cards)
        self._check_fields(definition)
        return len(self.problems) == before

    def _check_cards(self, cards: Sequence[str]) -> None:
        if not cards or len(cards) > _MOST:
            self._error("note-type-file", DEFINITION, f"`cards` must name 1 to {_MOST} cards")
        for card in cards:
            if fault_of_file_name(card):
                self._error("note-type-name", DEFINITION, f"{card} is no name of a card: it must do for a file's name")
        for card in _twice(cards):
            self._error("note-type-name", DEFINITION, f"{card} is the name of two cards: Anki would change one of them")

    def _check_fields(self, definition: NoteTypeFile) -> None:
        fields = definition.fields
        if not fields or len(fields) > _MOST:
            self._error("note-type-file", DEFINITION, f"`fields` must name 1 to {_MOST} fields")
        for name in fields:
            if not name or _BAD_IN_FIELDS.search(name) or len(name) > _LONGEST_NAME or _name(name) != name:
                advice = 'leave `: { } "`, a `#`, `^` or `/` in front and blanks at the ends out'
                self._error("field-name", DEFINITION, f"{name or 'nothing'} is no name of a field: {advice}")
            elif name in templates.SPECIAL or name in (*SHARED_FIELDS, *OWN_FIELDS) or _CARD_NUMBER.fullmatch(name):
                whose = "ankigen" if name in (*SHARED_FIELDS, *OWN_FIELDS) else "Anki"
                self._error("field-name", DEFINITION, f"{name} is what {whose} fills itself: choose another name")
        for name in _twice(fields):
            self._error("field-name", DEFINITION, f"{name} is the name of two fields, as notes name them: rename one")
        known = set(fields)
        for name in definition.field:
            if name not in known:
                self._error("field-name", DEFINITION, f"[field.{name}] belongs to no field: name it in `fields`")
        if definition.rest and definition.rest not in known:
            self._error("field-name", DEFINITION, f"`rest` names {definition.rest}, which is no field")

    # What Anki needs.

    def _id(self, wanted: int) -> int:
        if self.record is not None and wanted in (0, self.record.id):
            return self.record.id
        derived = int(digest("note type", self.lock.source_id, self.name, length=12), 16)
        return wanted or _FIRST_ID + derived % _IDS

    def _fields_in_anki(self, definition: NoteTypeFile) -> tuple[str, ...]:
        """The fields in Anki's order: those added since the first build come after ankigen's own."""
        if self.record is None:
            return (*definition.fields, *SHARED_FIELDS, *OWN_FIELDS)
        known = tuple([name for name in self.record.fields if name not in (*SHARED_FIELDS, *OWN_FIELDS)])
        self._require_same(known, definition.fields, "field")
        self._require_same(self.record.cards, definition.cards, "card")
        if definition.cloze != self.record.is_cloze:
            self._error(
                "note-type-schema", DEFINITION, "`cloze` was changed after a build: put it back, or make a new type"
            )
        if definition.id not in (0, self.record.id):
            self._error("note-type-schema", DEFINITION, f"the id was {self.record.id} at the last build: put it back")
        return (*self.record.fields, *(name for name in definition.fields if name not in known))

    def _require_same(self, known: Sequence[str], now: Sequence[str], what: str) -> None:
        """Report removed, renamed or moved fields and cards, for which Anki would make a second note type."""
        if tuple(now[: len(known)]) == tuple(known):
            return
        gone = [name for name in known if name not in now]
        if gone:
            message = f"the {what} {gone[0]} was there at the last build and is gone"
            advice = f"put it back; a new name is a new {what}, at the end of the list"
        else:
            message = f"the {what}s are in another order than at the last build"
            advice = f"begin with {', '.join(known)}, and add new ones at the end"
        self._error("note-type-schema", DEFINITION, f"{message}: {advice}")

    def _check_templates(
        self, definition: NoteTypeFile, texts: Sequence[tuple[str, str, str]], fields: Sequence[str]
    ) -> None:
        if self._fault():
            return
        if definition.cloze and len(definition.cards) > 1:
            self._error("note-type-file", DEFINITION, "a note type of clozes has one card: name one in `cards`")
        cards, fronts, backs = zip(*texts, strict=True)
        for fault in templates.faults(fronts, backs, fields, is_cloze=definition.cloze):
            text = fronts[fault.card] if fault.is_front else backs[fault.card]
            self._of_template(
                cards[fault.card], fault.is_front, text, fault.message, fault.start, rule="note-type-template"
            )
        for card, front, back in texts:
            for is_front, text in ((True, front), (False, back)):
                self._warn_of(card, is_front, text, definition)

    def _of_template(
        self,
        card: str,
        is_front: bool,
        text: str,
        message: str,
        start: int,
        severity: Severity = Severity.ERROR,
        rule: str = "note-type-template",
    ) -> None:
        name = f"{card}.{'front' if is_front else 'back'}.html"
        line = text.count("\n", 0, start) + 1
        message = message if ": " in message else f"{message}: fix it, or the cards show an error"
        self.problems.append(Problem(Position(self._path(name), line), severity, rule, message))

    def _warn_of(self, card: str, is_front: bool, text: str, definition: NoteTypeFile) -> None:
        """Warn of templates that Anki may show differently than intended, and of scripts on the reader's machine."""
        parsed = templates.parse(text)
        for start in parsed.unclosed:
            message = "{{ is never closed, and is shown as text: close it with }}"
            self._of_template(card, is_front, text, message, start, Severity.WARNING)
        if not definition.cloze:
            for shown in parsed.replacements():
                if _CLOZE_FILTER in shown.filters:
                    message = f"cloze:{shown.field} shows nothing: set `cloze = true`, or take `cloze:` away"
                    self._of_template(card, is_front, text, message, shown.start, Severity.WARNING)
        if live := _LIVE.search(text):
            message = "this template runs a script in the Anki of all who get these cards: read it before you build"
            self._of_template(card, is_front, text, message, live.start(), Severity.WARNING, "note-type-script")

    def _made(
        self,
        definition: NoteTypeFile,
        fields: tuple[str, ...],
        texts: Sequence[tuple[str, str, str]],
        css: str,
    ) -> OwnNoteType:
        stamped = tuple([note_types.stamped_template(*text) for text in texts])
        options = tuple([_options(name, table) for name, table in definition.field.items()])
        note_type = NoteType(
            id=self._id(definition.id),
            name=self.name,
            fields=fields,
            templates=stamped,
            css=note_types.stamped_css(css),
            is_cloze=definition.cloze,
            changed=0,
            options=options,
        )
        record = record_of(note_type)
        known = self.record
        added = () if known is None else (*_new(fields, known.fields), *_new(definition.cards, known.cards))
        changed = self._changed(record.digest)
        second = definition.fields[min(1, len(definition.fields) - 1)]
        hiding = templates.cloze_fields(templates.parse(texts[0][1])) if definition.cloze else ()
        return OwnNoteType(
            note_type=replace(note_type, changed=changed),
            kind=own_kind_name(self.name),
            fields=definition.fields,
            rest=definition.rest or second,
            tags=self.tags,
            hiding=tuple([name for name in hiding if name in definition.fields]),
            added=added,
        )

    def _changed(self, now_digest: str) -> int:
        if self.record is None:
            return self.now // 1000
        return (
            self.record.changed if self.record.digest == now_digest else max(self.now // 1000, self.record.changed + 1)
        )


class HeldNotes(Struct, frozen=True):
    """Notes whose type cannot be read now, so that their blocks may no longer look like cards."""

    notes: frozenset[Guid] = frozenset()
    problems: tuple[Problem, ...] = ()


def gone_types(own: OwnNoteTypes, lock: Lock, recognised: Iterable[Recognised]) -> HeldNotes:
    """The notes without a card whose note type has no files now, or has an error."""
    sound = {made.kind for made in own.types if not made.fault}
    names = {own_kind_name(record.name): record.name for record in lock.note_types}
    if names.keys() <= sound:
        return HeldNotes()
    here = {card.guid for card in recognised}
    by_kind: dict[str, set[Guid]] = {}
    for guid, known in lock.identities.items():
        if known.kind in names and known.kind not in sound and known.removed is None and guid not in here:
            by_kind.setdefault(known.kind, set()).add(guid)
    faulty = {made.kind for made in own.types}
    problems = [
        _file_fault(
            f"{FOLDER}/{names[KindName(kind)]}/{DEFINITION}",
            f"{len(guids)} notes are of this type, and its files are gone: restore them; to be rid of them, delete "
            "their blocks, build, and delete the files after that",
        )
        for kind, guids in sorted(by_kind.items())
        if kind not in faulty
    ]
    return HeldNotes(frozenset().union(*by_kind.values()), tuple(problems))


def record_of(note_type: NoteType) -> KnownNoteType:
    """The lock's record of a note type."""
    texts = [text for template in note_type.templates for text in _texts(template)]
    of_options = [repr(option) for option in note_type.options]
    return KnownNoteType(
        name=note_type.name,
        id=note_type.id,
        is_cloze=note_type.is_cloze,
        fields=note_type.fields,
        cards=tuple([template.name for template in note_type.templates]),
        digest=digest(*texts, note_type.css, *of_options, length=_DIGEST),
        changed=note_type.changed,
    )


def _texts(template: Template) -> tuple[str, str, str]:
    return template.name, template.front, template.back


def _options(name: str, table: FieldFile) -> FieldOptions:
    return FieldOptions(name, table.rtl, table.font, table.size, table.description)


def _new(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    seen = set(known)
    return (name for name in names if name not in seen)


def _twice(names: Iterable[str], key: Callable[[str], str] = property_key) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if key(name) in seen:
            yield name
        seen.add(key(name))


def _reason(failure: BaseException | None) -> str:
    return getattr(failure, "strerror", None) or str(failure)
