"""Who is appraised in a cycle, by whom and on which form."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.forms import latest
from app.sdk.models import Post
from app.sdk.people import Profile, leaders_by_person, profiles
from app.sdk.services import is_present
from plugins.appraisals.choices import SUPERSEDED
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.models import PostForm as PostFormRow
from plugins.appraisals.rules.periods import SPOT
from plugins.appraisals.rules.setup import Member, Planned, PostForm, plan
from plugins.appraisals.sheets.models import Sheet

_ONE_DAY = dt.timedelta(days=1)


def set_up(session: Session, cycle: Cycle) -> list[Planned]:
    """Return a line for each member of staff: appraised by whom on which form, or why not.

    Args:
        session: any session.
        cycle: the cycle.
    """
    staff = profiles(session, everyone=True, on=cycle.ends_on - _ONE_DAY)
    return plan(_members(session, staff), forms_by_post(session, cycle.kind), cycle.ends_on,
                taken(session, cycle))


def forms_by_post(session: Session, kind: str) -> list[PostForm]:
    """Return the forms of posts for a kind of cycle, with their newest versions.

    Args:
        session: any session.
        kind: kind of cycle.
    """
    rows = session.scalars(
        select(PostFormRow).where(
            PostFormRow.kind == kind, PostFormRow.active.is_(True), is_present(PostFormRow))
        .order_by(PostFormRow.id)).all()
    versions = {form: latest(session, form) for form in {row.form_id for row in rows}}
    return [PostForm(row.post_id, row.form_id,
                     found.version_id if (found := versions[row.form_id]) else None, row.quota)
            for row in rows]


def taken(session: Session, cycle: Cycle) -> set[int]:
    """Return the users who have a sheet for an overlapping period of the same kind of cycle.

    Args:
        session: any session.
        cycle: the cycle; of spot checks a person may have several.
    """
    condition = (Sheet.cycle_id == cycle.id) if cycle.kind == SPOT else (
        (Cycle.kind == cycle.kind) & (Sheet.starts_on < cycle.ends_on)
        & (Sheet.ends_on > cycle.starts_on))
    return {key for key in session.scalars(
        select(Sheet.owner_id).join(Cycle, Cycle.id == Sheet.cycle_id).where(
            condition, Sheet.status != SUPERSEDED, is_present(Sheet))) if key is not None}


def _members(session: Session, staff: list[Profile]) -> list[Member]:
    positions = dict(session.execute(select(Post.id, Post.position)).all())
    leaders = leaders_by_person(session, staff)
    return [Member(person.user_id, person.name,
                   tuple(sorted(person.posts, key=lambda key: (positions.get(key, 0), key))),
                   person.hired_on, leaders[person.user_id]) for person in staff]
