"""The command line: arguments, questions, progress and exit codes."""

from ankigen.cli.app import app, main

__all__ = ["app", "main"]
