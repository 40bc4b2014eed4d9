"""Settings of a plugin: a generated form, checked, audited, in force at the next click."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.database import utcnow, write
from app.people.models import Department
from app.records.services import create
from app.settings.models import PluginSettings
from app.settings.services import StaleSettings, save_settings, settings_of
from plugins.complaints.models import Complaint
from plugins.complaints.services import without_progress
from plugins.complaints.settings import SETTINGS, home_department, setting

PAGE = "/plugins/complaints/settings"


def test_what_is_saved_is_in_force_and_noted(house, desk):
    session = house.session
    complaint = create(session, house.actor("agent"), Complaint, {
        "reason": "x", "received_at": utcnow() - dt.timedelta(hours=30)})
    supervisor, admin = desk("supervisor"), desk("admin")
    assert complaint not in without_progress(
        session, house.actor("admin"), setting(session, "news_hours"))
    page = admin.get(PAGE).text
    assert 'value="72"' in page and "Hours without news" in page
    assert "Settings" in admin.get("/plugins/").text
    answer = admin.send(PAGE, {"seen": "0", "news_hours": "24", "duplicate_days": "90"})
    assert answer.status_code == 302
    assert dict(settings_of(session, "complaints")) == {
        "news_hours": 24, "duplicate_days": 90, "home_department_id": None,
        "most_open": None}
    assert complaint in without_progress(
        session, house.actor("admin"), setting(session, "news_hours"))
    assert complaint.number in supervisor.get("/").text
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "settings"))
    assert entry.changes == {"news_hours": [72, 24]}
    trail = admin.get("/audit/?action=settings").text
    assert "Hours without news" in trail and "news_hours" not in trail


@pytest.mark.parametrize("value", ["", "0", "721", "soon", "²"])
def test_what_does_not_fit_is_refused_at_the_field(house, desk, value):
    answer = desk("admin").send(PAGE, {"seen": "0", "news_hours": value, "duplicate_days": "90"})
    assert answer.status_code == 422
    assert settings_of(house.session, "complaints")["news_hours"] == 72


def test_a_stale_form_is_refused(house, desk):
    admin = desk("admin")
    admin.send(PAGE, {"seen": "0", "news_hours": "24", "duplicate_days": "90"})
    answer = admin.send(PAGE, {"seen": "0", "news_hours": "48", "duplicate_days": "90"})
    assert answer.status_code == 422 and "Somebody else has saved these settings" in answer.text
    assert settings_of(house.session, "complaints")["news_hours"] == 24
    with pytest.raises(StaleSettings):
        save_settings(house.session, house.actor("admin"), SETTINGS, {}, 7)


def test_a_kept_value_that_no_longer_fits_gives_way_to_the_default(house):
    with write(house.session):
        house.session.add(PluginSettings(
            name="complaints", content={"news_hours": "gone", "duplicate_days": 30, "old": 1}))
    assert dict(settings_of(house.session, "complaints")) == {
        "news_hours": 72, "duplicate_days": 30, "home_department_id": None,
        "most_open": None}


def test_who_may_not(house, desk):
    supervisor, admin = desk("supervisor"), desk("admin")
    assert supervisor.get(PAGE).status_code == 403
    assert supervisor.send(PAGE, {"seen": "0", "news_hours": "1"}).status_code == 403
    assert admin.get("/plugins/nothing/settings").status_code == 404
    with pytest.raises(LookupError):
        settings_of(house.session, "nothing")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_department_is_kept_and_shown_by_its_name(house, desk):
    admin, key = desk("admin"), house.actor("supervisor").department_id
    answer = admin.send(PAGE, {"seen": "0", "news_hours": "72", "duplicate_days": "90",
                               "home_department_id": str(key)})
    assert answer.status_code == 302
    assert home_department(house.session) == key
    name = house.session.get(Department, key).name
    shown = admin.get(PAGE).text.split('name="home_department_id"')[1].split("</select>")[0]
    assert f'value="{key}"' in shown and name in shown
