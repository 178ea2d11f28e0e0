"""The sync of the page of `watch`, with a collection that `to` names."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import api
from tests.helpers.anki_library import open_collection
from tests.helpers.building import write


def test_the_page_syncs_with_a_closed_anki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    with open_collection(tmp_path) as collection:
        path = collection.path
    notes = write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    desired = api.load([notes])
    page = api.PageSync([notes], to=path)
    agreed = page.plan(desired)
    assert page.apply(desired, agreed) == "1 new"
    with open_collection(tmp_path) as collection:
        assert len(collection.find_notes("Front:*light*")) == 1
