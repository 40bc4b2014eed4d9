"""The demonstration: applications in every state, with loans, problems and follow-ups."""

from __future__ import annotations

from sqlalchemy import func, select

from app.sdk.demo import DemoContext
from app.sdk.models import Customer, Loan
from app.sdk.services import SYSTEM, create
from plugins.loans.applications.workflow import STATES
from plugins.loans.demo import COUNT, load
from plugins.loans.models import FollowUp, LoanApplication, Problem


def test_applications_stand_in_every_state(house):
    for place in range(12):
        create(house.session, SYSTEM, Customer, {
            "name": f"客户{place}", "phone": f"138{place:08d}"})
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x")
    assert load(context) == f"{COUNT} loan applications in every state."
    states = dict(map(tuple, house.session.execute(
        select(LoanApplication.state, func.count()).group_by(LoanApplication.state))))
    assert set(states) == {state.name for state in STATES}
    for model in (Loan, Problem, FollowUp):
        assert house.session.scalar(select(func.count()).select_from(model)) > 0
    assert load(context) == "Loan applications are there already."
