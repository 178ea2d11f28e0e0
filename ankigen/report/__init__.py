"""Words notes, plans and problems for people and programs; every function returns a string."""

from ankigen.report.adoption import adopted_text, adoption_text, held_text, pair_text
from ankigen.report.changelog import changelog_text
from ankigen.report.first_steps import decks, next_steps
from ankigen.report.listing import (
    listing,
    listing_json,
    lock_is_lost,
    not_received,
    search_for,
    stamped,
    summary,
)
from ankigen.report.plan import outcome_text, plan_json, plan_text, unwritten
from ankigen.report.problems import problems_text, tally
from ankigen.report.rules import rules_page, rules_text
from ankigen.report.wording import count

__all__ = [
    "adopted_text",
    "adoption_text",
    "changelog_text",
    "count",
    "decks",
    "held_text",
    "listing",
    "listing_json",
    "lock_is_lost",
    "next_steps",
    "not_received",
    "outcome_text",
    "pair_text",
    "plan_json",
    "plan_text",
    "problems_text",
    "rules_page",
    "rules_text",
    "search_for",
    "stamped",
    "summary",
    "tally",
    "unwritten",
]
