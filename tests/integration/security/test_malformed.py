"""Nothing that a request can hold makes the server fail: 4xx with a sentence, never 5xx."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.integration.security.town import Client, Town

VALUES = ("²", "9" * 20, "9" * 5000, "-1", "\x00", "TS-\x00", "1" * 30, "'\"<b>", "2147483648")
PLACES = (
    "/complaints/show/{}", "/complaints/edit/{}", "/complaints/files/{own}/{}", "/jobs/{}",
    "/jobs/{}/file", "/imports/runs/{}", "/complaints/extend/{own}/{}", "/api/v1/complaints/{}",
    "/api/v1/pick/{}", "/fields/{}", "/deadlines/calendars/{}", "/imports/{}/",
    "/complaints/panel/{own}/{}", "/complaints/related/{own}/{}", "/search/?q={}",
    "/palette/records?q={}", "/palette/recent?path=/complaints/show/{}", "/complaints/list/?q={}",
    "/complaints/list/?state__in={}", "/complaints/list/?customer__in={}",
    "/complaints/list/?sort={}", "/complaints/list/?size={}", "/complaints/list/?after={}",
    "/complaints/list/?view={}", "/complaints/list/?mode=calendar&day={}",
    "/complaints/list/?received_at__on={}", "/complaints/options/customer?q={}",
    "/complaints/people/{own}?q={}", "/notices/?before={}", "/audit/?number={}",
    "/audit/?before={}", "/complaints/add?contact={}", "/complaints/add?customer={}",
    "/complaints/step/{own}/next?list=q%3D{}", "/complaints/views/form?id={}",
    "/complaints/bin/?q={}", "/jobs/?state={}", "/api/v1/complaints/?q={}",
    "/api/v1/complaints/?search={}", "/api/v1/complaints/?columns={}",
    "/loans/list/?principal__at_least={}", "/loans/list/?term_months__is={}", "/login/?next={}",
)
JSON_BODIES = (
    [], 1, "x", None, {}, {"channel": []}, {"channel": {"id": []}}, {"reply_way": []},
    {"reply_way": {}}, {"rule_book": []}, {"received_at": 5},
    {"received_at": "9999-12-31T23:59:59+00:00"}, {"received_at": "0001-01-01T00:00:00-10:00"},
    {"reason": {"a": 1}}, {"customer_name": "\x00"}, {"x_y": 1}, {"state": "approved"},
    {"version": "x"}, {"version": 10**30}, {"cause_id": [1, {}], "severity": {}},
)
JUNK = ("\x00", "²", "9" * 30, "-1", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "1e400",
        "NaN", "99999999999", "1e14", "x" * 25_000)


def fields(both: Town, rule: str) -> list[str]:
    """Return the columns of the form behind an address."""
    for view in both.app.appbuilder.baseviews:
        if getattr(view, "route_base", None) == rule.removesuffix("/add"):
            return list(view.screen.declared.add_columns)
    raise LookupError(rule)


def test_addresses(both):
    admin, own = both.client("admin"), both.own[Complaint]
    failed = []
    for place in PLACES:
        for value in VALUES:
            path = place.replace("{own}", str(own)).format(quote(value))
            if admin.get(path, buffered=True).status_code >= 500:
                failed.append(path[:120])
    for given in ("a&" * 900, "a=1&" * 400):
        path = f"/complaints/step/{own}/next?list={quote(given)}"
        if admin.get(path).status_code >= 500:
            failed.append(path[:60])
    assert failed == []


def test_keys_in_posted_addresses_and_versions(both):
    agent, own = both.client("agent"), both.own[Complaint]
    for place in ("/notices/open/{}", "/notices/announcements/{}/dismiss", "/jobs/{}/cancel",
                  f"/complaints/extension/{own}/{{}}", "/imports/runs/{}/start"):
        for value in ("9" * 20, "2147483648"):
            answer = agent.send(place.format(value), {"decision": "approve", "mode": "good"})
            assert answer.status_code in (403, 404), (place, answer.status_code)
    for version in VALUES:
        data = {"version": version, "text": ""}
        for path in (f"/complaints/act/{own}/tell_progress", f"/complaints/delete/{own}",
                     f"/complaints/move/{own}/approved"):
            assert agent.send(path, data).status_code < 500, (path, version[:9])


def test_json(both):
    admin, own = both.client("admin"), both.own[Complaint]
    headers = {"X-CSRFToken": admin.token}
    calls = (("POST", "/api/v1/complaints/"), ("PUT", f"/api/v1/complaints/{own}"),
             ("POST", f"/api/v1/complaints/{own}/actions/assess"),
             ("POST", "/api/v1/security/login"), ("POST", "/api/v1/security/refresh"))
    for method, path in calls:
        for body in JSON_BODIES:
            full = body
            if isinstance(body, dict) and "/security/" not in path:
                full = {"channel": 1, "reason": "r", "demand": "d", "version": 1, **body} if (
                    method == "POST") else {"version": 1, **body}
            answer = admin.open(path, method=method, json=full, headers=headers)
            assert answer.status_code < 500, (method, path, body, answer.text[:200])
        for raw in (b"{", b"\xff\xfe", b"[" * 5000, b"9" * 10_000, b'{"a":"' + b"x" * 10**7):
            answer = admin.open(path, method=method, data=raw, headers=headers,
                                content_type="application/json")
            assert answer.status_code < 500, (method, path, raw[:9])


def test_every_form_takes_rubbish(both):
    admin = both.client("admin")
    rules = [rule.rule for rule in both.app.url_map.iter_rules()
             if rule.endpoint.endswith(".add") and rule.rule.endswith("/add")]
    assert len(rules) > 10
    for rule in rules:
        for junk in JUNK:
            answer = admin.send(rule, dict.fromkeys(fields(both, rule), junk))
            assert answer.status_code < 500, (rule, junk[:20])
        # What was taken can be shown.
        base = rule.removesuffix("add")
        for page in ("list/?all=1", "list/?mode=calendar&day=8900-12-31", "bin/", "keys",
                     "export/xlsx?all=1"):
            assert admin.get(base + page, buffered=True).status_code < 500, base + page


def test_far_times_are_refused_where_they_would_break_pages(both):
    agent = both.client("agent")
    for text in ("9999-12-31T23:59", "0001-01-01T00:00"):
        answer = agent.send("/complaints/add", {
            "contact": "138", "reason": "x", "demand": "y", "channel": "1",
            "customer_name": "z", "received_at": text,
        })
        assert answer.status_code == 422
    assert agent.get("/complaints/list/?all=1").status_code == 200


@pytest.fixture
def fresh(both):
    """A complaint of the agent's that nobody has touched."""
    with both.house() as house:
        return registered(house, "agent").id


def assess(client: Client, key: int, **values: str) -> int:
    return client.send(f"/complaints/act/{key}/assess", {
        "severity": "minor", "urgency": "low", "cause_analysis": "x", **values,
    }).status_code


def test_transitions_refuse_what_is_not_there(both, fresh):
    agent, supervisor = both.client("agent"), both.client("supervisor")
    for key in ("99999", "99999999999", "2147483648"):
        assert assess(agent, fresh, cause_id=key) == 422
    assert assess(agent, fresh) == 302
    for department, person in (("6", "999999"), ("999999", "1"), ("6", "99999999999")):
        answer = supervisor.send(f"/complaints/act/{fresh}/assign", {
            "responsible_department_id": department, "handler_id": person,
            "liability": "department",
        })
        assert answer.status_code == 422, (department, person)


def test_values_that_are_taken_are_told(both):
    admin = both.client("admin")
    role = {"name": "agent", "scope": "1"}
    assert admin.send("/roles/add", role).status_code == 422
    assert admin.send("/roles/add", {**role, "name": " \x00 "}).status_code == 422
    for values in ({"username": "agent", "email": "new@example.com"},
                   {"username": "agent9", "email": "agent@demo.invalid"}):
        answer = admin.send("/users/add", {**values, "first_name": "x", "roles": ""})
        assert answer.status_code == 422, values


def test_a_registration_by_somebody_who_may_not_record_waits(both):
    """An administrator may register; the next step is the staff's."""
    answer = both.client("admin").send("/complaints/add", {
        "contact": "138", "reason": "x", "demand": "y", "channel": "1", "customer_name": "z",
    })
    assert answer.status_code == 302
    with both.house() as house:
        newest = house.session.scalar(select(Complaint).order_by(Complaint.id.desc()).limit(1))
        assert newest.state == "received"


def test_bulk_change_of_custom_fields_and_its_undo(both, fresh):
    admin, agent = both.client("admin"), both.client("agent")
    admin.send("/fields/complaints.complaint/new",
               {"label": "<b>Colour", "kind": "choice", "name": "colour", "choices": "red = Red"})
    with both.house() as house:
        version = house.session.get(Complaint, fresh).version
    data = {"row": f"0{fresh}", "column": "x_colour", "x_colour": "red"}
    assert agent.send("/complaints/bulk/edit", {**data, "step": "preview"}).status_code == 200
    sent = {**data, "step": "confirmed", f"version-{fresh}": str(version)}
    assert agent.send("/complaints/bulk/edit", sent).status_code == 302
    with both.house() as house:
        assert house.session.get(Complaint, fresh).extra == {"colour": "red"}
        entry = house.session.scalar(
            select(AuditEntry).where(
                AuditEntry.record_type == Complaint.__record_type__,
                AuditEntry.record_id == fresh, AuditEntry.action == "change")
        )
        together = entry.change_set
    assert agent.send("/complaints/undo", {"set": together}).status_code == 302
    with both.house() as house:
        assert house.session.get(Complaint, fresh).extra == {}


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
) + "record_type: *a11\nfields: []\n"


@pytest.mark.parametrize("text", [
    "record_type: complaints.complaint\nfields:\n- {name: a, kind: [x]}\n", BOMB, "[" * 5000,
    "!!python/object/apply:os.system ['id']", "fields: " + "9" * 6000, "fields: 2026-99-99",
    "record_type: complaints.complaint\nfields:\n- {name: 'x y', kind: text, label: x}\n",
    "a: \x00", "\ud7ff",
])
def test_files_of_fields_are_refused(town, text):
    admin = town.client("admin")
    answer = admin.post("/fields/complaints.complaint/import", data={
        "csrf_token": admin.token, "file": (io.BytesIO(text.encode()), "f.yaml"),
    })
    assert answer.status_code == 302
    assert "Fields:" not in admin.get(answer.location).text


def test_what_people_keep_for_themselves(both):
    agent = both.client("agent")
    for path, data, codes in (
        ("/complaints/views/save", {"title": "\x00"}, (422,)),
        ("/complaints/views/save", {"title": "x", "id": both.others["view"]}, (404,)),
        ("/complaints/views/delete", {"id": "9" * 9}, (404,)),
        ("/complaints/views/default", {"id": "\x00"}, (404,)),
        ("/complaints/columns", {"column": "\x00", "view": "\x00"}, (302,)),
        ("/complaints/columns/widths", {"number": "²", "subject": "9" * 9}, (204,)),
        ("/complaints/draft/", {"reason": "x" * 200_000}, (413,)),
        ("/complaints/draft/", {"rea\x00son": "x\x00"}, (204,)),
        ("/home/arrange", {"card": "\x00", "order": "\x00"}, (302,)),
        ("/notices/choices", {"product": "\x00"}, (302,)),
        ("/complaints/add", {"reason": "x" * 10_000_000}, (413, 422)),
        ("/complaints/add", {f"a{n}": "1" for n in range(5000)}, (413, 422)),
    ):
        assert agent.send(path, data).status_code in codes, (path, str(data)[:60])
    assert agent.get("/complaints/draft/").status_code == 200
