"""Notices and files of a confidential record reach nobody who may not see it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from app.database import utcnow, write
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as JOBS
from app.notices.kinds import MENTION
from app.notices.models import Notice
from app.notices.services import tell
from app.records.followers import follow
from app.sdk.services import comment
from tests.conformance.test_confidential import (  # noqa: F401
    SECRET,
    Browser,
    admin,
    hr,
    reviews,
)

FILE = "Stillwater.txt"


@pytest.fixture
def review(reviews):  # noqa: F811
    """The confidential record."""
    from plugins.reviews.models import Review

    return reviews.session.get(Review, reviews.review)


def told(reviews: Any, record: Any) -> set[int]:  # noqa: F811
    """Return who has a notice about a record."""
    reviews.session.rollback()
    return set(reviews.session.scalars(select(Notice.user_id).where(
        Notice.record_type == record.__record_type__, Notice.record_id == record.id)))


def test_only_who_may_see_it_is_told(reviews, review, admin):  # noqa: F811
    people = {name: reviews.actor(name).user_id for name in
              ("admin", "agent", "supervisor", "hr", "leader")}
    with write(reviews.session) as session:
        tell(session, people.values(), MENTION, "You are named in a comment", record=review)
    assert told(reviews, review) == {people["supervisor"], people["hr"]}
    page = admin.get("/notices/").text
    assert review.number not in page and SECRET not in page


def test_who_follows_or_is_named_without_seeing_it_is_told_nothing(reviews, review, admin):  # noqa: F811
    session, nobody = reviews.session, reviews.actor("admin")
    follow(session, nobody, review, True)
    comment(session, reviews.actor("hr"), review, "A remark", mentions=[nobody.user_id])
    deliver_due(session, utcnow(), reviews.app.extensions[JOBS].handlers)
    assert nobody.user_id not in told(reviews, review)
    assert review.number not in admin.get("/notices/").text


def test_its_files_are_handed_to_nobody_else(reviews, review, admin, hr):  # noqa: F811
    def send(person: Browser) -> Any:
        return person.post(f"/reviews/files/{review.id}",
                           files=(io.BytesIO(b"A quiet word"), FILE))

    assert send(admin).status_code == 404
    assert send(hr).status_code == 302
    page = hr.get(f"/reviews/show/{review.id}").text
    assert FILE in page
    number = int(page.split(f"/reviews/files/{review.id}/", 1)[1].split('"', 1)[0].split("?")[0])
    assert hr.get(f"/reviews/files/{review.id}/{number}").data == b"A quiet word"
    refused = [f"/reviews/files/{review.id}/{number}",
               # A record that they may see does not lend its address to the file.
               f"/letters/files/{reviews.letter}/{number}",
               f"/customers/files/{reviews.customer}/{number}"]
    assert [admin.get(path).status_code for path in refused] == [404] * 3
    for path in ("/audit/?record_type=reviews.review", "/audit/export?record_type=reviews.review"):
        assert FILE not in admin.get(path).text
