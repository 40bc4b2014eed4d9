"""Screens and REST API of articles and of the lines of their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.sdk import N_
from app.sdk.records import summaries
from app.sdk.screens import (
    Chip,
    RecordApi,
    RecordHeader,
    RecordInterface,
    RecordPage,
    RecordView,
    SavedList,
    Section,
    WorkflowView,
    current_person,
    page_language,
)
from app.sdk.services import db, is_present, scope_filter
from plugins.knowledge.access import APPROVE, ARTICLE, LINE
from plugins.knowledge.answer_api import AnswerApi
from plugins.knowledge.articles.body import body_of, has_lines
from plugins.knowledge.articles.models import Article
from plugins.knowledge.articles.pages import PhrasesPage, UsePage
from plugins.knowledge.choices import IN_REVIEW, PUBLISHED
from plugins.knowledge.lines.models import ArticleLine
from plugins.knowledge.uses.services import answered_records

_SHOWN_ANSWERED = 50


class ArticleHeader(RecordHeader):
    """The head of an article's page."""

    def badges(self, record: Article) -> Sequence[Chip]:
        """Say where a text comes from, and for whom it is."""
        chips = list(super().badges(record))
        if record.machine_written:
            chips.append(Chip(label=N_("Machine-written: check before use"), tone="warn",
                              icon="robot"))
        if record.audience is not None:
            chips.append(Chip(label=record.audience.titled(page_language()), icon="users"))
        return chips


class ArticlePage(RecordPage):
    """The page of an article: what it says first, then what is known about it."""

    def context(self, record: Article) -> Mapping[str, Any]:
        """Add the text in the reader's language, a later version, and what it answered."""
        language, person = page_language(), current_person()
        other = "en" if language == "zh" else "zh"
        later = db.session.scalars(select(Article).where(
            Article.root_id == record.root_id, Article.state == PUBLISHED,
            Article.id != record.id, is_present(Article),
            scope_filter(person, Article, indexed=False))).first()
        answered = answered_records(db.session, record.root_id)[:_SHOWN_ANSWERED] \
            if person.can(APPROVE, ARTICLE) else []
        found = summaries(db.session, person, answered) if answered else {}
        return {
            **super().context(record), "heading": record.titled(language), "language": language,
            "body": body_of(db.session, record, language, pictures=True), "other": other,
            "other_heading": record.titled(other),
            "other_body": body_of(db.session, record, other, pictures=True)
            if getattr(record, f"text_{other}") and getattr(record, f"text_{language}") else "",
            "later": later, "has_lines": has_lines(record),
            "answered": [found[one] for one in answered if one in found],
        }


class LineView(RecordView):
    """Lines of price tables, warranty tables and lists of numbers."""

    datamodel = RecordInterface(ArticleLine)
    route_base = "/knowledge/lines"
    class_permission_name = LINE
    list_title = N_("Lines of tables")
    record_label = N_("Line of a table")
    icon = "table"
    list_columns = ["number", "article", "name", "model", "price", "months", "kilometres",
                    "service_number", "valid_from", "valid_until"]
    list_choice = ["name_en", "scope", "position"]
    filter_columns = ["article", "valid_from", "valid_until"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    label_columns = {
        "article": N_("Article"), "name": N_("Name"), "name_en": N_("Name in English"),
        "model": N_("Model"), "price": N_("Price in yuan"), "months": N_("Months of warranty"),
        "kilometres": N_("Kilometres of warranty"), "scope": N_("Scope"),
        "service_number": N_("Number to call"), "valid_from": N_("Valid from"),
        "valid_until": N_("Valid until"), "position": N_("Position"),
    }
    form_sections = (
        Section(fields=("article", "name", "name_en", "model", "price", "months", "kilometres",
                        "scope", "service_number", "valid_from", "valid_until", "position")),)
    prefill_columns = ["article"]


class ArticleView(WorkflowView):
    """Articles: list, reading, approval, versions."""

    datamodel = RecordInterface(Article)
    route_base = "/knowledge"
    class_permission_name = ARTICLE
    list_title = N_("Articles")
    record_label = N_("Article")
    icon = "books"
    importer_name = "knowledge.articles"
    list_columns = ["number", "title_zh", "title_en", "kind", "topic", "product", "state",
                    "review_on", "owner"]
    list_choice = ["tags", "audience", "edition", "valid_from", "valid_until", "published_at",
                   "reviewed_on", "machine_written", "approver"]
    filter_columns = ["state", "kind", "topic", "product", "audience", "owner", "review_on",
                      "valid_from", "valid_until", "published_at", "machine_written"]
    default_filters = {"state__in": [PUBLISHED]}
    plain_title = N_("Published")
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), filters={"owner__in": ["me"]}),
        SavedList(name="in_review", title=N_("To be reviewed"), filters={"state__in": [IN_REVIEW]}),
        SavedList(name="review_due", title=N_("Review due"), sort="review_on",
                  filters={"state__in": [PUBLISHED], "review_on__period": ["next_30_days"]}),
        SavedList(name="review_overdue", title=N_("Review overdue"), sort="review_on",
                  filters={"state__in": [PUBLISHED], "review_on__period": ["overdue"]}),
    )
    calendar_column = "review_on"
    assignable = True
    default_sort = "-published_at"
    bulk_columns = ()
    label_columns = {
        "title_zh": N_("Title in Chinese"), "title_en": N_("Title in English"),
        "text_zh": N_("Text in Chinese"), "text_en": N_("Text in English"),
        "kind": N_("Kind of article"), "topic": N_("Topic of the article"),
        "product": N_("Product"),
        "tags": N_("Tags"), "audience": N_("Audience"), "valid_from": N_("Valid from"),
        "valid_until": N_("Valid until"), "review_on": N_("Review on"),
        "reviewed_on": N_("Reviewed on"), "edition": N_("Version"),
        "published_at": N_("Published at"), "approver": N_("Approved by"),
        "machine_written": N_("Machine-written"), "origin": N_("Origin"),
        "owner": N_("Looked after by"), "root_id": N_("First version"),
    }
    description_columns = {
        "text_zh": N_("Markdown: ## heading, **bold**, - list, | table |. A picture that lies on "
                      "the article: ![what it shows](name.png)"),
        "tags": N_("Words with blanks between them, by which it is found as well."),
        "audience": N_("Only people of these roles find and read it."),
        "review_on": N_("Left empty, the settings say when."),
    }
    form_sections = (
        Section(fields=("title_zh", "title_en", "kind", "topic", "product", "tags", "text_zh",
                        "text_en"), wide=("text_zh", "text_en")),
        Section(title=N_("Validity and care"),
                fields=("audience", "owner", "valid_from", "valid_until", "review_on", "origin")),
    )
    prefill_columns = ["title_zh", "title_en", "kind", "topic", "product"]
    show_sections = (
        Section(fields=("kind", "topic", "product", "tags", "audience", "owner", "edition",
                        "valid_from", "valid_until", "review_on", "reviewed_on", "approver",
                        "published_at", "origin")),
    )
    related_views = [LineView]
    show_template = "knowledge/article.html"
    list_template = "knowledge/list.html"
    record_page = ArticlePage
    record_header = ArticleHeader
    phrases_page = PhrasesPage
    use_page = UsePage


class ArticleApi(AnswerApi, RecordApi):
    """Articles over REST under ``/api/v1/knowledge``, with the answer for the house's own chat."""

    datamodel = RecordInterface(Article)
    resource_name = "knowledge"
    class_permission_name = ARTICLE
    list_columns = ["id", "number", "title_zh", "title_en", "kind", "topic", "product", "state",
                    "edition", "review_on"]
    show_columns = [*list_columns, "text_zh", "text_en", "tags", "audience", "valid_from",
                    "valid_until", "published_at", "machine_written", "version"]
    add_columns = ["title_zh", "title_en", "text_zh", "text_en", "kind", "topic", "product",
                   "tags", "audience", "valid_from", "valid_until", "review_on", "origin"]
    edit_columns = add_columns
