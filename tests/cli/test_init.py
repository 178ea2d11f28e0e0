"""`ankigen init`: what it writes, what it finds, and that it never overwrites."""

import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from ankigen import api, config, scaffold
from ankigen.config import Config
from ankigen.errors import NoSuchSource
from tests.helpers.building import write
from tests.helpers.processes import run

CARD = "- Q #card\n\t- A\n"
needs_any_names = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="this system refuses such names")
WRITTEN = ["ankigen.toml", "ankigen.mk", ".github/workflows/decks.yml", ".pre-commit-config.yaml"]


def test_init_names_what_it_wrote_and_says_what_it_found(tmp_path: Path) -> None:
    write(tmp_path, a=CARD, b="deck:: Law\n\n" + CARD + "- Why? #card\n")
    done = run("init", folder=tmp_path)
    assert done.stdout.splitlines() == WRITTEN
    assert done.stderr.splitlines() == [
        "b.md:5:3: error: card has no answer: indent it below the question, or set empty_back [no-answer]",
        "    5 | - Why? #card",
        "      |   ^^^^",
        "2 notes, 2 cards, 2 decks, 1 error",
        "found a folder of plain Markdown; how cards are written there: docs/markdown.md",
        "  a: 1 note",
        "  Law: 1 note",
        "next: run `ankigen build`, then commit these files and ankigen.lock; a pushed tag becomes a release",
    ]
    assert not (tmp_path / "ankigen.lock").exists()


def test_init_never_overwrites_and_shows_what_it_would_have_written(tmp_path: Path) -> None:
    mine = {name: tmp_path / name for name in WRITTEN}
    for path in mine.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# mine\n")
    done = run("init", folder=tmp_path)
    assert done.stdout == ""
    assert "ankigen.mk exists and is kept; ankigen would have written:\n\n# Targets for your Makefile" in done.stderr
    assert {path.read_text() for path in mine.values()} == {"# mine\n"}
    assert "tag a question with #card" in done.stderr


def test_a_folder_within_a_repository_gets_its_workflow_where_the_service_looks(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "my notes", a=CARD)
    done = api.init(tmp_path / "my notes")
    assert [path.relative_to(tmp_path).as_posix() for path in done.written] == [
        "my notes/ankigen.toml",
        "my notes/ankigen.mk",
        ".github/workflows/decks.yml",
        ".pre-commit-config.yaml",
    ]
    assert 'SOURCE: "my notes"' in (tmp_path / ".github/workflows/decks.yml").read_text()


NAMES = (
    *("plain", "my notes", 'a"b', "a'b", "a\\b", "a\nb", "a: b", "a #b", "-rf", "--help", "!x", "&x", "*x", "%x", "@x"),
    *(
        "[x",
        "{x",
        "x: |",
        "~",
        "null",
        "yes",
        "1",
        "ü 日本 👩‍🔬",
        "\t",
        "a\x1b[31mb",
        "a\x7f\x85\u2028\ufeffb",
        "$HOME",
        "`id`",
    ),
    *("$(id)", ";id", "a\r\nb", "${{ github.token }}", "${{ '${{' }}", "${${{", "a${{b", "}}", "@VERSION@", "@SOURCE@"),
)


@needs_any_names
@pytest.mark.parametrize("name", NAMES)
def test_a_folder_of_any_name_gets_files_that_mean_it(name: str, tmp_path: Path) -> None:
    """Read as GitHub, pre-commit, make and ankigen read them."""
    (tmp_path / ".git").mkdir()
    notes = tmp_path / name
    write(notes, a=CARD)
    assert len(api.init(notes).written) == 4
    workflow = yaml.safe_load((tmp_path / ".github/workflows/decks.yml").read_text("utf-8"))
    source = evaluated(workflow["jobs"]["decks"]["env"]["SOURCE"])
    [repository] = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    program, command, path = shlex.split(repository["hooks"][0]["entry"])
    assert (program, command) == ("ankigen", "check")
    for named in (source, path):
        assert not named.startswith("-")
        assert (tmp_path / named).samefile(notes)
    assert config.read(notes) == Config(output=notes / "dist")


def evaluated(text: str) -> str:
    """What GitHub makes of a text with expressions, of which only a quoted text is harmless."""
    found = re.split(r"(\$\{\{.*?\}\})", text, flags=re.DOTALL)
    for number in range(1, len(found), 2):
        assert found[number] == "${{ '${{' }}"
        found[number] = "${{"
    return "".join(found)


def test_the_files_of_a_harmless_folder_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    api.init(write(tmp_path / "my notes", a=CARD))
    assert '\n      SOURCE: "my notes"\n' in (tmp_path / ".github/workflows/decks.yml").read_text()
    assert "\n        entry: \"ankigen check 'my notes'\"\n" in (tmp_path / ".pre-commit-config.yaml").read_text()


def test_a_missing_folder_is_no_folder_of_notes(tmp_path: Path) -> None:
    with pytest.raises(NoSuchSource):
        api.init(tmp_path / "missing")


def test_the_options_file_sets_the_output_alone(tmp_path: Path) -> None:
    path = tmp_path / "ankigen.toml"
    assert config.parse(scaffold.options_file(), path) == Config(output=tmp_path / "dist")


def test_every_option_in_the_file_can_be_switched_on(tmp_path: Path) -> None:
    text = re.sub(r"^# (?=\w+ = )", "", scaffold.options_file(), flags=re.MULTILINE)
    made = config.parse(text, tmp_path / "ankigen.toml")
    assert made.deck_rules == {"pages/law": "Law"}
    tables = tomllib.loads(text)
    named = [f"media.{name}" for name in tables.pop("media")]
    assert sorted([*tables, *named]) == sorted(option.name for option in config.options())
    defaults = Config()
    for name in ("card_tags", "embed_depth", "media", "context"):
        assert getattr(made, name) == getattr(defaults, name)
