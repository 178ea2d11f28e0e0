"""A process that has imported all of ankigen, and forks for each command it is asked for.

It knows nothing of what a command does: a fork takes on the arguments, folder, variables and streams it was given, and
runs `ankigen` from its beginning. Who asks may be in Python (`processes.run`) or in a shell (`be_one`).
"""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:  # a shell waits for what this imports
    from collections.abc import Mapping, Sequence
    from typing import IO

_STREAMS = 3
_KILLED = -9


def ask(
    address: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str], streams: Sequence[int]
) -> tuple[int, IO[str]]:
    """Ask for a command; the id of the fork, and the line on which it will say how it ended."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [b"{"], streams)
        order = {"arguments": arguments, "folder": folder, "environment": dict(environment)}
        connection.sendall(json.dumps(order).encode()[1:])
        connection.shutdown(socket.SHUT_WR)
        replies = connection.makefile("r")
    return int(replies.readline()), replies


def code(replies: IO[str]) -> int:
    """Wait for the end of a fork; one that says nothing was killed."""
    return int(replies.readline() or _KILLED)


def be_one(address: str) -> int:
    """Have a fork do what this process was started for."""
    _, replies = ask(address, sys.argv[1:], os.getcwd(), os.environ, range(_STREAMS))  # noqa: PTH109 - pathlib is slow
    return code(replies)


def serve(address: str) -> None:
    """Fork for each connection, until the standard input ends."""
    import gc
    import select
    import signal

    _import_all()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        sys.stdout.write("listening\n")
        sys.stdout.flush()
        while sys.stdin not in (ready := select.select([sys.stdin, listener], [], [])[0]):
            assert ready == [listener]
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    signal.signal(signal.SIGINT, signal.default_int_handler)
                    os._exit(_become(connection))
            _bury()


def _bury() -> None:
    """Take note of the forks that have ended, so that their time counts as the tests'."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _import_all() -> None:
    import pkgutil
    from importlib import import_module

    import ankigen
    from ankigen import cli
    from ankigen.errors import NoSuchSource

    late = "filelock ftfy nh3 pygments.formatters.html pygments.lexers.python rapidfuzz requests rich.progress"
    ours = (module.name for module in pkgutil.walk_packages(ankigen.__path__, "ankigen."))
    for name in (*ours, *late.split()):
        import_module(name)
    with suppress(NoSuchSource):  # typer, too, imports what it needs when a command runs
        cli.app(["check", "/nowhere"], standalone_mode=False)


def _become(connection: socket.socket) -> int:
    """Be the command that is asked for; the exit code."""
    first, streams, _, _ = socket.recv_fds(connection, 1, _STREAMS)
    order = json.loads(first + b"".join(iter(lambda: connection.recv(65536), b"")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["ankigen", *order["arguments"]]
    sys.modules["__main__"].__package__ = ""  # where the program looks for its own name
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    connection.sendall(f"{os.getpid()}\n".encode())
    ended = _ended()
    connection.sendall(f"{ended}\n".encode())
    return ended


def _ended() -> int:
    """Run the command as Python runs a program: how it ends, and what is left to do then."""
    import threading
    import traceback

    from ankigen.__main__ import main

    try:
        main()
        ended = 0
    except SystemExit as end:
        ended = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        ended = 1
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - as multiprocessing does
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        ended = ended or 120
    return ended


if __name__ == "__main__":
    serve(sys.argv[1])
