"""Articles: written, approved by a second person, never changed, followed by a new version."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.access.explanation import ways_to_see
from app.access.services import invalidate_rights
from app.sdk.abilities import call
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.people import local_today
from app.sdk.records import act, actions, create, delete, links_of, update
from app.sdk.services import SYSTEM, scope_filter, write
from plugins.knowledge.articles.body import inserted_text
from plugins.knowledge.articles.models import Article
from plugins.knowledge.articles.operations import lines_of
from plugins.knowledge.finding.answers import answers
from plugins.knowledge.jobs import end_validity, remind
from plugins.knowledge.lines.models import ArticleLine
from plugins.knowledge.tests.helpers import audience, drafted, kind, published, release, send
from plugins.knowledge.uses.models import ArticleUse


def offered(house, username, article):
    return {one.name for one in actions(house.session, house.actor(username), article)
            if one.blocked is None}


def test_a_second_person_approves(house):
    article = drafted(house, "supervisor", owner_id=None)
    assert article.owner_id == house.actor("supervisor").user_id
    act(house.session, house.actor("supervisor"), article, "submit")
    assert "publish" not in offered(house, "supervisor", article)
    assert "publish" not in offered(house, "agent", article)
    with pytest.raises((Rejected, NotPermitted)):
        act(house.session, house.actor("supervisor"), article, "publish")
    act(house.session, house.actor("admin"), article, "publish")
    assert (article.state, article.approver_id) == ("published", house.actor("admin").user_id)
    assert article.review_on > local_today() + dt.timedelta(days=300)


def test_what_is_published_is_never_changed_and_a_change_is_a_new_version(house):
    first = published(house, "agent")
    with pytest.raises(Rejected):
        update(house.session, house.actor("admin"), first, {"text_zh": "改"})
    with pytest.raises(Rejected):
        delete(house.session, house.actor("admin"), first)
    act(house.session, house.actor("agent"), first, "new_version")
    second = house.session.scalars(select(Article).where(
        Article.root_id == first.root_id, Article.edition == 2)).one()
    assert (second.state, second.text_zh, second.owner_id) == (
        "draft", first.text_zh, first.owner_id)
    assert "new_version" not in offered(house, "agent", first)
    update(house.session, house.actor("agent"), second, {"text_zh": "提前还款须提前三个工作日申请。"})
    release(house, second)
    house.session.refresh(first)
    assert (first.state, second.state) == ("outdated", "published")
    [found] = answers(house.session, house.actor("agent"), "提前还款怎么办理", most=1)
    assert found.article.id == second.id


def test_a_draft_without_a_text_is_not_handed_in_and_one_without_a_title_not_written(house):
    with pytest.raises(Invalid):
        drafted(house, title_zh="")
    article = drafted(house, text_zh="")
    with pytest.raises(Rejected):
        act(house.session, house.actor("agent"), article, "submit")
    with pytest.raises(Invalid):
        update(house.session, house.actor("agent"), article,
               {"valid_from": dt.date(2026, 5, 2), "valid_until": dt.date(2026, 5, 1)})


def test_lines_of_a_table_follow_their_article(house):
    agent = house.actor("agent")
    table = drafted(house, title_zh="工时价格", text_zh="", kind_id=kind(house, "repair_prices"))
    create(house.session, agent, ArticleLine, {
        "article_id": table.id, "name": "更换机油", "name_en": "Oil change", "price": Decimal("398.00")})
    with pytest.raises(Invalid):
        create(house.session, agent, ArticleLine, {
            "article_id": table.id, "name": "洗车", "price": Decimal("-1")})
    release(house, table)
    [line] = lines_of(house.session, table)
    with pytest.raises(Rejected):
        update(house.session, agent, line, {"price": Decimal("1.00")})
    with pytest.raises(Invalid):
        create(house.session, agent, ArticleLine, {"article_id": table.id, "name": "洗车"})
    act(house.session, agent, table, "new_version")
    copy = house.session.scalars(select(ArticleLine).where(ArticleLine.id != line.id)).one()
    assert (copy.name, copy.price) == ("更换机油", Decimal("398.00"))
    page = house.client("agent").get(f"/knowledge/show/{table.id}").text
    assert "398.00" in page


def test_an_audience_hides_an_article_and_its_lines(house):
    hidden = published(house, "agent", audience_id=audience(house, "supervisor"))
    create_line = drafted(house, "admin", audience_id=audience(house, "supervisor"),
                          kind_id=kind(house, "repair_prices"))
    line = create(house.session, house.actor("admin"), ArticleLine, {
        "article_id": create_line.id, "name": "内部价"})
    for username, sees in (("agent", False), ("supervisor", True), ("admin", True)):
        actor = house.actor(username)
        seen = house.session.scalars(select(Article.id).where(scope_filter(actor, Article))).all()
        assert (hidden.id in seen) is sees, username
        found = [one.article.id for one in answers(house.session, actor, "提前还款怎么办理")]
        assert (hidden.id in found) is sees
        client = house.client(username)
        assert client.get(f"/knowledge/show/{hidden.id}").status_code == (200 if sees else 404)
        assert client.get(f"/knowledge/lines/show/{line.id}").status_code == (200 if sees else 404)


def test_an_audience_of_several_roles_follows_the_roles_not_their_names(house):
    both = audience(house, "leader", "hr")
    article = published(house, "admin", audience_id=both)

    def readers():
        return {name for name in ("agent", "leader", "hr") if house.session.scalar(
            select(Article.id).where(
                Article.id == article.id, scope_filter(house.actor(name), Article)))}

    assert readers() == {"leader", "hr"}
    role = house.session.scalars(select(Role).where(Role.name == "hr")).one()
    with write(house.session):
        role.name = "people office"
        invalidate_rights(house.session)
    assert readers() == {"leader", "hr"}
    assert [one.kind for one in ways_to_see(house.actor("hr"), {}, article)] == ["audience"]
    page = house.client("hr").get(f"/knowledge/show/{article.id}").text
    assert "leader + hr" in page


def test_an_admin_makes_audiences_and_an_author_chooses_one(house):
    admin = house.client("admin")
    roles = dict(house.session.execute(select(Role.name, Role.id)).all())
    made = send(admin, "/knowledge/audiences/add", code="front", name="Front", name_zh="前台",
                roles=[str(roles["agent"]), str(roles["leader"])])
    assert made.status_code == 302
    listed = admin.get("/knowledge/audiences/list/", headers={"Accept-Language": "en"}).text
    assert "Agent, Leader" in listed
    assert house.client("agent").get("/knowledge/audiences/list/").status_code == 403
    offered = house.client("agent").get("/knowledge/options/audience", headers={
        "Accept-Language": "zh"}).json["options"]
    assert "前台" in {one["label"] for one in offered}


def test_validity_ends_and_owners_are_reminded_once(house):
    today = local_today()
    ended = published(house, "agent", title_zh="端午活动", valid_until=today - dt.timedelta(days=1))
    due = published(house, "agent", title_zh="还款渠道", review_on=today + dt.timedelta(days=3))
    assert end_validity(house.session) == 1
    assert (ended.state, due.state) == ("outdated", "published")
    assert (remind(house.session), remind(house.session)) == (1, 0)
    assert "还款渠道" in house.client("agent").get("/notices/").text
    act(house.session, house.actor("supervisor"), due, "confirm",
        {"review_on": today + dt.timedelta(days=200)})
    assert due.reviewed_on == today


def test_a_closed_complaint_becomes_a_draft_and_what_changes_names_what_it_answered(house):
    agent = house.actor("agent")
    complaint = call(house.session, agent, "complaints.open", {
        "customer_name": "王小明", "contact": "13812345678",
        "reason": "提前还款后迟迟没有办理解除抵押，电话 13812345678"})
    address = "/abilities/knowledge.draft/at-once"
    page = f"/complaints/show/{complaint.id}"
    assert address not in house.client("agent").get(page).text
    act(house.session, agent, complaint, "withdraw", {"withdrawal_reason": "客户撤诉"})
    client = house.client("agent")
    [form] = [one for one in re.findall(r"<form.*?</form>", client.get(page).text, re.S)
              if f'action="{address}"' in one]
    click = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    made, again = (client.post(address, data=click) for _ in range(2))
    house.session.rollback()
    article = house.session.scalars(select(Article).where(
        Article.origin == complaint.number)).one()
    assert made.headers["Location"] == f"/knowledge/show/{article.id}"
    assert again.headers["Location"] == page
    assert article.state == "draft" and "迟迟没有办理解除抵押" in article.text_zh
    assert "13812345678" not in article.title_zh + article.text_zh
    with pytest.raises(Rejected):
        call(house.session, agent, "knowledge.answered", {"article_id": article.id})
    release(house, article)
    call(house.session, agent, "knowledge.answered",
         {"article_id": article.id, "question": "什么时候解除抵押"}, origin=complaint)
    assert "knowledge.answered" in {one.kind for one in links_of(house.session, agent, complaint)}
    call(house.session, agent, "knowledge.answered", {"article_id": article.id}, origin=complaint)
    assert house.session.query(ArticleUse).filter_by(use="answered").count() == 1
    assert complaint.number in house.client("supervisor").get(f"/knowledge/show/{article.id}").text


def test_a_changed_article_sends_an_event_with_what_it_answered(house, monkeypatch):
    sent = []
    monkeypatch.setattr("plugins.knowledge.articles.guards_and_effects.emit",
                        lambda session, name, record, data, by: sent.append((name, data)))
    agent = house.actor("agent")
    article = published(house)
    assert sent == []
    complaint = call(house.session, agent, "complaints.open", {
        "customer_name": "李雷", "contact": "13812345678", "reason": "怎么提前还款"})
    call(house.session, agent, "knowledge.answered", {"article_id": article.id}, origin=complaint)
    act(house.session, agent, article, "new_version")
    second = house.session.scalars(select(Article).where(Article.edition == 2)).one()
    release(house, second)
    assert sent == [("knowledge.article_changed", {
        "title": "提前还款怎么办理", "previous_id": article.id,
        "before": inserted_text(article, "zh"), "after": inserted_text(second, "zh"),
        "answered": [["complaints.complaint", complaint.id]]})]


def test_the_event_is_declared_as_it_is_sent(house):
    article = published(house)
    act(house.session, house.actor("agent"), article, "new_version")
    second = house.session.scalars(select(Article).where(Article.edition == 2)).one()
    release(house, second)
    assert second.state == "published"


def test_the_product_ships_phrases_and_forbidden_words(house):
    page = house.client("agent").get("/knowledge/phrases", headers={"Accept-Language": "zh"}).text
    for word in ("问候", "来访欢迎", "祝贺", "道歉", "道谢", "应答", "征询", "祈求", "商量", "解释", "十字",
                 "反馈", "开头语", "结束语"):
        assert word in page, word
    assert house.client("agent").get("/knowledge/forbidden-words/list/").status_code == 200


@pytest.mark.parametrize(("username", "address", "status"), [
    ("supervisor", "/knowledge/use", 200), ("agent", "/knowledge/use", 403),
    ("supervisor", "/knowledge/gaps/list/", 200), ("agent", "/knowledge/gaps/list/", 403),
    ("agent", "/knowledge/add", 200), ("leader", "/knowledge/add", 403)])
def test_screens_open_by_role(house, username, address, status):
    assert house.client(username).get(address).status_code == status


def test_the_system_may_not_be_imitated(house):
    article = drafted(house)
    with pytest.raises((Rejected, NotPermitted)):
        act(house.session, house.actor("admin"), article, "install")
    act(house.session, SYSTEM, article, "install")
    assert article.state == "published"
