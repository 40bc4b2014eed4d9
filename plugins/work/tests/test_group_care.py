"""The log of group care: members come in after vetting and count once, advertisers go."""

from __future__ import annotations

import datetime as dt

import pytest

from app.sdk.errors import Invalid
from app.sdk.metrics import Period, figures, metrics_by_name
from app.sdk.models import Customer
from app.sdk.people import local_today
from app.sdk.services import SYSTEM, create, utcnow
from plugins.work.tests.helpers import member


def added(house, username):
    """Return how many members a person has added around today."""
    metric = metrics_by_name(personal=True)["work.members_added"]
    day = local_today()
    around = Period(first=day - dt.timedelta(days=2), last=day + dt.timedelta(days=2))
    return figures(house.session, SYSTEM, [metric], around,
                   person=house.actor(username).user_id)[metric.name].numerator


def test_members_added_count_for_whoever_added_them(house):
    member(house), member(house, "小满"), member(house, "逐光", "wanghao")
    member(house, "广告", act="removed", vetting="", remark="保险广告")
    member(house, "未知", act="turned_away")
    assert (added(house, "agent"), added(house, "wanghao")) == (2, 1)


def test_nobody_comes_in_without_vetting(house):
    with pytest.raises(Invalid) as refused:
        member(house, vetting=" ")
    assert set(refused.value.errors) == {"vetting"}
    with pytest.raises(Invalid) as refused:
        member(house, act="removed", vetting="")
    assert set(refused.value.errors) == {"remark"}


def test_a_member_counts_once_until_removed(house):
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    member(house, "晨风", customer_id=customer.id)
    for name, values in (("换名", {"customer_id": customer.id}),):
        with pytest.raises(Invalid):
            member(house, name, **values)
    member(house, "海棠", account="wx_1")
    with pytest.raises(Invalid):
        member(house, "改名", account="wx_1")
    member(house, "海棠", account="wx_1", act="removed", remark="广告")
    member(house, "海棠", account="wx_1")
    assert added(house, "agent") == 3


def test_nothing_is_logged_ahead_of_time(house):
    with pytest.raises(Invalid):
        member(house, happened_at=utcnow() + dt.timedelta(hours=1))


def test_the_account_is_masked(house):
    one = member(house, account="wx_secret_77")
    page = house.client("agent").get(f"/work/group-care/show/{one.id}").text
    assert "wx_secret_77" not in page and "晨风" in page
