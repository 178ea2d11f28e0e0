"""The hidden parts of a picture, drawn over it: Anki has a script of its own for that, which only Anki has."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from ankigen.syntax import occlusions

MASK_STYLE = (
    "#image-occlusion-container{display:grid;justify-content:center}"
    "#image-occlusion-container>*{grid-area:1/1}"
    "#image-occlusion-canvas{container-type:size;inset:0;position:relative}"
    "#image-occlusion-canvas[hidden]{display:none}"
    "#image-occlusion-canvas svg{block-size:100%;inline-size:100%;inset:0;overflow:visible;position:absolute}"
    "#image-occlusion-canvas g{transform-box:view-box}"
    "#image-occlusion-canvas text{dominant-baseline:text-before-edge;fill:#000;font-size:5.5cqh;paint-order:stroke;"
    "stroke:#fff;stroke-width:.3em;stroke-linejoin:round}"
    "#image-occlusion-canvas .active{fill:var(--active-shape-color,#ffeba2);stroke:#073f70}"
    "#image-occlusion-canvas .inactive{fill:var(--inactive-shape-color,#ffeba2);stroke:#6a655d}"
    "#image-occlusion-canvas .highlight{fill:none;stroke:var(--active-shape-color,#ff8e8e);stroke-width:3px}"
)
"""The masks lie over the picture whatever its size, in the colours that the note type gives to Anki's script."""

_UNENDED = r"(?:(?!</script>).)*"
_SCRIPT = re.compile(rf"<script>{_UNENDED}anki\.imageOcclusion\.setup\(\){_UNENDED}</script>", re.DOTALL)
_CANVAS = re.compile(r'<canvas id="image-occlusion-canvas">\s*</canvas>')
_NUMBER = re.compile(r"-?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})")
_WHOLE_TURN = 10000


def with_masks(shown: str, field: str, number: int, *, is_back: bool) -> str:
    """A side with the shapes of `field` in the place where Anki's script draws, and without what calls that script."""
    drawing = "".join(_drawn(field, number, is_back=is_back))
    masks = f'<div id="image-occlusion-canvas"><svg role="img" aria-label="hidden parts">{drawing}</svg></div>'
    return _CANVAS.sub(lambda _: masks, _SCRIPT.sub("", shown))


def _drawn(field: str, number: int, *, is_back: bool) -> Iterator[str]:
    """As Anki does: the asked part is masked in front and framed behind, the others are masked if all are hidden."""
    for of_card, form, values in occlusions.drawn_in(field):
        if form == "text":
            yield _turned(_text(values), values)
        elif of_card == number:
            yield _turned(_mask(form, values, "highlight" if is_back else "active"), values)
        elif values.get("oi") == "1":
            yield _turned(_mask(form, values, "inactive"), values)


def _mask(form: str, values: Mapping[str, str], role: str) -> str:
    """A shape in a square of the side 1, which is drawn over the whole picture."""
    kept = {key: _number(value) for key, value in values.items() if key != "points"}
    left, top = kept.get("left", 0), kept.get("top", 0)
    looks = f'class="{role}" vector-effect="non-scaling-stroke"'
    if form == "rect":
        shape = f'<rect x="{left}" y="{top}" width="{kept.get("width", 0)}" height="{kept.get("height", 0)}" {looks}/>'
    elif form == "ellipse":
        across, down = kept.get("rx", 0), kept.get("ry", 0)
        shape = f'<ellipse cx="{left + across}" cy="{top + down}" rx="{across}" ry="{down}" {looks}/>'
    elif form == "polygon":
        shape = f'<polygon points="{html.escape(values.get("points", ""))}" {looks}/>'
    else:
        return ""
    return f'<svg viewBox="0 0 1 1" preserveAspectRatio="none" width="100%" height="100%">{shape}</svg>'


def _text(values: Mapping[str, str]) -> str:
    left, top = (_number(values.get(key, "")) for key in ("left", "top"))
    text = html.escape(html.unescape(values.get("text", "")))
    return f'<text x="{left * 100:g}%" y="{top * 100:g}%">{text}</text>'


def _turned(drawing: str, values: Mapping[str, str]) -> str:
    """Turned about its top left corner, as Anki turns it: in the picture's own measure, so that no corner bends."""
    turn = _number(values.get("angle", ""))
    if not turn:
        return f"<g>{drawing}</g>"
    left, top = (f"{_number(values.get(key, '')) * 100:g}%" for key in ("left", "top"))
    return f'<g style="transform-origin:{left} {top};transform:rotate({turn / _WHOLE_TURN:g}turn)">{drawing}</g>'


def _number(value: str) -> float:
    return float(value) if _NUMBER.fullmatch(value) else 0.0
