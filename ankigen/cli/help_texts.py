"""Help that is readable at any width, and completion for any shell.

click uses at least fifty columns, so narrower terminals cut words in two; and typer only completes for the shell that
it runs in.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import typer

from ankigen.errors import ExitCode
from ankigen.support.visible import shown

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
_COMPLETIONS = {
    "--install-completion": "Install completion for the current shell, or for the named one: bash, zsh, fish, "
    "powershell.",
    "--show-completion": "Show the script for that.",
}
_PROGRAM, _VARIABLE = "ankigen", "_ANKIGEN_COMPLETE"
_TWO_COLUMNS = re.compile(r"(?P<indent> *)(?P<left>\S.*?) {2,}(?P<right>\S.*)")
_NARROWEST, _OF_CLICK = 20, 50
_HANGING = "    "


def fit(formatter: Any) -> None:
    """Let a help formatter use no more columns than the terminal has."""
    columns = shutil.get_terminal_size().columns - 2
    if columns < _OF_CLICK:
        formatter.width = max(columns, _NARROWEST)
        formatter.write_dl = partial(_write_stacked, formatter)


def _write_stacked(formatter: Any, rows: Iterable[tuple[str, str]], *_: object, **__: object) -> None:
    """Write each name with its meaning below: two columns would be too narrow for words."""
    indent = " " * formatter.current_indent
    for name, meaning in rows:
        for line in (
            *_wrapped(indent + name, formatter.width),
            *_wrapped(indent + _HANGING + meaning, formatter.width),
        ):
            formatter.write(f"{line}\n")


def write_epilog(epilog: str, formatter: Any) -> None:
    """Write parts whose lines are kept, if they fit."""
    for part in epilog.split("\n\n"):
        formatter.write("\n")
        for line in part.replace("\b\n", "").split("\n"):
            for short in _lines(f"  {line}", formatter.width):
                formatter.write(f"{short}\n")


def _lines(line: str, width: int) -> Iterator[str]:
    columns = _TWO_COLUMNS.fullmatch(line)
    if len(line) <= width or columns is None:
        yield from _wrapped(line, width)
    else:
        yield from _wrapped(f"{columns['indent']}{columns['left']}", width)
        yield from _wrapped(f"{columns['indent']}{_HANGING}{columns['right']}", width)


def _wrapped(line: str, width: int) -> list[str]:
    """The line wrapped between words, with the same indent."""
    if len(line) <= width:
        return [line]
    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text))
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def describe_completion(parameters: Sequence[Any]) -> None:
    """Say in the options that a shell can be named."""
    for parameter in parameters:
        for name in parameter.opts:
            parameter.help = _COMPLETIONS.get(name, getattr(parameter, "help", None))


def complete_for(arguments: Sequence[str]) -> None:
    """Install or show the completion of a named shell, and exit; typer does everything else."""
    if len(arguments) != 2 or arguments[0] not in _COMPLETIONS:
        return
    option, shell = arguments
    if shell not in SHELLS:
        raise typer.BadParameter(f"there is no completion for {shell}, only for {', '.join(SHELLS)}")
    from typer import _completion_shared as scripts  # noqa: PLC0415 - typer has it under no other name

    if option == "--show-completion":
        typer.echo(scripts.get_completion_script(prog_name=_PROGRAM, complete_var=_VARIABLE, shell=shell))
    else:
        _, path = scripts.install(shell=shell, prog_name=_PROGRAM, complete_var=_VARIABLE)
        typer.echo(shown([f"completion for {shell} is in {path}: open a new terminal"]))
    raise typer.Exit(ExitCode.DONE)
