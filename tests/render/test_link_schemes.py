"""Where the links of a card may lead: programs that keep notes are wanted, what runs something never is."""

import pytest

from tests.helpers.pages import complaints, desired_of, sides

NOTE_APPS = [
    "zotero://select/library/items/ABC",
    "zotero://open-pdf/library/items/ABC?page=1",
    "marginnote3app://note/ABC",
    "marginnote4app://note/ABC",
    "obsidian://open?vault=x",
    "x-devonthink-item://ABC-1",
    "logseq://graph/x?page=y",
    "bear://x-callback-url/open-note?id=1",
    "things:///show?id=1",
    "hook://file/abc",
    "onenote:https://a.example/x",
    "notion://www.notion.so/x",
    "message://abc",
    "siyuan://blocks/1",
    "joplin://x-callback-url/openNote?id=1",
    "tel:+123",
]


@pytest.mark.parametrize("address", NOTE_APPS)
@pytest.mark.parametrize("form", ["[x]({})", '<a href="{}">x</a>'])
def test_a_link_into_a_program_that_keeps_notes_is_kept(address: str, form: str) -> None:
    text = f"- Q #card\n\t- {form.format(address)}\n"
    shown = address.replace("&", "&amp;")
    assert sides(text) == [f'Q = <a href="{shown}">x</a>']
    assert complaints(text) == []


@pytest.mark.parametrize("scheme", ["javascript", "JavaScript", "data", "vbscript", "file", "blob", "view-source"])
@pytest.mark.parametrize("form", ["[x]({}:y)", '<a href="{}:y">x</a>'])
@pytest.mark.parametrize(
    "schemes", [("known",), ("known", "javascript", "data", "vbscript", "file", "blob", "view-source")]
)
def test_what_runs_something_is_refused_whatever_the_option_says(
    scheme: str, form: str, schemes: tuple[str, ...]
) -> None:
    text = f"- Q #card\n\t- {form.format(scheme)}\n"
    [problem] = desired_of(text, link_schemes=schemes).problems
    assert problem.message == f"a link to {scheme.lower()}: is never put on a card: use http, https or mailto"
    assert "href" not in sides(text, link_schemes=schemes)[0]


@pytest.mark.parametrize("form", ["[x](foo://y)", '<a href="foo://y">x</a>'])
def test_the_advice_names_the_option_and_the_option_helps(form: str) -> None:
    text = f"- Q #card\n\t- {form}\n"
    [problem] = desired_of(text).problems
    assert problem.message == 'a link to foo: is not put on a card: name "foo" in link_schemes'
    assert "href" not in sides(text)[0]
    assert sides(text, link_schemes=("known", "FOO:")) == ['Q = <a href="foo://y">x</a>']
    assert complaints(text, link_schemes=("known", "foo")) == []


@pytest.mark.parametrize("form", ["[x](zotero://y)", '<a href="zotero://y">x</a>'])
def test_what_the_option_leaves_out_is_refused(form: str) -> None:
    text = f"- Q #card\n\t- {form}\n"
    assert complaints(text, link_schemes=("https",)) == ["2:4 unsafe-link"]
    assert sides(text, link_schemes=("https",))[0] in {"Q = x", "Q = <a>x</a>"}


def test_an_address_in_angles_is_a_link_into_a_program_too() -> None:
    assert sides("- Q #card\n\t- <zotero://select/x>\n") == ['Q = <a href="zotero://select/x">zotero://select/x</a>']
