"""Reads a folder or file of notes: its pages, and their notes, media and problems."""

from ankigen.source.area_lines import CardParts, DrawnPart, read_parts, write_parts
from ankigen.source.cache import PageCard
from ankigen.source.loading import Progress, load
from ankigen.source.mathjax import formula_script
from ankigen.source.memory import Memory
from ankigen.source.own_note_types import FOLDER as NOTE_TYPES
from ankigen.source.own_note_types import fault_of_file_name
from ankigen.source.picture_size import size_of
from ankigen.source.rehearsing import Rehearsal, RehearsedPage
from ankigen.source.roots import find_files, root_of
from ankigen.source.source_lines import lines_at, page_lines
from ankigen.source.stamping import blocks_without_id, write_ids
from ankigen.source.unfolding import DrawnParts, write_areas
from ankigen.source.unmarking import take_out
from ankigen.source.walk import is_graph

__all__ = [
    "NOTE_TYPES",
    "CardParts",
    "DrawnPart",
    "DrawnParts",
    "Memory",
    "PageCard",
    "Progress",
    "Rehearsal",
    "RehearsedPage",
    "blocks_without_id",
    "fault_of_file_name",
    "find_files",
    "formula_script",
    "is_graph",
    "lines_at",
    "load",
    "page_lines",
    "read_parts",
    "root_of",
    "size_of",
    "take_out",
    "write_areas",
    "write_ids",
    "write_parts",
]
