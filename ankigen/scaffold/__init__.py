"""The files that `ankigen init` writes to check, build and release a folder of notes."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path, PurePosixPath

from ankigen import config
from ankigen.config import Option
from ankigen.scaffold.note_type_files import copied as copied
from ankigen.scaffold.note_type_files import example as example
from ankigen.support.visible import as_json
from ankigen.version import __version__

_HERE = Path(__file__).parent
_HEAD = """\
# The options of ankigen for these notes. A line that begins with `#` shows a default, or an example if there
# is none: remove the `#` to change it. Written by `ankigen init`; it is yours to change."""
_VALUE = re.compile("@(?:SOURCE|CHECK|BUILD)@")
_SOURCES = re.compile(r'^(?P<name> +(?:SOURCE|value): )(?P<paths>"(?:[^"\\]|\\.)*")$', re.MULTILINE)
"""The line of a workflow that lists its folders of notes, as a JSON text with one folder per line."""
_INCLUDED = re.compile("@(?P<steps>STEPS|RELEASE)@\\n")
"""Steps that are identical in ankigen's own action."""
_NO_EXPRESSION = "${{ '${{' }}"
"""GitHub evaluates this to these three characters; otherwise a folder's name could read secrets."""

_SET = {"output": '"dist/"', "source_url": '"none"'}
_SET_IN_GRAPH = {"context": '"none"'}
_WHY = {
    "source_url": "Set for published decks: links back would not work for others, and show the name of your graph.",
    "context": "Set for published decks: the cards would show page names, journal dates and the lines above them.",
}
_EXAMPLES = {
    "source": '"notes"',
    "deck_from": '"folder"',
    "css": '"cards.css"',
    "deck_rules": '{ "pages/law" = "Law" }',
    "schedule": '"logseq"',
    "rules": '{ cloze-without-card = "off" }',
}


class Host(Enum):
    """The hosting service of a repository; the value is the path of its workflow file."""

    GITHUB = PurePosixPath(".github/workflows/decks.yml")
    GITLAB = PurePosixPath(".gitlab-ci.yml")
    FORGEJO = PurePosixPath(".forgejo/workflows/decks.yml")


_TEMPLATES = {Host.GITHUB: "decks.yml", Host.GITLAB: "gitlab-ci.yml", Host.FORGEJO: "forgejo.yml"}
_HOSTS = {"gitlab": Host.GITLAB, "codeberg": Host.FORGEJO, "forgejo": Host.FORGEJO}
"""By a word in the repository's URL; the default is GitHub."""
HOOKS = PurePosixPath(".pre-commit-config.yaml")
IGNORED = PurePosixPath(".gitignore")
_PACKAGES = "*.apkg\n"
"""Ignored by git, because packages can be rebuilt byte for byte."""


def host_of(remote: str) -> Host:
    """The hosting service of a repository by its URL, given in lower case."""
    return next((host for word, host in _HOSTS.items() if word in remote), Host.GITHUB)


def files(source: PurePosixPath, *, is_graph: bool = False, host: Host = Host.GITHUB) -> Mapping[PurePosixPath, str]:
    """The texts of the files by path; all paths, and `source`, the notes' folder, are relative to the repository."""
    return {
        source / config.FILE_NAME: options_file(is_graph=is_graph),
        source / "ankigen.mk": _read("ankigen.mk", source),
        host.value: _read(_TEMPLATES[host], source),
        HOOKS: _read("pre-commit.yaml", source),
        IGNORED: _PACKAGES,
    }


def with_course(existing: str, workflow: str) -> str | None:
    """An existing workflow with the course of another one added; `None` if init did not write it."""
    courses = _courses_of(existing)
    if "Written by `ankigen init`" not in existing or not courses:
        return None
    return _with_courses(existing, [*courses, *(course for course in _courses_of(workflow) if course not in courses)])


def says_the_same(existing: str, workflow: str) -> bool:
    """Whether an existing workflow is as init would write it, and includes the other one's course."""
    courses = _courses_of(existing)
    return {*_courses_of(workflow)} <= {*courses} and existing == _with_courses(workflow, courses)


def _courses_of(workflow: str) -> list[str]:
    """The folders of notes in a workflow; none if its jobs name different ones."""
    lists = {found["paths"] for found in _SOURCES.finditer(workflow)}
    try:
        return json.loads(lists.pop()).split("\n") if len(lists) == 1 else []
    except ValueError:  # YAML that is not JSON
        return []


def _with_courses(workflow: str, courses: list[str]) -> str:
    paths = as_json("\n".join(courses))
    return _SOURCES.sub(lambda found: f"{found['name']}{paths}", workflow)


def more_hooks(existing: str, hooks: str) -> str | None:
    """The hooks for another course that an existing file lacks; `None` if init did not write the file."""
    head, _, own = hooks.partition("repos:\n")
    return own if existing.startswith(f"{head}repos:\n") and own not in existing else None


def _read(name: str, source: PurePosixPath) -> str:
    """The filled-in text of a template; in YAML any JSON string is a scalar."""
    path = f"./{source}" if str(source).startswith("-") else str(source)  # not an option
    text = _INCLUDED.sub(_steps, (_HERE / name).read_text("utf-8")).replace("@VERSION@", __version__)
    values = {
        "@SOURCE@": path if name == _TEMPLATES[Host.GITLAB] else path.replace("${{", _NO_EXPRESSION),
        "@CHECK@": shlex.join(["ankigen", "check", path]),
        "@BUILD@": shlex.join(["ankigen", "build", path, "--quiet"]),
    }
    return _VALUE.sub(lambda found: as_json(values[found[0]]), text)


def _steps(included: re.Match[str]) -> str:
    lines = (_HERE / f"{included['steps'].lower()}.yml").read_text("utf-8")
    return textwrap.indent(lines, "      ")


def options_file(*, is_graph: bool = False) -> str:
    """An `ankigen.toml` that explains all options and sets few; in a Logseq graph also those that keep it private."""
    return "\n".join([_HEAD, *_lines(_SET | (_SET_IN_GRAPH if is_graph else {}))]) + "\n"


def _lines(values: Mapping[str, str]) -> Iterator[str]:
    plain = [option for option in config.options() if "." not in option.name]
    tables = [option for option in config.options() if "." in option.name and option.name not in config.OF_THE_USER]
    for option in plain:
        yield from _option(option, option.name, values)
    for table in dict.fromkeys(option.name.partition(".")[0] for option in tables):
        yield from ("", f"[{table}]")
        for option in tables:
            if option.name.startswith(f"{table}."):
                yield from _option(option, option.name.partition(".")[2], values)


def _option(option: Option, name: str, values: Mapping[str, str]) -> Iterator[str]:
    yield from ("", f"# {option.meaning}; {option.values}")
    if option.name in values:
        yield from (f"# {why}" for why in (_WHY.get(option.name),) if why)
        yield f"{name} = {values[option.name]}"
    else:
        yield f"# {name} = {option.default or _EXAMPLES[option.name]}"
