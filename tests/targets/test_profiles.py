"""Which collection is meant by what people write behind --to."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import pytest

from ankigen.errors import NoSuchCollection, NoSuchProfile, NotACollection, SeveralProfiles
from ankigen.targets.collection import collection_at

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="each system has folders of its own")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ANKI_BASE", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def make(base: Path, name: str) -> Path:
    path = base / name / "collection.anki2"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize("name", ["User 1", "Bücher", "日本語 🃏", "it's “mine”", "-x", "a.b"])
def test_a_profile_is_found_by_its_name(home: Path, name: str) -> None:
    path = make(home / ".local/share/Anki2", name)
    make(home / ".local/share/Anki2", "Other")
    (home / ".local/share/Anki2/addons21").mkdir()
    assert collection_at(name) == path


def test_the_form_in_which_a_name_is_typed_does_not_matter(home: Path) -> None:
    path = make(home / ".local/share/Anki2", unicodedata.normalize("NFD", "Bücher"))
    assert collection_at("Bücher") == path
    assert collection_at(unicodedata.normalize("NFD", "Bücher")) == path


def test_a_profile_is_found_where_the_system_keeps_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flatpak = make(home / ".var/app/net.ankiweb.Anki/data/Anki2", "Flat")
    assert collection_at("Flat") == flatpak
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    elsewhere = make(home / "data/Anki2", "Data")
    assert collection_at("Data") == elsewhere


def test_a_folder_that_the_user_gave_anki_counts_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(home / ".local/share/Anki2", "User 1")
    own = make(home / "own", "User 1")
    monkeypatch.setenv("ANKI_BASE", str(home / "own"))
    assert collection_at("User 1") == own


def test_one_name_in_two_folders_is_refused_with_both_paths(home: Path) -> None:
    paths = make(home / ".local/share/Anki2", "User 1"), make(home / ".var/app/net.ankiweb.Anki/data/Anki2", "User 1")
    with pytest.raises(SeveralProfiles) as refused:
        collection_at("User 1")
    assert all(str(path) in str(refused.value) for path in paths)


def test_a_missing_profile_is_refused_with_the_names_there_are(home: Path) -> None:
    for name in ("User 1", "Bücher"):
        make(home / ".local/share/Anki2", name)
    (home / ".local/share/Anki2/empty").mkdir()
    with pytest.raises(NoSuchProfile, match=r"^no Anki profile User 2: there are Bücher, User 1$"):
        collection_at("User 2")


def test_without_any_profile_the_advice_is_a_path(home: Path) -> None:
    where = re.escape(str(home / ".local/share/Anki2"))
    with pytest.raises(NoSuchProfile, match=f"there is none in {where} and .*; give the path"):
        collection_at("User 1")


def test_a_path_is_that_of_the_file_or_of_its_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(home, "User 1")
    monkeypatch.chdir(home)
    assert collection_at(str(path)) == path
    assert collection_at("User 1/collection.anki2") == path
    assert collection_at("User 1/") == path
    assert collection_at("~/User 1") == path
    monkeypatch.chdir(home / "User 1")
    assert collection_at("collection.anki2") == path


def test_behind_a_link_the_file_is_meant_beside_which_its_media_lie(home: Path) -> None:
    path = make(home, "User 1")
    link = home / "link.anki2"
    link.symlink_to(path)
    assert collection_at(str(link)) == path.resolve()


def test_what_is_no_collection_by_its_name_is_refused(home: Path) -> None:
    (home / "deck.apkg").write_bytes(b"")
    (home / "notes").mkdir()
    with pytest.raises(NotACollection):
        collection_at(str(home / "deck.apkg"))
    for missing in ("none.anki2", "none.colpkg", "notes/"):
        with pytest.raises(NoSuchCollection):
            collection_at(f"{home}/{missing}")
