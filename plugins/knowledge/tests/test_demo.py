"""The demonstration: a library with uses, gaps, and work for those who approve."""

from __future__ import annotations

from sqlalchemy import func, select

from app.sdk.demo import DemoContext
from plugins.knowledge.articles.models import Article
from plugins.knowledge.demo import load
from plugins.knowledge.finding.answers import answers
from plugins.knowledge.gaps.models import Gap


def test_a_library_with_uses_gaps_and_work_for_today(house):
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x")
    assert "articles and tables" in load(context)
    states = dict(map(tuple, house.session.execute(
        select(Article.state, func.count()).where(Article.created_by_id.is_not(None)).group_by(Article.state))))
    assert states["published"] >= 40 and states["in_review"] == 1 and states["draft"] == 2
    assert not house.session.scalar(select(Article.id).where(Article.machine_written).limit(1))
    assert house.session.scalar(select(func.max(Gap.times))) == 6
    agent = house.actor("agent")
    for question, title in (("客户想把贷款一次结清", "提前还款怎么办理"), ("my car broke down on the road", "车辆半路抛锚怎么救援")):
        assert answers(house.session, agent, question)[0].article.title_zh == title
    assert "already" in load(context)
    page = house.client("supervisor").get("/knowledge/use", headers={"Accept-Language": "zh"}).text
    assert "提前还款怎么办理" in page and "配件没货要等多久" in page
    for path in ("/knowledge/list/", "/knowledge/phrases", "/", "/knowledge/lines/list/"):
        assert house.client("agent").get(path).status_code == 200
