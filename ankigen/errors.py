"""Failures of the world: one class per situation, each with the advice and the exit code that the user gets."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    ERRORS_IN_NOTES = 1
    WRONG_COMMAND_LINE = 2
    FAILED = 3
    PROTECTED = 4
    CHANGES_PENDING = 5


class AnkigenError(Exception):
    """Something that the user can mend; its text is one line of advice."""

    exit_code = ExitCode.FAILED
