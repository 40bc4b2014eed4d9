"""Writing and reading the documents by which articles are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.sdk.services import search_words
from plugins.knowledge.articles.models import Article
from plugins.knowledge.finding.cleaning import cleaned, digest_of
from plugins.knowledge.finding.models import ArticleDocument, ArticlePosting
from plugins.knowledge.finding.ranking import Entry, Ranked, counted, rank

TITLE, TEXT, QUESTION = "title", "text", "question"
# Words of a question that are looked up, the rarest first, and entries read for them at most.
MOST_WORDS, MOST_ENTRIES = 24, 20_000


def put_article(session: Session, article: Article) -> None:
    """Let a published version be found by its titles with tags, and by its texts."""
    drop_article(session, article)
    assert article.root_id is not None, "every stored article has a root"
    titles = " ".join((article.title_zh, article.title_en, article.tags))
    put(session, article.root_id, TITLE, titles)
    put(session, article.root_id, TEXT, f"{titles} {article.text_zh} {article.text_en}")


def drop_article(session: Session, article: Article) -> None:
    """Let an article be found no more by its own words."""
    own = select(ArticleDocument.id).where(
        ArticleDocument.root_id == article.root_id, ArticleDocument.kind.in_((TITLE, TEXT)))
    session.execute(delete(ArticlePosting).where(ArticlePosting.document_id.in_(own)))
    session.execute(delete(ArticleDocument).where(
        ArticleDocument.root_id == article.root_id, ArticleDocument.kind.in_((TITLE, TEXT))))


def put(session: Session, root_id: int, kind: str, text: str) -> None:
    """Write one document; a question that is there already is counted up.

    Args:
        session: session with a running write.
        root_id: key of the article that it leads to.
        kind: ``TITLE``, ``TEXT`` or ``QUESTION``.
        text: its text; of a question only words are kept, without numbers of persons.
    """
    text = cleaned(text) if kind == QUESTION else text
    words = counted(search_words(text))
    if not words:
        return
    digest = digest_of(text) if kind == QUESTION else ""
    known = session.scalar(select(ArticleDocument).where(
        ArticleDocument.root_id == root_id, ArticleDocument.kind == kind,
        ArticleDocument.digest == digest))
    if known is not None:
        known.times += 1
        return
    document = ArticleDocument(
        root_id=root_id, kind=kind, digest=digest, length=sum(words.values()), times=1)
    session.add(document)
    session.flush()
    session.execute(insert(ArticlePosting), [
        {"word": word[:40], "document_id": document.id, "count": count}
        for word, count in words.items()])


def put_questions(session: Session, questions: Iterable[tuple[int, str]]) -> None:
    """Write questions that were answered before: key of the article and text of each."""
    for root_id, text in questions:
        put(session, root_id, QUESTION, text)


def ranked(session: Session, text: str) -> list[Ranked]:
    """Return articles for a question by key of their first version, the best first.

    Args:
        session: any session.
        text: what was asked.
    """
    asked = counted(search_words(text))
    if not asked:
        return []
    documents, average = session.execute(
        select(func.count(), func.avg(ArticleDocument.length))).one()
    if not documents:
        return []
    holding: dict[str, int] = {row.word: row.number for row in session.execute(
        select(ArticlePosting.word, func.count().label("number"))
        .where(ArticlePosting.word.in_(sorted(asked))).group_by(ArticlePosting.word))}
    entries = _entries(session, _rarest(holding))
    return rank(asked, entries, documents, float(average), holding)


def _rarest(holding: dict[str, int]) -> list[str]:
    """Return the words to look up: the rare ones say most, and the common ones cost most."""
    chosen: list[str] = []
    read = 0
    for word, number in sorted(holding.items(), key=lambda one: (one[1], one[0]))[:MOST_WORDS]:
        read += number
        if chosen and read > MOST_ENTRIES:
            break
        chosen.append(word)
    return chosen


def _entries(session: Session, words: Sequence[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {word: [] for word in words}
    for row in session.execute(
        select(ArticlePosting.word, ArticleDocument.id, ArticleDocument.root_id,
               ArticlePosting.count, ArticleDocument.length, ArticleDocument.times)
        .join(ArticleDocument, ArticleDocument.id == ArticlePosting.document_id)
        .where(ArticlePosting.word.in_(words))
    ):
        found[row[0]].append(Entry(*row[1:]))
    return found
