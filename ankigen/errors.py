"""Failures of the world: one class per situation, each with the advice and the exit code that the user gets."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path


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


class NoSuchSource(AnkigenError):
    """The notes named on the command line are not there."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, source: Path) -> None:
        super().__init__(f"no such file or folder: {source}")


class NotANote(AnkigenError):
    """The file named on the command line is in no language that ankigen reads."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, source: Path, suffixes: str) -> None:
        super().__init__(f"{source} is not a file of notes; ankigen reads {suffixes}")


class NoCards(AnkigenError):
    """There is nothing to put into a package."""

    exit_code = ExitCode.ERRORS_IN_NOTES

    def __init__(self, source: Path) -> None:
        super().__init__(f"nothing to build: no card was made from {source}; tag a question with #card")


class ErrorsInNotes(AnkigenError):
    """`--strict` met a mistake in the notes."""

    exit_code = ExitCode.ERRORS_IN_NOTES

    def __init__(self) -> None:
        super().__init__("nothing was built: --strict stops at the problems above")


class CannotWrite(AnkigenError):
    """A file could not be replaced; the one that was there is untouched."""

    def __init__(self, path: Path, failure: OSError) -> None:
        super().__init__(f"cannot write {path}: {failure.strerror or failure}")


class CannotRead(AnkigenError):
    """A file that is not a note, and that ankigen needs, cannot be read."""

    def __init__(self, path: Path, failure: OSError) -> None:
        super().__init__(f"cannot read {path}: {failure.strerror or failure}")


class ChangedMeanwhile(AnkigenError):
    """A file of notes is no longer what was read; writing would undo somebody's edit."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changed while it was read: nothing was written to it; run the command again")


class BrokenLock(AnkigenError):
    """The lock file is damaged; going on would forget which note is which."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path, line: int, fault: str) -> None:
        super().__init__(f"{path}:{line}: {fault}")


class StaleLock(AnkigenError):
    """`--locked`, and the lock file is not what these notes ask for."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not match the notes: run `ankigen build` without --locked and commit the file")


class BrokenConfig(AnkigenError):
    """The file of options says something that ankigen does not understand."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
