"""Words notes, plans and problems for people and programs; every function returns a string."""

from ankigen.report.changelog import changelog_text
from ankigen.report.first_steps import decks, found, next_steps, no_cards
from ankigen.report.listing import (
    listing,
    listing_json,
    lock_is_missing,
    lock_is_untracked,
    not_received,
    search_for,
    stamped,
    summary,
)
from ankigen.report.plan import outcome_text, plan_json, plan_text
from ankigen.report.problems import problems_text, tally
from ankigen.report.rules import rules_page, rules_text
from ankigen.report.wording import count

__all__ = [
    "changelog_text",
    "count",
    "decks",
    "found",
    "listing",
    "listing_json",
    "lock_is_missing",
    "lock_is_untracked",
    "next_steps",
    "no_cards",
    "not_received",
    "outcome_text",
    "plan_json",
    "plan_text",
    "problems_text",
    "rules_page",
    "rules_text",
    "search_for",
    "stamped",
    "summary",
    "tally",
]
