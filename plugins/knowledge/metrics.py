"""The figures of the knowledge base."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.metrics import Measure, Metric
from plugins.knowledge.access import ARTICLE, GAP
from plugins.knowledge.articles.models import Article
from plugins.knowledge.choices import GAP_OPEN, PUBLISHED
from plugins.knowledge.gaps.models import Gap

WRITTEN = Measure(name="knowledge.written", model=Article, day="published_at",
                  where={"published_at__filled": "1"})
IN_FORCE = Measure(name="knowledge.in_force", model=Article, where={"state__in": PUBLISHED})
GAPS = Measure(name="knowledge.gaps", model=Gap, where={"status__in": GAP_OPEN})
NEW_GAPS = Measure(name="knowledge.new_gaps", model=Gap, day="created_at")
METRICS = (
    Metric(name="knowledge.written", title=N_("Versions published"), numerator=WRITTEN,
           unit=N_("articles"), endpoint="ArticleView.list", view=ARTICLE, better="higher"),
    Metric(name="knowledge.in_force", title=N_("Articles in force"), numerator=IN_FORCE,
           unit=N_("articles"), endpoint="ArticleView.list", view=ARTICLE, better="higher"),
    Metric(name="knowledge.gaps", title=N_("Questions without an answer"), numerator=GAPS,
           unit=N_("questions"), endpoint="GapView.list", view=GAP, better="lower"),
    Metric(name="knowledge.new_gaps", title=N_("New questions without an answer"),
           numerator=NEW_GAPS, unit=N_("questions"), endpoint="GapView.list", view=GAP,
           better="lower"),
)
