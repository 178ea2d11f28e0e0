"""Sound files of what is read aloud: made by the user's own program alone, once for each text, and never by a shell."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from ankigen import api, config
from ankigen.config import Config, SpeechOptions
from ankigen.data import MediaFile, Refusal
from ankigen.errors import BrokenConfig
from ankigen.source import load
from ankigen.source.media import media_name
from ankigen.source.speech import Speaker, speaker
from ankigen.support import folders
from tests.helpers.building import NOON, named, write
from tests.helpers.pages import fields_of

PROGRAM = """
import pathlib, sys
log, out, *words = sys.argv[1:]
with open(log, "a", encoding="utf-8") as file:
    print([*words, sys.stdin.read(), str(pathlib.Path.cwd()) == str(pathlib.Path(out).parent)], file=file)
pathlib.Path(out).write_bytes(b"RIFF" + " ".join(words).encode())
"""
CARD = "- le chat #card\n  speak:: fr_FR\n\t- the cat\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path / "log"


def command(log: Path, *words: str) -> str:
    program = [sys.executable, str(log.parent / "program.py"), str(log)]
    return " ".join([*map(shlex.quote, program), "{out}", *words])


def speaking(log: Path, line: str, patience: float = 30) -> Speaker:
    return Speaker(line, log.parent / "sounds", media_name, patience)


def calls(log: Path) -> list[str]:
    return log.read_text("utf-8").splitlines() if log.exists() else []


def test_nothing_is_made_unless_a_program_is_named(tmp_path: Path) -> None:
    assert speaker(SpeechOptions(), tmp_path, media_name) is None
    assert speaker(SpeechOptions("  "), tmp_path, media_name) is None


def test_a_text_is_made_once_and_anew_for_another_text_voice_speed_or_command(log: Path) -> None:
    line = command(log, "{voice}", "{speed}", "{text}")
    asked = [("le chat", "fr_FR", "", ""), ("le chien", "fr_FR", "", ""), ("le chat", "fr_FR", "Ann,Bob", ""),
             ("le chat", "fr_FR", "", "0.8")]  # fmt: skip
    made = [speaking(log, line).say(*words) for words in asked]
    assert all(isinstance(file, MediaFile) for file in made)
    assert calls(log) == [
        "['fr_FR', '1', 'le chat', 'le chat', True]",
        "['fr_FR', '1', 'le chien', 'le chien', True]",
        "['Ann', '1', 'le chat', 'le chat', True]",
        "['fr_FR', '0.8', 'le chat', 'le chat', True]",
    ]
    assert [speaking(log, line).say(*words) for words in asked] == made
    assert len(calls(log)) == len(asked), "what is kept is not made again"
    speaking(log, f"{line} more").say(*asked[0])
    assert len(calls(log)) == len(asked) + 1


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("$(touch x); `touch y` && 'z' \"", "$(touch x); `touch y` && 'z' \""),
        ("{out} {voice}", "{out} {voice}"),
        ("--out=/etc/passwd", "out=/etc/passwd"),
        ("@/etc/passwd", "etc/passwd"),
        ("a b", "a b"),
    ],
)
def test_a_text_is_one_argument_and_no_option(log: Path, text: str, argument: str) -> None:
    speaking(log, command(log, "{text}")).say(text, "fr_FR", "", "")
    assert calls(log) == [repr([argument, text, True])]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("no-such-program {out}", "there is no program no-such-program on the PATH, nor at an absolute path"),
        ("./program.py {out}", "there is no program ./program.py on the PATH"),
        ("a 'b", "the command cannot be read"),
        (f"{shlex.quote(sys.executable)} -c 'raise SystemExit(\"no voice\")'", "failed (no voice)"),
        (f"{shlex.quote(sys.executable)} -c ''", "wrote no sound to {out}"),
    ],
)
def test_a_program_that_fails_is_a_problem_with_its_own_words(
    log: Path, line: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(log.parent)
    made = speaking(log, line).say("le chat", "fr_FR", "", "")
    assert isinstance(made, Refusal)
    assert why in made.message
    assert "tts.command" in made.message


def test_a_program_that_hangs_is_stopped_and_after_three_failures_not_run_again(log: Path) -> None:
    hanging = f"{shlex.quote(sys.executable)} -c 'import signal; signal.pause()'"
    made = speaking(log, hanging, patience=0.3).say("le chat", "fr_FR", "", "")
    assert isinstance(made, Refusal)
    assert "timed out" in made.message
    failing = speaking(log, f"{command(log)} && exit".replace("{out}", f"{log.parent}/none/x"))
    assert all(isinstance(failing.say(text, "fr_FR", "", ""), Refusal) for text in "abcde")
    assert len(calls(log)) == 3


def test_the_sound_is_played_in_place_of_the_text_and_goes_into_the_package(log: Path) -> None:
    notes = named(write(log.parent / "notes", a=CARD))
    settings = Config(tts=SpeechOptions(command(log, "{text}")))
    desired = load(notes, NOON, settings)
    [note], [file] = desired.notes, desired.media
    assert fields_of(note)["Front"] == f"le chat[sound:{file.name}]"
    assert file.name.startswith("speech-")
    assert file.name.endswith(".wav")
    assert load(notes, NOON, settings).notes == desired.notes
    assert len(calls(log)) == 1
    api.build(desired, log.parent / "a.apkg")
    with ZipFile(log.parent / "a.apkg") as package:
        assert file.name in package.read("media").decode()


def test_where_the_program_fails_anki_reads_the_text_and_the_card_is_told(log: Path) -> None:
    notes = named(write(log.parent / "notes", a=CARD))
    desired = load(notes, NOON, Config(tts=SpeechOptions("no-such-program {out}")))
    assert fields_of(desired.notes[0])["Front"].endswith("[anki:tts lang=fr_FR]le chat[/anki:tts]")
    assert [(problem.rule, problem.position.line) for problem in desired.problems] == [("speak-nothing", 2)]


@pytest.mark.parametrize("name", ["ankigen.toml", "pyproject.toml"])
def test_the_options_beside_notes_can_run_no_program(log: Path, name: str) -> None:
    notes = write(log.parent / "notes", a=CARD)
    table = "tool.ankigen.tts" if name == "pyproject.toml" else "tts"
    (notes / name).write_text(f"[{table}]\ncommand = '''{command(log)}'''\n")
    with pytest.raises(BrokenConfig, match=r"only your own settings may, in .*ankigen\.toml"):
        load(notes, NOON)
    assert calls(log) == []


def test_the_users_own_settings_name_the_program(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = log.parent / "own"
    own.mkdir()
    (own / "ankigen.toml").write_text(f"[tts]\ncommand = '''{command(log)}'''\n")
    monkeypatch.setattr(folders, "settings", lambda: own)
    notes = named(write(log.parent / "notes", a=CARD))
    (notes / "ankigen.toml").write_text('deck_prefix = "French"\n')
    desired = load(notes, NOON)
    assert len(calls(log)) == 1
    assert desired.notes[0].deck.startswith("French")


@pytest.mark.parametrize("text", ["css = 'a.css'\n", "[tts]\ncommand = 1\n", "[tts]\nprogram = 'x'\n", "[tts\n"])
def test_the_users_own_settings_hold_that_table_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "ankigen.toml").write_text(text)
    with pytest.raises(BrokenConfig):
        config.own_speech(tmp_path)


def test_without_settings_of_the_users_own_no_program_is_named(tmp_path: Path) -> None:
    assert config.own_speech(tmp_path) == SpeechOptions()
