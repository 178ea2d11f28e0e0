"""What Anki's mask editor does to shapes whenever it saves, whatever the reader touched: and what it did it to.

It fits the picture into its window and moves each coordinate to a whole pixel of that. Where it shows the picture with
205 pixels or more, the form of `occlusions` is the same before and after. A flat picture has fewer of them one way, and
then we check whether the editor turns one text into exactly the other at some size at which it may have shown the
picture. What the reader moved is on whole pixels as well, but not on the nearest ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice, product

from ankigen.support.structs import Struct
from ankigen.syntax.occlusions import Pairs, canonical_pair, pairs_in, text_of_pairs

_SMALLEST, _LARGEST = 250, 4200
"""Pixels of the longer side as the editor shows a picture, from the smallest window to the largest."""
_FEW = 206
"""With more pixels than that both ways, the canonical form of shapes is the same."""
_DENSITIES = (1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.625, 2.75, 2.8125, 3, 3.5, 4)
"""Dots of screens to a pixel: the editor fits the picture into whole dots."""
_OUTLINE = 1
"""It counts a line around the picture as well, a pixel wide."""
_ROUNDED = 0.0000505
"""How far off four digits may be."""
_MOST_SHAPES = 200
_MOST_COMPARED = 200_000
_MOST_GUESSED = 2000
_GRID = 200
_ACROSS, _DOWN = frozenset({"left", "width", "rx"}), frozenset({"top", "height", "ry"})

Range = tuple[float, float]
Size = tuple[float, float]


class _Shape(Struct, frozen=True):
    """A shape as a field has it: all that is said of it, its coordinates across and down, and what else is compared."""

    number: int
    form: str
    pairs: Pairs
    across: tuple[float, ...]
    down: tuple[float, ...]
    rest: tuple[str, ...]


def before_save(saved: str, ours: str, size: tuple[int, int], is_known: Callable[[str], bool]) -> str | None:
    """The known text that the editor made `saved` of unasked, where its picture has this size; None if of none.

    What it can have made of a shape of `ours` it made of that; for other shapes all is tried that they may have been.
    """
    shapes, others = _read(saved), list(dict.fromkeys(_read(ours)))
    if not 0 < len(shapes) <= _MOST_SHAPES or len(others) > _MOST_SHAPES:
        return None
    most = _MOST_COMPARED // (len(shapes) * (len(others) + 1))
    guesses = _guesses(shapes, others, islice(_shown_sizes(shapes, size), most))
    return next(filter(is_known, islice(guesses, _MOST_GUESSED)), None)


def _read(field: str) -> list[_Shape]:
    """The shapes of a field; none where one cannot be read, for then it is not the editor's."""
    try:
        return [_shape(*said) for said in pairs_in(field)]
    except ValueError:
        return []


def _shape(number: int, form: str, pairs: Pairs) -> _Shape:
    across, down, rest = [], [], []
    for key, value in pairs:
        if key in _ACROSS:
            across.append(_share(value))
        elif key in _DOWN:
            down.append(_share(value))
        elif key == "points":
            points = [point.partition(",")[::2] for point in value.split()]
            across += [_share(x) for x, _ in points]
            down += [_share(y) for _, y in points]
        elif said := canonical_pair(key, value):
            rest.append(said)
    return _Shape(number, form, pairs, tuple(across), tuple(down), tuple(sorted(rest)))


def _share(value: str) -> float:
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError("beyond the picture")
    return share


def _guesses(shapes: Sequence[_Shape], others: Sequence[_Shape], sizes: Iterator[Size]) -> Iterator[str]:
    """The texts that the editor makes this of, first those where most shapes are as in the notes."""
    ways = [[_made_of(shape, others, shown) for shape in shapes] for shown in sizes]
    for way in sorted(ways, key=lambda way: sum(not is_ours for is_ours, _ in way)):
        for pairs in product(*(choices for _, choices in way)):
            yield text_of_pairs((shape.number, shape.form, said) for shape, said in zip(shapes, pairs, strict=True))


def _made_of(shape: _Shape, others: Sequence[_Shape], shown: Size) -> tuple[bool, list[Pairs]]:
    """What the editor makes the shape of at this size, and whether that is said in the notes."""
    origins = [other.pairs for other in others if _is_made_of(shape, other, shown)]
    return (True, origins) if origins else (False, _all_made_into(shape, shown))


def _is_made_of(shape: _Shape, other: _Shape, shown: Size) -> bool:
    return (
        (shape.number, shape.form, shape.rest) == (other.number, other.form, other.rest)
        and (len(shape.across), len(shape.down)) == (len(other.across), len(other.down))
        and all(_is_saved(share, origin, shown[0]) for share, origin in zip(shape.across, other.across, strict=True))
        and all(_is_saved(share, origin, shown[1]) for share, origin in zip(shape.down, other.down, strict=True))
    )


def _is_saved(share: float, origin: float, pixels: float) -> bool:
    """Whether the editor writes this coordinate for that one where it counts so many pixels."""
    return abs(share - math.floor(origin * pixels + 0.5) / pixels) < _ROUNDED


def _shown_sizes(shapes: Sequence[_Shape], size: tuple[int, int]) -> Iterator[Size]:
    """The sizes of the picture in the editor at which all coordinates are whole pixels, few of them one way."""
    across = {share for shape in shapes for share in shape.across}
    down = {share for shape in shapes for share in shape.down}
    ratio = size[1] / size[0]
    fewest, most = (_SMALLEST, _FEW / ratio) if ratio < 1 else (_SMALLEST / ratio, _FEW)
    for within in _sizes_of_whole_pixels(across, (fewest, min(most, _LARGEST))):
        for dots, density, width in _widths(within):
            if all(_is_saved(share, share, width) for share in across):
                for height in _heights(dots, density, ratio):
                    if all(_is_saved(share, share, height) for share in down):
                        yield width, height


def _widths(within: Range) -> Iterator[tuple[int, float, float]]:
    """All widths within these bounds: in dots, how many of them are a pixel, and the pixels that the editor counts."""
    low, high = (pixels - _OUTLINE for pixels in within)
    for density in _DENSITIES:
        for dots in range(math.ceil(low * density), math.floor(high * density) + 1):
            yield dots, density, dots / density + _OUTLINE


def _heights(dots: int, density: float, ratio: float) -> Iterator[float]:
    """What is as high as a picture of so many dots: it was so wide, or less than a dot wider."""
    highest = min(math.floor((dots + 1) * ratio), math.floor(_LARGEST * density))
    for other in range(max(1, math.floor(dots * ratio)), highest + 1):
        yield other / density + _OUTLINE


def _sizes_of_whole_pixels(shares: AbstractSet[float], bounds: Range) -> list[Range]:
    """The ranges of sizes, between these bounds, at which all shares are whole pixels."""
    ranges = [bounds] if bounds[0] <= bounds[1] else []
    for share in sorted(shares - {0}, reverse=True):
        low, high = share - _ROUNDED, share + _ROUNDED
        ranges = [
            (max(first, pixel / high), min(last, pixel / low))
            for first, last in ranges
            for pixel in range(math.ceil(first * low), math.floor(last * high) + 1)
            if low > 0 and max(first, pixel / high) <= min(last, pixel / low)
        ]
    return ranges


def _all_made_into(shape: _Shape, shown: Size) -> list[Pairs]:
    """All shapes on the grid that the editor makes this one of."""
    across, down = shown
    if shape.form == "polygon":
        values = dict(shape.pairs)
        corners = [point.partition(",")[::2] for point in values.get("points", "").split()]
        first = tuple([min(sides, key=float) for sides in zip(*corners, strict=True)])
        if (values.get("left"), values.get("top")) != first:  # the editor says them again
            return []
        axes = [steps for x, y in corners for steps in (_steps_near(x, across), _steps_near(y, down))]
        return [_polygon(shape.pairs, chosen) for chosen in islice(product(*axes), _MOST_GUESSED)]
    choices = [
        [(key, _fraction(step)) for step in _steps_near(value, across if key in _ACROSS else down)]
        if key in _ACROSS or key in _DOWN
        else [(key, value)]
        for key, value in shape.pairs
    ]
    return list(islice(product(*choices), _MOST_GUESSED))


def _polygon(pairs: Pairs, steps: Sequence[int]) -> Pairs:
    """A polygon with these corners: it begins where they do."""
    corners = " ".join(f"{_fraction(x)},{_fraction(y)}" for x, y in zip(steps[::2], steps[1::2], strict=True))
    said = {"left": _fraction(min(steps[::2])), "top": _fraction(min(steps[1::2])), "points": corners}
    return tuple([(key, said.get(key, value)) for key, value in pairs])


def _steps_near(value: str, pixels: float) -> list[int]:
    """The steps of the grid of which the editor makes this coordinate, the nearest first."""
    share, off = float(value), 1 / pixels
    steps = range(max(0, math.ceil((share - off) * _GRID)), math.floor((share + off) * _GRID) + 1)
    made = [step for step in steps if _is_saved(share, step / _GRID, pixels)]
    return sorted(made, key=lambda step: abs(step / _GRID - share))


def _fraction(step: int) -> str:
    return f"{step / _GRID:.3f}"
