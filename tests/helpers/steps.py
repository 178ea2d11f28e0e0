"""The steps of a workflow or action, run as the service runs them: bash, `-e -o pipefail`, its variables."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_INPUT = re.compile(r"\$\{\{ inputs\.(?P<name>[\w-]+) \}\}")


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def filled(value: str, inputs: Mapping[str, str]) -> str:
    """The value with the inputs that its expressions name."""
    return _INPUT.sub(lambda found: inputs[found["name"]], value)


def lint(workflow: Path) -> None:
    """Have actionlint read a workflow, and shellcheck the commands in it."""
    actionlint = Path(sysconfig.get_path("scripts"), "actionlint")
    shellcheck = Path(sysconfig.get_path("scripts"), "shellcheck")
    done = subprocess.run(
        [actionlint, "-shellcheck", shellcheck, workflow], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def audit(workflow: Path) -> None:
    """Have zizmor look for holes in a workflow or an action, without asking anybody on the net."""
    zizmor = Path(sysconfig.get_path("scripts"), "zizmor")
    command = [str(zizmor), "--offline", "--no-progress", "--no-config", str(workflow)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def run(step: Mapping[str, Any], folder: Path, inputs: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """Run the shell of one step; what it printed."""
    own = {name: filled(value, inputs) for name, value in step.get("env", {}).items()}
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        shell, cwd=folder, env={**os.environ, **environment, **own}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
