"""Formats notes, plans and problems for people and programs; every function returns a string."""

from ankigen.report.adoption import adopted_text, adoption_text, claimed_text, held_text, pair_text
from ankigen.report.changelog import changelog_text, changelogs_text
from ankigen.report.first_steps import decks, excluded_pages, found, meant_cards, next_steps, no_cards
from ankigen.report.listing import (
    converted,
    extended_types,
    left_packages,
    listing,
    listing_json,
    lock_is_lost,
    not_made,
    not_received,
    replaced_packages,
    search_for,
    stamped,
    summary,
)
from ankigen.report.plan import (
    MOST_OF_A_KIND,
    outcome_text,
    plan_json,
    plan_text,
    schedule_is_in_anki,
    stops,
    unwritten,
)
from ankigen.report.problems import problems_text, tally
from ankigen.report.pull import edited_in_anki, pull_text, pulled_text
from ankigen.report.rules import rules_page, rules_text
from ankigen.report.wording import count

__all__ = [
    "MOST_OF_A_KIND",
    "adopted_text",
    "adoption_text",
    "changelog_text",
    "changelogs_text",
    "claimed_text",
    "converted",
    "count",
    "decks",
    "edited_in_anki",
    "excluded_pages",
    "extended_types",
    "found",
    "held_text",
    "left_packages",
    "listing",
    "listing_json",
    "lock_is_lost",
    "meant_cards",
    "next_steps",
    "no_cards",
    "not_made",
    "not_received",
    "outcome_text",
    "pair_text",
    "plan_json",
    "plan_text",
    "problems_text",
    "pull_text",
    "pulled_text",
    "replaced_packages",
    "rules_page",
    "rules_text",
    "schedule_is_in_anki",
    "search_for",
    "stamped",
    "stops",
    "summary",
    "tally",
    "unwritten",
]
