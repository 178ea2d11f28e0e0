"""`ankigen init`: what it writes, what it finds, and that it never overwrites."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath

import pytest
import yaml

from ankigen import api, config, scaffold
from ankigen.config import Config
from ankigen.errors import BrokenFolderName, NoSuchSource
from ankigen.syntax import outline
from tests.helpers.building import write
from tests.helpers.processes import run

DOCS = "https://github.com/ankigen/ankigen/blob/main/docs"
CARD = "- Q #card\n\t- A\n"
needs_any_names = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="this system refuses such names")
WRITTEN = ["ankigen.toml", "ankigen.mk", ".github/workflows/decks.yml", ".pre-commit-config.yaml", ".gitignore"]


def test_init_names_what_it_wrote_and_says_what_it_found(tmp_path: Path) -> None:
    write(tmp_path, a=CARD, b="deck:: Law\n\n" + CARD + "- Why? #card\n")
    done = run("init", folder=tmp_path)
    assert done.stdout.splitlines() == WRITTEN
    assert done.stderr.splitlines() == [
        "b.md:5:3: error: card has no answer: indent it below the question, or set `empty_back = true` [no-answer]",
        "    5 | - Why? #card",
        "      |   ^^^^",
        "2 notes, 2 cards, 2 decks, 1 error",
        f"found a folder of plain Markdown; how cards are written there: {DOCS}/markdown.md",
        "  a: 1 note",
        "  Law: 1 note",
        "next: run `ankigen build`, then commit these files and ankigen.lock; a pushed tag becomes a release",
    ]
    assert not (tmp_path / "ankigen.lock").exists()


def test_init_never_overwrites_and_shows_what_it_would_have_written(tmp_path: Path) -> None:
    mine = {name: tmp_path / name for name in WRITTEN[:-1]}
    for path in mine.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# mine\n")
    done = run("init", folder=tmp_path)
    assert done.stdout == ".gitignore\n"
    assert (
        "ankigen.mk says something else and is kept; ankigen would have written:\n\n# Targets for your Makefile"
        in done.stderr
    )
    assert {path.read_text() for path in mine.values()} == {"# mine\n"}
    assert "tag a question with #card" in done.stderr


def test_a_folder_within_a_repository_gets_its_workflow_where_the_service_looks(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "my notes", a=CARD)
    done = api.init(tmp_path / "my notes")
    assert [path.relative_to(tmp_path).as_posix() for path in done.written] == [
        "my notes/ankigen.toml",
        "my notes/ankigen.mk",
        ".github/workflows/decks.yml",
        ".pre-commit-config.yaml",
        ".gitignore",
    ]
    assert 'SOURCE: "my notes"' in (tmp_path / ".github/workflows/decks.yml").read_text()


NAMES = (
    *("plain", "my notes", 'a"b', "a'b", "a\\b", "a: b", "a #b", "-rf", "--help", "!x", "&x", "*x", "%x", "@x"),
    *(
        "[x",
        "{x",
        "x: |",
        "~",
        "null",
        "yes",
        "1",
        "ü 日本 👩‍🔬",
        "\t",
        "a\x1b[31mb",
        "a\x7f\x85\u2028\ufeffb",
        "$HOME",
        "`id`",
    ),
    *("$(id)", ";id", "a\rb", "${{ github.token }}", "${{ '${{' }}", "${${{", "a${{b", "}}", "@VERSION@", "@SOURCE@"),
)


@needs_any_names
@pytest.mark.parametrize("name", NAMES)
def test_a_folder_of_any_name_gets_files_that_mean_it(name: str, tmp_path: Path) -> None:
    """Read as GitHub, pre-commit, make and ankigen read them."""
    (tmp_path / ".git").mkdir()
    notes = tmp_path / name
    write(notes, a=CARD)
    assert len(api.init(notes).written) == 5
    workflow = yaml.safe_load((tmp_path / ".github/workflows/decks.yml").read_text("utf-8"))
    source = evaluated(workflow["jobs"]["decks"]["env"]["SOURCE"])
    [repository] = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    program, command, path = shlex.split(repository["hooks"][0]["entry"])
    assert (program, command) == ("ankigen", "check")
    for named in (source, path):
        assert not named.startswith("-")
        assert (tmp_path / named).samefile(notes)
    assert config.read(notes) == Config(output=notes / "dist", source_url="none")


def evaluated(text: str) -> str:
    """What GitHub makes of a text with expressions, of which only a quoted text is harmless."""
    found = re.split(r"(\$\{\{.*?\}\})", text, flags=re.DOTALL)
    for number in range(1, len(found), 2):
        assert found[number] == "${{ '${{' }}"
        found[number] = "${{"
    return "".join(found)


def test_the_files_of_a_harmless_folder_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    api.init(write(tmp_path / "my notes", a=CARD))
    assert '\n      SOURCE: "my notes"\n' in (tmp_path / ".github/workflows/decks.yml").read_text()
    assert "\n        entry: \"ankigen check 'my notes'\"\n" in (tmp_path / ".pre-commit-config.yaml").read_text()


@needs_any_names
@pytest.mark.parametrize("name", ["a\nb", "a\r\nb", "a\n"])
def test_a_name_with_a_line_break_is_refused_for_a_workflow_names_folders_one_a_line(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(BrokenFolderName, match="has a line break in it: rename it"):
        api.init(write(tmp_path / name, a=CARD))
    assert not (tmp_path / ".github").exists()


def test_a_missing_folder_is_no_folder_of_notes(tmp_path: Path) -> None:
    with pytest.raises(NoSuchSource):
        api.init(tmp_path / "missing")


def test_the_options_file_sets_the_output_alone(tmp_path: Path) -> None:
    path = tmp_path / "ankigen.toml"
    assert config.parse(scaffold.options_file(), path) == Config(output=tmp_path / "dist", source_url="none")


def test_every_option_in_the_file_can_be_switched_on(tmp_path: Path) -> None:
    text = re.sub(r"^# (?=\w+ = )", "", scaffold.options_file(), flags=re.MULTILINE)
    made = config.parse(text, tmp_path / "ankigen.toml")
    assert made.deck_rules == {"pages/law": "Law"}
    tables = tomllib.loads(text)
    named = [f"media.{name}" for name in tables.pop("media")]
    assert {"tts.command"} == config.OF_THE_USER, "what would run a program beside the notes is not offered"
    assert sorted([*tables, *named]) == sorted({option.name for option in config.options()} - config.OF_THE_USER)
    defaults = Config()
    for name in ("card_tags", "embed_depth", "media", "context"):
        assert getattr(made, name) == getattr(defaults, name)


def test_what_a_graph_would_tell_readers_is_kept_from_them_and_the_file_says_why(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq/config.edn").write_text("{}")
    write(tmp_path / "journals", **{"2024_03_01": "- A patient of mine\n\t- What is fever? #card\n\t\t- Heat\n"})
    [before] = api.load(tmp_path).notes
    assert f"logseq://graph/{tmp_path.name}" in "".join(before.content.texts)
    assert "patient of mine" in "".join(before.content.texts)
    api.init(tmp_path)
    [after] = api.load(tmp_path).notes
    told = "".join(after.content.texts)
    assert [word for word in (tmp_path.name, "logseq", "patient", "Mar", "2024") if word in told] == []
    text = (tmp_path / "ankigen.toml").read_text("utf-8")
    assert "# Set for published decks: links back would not work for others" in text
    assert "# Set for published decks: the cards would show page names, journal dates" in text


def test_a_plain_folder_keeps_its_context(tmp_path: Path) -> None:
    api.init(write(tmp_path, a=CARD))
    assert config.read(tmp_path).context == Config().context


def test_a_second_run_says_that_all_is_there_and_prints_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, a=CARD)
    run("init", folder=tmp_path)
    again = run("init", folder=tmp_path)
    assert (again.stdout, again.stderr.splitlines()[0]) == ("", "nothing to write: all files are there")
    assert "would have written" not in again.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"*.apkg\n"),
        (b"build/\n", b"build/\n*.apkg\n"),
        (b"build/", b"build/\n*.apkg\n"),
        (b"a\xff\n", b"a\xff\n*.apkg\n"),
        (b"*.apkg\nx\n", b"*.apkg\nx\n"),
        (b"x\r\n*.apkg\r\n", b"x\r\n*.apkg\r\n"),
    ],
)
def test_git_leaves_packages_out_and_keeps_what_it_left_out_before(tmp_path: Path, before: bytes, after: bytes) -> None:
    (tmp_path / ".gitignore").write_bytes(before)
    for _ in range(2):
        api.init(write(tmp_path, a=CARD))
        assert (tmp_path / ".gitignore").read_bytes() == after


def test_all_that_is_added_to_git_after_a_build_is_no_package(tmp_path: Path) -> None:
    write(tmp_path / "law", a=CARD)
    for command in (["git", "init", "--quiet"], ["git", "add", "--all"], ["git", "ls-files"]):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        if command[1] == "init":
            run("init", "law", folder=tmp_path)
            run("build", "law", folder=tmp_path)
            run("build", "law", "-o", "dist/", folder=tmp_path)
    assert "law/ankigen.lock" in done.stdout
    assert ".apkg" not in done.stdout


def test_a_second_course_of_a_repository_comes_into_the_workflow_and_gets_hooks_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    written = [
        run("init", course, folder=write(tmp_path / course, a=CARD).parent).stdout for course in ("law", "my physics")
    ]
    assert ".github/workflows/decks.yml" in written[1].splitlines()
    [workflow] = (tmp_path / ".github/workflows").iterdir()
    flow = yaml.safe_load(workflow.read_text("utf-8"))
    assert flow["jobs"]["decks"]["env"]["SOURCE"] == "law\nmy physics"
    [first, second] = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    entries = [hook["entry"] for repository in (first, second) for hook in repository["hooks"]]
    assert entries[::2] == ["ankigen check law", "ankigen check 'my physics'"]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for course in ("law", "my physics"):
        done = run("init", course, folder=tmp_path)
        assert done.stderr.startswith("nothing to write: all files are there\n"), done
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_next_step_names_the_folder_as_it_was_named(tmp_path: Path) -> None:
    write(tmp_path / "my law", a=CARD)
    done = run("init", "my law", folder=tmp_path)
    assert "next: run `ankigen build 'my law'`, then commit" in done.stderr


def test_pre_commit_takes_the_hooks_of_two_courses_and_those_of_ankigen_itself(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for course in ("law", "my physics"):
        api.init(write(tmp_path / course, a=CARD))
    own = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    for check, path in (("validate-config", tmp_path / ".pre-commit-config.yaml"), ("validate-manifest", own)):
        command = [sys.executable, "-m", "pre_commit", check, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("path", [".pre-commit-hooks.yaml", "ankigen/scaffold/pre-commit.yaml"])
def test_the_hooks_run_for_every_kind_of_notes(path: str) -> None:
    text = (Path(__file__).parents[2] / path).read_text("utf-8")
    patterns = set(re.findall(r"files: '(.+)'", text))
    assert len(patterns) == 1
    runs = re.compile(patterns.pop()).search
    assert [suffix for suffix in outline.SUFFIXES if not runs(f"law/a{suffix}")] == []
    assert runs("A.MD")
    assert not runs("law/ankigen.lock")


@needs_any_names
@pytest.mark.parametrize("name", NAMES)
def test_a_second_course_of_any_name_comes_in_as_what_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for course in ("${{ law }}", name):
        api.init(write(tmp_path / course, a=CARD))
    workflow = yaml.safe_load((tmp_path / ".github/workflows/decks.yml").read_text("utf-8"))
    law, second = evaluated(workflow["jobs"]["decks"]["env"]["SOURCE"]).split("\n")
    assert (law, (tmp_path / second).samefile(tmp_path / name)) == ("${{ law }}", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      STRICT: ", "      MINE: x\n      STRICT: "),
        ('python-version: "3.13"', 'python-version: "3.12"'),
        ("ubuntu-latest", "ubuntu-22.04"),
    ],
)
def test_a_second_course_keeps_what_the_author_changed_in_the_workflow(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / ".git").mkdir()
    api.init(write(tmp_path / "law", a=CARD))
    workflow = tmp_path / ".github/workflows/decks.yml"
    mine = workflow.read_text("utf-8").replace(old, new, 1)
    workflow.write_text(mine, "utf-8")
    api.init(write(tmp_path / "physics", a=CARD))
    assert workflow.read_text("utf-8") == mine.replace('SOURCE: "law"', r'SOURCE: "law\nphysics"')


@pytest.mark.parametrize(
    "mine", ["SOURCE: 'law'", "SOURCE: law", r'SOURCE: "l\x61w"', 'SOURCE: "law" # mine', "SOURCES: |\n        law"]
)
def test_a_workflow_whose_list_of_courses_is_written_otherwise_is_kept_and_shown(tmp_path: Path, mine: str) -> None:
    (tmp_path / ".git").mkdir()
    api.init(write(tmp_path / "law", a=CARD))
    workflow = tmp_path / ".github/workflows/decks.yml"
    text = workflow.read_text("utf-8").replace('SOURCE: "law"', mine)
    workflow.write_text(text, "utf-8")
    assert workflow in api.init(write(tmp_path / "physics", a=CARD)).kept
    assert workflow.read_text("utf-8") == text


def test_a_repository_on_gitlab_gets_what_gitlab_reads(tmp_path: Path) -> None:
    for command in (["init", "--quiet"], ["remote", "add", "origin", "git@gitlab.example.com:me/decks.git"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    written = api.init(write(tmp_path / "my $notes", a=CARD)).written
    assert (tmp_path / ".gitlab-ci.yml") in written
    assert not (tmp_path / ".github").exists()
    jobs = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text("utf-8"))
    assert list(jobs) == [".courses", "decks", "lock", "preview", "release"]
    assert jobs[".courses"]["variables"]["SOURCE"] == {"value": "my $notes", "expand": False}
    assert [name for name, job in jobs.items() if job.get("extends") != ".courses"] == [".courses", "release"]
    assert jobs["release"]["rules"] == [{"if": "$CI_COMMIT_TAG"}]
    api.init(write(tmp_path / "law", a=CARD))
    jobs = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text("utf-8"))
    assert jobs[".courses"]["variables"]["SOURCE"] == {"value": "my $notes\nlaw", "expand": False}


def test_gitlab_shows_the_preview_beside_a_merge_request(tmp_path: Path) -> None:
    text = scaffold.files(PurePosixPath("notes"), host=scaffold.Host.GITLAB)[scaffold.Host.GITLAB.value]
    preview = yaml.safe_load(text)["preview"]
    assert preview["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    [path] = preview["artifacts"]["paths"]
    assert "*" not in path, "GitLab links to no artifact whose path has a pattern in it"
    assert re.fullmatch(r"[A-Za-z0-9 _-]+", preview["artifacts"]["expose_as"])


@pytest.mark.parametrize("host", ["codeberg.org", "forgejo.example.com", "git.forgejo.example"])
def test_a_repository_on_forgejo_gets_what_forgejo_reads(tmp_path: Path, host: str) -> None:
    for command in (["init", "--quiet"], ["remote", "add", "origin", f"https://{host}/me/decks.git"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    for course in ("law", "my $notes"):
        write(tmp_path / course, a=CARD)
        api.init(tmp_path / course)
    assert not (tmp_path / ".github").exists()
    [workflow] = (tmp_path / ".forgejo/workflows").iterdir()
    flow = yaml.safe_load(workflow.read_text("utf-8"))
    assert flow["jobs"]["decks"]["env"]["SOURCE"] == "law\nmy $notes"
