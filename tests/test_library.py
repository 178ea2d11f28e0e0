"""The package as a programmer meets it: paths as texts, and calls and types that can be found."""

import inspect
import os
import pydoc
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import ankigen
from ankigen import data
from tests.helpers.building import write

CALLS = [name for name in ankigen.__all__ if inspect.isfunction(getattr(ankigen, name))]


class Named(os.PathLike[str]):
    """What is a path, and no `Path`."""

    def __fspath__(self) -> str:
        return "notes"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "notes", a="- Q #card\n\t- A\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "source", ["notes", Path("notes"), Named(), ["notes"], ("notes/a.md",), [Path("notes"), "notes"]]
)
def test_a_text_is_a_path_wherever_notes_are_named(folder: Path, source: typing.Any) -> None:
    assert len(ankigen.load(source).notes) == 1
    assert ankigen.stamp(source).ids == 1


def test_a_text_is_a_path_wherever_a_file_is_written(folder: Path) -> None:
    built = ankigen.build(ankigen.load("notes"), "dist/", removed="search.txt")
    assert (built.packages, Path("search.txt").exists()) == ((Path("dist/a.apkg"),), True)
    assert (folder / "notes/ankigen.toml") in ankigen.init("notes").written


def test_no_source_is_the_current_folder(folder: Path) -> None:
    assert len(ankigen.load().notes) == len(ankigen.load([]).notes) == 1


@pytest.mark.parametrize("name", ankigen.__all__)
def test_all_that_is_exported_is_seen_and_described(name: str) -> None:
    assert name in dir(ankigen)
    if name != "__version__":
        assert inspect.getdoc(getattr(ankigen, name))
        assert name in pydoc.plain(pydoc.render_doc(ankigen))


@pytest.mark.parametrize("name", CALLS)
def test_the_types_of_ankigen_that_a_call_takes_and_returns_are_exported(name: str) -> None:
    hints = typing.get_type_hints(getattr(ankigen, name))
    named = [type_ for hint in hints.values() for type_ in (hint, *typing.get_args(hint))]
    own = {kind.__name__ for kind in named if isinstance(kind, type) and kind.__module__.startswith("ankigen")}
    assert own - {"PendingCollection"} <= set(ankigen.__all__)


def test_the_nouns_that_are_exported_are_those_of_the_pipeline() -> None:
    assert ankigen.Wishes is data.Wishes
    with pytest.raises(AttributeError, match="has no attribute 'wishes'"):
        _ = ankigen.wishes


def test_the_version_alone_loads_nothing_else() -> None:
    asked = "import sys, ankigen; ankigen.__version__; dir(ankigen); print([m for m in sys.modules if 'msgspec' in m])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
