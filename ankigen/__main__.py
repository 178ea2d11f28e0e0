"""`ankigen`, and `python -m ankigen`.

Two tricks of the interpreter stand here, and nowhere else, with what they buy on a build of 10,000 kept notes (0.42 s):
the collector of cycles is off, and the process ends without freeing what it made. Together they are 29 % of such a
build, 33 % of a check of as many, 28 % of a check of one small folder.
"""

import gc
import os
import sys


def main() -> None:
    """Run the command. What a run makes lives until its end, so nothing looks for cycles in it."""
    gc.disable()
    from ankigen import cli  # noqa: PLC0415 - an interrupt while it loads is told as one, by `run`

    cli.main()


def run() -> None:
    """Be the whole of a process: end at once, without freeing first, one by one, all that was made."""
    _read_names_as_utf8()
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
    except BrokenPipeError:  # nobody reads what was printed: Python knows how to end then
        sys.exit(1)
    except OSError:  # what could not be printed was told, and is the reason why the command failed
        code = code or 3
    os._exit(code if isinstance(code, int) else 1)


def _read_names_as_utf8() -> None:
    """Begin anew where Python takes the names of files for ASCII: elsewhere the same notes would have other names."""
    if sys.getfilesystemencoding() == "ascii" and sys.executable:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


if __name__ == "__main__":
    run()
