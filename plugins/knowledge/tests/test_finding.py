"""Finding: words, votes of earlier questions, product, rights; uses, gaps, warnings, the chat."""

from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.sdk.abilities import call
from app.sdk.errors import Rejected
from app.sdk.records import act, create, get, update
from app.sdk.services import SYSTEM, utcnow, write
from plugins.knowledge.articles import markdown
from plugins.knowledge.articles.models import Article, ArticleProduct
from plugins.knowledge.finding import documents
from plugins.knowledge.finding.answers import answers
from plugins.knowledge.finding.cleaning import cleaned, digest_of
from plugins.knowledge.finding.models import ArticleDocument
from plugins.knowledge.finding.ranking import Entry, counted, rank, rarity
from plugins.knowledge.gaps.models import Gap
from plugins.knowledge.importing import write_rows
from plugins.knowledge.tests.helpers import drafted, published, release, send
from plugins.knowledge.uses.models import ArticleUse
from plugins.knowledge.uses.services import Tally, bad, frequent, tallies
from plugins.knowledge.words.models import ForbiddenWord
from plugins.knowledge.words.services import holds

PLACE = "/suggestions/complaints.Complaint"
ANSWER = "/api/v1/knowledge/answer"


# --- ranking, pure -----------------------------------------------------------------------------
def test_the_article_with_the_rare_word_wins():
    entries = {"loan": [Entry(1, 10, 1, 5), Entry(2, 20, 1, 5)], "rescue": [Entry(2, 20, 1, 5)]}
    first, second = rank(["loan", "rescue"], entries, 50, 5.0)
    assert (first.root, second.root) == (20, 10)
    assert 0 < second.likeness < first.likeness <= 1


def test_several_near_questions_outvote_one():
    entries = {"card": [Entry(key, root, 1, 4) for key, root in ((1, 10), (2, 20), (3, 20))]}
    assert [one.root for one in rank(["card"], entries, 9, 4.0)] == [20, 10]


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8),
       st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 9), st.integers(1, 4)),
                max_size=30))
def test_likeness_is_a_share_and_the_order_is_that_of_scores(asked, held):
    entries = {}
    for word, document, root in held:
        entries.setdefault(word, []).append(Entry(document, root * 0 + document % 4, 1, 5))
    found = rank(asked, entries, 40, 5.0)
    assert all(0 <= one.likeness <= 1 and one.score >= 0 for one in found)
    assert found == sorted(found, key=lambda one: (-one.score, one.root))
    assert len({one.root for one in found}) == len(found)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_word_in_more_documents_weighs_less(holding, more):
    documents_ = holding + more
    assert rarity(holding, documents_) > rarity(documents_, documents_) > 0


def test_words_are_compared_without_english_endings():
    assert counted(["cards", "card", "paying", "pay", "is"]) == {"card": 2, "pay": 2, "is": 1}


# --- cleaning, Markdown, words: pure ------------------------------------------------------------
@given(st.text(max_size=400))
def test_a_question_is_kept_short_on_one_line_without_addresses_and_long_numbers(text):
    held = cleaned(text)
    assert len(held) <= 300 and "\n" not in held and "@" not in held
    assert not re.search("[0-9]{5}", held)


def test_a_question_is_kept_without_what_tells_who_asked():
    held = cleaned("我的电话 138 1234 5678，车牌 沪B·MW96V，邮箱 li@example.com，合同 20260012345")
    assert not any(one in held for one in ("1234", "MW96V", "example", "0012345"))
    assert digest_of("怎么还款？") == digest_of("怎么还款")


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://evil.example/a.png)",
    '<img src=x onerror="alert(1)">', "[x](data:text/html;base64,AAAA)", "<a href='x' style='y'>z</a>"])
def test_nothing_of_a_text_is_live(text):
    html = markdown.render(text)
    assert not any(one in html for one in ("<script", "<img", 'href="javascript', 'href="data', "<a "))


@given(st.text(max_size=200))
def test_any_text_gives_safe_markup(text):
    html = markdown.render(text, {"a.png": "/knowledge/files/1/2"}).lower()
    assert "<script" not in html and "<iframe" not in html and "<style" not in html


def test_markdown_has_headings_tables_lists_and_own_pictures():
    html = markdown.render("# 标题\n\n- 一\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![车](a.png)",
                           {"a.png": "/knowledge/files/1/2"})
    assert "<h3>标题</h3>" in html and "<li>一</li>" in html and "<td>1</td>" in html
    assert '<img src="/knowledge/files/1/2"' in html
    assert markdown.plain("# 标题\n\n**一**\n二") == "标题\n一\n二"


@pytest.mark.parametrize(("text", "word", "found"), [
    ("你急什么呢", "你急什么", True), ("Calm  down", "calm down", False), ("Calm down!", "calm down", True),
    ("becalm downs", "calm down", False), ("", "x", False)])
def test_latin_words_count_as_whole_words(text, word, found):
    assert holds(text, word) is found


# --- while typing -------------------------------------------------------------------------------
def test_an_article_is_found_by_half_a_sentence_inserted_and_counted_as_the_answer(house):
    article = published(house, title_zh="提前还款怎么办理", title_en="Early repayment", tags="结清")
    published(house, title_zh="逾期罚息怎么算", text_zh="按合同约定的日利率计算。")
    client = house.client("agent")
    page = send(client, PLACE, text="客户想提前还款", record="complaints.complaint").text
    name = f"knowledge.articles/{article.id}"
    assert page.index(f'data-suggestion="{name}"') < page.index("罚息") if "罚息" in page else True
    assert "Early repayment" in page and "十个工作日" in page
    for use in ("opened", "inserted"):
        assert send(client, f"{PLACE}/used", text="x", name=name, use=use).status_code == 204
    made = send(client, "/complaints/add", customer_name="王小明", contact="13812345678",
                reason="贷款提前结清要等多久", suggestion_answered=name)
    assert made.status_code == 302
    house.session.rollback()
    uses = house.session.scalars(select(ArticleUse).order_by(ArticleUse.id)).all()
    assert [one.use for one in uses] == ["opened", "inserted", "answered"]
    complaint = get(house.session, house.actor("agent"), uses[-1].record_type, uses[-1].record_id)
    assert complaint.reason == "贷款提前结清要等多久"


def test_what_answered_before_answers_again(house):
    first = published(house, title_zh="还款渠道", text_zh="可通过绑定的银行卡自动扣款。")
    agent = house.actor("agent")
    question = "月供从哪张卡里扣"
    assert [one.article.id for one in answers(house.session, agent, "每个月的月供怎么扣")] != [first.id]
    call(house.session, agent, "knowledge.answered", {"article_id": first.id, "question": question})
    call(house.session, agent, "knowledge.answered", {"article_id": first.id, "question": question})
    [found] = answers(house.session, agent, "每个月的月供怎么扣", most=1)
    assert found.article.id == first.id
    [document] = house.session.scalars(select(ArticleDocument).where(
        ArticleDocument.kind == "question")).all()
    assert document.times == 2
    assert call(house.session, agent, "knowledge.suggest", {"question": "月供怎么扣"}).id == first.id
    with pytest.raises(Rejected):
        call(house.session, agent, "knowledge.suggest", {"question": "zzzz"})


def test_the_product_decides_between_two(house):
    keys = {row.code: row.id for row in house.session.execute(select(ArticleProduct.code, ArticleProduct.id))}
    used = published(house, title_zh="首付比例", text_zh="二手车首付比例见合同。", product_id=keys["used_car_loan"])
    new = published(house, title_zh="首付比例", text_zh="新车首付比例见合同。", product_id=keys["new_car_loan"])
    agent = house.actor("agent")
    for context, wanted in (("二手车贷款", used), ("新车贷款", new)):
        assert answers(house.session, agent, "首付比例是多少", context)[0].article.id == wanted.id


def test_drafts_and_withdrawn_articles_are_not_found(house):
    article = drafted(house, title_zh="延期还款申请")
    agent = house.actor("agent")
    assert answers(house.session, agent, "延期还款申请") == [] or all(
        one.article.id != article.id for one in answers(house.session, agent, "延期还款申请"))
    release(house, article)
    assert answers(house.session, agent, "延期还款申请")[0].article.id == article.id
    act(house.session, house.actor("supervisor"), article, "withdraw", {"reason": "停办"})
    assert all(one.article.id != article.id for one in answers(house.session, agent, "延期还款申请"))
    assert answers(house.session, house.actor("agent"), "") == []


def test_no_answer_becomes_a_gap_that_is_counted_and_filled(house):
    client, agent = house.client("agent"), house.actor("agent")
    for _ in range(2):
        assert send(client, f"{PLACE}/used", text="车子能不能开去西藏，电话13812345678", name="",
                    use="unanswered", record="complaints.complaint").status_code == 204
    house.session.rollback()
    gap = house.session.scalars(select(Gap)).one()
    assert (gap.times, gap.status) == (2, "open") and "13812345678" not in gap.question
    with pytest.raises(Rejected):
        update(house.session, house.actor("supervisor"), gap, {"question": "x"})
    act(house.session, house.actor("supervisor"), gap, "write")
    article = house.session.get(Article, gap.article_id)
    assert (gap.status, article.title_zh) == ("filled", gap.question)
    update(house.session, house.actor("supervisor"), article, {"text_zh": "进藏前请先备案。"})
    act(house.session, house.actor("supervisor"), article, "submit")
    act(house.session, house.actor("admin"), article, "publish")
    assert answers(house.session, agent, "开去西藏可以吗")[0].article.id == article.id
    send(client, f"{PLACE}/used", text="车子能不能开去西藏，电话13812345678", name="", use="unanswered")
    house.session.rollback()
    house.session.refresh(gap)
    assert (gap.times, gap.status) == (3, "open")


def test_bad_and_frequent_articles(house):
    good, poor = published(house), published(house, title_zh="逾期罚息")
    with write(house.session):
        house.session.add_all(
            [ArticleUse(root_id=good.root_id, article_id=good.id, use="answered") for _ in range(6)]
            + [ArticleUse(root_id=poor.root_id, article_id=poor.id, use="opened") for _ in range(6)])
    found = tallies(house.session, house.actor("supervisor"), utcnow().replace(year=2020))
    assert [one.article.id for one in frequent(found)] == [good.id]
    assert [one.article.id for one in bad(found)] == [poor.id]
    assert Tally(article=good).share == 1.0
    page = house.client("supervisor").get("/knowledge/use", headers={"Accept-Language": "zh"}).text
    assert "逾期罚息" in page


def test_forbidden_words_are_warned_of_and_block_nothing(house):
    create(house.session, SYSTEM, ForbiddenWord, {"word": "爱买不买", "instead": "欢迎您再比较"})
    page = send(house.client("agent"), PLACE, text="", all_text="跟客户说爱买不买").text
    assert "爱买不买" in page and "欢迎您再比较" in page
    made = send(house.client("agent"), "/complaints/add", customer_name="王小明",
                contact="13812345678", reason="爱买不买")
    assert made.status_code == 302


# --- the chat, and files ------------------------------------------------------------------------
def ask(house, username, **body):
    client = house.client(username)
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    return client.post(ANSWER, json=body, headers={"X-CSRFToken": token})


def test_the_chat_gets_the_best_article_or_a_person(house):
    article = published(house)
    found = ask(house, "admin", question="提前还款怎么办理").json
    assert (found["hand_over"], found["article"]["id"]) == (False, article.id) and found["score"] > 0.45
    handed = ask(house, "admin", question="今天天气如何呀朋友", enquiry={"channel": "chat"}).json
    assert handed["hand_over"] is True and "enquiry" in handed
    house.session.rollback()
    assert house.session.query(Gap).one().question == "今天天气如何呀朋友"
    assert ask(house, "admin", question="").status_code == 422
    assert ask(house, "admin", question="x", language="fr").status_code == 422
    assert ask(house, "agent", question="提前还款怎么办理").status_code == 403


class Row:
    """A row as an import hands it over."""

    def __init__(self, line, **values):
        self.line, self.values = line, values


def test_machine_written_questions_and_answers_come_in_as_marked_drafts(house):
    file = house.app.config["CARELINE_SETTINGS"].data_dir / "zh_finance_faq_disc_dev.csv"
    with file.open(encoding="utf-8") as lines:
        rows = [Row(place, question=row["question"][:300], answer=row["answer"], machine_written=True)
                for place, row in zip(range(40), csv.DictReader(lines), strict=False)]
    supervisor = house.actor("supervisor")
    with write(house.session):
        first = write_rows(house.session, supervisor, rows, "skip")
        again = write_rows(house.session, supervisor, rows, "skip")
    assert {one.action for one in again} == {"skipped"} and len(first) == 40
    drafts = house.session.scalars(select(Article).where(Article.machine_written)).all()
    assert {one.state for one in drafts} == {"draft"}
    page = house.client("agent").get(f"/knowledge/show/{drafts[0].id}", headers={"Accept-Language": "en"})
    assert "Machine-written: check before use" in page.text


def test_thousands_of_questions_are_ranked_from_a_bounded_number_of_rows(house, monkeypatch):
    article = published(house)
    with write(house.session):
        documents.put_questions(house.session, [(article.root_id, f"还款 问题 {n}号") for n in range(60)])
    monkeypatch.setattr(documents, "MOST_ENTRIES", 10)
    assert documents.ranked(house.session, "还款 问题")[0].root == article.root_id
