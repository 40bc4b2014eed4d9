"""``check_*`` hooks veto and ``on_*`` hooks hear of what was committed, through the outbox."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from sqlalchemy import select

from app.database import utcnow, write
from app.deadlines.sweeping import sweep
from app.errors import Rejected
from app.host.host import current_host
from app.host.services import SwitchDenied, set_enabled
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as RUNTIME
from app.records.comments import comment
from app.sdk.services import act


def take(house, visit, name, **values):
    act(house.session, house.actor("agent"), visit, name, values, visit.version)


def notes(house) -> list[str]:
    """Deliver what waits in the outbox and return what the plugin noted."""
    note = importlib.import_module("plugins.visits.models").Note
    deliver_due(house.session, utcnow(), house.app.extensions[RUNTIME].handlers)
    return list(house.session.scalars(select(note.text)))


def test_hook_check_transition(visits, visit):
    take(visits, visit, "receive")
    with write(visits.session):
        visit.purpose_id = None
    with pytest.raises(Rejected, match="purpose"):
        take(visits, visit, "finish", result="试驾")
    assert visit.state == "received"


def test_a_guard_of_the_plugin_holds_a_transition_back(visits, visit):
    take(visits, visit, "receive")
    with write(visits.session):
        visit.phone = ""
    with pytest.raises(Rejected, match="phone"):
        take(visits, visit, "finish", result="试驾")


def test_hook_check_assignment(visits, visit):
    from app.sdk.services import SYSTEM, create, update

    busy = visits.actor("zhangjing").user_id
    for _ in range(5):
        create(visits.session, SYSTEM, type(visit), {"visitor": "韩梅梅", "owner_id": busy})
    with pytest.raises(Rejected, match="receives 5 visitors"):
        update(visits.session, SYSTEM, visit, {"owner_id": busy})
    visits.session.refresh(visit)
    assert visit.owner_id != busy


def test_hook_check_delete(visits, visit):
    from app.sdk.models import Customer
    from app.sdk.records import delete
    from app.sdk.services import SYSTEM, create

    customer = create(visits.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})
    with write(visits.session):
        visit.customer_id = customer.id
    with pytest.raises(Rejected, match=f"not finished: {visit.number}"):
        delete(visits.session, SYSTEM, customer)
    take(visits, visit, "receive")
    take(visits, visit, "finish", result="试驾")
    delete(visits.session, SYSTEM, customer)
    assert customer.deleted_at is not None


def test_hook_check_enable(visits, monkeypatch):
    plugin = importlib.import_module("plugins.visits.plugin")
    set_enabled(visits.session, current_host(), "visits", True, "test")
    monkeypatch.setattr(plugin, "has_ability", lambda *_: False)
    with pytest.raises(SwitchDenied, match="need notes on customers"):
        set_enabled(visits.session, current_host(), "visits", True, "test")


def test_hook_check_disable(visits, visit):
    with pytest.raises(SwitchDenied, match="still visitors"):
        set_enabled(visits.session, current_host(), "visits", False, "test")


def test_hook_on_record_saved(visits, visit):
    assert f"{visit.number} create" in notes(visits)


def test_hook_on_transition(visits, visit):
    take(visits, visit, "receive")
    assert notes(visits).count(f"{visit.number} received") == 1
    assert notes(visits).count(f"{visit.number} received") == 1


def test_hook_on_comment(visits, visit):
    comment(visits.session, visits.actor("agent"), visit, "他下午再来")
    assert notes(visits).count(f"{visit.number} comment") == 1


def test_hook_on_deadline(visits, visit):
    before = notes(visits).count("reception breach")
    sweep(visits.session, utcnow() + dt.timedelta(days=30))
    assert notes(visits).count("reception breach") > before


def test_hook_on_event(visits, visit):
    take(visits, visit, "receive")
    take(visits, visit, "finish", result="试驾")
    assert notes(visits).count(f"{visit.number} visits.left") == 1
    assert notes(visits).count(f"{visit.number} visits.left") == 1
