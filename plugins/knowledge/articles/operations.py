"""By which rules articles are written, on every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import (
    AvailableAction,
    Changes,
    Done,
    RecordOperations,
    WorkflowOperations,
    create,
    held_value,
    is_empty,
    operations_of,
)
from app.sdk.services import Actor, is_present
from app.sdk.workflow import Field, Form, Kind, Message, Section
from plugins.knowledge.access import APPROVE, ARTICLE
from plugins.knowledge.articles.models import LONGEST_TITLE, Article
from plugins.knowledge.choices import DRAFT, OUTDATED, PUBLISHED, WITHDRAWN
from plugins.knowledge.lines.models import ArticleLine

NEW_VERSION, CONFIRM = "new_version", "confirm"
_COPIED = ("kind_id", "topic_id", "product_id", "title_zh", "title_en", "text_zh", "text_en",
           "tags", "audience_id", "owner_id", "origin", "machine_written")
_COPIED_LINE = ("position", "name", "name_en", "model", "price", "months", "kilometres", "scope",
                "service_number", "valid_from", "valid_until")
# Characters of a text: a page shows it, and each keystroke draws the best five.
LONGEST_TEXT = 20_000
_CONFIRM_FORM = Form("confirm", N_("Confirm the article"), (Section("main", "", (
    Field("review_on", Kind.DATE, N_("Review again on"), True),)),))


class ArticleOperations(WorkflowOperations):
    """Operations on articles: drafts are changed; later texts are a new version."""

    step_columns = frozenset({"approver_id", "published_at", "reviewed_on"})
    action_icons = {"submit": "send", "publish": "check", "send_back": "arrow-back-up",
                    "withdraw": "circle-x", "outdate": "clock-x", "install": "download"}

    # --- rules -------------------------------------------------------------------------------
    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Number the version after those of the same article; its author looks after it."""
        given = dict(values)
        root = given.get("root_id")
        given["edition"] = 1 + (session.scalar(select(func.max(Article.edition)).where(
            Article.root_id == root)) or 0) if root else 1
        given["owner_id"] = given.get("owner_id") or actor.user_id
        given["name"] = _name_of(given)
        return given

    def refuse_change(self, session: Session, actor: Actor, record: Article) -> Message | None:
        """What was handed in says what was handed in."""
        if record.state != DRAFT:
            return Message(N_("Only a draft is changed: make a new version."))
        return super().refuse_change(session, actor, record)

    def refuse_delete(self, session: Session, actor: Actor, record: Article) -> Message | None:
        """What was published once is withdrawn, not deleted."""
        if record.published_at is not None:
            return Message(N_("A published article is withdrawn, not deleted."))
        return super().refuse_delete(session, actor, record)

    def validate(
        self, session: Session, actor: Actor, record: Article | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for a title, and for a validity that ends after it begins."""
        errors = super().validate(session, actor, record, values)

        def held(name: str) -> Any:
            return values[name] if name in values else (
                held_value(record, name) if record is not None else None)

        if is_empty(held("title_zh")) and is_empty(held("title_en")):
            errors["title_zh"] = Message(N_("Give it a title in one of the languages."))
        errors |= {name: Message(N_("At most %(most)s characters."), {"most": LONGEST_TEXT})
                   for name in ("text_zh", "text_en") if len(values.get(name) or "") > LONGEST_TEXT}
        start, end = held("valid_from"), held("valid_until")
        if start and end and end < start:
            errors["valid_until"] = Message(N_("It ends before it begins."))
        if record is not None and {"edition", "root_id"} & values.keys():
            errors["edition"] = Message(N_("The number of the version is given by the product."))
        return errors

    def follow(
        self, session: Session, actor: Actor, record: Article, changes: Changes
    ) -> None:
        """Keep the name, and the audience of its lines."""
        super().follow(session, actor, record, changes)
        record.name = _name_of({"title_zh": record.title_zh, "title_en": record.title_en})
        if "audience_id" in changes:
            for line in lines_of(session, record):
                line.audience_id = record.audience_id

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Article:
        article = super()._insert(session, actor, values, reason)
        if article.root_id is None:
            article.root_id = article.id
            session.flush()
        return article

    # --- acts --------------------------------------------------------------------------------
    def actions(
        self, session: Session, actor: Actor, record: Article
    ) -> Sequence[AvailableAction]:
        """Add the new version, and the confirmation that all is still right."""
        found = list(super().actions(session, actor, record))
        if record.is_away:
            return found
        if record.state == PUBLISHED:
            found.append(AvailableAction(
                name=CONFIRM, label=N_("Still right"), icon="calendar-check", form=_CONFIRM_FORM,
                permission=(APPROVE, ARTICLE)))
        if record.state in (PUBLISHED, OUTDATED, WITHDRAWN):
            found.append(AvailableAction(
                name=NEW_VERSION, label=N_("New version"), icon="copy",
                permission=("can_add", ARTICLE),
                blocked=_draft_there(session, record)))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Article, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Make a draft with the text of this version, or note that it was read again."""
        if name == CONFIRM:
            self.store(session, actor, record, {
                "review_on": values["review_on"], "reviewed_on": local_today()})
            return Done(Message(N_("%(number)s is confirmed."), {"number": record.number}))
        if name != NEW_VERSION:
            return super().carry_out(session, actor, record, name, values)
        made = create(session, actor, Article, {
            **{one: getattr(record, one) for one in _COPIED}, "root_id": record.root_id})
        for line in lines_of(session, record):
            create(session, actor, ArticleLine, {
                **{one: getattr(line, one) for one in _COPIED_LINE}, "article_id": made.id})
        return Done(Message(N_("%(number)s is the draft of version %(version)s."),
                            {"number": made.number, "version": made.edition}), made, edits=True)


class LineOperations(RecordOperations):
    """Operations on lines of tables: they are written with the draft that they belong to."""

    required = ("article_id", "name")

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Take the audience of the article."""
        article = session.get(Article, values.get("article_id") or 0)
        return {**values, "audience_id": article.audience_id if article else None}

    def validate(
        self, session: Session, actor: Actor, record: ArticleLine | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse lines of what is no draft, negative numbers, an end before the beginning."""
        errors = super().validate(session, actor, record, values)
        article = session.get(Article, values.get("article_id") or 0)
        if "article_id" in values and (article is None or article.state != DRAFT):
            errors["article_id"] = Message(N_("Choose an article that is a draft."))
        errors |= {
            name: Message(N_("Enter 0 or more.")) for name in ("price", "months", "kilometres")
            if values.get(name) is not None and values[name] < 0}
        start, end = (values[name] if name in values else (
            held_value(record, name) if record is not None else None)
            for name in ("valid_from", "valid_until"))
        if start and end and end < start:
            errors["valid_until"] = Message(N_("It ends before it begins."))
        return errors

    def follow(
        self, session: Session, actor: Actor, record: ArticleLine, changes: Changes
    ) -> None:
        """Take the audience of another article that the line has moved to."""
        super().follow(session, actor, record, changes)
        if "article_id" in changes:
            article = session.get(Article, record.article_id)
            record.audience_id = article.audience_id if article is not None else None

    def refuse_change(self, session: Session, actor: Actor, record: ArticleLine) -> Message | None:
        """A line stays as it is once its article was handed in."""
        if record.article.state != DRAFT:
            return Message(N_("Only lines of a draft are changed: make a new version."))
        return super().refuse_change(session, actor, record)

    def refuse_delete(self, session: Session, actor: Actor, record: ArticleLine) -> Message | None:
        """See ``refuse_change``."""
        return self.refuse_change(session, actor, record)


def lines_of(session: Session, article: Article) -> Sequence[ArticleLine]:
    """Return the lines of an article in their order."""
    return session.scalars(
        select(ArticleLine).where(ArticleLine.article_id == article.id, is_present(ArticleLine))
        .order_by(ArticleLine.position, ArticleLine.id)).all()


def article_operations() -> ArticleOperations:
    """Return the operations of articles."""
    found = operations_of(Article)
    assert isinstance(found, ArticleOperations)
    return found


def is_valid_on(article: Article, day: dt.date) -> bool:
    """Return whether a day lies in the validity of an article."""
    return (article.valid_from is None or article.valid_from <= day) and (
        article.valid_until is None or day <= article.valid_until)


def _name_of(values: Mapping[str, Any]) -> str:
    return str(values.get("title_zh") or values.get("title_en") or "")[:LONGEST_TITLE]


def _draft_there(session: Session, record: Article) -> Message | None:
    number = session.scalar(select(Article.number).where(
        Article.root_id == record.root_id, Article.is_open, is_present(Article)).limit(1))
    return None if number is None else Message(
        N_("%(number)s is a new version already."), {"number": number})
