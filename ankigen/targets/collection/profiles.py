"""Finds a collection by what people write: its path, the folder of a profile, or the profile's name in Anki."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ankigen.errors import NoSuchCollection, NoSuchProfile, NotACollection, SeveralProfiles

_FILE = "collection.anki2"
_SUFFIX = ".anki2"
_OTHER_SUFFIXES = frozenset({".apkg", ".colpkg", ".anki21", ".anki21b"})


def collection_at(written: str) -> Path:
    """The file of the collection that is meant.

    A text with a separator or the suffix of a collection is a path, all else the name of a profile. Raises
    `NoSuchCollection`, `NotACollection`, `NoSuchProfile`, `SeveralProfiles`.
    """
    path = Path(written).expanduser()
    is_path = os.sep in written or (os.altsep is not None and os.altsep in written)
    if is_path or path.suffix in {_SUFFIX, *_OTHER_SUFFIXES}:
        return _file(path)
    return _of_profile(written)


def _file(path: Path) -> Path:
    """The absolute path of a collection; behind a link, that of the file, since its media lie beside it."""
    if path.is_dir():
        path /= _FILE
    if not path.exists():
        raise NoSuchCollection(path)
    if path.suffix != _SUFFIX or not path.is_file():
        raise NotACollection(path)
    return (path.resolve() if path.is_symlink() else path).absolute()


def _of_profile(name: str) -> Path:
    known = dict(_profiles())
    found = [path for path, known_name in known.items() if known_name == unicodedata.normalize("NFC", name)]
    if not found:
        raise NoSuchProfile(name, sorted(set(known.values())), list(_bases()))
    if len(found) > 1:
        raise SeveralProfiles(name, found)
    return found[0]


def _profiles() -> Iterator[tuple[Path, str]]:
    """The collections in Anki's folders, each with the name of its profile as people type it."""
    for base in _bases():
        try:
            folders = sorted(base.iterdir())
        except OSError:
            continue
        for folder in folders:
            if (folder / _FILE).is_file():
                yield (folder / _FILE).absolute(), unicodedata.normalize("NFC", folder.name)


def _bases() -> Iterator[Path]:
    """Where Anki keeps its profiles on this system; a folder that the user named counts alone, as it does for Anki."""
    if base := os.environ.get("ANKI_BASE"):
        yield Path(base).expanduser()
        return
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("APPDATA") or home / "AppData/Roaming") / "Anki2"
    elif sys.platform == "darwin":
        yield home / "Library/Application Support/Anki2"
    else:
        yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "Anki2"
        yield home / ".var/app/net.ankiweb.Anki/data/Anki2"
