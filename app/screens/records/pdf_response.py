"""PDF documents as responses, with what stands on every page of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response
from flask_babel import gettext

from app.access.audit import record_act
from app.database import db, utcnow, write
from app.records.pdf import render_pdf
from app.settings.company import company_name
from app.settings.logo import logo_of
from app.web.assets import VENDOR
from app.web.formats import write_datetime
from app.web.request import actor
from app.web.theme import language

FONTS = VENDOR / "fonts"


def print_context(title: str, number: str = "") -> dict[str, Any]:
    """Return what header and footer of a document show.

    Args:
        title: heading of the document.
        number: number of the record.
    """
    logo = logo_of(db.session)
    return {
        "title": title, "number": number, "lang": language(),
        **({"logo": logo.body} if logo else {}),
        "organisation": company_name(db.session, language()),
        "printed": gettext(
            "Printed by %(name)s, %(when)s", name=actor().name, when=write_datetime(utcnow())
        ),
    }


def document_response(
    template: Path, data: Mapping[str, Any], filename: str, record: Any
) -> Response:
    """Return a PDF to be shown in the browser, and note in the audit trail who printed it.

    Args:
        template: typst file.
        data: see ``app.records.pdf``.
        filename: name to save it under.
        record: what is printed.
    """
    body = render_pdf(template, data, FONTS)
    with write(db.session):
        record_act(
            db.session, actor(), "print", record_type=record.__record_type__,
            record_id=record.id, number=record.number, changes={"document": filename},
        )
    return Response(
        body, mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{filename}"'},
    )
