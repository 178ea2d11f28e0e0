"""Writes into an open collection, all as one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from ankigen.data import Guid, MediaFile, PackedNote, Template
from ankigen.errors import AnkiRefused, MediaNameTaken
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.targets import searches
from ankigen.targets.carrier import CARRIER, carrier_of
from ankigen.targets.collection.opening import translated

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

_STEP = "ankigen"
_SUSPENDED = -1
_IMPORT_OPTIONS = ("mergeNotetypes", "updateNotes", "updateNotetypes", "withDeckConfigs", "withScheduling")
"""What an import keeps of its options, as if the reader had chosen them in the dialog."""
Pack = Callable[[Sequence[PackedNote]], bytes]
Given = ParamSpec("Given")


@contextmanager
def one_step(collection: AnkiCollection, path: Path) -> Iterator[Callable[[], None]]:
    """Make all that a `with` block writes one step of Anki's undo, and take it back whole if the block fails.

    What is yielded has to be called after each operation: Anki keeps thirty steps.
    """
    with translated(path, "undo"):
        step = collection.add_custom_undo_entry(_STEP)

    def merge() -> None:
        with translated(path, "undo"):
            collection.merge_undo_entries(step)

    try:
        yield merge
    except BaseException:
        _take_back(collection)
        raise


def _take_back(collection: AnkiCollection) -> None:
    """Undo what was merged, and before it an operation that was not, as one that an interrupt came after."""
    from anki.errors import AnkiException  # noqa: PLC0415 - most commands do without Anki's library

    try:
        while name := collection.undo_status().undo:
            collection.undo()
            if name == _STEP:
                return
    except AnkiException:  # on a full disk even this may fail; the next run finishes what is there
        return


def _operation(work: Callable[Given, None]) -> Callable[Given, None]:
    """A write of the class below, whose failures are ours and which joins the step."""

    @wraps(work)
    def done(*given: Given.args, **named: Given.kwargs) -> None:
        writer = given[0]
        assert isinstance(writer, CollectionWriter)
        with translated(writer.path, work.__name__):
            work(*given, **named)
        writer.merge()

    return done


class CollectionWriter:
    """Changes a collection as `Writer` says; `merge` makes an operation part of the step.

    `around_media` is entered while files are written into the media folder: to see to it that all are there that belong
    there, and that the new ones go on from there.
    """

    def __init__(
        self,
        collection: AnkiCollection,
        path: Path,
        folder: Path,
        package: bytes | None,
        pack: Pack,
        merge: Callable[[], None],
        around_media: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._collection: Any = collection  # its ids are types of their own
        self.path = path
        self._folder = folder
        self._package = package
        self._pack = pack
        self.merge = merge
        self._around_media = around_media

    def import_notes(self) -> None:
        """Import the announced notes at once."""
        if self._package is not None:
            self._import(self._package)

    @_operation
    def _import(self, content: bytes) -> None:
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest  # noqa: PLC0415

        options = ImportAnkiPackageOptions(with_scheduling=True)  # no merging; what is newer replaces what is there
        before = {name: self._collection.get_config(name, None) for name in _IMPORT_OPTIONS}
        with files.lent(self._folder / f"_ankigen-{content_hash(content, 16)}.apkg", content) as package:
            request = ImportAnkiPackageRequest(package_path=str(package), options=options)
            self._collection.import_anki_package(request)
        self.merge()
        for name, value in before.items():
            if value is None:
                self._collection.remove_config(name)
            else:
                self._collection.set_config(name, value, undoable=True)
            self.merge()

    @_operation
    def send_media(self, media: Iterable[MediaFile]) -> None:
        """Put files into the media folder, as Anki's own library does; an empty one it refuses."""
        with self._around_media():
            for file in media:
                self._write_media(file)

    def _write_media(self, file: MediaFile) -> None:
        content = files.read(Path(file.path))
        if not content:
            return
        stored = self._collection.media.write_data(file.name, content)
        if stored != file.name:
            self._collection.media.trash_files([stored])
            raise MediaNameTaken(file.name)

    @_operation
    def move(self, cards: Iterable[int], deck: str) -> None:
        """Move cards to a deck, which is made if need be."""
        deck_id = self._collection.decks.id(deck)
        self.merge()
        self._collection.set_deck(list(cards), deck_id)

    @_operation
    def suspend(self, cards: Iterable[int]) -> None:
        """Suspend cards that all exist."""
        if chosen := self._with_state(cards, is_suspended=False):
            self._collection.sched.suspend_cards(chosen)

    @_operation
    def unsuspend(self, cards: Iterable[int]) -> None:
        """Let suspended cards be asked again."""
        if chosen := self._with_state(cards, is_suspended=True):
            self._collection.sched.unsuspend_cards(chosen)

    def _with_state(self, cards: Iterable[int], *, is_suspended: bool) -> list[int]:
        """Those of the cards that are suspended, or are not. Raises `AnkiRefused` if one of them is gone."""
        wanted = list(cards)
        numbers = ",".join(map(str, map(int, wanted)))
        queues = dict(self._collection.db.all(f"select id, queue from cards where id in ({numbers})"))  # noqa: S608
        if missing := [card for card in wanted if card not in queues]:
            raise AnkiRefused("suspend", f"there is no card {missing[0]}")
        return [card for card in wanted if (queues[card] == _SUSPENDED) is is_suspended]

    @_operation
    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None:
        """Add each tag to its notes."""
        for tag, ids in notes.items():
            self._collection.tags.bulk_add(list(ids), tag)
            self.merge()

    @_operation
    def remove_tag(self, notes: Iterable[int], tag: str) -> None:
        """Remove one tag and those below it."""
        self._collection.tags.bulk_remove(list(notes), tag)

    @_operation
    def delete_notes(self, notes: Iterable[int]) -> None:
        """Delete notes with their cards."""
        self._collection.remove_notes(list(notes))

    def convert_notes(self, notes: Mapping[int, PackedNote]) -> None:
        """Convert notes to types that are there, or are brought in by a carrier."""
        missing = {
            packed.note_type.id: packed
            for packed in notes.values()
            if self._collection.models.get(packed.note_type.id) is None
        }
        for packed in missing.values():
            self._import(self._pack([carrier_of(packed)]))
            self.clear_carriers()
        self._convert(notes)

    def clear_carriers(self) -> None:
        """Delete what a run that was cut off left."""
        if carriers := self._collection.find_notes(searches.with_guid(CARRIER)):
            self.delete_notes(carriers)

    @_operation
    def _convert(self, notes: Mapping[int, PackedNote]) -> None:
        converted = []
        for id_, packed in notes.items():
            note_type = self._collection.models.get(packed.note_type.id)
            values = dict(zip(packed.note_type.fields, packed.values, strict=True))
            note = self._collection.get_note(id_)
            note.mid = note_type["id"]
            note._fmap = self._collection.models.field_map(note_type)  # noqa: SLF001 - as Anki's own change of types
            note.fields = [values.get(known["name"], "") for known in note_type["flds"]]
            note.tags = list(packed.tags)
            converted.append(note)
        self._collection.update_notes(converted)

    @_operation
    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None:
        """Replace the text of templates that exist, and the CSS."""
        found = self._note_type(note_type)
        texts = {template.name: template for template in templates}
        for known in found["tmpls"]:
            if new := texts.get(known["name"]):
                known["qfmt"], known["afmt"] = new.front or known["qfmt"], new.back or known["afmt"]
        found["css"] = css
        self._collection.models.update_dict(found)

    @_operation
    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template]) -> None:
        """Add fields and cards at the end, those that are not there yet."""
        models = self._collection.models
        found = self._note_type(note_type)
        for name in fields:
            if name not in models.field_names(found):
                models.add_field(found, models.new_field(name))
        for template in templates:
            if template.name not in [known["name"] for known in found["tmpls"]]:
                new = models.new_template(template.name)
                new["qfmt"], new["afmt"] = template.front, template.back
                models.add_template(found, new)
        models.update_dict(found)

    def _note_type(self, name: str) -> Any:
        found = self._collection.models.by_name(name)
        if found is None:
            raise AnkiRefused("models", f"there is no note type {name}")
        return found

    def find_notes(self, guid: Guid) -> list[int]:
        """The ids of the notes that carry a GUID."""
        return list(self._collection.find_notes(searches.with_guid(guid)))
