"""Which files are pages, what they are called, where their cards go: Logseq's rules, on real folders."""

from datetime import date
from pathlib import PurePosixPath

import pytest

from ankigen.source import journal_dates
from ankigen.source.config_edn import read_settings
from ankigen.source.graph import NameFormat, Settings, page_name

THIS_DAY = date(2024, 11, 2)
LOWBAR = Settings(name_format=NameFormat.TRIPLE_LOWBAR)
LEGACY = Settings()
PLAIN = Settings(name_format=NameFormat.PLAIN)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("MMM do, yyyy", "Nov 2nd, 2024"),
        ("MMMM do, yyyy", "November 2nd, 2024"),
        ("do MMM yyyy", "2nd Nov 2024"),
        ("do MMMM yyyy", "2nd November 2024"),
        ("E, dd-MM-yyyy", "Sat, 02-11-2024"),
        ("EEE, MM/dd/yyyy", "Sat, 11/02/2024"),
        ("EEEE, dd.MM.yyyy", "Saturday, 02.11.2024"),
        ("yyyy-MM-dd EEEE", "2024-11-02 Saturday"),
        ("yyyy/MM/dd", "2024/11/02"),
        ("yyyy_MM_dd", "2024_11_02"),
        ("yyyyMMdd", "20241102"),
        ("yyyy年MM月dd日", "2024年11月02日"),
        ("yyyy/yyyy-MM-dd", "2024/2024-11-02"),
        ("d.M.yy", "2.11.24"),
        ("'Day' d'.' MMM yyyy", "Day 2. Nov 2024"),
    ],
)
def test_a_date_is_written_and_read_by_its_pattern(pattern: str, text: str) -> None:
    assert journal_dates.format_date(THIS_DAY, pattern) == text
    assert journal_dates.parse_date(text, pattern) == THIS_DAY


def test_ordinals_end_as_in_english() -> None:
    endings = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 22: "22nd"}
    endings |= {23: "23rd", 30: "30th", 31: "31st"}
    assert {day: journal_dates.format_date(date(2024, 1, day), "do") for day in endings} == endings


@pytest.mark.parametrize("text", ["2024-13-01", "2024-02-30", "24-01-01", "2024-01-01 notes", "x2024-01-01", ""])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert journal_dates.parse_date(text, "yyyy-MM-dd") is None


def test_a_pattern_without_a_year_reads_nothing() -> None:
    assert journal_dates.parse_date("11-02", "MM-dd") is None


def test_a_field_that_comes_twice_must_agree() -> None:
    assert journal_dates.parse_date("2023/2024-11-02", "yyyy/yyyy-MM-dd") is None


@pytest.mark.parametrize(
    ("settings", "path", "name"),
    [
        (LOWBAR, "pages/a___b%3F.md", "a/b?"),
        (LOWBAR, "pages/notes.v2.md", "notes.v2"),
        (LOWBAR, "pages/a______b.md", "a/b"),
        (LOWBAR, "pages/___a___.md", "a"),
        (LOWBAR, "pages/100% sure.md", "100% sure"),
        (LOWBAR, "pages/100%25 sure.md", "100% sure"),
        (LOWBAR, "pages/bad%FFbytes.md", "bad%FFbytes"),
        (LOWBAR, "pages/a%2Fb.md", "a/b"),
        (LOWBAR, "pages/contents.md", "Contents"),
        (LOWBAR, "pages/deep/contents.md", "contents"),
        (LOWBAR, "pages/Cafe\u0301】（x）.md", "Café】（x）"),
        (LOWBAR, "journals/2024_11_02.md", "Nov 2nd, 2024"),
        (LOWBAR, "pages/2024-11-02.org", "Nov 2nd, 2024"),
        (LOWBAR, "journals/Some thoughts.md", "Some thoughts"),
        (LEGACY, "pages/a.b.md", "a/b"),
        (LEGACY, "pages/a%2Fb.md", "a/b"),
        (LEGACY, "pages/std%3A%3Asort.md", "std::sort"),
        (LEGACY, "pages/a___b.md", "a___b"),
        (LEGACY, "pages/50%.md", "50%"),
        (LEGACY, "journals/2024_11_02.md", "Nov 2nd, 2024"),
        (PLAIN, "deep/notes.v2.md", "notes.v2"),
        (PLAIN, "a___b%3F.md", "a___b%3F"),
        (PLAIN, "2024_11_02.md", "2024_11_02"),
        (PLAIN, "contents.md", "contents"),
    ],
)
def test_a_file_name_becomes_a_page_name(settings: Settings, path: str, name: str) -> None:
    assert page_name(PurePosixPath(path), None, settings).text == name


def test_the_title_property_goes_before_the_file_name() -> None:
    for settings in (LOWBAR, LEGACY, PLAIN):
        assert page_name(PurePosixPath("pages/x.md"), "My/Page", settings).text == "My/Page"


@pytest.mark.parametrize(
    ("title_format", "file_format", "path", "title"),
    [
        ("yyyy/MM/dd", "yyyy_MM_dd", "journals/2024_11_02.md", "2024/11/02"),
        ("EEEE, dd.MM.yyyy", "yyyyMMdd", "journals/20241102.md", "Saturday, 02.11.2024"),
        ("yyyy-MM-dd", "yyyy.MM.dd", "journals/2024.11.02.md", "2024-11-02"),
    ],
)
def test_a_journal_is_named_by_the_graphs_own_format(
    title_format: str, file_format: str, path: str, title: str
) -> None:
    for name_format in (NameFormat.TRIPLE_LOWBAR, NameFormat.LEGACY):
        settings = Settings(name_format, journal_title_format=title_format, journal_file_format=file_format)
        name = page_name(PurePosixPath(path), None, settings)
        assert (name.text, name.is_journal, name.parents) == (title, True, ())


@pytest.mark.parametrize(
    ("title", "parents"),
    [
        ("French/Verbs/Irregular", ("French/Verbs", "French")),
        ("French", ()),
        ("../French/Verbs", ()),
        ("https://a.example/b", ()),
        ("2024-11-02", ()),
    ],
)
def test_a_namespace_is_what_stands_before_a_slash(title: str, parents: tuple[str, ...]) -> None:
    assert page_name(PurePosixPath("pages/x.md"), title, LOWBAR).parents == parents


CONFIG_EDN = """
{:meta/version 1 ;; a comment: {
 :file/name-format :triple-lowbar
 ;; :hidden ["/commented-out"]
 :hidden ["/archive" "script"]
 :pages-directory "notes" :journals-directory "days"
 :journal/page-title-format "yyyy/MM/dd" :journal/file-name-format "yyyyMMdd"
 :macros {"poem" "Rose is $1, violet's $2." "note" "> $1"}
 :property/separated-by-commas #{:tags :alias}
 :ignored-page-references-keywords #{"author" :source}
 :default-queries {:journals [{:query [:find (pull ?h [*]) :where [?h :b "NOW"]] :result-transform (fn [r] r)}]}
 #_:discarded}
"""


def test_the_graphs_settings_are_read() -> None:
    assert read_settings(CONFIG_EDN, "logseq/config.edn") == (
        Settings(
            name_format=NameFormat.TRIPLE_LOWBAR,
            hidden=("/archive", "script"),
            pages_directory="notes",
            journals_directory="days",
            journal_title_format="yyyy/MM/dd",
            journal_file_format="yyyyMMdd",
            macros={"poem": "Rose is $1, violet's $2.", "note": "> $1"},
        ),
        [],
    )


@pytest.mark.parametrize("text", ["", " ;; nothing\n", "{}"])
def test_settings_that_say_nothing_are_logseqs_defaults(text: str) -> None:
    assert read_settings(text, "logseq/config.edn") == (Settings(), [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{:hidden ["a"]\n<<<<<<< HEAD\n :a 1\n=======\n :a 2\n>>>>>>> theirs\n}',
            "logseq/config.edn:2:1: git's conflict marks are in the graph's settings",
        ),
        ("{:a\n {:b 1", "logseq/config.edn:2:1: the graph's settings cannot be read (`{` is never closed)"),
        ("[1 2]", "logseq/config.edn:1:1: the graph's settings are not a map"),
        ('{:hidden "a"}', "logseq/config.edn:1:1: `:hidden` is not a list of texts"),
        ("{:pages-directory 1}", "logseq/config.edn:1:1: `:pages-directory` is not a text"),
        ("{:macros [1]}", "logseq/config.edn:1:1: `:macros` is not a map"),
    ],
)
def test_broken_settings_are_a_warning_and_the_defaults(text: str, message: str) -> None:
    settings, [problem] = read_settings(text, "logseq/config.edn")
    assert settings == Settings()
    assert (problem.rule, problem.severity) == ("broken-graph-config", "warning")
    assert f"{problem.position}: {problem.message}" == f"{message}: fix the file; until then Logseq's defaults are used"


@pytest.mark.parametrize(
    "text",
    [
        "{:a #foo/bar 1}",
        "{:a #inst 5}",
        "{1}",
        "}",
        "{:a #}",
        '{:a "\\q"}',
        "#{" * 3000,
        "{:a [}",
        "\x00",
        "{{} [] [] {}}",
    ],
)
def test_no_settings_stop_the_reading(text: str) -> None:
    settings, problems = read_settings(text, "logseq/config.edn")
    assert settings == Settings()
    assert len(problems) <= 1


def test_broken_settings_still_say_how_files_are_named() -> None:
    broken = "{\n :file/name-format :triple-lowbar\n <<<<<<< HEAD\n"
    assert read_settings(broken, "logseq/config.edn")[0].name_format is NameFormat.TRIPLE_LOWBAR
    commented = "{\n ;; :file/name-format :triple-lowbar\n"
    assert read_settings(commented, "logseq/config.edn")[0].name_format is NameFormat.LEGACY
