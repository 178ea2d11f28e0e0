"""The manual of all commands, from their help texts: as a page for the site, and as a page for `man`."""

from __future__ import annotations

import re
import subprocess
import sys

import mistune
from docutils.core import publish_string
from mistune.renderers.rst import RSTRenderer

_HEAD = """=======
ankigen
=======

---------------------------
Anki decks from plain notes
---------------------------

:Manual section: 1
:Manual group: ankigen

"""
_TABLE = re.compile(r"^(?P<title>Examples|Exit codes|Environment):\n(?P<lines>(?:  .*\n)+)", re.MULTILINE)


def commands_page() -> str:
    """What typer makes of the help texts, in Markdown; the tables in them keep their columns."""
    made = subprocess.run(
        [sys.executable, "-m", "typer", "ankigen.cli", "utils", "docs", "--name", "ankigen", "--title", "Commands"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    usage = made.rstrip().replace("```console\n$ ", "```text\n") + "\n"
    return _TABLE.sub(r"**\g<title>**:\n\n```text\n\g<lines>```\n", usage)


def man_page(commands: str) -> str:
    """The same as a page for `man`."""
    text = mistune.create_markdown(renderer=RSTRenderer())(commands)
    body = re.sub(r"\A.*\n=+\n", "", str(text).lstrip())
    settings = {"output_encoding": "unicode", "report_level": 2, "halt_level": 2}
    page = publish_string(_HEAD + body, writer="manpage", settings_overrides=settings)
    return "".join(line for line in str(page).splitlines(keepends=True) if not line.startswith('.\\"'))
