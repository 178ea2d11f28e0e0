"""The options: what they are without a file, where the file is found, and what a mistake in it says."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import pytest

from ankigen import config
from ankigen.config import Config, MediaOptions
from ankigen.errors import BrokenConfig, ExitCode
from ankigen.support.structs import Meta, Struct, field

FILE = Path("/notes/ankigen.toml")
OPTIONS = (Path(__file__).parent.parent / "docs/options.md").read_text("utf-8")
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<default>.*?) \| (?P<takes>.*?) \| (?P<meaning>.*) \|$", re.MULTILINE)


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """A table that stands in another one under names of the user's own."""

    text: str
    size: Annotated[int, Meta(ge=1)] = 1
    pictures: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("no text")


class Kinds(Struct, frozen=True, forbid_unknown_fields=True):
    """Tables below tables below a table."""

    kinds: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)


def fault(text: str, file: Path = FILE) -> str:
    with pytest.raises(BrokenConfig) as caught:
        config.parse(text, file)
    assert caught.value.exit_code == ExitCode.WRONG_COMMAND_LINE
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}: ")


def test_an_empty_file_sets_nothing() -> None:
    assert config.parse("", FILE) == Config()


def test_every_kind_of_option_is_read() -> None:
    text = """
        card_tags = ["card", "anki"]
        cloze_without_card = true
        deck_from = "page"
        deck_rules = { "French/Verbs" = "French::Verbs", "pages/law" = "Law" }
        embed_depth = 0
        source_url = "https://notes.example/{page}"
        media = { remote = "download", size_limit = 5 }
        [rules]
        no-answer = "off"
    """
    assert config.parse(text, FILE) == Config(
        card_tags=("card", "anki"),
        cloze_without_card=True,
        deck_from="page",
        deck_rules={"French/Verbs": "French::Verbs", "pages/law": "Law"},
        embed_depth=0,
        source_url="https://notes.example/{page}",
        media=MediaOptions(remote="download", size_limit=5),
        rules={"no-answer": "off"},
    )


@pytest.mark.parametrize("written", ["Europe/Berlin", "europe/berlin", " EUROPE/BERLIN "])
def test_a_time_zone_is_spelled_as_the_list_of_zones_has_it(written: str) -> None:
    assert config.parse(f'schedule_zone = "{written}"', FILE).schedule_zone == "Europe/Berlin"
    assert Config(schedule_zone=written).schedule_zone == "Europe/Berlin"


def test_a_rule_is_off_only_when_it_says_so() -> None:
    made = config.parse('rules = { no-answer = "off", no-question = "on" }', FILE)
    assert [made.is_off(rule) for rule in ("no-answer", "no-question", "other")] == [True, False, False]


def test_paths_begin_at_the_file_that_sets_them() -> None:
    made = config.parse('source = "graph"\noutput = "graph/../out"\ncss = "/notes/my.css"', FILE)
    assert made.source == Path("/notes/graph")
    assert made.output == Path("/notes/graph/../out")
    assert made.css == Path("/notes/my.css")


def test_paths_are_absolute_even_if_the_file_is_named_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.parse('css = "my.css"', Path("notes/ankigen.toml")).css == tmp_path / "notes/my.css"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('card_tag = ["card"]', "unknown option `card_tag`; did you mean `card_tags`?"),
        ("colour = 1", "unknown option `colour`"),
        ("[media]\nremotes = 1", "unknown option `media.remotes`; did you mean `remote`?"),
        ('card_tags = "card"', '`card_tags` must be a list of strings, not "card"'),
        ("card_tags = [1]", "`card_tags` must be a list of strings, not [1]"),
        ('empty_back = "yes"', '`empty_back` must be true or false, not "yes"'),
        ("embed_depth = true", "`embed_depth` must be a whole number, not true"),
        ("embed_depth = -1", "`embed_depth` must be 0 or more, not -1"),
        ("media.size_limit = 0", "`media.size_limit` must be 1 or more, not 0"),
        ("source = 1", "`source` must be a path, not 1"),
        ("source = 2026-11-24", "`source` must be a path, not 2026-11-24"),
        ("embed_depth = 1.0", "`embed_depth` must be a whole number, not 1.0"),
        ("lenient_tags = 1", "`lenient_tags` must be true or false, not 1"),
        ("context = 1", '`context` must be "none" or "page" or "ancestors" or "full", not 1'),
        ("tag_prefix = 1.5", "`tag_prefix` must be a string, not 1.5"),
        ("media = 1", "`media` must be a table, not 1"),
        ('nested_cards = "shown"', '`nested_cards` must be "show" or "stop", not "shown"; did you mean `show`?'),
        ("deck_rules = { a = 1 }", "`deck_rules.a` must be a string, not 1"),
        ('deck_rules = { b = "B", a = 1, c = 2 }', "`deck_rules.a` must be a string, not 1"),
        ("deck_rules = 1", "`deck_rules` must be a table, each a string, not 1"),
        ('rules = { no-answer = "of" }', '`rules.no-answer` must be "on" or "off", not "of"; did you mean `off`?'),
        ('[rules."a/"]\nno-answer = "of"', '`rules.a/.no-answer` must be "on" or "off", not "of"; did you mean `off`?'),
        ('[rules."Journals/"]\nno-anser = "off"', "unknown rule `rules.Journals/.no-anser`; did you mean `no-answer`?"),
        (
            'schedule = "Logseq"',
            (
                '`schedule` must be "logseq" or "obsidian" or "org-drill" or "org-fc", not "Logseq"; '
                "did you mean `logseq`?"
            ),
        ),
        (
            'schedule_zone = "Europe/Berln"',
            (
                '`schedule_zone` must be a time zone such as "Europe/Berlin", not "Europe/Berln"; '
                "did you mean `Europe/Berlin`?"
            ),
        ),
        *(
            (
                f'schedule_zone = "{zone}"',
                f'`schedule_zone` must be a time zone such as "Europe/Berlin", not "{zone}"',
            )
            for zone in ("localtime", "../../etc/passwd", "+02:00")
        ),
        ('rules = { no-anser = "off" }', "unknown rule `rules.no-anser`; did you mean `no-answer`?"),
        ('[rules."journals/"]\nno-anser = "off"', "unknown rule `rules.journals/.no-anser`; did you mean `no-answer`?"),
        (
            'rules = { unreadable-file = "off" }',
            "`rules.unreadable-file` cannot be switched off: cards would go missing silently",
        ),
        ("a = ", "not valid TOML: Invalid value (at end of document)"),
    ],
)
def test_a_mistake_is_one_clear_line(text: str, message: str) -> None:
    assert fault(text) == message


def test_tables_may_stand_in_tables_under_any_name() -> None:
    given = {"kinds": {"Word": {"Front": {"text": "F"}, "Back": {"text": "B", "size": 2, "pictures": ["b.png"]}}}}
    made = config.from_table(Kinds, given, FILE)
    assert made.kinds["Word"] == {"Front": Field("F"), "Back": Field("B", 2, (Path("/notes/b.png"),))}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": "t", "size": 0}, "`kinds.Word.Back.size` must be 1 or more, not 0"),
        ({"text": "t", "sise": 2}, "unknown option `kinds.Word.Back.sise`; did you mean `size`?"),
        ({"size": 2}, "`kinds.Word.Back` needs `text`, a string"),
        ({"text": "t", "pictures": "b.png"}, '`kinds.Word.Back.pictures` must be a list of paths, not "b.png"'),
        ({"text": ""}, "`kinds.Word.Back`: no text"),
        ("t", '`kinds.Word.Back` must be a table, not "t"'),
    ],
)
def test_a_mistake_deep_in_tables_is_named_with_all_that_it_stands_in(given: Any, message: str) -> None:
    with pytest.raises(BrokenConfig) as caught:
        config.from_table(Kinds, {"kinds": {"Word": {"Front": {"text": "F"}, "Back": given}}}, FILE)
    assert str(caught.value) == f"{FILE}: {message}"


def test_a_table_that_lacks_what_it_needs_at_the_top_names_the_file() -> None:
    with pytest.raises(BrokenConfig) as caught:
        config.from_table(Field, {}, FILE)
    assert str(caught.value) == f"{FILE}: the file needs `text`, a string"


def test_a_mistake_in_a_project_file_names_that_file() -> None:
    assert fault("[tool.ankigen]\ncolour = 1", Path("/a/pyproject.toml")) == "unknown option `colour`"


def test_a_project_file_holds_the_options_in_its_own_table() -> None:
    text = '[project]\nname = "x"\n[tool.ankigen]\ntag_prefix = "n"\n'
    assert config.parse(text, Path("/a/pyproject.toml")) == Config(tag_prefix="n")


def test_the_nearest_file_upward_counts(tmp_path: Path) -> None:
    below = tmp_path / "a/b"
    below.mkdir(parents=True)
    (tmp_path / "ankigen.toml").write_text('tag_prefix = "top"')
    assert config.read(below).tag_prefix == "top"
    (tmp_path / "a/pyproject.toml").write_text('[tool.ankigen]\ntag_prefix = "project"')
    assert config.read(below).tag_prefix == "project"
    (tmp_path / "a/ankigen.toml").write_text('tag_prefix = "own"')
    assert config.read(below).tag_prefix == "own"


@pytest.mark.parametrize("text", ["this is not valid TOML", '[tool.other]\nname = "ankigen"'])
def test_a_project_file_without_our_table_is_passed_by(tmp_path: Path, text: str) -> None:
    (tmp_path / "ankigen.toml").write_text('tag_prefix = "top"')
    (tmp_path / "a").mkdir()
    (tmp_path / "a/pyproject.toml").write_text(text)
    assert config.read(tmp_path / "a").tag_prefix == "top"


def test_without_a_file_every_option_has_its_default(tmp_path: Path) -> None:
    assert config.read(tmp_path) == Config()


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "ankigen.toml").write_bytes(b'tag_prefix = "\xe9"')
    with pytest.raises(BrokenConfig, match="save the file as UTF-8"):
        config.read(tmp_path)


def test_the_readme_lists_every_option_with_its_default_values_and_meaning() -> None:
    listed = [
        (one.name, f"`{one.default}`" if one.default else "not set", one.values, one.meaning)
        for one in config.options()
    ]
    assert [row.group("name", "default", "takes", "meaning") for row in ROW.finditer(OPTIONS)] == listed


def test_the_readmes_defaults_are_the_defaults() -> None:
    rows = [row for row in ROW.finditer(OPTIONS) if row["default"] != "not set"]
    assert config.parse("\n".join(f"{row['name']} = {row['default'].strip('`')}" for row in rows), FILE) == Config()


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    example, own = re.findall(r"```toml\n(.*?)```", OPTIONS, re.DOTALL)
    assert config.parse(example, FILE) == Config(
        card_tags=("card", "flashcard", "anki"),
        deck_from="page",
        deck_rules={"pages/law": "Law"},
        rules={"no-answer": "off"},
    )
    (tmp_path / "ankigen.toml").write_text(own)
    assert config.own_speech(tmp_path).command.startswith("piper --model {voice} ")
