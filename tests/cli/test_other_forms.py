"""Where notes make no card, what was seen instead is told, with the option that reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.building import write
from tests.helpers.processes import run

DOCS = "https://github.com/ankigen/ankigen/blob/main/docs"
BOTH = f"{DOCS}/logseq.md, {DOCS}/markdown.md"
FAILED = "- What is x? #card\n"
IN_CODE = "Write `#card` behind a question.\n"
NONE = "no cards: tag a question with #card, and indent its answer below it\n"


def seen(what: str, option: str) -> str:
    return f"{NONE}seen here: {what}; to read that, write {option} into ankigen.toml\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing\n", NONE),
        (
            "a #flashcards/x b\n\nand #flashcards\n",
            seen("#flashcards (2)", 'card_tags = ["card", "flashcard", "flashcards"]'),
        ),
        (
            "Why? #anki #Cards #anki\n",
            seen("#anki (2), #cards (1)", 'card_tags = ["card", "flashcard", "anki", "cards"]'),
        ),
        ("#flashcards/optics #physics\n\nsome text\n", NONE),
        ("#flashcards\n\nQ::A\nR::B\n", seen("question::answer (2)", "question_marks = true")),
        ("Q::A\nR :: B\nS:::C\n", seen("question::answer (3)", "question_marks = true")),
        ("Q\n?\nA\n\nR\n??\nB\n", seen("a line of `?` between question and answer (2)", "question_marks = true")),
        ("`std::vector` x\n```\na::b\nc\n?\nd\n```\ntags:: x\n[k:: v]\n| a::b |\n", NONE),
        ("deck:: a\nspeak:: fr_FR\n\n- perro\n  gender:: masculine\n\t- extra:: more\n\t  area:: 1 2\n", NONE),
        ("- perro:: dog\n- el gato:: cat\n", seen("question::answer (2)", "question_marks = true")),
        ("gato:: cat\n", NONE),
        ("text\n\ngato:: cat\n\n  R::B\n", seen("question::answer (2)", "question_marks = true")),
        ("x#anki #ankidroid ##cards https://example.org/#cards\n", NONE),
    ],
)
def test_what_was_seen_is_told_with_the_option_that_reads_it(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, a=text)
    assert run("check", folder=tmp_path).stderr == said


def test_the_options_that_are_named_do_read_it(tmp_path: Path) -> None:
    write(tmp_path, a="R::B\n\n- Q #flashcards\n\t- A\n")
    (tmp_path / "ankigen.toml").write_text('card_tags = ["card", "flashcard", "flashcards"]\nquestion_marks = true\n')
    assert run("check", folder=tmp_path).stderr == "2 notes, 2 cards, 1 deck, no problems\n"


@pytest.mark.parametrize("text", ["- Q #card\n\t- A\n", "## Q #card\nA\n", "- [[card]] Q\n\t- A\n"])
def test_a_tag_that_the_options_do_not_name_is_never_told_to_stand_in_code(tmp_path: Path, text: str) -> None:
    write(tmp_path, a=text, b="- Q #flashcards\n\t- A\n")
    (tmp_path / "ankigen.toml").write_text('card_tags = ["flashcards"]\n')
    assert run("check", folder=tmp_path).stderr == "1 note, 1 card, 1 deck, no problems\n"


def test_with_cards_nothing_else_is_told(tmp_path: Path) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n\n#anki Q::A\n")
    assert run("check", folder=tmp_path).stderr == "1 note, 1 card, 1 deck, no problems\n"


def test_with_one_card_beside_many_that_are_not_read_these_are_told(tmp_path: Path) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n\n" + "\n".join(f"Q{number}::A" for number in range(30)))
    option = "to read that, write question_marks = true into ankigen.toml"
    assert run("check", folder=tmp_path).stderr == (
        f"1 note, 1 card, 1 deck, no problems\nseen here: question::answer (30); {option}\n"
    )


def test_advice_names_the_tag_that_makes_cards(tmp_path: Path) -> None:
    write(tmp_path, a="text\n")
    (tmp_path / "ankigen.toml").write_text('card_tags = ["ask"]\n')
    assert run("check", folder=tmp_path).stderr == NONE.replace("#card", "#ask")
    assert run("build", folder=tmp_path).stderr.endswith("tag a question with #ask\n")
    write(tmp_path, a="- `#ask` in code\n", b="- {{cloze x}}\n")
    said = run("check", folder=tmp_path).stdout
    assert "#ask inside code" in said
    assert "tag its block with #ask" in said


def test_a_build_without_cards_says_it_too(tmp_path: Path) -> None:
    write(tmp_path, a="Why? #anki\n")
    assert 'write card_tags = ["card", "flashcard", "anki"] into ankigen.toml' in run("build", folder=tmp_path).stderr


def test_a_graph_in_logseqs_database_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite").write_bytes(b"SQLite format 3\0" + b"\0" * 84)
    said = "this is a Logseq DB graph (db.sqlite), which ankigen does not read yet; export it as Markdown, and use"
    for command in ("check", "list", "build", "init"):
        assert said in run(command, folder=tmp_path).stderr


@pytest.mark.parametrize("content", [b"", b"SQLite", b"text"])
def test_another_file_of_that_name_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "db.sqlite").write_bytes(content)
    assert run("check", folder=tmp_path).stderr == NONE


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (("logseq", "pages", "journals"), f"found a Logseq graph; how cards are written there: {DOCS}/logseq.md"),
        ((".obsidian",), f"found an Obsidian vault; how cards are written there: {DOCS}/markdown.md"),
        ((), f"found a folder of plain Markdown; how cards are written there: {DOCS}/markdown.md"),
        (
            (".obsidian", "graph/pages", "graph/journals"),
            f"found an Obsidian vault, a Logseq graph; how cards are written there: {BOTH}",
        ),
    ],
)
def test_init_says_what_it_found(tmp_path: Path, folders: tuple[str, ...], said: str) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
        if folder.endswith("pages"):
            write(tmp_path / folder, b="- Q #card\n\t- A\n")
    write(tmp_path, a="- R #card\n\t- A\n")
    assert said in run("init", folder=tmp_path).stderr


@pytest.mark.parametrize("others", ["", "Why::because\nWho::we\n"])
def test_whoever_has_tagged_a_question_is_not_told_to_tag_one(tmp_path: Path, others: str) -> None:
    write(tmp_path, a=FAILED + f"- text\n{others}")
    for command in ("check", "list", "build", "init"):
        done = run(command, folder=tmp_path)
        assert "tag a question" not in done.stderr + done.stdout, (command, done)
    assert run("check", folder=tmp_path).stderr.splitlines()[0] == "0 notes, 0 cards, 0 decks, 1 error"
    assert run("build", folder=tmp_path).stderr.splitlines()[-1] == (
        f"ankigen: nothing to build: found no cards in {tmp_path}; a.md:1: card has no answer: "
        "indent it below the question, or set `empty_back = true`"
    )
    done = run("init", folder=tmp_path)
    assert done.stderr.splitlines()[-1] == "next: fix the problems above, and run `ankigen build`"


def test_of_many_cards_that_failed_a_build_names_the_first(tmp_path: Path) -> None:
    write(tmp_path, a=FAILED * 3)
    assert run("build", folder=tmp_path).stderr.endswith(
        "indent it below the question, or set `empty_back = true`; `ankigen check` shows 2 more\n"
    )


def test_where_the_only_tags_stand_in_code_the_advice_is_about_that(tmp_path: Path) -> None:
    write(tmp_path, a=IN_CODE)
    advice = "#card inside code, a formula or a macro: it makes no card; write it outside to make one"
    done = run("check", folder=tmp_path)
    assert f"a.md:1:8: warning: {advice} [card-tag-in-code]" in done.stdout
    assert done.stderr == "0 notes, 0 cards, 0 decks, 1 warning\n"
    assert run("build", folder=tmp_path).stderr.endswith(f"; a.md:1: {advice}\n")
