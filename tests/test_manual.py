"""The manual says what the help texts say."""

import re

import pytest

from tests.helpers.documents import ROOT
from tests.helpers.manual import commands_page, man_page

COMMANDS, MAN = ROOT / "docs/commands.md", ROOT / "docs/ankigen.1"


def test_the_manual_is_made_of_the_help_texts(request: pytest.FixtureRequest) -> None:
    commands = commands_page()
    made = {COMMANDS: commands, MAN: man_page(commands)}
    if request.config.getoption("--golden"):
        for path, text in made.items():
            path.write_text(text, "utf-8")
    for path, text in made.items():
        # Commands and options, for other releases of typer and docutils lay the page out in another way.
        assert named(text) <= named(path.read_text("utf-8"))


def named(page: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+|ankigen [a-z]+", page.replace("\\-", "-")))
