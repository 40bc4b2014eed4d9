"""Questions and answers from files: each row becomes the draft of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.importing import CREATED, SKIPPED, Importer, ImportField, ImportRow, Kind, Outcome
from app.sdk.records import create
from app.sdk.services import Actor, is_present
from plugins.knowledge.access import ARTICLE
from plugins.knowledge.articles.models import LONGEST_TITLE, Article, ArticleKind, ArticleProduct

NAME = "knowledge.articles"


def write_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow], _on_existing: str
) -> list[Outcome]:
    """Write drafts; a question that is there already, in any version, is left as it is."""
    kinds = _by_name(session, ArticleKind)
    products = _by_name(session, ArticleProduct)
    return [Outcome(row.line, _write(session, actor, row.values, kinds, products))
            for row in rows]


def _write(
    session: Session, actor: Actor, values: Mapping[str, Any], kinds: Mapping[str, int],
    products: Mapping[str, int],
) -> str:
    question, answer = str(values["question"]), str(values["answer"])
    language = "zh" if any("\u3400" <= sign <= "\u9fff" for sign in question) else "en"
    title = getattr(Article, f"title_{language}")
    if session.scalar(select(Article.id).where(
            title == question[:LONGEST_TITLE], is_present(Article)).limit(1)) is not None:
        return SKIPPED
    create(session, actor, Article, {
        f"title_{language}": question[:LONGEST_TITLE], f"text_{language}": answer,
        "tags": values.get("tags") or "", "origin": values.get("origin") or "",
        "machine_written": bool(values.get("machine_written")),
        "kind_id": kinds.get(str(values.get("kind") or "").casefold(), kinds.get("answer")),
        "product_id": products.get(str(values.get("product") or "").casefold()),
    })
    return CREATED


def _by_name(session: Session, model: type[Any]) -> dict[str, int]:
    return {name.casefold(): row.id
            for row in session.execute(select(model.id, model.code, model.name, model.name_zh))
            for name in (row.code, row.name, row.name_zh) if name}


def importer() -> Importer:
    """Return the importer of questions and answers."""
    return Importer(
        name=NAME, title=N_("Questions and answers"), view=ARTICLE, write=write_rows,
        fields=(
            ImportField(name="question", label=N_("What was asked"), required=True, length=300,
                        aliases=("title", "标题", "问题")),
            ImportField(name="answer", label=N_("Answer"), kind=Kind.LONG_TEXT, required=True,
                        aliases=("text", "内容", "答案")),
            ImportField(name="kind", label=N_("Kind of article"), length=200),
            ImportField(name="product", label=N_("Product"), length=200),
            ImportField(name="tags", label=N_("Tags"), length=200),
            ImportField(name="origin", label=N_("Origin"), length=200),
            ImportField(name="machine_written", label=N_("Machine-written"), kind=Kind.BOOLEAN),
        ),
        key=("question",),
    )
