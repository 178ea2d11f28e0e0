"""A page shows what of a picture is hidden, without the script that only Anki has."""

from __future__ import annotations

import re
from pathlib import Path

from ankigen import api
from tests.helpers.building import write

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300"/></svg>'
LEAF = """\
- Name the parts. #card{tag}
  ![](assets/leaf.svg)
\t- blade
\t  area:: 12 20 30 10
\t- vein
\t  area:: ellipse 50 50 10 5 angle 90
\t- stalk
\t  area:: polygon 60,10 90,10 75,40
\t- Fig. 1 <b>&
\t  area:: label 5 90
\t- Leaves turn.
"""


def face(folder: Path, ordinal: int, side: str, tag: str = "") -> str:
    (folder / "assets").mkdir(parents=True)
    (folder / "assets/leaf.svg").write_text(SVG, "utf-8")
    write(folder, page=LEAF.format(tag=tag))
    shown = api.snapshot_of(api.load(folder))
    found = shown.face(shown.preview.cards[0].address.partition("/")[0], ordinal, side)
    assert found is not None
    return found


def roles(shown: str) -> list[str]:
    return re.findall(r'class="(active|inactive|highlight)"', shown)


def test_the_asked_part_is_masked_in_front_and_framed_behind(tmp_path: Path) -> None:
    front, back = (face(tmp_path / side, 0, side) for side in ("front", "back"))
    assert roles(front) == ["active"]
    assert roles(back) == ["highlight"]
    assert '<rect x="0.12" y="0.2" width="0.3" height="0.1" class="active"' in front
    assert "<img src=" in front


def test_the_others_are_masked_on_both_sides_where_all_are_hidden(tmp_path: Path) -> None:
    front, back = (face(tmp_path / side, 1, side, " #hide-all-test-one") for side in ("front", "back"))
    assert roles(front) == ["inactive", "active", "inactive"]
    assert roles(back) == ["inactive", "highlight", "inactive"]


def test_a_turned_part_turns_about_its_corner(tmp_path: Path) -> None:
    front = face(tmp_path, 1, "front")
    assert '<g style="transform-origin:50% 50%;transform:rotate(0.25turn)">' in front
    assert '<ellipse cx="0.55" cy="0.525" rx="0.05" ry="0.025" class="active"' in front


def test_a_label_is_text_and_never_markup(tmp_path: Path) -> None:
    label = re.search(r'<text x="5%" y="90%">(.*?)</text>', face(tmp_path, 2, "front"))
    assert label
    assert label[1].startswith("Fig. 1")
    assert "<" not in label[1]
    assert "&amp;" in label[1]
    assert "&amp;amp;" not in label[1]


def test_the_script_that_only_anki_has_is_not_asked_for(tmp_path: Path) -> None:
    front = face(tmp_path, 0, "front")
    assert "anki.imageOcclusion" not in front
    assert "<canvas" not in front
