"""Writes notes and media into files that others open: Anki packages."""

from ankigen.outputs.apkg import pack, write_package

__all__ = ["pack", "write_package"]
