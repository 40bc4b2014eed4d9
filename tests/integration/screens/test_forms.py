"""Forms: what is sent is checked and saved, what is not sent is not touched."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlencode, urlsplit

from app.database import db, write
from app.screens.forms import submissions
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case, Kind, Note


def add_kind(app, name: str = "贷款咨询") -> int:
    with app.app_context(), write(db.session):
        kind = Kind(name=name)
        db.session.add(kind)
        db.session.flush()
        return kind.id


def read(app, key: int) -> Case:
    with app.app_context():
        return db.session.get(Case, key)


def test_create_sets_number_owner_and_types(browser, app):
    kind = add_kind(app)
    agent = browser("agent")
    answer = agent.send("/sample/cases/add", {
        "subject": " 提前还款 ", "kind": str(kind), "amount": "12.50", "visits": "3", "urgent": "y",
        "received_at": "2026-11-22T14:05", "promised_on": "2026-11-30", "story": "多行\n文字",
    })
    assert answer.status_code == 302
    case = read(app, int(answer.location.rpartition("/")[2]))
    assert re.fullmatch(r"SC-2\d{3}-000001", case.number)
    assert (case.subject, case.kind_id, case.visits, case.urgent) == ("提前还款", kind, 3, True)
    assert str(case.amount) == "12.50"
    assert case.received_at == dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)
    assert case.promised_on == dt.date(2026, 11, 30)
    assert case.department_id is not None and case.team_id is not None


def test_errors_stand_at_the_field_and_in_a_summary(browser, app):
    answer = browser("agent").send("/sample/cases/add", {"subject": "", "visits": "many"})
    assert answer.status_code == 422
    assert 'href="#subject"' in answer.text and 'href="#visits"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    with app.app_context():
        assert db.session.query(Case).count() == 0


def test_a_change_leaves_alone_what_is_not_sent(browser, app):
    with app.app_context():
        (key,) = add_cases(1, story="stays", urgent=True, amount="7.00")
    case = read(app, key)
    agent = browser("agent")
    answer = agent.send(f"/sample/cases/edit/{key}", {"version": case.version, "subject": "new"})
    assert answer.status_code == 302
    changed = read(app, key)
    assert (changed.subject, changed.story, changed.urgent) == ("new", "stays", True)
    assert str(changed.amount) == "7.00" and changed.visits == case.visits


def test_a_box_that_is_sent_unticked_is_cleared(browser, app):
    with app.app_context():
        (key,) = add_cases(1, urgent=True)
    version = read(app, key).version
    browser("agent").send(f"/sample/cases/edit/{key}", {"version": version, "urgent": ""})
    assert read(app, key).urgent is False


def test_protected_columns_cannot_be_slipped_in(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    case = read(app, key)
    browser("agent").send(f"/sample/cases/edit/{key}", {
        "version": case.version, "subject": "x", "state": "done", "number": "SC-1", "team_id": "99",
    })
    changed = read(app, key)
    assert (changed.state, changed.number, changed.team_id) == (
        case.state, case.number, case.team_id
    )


def test_a_stale_form_shows_both_versions_and_overwrites_nothing(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    version = read(app, key).version
    browser("supervisor").send(
        f"/sample/cases/edit/{key}", {"version": version, "subject": "theirs", "story": "kept"}
    )
    agent = browser("agent")
    answer = agent.send(
        f"/sample/cases/edit/{key}", {"version": version, "subject": "mine", "phone": "139"}
    )
    assert answer.status_code == 409
    assert "theirs" in answer.text and "mine" in answer.text
    assert read(app, key).subject == "theirs"
    settled = agent.send(f"/sample/cases/edit/{key}", {
        "version": read(app, key).version, "subject": "mine", "keep__subject": "theirs",
        "phone": "139", "keep__phone": "mine",
    })
    assert settled.status_code == 302
    case = read(app, key)
    assert (case.subject, case.story, case.phone) == ("theirs", "kept", "139")


def chosen_versions(page: str) -> dict[str, str]:
    """Return which version each field of the page of two versions proposes."""
    return dict(re.findall(r'name="keep__(\w+)" value="(\w+)" checked', page))


def test_only_real_conflicts_are_left_to_the_person(browser, app):
    with app.app_context():
        (key,) = add_cases(1, subject="a", story="b", phone="1", visits=1, amount="7.50")
    version = read(app, key).version
    # Two acts of others; what one had read lies two versions back.
    chief = browser("supervisor")
    chief.send(f"/sample/cases/edit/{key}", {"version": version, "subject": "theirs"})
    chief.send(f"/sample/cases/edit/{key}",
               {"version": version + 1, "story": "theirs too", "amount": "9", "urgent": "y"})
    agent = browser("agent")
    whole = {"version": version, "subject": "mine", "story": "b", "phone": "139", "visits": "1",
             "amount": "7.50", "urgent": ""}
    page = agent.send(f"/sample/cases/edit/{key}", whole).text
    assert chosen_versions(page) == {
        "subject": "mine", "phone": "mine", "story": "theirs", "amount": "theirs",
        "urgent": "theirs",
    }
    assert page.count("Both of you changed it") == 1
    assert "陈志远" in page
    sent = {name: value for name, value in whole.items() if name != "visits"}
    kept = {f"keep__{name}": choice for name, choice in chosen_versions(page).items()}
    agent.send(f"/sample/cases/edit/{key}", {**sent, **kept, "version": version + 2})
    case = read(app, key)
    assert (case.subject, case.story, case.phone, str(case.amount), case.urgent) == (
        "mine", "theirs too", "139", "9.00", True
    )


def test_a_form_shows_the_day_and_the_moment_that_stand_in_the_row(browser, app):
    with app.app_context():
        (key,) = add_cases(1, promised_on=dt.date(2026, 11, 30),
                           received_at=dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC))
    page = browser("agent").get(f"/sample/cases/edit/{key}").text
    assert 'value="2026-11-30"' in page
    assert 'value="2026-11-22T14:05"' in page


def test_an_unticked_box_can_be_kept_in_a_conflict(browser, app):
    with app.app_context():
        (key,) = add_cases(1, urgent=True)
    version = read(app, key).version
    browser("supervisor").send(f"/sample/cases/edit/{key}", {"version": version, "subject": "x"})
    agent = browser("agent")
    page = agent.send(f"/sample/cases/edit/{key}", {"version": version, "urgent": ""}).text
    assert chosen_versions(page) == {"urgent": "mine"}
    assert '<input type="hidden" name="urgent" value="">' in page
    agent.send(f"/sample/cases/edit/{key}",
               {"version": version + 1, "urgent": "", "keep__urgent": "mine"})
    assert read(app, key).urgent is False


def test_a_change_without_a_version_is_refused(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    assert browser("agent").send(f"/sample/cases/edit/{key}", {"subject": "x"}).status_code == 400


def test_selects_hold_only_what_the_person_sees(browser, app):
    with app.app_context():
        (own,) = add_cases(1, subject="eigen")
        (foreign,) = add_cases(1, team="热线二组", owner="other", subject="fremd")
    agent = browser("agent")
    options = agent.get("/sample/notes/options/case").json["options"]
    assert [option["value"] for option in options] == [str(own)]
    answer = agent.send("/sample/notes/add", {"title": "n", "case": str(foreign)})
    assert answer.status_code == 422
    assert agent.send("/sample/notes/add", {"title": "n", "case": str(own)}).status_code == 302
    assert agent.get("/sample/notes/options/title").status_code == 404
    assert agent.get("/sample/notes/options/nothing").status_code == 404


def test_a_unique_value_that_is_taken_is_explained(browser, app):
    add_kind(app, "same")
    answer = browser("agent").send("/sample/kinds/add", {"name": "same"})
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text and "taken already" in answer.text


def test_only_declared_columns_are_filled_in_by_the_address(browser, app):
    kind = add_kind(app)
    page = browser("agent").get(
        f"/sample/cases/add?subject=Hello&phone=138&kind={kind}&story=secret&amount=9"
    ).text
    assert 'value="Hello"' in page and 'value="138"' in page
    assert "贷款咨询" in page
    assert ">secret" not in page and 'value="9"' not in page


def test_statements_of_form_pages(browser, app, statements):
    kind = add_kind(app)
    with app.app_context():
        (key,) = add_cases(1, kind_id=kind)
    agent = browser("agent")
    agent.get("/sample/cases/add")
    for path in ("/sample/cases/add", f"/sample/cases/edit/{key}"):
        statements.clear()
        assert agent.get(path).status_code == 200
        assert len(statements) <= 8, statements


def test_a_time_that_was_only_shown_is_not_changed(browser, app):
    with app.app_context():
        (key,) = add_cases(1, received_at=dt.datetime(2026, 3, 4, 5, 6, 7, 891, dt.UTC))
    agent = browser("agent")
    form = agent.get(f"/sample/cases/edit/{key}").text
    shown = re.search(r'name="received_at"[^>]* value="([^"]+)"', form)[1]
    agent.send(f"/sample/cases/edit/{key}", {"version": 1, "subject": "b", "received_at": shown})
    assert read(app, key).received_at.microsecond == 891
    # Whoever types another minute means it.
    agent.send(f"/sample/cases/edit/{key}", {"version": 2, "received_at": shown[:-1] + "0"})
    assert read(app, key).received_at == dt.datetime(2026, 3, 4, 5, 0, tzinfo=dt.UTC)


def test_save_and_next_goes_through_the_list(browser, app):
    with app.app_context():
        first, left_out, second, third = add_cases(4, visits=4)
        with write(db.session):
            db.session.get(Case, left_out).visits = 5
    agent, came_from = browser("agent"), "sort=number&visits__is=4"
    address = f"/sample/cases/edit/{first}?{urlencode({'list': came_from})}"
    for expected in (second, third):
        answer = agent.send(address, {"version": 1, "phone": "1", "save_next": "1"})
        address = answer.location
        assert urlsplit(address).path == f"/sample/cases/edit/{expected}"
        assert parse_qs(urlsplit(address).query) == {"list": [came_from]}
    # After the last one stands the list; a plain save shows the record, on the way through it.
    answer = agent.send(address, {"version": 1, "phone": "1", "save_next": "1"})
    assert answer.location == f"/sample/cases/list/?{came_from}"
    answer = agent.send(address, {"version": 2, "phone": "2"})
    assert parse_qs(urlsplit(answer.location).query) == {"list": [came_from]}


def test_what_is_done_on_a_record_does_not_lose_the_list(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    agent = browser("agent")
    page = f"http://localhost/sample/cases/show/{key}?list=sort%3Dnumber"
    answer = agent.send(f"/sample/cases/comment/{key}", {"text": "a"}, headers={"Referer": page})
    assert answer.location == f"/sample/cases/show/{key}?list=sort%3Dnumber"
    for foreign in ("http://elsewhere.example/sample/cases/show/1?list=x", "http://[", page[:30],
                    "http://localhost/sample/cases/show/1?" + "&".join("a=1" for _ in range(200))):
        answer = agent.send(f"/sample/cases/comment/{key}", {"text": "a"},
                            headers={"Referer": foreign})
        assert answer.location == f"/sample/cases/show/{key}", foreign


def test_two_notes_of_a_case(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
        with write(db.session):
            db.session.add_all([Note(case_id=key, title=f"n{i}") for i in range(2)])
    page = browser("agent").get(f"/sample/cases/related/{key}/NoteView").text
    assert "n0" in page and "n1" in page


def test_of_two_saves_at_once_the_second_finds_what_the_first_made(browser, app, monkeypatch):
    agent, form = browser("agent"), {"subject": "once", "once": "ab" * 16}
    first = agent.send("/sample/cases/add", form)
    looked = []

    def made(*args):
        # The second looks before the first has committed, and again after it had to wait.
        looked.append(args)
        return None if len(looked) == 1 else real(*args)

    real = submissions._made
    monkeypatch.setattr(submissions, "_made", made)
    second = agent.send("/sample/cases/add", form)
    assert (first.status_code, second.location, len(looked)) == (302, first.location, 2)
    with app.app_context():
        assert db.session.query(Case).count() == 1


def test_a_page_without_a_script_saves_a_new_row_once(browser, app):
    """The page brings its token; a second click sends the same one."""
    agent = browser("agent")
    page = agent.get("/sample/cases/add").text
    token = re.search(r'name="once" value="([0-9a-f]{32})"', page)[1]
    form = {"subject": "double click", "once": token}
    first, second = (agent.send("/sample/cases/add", form) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert token not in agent.get("/sample/cases/add").text
    with app.app_context():
        assert db.session.query(Case).count() == 1
