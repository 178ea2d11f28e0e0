"""Whatever a lock file says, it is refused, or Anki takes the package and finds nothing wrong with it afterwards."""

import random
from pathlib import Path

import pytest

from ankigen import api
from ankigen.data import ClozeNumber, Guid, Identity, KindName, Lock, Style
from ankigen.errors import BrokenLock
from ankigen.identity import LOCK_NAME, read_lock, write_lock
from ankigen.report import search_for
from ankigen.source import load
from ankigen.support.guids import plain_guid
from ankigen.support.structs import replace
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON, write

PAGE = (
    "- The {{cloze sun}} is a {{cloze star}} #card\n"
    "- What bends light? #card #tag\n\t- A lens\n"
    "- Both ways? #card #bidirectional\n\t- Both\n"
    "- Said anew? #card\n\t- Now\n"
)
NUMBERS = (-1, 0, 1, 2, 600, 70_000, 2**31, 2**32, 2**33 - 1, 2**33, NOON, 2**33 * 1000 - 1000, 2**53, 2**63, 10**30)
TEXTS = (
    "",
    "-",
    "\x1f",
    "\x00",
    "a\x1fb",
    "a\tb",
    "'\"\\",
    "*",
    "<b>",
    "é",
    "e\u0301",
    "\ufdd0",
    "a" * 64,
    "a" * 65,
    "{{c1::x}}",
    "%23y6%2AA%60jjF",
    "G%24wD%24l-hDq",
    "%3Cimg%20src%3Dx%3E",
    "%27%22%5C",
    "%2A%5F",
    "a%1Fb",
    "%7B%7Bc1%3A%3Ax%7D%7D",
)


def nasty(known: Identity, chance: random.Random) -> Identity:
    """The identity with something odd in one of its columns."""
    number, text = chance.choice(NUMBERS), chance.choice(TEXTS)
    clozes = (ClozeNumber("sun", chance.choice(NUMBERS)), ClozeNumber(text, 1, is_used=chance.random() < 0.5))
    changes: list[dict[str, object]] = [
        {"guid": Guid(text)},
        {"id": text},
        {"kind": KindName(chance.choice(["basic", "cloze", "later", text]))},
        {"page": text},
        {"question": text},
        {"ordinal": number},
        {"created": number},
        {"modified": number},
        {"removed": number},
        {"clozes": clozes},
        {"content_digest": "0" * 16, "modified": number},
    ]
    return replace(known, **chance.choice(changes))


def poisoned(lock: Lock, chance: random.Random) -> Lock:
    identities = [nasty(known, chance) if chance.random() < 0.4 else known for known in lock.identities.values()]
    style = Style("0" * 16, chance.choice(NUMBERS)) if chance.random() < 0.2 else lock.style
    return replace(lock, identities={known.guid: known for known in identities}, style=style)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_lock_says_it_is_refused_or_the_package_passes_ankis_check(tmp_path: Path, seed: int) -> None:
    chance, built = random.Random(seed), 0
    notes = write(tmp_path / "notes", a=PAGE)
    original = load(notes, NOON).lock
    with open_collection(tmp_path) as collection:
        for number in range(12):
            write_lock(notes / LOCK_NAME, poisoned(original, chance))
            before = (notes / LOCK_NAME).read_bytes()
            package = tmp_path / f"{number}.apkg"
            try:
                desired = load(notes, NOON + 60_000)
            except BrokenLock:
                assert (notes / LOCK_NAME).read_bytes() == before
                continue
            api.build(desired, package)
            import_package(collection, package)
            built += 1
            assert read_lock(notes / LOCK_NAME) == desired.lock, "what was written can be read"
        report, is_fine = collection.fix_integrity()
    assert is_fine, report
    assert built


ODD = ("#y6*A`jjF", "G$wD$l-hDq", "a<b>&c", "[sound:x]", "'\"\\*_%", "{{c1::x}}", "re:^.*$")
"""GUIDs as Anki and other tools make them, or worse."""


def test_guids_of_other_tools_are_in_anki_what_they_were_and_a_search_finds_each(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a="".join(f"- Question {n}? #card\n\t- A{n}\n" for n in range(len(ODD))))
    lock = load(notes, NOON).lock
    plain = [Guid(plain_guid(held) or "") for held in ODD]
    theirs = {guid: replace(known, guid=guid) for guid, known in zip(plain, lock.identities.values(), strict=True)}
    write_lock(notes / LOCK_NAME, replace(lock, identities=theirs))
    desired = load(notes, NOON)
    assert desired.lock.identities == theirs
    api.build(desired, tmp_path / "a.apkg")
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        held = {note.guid: note for note in map(collection.get_note, collection.find_notes(""))}
        assert {*held} == {*ODD}
        for guid, odd in zip(plain, ODD, strict=True):
            assert list(collection.find_notes(search_for([guid]))) == [held[odd].id]
            assert list(collection.find_notes(f'"Guid:{guid}"')) == [held[odd].id]
        import_package(collection, tmp_path / "a.apkg")
        assert collection.note_count() == len(ODD)
        report, is_fine = collection.fix_integrity()
        assert is_fine, report


@pytest.mark.parametrize("created", [1, 2**33 * 1000 - 1000])
def test_notes_of_one_moment_at_either_end_of_what_a_lock_may_say_pass_ankis_check(
    tmp_path: Path, created: int
) -> None:
    notes = write(tmp_path / "notes", a=PAGE)
    lock = load(notes, NOON).lock
    identities = {guid: replace(known, created=created) for guid, known in lock.identities.items()}
    write_lock(notes / LOCK_NAME, replace(lock, identities=identities))
    api.build(load(notes, NOON), tmp_path / "a.apkg")
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        report, is_fine = collection.fix_integrity()
        assert is_fine, report
        assert (collection.note_count(), collection.card_count()) == (4, 6)
