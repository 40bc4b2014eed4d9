"""A month of a person: filled in, rated, objected to, signed by six, released, never changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import event, select, text

from app.sdk.errors import CarelineError, Invalid, NotPermitted, Rejected, StaleRecord
from app.sdk.forms import FormDraft, latest
from app.sdk.models import utcnow
from app.sdk.people import local_today
from app.sdk.records import create, delete, operations_of, update
from app.sdk.services import SYSTEM, act, scope_filter, user_ids_by_name, write
from plugins.appraisals.choices import FILLING, RATING, RELEASED, SIGNED, SIGNING, SUPERSEDED
from plugins.appraisals.commands import tampered
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.operations import RELEASE
from plugins.appraisals.jobs import look_after_signatures
from plugins.appraisals.sheets import objections
from plugins.appraisals.sheets.calculation import result_of
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.signing import (
    acting,
    next_signature,
    signatures_of,
    waiting_for,
)
from plugins.appraisals.tests.helpers import (
    BEGIN,
    CHAIN,
    hold,
    month,
    rated,
    sheet_of,
    sign,
    signed,
)
from plugins.appraisals.tests.helpers import (
    RATING as ANSWERS,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def sheet(house) -> Sheet:
    return sheet_of(house, month(house))


def visible(house, username) -> list[int]:
    return list(house.session.scalars(
        select(Sheet.id).where(scope_filter(house.actor(username), Sheet))))


# --- from the first word to the release --------------------------------------------------------
def test_a_month_goes_its_way(house, sheet):
    assert (sheet.status, sheet.quota) == (FILLING, 300)
    rated(house, sheet)
    assert (sheet.status, sheet.score, sheet.grade) == (SIGNING, Decimal("93.33"), "excellent")
    assert sheet.answers["attendance"] == "A"
    for place, username in enumerate(CHAIN):
        assert next_signature(house.session, sheet).place == place
        for other in set(CHAIN) - {username}:
            with pytest.raises(NotPermitted):
                sign(house, sheet, other)
        sign(house, sheet, username)
    assert sheet.status == SIGNED
    assert {one.content_hash for one in signatures_of(house.session, sheet.id)} == {
        sheet.frozen_hash}
    assert tampered(house.session) == []


def test_a_cycle_is_released_at_once_when_all_are_finished(house):
    cycle = month(house)
    sheets = house.session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)).all()
    assert len(sheets) == 4
    with pytest.raises(Rejected):
        act(house.session, house.actor("hr"), cycle, RELEASE)
    for one in sheets[1:]:
        act(house.session, house.actor("hr"), one, "mark_absent", {"reason": "整月病假"})
    signed(house, rated(house, sheets[0]))
    act(house.session, house.actor("hr"), cycle, RELEASE)
    house.session.refresh(sheets[0])
    assert (cycle.status, sheets[0].status, sheets[1].status) == (RELEASED, RELEASED, "absent")


def test_the_same_month_computed_twice_is_the_same(house, sheet):
    rated(house, sheet)
    first = result_of(house.session, sheet)
    house.session.expire_all()
    assert result_of(house.session, sheet) == first
    assert first.score == sheet.score


def test_a_new_version_of_the_form_does_not_touch_a_finished_sheet(house, sheet):
    rated(house, sheet)
    before = result_of(house.session, sheet)
    version = sheet.form_version
    form = house.session.get(FormDraft, version.form_id)
    operations = operations_of(FormDraft)
    changed = latest(house.session, form.id).form
    other = type(changed)("Other", "另", changed.parts[:1])
    operations.save_draft(house.session, house.actor("hr"), form, other, form.version)
    house.session.expire_all()
    assert result_of(house.session, sheet) == before
    signed(house, sheet)
    assert tampered(house.session) == []


# --- whose turn it is --------------------------------------------------------------------------
def test_only_the_person_fills_in_and_only_the_appraiser_rates(house, sheet):
    operations = sheet_operations()
    for username in ("supervisor", "hr", "wanghao"):
        with pytest.raises(NotPermitted):
            operations.fill(house.session, house.actor(username), sheet, {}, None, hands_in=True)
    with pytest.raises(Rejected):
        operations.rate(house.session, house.actor("supervisor"), sheet, {}, [], "", None,
                        passes_on=False)
    operations.fill(house.session, house.actor("agent"), sheet, {}, None, hands_in=True)
    assert sheet.status == RATING
    with pytest.raises(NotPermitted):
        operations.rate(house.session, house.actor("agent"), sheet, ANSWERS, [], "", None,
                        passes_on=False)


def test_nothing_is_signed_before_everything_is_rated_and_the_month_is_over(house, sheet):
    operations = sheet_operations()
    operations.fill(house.session, house.actor("agent"), sheet, {}, None, hands_in=True)
    with pytest.raises(Invalid) as caught:
        operations.rate(house.session, house.actor("supervisor"), sheet, {"attitude": "A"}, [],
                        "", None, passes_on=True)
    assert "cooperation" in caught.value.errors
    assert "callbacks" not in caught.value.errors
    assert "attendance" not in caught.value.errors
    future = local_today().replace(day=1)
    running = sheet_of(house, month(house, future))
    operations.fill(house.session, house.actor("agent"), running, {}, None, hands_in=True)
    with pytest.raises(Rejected):
        operations.rate(house.session, house.actor("supervisor"), running, ANSWERS, [], "", None,
                        passes_on=True)


def test_a_stale_page_overwrites_nothing(house, sheet):
    seen = sheet.version
    sheet_operations().fill(house.session, house.actor("agent"), sheet, {"summary": "一"}, seen,
                            hands_in=False)
    with pytest.raises(StaleRecord):
        sheet_operations().fill(house.session, house.actor("agent"), sheet, {"summary": "二"}, seen,
                                hands_in=False)


def test_what_does_not_count_needs_a_reason_and_gives_its_weight_away(house, sheet):
    operations = sheet_operations()
    operations.fill(house.session, house.actor("agent"), sheet, {}, None, hands_in=True)
    with pytest.raises(Invalid):
        operations.rate(house.session, house.actor("supervisor"), sheet, ANSWERS, ["cooperation"],
                        " ", None, passes_on=False)
    operations.rate(house.session, house.actor("supervisor"), sheet,
                    {**ANSWERS, "cooperation": "C"}, ["cooperation", "summary", "nonsense"], "外派",
                    None, passes_on=True)
    assert sheet.left_out == ["cooperation"]
    # 64.5 of 75 points.
    assert sheet.score == Decimal("92.00")


def test_a_wrong_password_signs_nothing(house, sheet):
    rated(house, sheet)
    with pytest.raises(Invalid):
        sign(house, sheet, "agent", "wrong")
    assert next_signature(house.session, sheet).place == 0


# --- objections --------------------------------------------------------------------------------
def test_an_objection_is_answered_before_the_person_signs(house, sheet):
    rated(house, sheet)
    session, operations = house.session, sheet_operations()
    raised = objections.raise_objection(
        session, operations, house.actor("agent"), sheet, "learning", "周报和建议都交了", None)
    with pytest.raises(Invalid):
        objections.raise_objection(
            session, operations, house.actor("agent"), sheet, "learning", "再说一次", None)
    with pytest.raises(Rejected):
        sign(house, sheet, "agent")
    with pytest.raises(NotPermitted):
        objections.decide(session, operations, house.actor("agent"), sheet, raised, "是",
                          {"learning": "A"}, None)
    objections.decide(session, operations, house.actor("supervisor"), sheet, raised, "核实属实",
                      {"learning": "A"}, None)
    assert (raised.state, raised.was_changed, sheet.score) == ("upheld", True, Decimal("94.29"))
    sign(house, sheet, "agent")
    with pytest.raises(Rejected):
        objections.raise_objection(
            session, operations, house.actor("agent"), sheet, "attitude", "晚了", None)


def test_a_rejected_objection_changes_no_figure(house, sheet):
    rated(house, sheet)
    raised = objections.raise_objection(
        house.session, sheet_operations(), house.actor("agent"), sheet, "cooperation", "不止", None)
    objections.decide(house.session, sheet_operations(), house.actor("supervisor"), sheet, raised,
                      "以系统记录为准", None, None)
    assert (raised.state, sheet.score) == ("rejected", Decimal("93.33"))


# --- deputies, absence, replacement ------------------------------------------------------------
def test_a_deputy_signs_for_an_absent_manager(house, sheet):
    hold(house, "general_manager", "songwei", deputy_order=1)
    rated(house, sheet)
    for username in CHAIN[:5]:
        sign(house, sheet, username)
    assert sheet.id not in visible(house, "songwei")
    absent(house, "fengtao")
    look_after_signatures(house.session, utcnow())
    assert sheet.id in visible(house, "songwei")
    with pytest.raises(NotPermitted):
        sign(house, sheet, "fengtao")
    sign(house, sheet, "songwei")
    last = signatures_of(house.session, sheet.id)[-1]
    assert last.in_place_of_id == house.actor("fengtao").user_id
    assert sheet.status == SIGNED


def absent(house, username) -> None:
    """Let a person be away for days around today."""
    import datetime as dt

    from app.people.models import Absence, Staff

    staff = house.session.scalars(select(Staff.id).where(
        Staff.user_id == house.actor(username).user_id)).one()
    with write(house.session):
        house.session.add(Absence(
            staff_id=staff, kind="personal_leave", starts_at=utcnow() - dt.timedelta(days=3),
            ends_at=utcnow() + dt.timedelta(days=3)))


def test_a_post_without_a_holder_is_named(house):
    sheet = sheet_of(house, month(house))
    with write(house.session):
        house.session.execute(text(
            "DELETE FROM people_post_holder WHERE post_id IN "
            "(SELECT id FROM people_post WHERE code = 'marketing_director')"))
    with pytest.raises(Rejected) as caught:
        rated(house, sheet)
    assert "marketing_director" in str(caught.value.message)


def test_a_signed_sheet_is_superseded_and_never_reopened(house, sheet):
    signed(house, rated(house, sheet))
    for attempt in (
            lambda: update(house.session, house.actor("admin"), sheet, {"score": 100}),
            lambda: delete(house.session, house.actor("admin"), sheet),
            lambda: create(house.session, house.actor("hr"), Sheet, {}),
            lambda: sheet_operations().rate(
                house.session, house.actor("supervisor"), sheet, ANSWERS, [], "", None,
                passes_on=False)):
        with pytest.raises(CarelineError):
            attempt()
    act(house.session, house.actor("hr"), sheet, "supersede", {"reason": "回访数有误"})
    new = sheet_of(house, house.session.get(Cycle, sheet.cycle_id))
    assert (sheet.status, new.status, new.replaces_id) == (SUPERSEDED, RATING, sheet.id)
    assert (sheet.score, new.frozen_hash) == (Decimal("93.33"), "")
    assert tampered(house.session) == []


def test_a_tampered_sheet_is_found(house, sheet):
    signed(house, rated(house, sheet))
    with write(house.session):
        house.session.execute(text("UPDATE appraisals_sheet SET score = 100 WHERE id = :id"),
                              {"id": sheet.id})
    house.session.expire_all()
    assert tampered(house.session) == [sheet.number]


# --- who sees it -------------------------------------------------------------------------------
def test_only_the_chain_and_hr_see_a_sheet(house, sheet):
    rated(house, sheet)
    assert sheet.id in visible(house, "agent")
    assert sheet.id in visible(house, "supervisor")
    assert sheet.id in visible(house, "hr")
    # The department's leader is a later signer, and sees it when the turn comes.
    for username in ("leader", "wanghao", "huangbin", "admin", "gaoqiang"):
        assert sheet.id not in visible(house, username), username
    sign(house, sheet, "agent")
    sign(house, sheet, "supervisor")
    assert sheet.id in visible(house, "leader")


# --- cycles ------------------------------------------------------------------------------------
def test_nobody_has_two_sheets_for_one_time(house):
    cycle = month(house)
    act(house.session, house.actor("hr"), cycle, "open_sheets")
    keys = [row.owner_id for row in house.session.scalars(select(Sheet))]
    assert len(keys) == len(set(keys))
    with pytest.raises(Invalid):
        create(house.session, SYSTEM, Cycle, {"starts_on": BEGIN})


@pytest.mark.parametrize("values", [
    {"starts_on": BEGIN.replace(day=2)}, {"starts_on": BEGIN, "ends_on": BEGIN.replace(day=9)},
    {"starts_on": BEGIN, "kind": "quarter"}, {"kind": "month"},
    {"kind": "spot", "starts_on": BEGIN, "ends_on": BEGIN},
])
def test_a_cycle_lasts_as_long_as_its_kind(house, values):
    with pytest.raises(Invalid):
        create(house.session, house.actor("hr"), Cycle, values)


def test_who_may_sign_is_asked_once_for_sheets_at_one_place(house):
    cycle = month(house)
    sheets = house.session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)).all()
    names = {key: name for name, key in user_ids_by_name(house.session).items()}
    for one in sheets:
        rated(house, one)
        for user_id in (one.owner_id, one.appraiser_id):
            sign(house, one, names[user_id])
    leader = house.actor("leader").user_id
    mine = waiting_for(house.session, sheets, leader)
    assert mine == [one for one in sheets if leader in {
        who.user_id for who in acting(house.session, one, "department_manager")}]
    assert len(mine) > 1
    asked = []

    def note(*given):
        asked.append(given[2])

    engine = house.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    waiting_for(house.session, mine[:1], leader)
    first = len(asked)
    waiting_for(house.session, mine, leader)
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 2 * first
