"""Cards of the home page: the appraisals that wait for a person."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.screens import write_date
from app.sdk.services import Actor, is_present, scope_filter
from plugins.appraisals.access import SHEET
from plugins.appraisals.choices import FILLING, RATING, SIGNING
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.signing import waiting_for

ROWS = 8
_LOOKED_AT = 60


def waiting_for_me(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return the sheets that the actor has to fill in, rate or sign."""
    if actor.user_id is None:
        return None
    sheets = session.scalars(
        select(Sheet).where(
            or_(and_(Sheet.status == FILLING, Sheet.owner_id == actor.user_id),
                and_(Sheet.status == RATING, Sheet.appraiser_id == actor.user_id),
                and_(Sheet.status == SIGNING, scope_filter(actor, Sheet))),
            Sheet.closed_at.is_(None), is_present(Sheet))
        .order_by(Sheet.starts_on, Sheet.id).limit(_LOOKED_AT)).all()
    mine = waiting_for(session, [one for one in sheets if one.status == SIGNING], actor.user_id)
    waiting = [one for one in sheets if one.status != SIGNING or one in mine]
    if not waiting:
        return None
    return {
        "rows": [{"id": one.id, "title": one.number,
                  "url": url_for("SheetView.show", pk=one.id),
                  "remark": write_date(one.starts_on)} for one in waiting[:ROWS]],
        "more_url": url_for("SheetView.list"),
    }


CARDS = (
    Card(name="appraisals.waiting", title=N_("Appraisals that wait for me"), load=waiting_for_me,
         template="screens/home/card.html", view=SHEET, order=45, to_do=N_("Appraisal")),
)
