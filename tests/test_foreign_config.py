"""A config file may come from a stranger: it names nothing outside its folder, and no address that runs something."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankigen import config
from ankigen.config import Config
from ankigen.errors import BrokenConfig, CannotRead

OPTIONS = ("css", "output", "source")
OUTSIDE = (
    "..",
    "../out",
    "../notes2",
    "a/../../out",
    "./../out",
    "/etc/passwd",
    "/proc/self/environ",
    "/",
    "a/./../../b",
    "link",
    "link/a",
    "inner/link",
    "chain/a",
    "dangling",
    "a\\u0000b",
    "\\u0000",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "inner").mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path)
    (folder / "inner/link").symlink_to("../..")
    (folder / "chain").symlink_to("link")
    (folder / "dangling").symlink_to(tmp_path / "nothing")
    return folder / "ankigen.toml"


def fault(text: str, file: Path) -> str:
    with pytest.raises(BrokenConfig) as caught:
        config.parse(text, file)
    return str(caught.value).removeprefix(f"{file}: ")


@pytest.mark.parametrize("name", ["ankigen.toml", "pyproject.toml"])
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("given", OUTSIDE)
def test_a_config_names_nothing_outside_its_folder(file: Path, name: str, option: str, given: str) -> None:
    table = "[tool.ankigen]\n" if name == "pyproject.toml" else ""
    said = fault(f'{table}{option} = "{given}"', file.with_name(name))
    assert said.startswith(f'`{option}` must be a path inside the folder of this file, not "')


@pytest.mark.parametrize("given", ["dist", "a/../dist", "./dist/", "inner/x", "_link/..", "."])
def test_a_config_names_what_lies_in_its_folder(file: Path, given: str) -> None:
    assert config.parse(f'output = "{given}"', file).output == file.parent / given


def test_a_link_that_stays_in_the_folder_is_followed(file: Path) -> None:
    (file.parent / "dist").symlink_to("inner")
    assert config.parse('output = "dist"', file).output == file.parent / "dist"


def test_python_code_may_name_any_path() -> None:
    assert Config(output=Path("/elsewhere")).output == Path("/elsewhere")


@pytest.mark.parametrize(
    "given", [".git/config", ".env", "secrets.json", ".css", ".git/a.css", "inner", "a.css", "b.css", "ankigen.toml"]
)
def test_the_css_is_an_open_file_of_css(file: Path, given: str) -> None:
    for name in (".git/config", ".env", "secrets.json", ".git/a.css"):
        (file.parent / name).parent.mkdir(exist_ok=True)
        (file.parent / name).write_text("TOKEN")
    (file.parent / "a.css").symlink_to(".git/config")
    (file.parent / "b.css").symlink_to(".git/a.css")
    assert fault(f'css = "{given}"', file) == (
        f'`css` must be a file that ends in .css and is not hidden, not "{Path(given).name}"'
    )


@pytest.mark.parametrize("given", ["cards.css", "inner/Cards.CSS", "inner/../cards.css", "linked.css"])
def test_any_open_file_of_css_will_do(file: Path, given: str) -> None:
    (file.parent / "linked.css").symlink_to("inner/cards.css")
    assert config.parse(f'css = "{given}"', file).css == file.parent / given


HIDDEN = (
    "javascript:alert(1)//{page}",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\\u0001javascript:alert(1)",
    "java\\tscript:alert(1)",
    "java\\nscript:alert(1)",
    "java\\u0000script:alert(1)",
    "java\\uFDD0script:alert(1)",
    "&#106;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "%6aavascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript://https://x/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "file://evil.example/share",
    "ftp://a/{page}",
    "mailto:a@b",
    "blob:https://x/y",
    "view-source:https://x",
    "intent://x#Intent;end",
    "{page}",
    "{page}:x",
    "{path}://x",
    "//evil.example/{page}",
    "/x",
    "https:x",
    "https:/x",
    "https:\\\\\\\\x",
    "https ://x",
    " https://x",
    "\\nhttps://x",
    "https://x\\n",
    "https://x\\njavascript:alert(1)",
    "https://x/\\u001bc",
    "https://x/\\u0085",
    'https://x/\\" onclick=\\"alert(1)',
    "https://x/><script>",
    "https://x/`y`",
)


@pytest.mark.parametrize("given", HIDDEN)
def test_the_link_back_never_runs_anything(file: Path, given: str) -> None:
    said = fault(f'source_url = "{given}"', file)
    wanted = '"none", or an address that begins with https://, http://, logseq://, obsidian://, vscode:// or zotero://'
    assert said.startswith(f"`source_url` must be {wanted}, not ")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "none",
        "https://notes.example/{page}#{id}",
        "HTTP://127.0.0.1:8080/{path}?line={line}",
        "logseq://graph/My graph?page={page}",
        "obsidian://open?vault=Bob's&file={path}",
        "vscode://file/home/me/{path}:{line}",
    ],
)
def test_the_link_back_leads_to_the_web_or_to_notes(file: Path, given: str) -> None:
    assert config.parse(f'source_url = "{given}"', file).source_url == given


@pytest.mark.parametrize("name", ["ankigen.toml", "pyproject.toml"])
@pytest.mark.parametrize("leads_to", ["../secret.toml", "/proc/self/environ", "../none.toml", ".hidden.toml", "a.json"])
def test_a_config_that_is_a_link_to_foreign_text_is_not_read(tmp_path: Path, name: str, leads_to: str) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for path in (tmp_path / "secret.toml", folder / ".hidden.toml", folder / "a.json"):
        path.write_text('[tool.ankigen]\nhunter2 = "hunter2"')
    (folder / name).symlink_to(leads_to)
    with pytest.raises(CannotRead) as caught:
        config.read(folder)
    assert str(caught.value).startswith(f"cannot read {folder / name}: a link leads ")
    assert "hunter2" not in str(caught.value)


def test_a_config_that_is_a_link_within_its_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/my.toml").write_text('tag_prefix = "x"')
    (tmp_path / "ankigen.toml").symlink_to("shared/my.toml")
    assert config.read(tmp_path).tag_prefix == "x"


@pytest.mark.parametrize("name", ["ankigen.toml", "pyproject.toml"])
def test_a_config_that_leads_round_in_a_circle_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(name)
    with pytest.raises(CannotRead, match=name):
        config.read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
@pytest.mark.parametrize("name", ["ankigen.toml", "pyproject.toml"])
def test_a_config_that_is_a_pipe_is_told(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(CannotRead, match="it is a pipe or a device, not a file"):
        config.read(tmp_path)
