"""Every ``register_*`` hook has the effect that it promises, shown by the tutorial's plugin."""

from __future__ import annotations

import importlib

import pytest
from sqlalchemy import inspect, select

from app.access.actor import SYSTEM
from app.errors import Invalid
from app.jobs.runner import EXTENSION as RUNTIME
from app.records.importing.services import importers
from app.records.operations import operations_of
from app.sdk.demo import DemoContext
from app.sdk.metrics import value
from app.settings.services import save_settings, settings_of
from app.testing.plugin_fixtures import PASSWORD
from app.wiring import all_permissions
from app.workflow.publishing import in_force


def test_the_plugin_is_active(host):
    assert [(line.name, line.state) for line in host.status()] == [("visits", "active")]


def test_hook_register_models(visits, host):
    names = {model.__tablename__ for model in host.contributions("register_models")}
    assert {"visits_visit", "visits_purpose", "visits_note"} <= names
    assert inspect(visits.session.get_bind()).has_table("visits_visit")


def test_hook_register_record_types(visits, visit):
    page = visits.client("admin").get("/search", query_string={"q": visit.number},
                                      follow_redirects=True)
    assert visit.number in page.text


def test_hook_register_operations(visits):
    """Rules of a plain table hold for whoever writes it."""
    from plugins.visits.models import Note

    with pytest.raises(Invalid, match="Write something"):
        operations_of(Note).create(visits.session, SYSTEM, {"event_id": "1", "text": ""})


def test_hook_register_categories(visits):
    menu = visits.client("agent").get("/", headers={"Accept-Language": "zh"}).text
    assert "展厅到访" in menu


def test_hook_register_screens(visits, visit):
    client = visits.client("agent")
    assert visit.number in client.get("/visits/list/").text
    assert "王小明" in client.get(f"/visits/show/{visit.id}").text


def test_hook_register_dictionaries(visits):
    admin = visits.client("admin").get("/dictionaries/visits.purpose").text
    assert "看车购车" in admin or "To buy a car" in admin
    assert visits.client("agent").get("/dictionaries/visits.purpose").status_code in (403, 404)
    assert ("can_edit", "visits.Purpose") in all_permissions(visits.app)


def test_hook_register_apis(visits, visit):
    answer = visits.client("agent").get(f"/api/v1/visits/{visit.id}")
    assert answer.status_code == 200
    assert visit.number in answer.text


def test_hook_register_permissions(visits):
    # No screen or API of the plugin declares it, and yet an admin may grant it.
    assert ("can_import", "visits.Visit") not in visits.app.appbuilder.permission_pairs()
    assert ("can_import", "visits.Visit") in all_permissions(visits.app)
    assert visits.actor("admin").can("can_import", "visits.Visit")


def test_hook_register_role_grants(visits):
    assert visits.actor("agent").can("can_add", "visits.Visit")
    assert not visits.actor("agent").can("can_import", "visits.Visit")
    assert visits.actor("supervisor").can("can_import", "visits.Visit")
    assert not visits.actor("hr").can("can_list", "visits.Visit")


def test_hook_register_workflows(visits, visit):
    assert in_force(visits.session, "visits.visit")[0] == visit.workflow_id
    assert visit.state == "arrived"


def test_hook_register_deadline_policies(visits, visit):
    assert visit.due_at is not None
    assert (visit.due_at - visit.created_at).total_seconds() >= 600


def test_hook_register_jobs(visits):
    runtime = visits.app.extensions[RUNTIME]
    assert "visits.count" in runtime.kinds
    assert runtime.schedules["visits.forget"].every_seconds == 86_400


def test_hook_register_cards(visits, visit):
    page = visits.client("agent").get("/", headers={"Accept-Language": "en"})
    assert "In the house" in page.text
    assert "In the house" not in visits.client("hr").get("/").text


def test_hook_register_metrics(visits, host, visit):
    [metric] = [one for one in host.contributions("register_metrics")
                if one.name.startswith("visits.")]
    assert value(visits.session, visits.actor("agent"), metric) >= 1
    assert metric.endpoint == "VisitView.list"


def test_hook_register_served(visits, host, visit):
    from app.metrics.served import NAME, definition_form, served
    from app.sdk.metrics import ALWAYS
    from app.settings.services import save_settings

    assert "visits.received" in {one.name for one in host.contributions("register_served")}
    admin = visits.actor("admin")
    save_settings(visits.session, admin, definition_form(visits.session),
                  {"counted": ["visits.received"]}, 0)
    assert definition_form(visits.session).name == NAME
    found = served(visits.session, admin, ALWAYS)
    assert found.number >= 1 and found.titles == ("showroom visits",)


def test_hook_register_panels(visits, visit):
    from app.customers.models import Customer
    from app.sdk.services import create

    customer = create(visits.session, visits.actor("agent"), Customer,
                      {"name": "王小明", "phone": visit.phone})
    client = visits.client("agent")
    assert "visits/customer_panel.html" in client.get(f"/customers/show/{customer.id}").text
    panel = client.get(f"/customers/panel/{customer.id}/visits/customer_panel.html")
    assert visit.number in panel.text


def test_hook_register_importers(visits):
    assert importers()["visits.visits"].key == ("visitor", "phone")


def test_hook_register_settings(visits, visit):
    from plugins.visits.workflow import SETTINGS

    assert settings_of(visits.session, "visits") == {"panel_rows": 20}
    page = visits.client("admin").get("/plugins/visits/settings").text
    assert 'name="panel_rows"' in page and 'value="20"' in page
    save_settings(visits.session, visits.actor("admin"), SETTINGS, {"panel_rows": 3}, 0)
    assert settings_of(visits.session, "visits") == {"panel_rows": 3}


def test_hook_register_commands(visits):
    done = visits.app.test_cli_runner().invoke(args=["visits", "count"])
    assert done.exit_code == 0, done.output
    assert int(done.output) >= 0


def test_hook_register_shipped_data(visits):
    models = importlib.import_module("plugins.visits.models")
    services = importlib.import_module("plugins.visits.services")
    codes = set(visits.session.scalars(select(models.Purpose.code)))
    assert codes == {code for code, *_ in services.PURPOSES}


@pytest.mark.parametrize("again", [False, True])
def test_hook_register_demo_data(visits, host, again):
    models = importlib.import_module("plugins.visits.models")
    [data] = [d for d in host.contributions("register_demo_data") if d.name == "visits.visits"]
    context = DemoContext(visits.session, visits.app.config["CARELINE_SETTINGS"], 1, PASSWORD)
    before = visits.session.query(models.Visit).count()
    assert data.load(context).endswith(".")
    after = visits.session.query(models.Visit).count()
    assert after == before or (not again and before == 0)
