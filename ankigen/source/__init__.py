"""Reads a folder or a file of notes: which pages it holds, and which notes, media and problems come of them."""

from ankigen.source.loading import Progress, find_files, load, root_of
from ankigen.source.source_lines import lines_at
from ankigen.source.stamping import blocks_without_id, write_ids
from ankigen.source.walk import is_graph

__all__ = ["Progress", "blocks_without_id", "find_files", "is_graph", "lines_at", "load", "root_of", "write_ids"]
