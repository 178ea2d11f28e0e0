"""What is kept between runs never shows: with it and without it the notes are the same, whatever changed meanwhile."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ankigen import identity, source
from ankigen.config import Config
from ankigen.data import Desired, Page
from ankigen.note_types import content_fields
from ankigen.source import load
from ankigen.source.cache.store import _checksum
from ankigen.support import folders
from ankigen.support.structs import replace
from ankigen.syntax import outline
from tests.helpers.building import NOON, named, write
from tests.helpers.own_types import DEFINITION, write_type

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
OTHER_ID = "0d9c8b7a-6f5e-4d3c-8b2a-1f0e9d8c7b6a"
_ELEMENT = {"left": 130, "top": 100, "width": 52, "height": 20, "angle": 0, "cId": 3}
DRAWN = base64.b64encode(json.dumps([_ELEMENT]).encode()).decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"/>'
BLOCKS = (
    "- What bends light? #card\n\t- A lens\n",
    "- The {{cloze sun}} is a {{cloze star}} #card\n",
    "- The {{cloze moon}} and the {{cloze sun}} and a {{cloze star}} #card\n",
    "- What is this? #card\n\t- ![a picture](../assets/a.png)\n",
    f"- What is said there? #card\n\t- (({ID}))\n",
    f"- And here? #card\n\t- {{{{embed (({OTHER_ID}))}}}}\n",
    "- And on that page? #card\n\t- {{embed [[b]]}}\n",
    *(f"- A block with an id, {word}\n  id:: {ID}\n" for word in ("now", "then")),
    *(f"- A question with an id #card\n  id:: {OTHER_ID}\n\t- Its answer, {word}\n" for word in ("now", "then")),
    "- No answer #card\n",
    "- No answer, and nobody minds #card\n  ankigen-ignore:: no-answer\n",
    "- {{poem}} #card\n\t- A macro\n",
    "- A diagram? #card\n\t- ```mermaid\n\t  graph TD\n\t  ```\n",
    "# A heading\n\n- Under it #card\n\t- Yes\n",
    "- A bad cloze {{cloze one #card\n\t- Text \x07\n",
    "- Plain text\n",
    "- Which? #card #choice\n\t- [x] This\n\t- [ ] That\n",
    "- Name it. #card\n  ![](../assets/leaf.svg)\n\t- blade\n\t  area:: 12 20 30 10\n",
    f"- Name all. #card\n  ![](../assets/leaf.svg)\n  occlusion:: {DRAWN}\n",
    "- perro #vocab\n\t- dog\n",
    "- le chat #card\n  speak:: fr_FR\n  hint:: an animal\n\t- the cat\n",
)
HEADS = (
    "",
    *(f"{line}\n\n" for line in ("title:: b", "tags:: [[one]]", "deck:: D", "alias:: b", "ankigen-ignore:: no-answer")),
)
NAMES = ("pages/a.md", "pages/b.md", "pages/a___c.md", "pages/b.org", "d/e.md", "journals/2026_11_24.md")
CONFIGS = ("", 'deck_prefix = "All"\n', 'context = "page"\n', "lenient_tags = false\n", 'deck_from = "page"\n')
GRAPHS = ("", '{:macros {"poem" "Roses"}}', '{:macros {"poem" "Violets"} :file/name-format :triple-lowbar}')

Change = Callable[[Path, random.Random], None]


def write_page(root: Path, chance: random.Random) -> None:
    path = root / chance.choice(NAMES)
    path.parent.mkdir(exist_ok=True)
    text = chance.choice(HEADS) + "".join(chance.sample(BLOCKS, chance.randint(0, len(BLOCKS))))
    path.write_bytes(text.encode() if chance.random() < 0.95 else b"- \xff #card\n")


def drop_page(root: Path, chance: random.Random) -> None:
    (root / chance.choice(NAMES)).unlink(missing_ok=True)


def move_page(root: Path, chance: random.Random) -> None:
    old, new = root / chance.choice(NAMES), root / chance.choice(NAMES)
    if old.exists():
        new.parent.mkdir(exist_ok=True)
        old.replace(new)


def draw_picture(root: Path, chance: random.Random) -> None:
    (root / "assets").mkdir(exist_ok=True)
    (root / "assets/a.png").write_bytes(chance.randbytes(3))


def draw_leaf(root: Path, chance: random.Random) -> None:
    """A picture of another size, whose parts the plugin counts in pixels."""
    (root / "assets").mkdir(exist_ok=True)
    width, height = chance.choice([(260, 200), (520, 400), (260, 400)])
    (root / "assets/leaf.svg").write_text(SVG.format(width, height), "utf-8")


def make_type(root: Path, chance: random.Random) -> None:
    """Another text in one of the files of a note type, or one that Anki could not take."""
    front = chance.choice(["<b>{{Word}}</b>", "<i>{{Word}}</i>", "{{Wrd}}"])
    tags = chance.choice(["vocab", "words"])
    definition = DEFINITION.replace("vocab", tags)
    changed = {"Recognise__front__html": front, "note_type__toml": definition}
    write_type(root, changed={**changed, "style__css": chance.choice([None, ".card { color: teal }"])})


def lose_picture(root: Path, chance: random.Random) -> None:
    (root / "assets/a.png").unlink(missing_ok=True)


def configure(root: Path, chance: random.Random) -> None:
    (root / "ankigen.toml").write_text(chance.choice(CONFIGS))


def set_graph(root: Path, chance: random.Random) -> None:
    (root / "logseq").mkdir(exist_ok=True)
    (root / "logseq/config.edn").write_text(chance.choice(GRAPHS))


def leave_graph(root: Path, chance: random.Random) -> None:
    (root / "logseq/config.edn").unlink(missing_ok=True)


def lose_lock(root: Path, _: random.Random) -> None:
    named(root)


def renumber(root: Path, chance: random.Random) -> None:
    """Another branch gave the clozes other numbers."""
    if known := identity.read_lock(root / identity.LOCK_NAME):
        identities = {
            guid: replace(one, clozes=tuple(replace(cloze, number=cloze.number + 1) for cloze in one.clozes))
            for guid, one in known.identities.items()
        }
        identity.write_lock(root / identity.LOCK_NAME, replace(known, identities=identities))


CHANGES: tuple[Change, ...] = (
    *[write_page] * 6,
    drop_page,
    move_page,
    draw_picture,
    lose_picture,
    *[draw_leaf] * 2,
    *[make_type] * 2,
    configure,
    set_graph,
    leave_graph,
    lose_lock,
    renumber,
)
STEP = st.tuples(st.sampled_from(CHANGES), st.integers(0, 2**16))


@settings(max_examples=5, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(start=st.integers(0, 2**16), steps=st.lists(STEP, min_size=10, max_size=10))
def test_whatever_changes_the_notes_are_the_same_with_and_without_what_is_kept(
    start: int, steps: list[tuple[Change, int]]
) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        root, chance = Path(name, "notes"), random.Random(start)
        root.mkdir()
        named(root)
        (root / "first.md").write_text(BLOCKS[0])
        for first in (draw_picture, set_graph, *[write_page] * 5):
            first(root, chance)
        for number, (change, seed) in enumerate(steps):
            change(root, random.Random(seed))
            now = NOON + number * 1000
            anew = with_cache(Path(name, "empty", str(number)), root, now, patch)
            again = with_cache(Path(name, "kept"), root, now, patch)
            assert anew == again
            identity.write_lock(root / identity.LOCK_NAME, again.lock)


def with_cache(cache: Path, root: Path, now: int, patch: pytest.MonkeyPatch) -> Desired:
    patch.setattr(folders, "cache", lambda: cache)
    return load(root, now)


def test_a_card_that_can_be_made_again_takes_the_place_that_it_has_without_what_was_kept(tmp_path: Path) -> None:
    root = tmp_path / "notes"
    root.mkdir()
    named(root)
    (root / "page.md").write_text("- First #card\n\t- A lens\n- Second #card\n\t- ![](a.png)\n")
    (root / ".a.png.icloud").write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        before = with_cache(tmp_path / "kept", root, NOON, patch)
        assert [note.identity.question for note in before.notes] == ["First"]
        identity.write_lock(root / identity.LOCK_NAME, before.lock)
        (root / ".a.png.icloud").unlink()
        (root / "a.png").write_bytes(b"\x89PNG")
        anew, again = (with_cache(tmp_path / name, root, NOON + 1000, patch) for name in ("empty", "kept"))
        assert [note.identity.question for note in again.notes] == ["First", "Second"]
        assert anew.lock == again.lock


def kept_twice(tmp_path: Path, root: Path, patch: pytest.MonkeyPatch) -> Desired:
    """What is read of notes that were read before; the same as without what was kept."""
    anew, again = (with_cache(tmp_path / name, root, NOON, patch) for name in (f"empty{os.urandom(4).hex()}", "kept"))
    assert anew == again
    identity.write_lock(root / identity.LOCK_NAME, again.lock)
    return again


def test_a_picture_of_another_size_is_seen_by_what_the_plugin_drew_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = named(write(tmp_path / "notes", a=f"- Name all. #card\n  ![](leaf.svg)\n  occlusion:: {DRAWN}\n"))
    shapes = []
    for width in (260, 520, 260):
        (root / "leaf.svg").write_text(SVG.format(width, 200), "utf-8")
        [note] = kept_twice(tmp_path, root, monkeypatch).notes
        shapes.append(note.content.texts[0])
    assert "left=.4:top=.45:width=.2" in shapes[0]
    assert "left=.2:top=.45:width=.1" in shapes[1]
    assert shapes[2] == shapes[0]


def test_a_changed_file_of_a_note_type_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = named(write(tmp_path / "notes", a="- perro #vocab\n\t- dog\n"))
    seen = []
    for front in ("{{Word}}", "<b>{{Word}}</b>", "{{Wrd}}", "{{Word}}"):
        write_type(root, changed={"Recognise__front__html": front})
        desired = kept_twice(tmp_path, root, monkeypatch)
        [own] = desired.own
        faces = [template.front for template in own.note_type.templates]
        seen.append((front in "".join(faces), [problem.rule for problem in desired.problems], len(desired.notes)))
    broken = (True, ["note-type-template", "note-type-unknown"], 0)
    assert seen == [(True, [], 1), (True, [], 1), broken, (True, [], 1)]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the pages that are parsed from now on."""
    paths: list[str] = []
    parse = outline.parse

    def noted(text: str, path: str, name: str, *, reads_yaml: bool = False) -> Page:
        paths.append(path)
        return parse(text, path, name, reads_yaml=reads_yaml)

    monkeypatch.setattr(outline, "parse", noted)
    return paths


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parsed: list[str]) -> Path:
    """Notes that were read once."""
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "cache")
    root = write(tmp_path / "notes", a="".join(BLOCKS[:3]), b="- Plain text, with a title\n")
    assert len(load(root, NOON).notes) == 3
    assert sorted(parsed) == ["a.md", "b.md"]
    parsed.clear()
    return root


def with_lock(root: Path) -> Desired:
    """The notes, kept once more, now with a lock file."""
    identity.write_lock(root / identity.LOCK_NAME, load(root, NOON).lock)
    return load(root, NOON)


def store_of(root: Path) -> Path:
    [store] = (root.parent / "cache/notes").glob("*.sqlite")
    return store


def test_pages_that_did_not_change_are_not_parsed(notes: Path, parsed: list[str]) -> None:
    assert len(load(notes, NOON).notes) == 3
    assert not parsed


def test_of_a_change_only_its_own_page_is_parsed(notes: Path, parsed: list[str]) -> None:
    write(notes, b=BLOCKS[0])
    assert len(load(notes, NOON).notes) == 4
    assert parsed == ["b.md"]


REFERRING = (
    "- What is said there? #card\n"
    f"\t- (({ID}))\n"
    "- And on that page? #card\n"
    "\t- {{embed [[c]]}}\n"
    "- And on the other? #card\n"
    "\t- {{embed [[the other]]}}\n"
)


def write_referring(root: Path, **others: str) -> Path:
    pages = {
        "a": REFERRING,
        "b": f"- said there\n  id:: {ID}\n",
        "c": "- on that page\n",
        "d": "alias:: the other\n\n- on the other\n",
        "e": f"- nobody asks for this\n  id:: {OTHER_ID}\n",
    }
    return write(root, **pages | others)


def backs(root: Path) -> list[str]:
    faces = [content_fields(one.content)["Back"] for one in load(root, NOON).notes]
    around = '(<ul><li>|<span class="ankigen-reference">)(.*)(</li></ul>|</span>)'
    return [re.sub(around, r"\2", face) for face in faces]


def test_what_cards_refer_to_is_parsed_and_no_other_page(notes: Path, parsed: list[str]) -> None:
    write_referring(notes)
    assert backs(notes) == ["said there", "on that page", "on the other"]
    assert sorted(parsed) == ["a.md", "b.md", "c.md", "d.md"]


@pytest.mark.parametrize(
    ("page", "text", "shown"),
    [
        ("b", f"- now said there\n  id:: {ID}\n", ["now said there", "on that page", "on the other"]),
        ("aa", f"- said here first\n  id:: {ID}\n", ["said here first", "on that page", "on the other"]),
        ("c", "- now on that page\n", ["said there", "now on that page", "on the other"]),
        ("d", "- alias gone\n", ["said there", "on that page", '<span class="missing">…</span>']),
        ("f", "title:: the other\n\n- the page itself\n", ["said there", "on that page", "the page itself"]),
    ],
)
def test_of_what_cards_refer_to_only_what_changed_is_parsed(
    notes: Path, parsed: list[str], page: str, text: str, shown: list[str]
) -> None:
    backs(write_referring(notes))
    parsed.clear()
    backs(notes)
    assert not parsed
    write_referring(notes, **{page: text})
    assert backs(notes) == shown
    assert set(parsed) == {"a.md", f"{page}.md"}


@pytest.mark.parametrize(
    "settings", [Config(deck_prefix="All"), Config(card_tags=("card", "ask"))], ids=["prefix", "tags"]
)
def test_other_settings_take_nothing_over(notes: Path, parsed: list[str], settings: Config) -> None:
    source.load(notes, NOON, settings)
    assert sorted(parsed) == ["a.md", "b.md"]


def test_another_ankigen_takes_nothing_over(
    notes: Path, parsed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/module.py").write_text("x = 1")
    monkeypatch.setattr("ankigen.source.cache.store._CODE", tmp_path / "code")
    load(notes, NOON)
    assert sorted(parsed) == ["a.md", "b.md"]


def test_another_version_of_a_package_takes_nothing_over(
    notes: Path, parsed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mistune-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    load(notes, NOON)
    assert sorted(parsed) == ["a.md", "b.md"]


def test_bytes_that_rot_on_disk_are_not_taken_over(notes: Path, parsed: list[str]) -> None:
    with closing(sqlite3.connect(store_of(notes))) as store, store:
        store.execute("update kept set made = cast(replace(made, 'lens', 'LENS') as blob)")
    load(notes, NOON)
    assert parsed == ["a.md"]


def test_a_broken_store_is_made_anew(notes: Path, parsed: list[str]) -> None:
    store_of(notes).write_bytes(b"no database" * 1000)
    counts = [len(load(notes, NOON).notes) for _ in range(3)]
    assert counts == [3, 3, 3]
    assert sorted(parsed) == ["a.md", "a.md", "b.md", "b.md"]  # once without a store, once for the new one


@pytest.mark.parametrize("seed", range(20))
def test_a_store_with_flipped_bytes_is_right_or_made_anew(notes: Path, seed: int) -> None:
    """Nothing of it stops a run or shows, and it does not stay broken."""
    chance, whole = random.Random(seed), with_lock(notes)
    store = store_of(notes)
    content = bytearray(store.read_bytes())
    places = [place for place, byte in enumerate(content) if byte]  # most of the file is empty
    for place in chance.sample(places, chance.choice([1, 1, 1, 10, 100])):
        content[place] = chance.randrange(256)
    store.write_bytes(bytes(content))
    assert [load(notes, NOON) for _ in range(3)] == [whole] * 3


@pytest.mark.parametrize("made", [None, "text", 7, 1.5, b"", b"\xff", b"\x80", b"\x91" * 5000, b"\xc1"])
@pytest.mark.parametrize("is_summed", [True, False])
def test_what_is_kept_as_something_else_is_as_if_it_were_not_there(
    notes: Path, parsed: list[str], made: object, is_summed: bool
) -> None:
    whole = with_lock(notes)
    with closing(sqlite3.connect(store_of(notes))) as store, store:
        store.create_function("summed", 2, lambda path, key: _checksum(path, key, made if type(made) is bytes else b""))
        store.execute("update kept set made = ?", [made])
        if is_summed:
            store.execute("update kept set sum = summed(path, key)")
    parsed.clear()
    assert load(notes, NOON) == whole
    assert sorted(parsed) == ["a.md", "b.md"]


@pytest.mark.parametrize(
    "change",
    [
        "update kept set key = null",
        "update kept set key = 7",
        "update kept set key = x'ff'",
        "update kept set key = cast(x'ff' as text)",
        "update kept set path = cast(x'ff' || rowid as text)",
        "update kept set path = null",
        "update kept set sum = 'text'",
        "update kept set sum = 1e300",
        "update kept set made = substr(made, 1, length(made) / 2)",
        "alter table kept rename column made to built",
        "alter table kept rename to lost",
        "drop table kept",
    ],
)
def test_a_store_of_another_shape_is_as_if_it_were_not_there(notes: Path, change: str) -> None:
    whole = with_lock(notes)
    with closing(sqlite3.connect(store_of(notes))) as store, store:
        store.execute(change)
    assert [load(notes, NOON) for _ in range(3)] == [whole] * 3
    with closing(sqlite3.connect(store_of(notes))) as store:
        assert store.execute("select count(*) from kept where typeof(made) = 'blob'").fetchone() >= (3,)


def test_a_store_that_another_run_is_writing_to_is_left_alone(notes: Path, parsed: list[str]) -> None:
    with closing(sqlite3.connect(store_of(notes))) as other:
        other.execute("begin exclusive")
        assert len(load(notes, NOON).notes) == 3
    assert sorted(parsed) == ["a.md", "b.md"]


def test_a_cache_that_cannot_be_written_to_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "cache")
    assert len(load(write(tmp_path, a=BLOCKS[0]), NOON).notes) == 1


def test_files_that_are_gone_are_forgotten(notes: Path) -> None:
    (notes / "a.md").rename(notes / "c.md")
    load(notes, NOON)
    with closing(sqlite3.connect(store_of(notes))) as store:
        assert {path for (path,) in store.execute("select path from kept")} == {"b.md", "c.md"}


def test_a_store_that_nobody_used_for_a_season_is_deleted(notes: Path, parsed: list[str]) -> None:
    own = store_of(notes)
    recent, old, stubborn = (own.with_name(f"{name}.sqlite") for name in ("recent", "old", "stubborn"))
    stubborn.mkdir()
    now = own.stat().st_mtime
    for store, days in ((recent, 80), (old, 100), (stubborn, 100), (own, 100)):
        store.touch()
        os.utime(store, (now - days * 24 * 3600,) * 2)
    load(notes, NOON)
    assert recent.exists()
    assert not old.exists()
    assert not parsed, "it is in use, whatever becomes of the others"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits; the folder is the user's own there")
def test_what_is_kept_is_for_the_user_alone(notes: Path) -> None:
    assert store_of(notes).stat().st_mode & 0o077 == 0
