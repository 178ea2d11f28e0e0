"""Pictures with hidden parts: what becomes of notes, and that Anki's own reader finds our shapes in them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from typer.testing import CliRunner

from ankigen.cli import app
from ankigen.data import Desired, Problem, Shape
from ankigen.note_types import OCCLUSION, content_fields, field_hash
from ankigen.source import load
from ankigen.syntax import clozes
from ankigen.syntax.occlusions import occlusion_text, read_areas, written_area
from tests.helpers import mask_editor
from tests.helpers.anki_library import import_as_ankiconnect, import_package, open_collection
from tests.helpers.anki_server import AnkiServer, running
from tests.helpers.building import NOON, build, named, write
from tests.helpers.desk import Desk
from tests.syntax.test_occlusions import any_shape

LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="200"><rect width="260" height="200"/></svg>'
QUESTION = "- Name the parts. #card\n  ![a leaf](leaf.svg)\n"
BLADE, MIDRIB = "\t- blade\n\t  area:: 12 20 30 10\n", "\t- midrib\n\t  area:: ellipse 50 50 10 6\n"
SHAPE = "{{{{c{}::image-occlusion:{}}}}}<br>"
RECT, ELLIPSE = "rect:left=.12:top=.2:width=.3:height=.1", "ellipse:left=.5:top=.5:rx=.05:ry=.03"


def folder(path: Path, text: str, picture: str = LEAF) -> Path:
    """Notes of one page beside a picture."""
    write(path, page=text)
    (path / "leaf.svg").write_text(picture)
    return path


def read(path: Path, text: str, picture: str = LEAF, now: int = NOON) -> Desired:
    return load(folder(path, text, picture), now)


def only(desired: Desired) -> dict[str, str]:
    assert desired.problems == ()
    [note] = desired.notes
    assert note.content.kind == OCCLUSION.name
    return dict(content_fields(note.content))


def found(problems: tuple[Problem, ...]) -> list[tuple[str, str, int]]:
    return [(problem.rule, problem.severity.value, problem.position.line) for problem in problems]


def test_blocks_with_an_area_are_hidden_parts_and_the_others_stand_on_the_back(tmp_path: Path) -> None:
    fields = only(read(tmp_path, f"{QUESTION}  extra:: from a book\n{BLADE}\t- Leaves turn.\n{MIDRIB}"))
    assert fields["Occlusion"] == SHAPE.format(1, RECT) + SHAPE.format(2, ELLIPSE)
    assert fields["Image"].startswith('<img src="leaf-')
    assert fields["Image"].endswith('.svg">')
    assert (fields["Header"], fields["Comments"]) == ("Name the parts.", "")
    assert fields["Back Extra"] == "Leaves turn.<br>from a book"


@pytest.mark.parametrize(
    ("written", "shapes"),
    [
        ("12 20 30 10; 1 2 3 4", [f"1 {RECT}", "1 rect:left=.01:top=.02:width=.03:height=.04"]),
        ("12 20 30 10 angle 90", [f"1 {RECT}:angle=2500"]),
        ("polygon 60,10 90,5 75,40", ["1 polygon:left=.6:top=.05:points=.6,.1 .9,.05 .75,.4"]),
        ("0 0 100 100", ["1 rect:left=0:top=0:width=1:height=1"]),
        ("12 20 30 10; label 5 90", ["0 text:left=.05:top=.9:text=a∶ b:scale=1:fs=.055", f"1 {RECT}"]),
    ],
)
def test_a_shape_stands_in_the_field_as_anki_writes_it(tmp_path: Path, written: str, shapes: list[str]) -> None:
    fields = only(read(tmp_path, f"{QUESTION}\t- **a:** b\n\t  area:: {written}\n"))
    assert fields["Occlusion"] == "".join(SHAPE.format(*shape.split(" ", 1)) for shape in shapes)


def test_two_parts_of_one_name_are_one_card_and_nameless_ones_are_several(tmp_path: Path) -> None:
    text = f"{QUESTION}{BLADE}{MIDRIB}{BLADE.replace('12', '60')}\t- area:: 1 2 3 4\n\t- area:: 5 2 3 4\n"
    [note] = load(folder(tmp_path, text), NOON).notes
    assert clozes.card_numbers(note.content.texts[0]) == (1, 2, 3, 4)
    assert note.content.texts[0].count("{{c1::") == 2


def test_hide_all_test_one_hides_all_parts(tmp_path: Path) -> None:
    fields = only(read(tmp_path, QUESTION.replace("#card", "#card #hide-all-test-one") + BLADE + MIDRIB))
    assert fields["Occlusion"].count(":oi=1}}") == 2


def test_a_picture_alone_is_a_question_and_a_second_one_stays_in_it(tmp_path: Path) -> None:
    assert only(read(tmp_path, f"- ![](leaf.svg) #card\n{BLADE}"))["Header"] == ""
    header = only(read(tmp_path, f"- One ![](leaf.svg) two ![](leaf.svg) #card\n{BLADE}"))["Header"]
    assert header.count("<img") == 1


def test_org_pages_have_hidden_parts_too(tmp_path: Path) -> None:
    text = (
        "* Name the parts. #card\n[[./leaf.svg]]\n** blade\n:PROPERTIES:\n:area: 12 20 30 10\n:END:\n** Leaves turn.\n"
    )
    folder(tmp_path, "")
    (tmp_path / "page.org").write_text(text)
    fields = only(load(tmp_path, NOON))
    assert (fields["Occlusion"], fields["Header"]) == (SHAPE.format(1, RECT), "Name the parts.")
    assert fields["Back Extra"] == "Leaves turn."


def test_an_area_of_another_meaning_is_a_property_as_before(tmp_path: Path) -> None:
    text = (
        "- What bends light? #card\n\t- A lens\n\t  area:: Physics\n- How large? #card\n\t- Large\n\t  area:: 500 km\n"
    )
    desired = read(tmp_path, text)
    assert [note.content.kind for note in desired.notes] == ["basic", "basic"]
    assert desired.problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{QUESTION}\t- blade\n\t  area:: circle 1 2\n", [("area-form", "error", 4)]),
        (f"{QUESTION}\t- blade\n\t  area:: 120 2 3 4\n", [("area-outside", "error", 4)]),
        (f"- Name the parts. #card\n{BLADE}", [("area-no-picture", "error", 1)]),
        (f"- Name ![](https://a.invalid/leaf.png) #card\n{BLADE}", [("area-remote", "error", 1)]),
        (f"- Name ![](gone.png) #card\n{BLADE}", [("area-missing-file", "error", 1), ("missing-media", "warning", 1)]),
        (f"{QUESTION}{BLADE}{BLADE.replace('blade', 'other')}", [("area-overlap", "warning", 6)]),
        (f"{QUESTION}\t- Fig. 1\n\t  area:: label 1 2\n", [("no-answer", "error", 4)]),
        (f"{QUESTION}  occlusion:: e30\n", [("occlusion-broken", "error", 3)]),
        (f"{QUESTION.replace('#card', '#card #reversed')}{BLADE}", [("cloze-direction", "warning", 1)]),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(tmp_path: Path, text: str, expected: list[Any]) -> None:
    desired = read(tmp_path, text)
    assert sorted(found(desired.problems)) == sorted(expected)
    assert len(desired.notes) == (expected[0][1] == "warning")


@pytest.mark.parametrize(
    ("picture", "rules"),
    [
        (LEAF, []),
        (LEAF.replace('width="260"', 'width="26cm"', 1), []),
        (LEAF.replace('width="260" height="200"', 'viewBox="0 0 260 200"', 1), ["area-svg-size"]),
        (LEAF.replace('"260"', '"100%"', 1), ["area-svg-size"]),
    ],
)
def test_an_svg_that_does_not_say_its_size_is_told(tmp_path: Path, picture: str, rules: list[str]) -> None:
    desired = read(tmp_path, QUESTION + BLADE, picture)
    assert [problem.rule for problem in desired.problems] == rules
    assert len(desired.notes) == 1


def test_a_part_that_moves_changes_shape_or_gets_a_neighbour_keeps_its_number(tmp_path: Path) -> None:
    package = tmp_path / "a.apkg"
    notes = tmp_path / "notes"
    first = build(folder(notes, QUESTION + BLADE + MIDRIB), package)
    later = build(
        folder(notes, f"{QUESTION}\t- stalk\n\t  area:: 1 1 5 5\n{MIDRIB}\t- blade\n\t  area:: polygon 1,1 9,1 5,9\n"),
        package,
        NOON + 60_000,
    )
    [before], [after] = first.notes, later.notes
    assert before.identity.guid == after.identity.guid
    assert {cloze.answer: cloze.number for cloze in after.identity.clozes} == {"stalk": 3, "midrib": 2, "blade": 1}
    assert "{{c1::image-occlusion:polygon" in after.content.texts[0]


def test_a_basic_card_whose_answers_become_hidden_parts_keeps_its_note(tmp_path: Path) -> None:
    package, notes = tmp_path / "a.apkg", tmp_path / "notes"
    first = build(folder(notes, f"{QUESTION}\t- blade\n\t- midrib\n"), package)
    later = build(folder(notes, QUESTION + BLADE + MIDRIB), package, NOON + 60_000)
    assert [note.content.kind for note in (*first.notes, *later.notes)] == ["basic", "occlusion"]
    assert first.notes[0].identity.guid == later.notes[0].identity.guid


def test_a_package_that_cannot_change_a_kind_says_so_and_a_stamped_card_keeps_its_note(tmp_path: Path) -> None:
    notes = folder(tmp_path / "notes", f"{QUESTION}\t- blade\n")
    run = CliRunner().invoke
    assert run(app, ["build", str(notes), "--output", str(tmp_path)]).exit_code == 0
    write(notes, page=QUESTION + BLADE)
    assert "now an occlusion card" in run(app, ["build", str(notes), "--output", str(tmp_path)]).output
    [before] = load(notes, NOON).notes
    assert run(app, ["stamp", str(notes)]).exit_code == 0
    assert "id:: " in (notes / "page.md").read_text()
    [after] = load(notes, NOON).notes
    assert (after.identity.guid, after.content.texts[:5]) == (before.identity.guid, before.content.texts[:5])


def test_reviews_of_logseq_go_with_the_parts(tmp_path: Path) -> None:
    reviewed = (
        "  card-last-interval:: 12.4\n  card-repeats:: 3\n  card-next-schedule:: 2024-05-01T22:00:00.000Z\n"
        "  card-last-reviewed:: 2024-04-19T12:34:56.789Z\n"
    )
    folder(tmp_path, QUESTION + reviewed + BLADE + MIDRIB)
    (tmp_path / "ankigen.toml").write_text('schedule = "logseq"\n')
    [note] = load(tmp_path, NOON).notes
    assert [ordinal for ordinal, _ in note.schedules] == [0, 1]


def drawn(**more: Any) -> str:
    element = {"left": 130, "top": 100, "width": 52, "height": 20, "angle": 0, "cId": 3}
    said = {"leaf.svg": {"config": {"hideAllTestOne": True}, "elements": [element, {**element, "left": 40, "cId": 1}]}}
    return base64.b64encode(json.dumps({**said, **more}).encode()).decode()


def test_what_the_plugin_drew_is_hidden_with_its_numbers(tmp_path: Path) -> None:
    fields = only(read(tmp_path, f"{QUESTION}  occlusion:: {drawn()}\n\t- Leaves turn.\n"))
    assert fields["Occlusion"] == (
        SHAPE.format(1, "rect:left=.055:top=.45:width=.2:height=.1:oi=1")
        + SHAPE.format(3, "rect:left=.4:top=.45:width=.2:height=.1:oi=1")
    )
    assert (fields["Header"], fields["Back Extra"]) == ("Name the parts.", "Leaves turn.")


def test_what_the_plugin_drew_is_a_card_without_a_tag_and_what_it_did_not_is_none(
    tmp_path: Path,
) -> None:
    text = f"- ![](leaf.svg)\n  occlusion:: {drawn()}\n- Eclipse\n  occlusion:: of a star\n- Q #card\n\t- A\n"
    assert [note.content.kind for note in read(tmp_path, text).notes] == ["occlusion", "basic"]


def test_with_a_lost_lock_each_part_keeps_the_number_that_it_has_in_anki(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        desk = Desk(tmp_path, server)
        named(folder(desk.notes, QUESTION + MIDRIB + BLADE))
        desk.invoke("sync", "--yes")
        put(server, Occlusion=mask_editor.saved(in_anki(server)["Occlusion"], 430, 331))
        (desk.notes / "ankigen.lock").unlink()
        write(desk.notes, page=QUESTION + BLADE + MIDRIB)
        desk.invoke("sync", "--yes", "--adopt")
        [note] = load(desk.notes, NOON).notes
        assert {cloze.answer: cloze.number for cloze in note.identity.clozes if cloze.is_used} == {
            "midrib": 1,
            "blade": 2,
        }


def test_of_several_pictures_that_the_plugin_drew_on_the_first_counts(tmp_path: Path) -> None:
    other = {"elements": [{"left": 1, "top": 1, "width": 9, "height": 9, "angle": 0, "cId": 1}]}
    desired = read(tmp_path, f"{QUESTION}  occlusion:: {drawn(other=other)}\n")
    assert found(desired.problems) == [("occlusion-broken", "warning", 3)]
    assert len(desired.notes) == 1


# Anki's own reader.


def shapes_in(collection: Collection, note_id: int) -> list[tuple[int, str, dict[str, str]]]:
    """What Anki's mask editor is given: each shape with its number and what it says."""
    answer = collection._backend.get_image_occlusion_note(note_id).note  # noqa: SLF001
    shapes = [
        (occlusion.ordinal, shape.shape, {prop.name: prop.value for prop in shape.properties})
        for occlusion in answer.occlusions
        for shape in occlusion.shapes
    ]
    return sorted(shapes, key=repr)


def wanted(number: int, shape: Shape, label: str) -> tuple[int, str, dict[str, str]]:
    """The shape in Anki's words, as its own editor would write it; from the grid, and not by the code under test."""
    left, top = min(shape.numbers[::2]), min(shape.numbers[1::2])
    if shape.form in {"rect", "ellipse"}:
        left, top = shape.numbers[:2]
    said = {"left": number_as_written(left), "top": number_as_written(top)}
    if shape.form == "rect":
        said |= {"width": number_as_written(shape.numbers[2]), "height": number_as_written(shape.numbers[3])}
    elif shape.form == "ellipse":
        said |= {"rx": number_as_written(shape.numbers[2] / 2), "ry": number_as_written(shape.numbers[3] / 2)}
    elif shape.form == "polygon":
        sides = [number_as_written(side) for side in shape.numbers]
        said["points"] = " ".join(f"{x},{y}" for x, y in zip(sides[::2], sides[1::2], strict=True))
    else:
        said |= {"text": label.replace(":", "∶").replace("\\", "∖"), "scale": "1", "fs": ".055"}
    if shape.angle:
        said["angle"] = str(round(shape.angle * 10_000 / 360))
    return (0 if shape.form == "label" else number), {"label": "text"}.get(shape.form, shape.form), said


def number_as_written(percent: float) -> str:
    text = f"{percent / 100:.4f}".lstrip("0").rstrip("0")
    return {".": "0", "1.": "1"}.get(text, text)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    (tmp_path / "anki").mkdir()
    with open_collection(tmp_path / "anki") as opened:
        build(folder(tmp_path / "notes", QUESTION + BLADE), tmp_path / "a.apkg")
        import_package(opened, tmp_path / "a.apkg")
        yield opened


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.thorough)])
def test_ankis_reader_of_such_notes_finds_exactly_our_shapes_and_our_cards(collection: Collection, count: int) -> None:
    chance = random.Random(count)
    [id] = collection.find_notes("")
    note = collection.get_note(id)
    for _ in range(count):
        parts = [
            (number, shape, chance.choice(["plain", "a: b", "c:: d", "e \\ f"]))
            for number in range(1, chance.randrange(2, 8))
            for _ in range(chance.randrange(1, 3))
            for shape in read_areas(written_area(any_shape(chance))).shapes
        ]
        hides_all = chance.random() < 0.5
        note["Occlusion"] = occlusion_text(parts, hides_all=hides_all)
        collection.update_note(note)
        oi = {"oi": "1"} if hides_all else {}
        ours = [(number, form, said | oi) for number, form, said in (wanted(*part) for part in parts)]
        assert shapes_in(collection, id) == sorted(ours, key=repr)
        numbers = sorted(number - 1 for number in collection._backend.cloze_numbers_in_note(note._to_backend_note()))  # noqa: SLF001
        assert [ordinal for ordinal in numbers if ordinal >= 0] == list(OCCLUSION.cards(dict(note.items())))


@pytest.mark.parametrize("label", ["a }} b", "{{c9::x}}", "}}", "a}", "\\", "x\\", "a=b", ":", "::", "[sound:x.mp3]",
                                   "[latex]x[/latex]", "<script>x</script>", "&lt;"])  # fmt: skip
def test_no_label_breaks_out_of_its_shape(collection: Collection, label: str) -> None:
    [id] = collection.find_notes("")
    note = collection.get_note(id)
    rect = Shape("rect", (1, 2, 3, 4))
    note["Occlusion"] = occlusion_text([(0, Shape("label", (5, 6)), label), (2, rect, "")], hides_all=True)
    collection.update_note(note)
    (_, form, text), (number, other, said) = shapes_in(collection, id)
    assert (form, number, other, text["oi"], said["oi"]) == ("text", 2, "rect", "1", "1")
    assert text["text"].strip()
    assert not any(command in note["Occlusion"] for command in ("[sound", "[latex", "<script"))
    assert clozes.card_numbers(note["Occlusion"]) == (2,)


# Packages and Anki's importers.


def stock(collection: Collection) -> dict[str, Any]:
    [model] = [model for model in collection.models.all() if model["name"] == "ankigen Image Occlusion"]
    return model


@pytest.mark.parametrize("importing", [import_package, import_as_ankiconnect], ids=["by a person", "by AnkiConnect"])
def test_anki_takes_the_note_type_for_its_own_kind_and_updates_and_adds_cards(tmp_path: Path, importing: Any) -> None:
    package, notes = tmp_path / "a.apkg", tmp_path / "notes"
    with open_collection(tmp_path) as collection:
        desired = build(folder(notes, QUESTION + BLADE), package)
        importing(collection, package)
        model = stock(collection)
        assert (model["originalStockKind"], model["type"], model["id"]) == (6, 1, OCCLUSION.note_type.id)
        tags = [(field["name"], field["tag"], field["preventDeletion"]) for field in model["flds"][:5]]
        assert tags == [
            ("Occlusion", 0, True), ("Image", 1, True), ("Header", 2, True), ("Back Extra", 3, True),
            ("Comments", 4, False),
        ]  # fmt: skip
        [id] = collection.find_notes("")
        assert collection.media.have(desired.media[0].name)
        assert collection._backend.get_image_occlusion_note(id).note.image_data == LEAF.encode()  # noqa: SLF001
        build(folder(notes, QUESTION + BLADE.replace("12", "13") + MIDRIB), package, NOON + 60_000)
        importing(collection, package)
        assert [id] == list(collection.find_notes(""))
        assert [card.ord for card in collection.get_note(id).cards()] == [0, 1]
        assert "left=.13" in collection.get_note(id)["Occlusion"]
        assert stock(collection)["originalStockKind"] == 6
        collection.fix_integrity()
        assert len(collection.get_note(id).cards()) == 2


# Sync.


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running(tmp_path) as server:
        desk = Desk(tmp_path, server)
        named(folder(desk.notes, QUESTION + BLADE + MIDRIB))
        assert desk.invoke("sync", "--yes").exit_code == 0
        yield desk


def in_anki(server: AnkiServer) -> Any:
    [id] = server.collection.find_notes("")
    return server.collection.get_note(id)


def put(server: AnkiServer, **fields: str) -> None:
    note = in_anki(server)
    for name, text in fields.items():
        note[name.replace("_", " ")] = text
    server.collection.update_note(note)


def test_a_sync_brings_the_note_type_as_ankis_own_kind(desk: Desk) -> None:
    assert stock(desk.server.collection)["originalStockKind"] == 6
    assert "nothing to do" in desk.invoke("plan").output


def test_a_save_in_ankis_editor_that_moved_nothing_is_no_edit(desk: Desk) -> None:
    put(desk.server, Occlusion=mask_editor.saved(in_anki(desk.server)["Occlusion"], 430, 331),
        Header="<div>Name the parts.</div>")  # fmt: skip
    assert field_hash(in_anki(desk.server)["Occlusion"]) == field_hash(SHAPE.format(1, RECT) + SHAPE.format(2, ELLIPSE))
    assert "nothing to do" in desk.invoke("plan").output
    assert "edited" not in desk.invoke("plan").output
    write(desk.notes, page=QUESTION + BLADE.replace("12", "14") + MIDRIB)
    assert desk.invoke("sync", "--yes").exit_code == 0
    assert "left=.14" in in_anki(desk.server)["Occlusion"]


def test_a_mask_that_the_reader_moved_stays_and_a_later_change_in_the_notes_is_a_conflict(desk: Desk) -> None:
    moved = mask_editor.moved(mask_editor.saved(in_anki(desk.server)["Occlusion"], 430, 331), 2, 0.1)
    put(desk.server, Occlusion=moved, Comments="mine")
    desk.invoke("sync", "--yes")
    assert (in_anki(desk.server)["Occlusion"], in_anki(desk.server)["Comments"]) == (moved, "mine")
    write(desk.notes, page=QUESTION.replace("parts", "two parts") + BLADE.replace("12", "14") + MIDRIB)
    result = desk.invoke("sync", "--yes")
    assert "changed here and in Anki" in result.output
    assert (in_anki(desk.server)["Occlusion"], in_anki(desk.server)["Comments"]) == (moved, "mine")
    assert in_anki(desk.server)["Header"] == "Name the two parts."
    desk.invoke("sync", "--yes", "--prefer", "notes")
    assert "left=.14" in in_anki(desk.server)["Occlusion"]


def test_a_basic_note_is_turned_into_one_by_a_sync(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        desk = Desk(tmp_path, server)
        named(folder(desk.notes, f"{QUESTION}\t- blade\n\t- midrib\n"))
        desk.invoke("sync", "--yes")
        before = in_anki(server).id
        write(desk.notes, page=QUESTION + BLADE + MIDRIB)
        desk.invoke("sync", "--yes")
        assert (in_anki(server).id, in_anki(server).note_type()["name"]) == (before, "ankigen Image Occlusion")
        assert len(in_anki(server).cards()) == 2


FLAT = LEAF.replace('"200"', '"46"')


def flat(path: Path, text: str) -> Path:
    return named(folder(path, text, FLAT))


def test_a_save_that_moved_nothing_on_a_flat_picture_is_no_edit_and_no_conflict(tmp_path: Path) -> None:
    blade, midrib = "\t- blade\n\t  area:: 12 20.5 30 33.5\n", "\t- midrib\n\t  area:: ellipse 50 50.5 11 27\n"
    with running(tmp_path) as server:
        desk = Desk(tmp_path, server)
        flat(desk.notes, QUESTION + blade + midrib)
        desk.invoke("sync", "--yes")
        saved = mask_editor.saved(in_anki(server)["Occlusion"], 431, 77)
        assert field_hash(saved) != field_hash(in_anki(server)["Occlusion"])
        put(server, Occlusion=saved)
        assert "nothing to do" in desk.invoke("plan").output
        assert "edited" not in desk.invoke("plan").output
        write(desk.notes, page=QUESTION + blade.replace("12", "14") + midrib)
        assert "changed here and in Anki" not in desk.invoke("sync", "--yes").output
        assert "left=.14" in in_anki(server)["Occlusion"]
        assert "nothing to do" in desk.invoke("plan").output


def test_a_mask_that_the_reader_moved_by_a_pixel_on_a_flat_picture_stays(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        desk = Desk(tmp_path, server)
        flat(desk.notes, f"{QUESTION}\t- blade\n\t  area:: 12 20.5 30 33.5\n")
        desk.invoke("sync", "--yes")
        moved = mask_editor.moved(mask_editor.saved(in_anki(server)["Occlusion"], 431, 77), 1, 1 / 77, "top")
        put(server, Occlusion=moved)
        assert "edited" in desk.invoke("sync", "--yes").output
        assert in_anki(server)["Occlusion"] == moved


def test_a_flat_picture_saved_unasked_becomes_a_basic_card_again(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        desk = Desk(tmp_path, server)
        flat(desk.notes, f"{QUESTION}\t- blade\n\t  area:: 12 20.5 30 33.5\n")
        desk.invoke("sync", "--yes")
        put(server, Occlusion=mask_editor.saved(in_anki(server)["Occlusion"], 431, 77))
        write(desk.notes, page=f"{QUESTION}\t- blade\n")
        desk.invoke("sync", "--yes")
        assert in_anki(server).note_type()["name"] == "ankigen Basic"
