"""The list page: paging by key, filters, counts, scope, statements, bad addresses."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import select

from app.database import db, utcnow, write
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Kind

LIST = "/sample/cases/list/"


def keys(page: str) -> list[int]:
    """Return the keys of the rows on a page, in order."""
    return [int(key) for key in re.findall(r'<tr data-row="(\d+)"', page)]


def link(page: str, label: str) -> str | None:
    """Return the address behind a pager button."""
    found = re.search(rf'href="([^"]+)" aria-label="{label}"', page)
    return found.group(1).replace("&amp;", "&") if found else None


@pytest.fixture
def cases(app):
    with app.app_context():
        return add_cases(120)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "sort", ["number", "-number", "received_at", "-received_at", "visits", "-visits",
             "promised_on", "urgent", "-amount"],
)
def test_pages_forward_and_backward_hold_every_row_once(browser, cases, sort):
    agent = browser("agent")
    path, forward = f"{LIST}?sort={sort}&size=17", []
    pages = []
    while path:
        page = agent.get(path).text
        pages.append(keys(page))
        forward += keys(page)
        onward = link(page, "Next page")
        path = f"{LIST}{onward}" if onward else None
    assert sorted(forward) == sorted(cases)
    backward = []
    path = f"{LIST}?sort={sort}&size=17&end=1"
    while path:
        page = agent.get(path).text
        backward = keys(page) + backward
        back = link(page, "Previous page")
        path = f"{LIST}{back}" if back else None
    assert backward == forward


@pytest.mark.both_databases
def test_empty_values_come_last_in_both_directions(browser, cases, app):
    agent = browser("agent")
    for sort in ("visits", "-visits"):
        shown = keys(agent.get(f"{LIST}?sort={sort}&size=200").text)
        with app.app_context():
            from tests.integration.screens.sample import Case

            values = [db.session.get(Case, key).visits for key in shown]
        filled = [value for value in values if value is not None]
        assert values == filled + [None] * (len(values) - len(filled))
        assert filled == sorted(filled, reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    "query",
    [
        "size=abc", "size=-1", "size=0", "size=1e9", "size=999999999999999999999", "sort=nothing",
        "sort=kind", "sort=story", "after=%00", "after=AAAA", "after=W10", "before=x&after=y",
        "psize_CaseView=abc", "_oc_CaseView=subject", "page_CaseView=abc", "_flt_0_subject=x",
        "nothing__is=1", "subject__nothing=1", "visits__is=abc", "visits__is=1e999",
        "visits__is=99999999999999999999999", "received_at__on=yesterday", "q=%00",
        "received_at__period=someday", "promised_on__on=2026-02-30", "owner__in=abc",
        "owner__in=99999999999999999999999", "urgent__is=perhaps", "visits__between=1",
        "amount__is=NaN", "amount__is=Infinity", "subject__is=%00", "size=5&size=6",
        "after=WyJyZWNlaXZlZF9hdCIsdHJ1ZSwieCIsMV0", "q=" + "x" * 101,
        "received_at__on=0001-01-01", "received_at__before=9999-12-31",
        "received_at__before=9999-12-31T23:59:59-12:00", "received_at__on=2026-11-22T10:30:00Z",
        "received_at__before=2026-11-22T10:30:00", "promised_on__before=2026-11-22T10:30:00Z",
        "team__in=me", "owner__in=my_team", "kind__in=led_by_me",
    ],
)
def test_bad_addresses_are_refused_in_words(browser, cases, query):
    answer = browser("agent").get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("state__in=new", 40), ("state__in=new&state__in=done", 80), ("state__not_in=new", 80),
        ("subject__contains=案件", 120), ("subject__starts=案件 1", None), ("urgent__is=true", 0),
        ("visits__at_least=3", None), ("visits__between=1&visits__between=2", None),
        ("visits__empty=1", None), ("kind__empty=1", 120), ("owner__in=me", 120),
        ("owner__not_in=me", 0), ("team__in=my_team", 120),
        ("received_at__period=last_7_days", 120),
        ("received_at__before=2200-01-01T10:30:00%2B08:00", 120),
        ("received_at__after=2200-01-01T10:30:00Z", 0), ("received_at__period=future", 0),
        ("promised_on__empty=1", 120),
        ("received_at__on=1800-01-01", 0), ("received_at__after=9000-12-31", 0),
        ("promised_on__between=1800-01-01&promised_on__between=9000-12-31", 0),
    ],
)
def test_filters(browser, cases, query, wanted):
    page = browser("agent").get(f"{LIST}?{query}&size=200")
    assert page.status_code == 200
    if wanted is None:
        assert 0 < len(keys(page.text)) < 120
    else:
        assert len(keys(page.text)) == wanted


def test_chips_say_in_words_what_is_filtered(browser, cases):
    page = browser("agent").get(
        f"{LIST}?promised_on__period=past&received_at__period=this_month&urgent__is=true"
        "&owner__in=me&subject__contains=1&visits__empty=1"
    ).text
    chips = [
        " ".join(re.sub("<[^>]+>", " ", chip).split())
        for chip in re.findall(r'<button class="chip-text".*?</button>', page, re.DOTALL)
    ]
    assert set(chips) == {
        "Promised: in the past", "Received: this month", "Urgent", "Owner: me",
        "Subject contains 1", "Visits is empty",
    }


def test_page_size_is_capped(browser, app):
    with app.app_context():
        add_cases(250)
    assert len(keys(browser("agent").get(f"{LIST}?size=100000").text)) == 200


@pytest.mark.both_databases
def test_count_is_capped_and_exact_on_demand(browser, app):
    with app.app_context():
        add_cases(1200)
    agent = browser("agent")
    assert "1,000+" in agent.get(LIST).text
    assert "1,200<" in agent.get(f"{LIST}?exact=1").text


def test_a_filter_names_no_foreign_row(browser, app):
    with app.app_context():
        [own] = add_cases(1, subject="Own matter")
        [foreign] = add_cases(1, subject="Foreign matter", team="销售一组", owner="admin")
    agent = browser("agent")
    for address in (f"/sample/notes/list/?case__in={own}&case__in={foreign}",
                    f"/sample/notes/filters?case__in={own}&case__in={foreign}&column=case"
                    "&operator=in"):
        page = agent.get(address)
        assert page.status_code == 200
        assert "Own matter" in page.text and "Foreign matter" not in page.text


@pytest.mark.both_databases
def test_scope_holds_in_the_list_and_in_counts(browser, app):
    with app.app_context():
        own = add_cases(5)
        foreign = add_cases(7, team="热线二组", owner="other")
    assert sorted(keys(browser("agent").get(LIST).text)) == own
    assert sorted(keys(browser("other").get(LIST).text)) == foreign
    assert len(keys(browser("supervisor").get(LIST).text)) == 12
    assert ">5<" in browser("agent").get(LIST).text


def test_a_deleted_record_leaves_the_list(browser, app):
    from app.database import utcnow, write
    from tests.integration.screens.sample import Case

    with app.app_context():
        own = add_cases(3)
        with write(db.session):
            db.session.get(Case, own[0]).deleted_at = utcnow()
    assert sorted(keys(browser("agent").get(LIST).text)) == own[1:]


@pytest.mark.both_databases
def test_statements_of_a_list_page(browser, cases, statements):
    agent = browser("agent")
    agent.get(LIST)
    statements.clear()
    agent.get(f"{LIST}?state__in=new&owner__in=me&sort=visits")
    assert len(statements) <= 8, statements
    assert len(statements) >= 3


@pytest.mark.both_databases
def test_filters_of_two_requests_at_once_do_not_mix(browser, cases):
    """Flask-AppBuilder keeps a view's filters on the view: threads see each other's."""
    wrong: list[str] = []
    start = threading.Barrier(6)

    def read(state: str) -> None:
        agent = browser("agent")
        start.wait()
        for _ in range(10):
            page = agent.get(f"{LIST}?state__in={state}&size=200").text
            if len(keys(page)) != 40 or f"tone-{TONES[state]}" not in page:
                wrong.append(state)

    threads = [threading.Thread(target=read, args=(state,)) for state in [*TONES] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


TONES = {"new": "calm", "working": "warn", "done": "good"}


def test_chosen_columns_are_kept_for_the_person(browser, cases):
    agent = browser("agent")
    answer = agent.send(
        "/sample/cases/columns",
        {"column": ["visits", "number", "nonsense"], "density": "comfortable"},
    )
    assert answer.status_code == 302
    page = agent.get(LIST).text
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)
    assert [head.strip() for head in heads] == ["Visits", "Number"]
    assert 'data-density="comfortable"' in page
    assert ">Subject" in browser("supervisor").get(LIST).text
    agent.send("/sample/cases/columns", {"reset": "1"})
    assert ">Subject" in agent.get(LIST).text


@pytest.mark.both_databases
def test_search_box_finds_by_words_and_by_number(browser, app):
    agent = browser("agent")
    agent.send("/sample/cases/add", {"subject": "提前还款手续费争议"})
    agent.send("/sample/cases/add", {"subject": "车辆异响"})
    assert len(keys(agent.get(f"{LIST}?q=还款").text)) == 1
    assert len(keys(agent.get(f"{LIST}?q=SC-").text)) == 2
    assert keys(agent.get(f"{LIST}?q=%25").text) == []


@pytest.mark.both_databases
def test_a_filter_by_several_rows_knows_only_those_that_one_may_see(browser, app):
    """Else guessing keys would tell to whom records of other teams belong."""
    with app.app_context():
        with write(db.session):
            db.session.add_all([Kind(name="theirs"), Kind(name="nobody's"), Kind(name="bin")])
        theirs, none, binned = db.session.scalars(select(Kind.id).order_by(Kind.id)).all()
        [case] = add_cases(1, team="热线二组", owner="other", kind_id=theirs)
        [gone] = add_cases(1, kind_id=binned, deleted_at=utcnow())
    address = "/sample/kinds/list/?cases__{}"
    agent, other = browser("agent"), browser("other")
    for who, seen in ((other, {theirs}), (agent, set())):
        def shown(condition, who=who):
            return set(keys(who.get(address.format(condition)).text))

        assert shown(f"in={case}&cases__in={gone}") == seen
        assert shown("filled=1") == seen
        assert shown("empty=1") == {theirs, none, binned} - seen
        assert shown(f"not_in={case}") == {theirs, none, binned} - seen
