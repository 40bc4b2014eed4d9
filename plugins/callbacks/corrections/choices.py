"""Values of corrections that the code knows by name, with their labels."""

from __future__ import annotations

from app.sdk import N_

CORRECTION_VIEW = "callbacks.Correction"
MAY_CALL = ("can_call_again", CORRECTION_VIEW)
PURPOSE = "correction"
"""Code of the purpose that correction calls have."""
ARTICLE = "article"
WRONG_ANSWER = "callbacks.wrong_answer"
"""Event: a person is known to have given a wrong answer."""
FINDERS = (
    ("agent", N_("Found by an agent")), ("inspector", N_("Found by an inspector")),
    (ARTICLE, N_("A source was changed")),
)
