"""Commands that read their parameters without pydantic if they can.

typer passes every value to pydantic, even one that was not given, and importing pydantic takes a quarter of the time of
a small check.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ankigen.cli import help_texts
from ankigen.data import ProblemFormat
from ankigen.support.visible import shown

_PATHS = frozenset({"source", "output", "removed"})
_TEXTS = frozenset({"url", "to", "since", "query", "deck", "tag", "name"})
_UsageError: Any = typer.BadParameter.__mro__[1]
"""typer's error for a wrong command line, which it does not export."""


@contextlib.contextmanager
def _quoted() -> Iterator[None]:
    """Quote a wrong command line on one visible line: a shell may put file names into it."""
    try:
        yield
    except _UsageError as mistake:
        mistake.message = shown([mistake.message.replace("Value error, ", "")])  # from a library below typer
        raise


class Command(TyperCommand):
    """A command that parses paths and strings itself, and skips values that were not given."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, as wide as the terminal."""
        help_texts.fit(formatter)
        super().format_help(ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples."""
        help_texts.write_epilog(self.epilog or "", formatter)

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence of the help, whole."""
        return super().get_short_help_str(10_000)

    def get_params(self, ctx: Any) -> Any:
        """The parameters, and the option for help."""
        return _reading_alone(super().get_params(ctx))

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """The command line, read."""
        with _quoted():
            return super().make_context(*arguments, **options)


_MET = (
    "init", "build", "check", "watch", "preview", "list", "plan", "sync", "pull", "adopt", "report", "note-type",
    "occlude", "stamp", "changelog",
)  # fmt: skip


class Group(TyperGroup):
    """The program, whose own options are parsed like those of its commands."""

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence of the help, whole."""
        return super().get_short_help_str(10_000)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order in which people need them."""
        names = super().list_commands(ctx)
        return sorted(names, key=_MET.index) if {*names} <= {*_MET} else names

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, as wide as the terminal."""
        help_texts.fit(formatter)
        super().format_help(ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The tables below the commands."""
        help_texts.write_epilog(self.epilog or "", formatter)

    def get_params(self, ctx: Any) -> Any:
        """The parameters, and the option for help."""
        parameters = _reading_alone(super().get_params(ctx))
        help_texts.describe_completion(parameters)
        return parameters

    def parse_args(self, ctx: Any, args: Any) -> Any:
        """The command line, read."""
        help_texts.complete_for(args)
        return super().parse_args(ctx, args)

    def make_context(self, info_name: Any, args: Any, *arguments: Any, **options: Any) -> Any:
        """The command line, parsed; without one, typer raises the help as an error, which is our own text."""
        with _quoted() if args else contextlib.nullcontext():
            return super().make_context(info_name, args, *arguments, **options)

    def resolve_command(self, *arguments: Any) -> Any:
        """The command that the user named."""
        with _quoted():
            return super().resolve_command(*arguments)


def _reading_alone(parameters: Any) -> Any:
    for parameter in parameters:
        parameter.process_value = partial(_value, parameter)
        if parameter.name in _PATHS | {"folder"}:  # the name says that it is a path
            parameter.display_type_rich = partial(_named, parameter.metavar if parameter.opts[0][:1] == "-" else "")
    return parameters


def _named(name: str | None, ctx: Any = None) -> str:
    return name or ""


def _value(parameter: Any, context: Any, value: Any) -> Any:
    if value is None and not parameter.required:
        return parameter.callback(context, parameter, None) if parameter.callback else None
    if isinstance(value, list | tuple) and parameter.name in _PATHS | _TEXTS:
        return [_value(parameter, context, item) for item in value] or None
    if isinstance(value, ProblemFormat) or parameter.name in _TEXTS:
        return value
    if parameter.name in _PATHS and isinstance(value, str) and _may_be_read(value):
        return Path(value)
    return type(parameter).process_value(parameter, context, value)


def _may_be_read(path: str) -> bool:
    """Whether typer would accept a path: it refuses one that exists but cannot be read."""
    return os.access(path, os.R_OK) or not Path(path).exists()
