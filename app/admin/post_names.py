"""The posts and skills of a member of staff as texts, for statements that read staff anyway."""

from __future__ import annotations

from sqlalchemy import Label, func, select

from app.people.clock import local_today
from app.people.models import STAFF_SKILLS, Post, PostHolder, Skill, Staff
from app.people.posts import in_force_on
from app.sdk.screens import localised_label


def post_names() -> Label[str]:
    """Return the posts held today by the member of staff of an outer SELECT, as column ``post``.

    They stand in the language of the request; the column is NULL where there are none.
    """
    names = (
        select(localised_label(Post).label("name"))
        .join(PostHolder, PostHolder.post_id == Post.id)
        .where(PostHolder.staff_id == Staff.id, PostHolder.deputy_order == 0,
               in_force_on(local_today()))
        .order_by(Post.position, Post.id).correlate(Staff).subquery()
    )
    return select(func.aggregate_strings(names.c.name, ", ")).scalar_subquery().label("post")


def skill_names() -> Label[str]:
    """Return the skills of the member of staff of an outer SELECT, as column ``skill``.

    They stand in the language of the request; the column is NULL where there are none.
    """
    names = (
        select(localised_label(Skill).label("name"))
        .join(STAFF_SKILLS, STAFF_SKILLS.c.skill_id == Skill.id)
        .where(STAFF_SKILLS.c.staff_id == Staff.id)
        .order_by(Skill.position, Skill.id).correlate(Staff).subquery()
    )
    return select(func.aggregate_strings(names.c.name, ", ")).scalar_subquery().label("skill")
