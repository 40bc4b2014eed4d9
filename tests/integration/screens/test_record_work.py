"""Work on the record page: naming colleagues, following, who looks, single facts, the bin."""

from __future__ import annotations

import datetime as dt
import io
import re
import zoneinfo

import pytest
from flask_appbuilder.security.sqla.models import User

from app.access.models import AuditEntry
from app.database import db, utcnow, write
from app.records.comments import mentioned, people_who_see
from app.records.followers import followers, forget_absent
from app.records.models import Comment, Presence
from app.screens.models import Draft
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def case(app) -> int:
    with app.app_context():
        return add_cases(1, subject="手续费争议", story="old")[0]


def user(app, name: str) -> int:
    with app.app_context():
        return db.session.query(User.id).filter_by(username=name).scalar()


def read(app, key: int) -> Case:
    with app.app_context():
        return db.session.get(Case, key)


PARTIAL = {"HX-Request": "true"}


# --- who sees what -------------------------------------------------------------------------------
@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/sample/cases/people/{}"), ("POST", "/sample/cases/follow/{}"),
    ("POST", "/sample/cases/presence/{}"), ("GET", "/sample/cases/fact/{}/subject"),
    ("POST", "/sample/cases/fact/{}/subject"), ("GET", "/sample/cases/draft/{}"),
    ("POST", "/sample/cases/draft/{}"), ("GET", "/sample/cases/timeline/{}?skip=0"),
])
def test_a_foreign_record_is_not_there(browser, case, method, path):
    other = browser("other")
    address = path.format(case)
    answer = other.send(address) if method == "POST" else other.get(address)
    assert answer.status_code == 404
    assert browser("").get(address).status_code in (302, 401, 405)


@pytest.mark.parametrize("path", [
    "/sample/cases/fact/{}/subject", "/sample/cases/draft/{}", "/sample/cases/people/{}",
    "/sample/cases/bin/",
])
def test_reading_alone_gives_no_way_to_change(browser, case, path):
    assert browser("reader").get(path.format(case)).status_code == 403


# --- mentions, following, presence ---------------------------------------------------------------
def test_only_people_who_may_see_the_record_are_offered_and_named(browser, app, case):
    agent = browser("agent")
    names = [one["name"] for one in agent.get(f"/sample/cases/people/{case}").json["people"]]
    assert "陈志远" in names and "周敏" in names and "刘洋" not in names
    found = agent.get(f"/sample/cases/people/{case}?q=志远").json["people"]
    assert [one["name"] for one in found] == ["陈志远"]
    outsider, supervisor = user(app, "other"), user(app, "supervisor")
    agent.send(f"/sample/cases/comment/{case}", {
        "text": "请 @陈志远 看 <b>", "mention": [str(supervisor), str(outsider), "x", "999999"]})
    with app.app_context():
        note = db.session.query(Comment).one()
        assert mentioned(db.session, note.id) == [supervisor]
    page = agent.get(f"/sample/cases/show/{case}").text
    assert '<span class="mention">@陈志远</span>' in page and "看 &lt;b&gt;" in page


def test_following_is_ones_own_decision_and_owners_follow_by_themselves(browser, app, case):
    agent, supervisor = browser("agent"), browser("supervisor")
    me, chief = user(app, "agent"), user(app, "supervisor")
    with app.app_context():
        assert followers(db.session, db.session.get(Case, case)) == {me}
    part = supervisor.send(f"/sample/cases/follow/{case}", {"following": "1"}, headers=PARTIAL)
    assert 'aria-pressed="true"' in part.text
    agent.send(f"/sample/cases/follow/{case}", {"following": "0"})
    with app.app_context():
        assert followers(db.session, db.session.get(Case, case)) == {chief}
    assert 'aria-pressed="false"' in agent.send(f"/sample/cases/presence/{case}").text


def test_one_sees_who_else_looks_and_who_changes(browser, case):
    agent, supervisor = browser("agent"), browser("supervisor")
    assert "李晓雯" not in agent.send(f"/sample/cases/presence/{case}").text
    for _ in range(2):
        supervisor.send(f"/sample/cases/presence/{case}", {"editing": "1"})
    assert "陈志远 is changing this" in agent.send(f"/sample/cases/presence/{case}").text
    assert "李晓雯" in supervisor.send(f"/sample/cases/presence/{case}").text


def test_looking_again_reads_once_and_writes_nothing(browser, app, case, statements):
    agent = browser("agent")
    agent.send(f"/sample/cases/presence/{case}")
    statements.clear()
    agent.send(f"/sample/cases/presence/{case}")
    assert [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert len([one for one in statements if "records_presence" in one]) == 1
    statements.clear()
    agent.send(f"/sample/cases/presence/{case}", {"editing": "1"})
    written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 1 and "records_presence" in written[0]


def test_who_has_left_is_forgotten(browser, app, case):
    browser("supervisor").send(f"/sample/cases/presence/{case}")
    with app.app_context():
        assert forget_absent(db.session, utcnow()) == 0
        with write(db.session):
            db.session.query(Presence).update({"seen_at": utcnow() - dt.timedelta(minutes=2)})
    assert "陈志远" not in browser("agent").send(f"/sample/cases/presence/{case}").text
    with app.app_context():
        assert forget_absent(db.session, utcnow()) == 1


def test_people_for_a_mention_cost_three_statements(browser, app, case, statements):
    with app.app_context():
        record = db.session.get(Case, case)
        statements.clear()
        found = people_who_see(db.session, record, "", "sample.Case")
        assert len(statements) == 3, statements
    assert "刘洋" not in [name for _, name, _ in found] and len(found) >= 2


# --- a single fact -------------------------------------------------------------------------------
def test_a_single_fact_is_changed_and_nothing_else(browser, app, case):
    agent = browser("agent")
    assert f'hx-get="/sample/cases/fact/{case}/story"' in agent.get(
        f"/sample/cases/show/{case}").text
    part = agent.get(f"/sample/cases/fact/{case}/story", headers=PARTIAL).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', part).group(1)
    answer = agent.send(f"/sample/cases/fact/{case}/story",
                        {"version": version, "story": "new", "subject": "slipped in"},
                        headers=PARTIAL)
    assert answer.headers["HX-Redirect"].endswith(f"/show/{case}")
    assert (read(app, case).story, read(app, case).subject) == ("new", "手续费争议")
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="change").one().changes == {
            "story": ["old", "new"]}


def test_a_stale_fact_shows_both_and_can_be_put_through(browser, app, case):
    agent, address = browser("agent"), f"/sample/cases/fact/{case}/story"
    version = read(app, case).version
    browser("supervisor").send(address, {"version": version, "story": "theirs"})
    answer = agent.send(address, {"version": version, "story": "mine"}, headers=PARTIAL)
    assert answer.status_code == 409
    assert "theirs" in answer.text and "mine" in answer.text and "Use mine" in answer.text
    assert read(app, case).story == "theirs"
    newer = re.search(r'name="version"[^>]*value="(\d+)"', answer.text).group(1)
    agent.send(address, {"version": newer, "story": "mine"})
    assert read(app, case).story == "mine"


def test_a_fact_is_checked_like_the_form(browser, app, case):
    agent, version = browser("agent"), read(app, case).version
    empty = agent.send(f"/sample/cases/fact/{case}/subject", {"version": version, "subject": ""})
    assert empty.status_code == 422 and read(app, case).subject == "手续费争议"
    for name in ("state", "number", "nothing", "deleted_at"):
        assert agent.get(f"/sample/cases/fact/{case}/{name}").status_code == 404
    assert agent.send(f"/sample/cases/fact/{case}/subject", {"subject": "x"}).status_code == 400


# --- recycle bin ---------------------------------------------------------------------------------
def test_a_deleted_record_is_offered_back_and_lies_in_the_bin(browser, app, case):
    supervisor = browser("supervisor")
    answer = supervisor.send(f"/sample/cases/delete/{case}",
                             {"version": read(app, case).version}, follow_redirects=True)
    assert f'action="/sample/cases/restore/{case}"' in answer.text and "Undo" in answer.text
    assert "手续费争议" in supervisor.get("/sample/cases/bin/").text
    assert "手续费争议" not in supervisor.get("/sample/cases/bin/?q=nothing").text
    assert "手续费争议" not in browser("other").get("/sample/cases/bin/").text
    assert browser("other").send(f"/sample/cases/restore/{case}").status_code == 404
    assert browser("reader").send(f"/sample/cases/restore/{case}").status_code == 403
    assert supervisor.get(f"/sample/cases/restore/{case}").status_code == 405
    supervisor.send(f"/sample/cases/restore/{case}")
    assert read(app, case).deleted_at is None
    assert "手续费争议" in supervisor.get("/sample/cases/list/?q=手续费").text
    assert supervisor.send(f"/sample/cases/restore/{case}").status_code == 404
    assert supervisor.get("/sample/kinds/bin/").status_code == 404


# --- drafts --------------------------------------------------------------------------------------
def test_a_draft_is_kept_for_its_writer_until_it_is_saved(browser, app, case):
    agent, supervisor = browser("agent"), browser("supervisor")
    for text in ("half", "half a story"):
        assert agent.send(f"/sample/cases/draft/{case}",
                          {"story": text, "version": "1"}).status_code == 204
    held = agent.get(f"/sample/cases/draft/{case}").json
    assert held["values"] == {"story": ["half a story"], "version": ["1"]} and held["at"]
    assert supervisor.get(f"/sample/cases/draft/{case}").json["values"] is None
    agent.send(f"/sample/cases/edit/{case}", {"version": read(app, case).version, "story": "done"})
    assert agent.get(f"/sample/cases/draft/{case}").json["values"] is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_draft_tells_its_time_in_the_zone_of_the_house(browser, case):
    agent = browser("agent")
    agent.send(f"/sample/cases/draft/{case}", {"subject": "half"})
    held = agent.get(f"/sample/cases/draft/{case}").json
    local = dt.datetime.fromisoformat(held["at"]).astimezone(zoneinfo.ZoneInfo("Asia/Shanghai"))
    assert f"{local:%H:%M}" in held["shown"]


def test_a_draft_of_a_new_record_can_be_thrown_away(browser, app):
    agent = browser("agent")
    agent.send("/sample/cases/draft/", {"subject": "half"})
    assert agent.get("/sample/cases/draft/").json["values"] == {"subject": ["half"]}
    agent.send("/sample/cases/draft/", {"discard": "1"})
    assert agent.get("/sample/cases/draft/").json["values"] is None
    agent.send("/sample/cases/draft/", {"subject": "half"})
    agent.send("/sample/cases/add", {"subject": "whole"})
    with app.app_context():
        assert db.session.query(Draft).count() == 0
    assert agent.send("/sample/cases/draft/", {"story": "x" * 200_000}).status_code == 413


# --- conditional fields --------------------------------------------------------------------------
def test_a_field_is_asked_and_written_only_when_its_condition_holds(browser, app):
    agent = browser("agent")
    form = agent.get("/sample/cases/add").text
    assert "data-visible-when=" in form and "&#34;urgent&#34;" in form
    agent.send("/sample/cases/add", {"subject": "calm", "urgent": "", "promised_on": "2026-11-30"})
    agent.send("/sample/cases/add", {"subject": "hot", "urgent": "y", "promised_on": "2026-11-30"})
    with app.app_context():
        days = dict(db.session.query(Case.subject, Case.promised_on).all())
    assert days["calm"] is None and str(days["hot"]) == "2026-11-30"
    # A hidden field is not checked either.
    assert agent.send("/sample/cases/add", {
        "subject": "calm", "urgent": "", "promised_on": "never"}).status_code == 302
    assert agent.send("/sample/cases/add", {
        "subject": "hot", "urgent": "y", "promised_on": "never"}).status_code == 422


def test_files_come_back_as_a_timeline_that_knows_what_can_be_shown(browser, case):
    agent = browser("agent")
    part = agent.send(f"/sample/cases/files/{case}", {"files": (io.BytesIO(PNG), "a.png")},
                      headers=PARTIAL)
    assert part.status_code == 200 and 'data-file-preview="image"' in part.text


def two_files(*names: str) -> dict[str, list[tuple[io.BytesIO, str]]]:
    """Return a form with files that all hold plain words, whatever they are called."""
    return {"files": [(io.BytesIO(b"words"), name) for name in names]}


def test_of_files_sent_together_it_is_told_which_were_taken(browser, case):
    agent, address = browser("agent"), f"/sample/cases/files/{case}"
    part = agent.send(address, two_files("good.txt", "evil.png"), headers=PARTIAL)
    assert part.status_code == 200
    outcome, _, entries = part.text.partition("</form>\n<div class=\"alert")[2].partition("<li ")
    assert "Added: good.txt" in outcome and "evil.png: " in outcome
    assert "good.txt" in entries and "evil.png" not in entries
    assert agent.send(address, two_files("evil.png"), headers=PARTIAL).status_code == 422
    page = agent.send(address, two_files("fine.txt", "bad.png"), follow_redirects=True).text
    assert "Added: fine.txt" in page and "bad.png: " in page


def test_a_script_is_told_the_keys_of_the_files_that_it_has_sent(browser, case):
    agent, address = browser("agent"), f"/sample/cases/files/{case}"
    asked = {"headers": {"Accept": "application/json"}}
    answer = agent.send(address, two_files("good.txt", "evil.png"), **asked)
    [file] = answer.json["files"]
    assert file["name"] == "good.txt" and answer.json["refused"][0].startswith("evil.png: ")
    assert agent.get(f"{address}/{file['id']}").data == b"words"
    refused = agent.send(address, two_files("evil.png"), **asked)
    assert refused.status_code == 422 and refused.json["message"].startswith("evil.png: ")


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_refused(browser, app, case):
    agent, address = browser("agent"), f"/sample/cases/files/{case}"
    most = app.config["CARELINE_SETTINGS"].upload_megabytes * 1024 * 1024
    taken = agent.send(address, {"files": (io.BytesIO(b"x" * most), "full.txt")}, headers=PARTIAL)
    assert taken.status_code == 200 and "full.txt" in taken.text
    more = io.BytesIO(b"x" * (most + 1))
    refused = agent.send(address, {"files": (more, "more.txt")}, headers=PARTIAL)
    assert refused.status_code == 422
    assert "more.txt: The file is larger than 25 MB." in refused.text


@pytest.mark.parametrize(("name", "content", "is_shut_in"), [
    ("a.png", PNG, True), ("a.pdf", b"%PDF-1.4\n<script>alert(1)</script>", False),
    ("a.txt", b"<script>alert(1)</script>", True),
])
def test_a_file_runs_nothing_and_is_framed_by_the_house_alone(
    browser, case, name, content, is_shut_in
):
    agent = browser("agent")
    part = agent.send(f"/sample/cases/files/{case}", {"files": (io.BytesIO(content), name)},
                      headers=PARTIAL).text
    headers = agent.get(re.search(r'href="(/sample/cases/files/[^"]+)"', part).group(1)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    # A browser shows no PDF in a sandbox; its type is fixed instead.
    assert ("sandbox" in policy) is is_shut_in
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Disposition"].startswith("attachment") is (name == "a.txt")
