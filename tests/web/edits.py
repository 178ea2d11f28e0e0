"""Edits of a folder of notes, drawn by chance: what a person does while a page follows the notes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from tests.helpers.own_types import write_type

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
DECK = "- Which deck? #card #two-way\n  deck:: physics::optics\n\t- that\n"
BLOCKS = (
    "- What bends light? #card\n\t- A lens\n",
    "- What bends light? #card\n\t- A lens, of course, and a prism\n",
    "- What bends light? #card\n",
    "- Which is first? #card\n\t- This one\n\t- ![](a.png)\n",
    "- Which is first, or second? #card\n\t- This one\n",
    f"- Which has an id? #card\n  id:: {ID}\n\t- This one\n",
    f"- Which has an id, and other words? #card\n  id:: {ID}\n\t- another one\n",
    f"- Which shows another? #card\n\t- (({ID})) and {{{{embed [[Other]]}}}}\n",
    "- {{cloze one}} and {{cloze two}} #card\n",
    "- {{cloze two}} and {{cloze three}} #card\n",
    DECK,
    "- Which deck? #card #two-way\n  deck:: Physics::Optics\n\t- that\n",
    "- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n",
    "- Which is mended? #card #choice\n\t- [x] this\n\t- [ ] that\n",
    "- Off #card\n  ankigen-off:: no-answer\n",
    "- Not a card\n",
)
HEADS = (
    "", "", "", "title:: Other\n\n", "alias:: Other\n\n", "deck:: Physics\ntags:: a, b\n\n", "order:: 2\n\n",
    "deck:: Physics\ndescription:: All of it.\n\n", "<<<<<<< ours\n",
)  # fmt: skip
PAGES = ("a.md", "b.md", "Other.md", "below/c.md", "below/a.md")
CONFIGS = (
    None, "", 'deck_prefix = "All"\n', 'card_tags = ["card", "flash"]\n', 'new_order = "created"\n',
    "context = false\n",
    'css = "style.css"\n', "context = 7\n", 'editor_url = "vscode://file/{path}:{line}"\n', "exclude = [\"b.md\"]\n",
    '[rules]\nno-answer = "off"\n',
)  # fmt: skip
PICTURES = (b"\x89PNG", b"\x89PNG other", None)
STYLES = (".card { color: red; }\n", ".card { color: blue; }\n", None)

texts = st.tuples(st.sampled_from(HEADS), st.lists(st.sampled_from(BLOCKS), max_size=4)).map(
    lambda parts: parts[0] + "".join(parts[1])
)
Edit = Callable[[Path], None]


def _put(path: Path, content: str | bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _write(name: str, text: str) -> Edit:
    return lambda notes: _put(notes / name, text)


def add(name: str, block: str) -> Edit:
    def edit(notes: Path) -> None:
        path = notes / name
        _put(path, (path.read_text("utf-8") if path.exists() else "") + block)

    return edit


def _reword(name: str) -> Edit:
    def edit(notes: Path) -> None:
        path = notes / name
        if path.exists():
            path.write_text(path.read_text("utf-8").replace("that", "that and more").replace("What", "Which"), "utf-8")

    return edit


def _rename(name: str, other: str) -> Edit:
    def edit(notes: Path) -> None:
        if (notes / name).exists():
            (notes / other).parent.mkdir(exist_ok=True)
            (notes / name).replace(notes / other)

    return edit


def _delete(name: str) -> Edit:
    return lambda notes: (notes / name).unlink(missing_ok=True)


def configure(text: str | None) -> Edit:
    return lambda notes: _put(notes / "ankigen.toml", text)


def draw(content: bytes | None) -> Edit:
    return lambda notes: _put(notes / "a.png", content)


def style(text: str | None) -> Edit:
    return lambda notes: _put(notes / "style.css", text)


def _type(front: str | None) -> Edit:
    def edit(notes: Path) -> None:
        if front is None:
            shutil.rmtree(notes / "note_types", ignore_errors=True)
        else:
            write_type(notes, changed={"Recognise__front__html": front})

    return edit


pages = st.sampled_from(PAGES)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(_write, pages, texts),
    st.builds(_write, pages, texts),
    st.builds(add, pages, st.sampled_from(BLOCKS)),
    st.builds(add, pages, st.sampled_from(BLOCKS)),
    st.builds(_reword, pages),
    st.builds(_rename, pages, pages),
    st.builds(_delete, pages),
    st.builds(configure, st.sampled_from(CONFIGS)),
    st.builds(draw, st.sampled_from(PICTURES)),
    st.builds(style, st.sampled_from(STYLES)),
    st.builds(_type, st.sampled_from(["<b>{{Word}}</b>", "<i>{{Word}}</i>", "{{Wrod}}", None])),
)
