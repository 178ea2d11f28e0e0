"""Areas highlighted in a PDF: blocks that show a picture, which Logseq stores in the assets of the graph."""

from __future__ import annotations

from ankigen.data import Block, Line
from ankigen.support.structs import replace

_STAND_IN = "[:span]"
"""The text that Logseq writes in such a block."""


def with_picture(block: Block, path: str) -> Block:
    """The block with its picture in the text, if it is an area in the PDF of the page at `path`."""
    values = {prop.key: prop.value for prop in block.properties} if block.properties else {}
    if values.get("hl-type") != "area" or not values.get("hl-stamp"):
        return block
    paper = path.rpartition("/")[2].rpartition(".")[0].removeprefix("hls__")
    name = f"{values.get('hl-page', '')}_{values.get('id', '').lower()}_{values['hl-stamp']}.png"
    picture = f"![](<../assets/{paper}/{name}>)"
    first, *rest = block.lines or (Line(block.line, 1, ""),)
    text = first.text if _STAND_IN in first.text else f"{_STAND_IN} {first.text}".rstrip()
    return block.with_lines((replace(first, text=text.replace(_STAND_IN, picture, 1)), *rest))
