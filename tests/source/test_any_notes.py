"""Whatever stands in the notes: a build neither fails nor changes its mind, and Anki takes what it makes."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankigen import api
from ankigen.note_types import fields_of
from ankigen.source import load
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
PIECES = (
    "#card", "{{cloze ", "}}", "{{c1::", "::", r" \\ ", "$", "$$", "`", "```py\n", "```\n", "\n", "\n  ", "\n\t- ",
    "\n- ", "**", "_", "==", "[[", "]]", "((", "))", "[a](", "![x](../a.png)", "| a |\n|---|\n", "> ",
    "#+BEGIN_SRC py\n", "#+END_SRC\n", "#+BEGIN_CLOZE\n", "#+END_CLOZE\n", "#+BEGIN_EXTRA\n", "#+END_EXTRA\n",
    f"id:: {ID}\n", "deck:: A/B\n", "tags:: x, y z\n", "extra:: e\n", "replacecloze:: \" 'a', /b+/ \"\n", "<b>",
    "<script>x</script>", "&amp;", "<", "\x00", "\x1f", "\u2028", "e\u0301", "日本語", "שלום", "{", "}", "#incremental",
    "#type-in", "#bidirectional", "#depth-1", "#card-group", f"{{{{embed (({ID}))}}}}", "[^1]", "- [ ] t", "1. x\n",
    "\\(x\\)", "a", "b word", "Q?", " ", "TODO ", "[#A] ", "{東京|とうきょう}", '[:div "x"]', "https://a.b/c#card",
    "#choice", "[x] ", "\n\t- [x] a", "\n\t- [ ] b", "\n- [X] c", "speak:: fr_FR\n",
    "speak-answer:: en_GB\n", "hint:: h\n", "furigana:: true\n",
    "漢字[かな]", "DONE ", "* ", "** ", ":PROPERTIES:\n", ":END:\n", ":card:", "#+deck: X\n",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
pages = (
    st.builds("- {} #card\n\t- {}".format, texts, texts) | st.builds("* {} #card\n** {}".format, texts, texts) | texts
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(pages | texts, min_size=8, max_size=8))
def test_any_notes_become_a_package_that_anki_takes_whole(
    tmp_path_factory: pytest.TempPathFactory, found: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for number, text in enumerate(found):
        suffix = "org" if text.startswith("*") else "md"
        (folder / f"p{number}.{suffix}").write_text(text, "utf-8", newline="")
    desired = load(folder, NOON)
    if desired.notes:
        api.build(desired, folder / "any.apkg")
        assert load(folder, NOON + 60_000).lock == desired.lock
        sent = {str(one.identity.guid): {**fields_of(one)} for one in desired.notes}
        require_whole(folder / "any.apkg", sent)


def require_whole(package: Path, fields: Mapping[str, Mapping[str, str]]) -> None:
    """Import into an empty collection: every note new and as it was sent, every card with something to ask."""
    with open_collection(package.parent) as collection:
        assert len(import_package(collection, package).new) == len(fields)
        stored = [dict(collection.get_note(id).items()) for id in collection.find_notes("")]
        assert {note["Guid"]: note for note in stored} == fields
        assert not collection.get_empty_cards().notes
