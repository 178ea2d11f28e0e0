"""Bytes become text, or a problem that says where and what to do."""

import pytest

from ankigen.data import Severity
from ankigen.syntax.decode import check_text, decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_utf_8_and_utf_16_with_a_byte_order_mark_are_read(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert decode(mark + "- Öl 油\r\n".encode(encoding), "a.md") == ("- Öl 油\r\n", [])


def test_bytes_that_are_no_text_are_an_error_that_names_the_byte() -> None:
    text, [problem] = decode(b"- a\n- \x89PNG", "a.md")
    assert text == ""
    assert problem.severity is Severity.ERROR
    assert problem.rule == "unreadable-file"
    assert str(problem.position) == "a.md:2:3"
    assert problem.message == "byte 0x89 at offset 6 is not utf-8: save the file as UTF-8"


def test_a_byte_is_counted_from_the_start_of_the_file_its_byte_order_mark_included() -> None:
    _, [problem] = decode(b"\xef\xbb\xbf- a\n- \x89PNG", "a.md")
    assert str(problem.position) == "a.md:2:3"
    assert problem.message == "byte 0x89 at offset 9 is not utf-8: save the file as UTF-8"


def test_wrongly_decoded_text_is_shown_with_its_repair() -> None:
    [problem] = check_text("- fine – really\n- two tasksâ€”artificial ones", "a.md")
    assert str(problem.position) == "a.md:2:12"
    assert problem.rule == "wrong-encoding"
    assert problem.message == (
        'text decoded with the wrong encoding: "tasksâ€”artificial" should read "tasks—artificial"'
    )


@pytest.mark.parametrize(
    "text",
    ["naïve café — “quoted” … fin", "日本語のテキスト？", "Привет, мир", "Ångström, São Paulo, łódź"],
)
def test_text_in_any_language_is_not_taken_for_wrongly_decoded(text: str) -> None:
    assert list(check_text(text, "a.md")) == []


def test_a_control_character_is_named_where_it_stands() -> None:
    [problem] = check_text("- a\n- b\x00c", "a.md")
    assert str(problem.position) == "a.md:2:4"
    assert problem.message == "control character U+0000: delete it; cards leave such characters out"
