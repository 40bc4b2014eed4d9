"""By which rules gaps are written: the product counts them, a supervisor settles them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.records import AvailableAction, Done, RecordOperations, create, link
from app.sdk.services import Actor, find
from app.sdk.workflow import Field, Form, Kind, Message, Section
from plugins.knowledge.access import ANSWERED_LINK, ARTICLE, GAP
from plugins.knowledge.articles.models import LONGEST_TITLE, Article
from plugins.knowledge.choices import GAP_DISMISSED, GAP_FILLED, GAP_OPEN, PUBLISHED
from plugins.knowledge.finding import documents
from plugins.knowledge.gaps.models import Gap

_FILL = Form("fill", N_("Answered by an article"), (Section("main", "", (
    Field("article_id", Kind.RECORD, N_("Article"), True, target="knowledge.article"),)),))


class GapOperations(RecordOperations):
    """Operations on gaps."""

    step_columns = frozenset({"status", "article_id"})

    def refuse_change(self, session: Session, actor: Actor, record: Gap) -> Message | None:
        """What was asked stays as it was asked."""
        return Message(N_("What was asked stays as it was asked."))

    def note(self, session: Session, actor: Actor, values: Mapping[str, Any]) -> Gap:
        """Write a new gap; see ``note_gap``, which counts those that are there."""
        return self._insert(session, actor, values, "")

    def actions(
        self, session: Session, actor: Actor, record: Gap
    ) -> Sequence[AvailableAction]:
        """Write an article, name one that answers, or say that none is needed."""
        if record.status != GAP_OPEN or record.is_away:
            return [AvailableAction(name="reopen", label=N_("Reopen"), icon="rotate",
                                    permission=("can_edit", GAP))]
        return [
            AvailableAction(name="write", label=N_("Write an article"), icon="pencil-plus",
                            permission=("can_add", ARTICLE), primary=True),
            AvailableAction(name="fill", label=N_("Answered by an article"), icon="link",
                            form=_FILL, permission=("can_edit", GAP)),
            AvailableAction(name="dismiss", label=N_("Needs no article"), icon="circle-x",
                            permission=("can_edit", GAP), bulk=True),
        ]

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Several questions need no article."""
        return [AvailableAction(name="dismiss", label=N_("Needs no article"), icon="circle-x",
                                permission=("can_edit", GAP), bulk=True)]

    def carry_out(
        self, session: Session, actor: Actor, record: Gap, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Settle a gap; the question leads to its article from then on."""
        if name == "write":
            made = create(session, actor, Article, _titled(record.question))
            self._fill(session, actor, record, made)
            return Done(Message(N_("%(number)s is the draft of an article."),
                                {"number": made.number}), made, edits=True)
        if name == "fill":
            article = find(session, actor, Article, values["article_id"])
            if article is None or article.state != PUBLISHED:
                raise Invalid({"article_id": Message(N_("Choose a published article."))})
            self._fill(session, actor, record, article)
        elif name == "dismiss":
            self.store(session, actor, record, {"status": GAP_DISMISSED})
        elif name == "reopen":
            self.store(session, actor, record, {"status": GAP_OPEN, "article_id": None})
        else:
            return super().carry_out(session, actor, record, name, values)
        return Done(Message(N_("%(number)s is settled."), {"number": record.number})
                    if name != "reopen" else None)

    def _fill(self, session: Session, actor: Actor, record: Gap, article: Article) -> None:
        self.store(session, actor, record, {"article_id": article.id, "status": GAP_FILLED})
        documents.put(session, article.root_id or article.id, documents.QUESTION, record.question)
        link(session, actor, record, article, ANSWERED_LINK)


def _titled(question: str) -> dict[str, str]:
    chinese = any("\u3400" <= sign <= "\u9fff" for sign in question)
    return {"title_zh" if chinese else "title_en": question[:LONGEST_TITLE]}
