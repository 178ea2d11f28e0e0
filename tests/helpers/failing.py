"""ankigen in a process in which a bug shows itself as soon as a sync server has answered.

python -m tests.helpers.failing sync notes --yes --to https://sync.example.org/
"""

from __future__ import annotations

from ankigen import cli
from ankigen.targets.collection import server


def fail(_seconds: float) -> None:
    """Fail as a bug does, below frames that hold the key and the password."""
    message = "an accident of tests"
    raise AssertionError(message)


if __name__ == "__main__":
    vars(server)["_pause"] = fail
    cli.main()
