"""Prints the lowest version of each package that ankigen says it runs with, for pip, as constraints."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_BOUND = re.compile(r"(?P<name>[\w.-]+)>=(?P<version>[\d.]+)")


def lowest(pyproject: str) -> list[str]:
    """A constraint for each package at run time; every one of them has a lower bound, and nothing else."""
    bounds = map(_BOUND.fullmatch, tomllib.loads(pyproject)["project"]["dependencies"])
    return [f"{bound['name']}=={bound['version']}" for bound in bounds if bound]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{bound}\n" for bound in lowest(Path("pyproject.toml").read_text("utf-8"))))
