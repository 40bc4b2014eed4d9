"""What the acts beside the workflow ask for."""

from __future__ import annotations

from collections.abc import Sequence

from app.sdk import N_
from app.sdk.models import File
from app.sdk.workflow import Choice, Field, Form, Kind
from plugins.loans.applications.workflow import TELLING_FIELDS, form
from plugins.loans.choices import FINDINGS, JUDGEMENTS

ENTER, CHECK, CONFIRM = "enter_document", "check_document", "confirm"
FOLLOW_UP, REMIND, RAISE, TAKE_UP = "follow_up", "remind", "raise_problem", "take_up_later"

_KIND = Field("kind_id", Kind.RECORD, N_("Loan document"), True, target="loans.document_kind")
CHECK_FORM = form(
    CHECK, N_("Check a document"), _KIND,
    Field("judgement", Kind.CHOICE, N_("Judgement"), True,
          choices=tuple(Choice(value, label) for value, label in JUDGEMENTS)),
    Field("note", Kind.TEXT, N_("Remark"), length=400, help=N_("A rejection needs a reason.")))
FOLLOW_UP_FORM = form(
    FOLLOW_UP, N_("Follow up the approval"),
    Field("contact", Kind.TEXT, N_("Asked whom"), length=80),
    Field("text", Kind.LONG_TEXT, N_("What was said"), True, length=1000),
    Field("promised_on", Kind.DATE, N_("Decision promised for")))
REMIND_FORM = form(
    REMIND, N_("Record a reminder"), *TELLING_FIELDS,
    Field("reached", Kind.BOOLEAN, N_("Customer reached"), default=True))
RAISE_FORM = form(
    RAISE, N_("Report a problem"),
    Field("subject", Kind.TEXT, N_("Subject"), True, length=200),
    Field("description", Kind.LONG_TEXT, N_("What stands in the way"), length=4000),
    Field("owner_id", Kind.PERSON, N_("Who sees to it"), True),
    Field("due_on", Kind.DATE, N_("Due on"), True))
TAKE_UP_FORM = form(
    TAKE_UP, N_("Take up the loan"),
    Field("contract", Kind.TEXT, N_("Number of the contract"), length=40,
          help=N_("Left empty, it is the number of the application.")))


def enter_form(files: Sequence[File]) -> Form:
    """Return the form for a document that was handed in, with the files of the application."""
    # A choice needs one: the dialog adds the first file.
    offered = [Choice(str(one.id), one.name) for one in files] or [Choice("0", N_("No file yet"))]
    return form(
        ENTER, N_("Enter a document"), _KIND,
        Field("file_id", Kind.CHOICE, N_("File"),
              choices=tuple(offered),
              help=N_("A file of this application, or one that you add here.")),
        Field("issued_on", Kind.DATE, N_("Date of issue")),
        Field("printed_expiry", Kind.DATE, N_("Valid until"),
              help=N_("As the document says; the validity that the product asks for counts "
                      "besides.")))


def confirm_form(still_open: Sequence[str]) -> Form:
    """Return the form of the first review, with what nobody has confirmed yet."""
    return form(
        CONFIRM, N_("Confirm the first review"),
        Field("findings", Kind.MULTI_CHOICE, N_("The documents are"), True,
              choices=tuple(Choice(value, label) for value, label in FINDINGS
                            if value in still_open)))
