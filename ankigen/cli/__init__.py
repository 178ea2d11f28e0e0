"""The command line: arguments, questions, progress and exit codes.

Each command is a few lines over one call of `api`.
"""

from ankigen.cli import adopt as adopt
from ankigen.cli import notes as notes  # its commands join the program as they are defined
from ankigen.cli import own_note_types as own_note_types
from ankigen.cli import pull as pull
from ankigen.cli import sync as sync
from ankigen.cli import watch as watch
from ankigen.cli.app import app, main

__all__ = ["app", "main"]
