"""Writes packages and the lock file from the notes."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ankigen import config, identity, outputs, report
from ankigen.api.notes import AnyPath, own_note_types
from ankigen.data import Desired, ExtendedNoteType, FolderKind, Identity, Note
from ankigen.errors import CannotWrite, ChangedMeanwhile, NoCards, NoCurrentFolder, PackageOfOthers, StaleLock
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct, replace

_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\s\x00-\x1f\x7f-\x9f]+')
_LONGEST_NAME = 255
"""In bytes: what most disks allow."""
_DIGEST_DIGITS = 8
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[0-9\xb9\xb2\xb3]|lpt[0-9\xb9\xb2\xb3])(?:\..*)?")
"""Names that Windows takes for devices, with any suffix."""


class Built(Struct, frozen=True):
    """The packages that a build wrote, and the lock file if it is new or changed.

    An import does not change the note type of notes in `changed_kind`, nor delete those in `removed`.
    `extended` are note types that got fields or cards, for which a reader has to change two settings.
    `left` are packages of these notes in the folder that an earlier build wrote and this one did not. `replaced` are
    those of `packages` that held notes of another set, and none of these.
    """

    packages: tuple[Path, ...]
    lock: Path | None
    changed_kind: tuple[Note, ...]
    removed: tuple[Identity, ...]
    left: tuple[Path, ...] = ()
    extended: tuple[ExtendedNoteType, ...] = ()
    replaced: tuple[Path, ...] = ()


def build(
    desired: Desired,
    output: AnyPath | None = None,
    *,
    is_locked: bool = False,
    removed: AnyPath | None = None,
    with_schedule: bool = False,
) -> Built:
    """Write the lock file if it changed, and the package: one file, or in a folder one for each top-level deck.

    Without an output, it is the one in the config of the notes, or else the current folder. The file `removed` gets an
    Anki search for all notes whose card block is gone. Packages are for others, so the author's schedule is only in
    them `with_schedule`. Raises `NoCards` if there are no notes, with `is_locked` `StaleLock` if the lock file would
    change or `PackageOfOthers` if a package of another set would be replaced, and `CannotWrite` for a file that must
    not be replaced.
    """
    if not desired.notes:
        raise NoCards(desired.sources, _advice(desired))
    named = Path(output) if output else None
    search = Path(removed) if removed else None
    wanted = named or config.read(desired.root).output or Path()
    outputs.require_output(wanted)
    notes = desired.notes if with_schedule else [replace(note, schedules=()) for note in desired.notes]
    packages = _by_package(notes, wanted)
    for path in packages:
        _require_in_place(path, named or path)
    if search:
        _require_in_place(search, search)
    of_others = tuple(path for path in packages if _is_of_others(path, desired))
    if is_locked and of_others:
        raise PackageOfOthers(of_others[0])
    lock = write_lock(desired, is_locked=is_locked)
    own = own_note_types(desired)
    with files.together() as replaced:
        for path, notes in packages.items():
            replaced(path, outputs.content(notes, desired.media, path, own, desired.descriptions))
    if search:
        _write_search(desired, search)
    changed_kind, removed_now = tuple(_with_changed_kind(desired)), tuple(_removed_now(desired))
    left = tuple(_left_in(wanted, packages, desired))
    extended = tuple(identity.extended_since(desired.stored_lock, desired.lock))
    return Built(tuple(packages), lock, changed_kind, removed_now, left, extended, of_others)


def _is_of_others(path: Path, desired: Desired) -> bool:
    """Whether a file is a package with notes of another set, and none of these."""
    held = outputs.held_notes(path)
    return bool(held) and held.isdisjoint(desired.lock.identities)


def _advice(desired: Desired) -> str:
    """What to do if no card is made."""
    if desired.selection.is_filtered:
        return "look at --deck and --tag"
    if meant := report.meant_cards(desired):
        first = f"{meant[0].position.path}:{meant[0].position.line}: {meant[0].message}"
        return first if len(meant) == 1 else f"{first}; `ankigen check` shows {len(meant) - 1:,} more"
    if desired.other_forms or desired.excluded or FolderKind.DATABASE in desired.kinds:
        return report.no_cards(desired).removeprefix("no cards: ").replace("\n", "; ")
    return f"tag a question with #{desired.card_tag}"


def _left_in(folder: Path, packages: Collection[Path], desired: Desired) -> Iterator[Path]:
    """The packages of these notes in a folder that were not written now; only a build of all notes can know."""
    if outputs.is_output(folder) or not desired.selection.is_whole:
        return
    written = {deck_key(path.name) for path in packages}
    for path in sorted(folder.glob(f"*{outputs.default_suffix()}")):
        if deck_key(path.name) not in written and outputs.held_notes(path) & desired.lock.identities.keys():
            yield path


def _require_in_place(path: Path, output: Path) -> None:
    """Refuse a package behind a link that may have come with the notes, before anything is written.

    The user chose the output's folder. Below it, and below the current folder, no link may lead out.
    """
    here = _current_folder()
    try:
        named = Path(os.path.abspath(path))  # noqa: PTH100 - `..` is to be resolved as it is written
        files.require_inside(path, here if named.is_relative_to(here) else output.absolute().parent)
    except OSError as failure:
        raise CannotWrite(path, failure) from failure
    files.require_replaceable(path)


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError as failure:
        raise NoCurrentFolder from failure


def _write_search(desired: Desired, path: Path) -> None:
    """Write an Anki search for the notes whose card block is gone."""
    gone = (known.guid for known in desired.lock.identities.values() if known.removed is not None)
    files.replace(path, f"{report.search_for(sorted(gone))}\n".encode())


def _with_changed_kind(desired: Desired) -> Iterator[Note]:
    before = desired.stored_lock.identities if desired.stored_lock else {}
    for note in desired.notes:
        known = before.get(note.identity.guid)
        if known and known.kind != note.identity.kind:
            yield note


def _removed_now(desired: Desired) -> Iterator[Identity]:
    before = desired.stored_lock.identities if desired.stored_lock else {}
    for guid, known in before.items():
        if known.removed is None and desired.lock.identities[guid].removed is not None:
            yield known


def write_lock(desired: Desired, *, is_locked: bool) -> Path | None:
    """Write the lock file if it changed, and return its path then. Raises `StaleLock` with `is_locked`.

    A lock file of an earlier version with the same content is rewritten as well, but is not stale.
    """
    path = desired.root / identity.LOCK_NAME
    if desired.lock == desired.stored_lock:
        return None
    if is_locked:
        if desired.lock.says_the_same_as(desired.stored_lock):
            return None
        raise StaleLock(path)
    _require_unchanged(path, desired)
    identity.write_lock(path, desired.lock)
    return path


def _require_unchanged(path: Path, desired: Desired) -> None:
    """Raise `ChangedMeanwhile` if another run has written the lock file since the notes were read."""
    now = identity.read_lock(path)
    if now not in (desired.stored_lock, desired.lock):
        raise ChangedMeanwhile(path)


def _by_package(notes: Sequence[Note], output: Path) -> dict[Path, list[Note]]:
    tops = dict.fromkeys(note.deck.partition("::")[0] for note in notes)
    paths = dict.fromkeys(tops, output) if outputs.is_output(output) else _paths_in(output, tops)
    packages: dict[Path, list[Note]] = {}
    for note in notes:
        packages.setdefault(paths[note.deck.partition("::")[0]], []).append(note)
    return packages


def _paths_in(folder: Path, decks: Collection[str]) -> dict[str, Path]:
    """The package of each deck. A digest keeps names apart that would be one file on some disk."""
    cleaned = {deck: _NOT_IN_FILE_NAMES.sub("-", deck) for deck in decks}
    taken = Counter(map(deck_key, cleaned.values()))
    suffix = outputs.default_suffix()
    names = {
        deck: _package_name(deck, name, suffix, is_own=name == deck or taken[deck_key(name)] == 1)
        for deck, name in cleaned.items()
    }
    return {deck: folder / name for deck, name in names.items()}


def _package_name(deck: str, cleaned: str, suffix: str, *, is_own: bool) -> str:
    """The name of a deck's package.

    If some disk would refuse it, or take it for another file or a device, it is shortened and gets a digest of the
    deck's name at the end.
    """
    encoded = cleaned.encode()
    room = _LONGEST_NAME - len(suffix)
    if is_own and len(encoded) <= room and not _DEVICE.fullmatch(cleaned):
        return cleaned + suffix
    start = encoded[: room - _DIGEST_DIGITS - 1].decode(errors="ignore")
    return f"{start}-{content_hash(encoded if is_own else deck.encode(), _DIGEST_DIGITS)}{suffix}"
