"""Git merges the lock files of two branches by itself, as it did before lines bore checks; what it loses is noticed."""

import random
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from ankigen.data import Guid, Identity, Lock, SourceId, Style
from ankigen.errors import BrokenLock
from ankigen.identity import LOCK_NAME, format_lock, guid_for, parse_lock, read_lock, write_lock
from ankigen.note_types import BASIC
from ankigen.support.structs import replace
from tests.helpers.building import NOON

NAME = SourceId("0123456789ab")
MARKS = ("<<<<<<<", "=======", ">>>>>>>")


_WITHOUT_CHECK = re.compile(r"(?:(?<=\t-)|(?<=\t\]))?(?:\t(?:-|-?\d+))?\t[0-9a-f]{8}$")


def note(number: int, modified: int = NOON // 1000) -> Identity:
    guid = guid_for(str(number))
    digest = guid[:16]
    return Identity(guid, None, BASIC.name, "a", 0, f"Q{number}", digest, digest, digest, NOON + number, modified)


def lock_of(*notes: Identity) -> Lock:
    return Lock(NAME, {known.guid: known for known in notes})


def in_first_form(lock: Lock) -> str:
    """The text that the first version had for the same lock: without places, checks, and the second half."""
    first_half, _, _ = format_lock(lock).partition("(00)")
    lines = first_half.replace("version\t2", "version\t1").split("\n")
    return "\n".join([_WITHOUT_CHECK.sub("", line) for line in lines])


def edited(lock: Lock, chance: random.Random, new: range, modified: int) -> Lock:
    """The lock after some notes were added, and some said something else."""
    identities = dict(lock.identities)
    for number in chance.sample(new, chance.randint(0, 12)):
        known = note(number)
        identities[known.guid] = known
    for guid in chance.sample(sorted(lock.identities), min(len(lock.identities), chance.randint(0, 12))):
        identities[guid] = replace(identities[guid], modified=modified)
    return replace(lock, identities=identities)


def commits(folder: Path, texts: Sequence[str], *parents: str) -> list[str]:
    """The names of commits that hold these texts as the lock file, all with these parents."""
    stream = "".join(
        f"commit refs/{number}\nmark :{number}\ncommitter A <a@example.org> 0 +0000\ndata 0\n"
        + "".join(f"from {parent}\n" for parent in parents)
        + f"M 644 inline {LOCK_NAME}\ndata {len(text.encode())}\n{text}\n"
        for number, text in enumerate(texts, 1)
    )
    command = ["git", "fast-import", "--quiet", "--force", "--export-marks=marks"]
    subprocess.run(command, cwd=folder, input=stream.encode(), check=True)
    return [line.split(maxsplit=2)[1] for line in sorted((folder / "marks").read_text().splitlines(), key=_mark)]


def _mark(line: str) -> int:
    return int(line.split(maxsplit=1)[0].removeprefix(":"))


def merged(folder: Path, base: str, ours: str, theirs: str) -> str | None:
    """The lock file as `git merge` makes it of two branches; nothing if it finds a conflict."""
    [root] = commits(folder, [base])
    left, right = commits(folder, [ours, theirs], root)
    command = ["git", "merge-tree", "--write-tree", left, right]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return git(folder, "show", f"{done.stdout.strip()}:{LOCK_NAME}") if done.returncode == 0 else None


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, text: str) -> None:
    (folder / LOCK_NAME).write_text(text, "utf-8")
    git(folder, "add", LOCK_NAME)
    git(folder, "commit", "-m", "change")


def two_branches(folder: Path, base: str, left: str, right: str) -> Path:
    """A repository that stands on `main`, which is not merged with `left` yet; the lock file."""
    git(folder, "init")
    commit(folder, base)
    git(folder, "checkout", "-b", "left")
    commit(folder, left)
    git(folder, "checkout", "main")
    commit(folder, right)
    return folder / LOCK_NAME


def keep_both_sides(lock: Path) -> None:
    """What the advice says."""
    lines = lock.read_text("utf-8").splitlines(keepends=True)
    lock.write_text("".join(line for line in lines if not line.startswith(MARKS)), "utf-8")


@pytest.mark.parametrize(
    ("size", "rounds"), [(0, 12), (10, 12), (300, 6), pytest.param(3000, 4, marks=pytest.mark.thorough)]
)
def test_two_branches_merge_wherever_they_did_without_checks_and_nothing_is_lost(
    tmp_path: Path, size: int, rounds: int
) -> None:
    chance, clean = random.Random(size), 0
    git(tmp_path, "init", "--bare")
    for _ in range(rounds):
        base = lock_of(*map(note, range(size)))
        ours = edited(base, chance, range(5000, 5100), NOON // 1000 + 5)
        theirs = edited(base, chance, range(6000, 6100), NOON // 1000 + 7)
        before = merged(tmp_path, *map(in_first_form, (base, ours, theirs)))
        now = merged(tmp_path, *map(format_lock, (base, ours, theirs)))
        assert (now is None) == (before is None)
        if now is not None and before is not None:
            clean += 1
            lock = parse_lock(Path(LOCK_NAME), now)
            assert lock.says_the_same_as(parse_lock(Path(LOCK_NAME), before))
            assert lock.identities.keys() == ours.identities.keys() | theirs.identities.keys()
    assert clean


def test_a_conflict_is_mended_by_keeping_the_lines_of_both_sides(tmp_path: Path) -> None:
    """Both added a note below one head, and changed another one: in either half of the file, both lines stay."""
    near = [known for known in map(note, range(3000)) if known.guid.startswith("0f")]
    base, ours, theirs = lock_of(near[0]), lock_of(*near[:2]), lock_of(near[0], near[2])
    ours = replace(ours, style=Style("0" * 16, NOON // 1000))
    theirs = replace(theirs, style=Style("1" * 16, NOON // 1000 + 1))
    lock = two_branches(tmp_path, *map(format_lock, (base, theirs, ours)))
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "merge", "--no-edit", "left")
    with pytest.raises(BrokenLock, match="keep the lines of both sides and delete the marker lines"):
        read_lock(lock)
    keep_both_sides(lock)
    assert read_lock(lock) == replace(lock_of(*near[:3]), style=theirs.style)


def test_a_note_that_a_merge_lost_on_one_side_alone_is_noticed(tmp_path: Path) -> None:
    """`-X ours` throws away their note, for it stands beside one that we changed; their GUID is merged all the same."""
    first, second, third = sorted(
        (known for known in map(note, range(3000)) if known.guid.startswith("0f")), key=lambda known: known.guid
    )[:3]
    base = lock_of(second)
    ours = lock_of(replace(second, modified=NOON // 1000 + 9), third)
    theirs = lock_of(first, replace(second, modified=NOON // 1000 + 7))
    lock = two_branches(tmp_path, *map(format_lock, (base, theirs, ours)))
    git(tmp_path, "merge", "--no-edit", "-X", "ours", "left")
    with pytest.raises(BrokenLock, match="the line of this note is missing"):
        read_lock(lock)


def test_a_branch_of_an_older_ankigen_is_merged_after_it_was_built_with_this_one(tmp_path: Path) -> None:
    base, ours = lock_of(*map(note, range(40))), lock_of(*map(note, range(41)))
    taken = {guid[:2] for guid in ours.identities}
    added = next(known for known in map(note, range(5000, 6000)) if known.guid[:2] not in taken)
    theirs = replace(base, identities={**base.identities, added.guid: added})
    lock = two_branches(tmp_path, in_first_form(base), in_first_form(theirs), format_lock(ours))
    git(tmp_path, "merge", "--no-edit", "left")
    with pytest.raises(BrokenLock, match="build with this one on both branches, commit, then merge them again"):
        read_lock(lock)
    git(tmp_path, "reset", "--hard", "HEAD~1")
    git(tmp_path, "checkout", "left")
    written = read_lock(lock)
    assert written is not None
    write_lock(lock, written)
    commit(tmp_path, lock.read_text("utf-8"))
    git(tmp_path, "checkout", "main")
    with pytest.raises(subprocess.CalledProcessError):  # each has a second half that the other does not know of
        git(tmp_path, "merge", "--no-edit", "left")
    keep_both_sides(lock)
    assert read_lock(lock) == replace(base, identities={**ours.identities, **theirs.identities})


def test_line_ends_that_git_makes_those_of_windows_are_read(tmp_path: Path) -> None:
    lock = lock_of(*map(note, range(9)))
    git(tmp_path, "init")
    git(tmp_path, "config", "core.autocrlf", "true")
    commit(tmp_path, format_lock(lock))
    (tmp_path / LOCK_NAME).unlink()
    git(tmp_path, "checkout", LOCK_NAME)
    assert b"\r\n" in (tmp_path / LOCK_NAME).read_bytes()
    assert read_lock(tmp_path / LOCK_NAME) == lock


def test_a_guid_is_spread_over_the_sections_so_that_additions_meet_rarely() -> None:
    assert len({Guid(note(number).guid[:2]) for number in range(3000)}) == 256
