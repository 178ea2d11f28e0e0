"""Kills a command before or after one of its requests, or takes Anki away from one on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from ankigen.errors import ExitCode
from tests.helpers.anki_server import Fault
from tests.helpers.desk import Desk
from tests.helpers.processes import Process


def has_died_at(desk: Desk, moment: str, point: int, command: str, *options: str, **environment: str) -> bool:
    """Kill a command on the notes `before` or `after` it has this number of requests; not if it has fewer."""
    victim: Future[Process] = Future()
    first = len(desk.server.requests)

    def kill(number: int) -> bool:
        if number == first + point:
            victim.result().kill()
            victim.result().wait()
        return number == first + point

    def die_before(number: int, _request: dict[str, Any]) -> Fault | None:
        return Fault.CUT_BEFORE if moment == "before" and kill(number) else None

    def die_after(number: int) -> None:
        if moment == "after":
            kill(number)

    desk.server.fault, desk.server.carried_out = die_before, die_after
    with desk.start(command, "notes", *options, **environment) as running:
        victim.set_result(running.process)
        code = running.done().returncode
    desk.server.fault, desk.server.carried_out = lambda _number, _request: None, lambda _number: None
    assert code == ExitCode.DONE or code not in set(ExitCode)
    return code != ExitCode.DONE


@contextmanager
def gone_from(desk: Desk, action: str, fault: Fault) -> Iterator[None]:
    """Anki answers nothing more from the first request with this action on, which has to come."""
    met: list[int] = []

    def gone(number: int, request: dict[str, Any]) -> Fault | None:
        if f'"{action}"' in json.dumps(request) and "apiReflect" not in json.dumps(request):
            met.append(number)
        return fault if met else None

    desk.server.fault = gone
    yield
    assert met
    desk.server.fault = lambda _number, _request: None
