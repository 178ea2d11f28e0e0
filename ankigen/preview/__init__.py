"""The preview for a browser: the page's data for a set of notes, and each face as a document."""

from ankigen.preview.cards import PlanInWords, Preview, PreviewedCard, PreviewedProblem, editor_link, preview_of
from ankigen.preview.excerpts import excerpt
from ankigen.preview.export import MARK, exported
from ankigen.preview.faces import FACE_RULES
from ankigen.preview.page import page_file
from ankigen.preview.snapshot import Change, Snapshot

__all__ = [
    "FACE_RULES",
    "MARK",
    "Change",
    "PlanInWords",
    "Preview",
    "PreviewedCard",
    "PreviewedProblem",
    "Snapshot",
    "editor_link",
    "excerpt",
    "exported",
    "page_file",
    "preview_of",
]
