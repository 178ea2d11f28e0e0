"""The files that a folder of notes needs to be checked, built and released."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from ankigen import config
from ankigen.config import Option
from ankigen.support.visible import as_json
from ankigen.version import __version__

_HERE = Path(__file__).parent
_HEAD = """\
# The options of ankigen for these notes. A line that begins with `#` shows a default, or an example where
# there is none: take the `#` away to change it. Written by `ankigen init`; it is yours to change."""
_VALUE = re.compile("@SOURCE@|@CHECK@")
_NO_EXPRESSION = "${{ '${{' }}"
"""What GitHub reads as these three characters: else a folder's name could ask for its secrets."""

_SET = {"output": '"dist/"'}
_EXAMPLES = {
    "source": '"notes"',
    "deck_from": '"folder"',
    "css": '"cards.css"',
    "deck_rules": '{ "pages/law" = "Law" }',
    "schedule": '"logseq"',
    "rules": '{ cloze-without-card = "off" }',
}


def files(source: PurePosixPath) -> Mapping[PurePosixPath, str]:
    """The texts of the files by path; paths, and `source`, the folder of notes, are relative to the repository."""
    return {
        source / config.FILE_NAME: options_file(),
        source / "ankigen.mk": _read("ankigen.mk", source),
        PurePosixPath(".github/workflows/decks.yml"): _read("decks.yml", source),
        PurePosixPath(".pre-commit-config.yaml"): _read("pre-commit.yaml", source),
    }


def _read(name: str, source: PurePosixPath) -> str:
    """The text of a template; in YAML a JSON text is a scalar, whatever stands in it."""
    path = f"./{source}" if str(source).startswith("-") else str(source)  # no option
    text = (_HERE / name).read_text("utf-8").replace("@VERSION@", __version__)
    values = {
        "@SOURCE@": path.replace("${{", _NO_EXPRESSION),
        "@CHECK@": shlex.join(["ankigen", "check", path]),
    }
    return _VALUE.sub(lambda found: as_json(values[found[0]]), text)


def options_file() -> str:
    """An `ankigen.toml` that explains every option and sets few."""
    return "\n".join([_HEAD, *_lines()]) + "\n"


def _lines() -> Iterator[str]:
    plain = [option for option in config.options() if "." not in option.name]
    tables = [option for option in config.options() if "." in option.name]
    for option in plain:
        yield from _option(option, option.name)
    for table in dict.fromkeys(option.name.partition(".")[0] for option in tables):
        yield from ("", f"[{table}]")
        for option in tables:
            if option.name.startswith(f"{table}."):
                yield from _option(option, option.name.partition(".")[2])


def _option(option: Option, name: str) -> Iterator[str]:
    yield from ("", f"# {option.meaning}; {option.values}")
    if option.name in _SET:
        yield f"{name} = {_SET[option.name]}"
    else:
        yield f"# {name} = {option.default or _EXAMPLES[option.name]}"
