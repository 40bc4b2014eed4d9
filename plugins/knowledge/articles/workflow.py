"""How a version of an article goes, from the draft to its end. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    SYSTEM,
    Category,
    Field,
    Form,
    Kind,
    Section,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.knowledge.access import APPROVE, ARTICLE
from plugins.knowledge.choices import DRAFT, IN_REVIEW, OUTDATED, PUBLISHED, WITHDRAWN

NAME = "knowledge.article"
OUTDATE, INSTALL = "outdate", "install"
_AUTHORS = Who(permissions=(("can_edit", ARTICLE),))
_APPROVERS = Who(permissions=((APPROVE, ARTICLE),))
_PRODUCT = Who(relations=(SYSTEM,))


def _form(name: str, title: str, label: str) -> Form:
    return Form(name, title, (Section("main", "", (
        Field("reason", Kind.LONG_TEXT, label, True, length=1000),)),))


WORKFLOW = Workflow(
    name=NAME, title=N_("Approval of an article"), initial=DRAFT,
    states=(
        State(DRAFT, N_("Draft"), colour="blue", progress=20),
        State(IN_REVIEW, N_("In review"), Category.WAITING, "yellow", progress=60),
        State(PUBLISHED, N_("Published"), Category.DONE, "green", progress=100),
        State(OUTDATED, N_("No longer valid"), Category.CANCELLED, "gray", progress=100),
        State(WITHDRAWN, N_("Withdrawn from use"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("submit", N_("Hand in for review"), (DRAFT,), IN_REVIEW, _AUTHORS,
                   guards=("is_complete",), primary=True, bulk=True, order=10),
        # A second person: neither who wrote the version nor who changed it last.
        Transition("publish", N_("Approve and publish"), (IN_REVIEW,), PUBLISHED,
                   Who(permissions=((APPROVE, ARTICLE),), never=("created_by", "updated_by")),
                   approval=True, guards=("is_complete",), effects=("note_published",),
                   primary=True, bulk=True, order=20),
        Transition("send_back", N_("Send back"), (IN_REVIEW,), DRAFT, _APPROVERS,
                   form=_form("send_back", N_("Send back"), N_("What is to be changed")),
                   order=30),
        Transition("withdraw", N_("Withdraw the article"), (DRAFT, IN_REVIEW, PUBLISHED), WITHDRAWN,
                   _APPROVERS,
                   form=_form("withdraw", N_("Withdraw the article"), N_("Why it is withdrawn")),
                   effects=("note_ended",), order=80),
        # A later version is published, or the last day of validity is over.
        Transition(OUTDATE, N_("Mark as outdated"), (PUBLISHED,), OUTDATED,
                   Who(permissions=((APPROVE, ARTICLE),), relations=(SYSTEM,)),
                   effects=("note_ended",), order=70),
        # What comes with the product is published from the beginning.
        Transition(INSTALL, N_("Install"), (DRAFT,), PUBLISHED, _PRODUCT,
                   effects=("note_published",), order=99),
    ),
)
