"""Weights and tasks of a period (K8): announced, acknowledged, declared, agreed; versions stay."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.forms import latest, score
from app.sdk.people import local_zone
from app.sdk.records import operations_of
from app.sdk.services import act, create
from plugins.appraisals import jobs
from plugins.appraisals.commands import tampered
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.operations import OPEN_SHEETS
from plugins.appraisals.ready_made import MONTHLY_FORM
from plugins.appraisals.rules.tasks import read_tasks, write_tasks
from plugins.appraisals.rules.weights import in_force, read_weights, without_weight
from plugins.appraisals.sheets import tasks
from plugins.appraisals.sheets.calculation import current, form_of
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.tests.helpers import BEGIN, forms, month, rated, sheet_of, signed

NAMES = [item.name for item in MONTHLY_FORM.scored_items]
# Callbacks weigh more, team spirit does not count in this month.
WEIGHTS = {"callbacks": "25", "team_spirit": "0"}
LINES = "完成到期回访 | 15 个\n核实联系方式"


# --- laws ------------------------------------------------------------------------------------
@st.composite
def shares(draw):
    """Draw weights of two places that add up to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=len(NAMES) - 1,
                                max_size=len(NAMES) - 1)))
    ends = [0, *cuts, 10_000]
    return {name: Decimal(right - left) / 100
            for name, left, right in zip(NAMES, ends, ends[1:], strict=False)}


@given(shares(), st.sets(st.sampled_from(NAMES)))
def test_weights_of_a_month_are_those_that_count_and_sum_to_100(drawn, gone):
    weights, wrong = read_weights(MONTHLY_FORM, {name: str(one) for name, one in drawn.items()})
    assert wrong is None
    held = in_force(MONTHLY_FORM, weights)
    assert held == drawn and sum(held.values()) == 100
    answers = {item.name: "A" if item.levels else "99999" for item in MONTHLY_FORM.scored_items}
    result = score(MONTHLY_FORM, answers, gone, held)
    counting = [line for line in result.lines if not line.is_left_out]
    assert {line.item for line in counting} == {
        name for name in NAMES if drawn[name] and name not in gone}
    assert set(without_weight(weights)) <= {name for name in NAMES if not drawn[name]}
    if counting:
        assert sum(line.effective_weight for line in counting) == 100
        assert result.score == 100


@given(st.dictionaries(st.sampled_from(NAMES), st.decimals(-50, 150, places=1), min_size=1))
def test_what_does_not_add_up_to_100_is_refused(typed):
    held = {**{item.name: item.weight for item in MONTHLY_FORM.scored_items}, **typed}
    _, wrong = read_weights(MONTHLY_FORM, {name: str(one) for name, one in typed.items()})
    fits = sum(held.values()) == 100 and all(0 <= one <= 100 for one in held.values())
    assert (wrong is None) == fits


@given(st.lists(st.tuples(st.text("abc任务 ", min_size=1).filter(str.strip), st.text("x目标 ")),
                min_size=1, max_size=30))
def test_tasks_come_back_from_their_text(drawn):
    held = [{"title": title.strip(), "target": target.strip()} for title, target in drawn]
    assert read_tasks(write_tasks(held)) == (held, None)


@pytest.mark.parametrize("text", ["", " \n ", "| 只有目标", "长" * 301, "\n".join("x" * 31)])
def test_tasks_that_cannot_be_read_are_refused(text):
    assert read_tasks(text)[1] is not None


# --- weights ---------------------------------------------------------------------------------
def prepared(house, **values) -> Cycle:
    """Return a cycle that has not been opened, with weights of its own."""
    cycle = month(house, dt.date(2024, 1, 1))
    assert cycle.status == "open"
    made = create(house.session, house.actor("hr"), Cycle, {"starts_on": BEGIN, **values})
    operations_of(Cycle).set_weights(
        house.session, house.actor("hr"), made, forms(house), WEIGHTS, made.version)
    return made


def test_the_sheet_uses_the_weights_that_the_period_announced(house):
    cycle = prepared(house)
    act(house.session, house.actor("hr"), cycle, OPEN_SHEETS)
    sheet = rated(house, sheet_of(house, cycle), team_spirit="")
    assert sheet.weights == WEIGHTS
    held = current(house.session, sheet, form_of(house.session, sheet))
    assert "team_spirit" in held.left_out
    # 58 of 65: neither callbacks nor learning have data, team spirit does not count.
    assert f"{sheet.score}" == "92.00"
    signed(house, sheet)
    assert sheet.status == "signed" and tampered(house.session) == []
    sheet.weights = {}
    house.session.commit()
    assert len(tampered(house.session)) == 1


def test_weights_are_set_by_hr_before_the_period_begins(house):
    cycle, operations = prepared(house), operations_of(Cycle)
    form_id = forms(house)
    with pytest.raises(NotPermitted):
        operations.set_weights(house.session, house.actor("supervisor"), cycle, form_id, {}, None)
    with pytest.raises(Invalid):
        operations.set_weights(house.session, house.actor("hr"), cycle, form_id,
                               {"callbacks": "99"}, None)
    act(house.session, house.actor("hr"), cycle, OPEN_SHEETS)
    with pytest.raises(Rejected):
        operations.set_weights(house.session, house.actor("hr"), cycle, form_id, {}, None)


def test_a_cycle_that_was_prepared_opens_by_itself(house):
    cycle = prepared(house, tasks=LINES)
    with acting_at(dt.datetime.combine(BEGIN, dt.time(0, 30), local_zone())):
        for _ in range(2):
            jobs.open_cycles(house.session, None, None)
    house.session.refresh(cycle)
    sheet = sheet_of(house, cycle)
    [announced] = tasks.versions_of(house.session, sheet.id)
    assert (cycle.status, sheet.weights, announced.state) == ("open", WEIGHTS, "announced")
    assert tasks.agreed([announced]) is announced


# --- tasks -----------------------------------------------------------------------------------
@pytest.fixture
def sheet(house):
    return sheet_of(house, month(house))


def declare(house, sheet, text=LINES, reason="", username="agent"):
    return tasks.declare(house.session, sheet_operations(), house.actor(username), sheet, text,
                         reason, None)


def decide(house, sheet, number, *, agrees, text="", username="supervisor"):
    tasks.decide(house.session, sheet_operations(), house.actor(username), sheet,
                 {"agrees": agrees, "number": number, "text": text}, None)


def test_tasks_are_declared_agreed_and_adjusted_and_every_version_stays(house, sheet):
    declare(house, sheet)
    decide(house, sheet, 1, agrees=True)
    with pytest.raises(Invalid):
        declare(house, sheet, LINES + "\n知识库整理")
    with pytest.raises(Invalid):
        declare(house, sheet, LINES, "没有变化")
    declare(house, sheet, LINES + "\n知识库整理", "新增任务")
    # Until it is agreed, the earlier version counts.
    versions = tasks.versions_of(house.session, sheet.id)
    assert [one.state for one in versions] == ["declared", "agreed"]
    assert tasks.agreed(versions).number == 1
    with pytest.raises(Invalid):
        decide(house, sheet, 2, agrees=False)
    decide(house, sheet, 2, agrees=False, text="写明数量")
    declare(house, sheet, LINES + "\n知识库整理 | 2 条", "写明数量")
    decide(house, sheet, 3, agrees=True)
    versions = tasks.versions_of(house.session, sheet.id)
    assert [one.number for one in versions] == [3, 2, 1]
    assert tasks.agreed(versions).tasks[-1] == {"title": "知识库整理", "target": "2 条"}


def test_each_step_has_its_person(house, sheet):
    with pytest.raises(NotPermitted):
        declare(house, sheet, username="supervisor")
    declare(house, sheet)
    with pytest.raises(NotPermitted):
        decide(house, sheet, 1, agrees=True, username="agent")
    with pytest.raises(Rejected):
        decide(house, sheet, 2, agrees=True)
    decide(house, sheet, 1, agrees=True)
    with pytest.raises(Rejected):
        decide(house, sheet, 1, agrees=False, text="再想想")
    with pytest.raises(NotPermitted):
        tasks.acknowledge(house.session, sheet_operations(), house.actor("supervisor"), sheet, None)


def test_after_the_hand_in_tasks_stay_as_they_are(house, sheet):
    declare(house, sheet)
    rated(house, sheet)
    with pytest.raises(Rejected):
        declare(house, sheet, "别的", "太晚")


def test_who_has_not_taken_note_is_shown_and_asked_until_they_do(house, sheet):
    hr = house.client("hr")
    address = "/appraisals/sheets/list/?status__in=filling&acknowledged_at__empty=1"
    for day, asked in ((2, None), (4, 4), (5, 4), (8, 8)):
        with acting_at(dt.datetime.combine(
                BEGIN + dt.timedelta(days=day), dt.time(9), local_zone())):
            jobs.ask_to_acknowledge(house.session, None, None)
        house.session.refresh(sheet)
        assert sheet.asked_on == (None if asked is None else BEGIN + dt.timedelta(days=asked))
    assert sheet.number in hr.get(address).text
    assert "acknowledged_at__empty" in hr.get(f"/appraisals/cycles/show/{sheet.cycle_id}").text
    tasks.acknowledge(house.session, sheet_operations(), house.actor("agent"), sheet, None)
    assert sheet.number not in hr.get(address).text
    with pytest.raises(Rejected):
        tasks.acknowledge(house.session, sheet_operations(), house.actor("agent"), sheet, None)


def token(page: str) -> str:
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def test_the_pages_take_note_declare_agree_and_set_weights(house, sheet):
    address, agent = f"/appraisals/sheets/show/{sheet.id}", house.client("agent")
    agent.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"

    def send(client, path, **values):
        house.session.rollback()
        house.session.refresh(sheet)
        answer = client.post(f"/appraisals/sheets/{sheet.id}/{path}", data={
            "csrf_token": token(client.get(address).text), "version": sheet.version, **values})
        assert answer.status_code == 302
        return client.get(address).text

    assert "尚未确认" in agent.get(address).text
    page = send(agent, "acknowledge")
    assert "尚未确认" not in page
    assert "核实联系方式" in send(agent, "tasks", tasks=LINES)
    leads = house.client("supervisor")
    send(leads, "tasks/1", decision="agreed", text="同意")
    house.session.rollback()
    assert tasks.agreed(tasks.versions_of(house.session, sheet.id)).number == 1
    assert house.client("wanghao").post(
        f"/appraisals/sheets/{sheet.id}/tasks", data={"csrf_token": "x"}).status_code in (400, 404)


def test_the_page_of_a_prepared_cycle_sets_its_weights(house):
    cycle, form_id, hr = prepared(house), forms(house), house.client("hr")
    page = hr.get(f"/appraisals/cycles/show/{cycle.id}").text
    version = latest(house.session, form_id)
    assert version is not None and f"w-{form_id}-callbacks" in page
    answer = hr.post(f"/appraisals/cycles/{cycle.id}/weights/{form_id}", data={
        "csrf_token": token(page), "version": cycle.version, "callbacks": "5", "group_care": "20",
        "team_spirit": "10"})
    assert answer.status_code == 302
    house.session.rollback()
    house.session.refresh(cycle)
    assert cycle.weights == {str(form_id): {"callbacks": "5", "group_care": "20"}}
