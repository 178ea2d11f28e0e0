"""Words notes, plans and problems for people and programs; every function returns a string."""

from ankigen.report.changelog import changelog_text
from ankigen.report.first_steps import decks, next_steps
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
from ankigen.report.plan import outcome_text, plan_json, plan_text, schedule_is_in_anki
from ankigen.report.problems import problems_text, tally
from ankigen.report.rules import rules_page, rules_text
from ankigen.report.wording import count

__all__ = [
    "changelog_text",
    "count",
    "decks",
    "listing",
    "listing_json",
    "lock_is_missing",
    "lock_is_untracked",
    "next_steps",
    "not_received",
    "outcome_text",
    "plan_json",
    "plan_text",
    "problems_text",
    "rules_page",
    "rules_text",
    "schedule_is_in_anki",
    "search_for",
    "stamped",
    "summary",
    "tally",
]
