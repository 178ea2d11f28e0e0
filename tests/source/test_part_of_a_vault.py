"""A part of a vault is built: pictures of the rest are not read, for a stranger may have written it; advice says so."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.helpers.building import write
from tests.helpers.processes import run

WHERE = "pictures are read below {0}/part alone, a part of the vault {0}"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A vault whose attachments lie at its top; `part` shows one of them."""
    vault = tmp_path / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    (vault / ".obsidian/app.json").write_text('{"attachmentFolderPath": "attachments"}')
    (vault / "attachments").mkdir()
    (vault / "attachments/leaf.svg").write_text(PICTURE)
    write(vault / "part", a="- What is it? #card\n\t- ![[leaf.svg]]\n")
    write(vault, b="- Other? #card\n\t- yes\n")
    return vault


def told(vault: Path, *arguments: str) -> list[str]:
    return [line for line in run(*arguments, folder=vault).stderr.splitlines() if line.startswith("pictures are read")]


def test_a_first_build_of_a_part_says_where_pictures_are_read_and_what_to_do(vault: Path) -> None:
    assert told(vault, "check", "part") == [
        f"{WHERE.format(vault)}: copy them, or build the vault, and this part of it then"
    ]


def test_what_the_advice_says_works(vault: Path) -> None:
    assert run("build", ".", "-o", "all/", folder=vault).returncode == 0
    done = run("build", "part", "-o", "part.apkg", folder=vault)
    assert (done.stdout, done.stderr) == ("part.apkg\n", "1 note, 1 card, 1 deck, no problems\n")


def test_a_part_with_a_lock_file_is_not_sent_to_the_vault_where_its_cards_would_be_new(vault: Path) -> None:
    run("build", "part", "-o", "part.apkg", folder=vault)
    write(vault / "part", c="- Else? #card\n\t- yes\n")
    run("build", "part", "-o", "part.apkg", folder=vault)
    assert told(vault, "check", "part") == [f"{WHERE.format(vault)}: copy them"]


def test_nobody_else_is_told(vault: Path) -> None:
    assert told(vault, "check", ".") == []
    (vault / "part/leaf.svg").write_text(PICTURE)
    assert told(vault, "check", "part") == []
    (vault / "part/leaf.svg").unlink()
    (vault / "part/.obsidian").mkdir()
    (vault / "part/.obsidian/app.json").write_text("{}")
    assert told(vault, "check", "part") == [], "a vault in a vault"
    (vault / ".obsidian/app.json").unlink()
    (vault / "part/.obsidian/app.json").unlink()
    assert told(vault, "check", "part") == []


@pytest.mark.parametrize(
    "target",
    [
        *(
            "leaf.svg",
            "attachments/leaf.svg",
            "/attachments/leaf.svg",
            "../attachments/leaf.svg",
            "..%2Fattachments/leaf.svg",
        ),
        *("VAULT/attachments/leaf.svg", "file://VAULT/attachments/leaf.svg", "link.svg", "folder/leaf.svg"),
    ],
)
@pytest.mark.parametrize("embed", ["![[{}]]", "![](<{}>)"])
def test_no_way_to_write_it_brings_a_picture_of_the_rest(vault: Path, target: str, embed: str) -> None:
    (vault / "part/link.svg").symlink_to(vault / "attachments/leaf.svg")
    (vault / "part/folder").symlink_to(vault / "attachments")
    write(vault / "part", a=f"- What? #card\n\t- x {embed.format(target.replace('VAULT', str(vault)))}\n")
    run("build", "part", "-o", "part.apkg", folder=vault)
    assert "leaf" not in "".join(media_of(vault / "part.apkg"))


def media_of(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as opened:
        return list(json.loads(opened.read("media")).values())


def test_the_whole_vault_brings_it(vault: Path) -> None:
    """What the tests above would see."""
    run("build", ".", "-o", "all.apkg", folder=vault)
    assert "leaf" in "".join(media_of(vault / "all.apkg"))
