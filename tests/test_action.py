"""The action and the workflows: every step that is a command runs here, on a repository of decks with two tags."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers import processes, steps
from tests.helpers.building import write
from tests.helpers.forge import forge
from tests.helpers.gitlab import gitlab
from tests.helpers.sync_server import PASSWORD, USER, Device, serving

ACTION = steps.read("action.yml")
RELEASE = steps.read(".github/workflows/release.yml")
DEFAULTS = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
COMMANDS = [step for step in ACTION["runs"]["steps"] if "run" in step]
SYNCING = [step for step in COMMANDS if "inputs.sync-to" in step.get("if", "")]
PULL_REQUEST = "github.event_name == 'pull_request'"
TAG = "github.ref_type == 'tag'"
[INSTALL] = (step for step in COMMANDS if step["name"] == "Install ankigen")


def work(jobs_steps: Iterable[Mapping[str, Any]], event: str) -> list[Mapping[str, Any]]:
    """The commands that run where nothing fails; their condition is the one of this event, or they have none."""
    found = [step for step in jobs_steps if "run" in step and "Install" not in step["name"]]
    assert {step.get("if") for step in found} <= {None, PULL_REQUEST, TAG, FAILED}
    return [step for step in found if step.get("if") in {None, event}]


FAILED = "failure() && steps.build.outcome == 'failure'"
WORK = work([step for step in COMMANDS if step not in SYNCING], TAG)
WORKFLOWS = sorted(path.relative_to(steps.ROOT).as_posix() for path in (steps.ROOT / ".github/workflows").iterdir())
OFFER = "Offer the new lock file"
GH = """#!/usr/bin/env bash
echo "$*" >> "$GH_LOG"
case "$2" in
    view) test -e "$GH_LOG.$3" ;;
    create) touch "$GH_LOG.$3" ;;
esac
"""

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="the steps are for bash"), pytest.mark.thorough]


def test_no_released_package_tells_when_its_author_studied() -> None:
    scaffold = Path(__file__).parent.parent / "ankigen/scaffold"
    texts = [str(ACTION), str(RELEASE), *(path.read_text("utf-8") for path in scaffold.iterdir() if path.is_file())]
    assert not any("with-schedule" in text for text in texts)


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=Author", "-c", "user.email=author@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def ankigen(folder: Path, *arguments: str) -> processes.Done:
    return processes.run(*arguments, folder=folder)


def release(folder: Path, tag: str, course: str = "notes", **pages: str) -> None:
    """Write pages, build, commit, tag: what an author does."""
    write(folder / course, **pages)
    assert ankigen(folder, "build", course, "-o", "dist/").returncode == 0
    git(folder, "add", ".")
    git(folder, "commit", "-m", tag)
    git(folder, "tag", tag)


def step_named(name: str) -> Mapping[str, Any]:
    return next(step for step in COMMANDS if step["name"] == name)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of decks: one note changed between its two tags, one went, one came."""
    folder = tmp_path_factory.mktemp("released")
    git(folder, "init", "--initial-branch=main")
    (folder / ".gitignore").write_text("dist/\n")
    physics = "deck:: Physics\n\n- What bends light? #card\n\t- A lens\n- What is heavy? #card\n\t- Lead\n"
    release(folder, "v1", physics=physics)
    physics = "deck:: Physics\n\n- What bends light? #card\n\t- A lens, and a prism\n"
    release(folder, "v2", physics=physics, law="deck:: Law\n\n- Who judges? #card\n\t- @judge\n- Why? #card\n\t- `x`\n")
    return folder


@pytest.fixture
def decks(released: Path, tmp_path: Path) -> Path:
    """That repository, for one test to work in."""
    return shutil.copytree(released, tmp_path / "decks", symlinks=True)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment for the action to install into; what ankigen needs is there, so that nothing is fetched twice."""
    folder = tmp_path_factory.mktemp("environment")
    has_pip = find_spec("pip") is not None  # here, and so there
    subprocess.run([sys.executable, "-m", "venv", *["--without-pip"] * has_pip, folder], check=True)
    [packages] = folder.glob("lib/*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "shared.pth").write_text(here)
    gh = folder / "bin" / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    variables = {"PATH": os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])}
    assert INSTALL["name"] == "Install ankigen"
    steps.run(INSTALL, folder, DEFAULTS, variables | {"GITHUB_ACTION_PATH": str(steps.ROOT)})
    return folder / "bin"


@pytest.fixture
def service(programs: Path, tmp_path: Path) -> dict[str, str]:
    """The variables that the service sets, for a push of the tag v2."""
    return {
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "CI": "true",
        "GITHUB_ACTION_PATH": str(steps.ROOT),
        "GITHUB_REF_NAME": "v2",
        "GITHUB_REF_TYPE": "tag",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        "GH_LOG": str(tmp_path / "gh.log"),
    }


SUMMARY = """\
## Deck changes since `v1`

### `Law`: 2 added

- added: `Who judges?`
- added: `Why?`

### `Physics`: 1 changed

- changed: `What bends light?`

### Removed from the notes: 1

- removed: `What is heavy?`

### How to update

Import the new package over the old one, and do not delete the deck first: your reviews stay, and so do suspended \
cards, flags, and the decks that you moved cards to.

- "Update notes: If newer", which Anki proposes, corrects all notes but those that you tagged or edited, or that Anki \
tagged `leech`, after they were changed here.
- "Update notes: Always" corrects these, too. It costs your own tags and edits in all notes of the package.

An import deletes nothing. In Anki's window Browse, this search finds the notes that are gone:

```
"Guid:re:^(GUID)$"
```
"""


def told(summary: Path) -> str:
    """What a run told, without the GUID: it comes from the repository's first commit, and so from its date."""
    return re.sub(r"\^\([0-9a-f]{20}\)\$", "^(GUID)$", summary.read_text())


@pytest.mark.thorough
def test_a_tag_becomes_a_release_with_its_decks_and_their_changes(
    decks: Path, service: dict[str, str], tmp_path: Path
) -> None:
    inputs = DEFAULTS | {"source": "notes", "strict": "true"}
    for _ in range(2):  # a run that is repeated finds its release and replaces the packages
        for step in WORK:
            steps.run(step, decks, inputs, service)
    assert told(tmp_path / "summary.md") == SUMMARY * 2
    assert sorted(path.name for path in (decks / "dist").iterdir()) == ["Law.apkg", "Physics.apkg"]
    assert zipfile.is_zipfile(decks / "dist/Law.apkg")
    view, create, upload, *again = (tmp_path / "gh.log").read_text().splitlines()
    assert view == "release view v2"
    assert create == f"release create v2 --verify-tag --title v2 --notes-file {tmp_path}/ankigen-changes.md"
    assert upload == "release upload v2 dist/Law.apkg dist/Physics.apkg --clobber"
    assert again == [view, upload]
    assert subprocess.run(["git", "diff", "--quiet"], cwd=decks, check=False).returncode == 0


@pytest.fixture(scope="session")
def two_released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two courses: at its second tag the first says something else, and the second is new."""
    folder = tmp_path_factory.mktemp("two")
    git(folder, "init", "--initial-branch=main")
    (folder / ".gitignore").write_text("dist/\n")
    release(folder, "v1", course="law", law="deck:: Law\n\n- Who judges? #card\n\t- A judge\n- Old? #card\n\t- Yes\n")
    write(folder / "my physics", optics="deck:: Physics\n\n- What bends light? #card\n\t- A lens\n")
    assert ankigen(folder, "build", "my physics", "-o", "dist/").returncode == 0
    release(folder, "v2", course="law", law="deck:: Law\n\n- Who judges? #card\n\t- A judge, of course\n")
    return folder


@pytest.fixture
def two(two_released: Path, tmp_path: Path) -> Path:
    """That repository, for one test to work in."""
    return shutil.copytree(two_released, tmp_path / "decks", symlinks=True)


HOW_TO = SUMMARY[SUMMARY.index("### How to update") :].replace("###", "##")
SUMMARY_OF_TWO = f"""\
## `law`: changes since `v1`

### `Law`: 1 changed

- changed: `Who judges?`

### Removed from the notes: 1

- removed: `Old?`

## `my physics`: the first release

### `Physics`: 1 added

- added: `What bends light?`

## How to import

Open the package in Anki, and leave the boxes as they are. When the next one comes, import it over this one: \
your reviews stay. Mark cards with flags rather than tags: a note that you tag or edit may miss corrections.

{HOW_TO}"""
COURSES = "law\nmy physics\n"


def test_two_courses_of_a_repository_become_one_release_with_one_text(
    two: Path, service: dict[str, str], tmp_path: Path
) -> None:
    inputs = DEFAULTS | {"source": COURSES}
    for step in WORK:
        steps.run(step, two, inputs, service)
    assert told(tmp_path / "summary.md") == SUMMARY_OF_TWO
    assert told(tmp_path / "ankigen-changes.md") == SUMMARY_OF_TWO
    assert (tmp_path / "gh.log").read_text().splitlines() == [
        "release view v2",
        f"release create v2 --verify-tag --title v2 --notes-file {tmp_path}/ankigen-changes.md",
        "release upload v2 dist/Law.apkg dist/Physics.apkg --clobber",
    ]


def test_the_workflow_that_init_writes_for_two_courses_releases_them_as_one(
    two: Path, service: dict[str, str], tmp_path: Path
) -> None:
    for course in ("law", "my physics"):
        assert ankigen(two, "init", course).returncode == 0
    steps.lint(two / ".github/workflows/decks.yml")
    steps.audit(two / ".github/workflows/decks.yml")
    for job in yaml.safe_load((two / ".github/workflows/decks.yml").read_text())["jobs"].values():
        for step in work(job["steps"], TAG):
            steps.run(step, two, {}, service | job["env"])
    assert told(tmp_path / "summary.md") == SUMMARY_OF_TWO
    assert (tmp_path / "gh.log").read_text().count("release create") == 1


@pytest.mark.parametrize(("source", "shown"), [("law", ["law"]), (COURSES, ["law", "my physics"])])
def test_a_pull_request_shows_the_cards_and_its_summary_names_where(
    two: Path, service: dict[str, str], tmp_path: Path, source: str, shown: list[str]
) -> None:
    pull_request = service | {"GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "7/merge"}
    for step in work([step for step in COMMANDS if step not in SYNCING], PULL_REQUEST):
        steps.run(step, two, DEFAULTS | {"source": source}, pull_request)
    summary = (tmp_path / "summary.md").read_text().splitlines()
    assert summary[-len(shown) - 1 :] == [
        "",
        *(
            f"- The cards of `{course}` as they will look: `{number}/index.html` in the artifact `anki-preview`"
            " of this run"
            for number, course in enumerate(shown, start=1)
        ),
    ]
    [upload] = [step for step in ACTION["runs"]["steps"] if step.get("with", {}).get("name") == "${{ inputs.preview }}"]
    assert upload["if"] == PULL_REQUEST
    folder = Path(upload["with"]["path"].replace("${{ runner.temp }}", str(tmp_path)))
    assert sorted(path.parent.name for path in folder.glob("*/index.html")) == [str(n + 1) for n in range(len(shown))]
    assert "Who judges?" in (folder / "1/cards.js").read_text("utf-8")
    assert not (tmp_path / "gh.log").exists()


def test_mistakes_in_every_course_are_told_before_the_job_stops(two: Path, service: dict[str, str]) -> None:
    for course in ("law", "my physics"):
        write(two / course, broken="- Why? #card\n")
    with pytest.raises(AssertionError) as stopped:
        steps.run(step_named("Check the notes"), two, DEFAULTS | {"source": COURSES}, service)
    told_of = re.findall(r"::error file=([^,]+),", str(stopped.value))
    assert told_of == ["law/broken.md", "my physics/broken.md"]


def test_new_lock_files_of_two_courses_are_offered_in_one_patch(
    two: Path, service: dict[str, str], tmp_path: Path
) -> None:
    for course, name in (("law", "torts"), ("my physics", "waves")):  # a deck of the same name would stop the build
        write(two / course, **{name: "- New? #card\n\t- Yes\n"})
    with pytest.raises(AssertionError, match="does not match the notes"):
        steps.run(step_named("Build the packages"), two, DEFAULTS | {"source": COURSES}, service)
    steps.run(step_named(OFFER), two, DEFAULTS | {"source": COURSES}, service)
    git(two, "checkout", "--", ".")
    git(two, "apply", str(tmp_path / "ankigen-lock.patch"))
    steps.run(step_named("Build the packages"), two, DEFAULTS | {"source": COURSES}, service)


def test_two_parts_of_one_course_are_one_changelog(decks: Path) -> None:
    parts = ankigen(decks, "changelog", "notes/law.md", "notes/physics.md")
    assert parts.stdout.splitlines()[0] == "## Deck changes since `v1`"


def test_courses_in_which_nothing_changed_say_so_and_give_no_advice(two: Path) -> None:
    assert ankigen(two, "changelog", "law", "my physics", "--since", "HEAD").stdout == (
        "## `law`: changes since `HEAD`\n\nNo note was added, changed or removed.\n\n"
        "## `my physics`: changes since `HEAD`\n\nNo note was added, changed or removed.\n"
    )


def test_a_mistake_in_one_of_several_courses_makes_the_changelog_fail(two: Path) -> None:
    write(two / "my physics", broken="- Why? #card\n")
    done = ankigen(two, "changelog", "law", "my physics")
    assert (done.returncode, done.stderr) == (1, "1 card was not made\n")


def test_a_mistake_in_the_notes_is_an_annotation_and_stops_the_job(decks: Path, service: dict[str, str]) -> None:
    write(decks / "notes", broken="- Why? #card\n")
    place = r"file=notes/broken\.md,line=1,endLine=1,col=3,endColumn=7"
    with pytest.raises(AssertionError, match=rf"::error {place},title=no-answer::card has"):
        steps.run(step_named("Check the notes"), decks, DEFAULTS, service)


def test_a_lock_file_that_was_not_committed_stops_the_job(decks: Path, service: dict[str, str]) -> None:
    write(decks / "notes", new="- New? #card\n\t- Yes\n")
    with pytest.raises(AssertionError, match="does not match the notes"):
        steps.run(step_named("Build the packages"), decks, DEFAULTS | {"source": "notes"}, service)


def test_a_new_lock_file_is_offered_as_a_patch_that_makes_the_notes_and_it_agree(
    decks: Path, service: dict[str, str], tmp_path: Path
) -> None:
    write(decks / "notes", new="- New? #card\n\t- Yes\n")
    git(decks, "add", ".")
    git(decks, "commit", "-m", "Edited in the browser")
    steps.run(step_named(OFFER), decks, DEFAULTS | {"source": "notes"}, service)
    assert "git apply ankigen-lock.patch" in (tmp_path / "summary.md").read_text()
    git(decks, "checkout", "--", ".")
    with pytest.raises(AssertionError, match="does not match the notes"):
        steps.run(step_named("Build the packages"), decks, DEFAULTS | {"source": "notes"}, service)
    git(decks, "apply", str(tmp_path / "ankigen-lock.patch"))
    steps.run(step_named("Build the packages"), decks, DEFAULTS | {"source": "notes"}, service)


def test_a_first_lock_file_is_offered_as_well(decks: Path, service: dict[str, str], tmp_path: Path) -> None:
    git(decks, "rm", "notes/ankigen.lock")
    git(decks, "commit", "-m", "A repository that was never built")
    steps.run(step_named(OFFER), decks, DEFAULTS | {"source": "notes"}, service)
    assert "new file mode" in (tmp_path / "ankigen-lock.patch").read_text()


def test_a_push_to_the_default_branch_and_nothing_else_reaches_a_sync_server(
    decks: Path, service: dict[str, str], tmp_path: Path
) -> None:
    condition = (
        "inputs.sync-to != '' && github.event_name == 'push' && "
        "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    )
    install, sync = SYNCING
    assert (install["if"], sync["if"]) == (condition, condition)
    state = {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    with serving(tmp_path) as url:
        phone = Device(tmp_path / "phone", url)
        phone.upload()
        inputs = DEFAULTS | {"source": "notes", "sync-to": url, "sync-user": USER, "sync-password": PASSWORD}
        told = steps.run(sync, decks, inputs, service | state)
        phone.sync()
        fronts = [phone.collection.get_note(id_)["Front"] for id_ in phone.collection.find_notes("")]
        phone.close()
    assert sorted(fronts) == ["What bends light?", "Who judges?", "Why?"]
    assert PASSWORD not in told
    assert not any(front in told for front in fronts)  # nothing that a reader wrote belongs into a log


def test_a_new_lock_file_is_offered_only_where_the_build_failed() -> None:
    for step in (
        step_named(OFFER),
        next(s for s in ACTION["runs"]["steps"] if s.get("with", {}).get("name") == "ankigen-lock"),
    ):
        assert step["if"] == FAILED


def workflow_of(decks: Path) -> Any:
    assert ankigen(decks, "init", "notes").returncode == 0
    return yaml.safe_load((decks / ".github/workflows/decks.yml").read_text())


def test_the_action_and_the_workflow_of_init_say_the_same_in_the_same_order(decks: Path) -> None:
    jobs = workflow_of(decks)["jobs"]
    theirs = [step for job in jobs.values() for step in job["steps"] if "run" in step and "Install" not in step["name"]]
    ours = [step for step in COMMANDS if "Install" not in step["name"] and step not in SYNCING]
    assert [(step["name"], step["run"]) for step in theirs] == [(step["name"], step["run"]) for step in ours]


def test_the_workflow_of_init_has_no_rights_but_to_read_and_for_a_tag_to_release(decks: Path) -> None:
    workflow = workflow_of(decks)
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "decks": {"contents": "read"},
        "release": {"contents": "write"},
    }
    assert jobs["release"]["if"] == "github.event_name == 'push' && github.ref_type == 'tag'"
    assert jobs["release"]["needs"] == "decks"


def test_the_workflow_of_init_runs_once_for_a_pull_request(decks: Path) -> None:
    events = workflow_of(decks)[True]  # what YAML 1.1 makes of `on`
    assert events == {"push": {"branches": ["main", "master"], "tags": ["*"]}, "pull_request": None}


def test_every_action_that_is_used_is_named_by_the_hash_of_a_commit(decks: Path) -> None:
    own = [
        step
        for job in (*RELEASE["jobs"].values(), *steps.read(".github/workflows/ci.yml")["jobs"].values())
        for step in job["steps"]
    ]
    theirs = [step for job in workflow_of(decks)["jobs"].values() for step in job["steps"]]
    used = {step["uses"] for step in (*own, *theirs, *ACTION["runs"]["steps"]) if "uses" in step} - {"./"}
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []


def test_every_expression_in_a_step_reaches_the_shell_by_a_variable() -> None:
    for step in [*COMMANDS, *(step for job in RELEASE["jobs"].values() for step in job["steps"] if "run" in step)]:
        assert "${{" not in step["run"]


@pytest.mark.parametrize("workflow", sorted((steps.ROOT / ".github/workflows").iterdir()), ids=lambda path: path.name)
def test_the_projects_own_workflows_pass_actionlint(workflow: Path) -> None:
    steps.lint(workflow)


def test_the_steps_of_the_action_pass_actionlint_as_those_of_a_workflow(tmp_path: Path) -> None:
    """The linter reads workflows alone, so the action is put into one that is called with the same inputs."""
    inputs = {name: {"type": "string"} for name in ACTION["inputs"]}
    job = {"runs-on": "ubuntu-latest", "steps": ACTION["runs"]["steps"]}
    workflow = tmp_path / "action.yml"
    workflow.write_text(yaml.safe_dump({"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"action": job}}))
    steps.lint(workflow)


def test_the_workflow_that_init_writes_passes_actionlint(decks: Path) -> None:
    assert ankigen(decks, "init", "notes").returncode == 0
    steps.lint(decks / ".github/workflows/decks.yml")


@pytest.mark.parametrize("name", ["action.yml", *WORKFLOWS])
def test_zizmor_finds_no_hole_in_the_projects_own_workflows(name: str) -> None:
    steps.audit(steps.ROOT / name)


def test_zizmor_finds_no_hole_in_the_workflow_that_init_writes(decks: Path) -> None:
    assert ankigen(decks, "init", "notes").returncode == 0
    steps.audit(decks / ".github/workflows/decks.yml")


def test_every_input_of_the_action_is_described_and_used() -> None:
    text = (steps.ROOT / "action.yml").read_text()
    for name, one in ACTION["inputs"].items():
        assert one["description"].endswith((".", ")."))
        assert f"inputs.{name} }}}}" in text


def test_the_release_builds_the_projects_own_decks_with_the_action() -> None:
    [checkout, own] = RELEASE["jobs"]["decks"]["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert own == {"uses": "./", "with": {"source": "decks"}}
    assert ankigen(steps.ROOT, "check", "decks").returncode == 0


@pytest.mark.parametrize(
    ("tag", "heading", "version", "error"),
    [
        ("v0.1.0", "## 0.1.0 (2026-12-01)", "0.1.0", ""),
        ("v0.2.0rc1", "## 0.2.0rc1 (2026-12-01)", "0.2.0rc1", ""),
        ("v0.1.0", "## 0.1.0 (not released yet)", "0.1.0", "CHANGELOG.md::no heading says the day of 0.1.0: write "),
        ("v0.1.0", "## 0.1.0", "0.1.0", "CHANGELOG.md::no heading"),
        ("v0.1.0", "## 0.1.0 (2026-12-01) or later", "0.1.0", "CHANGELOG.md::no heading"),
        ("v0.1.0", "### 0.1.0 (2026-12-01)", "0.1.0", "CHANGELOG.md::no heading"),
        ("v0.1", "## 0.1.0 (2026-12-01)", "0.1.0", "CHANGELOG.md::no heading says the day of 0.1: "),
        ("v0.1.0", "## 0x1x0 (2026-12-01)", "0.1.0", "CHANGELOG.md::no heading"),
        ("v0.2.0", "## 0.2.0 (2026-12-01)", "0.1.0", "ankigen/version.py::the tag is v0.2.0, and this file says"),
    ],
)
def test_a_release_waits_until_the_changelog_says_its_day(
    tmp_path: Path, tag: str, heading: str, version: str, error: str
) -> None:
    [step] = [step for step in RELEASE["jobs"]["ready"]["steps"] if "run" in step]
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n\n- All new.\n\n## 0.0.9 (2026-11-01)\n")
    (tmp_path / "ankigen").mkdir()
    (tmp_path / "ankigen/version.py").write_text(f'"""The version."""\n\n__version__ = "{version}"\n')
    if error:
        with pytest.raises(AssertionError, match=f"::error file={error}"):
            steps.run(step, tmp_path, {}, {"GITHUB_REF_NAME": tag})
    else:
        steps.run(step, tmp_path, {}, {"GITHUB_REF_NAME": tag})
    assert {name: job.get("needs") for name, job in RELEASE["jobs"].items()} == {
        "ready": None, "decks": "ready", "package": "ready",
    }  # fmt: skip


def test_the_changelog_and_the_version_are_where_the_release_looks_for_them() -> None:
    version = re.search(r'^__version__ = "(.+)"$', (steps.ROOT / "ankigen/version.py").read_text(), re.MULTILINE)
    assert version
    heading = rf"^## {re.escape(version[1])} \((?:not released yet|\d{{4}}-\d\d-\d\d)\)$"
    assert re.search(heading, (steps.ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.thorough
def test_the_release_builds_a_python_package_that_holds_what_it_needs(service: dict[str, str], tmp_path: Path) -> None:
    [step] = [step for step in RELEASE["jobs"]["package"]["steps"] if "run" in step]
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", steps.ROOT, clone], check=True)
    steps.run(step, clone, {}, service)
    [wheel] = (clone / "package").glob("*.whl")
    [_] = (clone / "package").glob("*.tar.gz")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert held >= {
        "ankigen/py.typed",
        "ankigen/note_types/templates/card.css",
        "ankigen/note_types/templates/cloze.back.html",
    }


def test_the_hooks_for_pre_commit_run_commands_that_exist(decks: Path) -> None:
    hooks = steps.read(".pre-commit-hooks.yaml")
    assert [(hook["id"], hook["language"], hook["pass_filenames"]) for hook in hooks] == [
        ("ankigen-check", "python", False),
        ("ankigen-lock", "python", False),
    ]
    for hook in hooks:
        program, *arguments = hook["entry"].split()
        assert program == "ankigen"
        assert ankigen(decks, *arguments, "notes").returncode == 0  # `args: [notes]`: the lock file is not at the root


def test_the_hook_for_the_lock_file_brings_it_up_to_date(decks: Path, service: dict[str, str]) -> None:
    assert ankigen(decks, "init", "notes").returncode == 0
    git(decks, "add", ".")
    write(decks / "notes", new="- New? #card\n\t- Yes\n")
    [repository] = yaml.safe_load((decks / ".pre-commit-config.yaml").read_text())["repos"]
    steps.run({"run": repository["hooks"][1]["entry"]}, decks, {}, service)
    assert ankigen(decks, "build", "notes", "--locked").returncode == 0
    changed = subprocess.run(["git", "diff", "--name-only"], cwd=decks, capture_output=True, text=True, check=True)
    assert changed.stdout == "notes/ankigen.lock\n"


def test_a_changelog_can_look_back_to_any_commit(decks: Path) -> None:
    assert ankigen(decks, "changelog", "notes", "--since", "HEAD").stdout == (
        "## Deck changes since `HEAD`\n\nNo note was added, changed or removed.\n"
    )


def test_a_note_that_came_back_is_new_in_the_changelog(decks: Path) -> None:
    release(
        decks,
        "v3",
        physics="deck:: Physics\n\n- What bends light? #card\n\t- A lens\n- What is heavy? #card\n\t- Lead\n",
    )
    shown = ankigen(decks, "changelog", "notes").stdout
    assert "- added: `What is heavy?`\n- changed: `What bends light?`\n" in shown
    assert shown.startswith("## Deck changes since `v2`\n")


def test_what_is_not_committed_yet_is_new_since_the_tag_on_this_commit(decks: Path) -> None:
    write(decks / "notes", new="- New? #card\n\t- Yes\n")
    shown = ankigen(decks, "changelog", "notes").stdout
    assert shown.startswith(
        "## Deck changes since `v2`\n\n### `new`: 1 added\n\n- added: `New?`\n\n### How to update\n"
    )


def test_without_an_earlier_tag_all_notes_are_new(decks: Path) -> None:
    git(decks, "checkout", "v1")
    assert ankigen(decks, "changelog", "notes").stdout.startswith(
        "## The first release of these decks\n\n### `Physics`: 2 added\n\n"
        "- added: `What bends light?`\n- added: `What is heavy?`\n\n### How to import\n\n"
    )


def test_a_changelog_never_calls_everything_new_for_want_of_history(decks: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", "--depth=1", decks.as_uri(), tmp_path / "flat"], check=True)
    done = ankigen(tmp_path / "flat", "changelog", "notes")
    assert done.returncode == 3
    assert "fetch all of it (`fetch-depth: 0`)" in done.stderr


def test_an_unknown_commit_is_one_line_of_advice(decks: Path) -> None:
    done = ankigen(decks, "changelog", "notes", "--since", "v9")
    assert done.returncode == 3
    assert done.stderr == "ankigen: git cannot show the earlier lock file: there is no commit v9\n"


@pytest.mark.thorough
def test_the_workflow_that_init_writes_releases_as_the_action_does(
    decks: Path, service: dict[str, str], tmp_path: Path
) -> None:
    assert ankigen(decks, "init", "notes").returncode == 0
    jobs = yaml.safe_load((decks / ".github/workflows/decks.yml").read_text())["jobs"]
    assert jobs["decks"]["env"] == {
        "SOURCE": "notes", "OUTPUT": "dist", "STRICT": "false", "PREVIEW": "anki-preview",
    }  # fmt: skip
    for _ in range(2):  # a run that is repeated finds its release and replaces the packages
        for job in jobs.values():
            for step in work(job["steps"], TAG):
                assert "${{" not in step["run"]
                steps.run(step, decks, {}, service | job["env"])
    assert told(tmp_path / "summary.md") == SUMMARY * 2
    view, create, upload, *again = (tmp_path / "gh.log").read_text().splitlines()
    assert create == f"release create v2 --verify-tag --title v2 --notes-file {tmp_path}/ankigen-changes.md"
    assert (view, again) == ("release view v2", [view, upload])


def test_the_make_targets_and_the_hook_that_init_writes_run(decks: Path, service: dict[str, str]) -> None:
    assert ankigen(decks, "init", "notes").returncode == 0
    for target in ("check-notes", "decks"):
        command = ["make", "-f", "ankigen.mk", target]
        subprocess.run(command, cwd=decks / "notes", check=True, capture_output=True, env=os.environ | service)
    assert (decks / "notes/dist/Law.apkg").exists()
    [repository] = yaml.safe_load((decks / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]:
        steps.run({"run": hook["entry"]}, decks, {}, service)


def forgejo_steps(decks: Path) -> dict[str, Mapping[str, Any]]:
    git(decks, "remote", "add", "origin", "https://codeberg.org/me/decks.git")
    assert ankigen(decks, "init", "notes").returncode == 0
    [job] = yaml.safe_load((decks / ".forgejo/workflows/decks.yml").read_text())["jobs"].values()
    return {step["name"]: step for step in job["steps"]}


def test_on_forgejo_a_tag_becomes_a_release_with_its_decks_and_their_changes(
    decks: Path, service: dict[str, str], tmp_path: Path
) -> None:
    found = forgejo_steps(decks)
    clone = tmp_path / "clone"
    clone.mkdir()
    (tmp_path / "me").mkdir()
    decks.rename(tmp_path / "me/decks")
    variables = service | {
        "SOURCE": "notes",
        "HOME": str(tmp_path),
        "GITHUB_SERVER_URL": tmp_path.as_uri(),
        "GITHUB_REPOSITORY": "me/decks",
        "GITHUB_REF": "refs/tags/v2",
    }
    with forge("secret") as server:
        variables |= {"GITHUB_API_URL": server.url, "TOKEN": "secret"}
        work = ["Check the notes", "Build the packages", "Say what changed", "Release the packages"]
        for name in ["Fetch the notes", *work, *work]:  # a run that is repeated finds its release
            steps.run({"run": found[name]["run"]}, clone, {}, variables)
        assert list(server.releases) == ["v2"]
        assert [asset["name"] for asset in server.releases["v2"]["assets"]] == ["Law.apkg", "Physics.apkg"]
        assert re.sub(r"\^\([0-9a-f]{20}\)\$", "^(GUID)$", server.releases["v2"]["body"]) == SUMMARY
        assert server.refused == []
    assert not (tmp_path / ".ankigen-token").exists()


def run_on_gitlab(job: str, folder: Path, variables: Mapping[str, str]) -> str:
    """Run a job of GitLab as its runner does, all commands in one shell; nothing is installed."""
    jobs = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())
    shared = jobs.get(jobs[job].get("extends"), {})
    source = shared.get("variables", {}).get("SOURCE", {}).get("value", "")
    lines = [*shared.get("before_script", []), *jobs[job]["script"]]
    script = "\n".join(line for line in lines if "pip install" not in line)
    return steps.run({"run": script}, folder, {}, {**variables, "SOURCE": source})


@pytest.fixture
def on_gitlab(two: Path) -> Path:
    git(two, "remote", "add", "origin", "https://gitlab.com/me/decks.git")
    for course in ("law", "my physics"):
        assert ankigen(two, "init", course).returncode == 0
    return two


@pytest.mark.parametrize("tag", ["v2", "law/v2"])
def test_on_gitlab_a_tag_becomes_one_release_that_links_to_its_packages(
    on_gitlab: Path, service: dict[str, str], tmp_path: Path, tag: str
) -> None:
    write(on_gitlab / "law", more="deck:: 法律 I\n\n- Noch? #card\n\t- Ja\n")
    assert ankigen(on_gitlab, "build", "law", "-o", "dist/").returncode == 0
    git(on_gitlab, "add", ".")
    git(on_gitlab, "commit", "--amend", "--no-edit")
    git(on_gitlab, "tag", "--force", "v2")
    with gitlab("secret") as server:
        variables = service | {
            "CI_API_V4_URL": server.url, "CI_PROJECT_ID": "7", "CI_COMMIT_TAG": tag, "CI_JOB_TOKEN": "secret",
        }  # fmt: skip
        for job in ("decks", "release", "decks", "release"):  # a job that is repeated finds its release
            run_on_gitlab(job, on_gitlab, variables)
        [(made, held)] = server.releases.items()
        links = {link["name"]: link["url"] for link in held["assets"]["links"]}
        assert (made, len(held["assets"]["links"])) == (tag, 3)
        assert {name: server.packages[url] for name, url in links.items()} == {
            path.name: path.read_bytes() for path in (on_gitlab / "dist").glob("*.apkg")
        }
        assert list(links) == ["Law.apkg", "Physics.apkg", "法律-I.apkg"]
        assert {link["link_type"] for link in held["assets"]["links"]} == {"package"}
        assert held["description"].startswith("## `law`: changes since `v1`\n")
        assert "\n## `my physics`: the first release\n" in held["description"]
        assert server.refused == ["409 POST /projects/7/releases"]
        with pytest.raises(AssertionError, match="401"):
            run_on_gitlab("release", on_gitlab, variables | {"CI_JOB_TOKEN": "wrong"})


def test_on_gitlab_a_package_that_is_new_in_a_repeated_job_gets_its_link(
    on_gitlab: Path, service: dict[str, str]
) -> None:
    with gitlab("secret") as server:
        variables = service | {
            "CI_API_V4_URL": server.url, "CI_PROJECT_ID": "7", "CI_COMMIT_TAG": "a/v2", "CI_JOB_TOKEN": "secret",
        }  # fmt: skip
        run_on_gitlab("decks", on_gitlab, variables)
        law = (on_gitlab / "dist/Law.apkg").rename(on_gitlab / "Law.apkg")
        run_on_gitlab("release", on_gitlab, variables)
        law.rename(on_gitlab / "dist/Law.apkg")
        run_on_gitlab("release", on_gitlab, variables)
        [held] = server.releases.values()
        assert [link["name"] for link in held["assets"]["links"]] == ["Physics.apkg", "Law.apkg"]


def test_on_gitlab_a_merge_request_shows_the_cards_of_every_course(on_gitlab: Path, service: dict[str, str]) -> None:
    printed = run_on_gitlab("preview", on_gitlab, service)
    assert "the cards of my physics as they will look: preview/2/index.html" in printed
    assert "What bends light?" in (on_gitlab / "preview/2/cards.js").read_text("utf-8")


@pytest.mark.parametrize("job", ["decks", "preview"])
def test_on_gitlab_a_mistake_in_the_first_course_stops_the_job(
    on_gitlab: Path, service: dict[str, str], job: str
) -> None:
    write(on_gitlab / "law", broken="- Why? #card\n")
    with pytest.raises(AssertionError):
        run_on_gitlab(job, on_gitlab, service)


def test_on_gitlab_a_new_lock_file_is_a_patch(on_gitlab: Path, service: dict[str, str]) -> None:
    write(on_gitlab / "my physics", new="- New? #card\n\t- Yes\n")
    with pytest.raises(AssertionError):
        run_on_gitlab("lock", on_gitlab, service)
    git(on_gitlab, "checkout", "--", ".")
    git(on_gitlab, "apply", "ankigen-lock.patch")
    run_on_gitlab("decks", on_gitlab, service)


def test_on_forgejo_two_courses_become_one_release(two: Path, service: dict[str, str]) -> None:
    git(two, "remote", "add", "origin", "https://codeberg.org/me/decks.git")
    for course in ("law", "my physics"):
        assert ankigen(two, "init", course).returncode == 0
    [job] = yaml.safe_load((two / ".forgejo/workflows/decks.yml").read_text())["jobs"].values()
    variables = service | {"SOURCE": job["env"]["SOURCE"], "GITHUB_REPOSITORY": "me/decks"}
    with forge("secret") as server:
        variables |= {"GITHUB_API_URL": server.url, "TOKEN": "secret"}
        for name in ["Check the notes", "Build the packages", "Say what changed", "Release the packages"]:
            [step] = [step for step in job["steps"] if step["name"] == name]
            steps.run({"run": step["run"]}, two, {}, variables)
        [held] = server.releases.values()
        assert [asset["name"] for asset in held["assets"]] == ["Law.apkg", "Physics.apkg"]
        assert re.sub(r"\^\([0-9a-f]{20}\)\$", "^(GUID)$", held["body"]) == SUMMARY_OF_TWO
    write(two / "law", broken="- Why? #card\n")
    [check] = [step for step in job["steps"] if step["name"] == "Check the notes"]
    with pytest.raises(AssertionError):
        steps.run({"run": check["run"]}, two, {}, variables)


def test_on_forgejo_only_a_pushed_tag_is_released_and_no_other_step_has_its_token(decks: Path) -> None:
    found = forgejo_steps(decks)
    assert found["Release the packages"]["if"] == "github.event_name == 'push' && github.ref_type == 'tag'"
    assert [name for name, step in found.items() if "TOKEN" in step.get("env", {})] == [
        "Fetch the notes",
        "Release the packages",
    ]
    assert not any("uses" in step for step in found.values())
    assert not any("${{" in step["run"] for step in found.values())


def test_on_forgejo_a_new_lock_file_is_printed_as_a_patch(decks: Path, service: dict[str, str]) -> None:
    found = forgejo_steps(decks)
    write(decks / "notes", new="- New? #card\n\t- Yes\n")
    printed = steps.run({"run": found["Offer the new lock file"]["run"]}, decks, {}, service | {"SOURCE": "notes"})
    _, _, patch = printed.partition("diff --git")
    git(decks, "checkout", "--", ".")
    (decks / "lock.patch").write_text(f"diff --git{patch}")
    git(decks, "apply", "lock.patch")
    steps.run({"run": found["Build the packages"]["run"]}, decks, {}, service | {"SOURCE": "notes"})


def test_the_workflow_for_forgejo_passes_actionlint(decks: Path) -> None:
    forgejo_steps(decks)
    text = (decks / ".forgejo/workflows/decks.yml").read_text().replace("runs-on: docker", "runs-on: ubuntu-latest")
    (decks / ".github/workflows").mkdir(parents=True)
    (decks / ".github/workflows/decks.yml").write_text(text)
    steps.lint(decks / ".github/workflows/decks.yml")
