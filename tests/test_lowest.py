"""Every package that ankigen runs with has a lower bound, which `make test-lowest` runs the tests at."""

from __future__ import annotations

import tomllib

from tests.helpers.documents import ROOT
from tests.lowest import lowest


def test_every_package_at_run_time_has_a_lower_bound() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    bounds = lowest(text)
    named = [line.partition(">")[0] for line in tomllib.loads(text)["project"]["dependencies"]]
    assert [bound.partition("==")[0] for bound in bounds] == named
