"""A form that uses most of what a definition knows."""

from __future__ import annotations

import pytest

from app.forms.definition import Choice, Condition, Field, Form, Kind, Op, Section

YES_NO = (Choice("yes", "Yes"), Choice("no", "No", points=0.5))


@pytest.fixture
def feedback() -> Form:
    """Return a feedback form of two sections."""
    return Form(
        "feedback",
        "Feedback",
        (
            Section(
                "result",
                "Result",
                (
                    Field("happy", Kind.CHOICE, "Happy", required=True, choices=YES_NO),
                    Field(
                        "why", Kind.LONG_TEXT, "Why",
                        visible_when=Condition("happy", Op.EQUALS, "no"),
                        required_when=Condition("happy", Op.ONE_OF, ["no"]),
                    ),
                ),
            ),
            Section(
                "more",
                "More",
                (
                    Field("tags", Kind.MULTI_CHOICE, "Tags", choices=YES_NO, default=["yes"]),
                    Field("customer", Kind.RECORD, "Customer", target="customers.customer"),
                    Field("score", Kind.RATING, "Score", maximum=10),
                ),
                help="If there is time",
            ),
        ),
    )
