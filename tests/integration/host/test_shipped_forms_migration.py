"""An installation of the version before is offered what its shipped forms have become."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import MetaData, insert, select
from sqlalchemy.orm import Session

from app.forms.models import FormDraft, FormVersion
from app.forms.scored import ScoredForm
from app.forms.store import newer_shipped
from app.host import migrations
from plugins.appraisals import ready_made

pytestmark = pytest.mark.both_databases
NOW = dt.datetime(2026, 2, 5, 1, 0)
CODES = (ready_made.MONTHLY, ready_made.FIGURES)


def as_it_was(form: ScoredForm) -> ScoredForm:
    """Return a form as it shipped before its figures filled themselves in."""
    return dataclasses.replace(form, parts=tuple(
        dataclasses.replace(part, items=tuple(
            dataclasses.replace(item, source="") if item.source in (
                "complaints.complaint_rate", "complaints.response_time",
                "customers.items_verified_in_contact") else item
            for item in part.items)) for part in form.parts))


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with both forms published."""
    move("core_0023")
    found = MetaData()
    found.reflect(empty_engine)
    forms, versions = found.tables["forms_form"], found.tables["forms_version"]
    with empty_engine.begin() as connection:
        for code, form in zip(CODES, (ready_made.MONTHLY_FORM, ready_made.FIGURES_FORM),
                              strict=True):
            old = as_it_was(form)
            key = connection.execute(insert(forms).values(
                code=code, title=old.title, title_zh=old.title_zh, content=old.to_dict(),
                version=1, retired=False, updated_at=NOW)).inserted_primary_key[0]
            connection.execute(insert(versions).values(
                form_id=key, number=1, content=old.to_dict(), content_hash=old.content_hash(),
                published_at=NOW))
    return empty_engine


def test_what_is_published_stays_and_the_newer_one_is_offered(engine, move):
    move("head")
    with Session(engine) as session:
        before = {one.id: one.content_hash for one in session.scalars(select(FormVersion))}
        assert newer_shipped(session, session.scalars(select(FormDraft)).all()) == {}
        ready_made.load(session)
        session.commit()
        drafts = session.scalars(select(FormDraft).order_by(FormDraft.id)).all()
        assert [one.code for one in drafts] == list(CODES)
        offered = newer_shipped(session, drafts)
        assert [offered[one.id] for one in drafts] == [
            ready_made.MONTHLY_FORM, ready_made.FIGURES_FORM]
        assert {one.id: one.content_hash
                for one in session.scalars(select(FormVersion))} == before
    assert migrations.differences(engine, None) == []


def test_the_way_back(engine, move):
    move("head")
    move("core_0023", down=True)
    found = MetaData()
    found.reflect(engine)
    table = found.tables["forms_form"]
    assert not {"shipped", "shipped_answered"} & set(table.c.keys())
    with engine.connect() as connection:
        assert connection.execute(select(table.c.code).order_by(table.c.id)).scalars().all() \
            == list(CODES)
