"""A sync server of one's own, and the reader's phone beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sync_server import PASSWORD, USER, Device, serving


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path) as url:
        yield url


@pytest.fixture
def phone(tmp_path: Path, url: str) -> Iterator[Device]:
    """A device whose collection is on the server; what stands before the server is not in its way."""
    device = Device(tmp_path / "phone", url)
    device.upload()
    yield device
    device.close()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """User and password as a command finds them."""
    monkeypatch.setenv("ANKIGEN_SYNC_USER", USER)
    monkeypatch.setenv("ANKIGEN_SYNC_PASSWORD", PASSWORD)
