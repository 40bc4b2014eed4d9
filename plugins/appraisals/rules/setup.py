"""Who is appraised by whom on which form, and who is missing and why. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

NO_POST, NO_FORM, NO_APPRAISER, NOT_YET_HERE = "no_post", "no_form", "no_appraiser", "not_yet"
TWO_FORMS, OVERLAPS = "two_forms", "overlaps"


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """A member of staff.

    Attributes:
        user_id: key of the user.
        name: name among the staff.
        posts: keys of the posts, the most important one first.
        hired_on: first day, if known.
        leaders: who leads the person, the nearest first; the person may be among them.
    """

    user_id: int
    name: str
    posts: tuple[int, ...] = ()
    hired_on: dt.date | None = None
    leaders: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class PostForm:
    """The form of a post.

    Attributes:
        post_id: key of the post.
        form_id: key of the form.
        version_id: its newest published version; ``None`` without one.
        quota: bonus for a score of 100.
    """

    post_id: int
    form_id: int
    version_id: int | None
    quota: Decimal = Decimal(0)


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """One person of the set-up check.

    Attributes:
        member: the person.
        appraiser_id: who rates; ``None`` where nobody is found.
        form: form of the person's post; ``None`` without one.
        problem: why there is no sheet, or an empty text.
    """

    member: Member
    appraiser_id: int | None = None
    form: PostForm | None = None
    problem: str = ""


def plan(
    members: Iterable[Member], forms: Sequence[PostForm], ends_on: dt.date,
    taken: Iterable[int] = (),
) -> list[Planned]:
    """Return a line for each person, in their order.

    Args:
        members: everybody who might be appraised.
        forms: forms by post, for this kind of cycle.
        ends_on: day after the last one of the cycle; who came later is not appraised.
        taken: users who have a sheet for an overlapping period already.
    """
    by_post = {one.post_id: one for one in forms}
    busy = frozenset(taken)
    return [_planned(member, by_post, ends_on, busy) for member in members]


def _planned(
    member: Member, by_post: Mapping[int, PostForm], ends_on: dt.date, taken: frozenset[int]
) -> Planned:
    found = [by_post[post] for post in member.posts if post in by_post]
    appraiser = next((one for one in member.leaders if one != member.user_id), None)
    form = found[0] if found else None
    return Planned(member, appraiser, form, _problem(member, found, appraiser, ends_on, taken))


def _problem(
    member: Member, found: Sequence[PostForm], appraiser: int | None, ends_on: dt.date,
    taken: frozenset[int],
) -> str:
    if not member.posts:
        return NO_POST
    if not found or found[0].version_id is None:
        return NO_FORM
    if len({one.form_id for one in found}) > 1:
        return TWO_FORMS
    if member.hired_on is not None and member.hired_on >= ends_on:
        return NOT_YET_HERE
    if member.user_id in taken:
        return OVERLAPS
    return "" if appraiser is not None else NO_APPRAISER
