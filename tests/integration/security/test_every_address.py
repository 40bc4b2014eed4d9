"""Every address of the product, called by everybody, with keys of what they must not see."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from plugins.complaints.models import Complaint
from tests.integration.security.town import SECRET, Client, Town, writes
from tests.services.choosing import further

# Who sees nothing of the administrator's department; customers are shared by those who may list.
pytestmark = pytest.mark.long

STRANGERS = ("", "agent", further("supervisor"), further("leader"), further("hr"))
_SHARED = ("/customers/", "/vehicles/", "/loans/", "/search/", "/palette/", "/api/v1/pick/record",
           "/api/v1/customers/", "/api/v1/loans/", "/verifications/options/customer",
           "/complaints/options/customer", "/customer-events/options/customer",
           "/consents/options/customer", "/do-not-contact/options/customer",
           "/contacts/options/customer", "/change-requests/options/customer",
           "/erasure-requests/options/customer",
           "/customer-duplicates/", "/callbacks/options/customer",
           "/callbacks/corrections/options/customer", "/callbacks/silences/options/customer",
           "/callbacks/unreachable/lines/options/customer",
           "/enquiries/options/customer", "/enquiries/repairs/options/customer",
           "/enquiries/suggestions/options/customer", "/enquiries/messages/options/customer",
           "/loan-applications/options/customer", "/investments/options/customer",
           "/appraisals/referrals/options/customer", "/work/group-care/options/customer")
_VALUES = {
    "kind": ["csv"], "axis": ["month"], "other": ["severity"], "asked": ["x"],
    "filename": ["js/main.js"], "token": ["0" * 32], "value": ["approved"],
    "way": ["next"], "record_type": ["complaints.complaint"],
    "what": ["person", "record/complaints.complaint", "record/customers.customer"],
    "path": ["x"], "column": ["customer", "subject", "owner"],
}


def _view_of(app: Any, rule: Rule) -> Any:
    name = rule.endpoint.partition(".")[0]
    return next((view for view in app.appbuilder.baseviews if view.endpoint == name), None)


def _names(town: Town, rule: Rule) -> list[str]:
    if rule.endpoint.endswith((".action_page", ".act")):
        return ["take", "assess"] if "omplaint" in rule.endpoint else ["x"]
    if rule.endpoint.endswith(".fact"):
        return ["reason", "name"]
    if rule.endpoint.startswith("Imports"):
        return ["complaints.complaints"]
    if rule.endpoint.startswith("Plugins"):
        return ["complaints"]
    return ["x", "ComplaintView"]


def addresses(town: Town, rule: Rule) -> Iterator[str]:
    """Yield the addresses of a rule with keys of foreign things filled in."""
    model = getattr(getattr(_view_of(town.app, rule), "datamodel", None), "obj", None)
    known = {
        **_VALUES,
        "pk": [str(town.foreign.get(model) or town.own.get(model) or 1)],
        "name": _names(town, rule),
        "file_id": [str(town.file_id)], "job_id": [str(town.others["job"])],
        "notice_id": [str(town.others["notice"])], "clock_id": [str(town.others["clock"])],
        "request_id": ["1"], "announcement_id": ["1"],
    }
    arguments = sorted(rule.arguments)
    for values in itertools.product(*(known.get(name, ["1"]) for name in arguments)):
        chosen = dict(zip(arguments, values, strict=True))
        yield re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda m, c=chosen: c[m.group(1)], rule.rule)


def _body(town: Town) -> dict[str, Any]:
    key = str(town.foreign[Complaint])
    return {
        "id": town.others["view"], "row": key, "column": "reason", "reason": "changed",
        "action": "take", "confirmed": "1", "step": "confirmed", f"version-{key}": "1",
        "version": "1", "text": "hello", "title": "mine", "following": "1", "mode": "good",
        "severity": "minor", "urgency": "low", "cause_analysis": "x", "decision": "approve",
        "amount": "1", "up_to": "0", "set": "x", "merged_into_id": key,
    }


def _written(answer: Any) -> str:
    """Return the text of an answer; images, paper and workbooks have none that is read here."""
    try:
        return answer.text
    except UnicodeDecodeError:
        assert not answer.mimetype.startswith("text/"), answer.mimetype
        return ""


def _leaks(username: str, path: str, text: str) -> bool:
    if SECRET not in text:
        return False
    may_list_customers = username not in ("", "hr")
    allowed = may_list_customers and path.startswith(_SHARED)
    return not allowed or bool(re.search(f"{SECRET} (?!customer)", text))


@pytest.mark.parametrize("username", STRANGERS)
def test_nobody_gets_or_changes_what_is_not_theirs(town, username):
    client = town.client(username)
    wrong: list[str] = []
    tried = 0
    for rule in town.app.url_map.iter_rules():
        if rule.endpoint in ("SignInView.logout", "AccountView.language", "SignInView.login",
                             "PasswordView.change"):
            continue
        for path in addresses(town, rule):
            for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"}):
                tried += 1
                wrong += _attempt(town, client, username, method, path)
    assert tried > 500
    assert wrong == [], "\n".join(wrong)


def _attempt(town: Town, client: Client, username: str, method: str, path: str) -> list[str]:
    what = f"{username or 'nobody'}: {method} {path}"
    with writes(town.app) as changed:
        if method == "GET":
            answer = client.get(path, buffered=True)
        elif path.startswith("/api/"):
            answer = client.open(path, method=method, json={"reason": "changed", "version": 1},
                                 headers={"X-CSRFToken": client.token}, buffered=True)
        else:
            answer = client.send(path, _body(town), buffered=True)
    found = []
    if answer.status_code >= 500:
        found.append(f"{what}: {answer.status_code}")
    if _leaks(username, path, _written(answer)):
        found.append(f"{what}: leaks")
    if method == "GET" and changed:
        found.append(f"{what}: a GET changes {changed[0][:60]}")
    if not username and (changed or answer.status_code == 200) and not path.startswith(
        ("/assets/", "/healthz", "/readyz", "/favicon", "/login/")
    ):
        found.append(f"{what}: {answer.status_code} for nobody")
    return found


def test_what_was_attacked_is_as_it_was(town):
    with town.house() as house:
        record = house.session.get(Complaint, town.foreign[Complaint])
        assert (record.state, record.reason, record.deleted_at) == (
            "recorded", f"{SECRET} reason", None
        )
        assert record.owner_id == house.actor("linna").user_id
