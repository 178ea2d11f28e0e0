"""Makes sound files of texts with a program that only the user's own settings can name.

The program runs without a shell, in an empty folder, with the text as one argument or on standard input. Its results
are cached by all inputs.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ankigen.config import SpeechOptions
from ankigen.data import MediaFile, Refusal
from ankigen.errors import CannotWrite
from ankigen.support import files
from ankigen.support.hashing import digest

_PATIENCE = 60
"""In seconds, for one text."""
_MOST_FAILURES = 3
"""After this many failures in a row the program is not run again: otherwise it could hang for every card."""
_KEY_DIGITS = 32
_SUFFIXES = ("mp3", "wav", "ogg", "flac", "m4a")
_OPENINGS = {b"ID3": "mp3", b"RIFF": "wav", b"OggS": "ogg", b"fLaC": "flac"}
_MPEG_SYNC, _MPEG_FRAME = 0xFF, 0xE2
_RULE = "speak-nothing"


def speaker(options: SpeechOptions, cache: Path, name_of: Callable[[str, bytes], str]) -> Speaker | None:
    """The maker of sounds; `None` unless the settings name a program."""
    return Speaker(options.command, cache, name_of) if options.command.strip() else None


class Speaker:
    """Makes sounds with a command, cached in the folder `cache`.

    `name_of` makes the name in Anki from a file's name and content.
    """

    def __init__(
        self, command: str, cache: Path, name_of: Callable[[str, bytes], str], patience: float = _PATIENCE
    ) -> None:
        self._command = command
        self._cache = cache
        self._name_of = name_of
        self._patience = patience
        self._failures = 0
        self._last_failure = ""

    def say(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal:
        """The sound of a text, or why there is none."""
        voice = voices.partition(",")[0] or language
        key = digest(self._command, language, voice, speed, text, length=_KEY_DIGITS)
        if path := self._kept(key):
            return self._file(path)
        if self._failures >= _MOST_FAILURES:
            return _refused(self._last_failure)
        values = {"text": _as_argument(text), "lang": language, "voice": voice, "speed": speed or "1"}
        made = self._made(values, text)
        if isinstance(made, str):
            self._failures, self._last_failure = self._failures + 1, made
            return _refused(made)
        self._failures = 0
        return self._keep(key, made)

    def _kept(self, key: str) -> Path | None:
        paths = (self._cache / f"{key}.{suffix}" for suffix in _SUFFIXES)
        return next((path for path in paths if path.is_file()), None)

    def _keep(self, key: str, content: bytes) -> MediaFile | Refusal:
        path = self._cache / f"{key}.{_suffix(content)}"
        try:
            files.replace(path, content)
        except (OSError, CannotWrite) as failure:
            return _refused(f"its sound cannot be kept ({failure})")
        return self._file(path)

    def _file(self, path: Path) -> MediaFile:
        return MediaFile(self._name_of(f"speech{path.suffix}", path.read_bytes()), str(path))

    def _made(self, values: Mapping[str, str], text: str) -> bytes | str:
        """The sound of a text, or what went wrong."""
        try:
            words = shlex.split(self._command)
        except ValueError as failure:
            return f"the command cannot be read ({failure})"
        program = _program(words[0])
        if program is None:
            return f"there is no program {words[0]} on the PATH, nor at an absolute path"
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "speech.mp3")
            arguments = [_filled(word, {**values, "out": str(out)}) for word in words[1:]]
            try:
                subprocess.run(  # noqa: S603 - no shell
                    [program, *arguments],
                    input=text.encode(),
                    check=True,
                    capture_output=True,
                    timeout=self._patience,
                    cwd=folder,
                )
                content = out.read_bytes() if out.is_file() else b""
            except subprocess.CalledProcessError as failure:
                lines = failure.stderr.decode(errors="replace").strip().splitlines()
                return f"{words[0]} failed ({lines[-1] if lines else 'without a word'})"
            except (OSError, ValueError, subprocess.TimeoutExpired) as failure:
                return f"{words[0]} failed ({failure})"
        return content if _suffix(content) else f"{words[0]} wrote no sound to {{out}}"


def _program(name: str) -> str | None:
    """The program with that name, never one at a path relative to the notes."""
    path = Path(name).expanduser()
    if path.is_absolute():
        return str(path) if path.is_file() else None
    return shutil.which(name) if path.name == name else None


def _filled(word: str, values: Mapping[str, str]) -> str:
    """An argument with its placeholders replaced; inserted values are not expanded again."""
    parts = word.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closing, rest = part.partition("}")
        filled.append(values[name] + rest if closing and name in values else "{" + part)
    return "".join(filled)


def _as_argument(text: str) -> str:
    """The text in a form that no program takes for an option."""
    return text.lstrip("-/@ ")


def _suffix(content: bytes) -> str:
    """The suffix for the kind of sound; empty if it is not a sound."""
    if content[4:8] == b"ftyp":
        return "m4a"
    if len(content) > 1 and content[0] == _MPEG_SYNC and content[1] >= _MPEG_FRAME:
        return "mp3"
    return next((suffix for opening, suffix in _OPENINGS.items() if content.startswith(opening)), "")


def _refused(why: str) -> Refusal:
    return Refusal(_RULE, f"no sound file is made of this card: {why}; until tts.command is fixed, Anki reads it")
