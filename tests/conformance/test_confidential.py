"""A confidential kind of record, tried on every way in by an administrator who sees "everything".

Each way is tried twice: the role of human resources, to which the kind is open, finds the record
there; the administrator, who has every permission and the scope ALL, does not.
"""

from __future__ import annotations

import contextvars
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from app.access.bulk_authorization import users_who_can_see
from app.access.models import AuditEntry, RoleReach, ShippedReach
from app.access.scope import sees
from app.admin.access import services as roles
from app.cli.permissions import sync_all
from app.customers.models import Customer
from app.database import db, utcnow, write
from app.errors import Rejected
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as JOBS
from app.notices.kinds import MENTION
from app.notices.models import Notice
from app.notices.services import tell
from app.records.followers import follow
from app.records.places import unplaced
from app.records.undo import undo
from app.sdk.demo import places
from app.sdk.records import delete
from app.sdk.services import SYSTEM, Place, Scope, comment, create, find, search_filter
from app.testing.plugin_fixtures import House
from config import ROOT
from tests.conformance.installing import deployed, settings_for

FOLDER = ROOT / "tests" / "conformance" / "confidential" / "plugins"
SECRET = "Quietlake"
BIN = "Deepwell"
"""Words that stand in the confidential records and nowhere else."""


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running house with the confidential kind, and the rights to open all of its screens."""
    import plugins

    plugins.__path__.append(str(FOLDER))
    folder = tmp_path_factory.mktemp("reviews")
    app = deployed(settings_for(folder, f"sqlite:///{folder / 'reviews.sqlite'}", FOLDER))
    with app.app_context():
        house = House(app, db.session)
        _fill(house)
        yield house


def _fill(house: House) -> None:
    from plugins.reviews.models import Letter, Reader, Review

    session, hr = house.session, house.actor("hr")
    with write(session):
        admin = session.scalar(select(Role).where(Role.name == "admin"))
        # What hr may open as well, so that each way can be shown to lead to the record.
        session.scalar(select(Role).where(Role.name == "hr")).permissions = list(admin.permissions)
    customer = create(session, hr, Customer, {"name": "王小明"})
    review = create(session, hr, Review, {"subject": SECRET, "customer_id": customer.id})
    binned = create(session, hr, Review, {"subject": BIN})
    delete(session, hr, binned)
    letter = create(session, house.actor("admin"), Letter, {
        "subject": "an ordinary letter", "review_id": review.id,
    })
    comment(session, hr, review, f"A remark on {SECRET}")
    reader = session.scalar(select(User.id).where(User.username == "supervisor"))
    with write(session):
        session.add(Reader(review_id=review.id, user_id=reader))
    house.review, house.binned = review.id, binned.id
    house.letter, house.customer = letter.id, customer.id


class Browser:
    """A person's browser in English."""

    def __init__(self, house: House, username: str) -> None:
        self._house = house
        self._client = self._apart(house.client, username)
        self._client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        page = self.get("/account/").text
        self.token = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)

    def _apart(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        answer = contextvars.Context().run(call, *args, **kwargs)
        self._house.session.rollback()
        return answer

    def get(self, path: str, **kwargs: Any) -> Any:
        return self._apart(self._client.get, path, buffered=True, **kwargs)

    def post(self, path: str, **data: Any) -> Any:
        return self._apart(self._client.post, path, buffered=True,
                           data={"csrf_token": self.token, **data})


@pytest.fixture(scope="module")
def admin(reviews: House) -> Browser:
    """The administrator."""
    return Browser(reviews, "admin")


@pytest.fixture(scope="module")
def hr(reviews: House) -> Browser:
    """Human resources."""
    return Browser(reviews, "hr")


WAYS = {
    "list": "/reviews/list/",
    "list_searched": f"/reviews/list/?q={SECRET}",
    "page": "/reviews/show/{review}",
    "form": "/reviews/edit/{review}",
    "peek": "/reviews/peek/{review}",
    "csv": "/reviews/export/csv",
    "search": f"/search/?q={SECRET}",
    "palette": f"/palette/records?q={SECRET}",
    "options": "/letters/options/review?q={number}",
    "related_tab": "/customers/related/{customer}/ReviewView",
    "api_list": "/api/v1/reviews/",
    "api_record": "/api/v1/reviews/{review}",
    "audit": "/audit/?record_type=reviews.review",
    "audit_csv": "/audit/export?record_type=reviews.review",
    "bin": "/reviews/bin/",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_page_that_shows_the_record_holds_it_back(reviews, admin, hr, way):
    from plugins.reviews.models import Review

    number, binned = (reviews.session.get(Review, key).number
                      for key in (reviews.review, reviews.binned))
    path = WAYS[way].format(review=reviews.review, customer=reviews.customer, number=number)
    words = {"bin": (binned,), "options": (number,)}.get(way, (SECRET,))
    shown = hr.get(path)
    assert shown.status_code == 200, path
    assert all(word in shown.text for word in words), path
    hidden = admin.get(path).text
    # What somebody asked for is shown again in the box of the search.
    hidden = re.sub(r'(value|q)="?=?' + SECRET, "", hidden)
    assert not any(f">{word}" in hidden or f'"{word}' in hidden for word in words), path
    if way not in ("list_searched", "search"):
        assert not any(word in hidden for word in (SECRET, BIN)), path


def addresses(house: House) -> list[tuple[str, str]]:
    """Return every address of the kind's screens and API that names a record, with its method."""
    found = []
    for rule in house.app.url_map.iter_rules():
        ours = rule.endpoint.startswith(("ReviewView.", "ReviewApi."))
        if not ours or "pk" not in rule.arguments:
            continue
        values = {"pk": house.review, "name": "customer", "column": "subject", "value": "x",
                  "way": "next", "file_id": 1, "clock_id": 1, "request_id": 1}
        path = rule.rule
        for name in rule.arguments:
            path = re.sub(rf"<(\w+:)?{name}>", str(values[name]), path)
        found += [(method, path) for method in sorted(rule.methods & {"GET", "POST"})]
    return found


def test_no_address_that_names_the_record_answers_anything_but_refusals(reviews, admin):
    tried = addresses(reviews)
    assert len(tried) > 25
    for method, path in tried:
        answer = admin.get(path) if method == "GET" else admin.post(path)
        assert answer.status_code in (400, 403, 404, 405), (method, path, answer.status_code)
        assert SECRET not in answer.text, path


HIDDEN = ("a record that you may not see", "您无权查看的记录")


@pytest.mark.parametrize("path", [
    "/letters/list/", "/letters/list/?q=ordinary", "/letters/export/csv",
    "/letters/show/{letter}", "/letters/edit/{letter}",
])
def test_another_record_does_not_name_it(reviews, admin, path):
    from plugins.reviews.models import Review

    number = reviews.session.get(Review, reviews.review).number
    path = path.format(letter=reviews.letter)
    page = admin.get(path).text
    assert "an ordinary letter" in page
    assert number not in page and SECRET not in page
    assert any(words in page for words in HIDDEN)


def test_a_column_through_the_relation_is_refused():
    from plugins.reviews.models import Letter

    from app.screens.columns.columns import UnknownColumn, describe

    assert describe(Letter, "review").kind == "relation"
    with pytest.raises(UnknownColumn):
        describe(Letter, "review.subject")


def test_people_of_the_table_see_it_and_only_it(reviews):
    from plugins.reviews.models import Review

    reader, agent, admin = (reviews.actor(name) for name in ("supervisor", "agent", "admin"))
    review = reviews.session.get(Review, reviews.review)
    assert find(reviews.session, reader, Review, review.id) is review
    assert sees(reader, review) and not sees(agent, review) and not sees(admin, review)
    assert find(reviews.session, admin, Review, review.id) is None
    people = {person.user_id for person in (reader, agent, admin, reviews.actor("hr"))}
    assert users_who_can_see(reviews.session, people, review, "reviews.Review") == {
        reader.user_id, reviews.actor("hr").user_id,
    }


def test_the_trail_says_that_something_was_done_but_not_what(reviews, admin):
    page = admin.get("/audit/?record_type=reviews.review").text
    assert "Confidential" in page and "Created" in page


def test_a_reach_that_an_admin_took_away_stays_away(reviews):
    session = reviews.session
    role = session.scalar(select(Role).where(Role.name == "hr"))
    before = roles.role_settings(session, role)
    assert before.reaches == {"reviews.review": Scope.ALL}
    import dataclasses

    roles.save_role(session, reviews.actor("admin"), role, dataclasses.replace(before, reaches={}))
    try:
        sync_all(reviews.app)
        assert session.get(RoleReach, (role.id, "reviews.review")) is None
        assert session.get(ShippedReach, ("hr", "reviews.review")) is not None
        assert reviews.actor("hr").granted_reaches == {}
    finally:
        roles.save_role(session, reviews.actor("admin"), role, before)
    assert reviews.actor("hr").granted_reaches == {"reviews.review": Scope.ALL}


def test_a_reach_is_edited_on_the_page_of_the_role_and_in_force_at_the_next_click(reviews, admin):
    session = reviews.session
    agents = session.scalar(select(Role.id).where(Role.name == "agent"))
    form = admin.get(f"/roles/edit/{agents}").text
    assert 'value="reviews.review:4"' in form and "Confidential" in form
    seen = re.search(r'name="seen" value="(\w+)"', form).group(1)
    grants = re.findall(r'name="grants" value="(\d+)" checked', form)
    agent = Browser(reviews, "agent")
    assert agent.get(f"/reviews/show/{reviews.review}").status_code == 404

    def save(reach: str, seen: str) -> Any:
        return admin.post(f"/roles/edit/{agents}", name="agent", scope="2", seen=seen,
                          grants=["", *grants], reaches=[f"reviews.review:{reach}"])

    assert save("4", seen).status_code == 302
    assert agent.get(f"/reviews/show/{reviews.review}").status_code == 200
    page = admin.get(f"/roles/show/{agents}").text
    assert "All records" in page
    assert "reviews.review: ALL" in admin.get("/audit/?record_type=access.role").text
    copy = roles.copy_role(session, reviews.actor("admin"), session.get(Role, agents))
    assert roles.role_settings(session, copy).reaches == {"reviews.review": Scope.ALL}
    # A form that was opened before refuses to undo it unseen.
    assert save("", seen).status_code == 409
    seen = re.search(r'name="seen" value="(\w+)"', admin.get(f"/roles/edit/{agents}").text).group(1)
    assert save("", seen).status_code == 302
    assert agent.get(f"/reviews/show/{reviews.review}").status_code == 404


def test_what_the_administrator_cannot_see_they_cannot_take_back_or_find(reviews):
    from plugins.reviews.models import Review

    session, admin, hr = reviews.session, reviews.actor("admin"), reviews.actor("hr")
    found = select(Review.id).where(search_filter(session, Review, SECRET))
    assert session.scalars(found).all() == [reviews.review]
    binned = session.get(Review, reviews.binned)
    entry = session.scalar(select(AuditEntry).where(
        AuditEntry.record_type == "reviews.review", AuditEntry.action == "delete"))
    # Undo is for one's own acts; even those stay out of reach with the record.
    with write(session):
        entry.actor_id = admin.user_id
    try:
        assert undo(session, admin, Review, entry.change_set).count == 0
        assert binned.deleted_at is not None
    finally:
        with write(session):
            entry.actor_id = hr.user_id


def test_a_record_of_the_system_needs_a_place(reviews):
    from plugins.reviews.models import Letter

    session, team = reviews.session, places(reviews.session)[0]
    with pytest.raises(Rejected) as refused:
        create(session, SYSTEM, Letter, {"subject": "from a job"})
    assert "Nobody would see" in str(refused.value.message)
    letter = create(session, SYSTEM, Letter, {"subject": "from a job"}, place=team)
    assert (letter.department_id, letter.team_id) == (team.department_id, team.team_id)
    assert sees(reviews.actor("supervisor"), letter) or team.department_id is not None
    own = create(session, SYSTEM, Letter, {"subject": "with an owner"},
                 place=Place(owner_id=reviews.actor("agent").user_id))
    assert sees(reviews.actor("agent"), own) and own.team_id is None
    # What the values say goes before the place.
    other = create(session, SYSTEM, Letter, {"subject": "x", "team_id": None}, place=team)
    assert other.team_id is None and other.department_id == team.department_id


def test_records_that_belong_to_nobody_are_counted(reviews, admin, monkeypatch):
    from plugins.reviews.models import Letter, Reader, Review

    session = reviews.session
    assert unplaced(session) == []
    for model in (Letter, Review):
        monkeypatch.setattr(model, "__place_later__", True)
    create(session, SYSTEM, Letter, {"subject": "to be shared out"})
    review = create(session, SYSTEM, Review, {"subject": "to be shared out"})
    read = create(session, SYSTEM, Review, {"subject": "has a reader"})
    with write(session):
        session.add(Reader(review_id=read.id, user_id=reviews.actor("agent").user_id))
    assert {(one.record_type, one.count, one.confidential) for one in unplaced(session)} == {
        ("reviews.letter", 1, False), ("reviews.review", 1, True),
    }
    shown = reviews.app.test_cli_runner().invoke(args=["plugin", "doctor"])
    assert "reviews.letter: 1 records belong to no person" in shown.output
    assert "only roles with a reach for this kind" in shown.output
    assert "These belong to nobody: Reviews (1), Letters (1)" in admin.get("/system/").text
    with write(session):
        session.delete(session.get(Review, review.id))


def test_the_page_says_why_somebody_sees_a_record_or_not(reviews, admin, hr):
    from plugins.reviews.models import Letter, Review

    session = reviews.session
    letter, review = session.get(Letter, reviews.letter), session.get(Review, reviews.review)

    def page(browser: Browser, person: str, record: Any) -> str:
        return browser.get(f"/roles/why/?person={person}&number={record.number}").text

    text = page(admin, "admin", letter)
    assert f"sees {letter.number}" in text and "in general: All records" in text
    text = page(admin, "agent", letter)
    assert "does not see" in text and "No role of this person may open" in text
    assert "No role reaches this record" in text
    text = page(hr, "hr", review)
    assert "sees of this kind: All records" in text
    assert "takes part in the record (reviews_reader)" in page(hr, "supervisor", review)
    assert f"does not see {review.number}" in page(hr, "admin", review)
    # Of what an administrator does not see, nothing is explained to them.
    assert "or you may not see it yourself" in page(admin, "hr", review)
    assert "no active account" in page(admin, "nobody-of-this-name", letter)
    assert reviews.client("agent").get("/roles/why/").status_code == 403


def test_only_who_may_see_it_is_told_whoever_follows_or_is_named(reviews, admin):
    from plugins.reviews.models import Review

    session, nobody = reviews.session, reviews.actor("admin")
    review = session.get(Review, reviews.review)
    people = [reviews.actor(name).user_id for name in ("admin", "agent", "supervisor", "hr")]
    with write(session):
        tell(session, people, MENTION, "You are named in a comment", record=review)
    follow(session, nobody, review, True)
    comment(session, reviews.actor("hr"), review, "A remark", mentions=[nobody.user_id])
    deliver_due(session, utcnow(), reviews.app.extensions[JOBS].handlers)
    told = set(session.scalars(select(Notice.user_id).where(Notice.record_id == review.id)))
    assert told == set(people[2:])
    page = admin.get("/notices/").text
    assert review.number not in page and SECRET not in page


def test_its_files_are_handed_to_nobody_else(reviews, admin, hr):
    def send(person: Browser) -> int:
        return person.post(f"{files}{reviews.review}",
                           files=(io.BytesIO(b"A quiet word"), "Stillwater.txt")).status_code

    files = "/reviews/files/"
    assert (send(admin), send(hr)) == (404, 302)
    page = hr.get(f"/reviews/show/{reviews.review}").text
    number = re.search(rf"{files}{reviews.review}/(\d+)", page)[1]
    assert hr.get(f"{files}{reviews.review}/{number}").data == b"A quiet word"
    # A record that the administrator sees does not lend its address to the file.
    for path in (f"{files}{reviews.review}", f"/letters/files/{reviews.letter}",
                 f"/customers/files/{reviews.customer}"):
        assert admin.get(f"{path}/{number}").status_code == 404
    for path in ("/audit/", "/audit/export"):
        assert "Stillwater" not in admin.get(f"{path}?record_type=reviews.review").text
