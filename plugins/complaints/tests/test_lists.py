"""Lists of complaints: tabs, the board by state, the calendar of deadlines, bulk steps."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from sqlalchemy import event, select

from app.sdk.services import update, utcnow
from plugins.complaints.models import Category, Cause
from plugins.complaints.tests.helpers import assigned, proposed, put, registered, step

LIST = "/complaints/list/"


def rows(page: str) -> set[int]:
    """Return the keys of the rows or cards on a page."""
    return {int(key) for key in re.findall(r'data-row="(\d+)"', page)}


def opened(client, key: str) -> set[int]:
    """Return the keys of the rows behind a tab."""
    return rows(client.get(client.get(f"{LIST}?view={key}").location).text)


@pytest.mark.both_databases
@pytest.mark.parametrize("mode", ["", "board", "calendar"])
def test_lists_stay_within_their_statements(house, mode):
    for _ in range(3):
        registered(house)
    client = house.client("supervisor")
    address = f"{LIST}?is_open__is=true&mode={mode}"
    client.get(address)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    engine = house.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    assert 3 <= len(seen) <= 8, seen


@pytest.mark.both_databases
def test_tabs_hold_what_their_names_say(house):
    own, other = registered(house), registered(house, "liuyang")
    waiting = proposed(house)
    agent = house.client("agent")
    assert opened(agent, "mine") == {own.id, waiting.id}
    assert other.id not in opened(agent, "my_team")
    assert opened(house.client("fengtao"), "to_approve") == {waiting.id}
    assert waiting.id not in opened(agent, "to_approve")


@pytest.mark.both_databases
def test_mine_is_what_i_own_and_what_i_am_responsible_for(house):
    """The list behind the tab, and behind the card of the home page, holds what the card holds."""
    registered(house)
    mine, done = assigned(house), assigned(house)
    step(house, done, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    client = house.client("mengdie")
    assert opened(client, "mine") == {mine.id}
    home = client.get("/").text.replace("&amp;", "&")
    [address] = set(re.findall(rf'"({LIST}\?is_open__is=true&workers__in=me)"', home))
    assert rows(client.get(address).text) == {mine.id}


@pytest.mark.both_databases
@pytest.mark.parametrize(("arguments", "found"), [
    ("workers__in=me", {"owned", "handled"}), ("workers__not_in=me", {"other", "nobody's"}),
    ("workers__empty=1", {"nobody's"}), ("workers__filled=1", {"owned", "handled", "other"}),
])
def test_several_people_of_a_complaint_are_one_filter(house, arguments, found):
    made = {name: registered(house) for name in ("owned", "handled", "other", "nobody's")}
    me = house.actor("admin").user_id
    for name, values in (("owned", {"owner_id": me}), ("handled", {"handler_id": me}),
                         ("nobody's", {"owner_id": None})):
        put(house, made[name], **values)
    # Whoever sees everything.
    shown = rows(house.client("admin").get(f"{LIST}?all=1&{arguments}").text)
    assert shown == {made[name].id for name in found}


def test_every_card_of_home_leads_to_the_records_behind_it(house):
    silent, told = registered(house), registered(house)
    for complaint in (silent, told):
        complaint.received_at = utcnow() - dt.timedelta(days=5)
    told.last_progress_at = utcnow()
    house.session.commit()
    supervisor = house.client("supervisor")
    home = html.unescape(supervisor.get("/").text)
    [without_news] = re.findall(r'href="(/complaints/list/\?[^"]*heard_at__before=[^"]*)"', home)
    page = supervisor.get(without_news).text
    assert rows(page) == {silent.id}
    assert "Last heard from us" in page or "客户最近得到消息" in page
    # The figure of a colleague's load, not their name alone.
    assert re.search(r'<a class="text-secondary" href="/complaints/list/\?[^"]*owner__in=', home)


def test_the_default_filter_says_what_it_hides(house):
    done = registered(house)
    step(house, done, "agent", "withdraw", withdrawal_reason="已自行解决")
    registered(house)
    client = house.client("agent")
    page = client.get("/complaints/views/counts?is_open__is=true").text
    note = re.search(r'id="hidden-note"[^>]*>(.*?)</span>', page, re.DOTALL).group(1)
    assert re.search(r"\b1\b", note)
    address = re.search(r'href="([^"]+)"', note).group(1).replace("&amp;", "&")
    assert done.id in rows(client.get(address).text)


def test_a_card_goes_only_where_a_step_leads(house):
    complaint = assigned(house)
    client = house.client("mengdie")
    menu = client.get(f"/complaints/moves/{complaint.id}").text
    ways = set(re.findall(r'data-move-to="(\w+)"', menu))
    assert "proposed" in ways and not ways & {"approved", "archived", "assigned"}
    reader = house.client("leader")
    assert reader.get(f"/complaints/moves/{complaint.id}").status_code in (200, 404)
    assert f'data-row="{complaint.id}"' in client.get(f"{LIST}?mode=board").text


def test_a_row_leaves_out_a_step_that_is_locked(house):
    whole, lacking = registered(house), registered(house, demand="")
    page = house.client("agent").get(LIST).text
    step_of = {pk: re.search(rf'data-row="{pk}".*?</tr>', page, re.DOTALL)[0]
               for pk in (whole.id, lacking.id)}
    assert 'data-row-ahead="assess"' in step_of[whole.id]
    assert "data-row-ahead" not in step_of[lacking.id]
    update(house.session, house.actor("agent"), lacking, {"demand": "退款"}, lacking.version)
    assert 'data-row-ahead="record"' in house.client("agent").get(LIST).text


@pytest.mark.parametrize(("language", "first"), [
    ("zh", ["部门", "产品", "车辆", "承诺完成时间", "处理完成时间", "贷款", "到期时间", "地区"]),
    ("en", ["Branch", "Category", "Cause", "Channel", "Closed at", "Customer", "Department"]),
])
def test_filters_stand_in_the_order_of_the_alphabet(house, language, first):
    client = house.client("agent")
    page = client.get("/complaints/filters", headers={"Accept-Language": language}).text
    names = re.findall(r'data-filter-column="[^>]*>([^<]+)<', page)
    assert names[:len(first)] == first


@pytest.mark.both_databases
def test_deadlines_stand_in_the_calendar(house):
    complaint = registered(house)
    day = complaint.due_at.date().isoformat()
    page = house.client("agent").get(f"{LIST}?mode=calendar&day={day}").text
    assert complaint.id in rows(page)


def test_the_drawing_is_a_part_for_the_dialog_and_a_page_of_its_own(house):
    client, complaint = house.client("agent"), registered(house)
    address = f"/complaints/flow/{complaint.id}"
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert 'class="workflow-drawing' in part
    assert "<html" not in part
    assert "<html" in client.get(address).text


@pytest.mark.parametrize(("language", "phone"), [("zh-CN", "电话"), ("en-GB", "Phone")])
def test_statistics_name_the_channels_in_the_language_of_the_page(house, language, phone):
    registered(house)
    figures = house.client("supervisor").get(
        "/complaints/statistics/figures/channel?kind=pie", headers={"Accept-Language": language}
    ).get_json()
    assert figures["labels"] == [phone]


@pytest.mark.parametrize("kind", ["kind=bars", "format=csv"])
def test_statistics_name_causes_and_categories_in_chinese(house, kind):
    session = house.session
    for name, model in (("cause", Cause), ("category", Category)):
        entry = session.scalar(select(model).where(model.name_zh != "").limit(1))
        registered(house, **{f"{name}_id": entry.id})
        page = house.client("supervisor").get(
            f"/complaints/statistics/figures/{name}?{kind}", headers={"Accept-Language": "zh-CN"}
        )
        shown = page.get_json()["labels"] if page.is_json else page.text
        assert entry.name_zh in shown
        assert entry.name not in shown


def test_a_file_holds_the_deadline_that_the_list_shows(house):
    complaint = registered(house)
    lines = house.client("supervisor").get(
        "/complaints/export/csv", headers={"Accept-Language": "en-GB"}).text.splitlines()
    place = lines[0].split(",").index("Deadline")
    due = complaint.due_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert f"{due:%Y-%m-%d %H:%M}" in lines[1].split(",")[place]
