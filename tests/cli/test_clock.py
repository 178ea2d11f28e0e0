"""A clock that cannot be meant is a wrong command line, and dates nothing."""

from pathlib import Path

import pytest

from ankigen import api
from ankigen.errors import ExitCode, WrongSystemClock
from tests.helpers import processes
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import write

FIRST, LAST = 1, 2**32 - 1
ADVICE = f"ankigen: SOURCE_DATE_EPOCH must be seconds since 1970, from {FIRST} to {LAST}: correct it, or unset it\n"
WRONG = (
    *("0", str(LAST + 1), "9223372036854775807", "1" + "0" * 5000, "-1790000000"),
    *(
        " ",
        "abc",
        "1e9",
        "1790000000.5",
        "1_790_000_000",
        "+1790000000",
        " 1790000000",
        "1790000000\n",
        "١٧٩٠٠٠٠٠٠٠",
    ),
)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("epoch", WRONG)
def test_a_clock_that_cannot_be_meant_is_a_wrong_command_line_and_nothing_is_written(
    tmp_path: Path, epoch: str
) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n")
    before = files(tmp_path)
    done = processes.run("build", folder=tmp_path, SOURCE_DATE_EPOCH=epoch)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.WRONG_COMMAND_LINE, "", ADVICE)
    assert files(tmp_path) == before


@pytest.mark.parametrize("command", ["check", "list", "stamp", "changelog"])
def test_every_command_that_reads_the_notes_says_so(tmp_path: Path, command: str) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n")
    before = files(tmp_path)
    done = processes.run(command, folder=tmp_path, SOURCE_DATE_EPOCH="0")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.WRONG_COMMAND_LINE, "", ADVICE)
    assert files(tmp_path) == before


@pytest.mark.parametrize("epoch", [FIRST, LAST])
def test_notes_of_the_first_and_the_last_moment_pass_ankis_check(tmp_path: Path, epoch: int) -> None:
    """A card more changes nothing of it: a note that was made at the last moment can still become newer."""
    notes = write(tmp_path / "notes", a="- {{cloze a}} and {{cloze b}} #card\n- Q #card\n\t- A\n")
    for answer in ("A", "B"):
        write(notes, a=f"- {{{{cloze a}}}} and {{{{cloze b}}}} #card\n- Q #card\n\t- {answer}\n")
        done = processes.run("build", "notes", "-o", f"{answer}.apkg", folder=tmp_path, SOURCE_DATE_EPOCH=str(epoch))
        assert done.returncode == ExitCode.DONE
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "A.apkg")
        assert len(import_package(collection, tmp_path / "B.apkg").updated) == 1
        report, is_fine = collection.fix_integrity()
        assert is_fine, report
        assert collection.note_count() == 2


@pytest.mark.parametrize("seconds", [0, FIRST - 1, LAST + 1])
def test_a_machine_whose_clock_is_wrong_by_years_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """A small computer without a battery begins in 1970."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr("time.time_ns", lambda: seconds * 1_000_000_000)
    with pytest.raises(WrongSystemClock, match="set it, or set SOURCE_DATE_EPOCH") as refusal:
        api.load(write(tmp_path, a="- Q #card\n\t- A\n"))
    assert refusal.value.exit_code == ExitCode.FAILED
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert api.load(tmp_path).notes
