"""Image occlusion notes in Anki's own format; one card for each part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from ankigen import render
from ankigen.cards import behind, hint_spot, spot_of
from ankigen.config import Config
from ankigen.data import (
    CardBlock,
    Direction,
    Face,
    HiddenPart,
    Html,
    KindName,
    MediaFile,
    NoteType,
    Occlusion,
    Problem,
    Property,
    Severity,
    Shape,
    Spot,
)
from ankigen.note_types.kind import CommonFaces, annotated, joined
from ankigen.note_types.own_texts import css, template
from ankigen.note_types.speech import heard
from ankigen.render import Links
from ankigen.support.structs import Struct, replace
from ankigen.syntax import clozes, occlusions, tracing

_IMAGE_OCCLUSION = 6
"""How Anki recognises this kind of note type."""
_STOCK_FIELDS = ("Occlusion", "Image", "Header", "Back Extra", "Comments")
_PICTURE = re.compile(r'<img src="(?P<source>[^"]*)"[^>]*>')
_AT_THE_EDGES = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|<br>)*</p>")
_EDGE_OF_PARAGRAPH = re.compile(r"(?:<br>\s*)+(?=</p>)|(?<=<p>)(?:\s*<br>)+")
_TAG = re.compile(r"<[^>]*>")
_NO_COMMENTS = Face(Html(""))
_REFUSED = frozenset({"missing-media", "outside-media", "hidden-media", "unsuitable-media"})
_ELSEWHERE = "media-elsewhere"


class ImageOcclusion(Struct, frozen=True):
    """The kind of every card block that hides parts of a picture."""

    name: KindName = KindName("occlusion")
    note_type: NoteType = NoteType(
        id=1748213967421,
        name="ankigen Image Occlusion",
        fields=(*_STOCK_FIELDS, "Context", "Source", "Guid", "Base"),
        templates=(template("Image Occlusion", "occlusion"),),
        css=css("occlusion.css"),
        is_cloze=True,
        changed=1795758000,
        stock_kind=_IMAGE_OCCLUSION,
        stock_fields=_STOCK_FIELDS,
    )
    without_cards: str = "no part of the picture is hidden: write `area::` below the name of a part"

    def takes(self, card: CardBlock) -> bool:
        """Any that hides parts of a picture."""
        return card.occlusion is not None

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        """Invalid, outside or overlapping shapes, and a card that hides nothing."""
        occlusion = _occlusion_of(card)
        if card.direction is not Direction.FORWARD:
            message = "a card with hidden parts has no direction: leave it out, or take `area::` out"
            yield spot_of("cloze-direction", card, config).problem(Severity.WARNING, "cloze-direction", message)
        if occlusion.drawn:
            yield from _faults_of_drawn(card, occlusion.drawn)
            return
        faulty = False
        for part in occlusion.parts:
            for fault in occlusions.read_areas(part.area.value).faults:
                faulty = True
                yield _spot(card, part.area).problem(Severity.ERROR, fault.rule, fault.message)
        for part, other in occlusions.overlapping(occlusion.parts):
            message = f"hides the same area as `{part.key}`: change one of the two, or give both the same name"
            yield _spot(card, other.area).problem(Severity.WARNING, "area-overlap", message)
        if not faulty and not card.clozes:
            message = "card hides nothing: all areas are labels, which are never asked"
            yield _spot(card, occlusion.parts[0].area).problem(Severity.ERROR, "no-answer", message)

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """The shapes, the picture, and the question without it; the back shows blocks that hide nothing."""
        occlusion, path = _occlusion_of(card), card.page.path
        question = render.question(card.question, path, card.question_lines, links)
        found = _picture(card, question, occlusion, links)
        header, image = _parted(question, found)
        extra = joined(annotated(render.answer(behind(card.answer, occlusion), path, links), card), common.extra)
        shapes, problems = _shapes(card, numbers, image, links)
        problems += tuple(_faults_of_picture(card, question, found, image, links))
        text = occlusions.occlusion_text(shapes, hides_all=_hides_all(card, occlusion))
        return {
            "Occlusion": Face(Html(text), problems=problems),
            "Image": image,
            "Header": _read_out(header, card, links),
            "Back Extra": heard(extra, extra.html, card.speech.answer, "speak-answer", card, links),
            "Comments": _NO_COMMENTS,
            "Context": common.context,
            "Source": common.source,
        }

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """One card for each number among the shapes."""
        return tuple(number - 1 for number in clozes.card_numbers(fields["Occlusion"]))

    def question(self, fields: Mapping[str, str]) -> str:
        """The question about the picture; the picture if there is none."""
        return fields["Header"] or fields["Image"]

    def answer(self, fields: Mapping[str, str]) -> str:
        """The picture and its hidden parts."""
        return fields["Image"] + occlusions.shapes_said(fields["Occlusion"])

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """No: the question is in the picture."""
        return False


def _read_out(header: Face, card: CardBlock, links: Links) -> Face:
    """The question with readings, a hint, and speech if there is something to read."""
    shown = annotated(header, card)
    if card.hint and not render.shows_something(shown.html):
        message = "a hint:: needs a question, and this card has only a picture: write a question beside it"
        problem = hint_spot(card).problem(Severity.WARNING, "hint-unshown", message)
        return replace(shown, problems=(*shown.problems, problem))
    hinted = render.with_hint(shown, card.hint, card.page.path, links)
    return heard(hinted, shown.html, card.speech.question, "speak", card, links) if shown.html else hinted


def _occlusion_of(card: CardBlock) -> Occlusion:
    assert card.occlusion is not None, "the kind takes no other cards"
    return card.occlusion


def _spot(card: CardBlock, prop: Property) -> Spot:
    return tracing.trace_property(card.page.path, card.page.source, prop)


def trace_part(card: CardBlock, unit: int) -> Spot:
    """A part of the picture, by the index of its name."""
    occlusion = _occlusion_of(card)
    if occlusion.drawn:
        return _spot(card, occlusion.drawn)
    areas = list({part.key: part.area for part in reversed(occlusion.parts) if part.is_asked}.values())
    return _spot(card, areas[::-1][unit])


def _hides_all(card: CardBlock, occlusion: Occlusion) -> bool:
    drawn = occlusion.drawn and occlusions.read_drawn(occlusion.drawn.value)
    return card.hides_others or bool(drawn and drawn.hides_all)


def _faults_of_drawn(card: CardBlock, prop: Property) -> Iterator[Problem]:
    drawn = occlusions.read_drawn(prop.value)
    if drawn.fault:
        yield _spot(card, prop).problem(Severity.ERROR, "occlusion-broken", f"`occlusion::` {drawn.fault}")
    elif drawn.others:
        message = "areas on more than one picture: only those of the first are hidden; make a card for each picture"
        yield _spot(card, prop).problem(Severity.WARNING, "occlusion-broken", message)


def _picture(card: CardBlock, question: Face, occlusion: Occlusion, links: Links) -> re.Match[str] | None:
    """The picture whose parts are hidden: the first in the question, or the one that the plugin names."""
    pictures = list(_PICTURE.finditer(question.html))
    if occlusion.drawn:
        named = links.media(occlusions.read_drawn(occlusion.drawn.value).picture, card.page.path)
        meant = [found for found in pictures if isinstance(named, MediaFile) and found["source"] == named.name]
        pictures = meant or pictures
    return pictures[0] if pictures else None


def _parted(question: Face, found: re.Match[str] | None) -> tuple[Face, Face]:
    """The question without its picture, and the picture alone, as Anki's editor writes it."""
    if found is None:
        return question, Face(Html(""))
    html = question.html[: found.start()] + question.html[found.end() :]
    html = _AT_THE_EDGES.sub("", _EMPTY_PARAGRAPH.sub("", _EDGE_OF_PARAGRAPH.sub("", html)))
    header = replace(question, html=Html(html))
    return header, Face(Html(f'<img src="{found["source"]}">'), question.media)


def _shapes(
    card: CardBlock, numbers: Sequence[int], image: Face, links: Links
) -> tuple[list[tuple[int, Shape, str]], tuple[Problem, ...]]:
    """The shapes with their numbers and texts, sorted by number; a problem if the picture's size is not known."""
    occlusion = _occlusion_of(card)
    if occlusion.drawn:
        drawn = occlusions.read_drawn(occlusion.drawn.value)
        size = _size(image, links)
        if size is None:
            message = "`occlusion::` counts pixels of a picture whose size is not known: write `area::` below the card"
            return [], (_spot(card, occlusion.drawn).problem(Severity.ERROR, "occlusion-broken", message),)
        shown = [(element.number, occlusions.shape_of(element, size), "") for element in drawn.elements]
        return sorted(shown, key=lambda each: each[0]), ()
    keys = list(dict.fromkeys(part.key for part in occlusion.parts if part.is_asked))
    by_key = dict(zip(keys, numbers, strict=True))
    shown = [
        (by_key.get(part.key, 0) if shape.form != occlusions.LABEL else 0, shape, _label(part, links))
        for part in occlusion.parts
        for shape in part.shapes
    ]
    return sorted(shown, key=lambda each: each[0]), ()


def _label(part: HiddenPart, links: Links) -> str:
    """The name of a part as plain text."""
    if all(shape.form != occlusions.LABEL for shape in part.shapes):
        return ""
    return unescape(_TAG.sub("", render.question(part.name, "", (), links).html))


def _size(image: Face, links: Links) -> tuple[int, int] | None:
    file = _file_of(image)
    return links.size(file) if file else None


def _file_of(image: Face) -> MediaFile | None:
    return next((file for file in image.media if f'"{file.name}"' in image.html), None)


def _faults_of_picture(
    card: CardBlock, question: Face, found: re.Match[str] | None, image: Face, links: Links
) -> Iterator[Problem]:
    """The problems of the picture: missing, or not the same size everywhere."""
    if found is None:
        yield _no_picture(card, question)
        return
    file = _file_of(image)
    if file is None:
        message = (
            f"{unescape(found['source'])} stays on the web, where Anki cannot hide parts of it: put a copy into "
            'assets/, or set media.remote = "download"'
        )
        yield _picture_spot(card, unescape(found["source"])).problem(Severity.ERROR, "area-remote", message)
    elif file.name.endswith(".svg") and links.size(file) is None:
        message = "the SVG does not say how large it is, and Anki shows it 300 pixels wide: give it width and height"
        yield _picture_spot(card).problem(Severity.WARNING, "area-svg-size", message)


def _no_picture(card: CardBlock, question: Face) -> Problem:
    for problem in question.problems:
        if problem.rule in _REFUSED:
            return Spot(problem.position, problem.end).problem(Severity.ERROR, "area-missing-file", problem.message)
        if problem.rule == _ELSEWHERE:
            return replace(problem, severity=Severity.ERROR)
    message = "card has hidden parts and no picture: put one into the question"
    return _picture_spot(card).problem(Severity.ERROR, "area-no-picture", message)


def _picture_spot(card: CardBlock, address: str = "") -> Spot:
    """The spot of a card's picture, if its address is known; else its question."""
    start = card.question.find(f"]({address})") if address else -1
    if start < 0:
        return tracing.trace_question(card)
    origin = tracing.Origin(card.page.path, card.page.source, card.question_lines)
    return tracing.trace(origin, card.question, start, start + len(address) + len("]()"))


OCCLUSION = ImageOcclusion()
