"""Short ways to posts, cycles and sheets for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.sdk.forms import FormDraft
from app.sdk.models import Post, PostHolder, Staff
from app.sdk.services import SYSTEM, act, create, user_ids_by_name, write
from app.settings.services import save_settings, saved_settings
from app.testing.plugin_fixtures import PASSWORD, House
from plugins.appraisals import ready_made
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.cycles.operations import OPEN_SHEETS
from plugins.appraisals.rules.chain import POSTS
from plugins.appraisals.settings import SETTINGS
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.signing import next_signature

# Long over, so that no test depends on the day.
BEGIN, END = dt.date(2024, 3, 1), dt.date(2024, 4, 1)
HOLDERS = dict(zip(POSTS, ("leader", "hr", "gaoqiang", "fengtao"), strict=True))
CHAIN = ("agent", "supervisor", "leader", "hr", "gaoqiang", "fengtao")
RATING = {"group_care": "B", "cooperation": "A",
          "complaint_handling": "B", "attitude": "A", "team_spirit": "A", "comment": "工作稳定"}
"""With attendance A: 8 + 10 + 8 + 10 + 10 + 10 = 56 of 60, without callbacks, customer data and
learning, of which there is no data: 93.33."""
LOW = {name: "C" for name in ("group_care", "cooperation", "complaint_handling", "attitude",
                              "team_spirit")}
"""Answers below 60 points."""


def settle(house: House, **values: Any) -> None:
    """Change some settings of the plugin."""
    held, version = saved_settings(house.session, SETTINGS)
    save_settings(house.session, SYSTEM, SETTINGS, {**held, **values}, version)
    house.session.rollback()


def post_id(house: House, code: str) -> int:
    """Return the key of a post."""
    return house.session.scalars(select(Post.id).where(Post.code == code)).one()


def hold(house: House, post: str, username: str, **values: Any) -> PostHolder:
    """Let a person hold a post, or be a deputy with ``deputy_order``."""
    user_id = house.actor(username).user_id
    staff = house.session.scalars(select(Staff.id).where(Staff.user_id == user_id)).one()
    return create(house.session, SYSTEM, PostHolder, {
        "post_id": post_id(house, post), "staff_id": staff, **values})


def chain(house: House) -> None:
    """Let four people hold the posts that sign; the department manager holds it already."""
    for post in POSTS[1:]:
        hold(house, post, HOLDERS[post])


def forms(house: House) -> int:
    """Ship the forms, and return the key of the monthly one."""
    with write(house.session):
        ready_made.load(house.session)
    return form_id(house, ready_made.MONTHLY)


def form_id(house: House, code: str) -> int:
    """Return the key of a form."""
    return house.session.scalars(select(FormDraft.id).where(FormDraft.code == code)).one()


def month(house: House, begin: dt.date = BEGIN, **values: Any) -> Cycle:
    """Return an open cycle for the agents, with a chain of holders."""
    form = forms(house)
    if house.session.scalar(select(PostForm.id).limit(1)) is None:
        chain(house)
        create(house.session, house.actor("hr"), PostForm, {
            "post_id": post_id(house, "agent"), "form_id": form, "quota": 300})
    made = create(house.session, house.actor("hr"), Cycle, {"starts_on": begin, **values})
    act(house.session, house.actor("hr"), made, OPEN_SHEETS)
    return made


def sheet_of(house: House, cycle: Cycle, username: str = "agent") -> Sheet:
    """Return the sheet of a person in a cycle that is not superseded."""
    return house.session.scalars(select(Sheet).where(
        Sheet.cycle_id == cycle.id, Sheet.owner_id == house.actor(username).user_id)
        .order_by(Sheet.id.desc()).limit(1)).one()


def rated(house: House, sheet: Sheet, **values: Any) -> Sheet:
    """Fill a sheet in and rate it, up to the first signature."""
    owner, appraiser = _username(house, sheet.owner_id), _username(house, sheet.appraiser_id)
    sheet_operations().fill(
        house.session, house.actor(owner), sheet, {"summary": "完成回访 320 个", "attitude": "A"},
        sheet.version, hands_in=True)
    sheet_operations().rate(
        house.session, house.actor(appraiser), sheet, {**RATING, **values}, [], "",
        sheet.version, passes_on=True)
    return sheet


def sign(house: House, sheet: Sheet, username: str, password: str = PASSWORD) -> None:
    """Sign a sheet as a person."""
    house.session.rollback()
    sheet_operations().sign(house.session, house.actor(username), sheet, "同意", password,
                            sheet.version)


def signed(house: House, sheet: Sheet) -> Sheet:
    """Let everybody of the chain sign."""
    for username in (_username(house, sheet.owner_id), _username(house, sheet.appraiser_id),
                     *HOLDERS.values()):
        if next_signature(house.session, sheet) is not None:
            sign(house, sheet, username)
    return sheet


def _username(house: House, user_id: int | None) -> str:
    return next(name for name, key in user_ids_by_name(house.session).items() if key == user_id)
