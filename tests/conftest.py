"""What the tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.judge import Judge, open_judge


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the golden files anew; review the difference")


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with open_judge(tmp_path_factory.mktemp("collection")) as one:
        yield one
