"""The files that make a folder of notes ready to be checked, built and released."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from ankigen import scaffold
from ankigen.api.notes import AnyPath
from ankigen.errors import CannotWrite, NamelessFolder, NoSuchSource
from ankigen.source import is_graph
from ankigen.support import files
from ankigen.support.normal_forms import is_text
from ankigen.support.structs import Struct


class Scaffolded(Struct, frozen=True):
    """The files that were written, and the texts of those that were there already and stay as they are."""

    written: tuple[Path, ...]
    kept: dict[Path, str]


def init(folder: AnyPath = "") -> Scaffolded:
    """Write what is missing of the files that notes in this folder need; what exists is never touched."""
    folder = Path(folder)
    if not folder.is_dir():
        raise NoSuchSource(folder)
    root = _repository(folder.absolute())
    source = PurePosixPath(folder.absolute().relative_to(root).as_posix())
    if not is_text(str(source)):
        raise NamelessFolder(folder)
    texts = {root / path: text for path, text in scaffold.files(source, is_graph=is_graph(folder)).items()}
    written = tuple(path for path, text in texts.items() if _create(path, text, root))
    return Scaffolded(written, {path: text for path, text in texts.items() if path not in written})


def _repository(folder: Path) -> Path:
    """The git repository around the folder, or else the folder."""
    return next((path for path in (folder, *folder.parents) if (path / ".git").exists()), folder)


def _create(path: Path, text: str, root: Path) -> bool:
    """Write a file unless there is one, and say whether it was written; no link may lead out of `root`."""
    try:
        if not os.path.lexists(path):
            files.require_inside(path.parent, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(text.encode())
    except FileExistsError:
        return False
    except OSError as failure:
        raise CannotWrite(path, failure) from failure
    return True
