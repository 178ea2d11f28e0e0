"""Carries home what a reader edited in Anki: each edit is proved by reading the notes as they would be."""

from ankigen.pulling.planning import ReadAs, plan_pull

__all__ = ["ReadAs", "plan_pull"]
