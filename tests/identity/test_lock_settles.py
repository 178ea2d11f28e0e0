"""A build leaves a lock that the next build does not change, whatever the notes are and were."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ankigen import identity
from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from ankigen.source import load
from tests.helpers import processes
from tests.helpers.building import NOON, write

pytestmark = pytest.mark.thorough

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
OTHER_ID = "0d9c8b7a-6f5e-4d3c-8b2a-1f0e9d8c7b6a"
UNSTABLE = '- b q #card\n\t- #card\n\t  replacecloze:: " /b/ "\n'
"""A faulty card that says the same as a sound one below it."""

FORGOTTEN = [
    {"a": "", "b": f"- b q #card\n  id:: {ID}\n\t- b\n"},
    {
        "a": f"- b q #card\n  id:: {ID}\n"
        f"- b q #card\n  id:: {ID}\n\t- A lens of glass, water or air\n- b q? #card\n\t- b\n",
        "b": "",
    },
    {"a": "", "b": f"- b q #card\n- b q? #card\n  id:: {ID}\n"},
]
"""Two faulty cards, one of which is a known note only until another note counts as removed."""

QUESTIONS = (
    "b q",
    "b q?",
    "What bends light?",
    "What bends the light?",
    "a {{cloze b}} and {{cloze c}}",
    "",
    "{{cloze",
)
ANSWERS = ("", "b", "A lens of glass, water or air", "b\n\t\t- #card", '#card\n\t  replacecloze:: " /b/ "')
OPTIONS = ("", '  replacecloze:: " /b/ "\n', f"  id:: {ID}\n", f"  id:: {OTHER_ID}\n", "  direction:: <->\n")
blocks = st.builds(
    lambda question, options, answer: f"- {question} #card\n{options}" + (f"\t- {answer}\n" if answer else ""),
    st.sampled_from(QUESTIONS),
    st.sampled_from(OPTIONS),
    st.sampled_from(ANSWERS),
)
pages = st.lists(blocks, max_size=5).map("".join)
states = st.fixed_dictionaries({"a": pages, "b": pages})


IN_PLACE = [
    {"a": "", "b": "-  #card\n\t- b\n-  #card\n\t- b\n"},
    {"a": "", "b": "- b q #card\n\t- b\n\t\t- #card\n-  #card\n-  #card\n\t- b\n\t\t- #card\n"},
]
"""Faulty cards in the place of a note whose answer they give."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@example([{"a": UNSTABLE}])
@example([{"a": UNSTABLE.replace("#card\n\t-", f"#card\n  id:: {ID}\n\t-").replace("\t  r", f"\t  id:: {ID}\n\t  r")}])
@example(FORGOTTEN)
@example(IN_PLACE)
@given(st.lists(states, min_size=1, max_size=3))
def test_a_second_build_changes_no_lock(history: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for number, state in enumerate(history):
            write(root, **state)
            built = load(root, NOON + number * 10_000)
            identity.write_lock(root / LOCK_NAME, built.lock)
            before = (root / LOCK_NAME).read_bytes()
            again = load(root, NOON + number * 10_000 + 5_000)
            assert again.lock == again.stored_lock == built.lock
            assert identity.format_lock(again.lock).encode() == before
            assert [note.identity.guid for note in again.notes] == [note.identity.guid for note in built.notes]


def test_a_build_is_up_to_date_for_locked_builds_at_once(tmp_path: Path) -> None:
    write(tmp_path, a=UNSTABLE)
    first = processes.run("build", folder=tmp_path)
    before = (tmp_path / LOCK_NAME).read_bytes()
    again = processes.run("build", "--locked", folder=tmp_path)
    assert (first.returncode, again.returncode) == (ExitCode.ERRORS_IN_NOTES, ExitCode.ERRORS_IN_NOTES)
    assert (tmp_path / LOCK_NAME).read_bytes() == before
