"""Names made of hashes are identity: the same content has the same name in every version of ankigen."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen import note_types
from ankigen.data import MediaFile
from ankigen.source.diagrams import Mermaid
from ankigen.source.media import media_name
from ankigen.source.remote_media import Fetched, Remote
from ankigen.support.hashing import content_hash, digest

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("data", "length", "named"),
    [
        (b"", 64, EMPTY),
        (b"abc", 64, ABC),
        (b"abc", 32, ABC[:32]),
        (b"abc", 16, "ba7816bf8f01cfea"),
        (b"\x00\xff", 16, "06eb7d6a69ee19e5"),
    ],
)
def test_content_is_named_by_the_start_of_its_sha_256(data: bytes, length: int, named: str) -> None:
    assert content_hash(data, length) == named


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ((), EMPTY),
        (("abc",), "aab5f9ae99b2e38fb462025c8f72f570c9c811705d2a4277dc855d7fa293fe97"),
        (("ab", "c"), "430fb1b4ac43316eca81fab27a1930ab8eff8fef6a1dc7903dce44bbc2790dc5"),
        (("a", "bc"), "5310a58788781ab25d5ad7c3f85035824b4eb7bdfa394e0ac2186271472b5492"),
        (("é", ""), "23de9cfd82887798185473624e0f58e2eef0f7c0a6180aaa265f25f95c956045"),
    ],
)
def test_parts_are_named_with_their_lengths(parts: tuple[str, ...], named: str) -> None:
    assert digest(*parts, length=64) == named


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("lens.png", b"abc", "lens-ba7816bf8f01cfea.png"),
        ("Große Linse.JPG", b"", "groe-linse-e3b0c44298fc1c14.jpg"),
        ("東京", b"abc", "ba7816bf8f01cfea"),
    ],
)
def test_a_file_keeps_its_name_in_anki(name: str, content: bytes, named: str) -> None:
    assert media_name(name, content) == named


def test_a_template_that_an_earlier_version_stamped_is_known_as_its_own() -> None:
    assert note_types.is_own("<!-- ankigen ba7816bf8f01cfea -->\nabc")
    assert not note_types.is_own("<!-- ankigen ba7816bf8f01cfea -->\nabd")


def test_what_was_fetched_or_drawn_earlier_is_found_again(tmp_path: Path) -> None:
    def fail(_url: str, _largest: int) -> Fetched:
        raise AssertionError

    (tmp_path / "7f698902c8883d8f446a6a7980694321.png").write_bytes(b"abc")
    (tmp_path / "ad6586f310d87461d57fd5c1bebe54ed.svg").write_bytes(b"abc")
    fetched = Remote(tmp_path, media_name, fail).find("https://a.example/lens.png")
    drawn = Mermaid(tmp_path, media_name, "no such program").draw("graph TD")
    assert fetched == MediaFile("lens-ba7816bf8f01cfea.png", str(tmp_path / "7f698902c8883d8f446a6a7980694321.png"))
    assert drawn == MediaFile("diagram-ba7816bf8f01cfea.svg", str(tmp_path / "ad6586f310d87461d57fd5c1bebe54ed.svg"))
