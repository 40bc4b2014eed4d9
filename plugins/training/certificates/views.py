"""Screens and REST API of certificates, the paper, and the check page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Response, request
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from sqlalchemy import select

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.screens import (
    Chip,
    Page,
    RecordApi,
    RecordHeader,
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    current_person,
    document_response,
    print_context,
    requires,
    write_date,
)
from app.sdk.services import db, is_present, name_of, record_act, write
from plugins.training.access import CERTIFICATE
from plugins.training.certificates.models import Certificate

PAPER = Path(__file__).parents[1] / "documents" / "certificate.typ"
WARNING_DAYS = 30


def standing_chip(certificate: Certificate) -> Chip:
    """Return how a certificate stands today."""
    today, ends_on = local_today(), certificate.ends_on
    if certificate.revoked:
        return Chip(label=N_("Revoked"), tone="bad", icon="ban")
    if ends_on is not None and ends_on < today:
        return Chip(label=N_("Outdated") if certificate.outdated else N_("Expired"), tone="bad",
                    icon="alert-triangle")
    if ends_on is not None and (ends_on - today).days <= WARNING_DAYS:
        return Chip(label=N_("Ends soon"), tone="warn", icon="hourglass")
    return Chip(label=N_("Valid"), tone="good", icon="circle-check")


class CertificateHeader(RecordHeader):
    """The head of a certificate's page."""

    def badges(self, record: Certificate) -> Sequence[Chip]:
        """Say whether it is valid."""
        return [standing_chip(record), *super().badges(record)]

    def title(self, record: Certificate) -> str:
        """Name course and learner."""
        return f"{record.course.name} · {name_of(db.session, record.owner_id)}"


class PaperPage(Page):
    """A certificate on paper."""

    @expose("/<pk>/certificate.pdf")
    @requires("show")
    def paper(self, pk: str) -> Response:
        """Print the certificate; the audit trail notes the hash of the file."""
        record = self.screen.get_or_404(pk)
        filename = f"{record.number}.pdf"
        response = document_response(PAPER, _paper(record), filename, record)
        digest = hashlib.sha256(response.get_data()).hexdigest()
        with write(db.session):
            record_act(db.session, current_person(), "print_hash",
                       record_type=Certificate.__record_type__, record_id=record.id,
                       number=record.number, changes={"document": filename, "sha256": digest})
        return response


def _paper(record: Certificate) -> dict[str, Any]:
    fields = [
        (gettext("Course"), f"{record.course.name}"),
        (gettext("Edition"), str(record.edition)),
        (gettext("Training hours"), f"{record.course.hours:g}"),
        (gettext("Issued on"), write_date(record.issued_on)),
        (gettext("Valid until"), write_date(record.ends_on) or gettext("without end")),
        (gettext("Number"), record.number),
    ]
    if record.attempt is not None and record.attempt.percent is not None:
        fields.insert(3, (gettext("Outcome"), f"{record.attempt.percent:g}%"))
    return {
        **print_context(gettext("Certificate of training"), record.number),
        "holder": name_of(db.session, record.owner_id),
        "sentence": gettext("has completed the training named below with success."),
        "fields": [{"label": label, "value": value} for label, value in fields],
        "check": gettext("Whether it is valid can be checked in the product: Training → Check a "
                         "certificate."),
        "signatures": [{"label": gettext("Department for training"), "name": "", "at": ""}],
    }


class CertificateView(RecordView):
    """Certificates."""

    datamodel = RecordInterface(Certificate)
    route_base = "/training/certificates"
    class_permission_name = CERTIFICATE
    base_permissions = ["can_list", "can_show", "can_export", "can_revoke"]
    list_title = N_("Certificates")
    record_label = N_("Certificate")
    icon = "certificate"
    list_columns = ["number", "course", "owner", "edition", "issued_on", "ends_on", "outdated",
                    "revoked"]
    filter_columns = ["course", "owner", "team", "department", "issued_on", "ends_on", "outdated",
                      "revoked"]
    saved_views = (
        SavedList(name="expired", title=N_("Ended"), sort="-ends_on",
                  filters={"ends_on__period": ["overdue"], "revoked__is": ["false"]}),
    )
    plain_title = N_("All")
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = "ends_on"
    default_sort = "-issued_on"
    label_columns = {
        "course": N_("Course"), "owner": N_("Learner"), "edition": N_("Edition"),
        "issued_on": N_("Issued on"), "expires_on": N_("Months of the course end on"),
        "ends_on": N_("Valid until"), "outdated": N_("Outdated by a new edition"),
        "revoked": N_("Revoked"), "revoked_reason": N_("Why it was revoked"),
        "attempt": N_("Attempt"), "reminded_on": N_("Reminded on"), "team": N_("Team"),
        "department": N_("Department"),
    }
    form_sections = (Section(fields=("course", "owner")),)
    show_sections = (Section(fields=(
        "course", "owner", "edition", "issued_on", "ends_on", "expires_on", "outdated", "revoked",
        "revoked_reason", "attempt", "reminded_on", "team", "department")),)
    show_template = "training/certificate.html"
    record_header = CertificateHeader
    paper_page = PaperPage


class CertificateApi(RecordApi):
    """Certificates over REST; they are read, not written."""

    datamodel = RecordInterface(Certificate)
    resource_name = "training_certificates"
    class_permission_name = CERTIFICATE
    base_permissions = ["can_list", "can_show"]
    list_columns = ["id", "number", "course", "owner", "edition", "issued_on", "ends_on",
                    "outdated", "revoked"]
    show_columns = [*list_columns, "expires_on", "version"]
    add_columns: Sequence[str] = []
    edit_columns: Sequence[str] = []


class CertificateCheckView(BaseView):
    """Whether a certificate is valid, by its number, for everybody who may check."""

    route_base = "/training/check"
    default_view = "page"
    class_permission_name = CERTIFICATE
    base_permissions = ["can_check"]
    list_title = N_("Check a certificate")
    icon = "shield-check"

    @expose("/")
    @requires("check")
    def page(self) -> str:
        """Ask for a number, and say whose certificate it is and whether it is valid."""
        number = request.args.get("number", "").strip().upper()[:24]
        found = db.session.scalar(select(Certificate).where(
            Certificate.number == number, is_present(Certificate))) if number else None
        return self.render_template(
            "training/check.html", view=self, number=number, found=found,
            holder=name_of(db.session, found.owner_id) if found is not None else "",
            chip=standing_chip(found) if found is not None else None)
