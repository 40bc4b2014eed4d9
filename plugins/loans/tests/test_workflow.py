"""The way of an application: from intake to the result that is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.sdk.errors import CarelineError, Invalid, Rejected
from app.sdk.models import Loan
from app.sdk.people import local_today
from app.sdk.records import actions, update
from app.sdk.services import workflow_log
from plugins.loans.applications.approvals import chain_of
from plugins.loans.checklist.services import documents_of
from plugins.loans.models import LoanDocumentKind
from plugins.loans.tests.helpers import (
    approved,
    hand_in,
    handed_over,
    hold_post,
    in_approval,
    in_review,
    key_of,
    put_setting,
    reason,
    received,
    reviewed,
    step,
)


def offered(house, application, username):
    return {one.name: one.blocked for one in actions(
        house.session, house.actor(username), application)}


def test_an_application_is_taken_in_with_its_checklist(house):
    application = received(house)
    assert application.number.startswith("SQ-") and application.state == "received"
    assert application.customer_name == "王小明"
    assert (application.rate, application.instalment) == (Decimal("4.80"), Decimal("2988.12"))
    codes = {one.kind.code for one in documents_of(house.session, application)}
    assert codes == {"identity", "income", "credit_record", "driving_licence",
                     "purchase_contract"}
    assert application.to_bring == 5
    assert application.due_at is not None


def test_who_is_self_employed_brings_other_documents(house):
    application = received(house)
    identity = key_of(house, LoanDocumentKind, "identity")
    hand_in(house, application, identity)
    update(house.session, house.actor("agent"), application, {"employment": "self_employed"})
    found = {one.kind.code: one for one in documents_of(house.session, application)}
    assert "business_licence" in found and "income" not in found
    assert found["identity"].file_id is not None


def test_a_document_that_is_asked_for_no_more_stays_as_optional(house):
    application = received(house)
    income = key_of(house, LoanDocumentKind, "income")
    hand_in(house, application, income)
    update(house.session, house.actor("agent"), application, {"employment": "self_employed"})
    found = {one.kind_id: one.required for one in documents_of(house.session, application)}
    assert found[income] is False


def test_an_approved_application_becomes_a_loan(house):
    application = approved(house)
    assert (application.state, application.result) == ("approved", "approved")
    assert application.approved_amount == Decimal(100_000)
    step(house, application, "agent", "tell", told_channel="phone", told_text="已批准，请签约",
         takes_up=True)
    assert application.state == "told" and application.told_at is not None
    loan = house.session.get(Loan, application.loan_id)
    assert (loan.contract, loan.principal, loan.term_months, loan.customer_id) == (
        application.number, Decimal(100_000), 36, application.customer_id)


def test_the_loan_can_be_taken_up_later(house):
    application = approved(house)
    step(house, application, "agent", "tell", told_channel="phone", told_text="考虑后答复",
         takes_up=False)
    assert application.loan_id is None
    step(house, application, "agent", "take_up_later", contract="HT-9")
    assert house.session.scalar(select(Loan.contract).where(
        Loan.id == application.loan_id)) == "HT-9"
    assert "take_up_later" not in offered(house, application, "agent")


def test_a_contract_is_entered_once(house):
    first, second = approved(house), approved(house)
    step(house, first, "agent", "tell", told_channel="phone", told_text="x", takes_up=True,
         contract="HT-1")
    with pytest.raises(Invalid, match="contract"):
        step(house, second, "agent", "tell", told_channel="phone", told_text="x", takes_up=True,
             contract="HT-1")


def test_a_refusal_is_told_with_advice(house):
    application = step(house, in_approval(house), "songwei", "refuse",
                       refusal_reason_id=reason(house, "debt"), advice="")
    assert (application.state, application.result) == ("refused", "refused")
    assert application.advice.startswith("可先归还")
    step(house, application, "agent", "tell_refusal", told_channel="phone", told_text="说明原因")
    assert application.state == "told" and application.loan_id is None
    assert chain_of(house.session, application.id)[0].decision == "refused"


def test_who_is_not_eligible_is_told_without_approvers(house):
    application = step(house, in_review(house), "wanghao", "not_eligible_found",
                       refusal_reason_id=reason(house), advice="延长期限")
    assert (application.result, application.advice) == ("not_eligible", "延长期限")
    step(house, application, "agent", "tell_refusal", told_channel="phone", told_text="x")
    assert application.state == "told"


def test_whoever_took_it_in_does_not_review_it(house):
    application = hand_in(house, received(house))
    with pytest.raises(Rejected, match="another person"):
        step(house, application, "agent", "start_review")
    put_setting(house, four_eyes=False)
    assert step(house, application, "agent", "start_review").reviewer_id == house.actor(
        "agent").user_id


def test_the_first_review_needs_income_and_vehicle(house):
    application = received(house, monthly_income="", vehicle_text="")
    with pytest.raises(Rejected, match="Vehicle wanted"):
        step(house, application, "wanghao", "start_review")


def test_nothing_is_handed_over_before_it_is_confirmed(house):
    application = in_review(house)
    blocked = offered(house, application, "wanghao")["hand_over"]
    assert "Confirm first" in str(blocked)
    with pytest.raises(Invalid, match="accepted"):
        step(house, application, "wanghao", "confirm", findings=["true"])
    reviewed(house, application)
    assert application.true_by_id == house.actor("wanghao").user_id
    assert "confirm" not in offered(house, application, "wanghao")
    assert offered(house, application, "wanghao")["hand_over"] is None


def test_what_changes_is_reviewed_again(house):
    application = reviewed(house, in_review(house))
    update(house.session, house.actor("wanghao"), application, {"amount": Decimal(90_000)})
    assert application.complete_at is None and application.valid_by_id is None
    assert application.instalment == Decimal("2689.31")
    reviewed(house, application)
    hand_in(house, application, key_of(house, LoanDocumentKind, "identity"))
    assert application.true_at is None


def test_two_posts_approve_a_large_amount(house):
    hold_post(house, "fengtao", "general_manager")
    application = in_approval(house, amount=Decimal(300_000), vehicle_price=None,
                              down_payment=None)
    assert "approve" not in offered(house, application, "songwei")
    step(house, application, "songwei", "pass_on", approval_note="同意")
    assert application.state == "in_approval"
    assert "turn of another post" in str(offered(house, application, "songwei")["approve"])
    step(house, application, "fengtao", "approve", approved_amount=Decimal(280_000))
    assert application.state == "approved" and application.approved_amount == Decimal(280_000)
    assert [row.decision for row in chain_of(house.session, application.id)] == ["approved"] * 2
    assert [line.actor_name for line in workflow_log(house.session, application)
            if line.approval] == ["宋伟", "冯涛"]


def test_a_post_that_nobody_holds_is_told_at_the_hand_over(house):
    with pytest.raises(Invalid, match="post 2"):
        handed_over(house, amount=Decimal(300_000), vehicle_price=None, down_payment=None)


def test_no_more_is_approved_than_asked_for(house):
    with pytest.raises(Invalid, match="No more"):
        step(house, in_approval(house), "songwei", "approve", approved_amount=Decimal(100_001))


@pytest.mark.parametrize("username", ["agent", "wanghao", "supervisor", "tangli", "leader"])
def test_others_do_not_approve(house, username):
    application = in_approval(house)
    with pytest.raises(CarelineError):
        step(house, application, username, "approve")


def test_approvers_return_it_and_a_new_round_begins(house):
    application = step(house, in_approval(house), "songwei", "return_to_review",
                       return_reason="请补充流水")
    assert application.state == "under_review" and application.complete_at is None
    reviewed(house, application)
    step(house, application, "wanghao", "hand_over",
         approval_department_id=application.approval_department_id)
    assert [row.round for row in chain_of(house.session, application.id)] == [2]


def test_a_follow_up_is_logged_and_begins_the_wait_anew(house):
    application = handed_over(house)
    promised = local_today() + dt.timedelta(days=2)
    step(house, application, "agent", "follow_up", contact="唐莉", text="材料已收到",
         promised_on=promised)
    assert application.promised_on == promised and application.followed_up_at is not None
    page = house.client("agent").get(f"/loan-applications/deadlines/{application.id}")
    assert "round 2" in page.text or "第 2 轮" in page.text


def test_a_problem_with_approvers_is_a_task(house):
    from plugins.loans.models import Problem

    application = handed_over(house)
    step(house, application, "agent", "raise_problem", subject="系统无法录入", description="",
         owner_id=house.actor("wanghao").user_id, due_on=local_today())
    [problem] = house.session.scalars(select(Problem))
    assert problem.is_open and problem.application_id == application.id
    step(house, problem, "wanghao", "solve", solution="已人工录入")
    assert not problem.is_open and problem.solution == "已人工录入"


def test_a_withdrawn_application_can_be_reopened(house):
    application = step(house, reviewed(house, in_review(house)), "agent", "withdraw",
                       withdrawal_reason="改为全款")
    assert (application.state, application.result) == ("withdrawn", "withdrawn")
    step(house, application, "supervisor", "reopen", reopen_reason="客户改变主意")
    assert (application.state, application.result, application.true_at) == ("received", "", None)


def test_minutes_in_each_state_add_up(house):
    from app.sdk.demo import acting_at

    then = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
    with acting_at(then):
        application = received(house)
    with acting_at(then + dt.timedelta(minutes=30)):
        step(house, application, "agent", "ask_documents", asked_text="请补材料")
    with acting_at(then + dt.timedelta(minutes=90)):
        step(house, application, "wanghao", "start_review")
    with acting_at(then + dt.timedelta(minutes=100)):
        step(house, application, "agent", "ask_documents", asked_text="还缺一份")
    with acting_at(then + dt.timedelta(minutes=105)):
        step(house, application, "agent", "withdraw", withdrawal_reason="不买了")
    assert (application.minutes_received, application.minutes_missing,
            application.minutes_review, application.minutes_approval) == (30, 65, 10, None)
