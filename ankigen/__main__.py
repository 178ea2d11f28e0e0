"""`ankigen`, and `python -m ankigen`.

Help is a page that is kept: to make it anew takes the command line's library five times as long as Python's own start.
"""

import gc
import os
import sys


def main() -> None:
    """Show the page of help, or else run the command.

    The collector of cycles is off: what a run makes lives until its end, and looking through it takes time.
    """
    gc.disable()
    if sys.argv[1:] == ["--help"]:
        _show_help()
    else:
        from ankigen import cli  # noqa: PLC0415 - help must not wait for it

        cli.main()


def run() -> None:
    """Be the whole of a process: end at once, without freeing first, one by one, all that was made."""
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    except KeyboardInterrupt:  # before there was a command that could say how things stand
        from ankigen.errors import Stopped  # noqa: PLC0415

        sys.stderr.write(f"ankigen: {Stopped()}\n")
        code = Stopped.exit_code
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads what was printed: Python knows how to end then
        sys.exit(1)
    os._exit(code if isinstance(code, int) else 1)


def _show_help() -> None:
    folder = os.path.dirname(__file__)  # noqa: PTH120 - pathlib doubles the time
    with open(os.path.join(folder, "help.txt"), encoding="utf-8") as page:  # noqa: PTH118, PTH123
        sys.stdout.write(page.read())


if __name__ == "__main__":
    run()
