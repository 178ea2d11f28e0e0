"""Each way to write a card says by which signs it is told: what the card stage finds, no file is passed over for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.cards import find_cards, signs
from ankigen.cards.ways import WAYS
from ankigen.config import Config
from ankigen.source import load
from ankigen.support.normal_forms import searchable
from ankigen.syntax import outline
from tests.helpers.building import NOON, write

PIECES = st.sampled_from(
    [
        *(
            "- ",
            "\t- ",
            "* ",
            "** ",
            "\n",
            "\n- ",
            "\n\t- ",
            " ",
            "x",
            "A lens",
            ":",
            "::",
            "#",
            "[[",
            "]]",
            "{{",
            "}}",
        ),
        *("#card", "#Card", "[[CARD]]", "#[[card]]", "#card/fr", "tags:: card", "\n  tags:: a, ask", "#Ask", "[[ask]]"),
        *("#card-group", "[[Card-Group]]", ":card:", ":ASK:", "#+filetags: :card:", "#+title: card", "title:: ask"),
        *(
            "{{cloze ",
            "{{c1::",
            "{{c1 ",
            "{{{cloze ",
            "{{Cloze ",
            "#+BEGIN_CLOZE\n",
            "#+begin_cloze\n",
            "\n#+END_CLOZE",
        ),
        *(":->", ":<-", ":<->", ":-", "-:", "->", "<-"),
        *(
            "\n  card-repeats:: 3",
            "\n  Card_Ease_Factor:: 2",
            "`#card`",
            "```\n",
            "$",
            "\n:PROPERTIES:\n:tags: card\n:END:",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
CONFIGS = st.builds(
    Config,
    card_tags=st.sampled_from([("card", "flashcard"), ("ask",), ("Ask", "Frage")]),
    cloze_without_card=st.booleans(),
    swift_arrows=st.booleans(),
)


@given(TEXTS, CONFIGS, st.sampled_from(["a.md", "a.org"]))
def test_a_text_without_any_sign_holds_no_card_and_nothing_that_looks_like_one(
    text: str, config: Config, path: str
) -> None:
    found = find_cards(outline.parse(text, path, "Page"), "Deck", config)
    if found.cards or found.problems:
        assert any(sign in searchable(text) for sign in signs(config))


@pytest.mark.parametrize("suffix", ["md", "org"])
def test_a_file_whose_only_sign_is_a_block_of_clozes_makes_its_note(tmp_path: Path, suffix: str) -> None:
    bullet = "- " if suffix == "md" else "* "
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / f"a.{suffix}").write_text(f"{bullet}The eye\n#+BEGIN_CLOZE\nA lens\n#+END_CLOZE\n")
    (folder / "ankigen.toml").write_text("cloze_without_card = true\n")
    assert [note.content.kind for note in load(folder, NOON).notes] == ["cloze"]


def test_a_block_of_clozes_outside_any_card_is_told(tmp_path: Path) -> None:
    found = load(write(tmp_path / "notes", a="- The eye\n  #+BEGIN_CLOZE\n  A lens\n  #+END_CLOZE\n"), NOON)
    assert [problem.rule for problem in found.problems] == ["cloze-without-card"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Which lens? #card", "tag"),
        ("- Which lens? #card-group", None),
        ("- A {{cloze lens}}", "cloze_alone"),
        ("- A lens :-> bends light", "arrow"),
        ("- A lens", None),
    ],
)
def test_a_card_is_read_by_the_way_it_is_written(text: str, expected: str | None) -> None:
    config = Config(cloze_without_card=True, swift_arrows=True)
    found = find_cards(outline.parse(text, "a.md", "Page"), "Deck", config)
    names = {way.__name__.rpartition(".")[2]: way for way in WAYS}  # type: ignore[attr-defined] # a way is a module
    told = [name for name, way in names.items() if any(sign in searchable(text) for sign in way.signs(config))]
    assert bool(found.cards) is (expected is not None)
    assert expected is None or expected in told
