"""The data that the preview page shows."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlencode

from ankigen import config, identity, preview
from ankigen.api import clock
from ankigen.api.healths import report_health
from ankigen.api.notes import AnyPath, load_again, own_note_types
from ankigen.data import Desired
from ankigen.errors import NotAPreview, NothingToDraw
from ankigen.preview import Snapshot
from ankigen.source import Memory, formula_script
from ankigen.support import files


def snapshot_of(desired: Desired, before: Snapshot | None = None) -> Snapshot:
    """What a page shows of notes that were read; nothing is written. After a snapshot `before` it is sooner made."""
    return Snapshot(desired, own_note_types(desired), config.read(desired.root).editor_url, before)


class Rereading:
    """Reads the same part of the same notes as they are now, again and again: only changed parts are made again.

    Whatever goes wrong on the way, the next reading is a whole one.
    """

    def __init__(self) -> None:
        self._memory: Memory | None = None

    def notes(self, before: Desired) -> Desired:
        """The notes as they are now.

        Notes that no lock file names keep the name that they had, so that their cards are the same ones.
        """
        has_name = files.is_there(before.root / identity.LOCK_NAME)
        lock = None if has_name else identity.new_lock(before.lock.source_id)
        memory, self._memory = self._memory or Memory(), None
        now = load_again(before, clock.now(), lock, memory)
        self._memory = memory
        return now

    def snapshot(self, before: Snapshot) -> Snapshot:
        """What a page shows of the same notes as they are now."""
        return snapshot_of(self.notes(before.desired), before)


def write_preview(snapshot: Snapshot, folder: AnyPath) -> Path:
    """Write the page into a folder, as files that need no server; returns the path of the page.

    Files of an earlier preview that this one does not have are deleted. Raises `NotAPreview` for a
    folder that holds anything else, and `CannotWrite`.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / preview.MARK).is_file():
        raise NotAPreview(folder)
    written: set[Path] = set()
    with files.together() as replaced:
        for name, content in preview.exported(snapshot, formula_script(), report_health(snapshot.desired)):
            replaced(folder / name, content)
            written.add(folder / name)
    for old in (folder / "face", folder / "media"):
        for path in sorted(old.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in written:
                path.unlink()
    return folder / "index.html"


def drawing_of(desired: Desired, file: AnyPath, line: int = 0) -> str:
    """The address of the drawing page of a picture, relative to the card page.

    The card is the one that `line` of the file is in, or the first with a picture where that is 0; `file` may also be
    the picture itself. Raises `NothingToDraw`.
    """
    path = Path(file).absolute()
    shown = preview.preview_of(desired, own_note_types(desired))
    media = {media.name for media in desired.media if Path(media.path) == path}
    cards = [card for card in shown.cards if desired.root / card.path == path or card.picture in media]
    above, drawable = [card for card in cards if card.line <= line], [card for card in cards if card.picture]
    found = above[-1:] if line else drawable[:1]
    if not found or not found[0].picture:
        raise NothingToDraw(f"{file}:{line}" if line else str(file))
    [card] = found
    asked = {"path": card.path, "line": card.line, "picture": card.picture, "title": card.title}
    return f"draw.html?{urlencode(asked, quote_via=quote)}"
