"""The daily enquiry table (客户每日咨询表) on paper (SPEC E1)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.sdk.people import local_today, local_zone
from app.sdk.screens import (
    Page,
    current_person,
    day_asked,
    document_response,
    page_language,
    print_context,
    requires,
    translated,
    write_date,
    write_datetime,
    xlsx_parts,
)
from app.sdk.services import db, is_present, names_of, record_act, scope_filter, write
from plugins.enquiries.choices import KINDS, label_of
from plugins.enquiries.enquiries.models import Enquiry

DOCUMENT = Path(__file__).parents[1] / "documents" / "tables.typ"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 2000
_WIDTHS = [3, 2, 2, 3, 3, 6, 2, 6, 4]


@dataclasses.dataclass(frozen=True, slots=True)
class DailyTable:
    """What was printed, for the audit trail: the table of a day is no record.

    Attributes:
        number: the day.
    """

    __record_type__: ClassVar[str] = Enquiry.__record_type__
    number: str
    id: None = None


class DailyPage(Page):
    """The table of a day as PDF and XLSX, with the columns of the paper form."""

    @expose("/daily.pdf")
    @requires("list")
    def daily_document(self) -> Response:
        """Print the table of a day."""
        day = day_asked(local_today())
        rows = [[write_datetime(row[0]), *row[1:]] for row in _rows(day)]
        return document_response(DOCUMENT, {
            **print_context(gettext("Daily enquiry table"), write_date(day)), "landscape": True,
            "fields": [],
            "tables": [{"title": "", "header": _header(), "rows": rows, "widths": _WIDTHS}],
        }, f"enquiries-{day:%Y-%m-%d}.pdf", DailyTable(f"{day:%Y-%m-%d}"))

    @expose("/daily.xlsx")
    @requires("export")
    def daily_sheet(self) -> Response:
        """Return the table of a day as XLSX."""
        day = day_asked(local_today())
        zone = local_zone()
        rows = [[row[0].astimezone(zone).replace(tzinfo=None), *row[1:]] for row in _rows(day)]
        with write(db.session):
            record_act(db.session, current_person(), "export",
                       record_type=Enquiry.__record_type__,
                       changes={"day": f"{day:%Y-%m-%d}", "rows": len(rows)})
        return Response(xlsx_parts(_header(), rows), mimetype=XLSX, headers={
            "Content-Disposition": f'attachment; filename="enquiries-{day:%Y-%m-%d}.xlsx"'})


def _header() -> list[str]:
    return [gettext("Date"), gettext("Kind of call"), gettext("Enquiry channel"),
            gettext("Contact"), gettext("Customer"), gettext("Question in detail"),
            gettext("Who follows"), gettext("How it was solved"), gettext("Remarks")]


def _rows(day: dt.date) -> list[list[Any]]:
    """Return the lines of a day in sight, in the order of receipt; numbers are masked."""
    begin, end = (dt.datetime.combine(one, dt.time(), local_zone())
                  for one in (day, day + dt.timedelta(days=1)))
    found = db.session.scalars(
        select(Enquiry).options(joinedload(Enquiry.channel))
        .where(Enquiry.received_at >= begin, Enquiry.received_at < end, is_present(Enquiry),
               scope_filter(current_person(), Enquiry, indexed=False))
        .order_by(Enquiry.received_at, Enquiry.id).limit(MOST)).all()
    names = names_of(db.session, {one.owner_id for one in found if one.owner_id is not None})
    language = page_language()
    return [[
        one.received_at, translated(label_of(KINDS, one.kind)),
        one.channel.titled(language) if one.channel is not None else "",
        " ".join(str(text) for text in (one.phone, one.wechat, one.qq) if text),
        one.customer_name, one.question, names.get(one.owner_id or 0, ""),
        one.answer or one.became, one.remarks,
    ] for one in found]
