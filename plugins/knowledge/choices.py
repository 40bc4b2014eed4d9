"""Values that columns of the plugin may hold, with their labels."""

from __future__ import annotations

from app.sdk import N_

DRAFT, IN_REVIEW, PUBLISHED, OUTDATED, WITHDRAWN = (
    "draft", "in_review", "published", "outdated", "withdrawn")
LANGUAGES = (("zh", N_("Chinese")), ("en", N_("English")))
GAP_OPEN, GAP_FILLED, GAP_DISMISSED = "open", "filled", "dismissed"
GAP_STATES = (
    (GAP_OPEN, N_("No answer yet")), (GAP_FILLED, N_("Answered by an article")),
    (GAP_DISMISSED, N_("Needs no article")),
)
# Kinds whose articles have lines of a table.
TABLE_KINDS = frozenset({"new_car_prices", "warranty", "repair_prices", "rescue_numbers"})
PHRASE_KINDS = ("phrase", "opening", "closing")
# What is said at the beginning and at the end of a call; its topic names the kind of call.
CALL_KINDS = ("opening", "closing")
