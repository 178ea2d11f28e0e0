"""The action and the workflows: every step that is a command runs here, on a repository of decks with two tags."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers import processes, steps
from tests.helpers.building import write
from tests.helpers.forge import forge

ACTION = steps.read("action.yml")
RELEASE = steps.read(".github/workflows/release.yml")
DEFAULTS = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
COMMANDS = [step for step in ACTION["runs"]["steps"] if "run" in step]
INSTALL, *WORK = (step for step in COMMANDS if "failure()" not in step.get("if", ""))
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


def release(folder: Path, tag: str, **pages: str) -> None:
    """Write pages, build, commit, tag: what an author does."""
    write(folder / "notes", **pages)
    assert ankigen(folder, "build", "notes", "-o", "dist/").returncode == 0
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


def test_a_new_lock_file_is_offered_only_where_the_build_failed() -> None:
    for step in (
        step_named(OFFER),
        next(s for s in ACTION["runs"]["steps"] if s.get("with", {}).get("name") == "ankigen-lock"),
    ):
        assert step["if"] == "failure() && steps.build.outcome == 'failure'"


def workflow_of(decks: Path) -> Any:
    assert ankigen(decks, "init", "notes").returncode == 0
    return yaml.safe_load((decks / ".github/workflows/decks.yml").read_text())


def test_the_action_and_the_workflow_of_init_say_the_same_in_the_same_order(decks: Path) -> None:
    jobs = workflow_of(decks)["jobs"]
    theirs = [step for job in jobs.values() for step in job["steps"] if "run" in step and "Install" not in step["name"]]
    ours = [step for step in COMMANDS if "Install" not in step["name"]]
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
        assert ankigen(decks, *arguments).returncode == 0


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
    assert jobs["decks"]["env"] == {"SOURCE": "notes", "OUTPUT": "dist", "STRICT": "false"}
    for _ in range(2):  # a run that is repeated finds its release and replaces the packages
        for job in jobs.values():
            for step in (step for step in job["steps"] if "run" in step and "failure()" not in step.get("if", "")):
                assert "${{" not in step["run"]
                if "Install" not in step["name"]:
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
