"""What of a stranger's folder is packed and read: nothing hidden, nothing outside, nothing that no card shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankigen import api
from ankigen.data import Desired
from ankigen.errors import LeadsOutside

PNG = b"\x89PNG\r\n"
WAYS = ["![x]({})", '<img src="{}">', '<audio src="{}"></audio>', '[:img {{:src "{}"}}]', "[[{}]]", "![[{}]]"]


def notes(folder: Path, text: str) -> Path:
    (folder / "page.md").write_text(f"- What? #card\n\t- A {text}\n", "utf-8")
    return folder


def packed(desired: Desired) -> list[bytes]:
    return [Path(file.path).read_bytes() for file in desired.media]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "target",
    [".git/config", ".env", ".hidden/x.png", "%2egit/config", "a/../.git/config", ".GIT/config", ".ssh/id.png"],
)
def test_nothing_hidden_is_packed(way: str, target: str, tmp_path: Path) -> None:
    for name in (".git/config", ".GIT/config", ".env", ".hidden/x.png", ".ssh/id.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"secret")
    (tmp_path / "a").mkdir()
    assert packed(api.load(notes(tmp_path, way.format(target)))) == []


@pytest.mark.parametrize("name", ["secrets.txt", "id_rsa", "page.md", "x.png.env", "x.html", "x.svg.js"])
def test_nothing_that_no_card_shows_is_packed(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"secret")
    desired = api.load(notes(tmp_path, f"![x]({name})"))
    assert packed(desired) == []
    assert "not-media" in [problem.rule for problem in desired.problems]


@pytest.mark.parametrize("name", ["x.png", "X.PNG", "sub/x.mp3", "x.webm", "x.svg"])
def test_what_a_card_shows_or_plays_is_packed(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(PNG)
    assert packed(api.load(notes(tmp_path, f"![x]({name})"))) == [PNG]


def test_a_picture_that_is_a_link_to_what_is_hidden_or_no_picture_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_bytes(b"secret")
    (tmp_path / "token").write_bytes(b"secret")
    (tmp_path / "x.png").symlink_to(tmp_path / ".git/config")
    (tmp_path / "y.png").symlink_to(tmp_path / "token")
    assert packed(api.load(notes(tmp_path, "![x](x.png) ![y](y.png)"))) == []


def test_of_a_pdf_only_the_name_is_on_the_card(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    desired = api.load(notes(tmp_path, "![paper](x.pdf)"))
    assert (packed(desired), list(desired.problems)) == ([], [])


def test_a_pipe_that_is_called_like_a_page_is_no_page(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert len(api.load(notes(tmp_path, "lens")).notes) == 1


def test_settings_of_a_graph_that_lead_out_of_it_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET_TOKEN=hunter2", "utf-8")
    (tmp_path / "graph/logseq").mkdir(parents=True)
    (tmp_path / "graph/logseq/config.edn").symlink_to(tmp_path / "secret")
    with pytest.raises(LeadsOutside) as refused:
        api.load(notes(tmp_path / "graph", "lens"))
    assert "hunter2" not in str(refused.value)
