"""Adopts notes that another tool made, or a person: which card each is, and what becomes of it."""

from ankigen.syncing.adoption.marks import marks_of, marks_of_adopted
from ankigen.syncing.adoption.matching import is_adopted, match
from ankigen.syncing.adoption.planning import adopted_lock, plan_adoptions, with_guids

__all__ = ["adopted_lock", "is_adopted", "marks_of", "marks_of_adopted", "match", "plan_adoptions", "with_guids"]
