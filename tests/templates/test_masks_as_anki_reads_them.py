"""What a template shows of masks on a picture is what Anki's library gives to its script."""

from __future__ import annotations

import random

from ankigen import templates
from ankigen.data import Shape
from ankigen.note_types import OCCLUSION
from ankigen.syntax.occlusions import occlusion_text
from tests.helpers.judge import Judge

NUMBERS = {"rect": 4, "ellipse": 4, "polygon": 6, "label": 2}
LABELS = ("Fig: 1", 'a "b" \\ c', "x<y>", "{{z}}", "ü–", "a=b", "it's & more")


def test_masks_are_told_as_anki_tells_them(judge: Judge) -> None:
    chance = random.Random(3)
    parsed = templates.parse("{{cloze:Occlusion}}")
    for _ in range(40):
        shapes = []
        for _ in range(chance.randint(1, 5)):
            form = chance.choice(sorted(NUMBERS))
            numbers = tuple(float(chance.randint(1, 49)) for _ in range(NUMBERS[form]))
            shape = Shape(form, numbers, chance.choice([0.0, 15.0, 90.0]))
            shapes.append((chance.randint(1, 3), shape, chance.choice(LABELS)))
        fields = dict.fromkeys(OCCLUSION.note_type.fields, "")
        fields["Occlusion"] = occlusion_text(shapes, hides_all=chance.random() < 0.5)
        for shown in judge.cards(OCCLUSION.note_type, fields):
            card = templates.Card(fields=fields, ordinal=shown.ordinal)
            assert templates.rendered(parsed, card, is_question=True) in shown.question
            assert templates.rendered(parsed, card, is_question=False) in shown.answer
