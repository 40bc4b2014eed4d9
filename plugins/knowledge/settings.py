"""What an admin may set for the knowledge base."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "knowledge",
    Field("review_months", Kind.INTEGER, N_("Months until an article is reviewed"),
          required=True, default=12, minimum=1, maximum=60,
          help=N_("Counted from its publication, where the draft names no date.")),
    Field("reminder_days", Kind.INTEGER,
          N_("Days before the review on which its owner is reminded"),
          required=True, default=14, minimum=0, maximum=365),
    Field("answer_percent", Kind.INTEGER, N_("Likeness of an answer for the chat, in percent"),
          required=True, default=45, minimum=1, maximum=100,
          help=N_("Below it, and where nothing fits, the chat hands over to a person.")),
    Field("answers_a_minute", Kind.INTEGER, N_("Questions of the chat a minute"),
          required=True, default=120, minimum=1, maximum=10_000,
          help=N_("So many questions each account may ask over the API; further ones are refused "
                  "with the status 429.")),
)
