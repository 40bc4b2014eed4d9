"""Three plugins written from the guide alone do what a department would ask of them.

``handovers`` is made by ``flask plugin new`` from a declaration and finished by hand; ``followups``
and ``gradings`` are the bones of a plugin of callbacks and of one of appraisals. They import
nothing but ``app.sdk`` and stand in one installation with complaints.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import plugins as package
from app.admin.personal_copies.words import TableWords
from app.cli.scaffold.declaration import read_declaration
from app.cli.scaffold.writing import write_plugin
from app.database import db, utcnow, write
from app.errors import Invalid, Rejected
from app.host.host import current_host
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as RUNTIME
from app.people.clock import local_today
from app.records.files import FileStore, attach
from app.sdk.abilities import call
from app.sdk.demo import DemoContext
from app.sdk.metrics import Period, figures
from app.sdk.models import Customer, Vehicle
from app.sdk.records import act, create, links_of, update
from app.sdk.services import SYSTEM
from app.testing.plugin_fixtures import PASSWORD, House
from config import ROOT
from plugins.complaints.tests.helpers import fed_back, step
from scripts.translations import Part
from tests.conformance.installing import REAL, deployed, settings_for

FOLDER = ROOT / "tests" / "conformance" / "probes"
HANDOVERS = FOLDER / "plugins" / "handovers"
MOST_LINES = 100
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c63"
    "60000000000200014873afa40000000049454e44ae426082")


def handovers(folder: Path) -> Path:
    """Write the plugin as the guide says: the declaration first, then what is written by hand."""
    declaration = (FOLDER / "handovers.toml").read_text(encoding="utf-8")
    write_plugin(read_declaration(declaration), folder)
    target = folder / "handovers"
    shutil.copytree(HANDOVERS, target, dirs_exist_ok=True)
    more = (target / "more.po").read_text(encoding="utf-8")
    part = Part(target)
    part.po.write_text(part.po.read_text(encoding="utf-8") + more, encoding="utf-8")
    part.compile()
    return target


@pytest.fixture(scope="module")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the three probes and complaints."""
    base = tmp_path_factory.mktemp("probes")
    folder = base / "plugins"
    folder.mkdir()
    for name in ("followups", "gradings"):
        (folder / name).symlink_to(FOLDER / "plugins" / name)
    (folder / "complaints").symlink_to(REAL / "complaints")
    handovers(folder)
    package.__path__.append(str(folder))
    app = deployed(settings_for(base, f"sqlite:///{base / 'probes.sqlite'}", folder))
    with app.app_context():
        yield House(app, db.session)


@pytest.fixture
def customer(probes):
    return create(probes.session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678"})


def deliver(house: House) -> None:
    """Let plugins hear of what has been committed."""
    deliver_due(house.session, utcnow(), house.app.extensions[RUNTIME].handlers)


def token(client) -> str:
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def evidence(house: House, record, actor) -> int:
    """Put a picture on a record."""
    store = FileStore(house.app.config["CARELINE_SETTINGS"])
    with write(house.session):
        return attach(house.session, actor, store, record, "sign.png", io.BytesIO(PNG)).id


# --- all three ------------------------------------------------------------------------------------
def test_all_are_in_force_and_nothing_is_set_aside(probes):
    assert [line.state for line in current_host().status()] == ["active"] * 4


def test_they_import_the_sdk_and_nothing_else_of_the_product():
    named = {
        node.module
        for path in FOLDER.rglob("*.py") if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app")
    }
    assert named and all(f"{one}.".startswith("app.sdk.") for one in named)


def test_handovers_take_few_lines_by_hand(tmp_path):
    """Lines that ``plugin new`` has not written; migrations are written by ``db revision``."""
    write_plugin(read_declaration(
        (FOLDER / "handovers.toml").read_text(encoding="utf-8")), tmp_path / "plugins")
    by_hand = 0
    for path in (HANDOVERS).rglob("*.*"):
        made = tmp_path / "plugins" / "handovers" / path.relative_to(HANDOVERS)
        known = made.read_text(encoding="utf-8").splitlines() if made.exists() else []
        if path.suffix in (".py", ".html") and "migrations" not in path.parts:
            lines = path.read_text(encoding="utf-8").splitlines()
            by_hand += sum(1 for line in lines if line.strip() and line not in known)
    assert MOST_LINES / 2 < by_hand <= MOST_LINES


# --- handovers ------------------------------------------------------------------------------------
@pytest.fixture
def handover(probes, customer):
    from plugins.handovers.models import VehicleHandover

    vehicle = create(probes.session, SYSTEM, Vehicle,
                     {"customer_id": customer.id, "plate": "苏A12345"})
    return create(probes.session, probes.actor("agent"), VehicleHandover, {
        "customer_id": customer.id, "vehicle_id": vehicle.id, "vin": "LSVAA4182E2123456",
        "handed_over_on": local_today(), "place": "showroom", "price": 100_000})


def test_a_handover_is_approved_by_another_and_needs_a_file(probes, handover):
    agent, supervisor = probes.actor("agent"), probes.actor("supervisor")
    act(probes.session, agent, handover, "submit")
    assert handover.due_at is not None
    with pytest.raises(Rejected):
        act(probes.session, agent, handover, "approve")
    act(probes.session, supervisor, handover, "approve")
    with pytest.raises(Invalid, match="file"):
        act(probes.session, agent, handover, "hand_over", {"result": "已交接"})
    act(probes.session, agent, handover, "hand_over", {
        "result": "已交接", "files": [evidence(probes, handover, agent)]})
    assert (handover.state, handover.result, handover.is_open) == ("handed_over", "已交接", False)


def test_handovers_have_a_tab_a_chart_a_card_an_import_and_a_rest_api(probes, handover, customer):
    client = probes.client("supervisor")
    tabs = re.findall(rf"/customers/related/{customer.id}/\w*Handover\w*",
                      client.get(f"/customers/show/{customer.id}").text)
    assert handover.number in client.get(tabs[0]).text
    page = client.get("/handovers/statistics/").text
    assert 'data-chart="/handovers/statistics/figures"' in page
    found = client.get("/handovers/statistics/figures").json
    assert sum(found["series"][0]["values"]) >= 1
    assert client.get(found["urls"][0]).status_code == 200
    assert "交车" in client.get("/").text or "Vehicle handovers" in client.get("/").text
    assert '"/imports/records.' in client.get("/handovers/list/").text
    rows = client.get("/api/v1/handovers/").json["result"]
    assert handover.number in [row["number"] for row in rows]


def test_handovers_speak_both_languages(probes, handover):
    client = probes.client("agent")
    for language, word in (("zh", "已备车"), ("en", "Prepared")):
        client.post("/account/language", data={"csrf_token": token(client), "locale": language})
        assert word in client.get(f"/handovers/show/{handover.id}").text


def test_demo_handovers_belong_to_groups_and_are_seen(probes):
    from plugins.handovers import demo
    from plugins.handovers.models import VehicleHandover

    with write(probes.session):
        probes.session.query(VehicleHandover).delete()
    demo.load(DemoContext(probes.session, probes.app.config["CARELINE_SETTINGS"], 1, PASSWORD))
    made = probes.session.scalars(select(VehicleHandover)).all()
    assert made and all(one.team_id or one.department_id for one in made)
    assert made[0].created_at < utcnow() - dt.timedelta(hours=20)
    page = probes.client("supervisor").get("/handovers/list/?all=1").text
    assert any(one.number in page for one in made)


# --- the bones of callbacks: (a) to (f) of the report ---------------------------------------------
@pytest.fixture
def planned(probes, customer):
    from plugins.followups.models import FollowUp

    return create(probes.session, probes.actor("agent"), FollowUp, {
        "customer_id": customer.id, "reason": "交车回访", "made_for": f"test {customer.id}",
        "owner_id": probes.actor("agent").user_id})


def made_for(house: House, text: str):
    from plugins.followups.models import FollowUp

    return house.session.scalars(select(FollowUp).where(FollowUp.made_for.contains(text))).all()


def test_a_a_finished_complaint_makes_a_call_once_and_is_linked(probes, customer):
    complaint = fed_back(probes, customer_id=customer.id)
    step(probes, complaint, "agent", "rate", outcome="satisfied")
    deliver(probes)
    deliver(probes)
    [made] = made_for(probes, f"complaint {complaint.id}")
    assert made.customer_id == customer.id
    assert (made.department_id, made.team_id) == (complaint.department_id, complaint.team_id)
    [linked] = links_of(probes.session, probes.actor("agent"), made)
    assert linked.summary.number == complaint.number


def test_b_a_nightly_job_plans_calls_a_week_after_the_delivery(probes, customer):
    from plugins.followups.services import after_delivery

    vehicle = create(probes.session, SYSTEM, Vehicle, {
        "customer_id": customer.id, "plate": "苏B12345",
        "bought_on": local_today() - dt.timedelta(days=7)})
    due = dt.datetime.combine(local_today(), dt.time(2), dt.UTC)
    for _ in range(2):
        with write(probes.session):
            after_delivery(probes.session, due, utcnow())
    assert len(made_for(probes, f"vehicle {vehicle.id} ")) == 1


def test_c_calls_of_nobody_are_shared_out_among_the_agents_by_load(probes, customer):
    from plugins.followups.models import FollowUp
    from plugins.followups.services import share

    place = {"department_id": customer.department_id, "team_id": probes.actor("agent").team_id}
    with write(probes.session):
        for one in probes.session.scalars(select(FollowUp)):
            probes.session.delete(one)
    for number in range(4):
        create(probes.session, SYSTEM, FollowUp, {
            "customer_id": customer.id, "reason": "x", "made_for": f"share {number}"},
            place=_place(**place))
    with write(probes.session):
        share(probes.session, utcnow(), utcnow())
    owners = [one.owner_id for one in made_for(probes, "share ")]
    assert None not in owners
    assert len(set(owners)) > 1, "the load of whoever got one counts for the next"
    assert probes.actor("supervisor").user_id not in owners


def _place(**values):
    from app.sdk.services import Place

    return Place(**values)


def test_d_the_script_stands_beside_the_form_and_both_are_saved_in_one(probes, planned):
    client = probes.client("agent")
    address = f"/followups/{planned.id}/call"
    page = client.get(address).text
    assert "Are you content" in page and "王小明" in page and 'name="score"' in page
    sent = {"csrf_token": token(client), "version": planned.version}
    refused = client.post(address, data={**sent, "score": "11"})
    assert refused.status_code == 422 and 'role="alert"' in refused.text
    probes.session.refresh(planned)
    assert planned.state == "planned" and planned.score is None
    stale = client.post(address, data={**sent, "version": 99, "score": "9"})
    assert stale.status_code == 422
    assert client.post(address, data={**sent, "score": "9"}).status_code == 302
    probes.session.rollback()
    probes.session.refresh(planned)
    assert (planned.state, planned.score) == ("finished", 9)
    assert re.search(rf"{planned.number}.*?<td[^>]*>\s*\+\s*</td>",
                     client.get("/followups/list/?all=1").text, re.DOTALL)


def test_a_call_is_planned_by_hand_and_tells_of_people_alone(probes, customer):
    client = probes.client("agent")
    form = client.get("/followups/add", headers={"Accept-Language": "en"}).text
    assert 'value="Satisfaction"' in form
    sent = {"csrf_token": token(client), "customer": customer.id, "reason": "by hand"}
    assert client.post("/followups/add", data=sent).status_code == 302
    [made] = [one for one in made_for(probes, "by hand") if one.customer_id == customer.id]
    assert probes.actor("agent").name in client.get(f"/followups/show/{made.id}").text


def test_what_a_call_was_about_leads_to_the_complaint_of_another_plugin(probes, customer, planned):
    complaint = fed_back(probes, customer_id=customer.id)
    agent = probes.actor("agent")
    recording = evidence(probes, planned, agent)
    update(probes.session, agent, planned, {
        "topics": ["manner", "answer"], "recording": recording, "complaint": complaint.number})
    page = probes.client("agent").get(f"/followups/show/{planned.id}").text
    assert re.search(rf'<a href="/complaints/show/{complaint.id}">{complaint.number}', page)
    with probes.app.test_request_context():
        words = TableWords(planned.__table__, current_host().record_type("followups.follow_up"))
        assert words.text("topics", planned.topics) == "The answer, How we spoke"


def test_e_a_complaint_is_opened_from_the_call_and_leads_back(probes, planned):
    client = probes.client("agent")
    address = f"/abilities/complaints.open?origin=followups.follow_up:{planned.id}"
    assert address in client.get(f"/followups/show/{planned.id}").text
    assert client.get(address).status_code == 200
    agent = probes.actor("agent")
    opened = call(probes.session, agent, "complaints.open",
                  {"customer_id": planned.customer_id, "reason": "客户不满意"}, origin=planned)
    [linked] = links_of(probes.session, agent, planned)
    assert linked.summary.number == opened.number


def test_f_figures_for_each_agent_and_day(probes, planned):
    from plugins.followups.services import METRIC, calls_by_day

    agent = probes.actor("agent")
    before = calls_by_day(probes.session, agent, 2)[local_today()].get(agent.user_id, 0)
    with pytest.raises(Invalid):
        act(probes.session, agent, planned, "finish", {})
    act(probes.session, agent, planned, "finish", {"score": 8})
    found = calls_by_day(probes.session, agent, 2)
    assert found[local_today()][agent.user_id] == before + 1
    today = Period(first=local_today(), last=local_today())
    figure = figures(probes.session, agent, [METRIC], today, person=agent.user_id)
    assert figure["followups.finished"].value == before + 1


# --- the bones of appraisals: (c) to (f) of the report --------------------------------------------
@pytest.fixture
def grading(probes):
    """A grading of last month of the agent, with its chain."""
    from plugins.gradings.models import Grading
    from plugins.gradings.services import open_month

    due = dt.datetime.combine(local_today().replace(day=1), dt.time(1), dt.UTC)
    with write(probes.session):
        open_month(probes.session, due, utcnow())
    agent = probes.actor("agent").user_id
    return probes.session.scalars(select(Grading).where(Grading.owner_id == agent)).one()


def user_named(house: House, user_id: int) -> str:
    from flask_appbuilder.security.sqla.models import User

    return house.session.get(User, user_id).username


def test_c_figures_of_other_plugins_lead_to_the_records_behind_them(probes, grading):
    client = probes.client("agent")
    found = client.get(f"/gradings/{grading.id}/figures").json
    assert {one["name"] for one in found} == {"followups.finished", "handovers.made"}
    assert [client.get(one["url"]).status_code for one in found] == [200, 200]


def test_d_it_is_signed_in_order_and_printed_with_its_signatures(probes, grading):
    from plugins.gradings.services import signers

    chain = signers(probes.session, grading)
    assert len(chain) >= 2 and chain[0].user_id == grading.owner_id
    people = [probes.actor(user_named(probes, one.user_id)) for one in chain]
    with pytest.raises(Rejected, match="not your turn"):
        act(probes.session, people[1], grading, "sign",
            {"signature": evidence(probes, grading, people[1])})
    for person in people:
        with pytest.raises(Invalid, match="signature"):
            act(probes.session, person, grading, "sign")
        act(probes.session, person, grading, "sign",
            {"signature": evidence(probes, grading, person)})
    act(probes.session, probes.actor("hr"), grading, "close")
    assert grading.state == "closed"
    paper = probes.client("agent").get(f"/gradings/{grading.id}/grading.pdf")
    assert paper.status_code == 200 and paper.data.startswith(b"%PDF")


def test_e_only_the_person_the_chain_and_hr_see_it(probes, grading):
    from plugins.gradings.services import signers

    readers = {user_named(probes, one.user_id) for one in signers(probes.session, grading)}
    for username in (*readers, "hr"):
        page = probes.client(username).get(f"/gradings/show/{grading.id}")
        assert page.status_code == 200, username
    for stranger in {"zhangjing", "admin", "yangfan"} - readers:
        page = probes.client(stranger).get(f"/gradings/show/{grading.id}")
        assert page.status_code in (403, 404) or grading.number not in page.text, stranger


def test_f_the_month_is_opened_once(probes, grading):
    from plugins.gradings.models import Grading
    from plugins.gradings.services import open_month

    page = probes.client("agent").get("/gradings/list/").text
    assert re.search(r"\b[0-9]/[0-9]\b", page), "the column of signatures"
    before = len(probes.session.scalars(select(Grading)).all())
    due = dt.datetime.combine(local_today().replace(day=1), dt.time(1), dt.UTC)
    with write(probes.session):
        open_month(probes.session, due, utcnow())
    assert len(probes.session.scalars(select(Grading)).all()) == before > 1
