"""What the knowledge base offers to other plugins, and what it puts on their records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_, Ability, LinkKind, RecordAction
from app.sdk.errors import Rejected
from app.sdk.records import create
from app.sdk.services import Actor, find
from app.sdk.workflow import Field, Form, Kind, Message, Section
from plugins.knowledge.access import ANSWERED_LINK, ARTICLE
from plugins.knowledge.articles.guards_and_effects import CHANGED
from plugins.knowledge.articles.models import LONGEST_TITLE, Article
from plugins.knowledge.choices import PUBLISHED
from plugins.knowledge.finding.answers import answers
from plugins.knowledge.finding.cleaning import cleaned_lines
from plugins.knowledge.finding.source import note_answer

DRAFT, ANSWERED = "knowledge.draft", "knowledge.answered"
EVENTS = [CHANGED]
LINK_KINDS = [LinkKind(name=ANSWERED_LINK, forward=N_("Answered by the article"),
                       backward=N_("Has answered"))]
_QUESTIONS = ("question", "reason", "description", "demand", "detail")
_ANSWERS = ("answer", "solution", "result", "feedback")


# --- which article answers ---------------------------------------------------------------------
def suggest(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Article:
    """Return the article that answers a question best.

    Raises:
        Rejected: none fits.
    """
    found = answers(session, actor, values["question"], values.get("product") or "", most=1)
    if not found:
        raise Rejected(Message(N_("No article answers this.")))
    return found[0].article


def answered(session: Session, actor: Actor, values: Mapping[str, Any], origin: Any) -> Article:
    """Note that an article answered a question, and the record that it was asked on.

    Raises:
        Rejected: the actor does not see the article, or it is not published.
    """
    article = find(session, actor, Article, values["article_id"])
    if article is None:
        raise Rejected(Message(N_("There is no such article.")))
    if article.state != PUBLISHED:
        raise Rejected(Message(N_("Only a published article answers.")))
    note_answer(session, actor, article, values.get("question") or "", origin)
    return article


def asked(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    """Begin with what was asked on a record, without numbers of persons."""
    found = [text for name in _QUESTIONS if (text := getattr(origin, name, None))]
    return {"question": cleaned_lines(str(found[0]))} if found else {}


# --- a closed case becomes a draft -------------------------------------------------------------
def draft(session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any) -> Article:
    """Make a draft of what a case taught."""
    return create(session, actor, Article, {
        name: value for name, value in values.items() if value not in (None, "")})


def draft_of(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    """Begin a draft with title, question and answer of a record, without numbers of persons."""
    if origin is None:
        return {}
    parts = [cleaned_lines(str(text)) for names in (_QUESTIONS, _ANSWERS) for name in names
             if (text := getattr(origin, name, None))]
    title = cleaned_lines(str(getattr(origin, "title", "")))[:LONGEST_TITLE]
    text = "\n\n".join(part for part in parts if part)
    language = "zh" if any("\u3400" <= sign <= "\u9fff" for sign in title + text) else "en"
    return {f"title_{language}": title, f"text_{language}": text,
            "origin": str(getattr(origin, "number", ""))}


_TITLES = (Field("title_zh", Kind.TEXT, N_("Title in Chinese"), length=LONGEST_TITLE),
           Field("title_en", Kind.TEXT, N_("Title in English"), length=LONGEST_TITLE))
ABILITIES = [
    Ability(
        name="knowledge.suggest", title=N_("Find the article that answers"), view=ARTICLE,
        permission="can_list", run=suggest, links=False, icon="bulb",
        form=Form("suggest_article", N_("Find the article that answers"), (Section("main", "", (
            Field("question", Kind.LONG_TEXT, N_("What was asked"), True, length=2000),
            Field("product", Kind.TEXT, N_("Product"), length=200))),)),
    ),
    Ability(
        name=ANSWERED, title=N_("An article answered it"), view=ARTICLE,
        permission="can_show", run=answered, defaults=asked, links=False, icon="check",
        form=Form("article_answered", N_("An article answered it"), (Section("main", "", (
            Field("article_id", Kind.RECORD, N_("Article"), True, target="knowledge.article"),
            Field("question", Kind.LONG_TEXT, N_("What was asked"), length=2000))),)),
    ),
    Ability(
        name=DRAFT, title=N_("Draft an article"), view=ARTICLE, permission="can_add",
        run=draft, defaults=draft_of, icon="book-upload",
        form=Form("draft_article", N_("Draft an article"), (Section("main", "", (
            *_TITLES,
            Field("kind_id", Kind.RECORD, N_("Kind of article"), target="knowledge.kind"),
            Field("topic_id", Kind.RECORD, N_("Topic of the article"), target="knowledge.topic"),
            Field("text_zh", Kind.LONG_TEXT, N_("Text in Chinese")),
            Field("text_en", Kind.LONG_TEXT, N_("Text in English")),
            Field("origin", Kind.TEXT, N_("Origin"), length=200))),)),
    ),
]


def _is_closed(record: Any) -> bool:
    return not getattr(record, "is_open", False)


# Cases of plugins that may be absent: one click makes a draft of a closed one, and whoever answered
# without the panel names the article.
_CASES = ("complaints.complaint", "enquiries.enquiry")
ACTIONS = [
    *(RecordAction(record_type=kind, ability=DRAFT, at_once=True, when=_is_closed)
      for kind in _CASES),
    *(RecordAction(record_type=kind, ability=ANSWERED, label=N_("Name the article that answered"))
      for kind in (*_CASES, "callbacks.task")),
]
