"""Callbacks by keyboard: ten in a row, one with a complaint, one after a lost browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.following import followed
from tests.services.choosing import further

TASKS = 10
# Keys beside the answers: start, identity, save and next.
MOST_KEYS = 6


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")


class Caller:
    """Somebody who makes callbacks with the keyboard alone; keys beside answers are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def leads_on(self, key: str, *, counts: bool = True) -> None:
        """Press a key that leads to the next page."""
        with followed(self.page):
            self.press(key, counts=counts)
        ready(self.page)

    def press(self, key: str, *, counts: bool = True) -> None:
        self.page.keyboard.press(key)
        self.keys += counts

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def open_next(self) -> str:
        self.page.goto("/callbacks/call")
        ready(self.page)
        return self.page.url

    def start(self) -> None:
        button = self.page.get_by_role("button", name=re.compile("^(开始回访|Start)$"))
        expect(button).to_be_focused()
        self.leads_on("Enter")

    def asked(self) -> str:
        return self.page.locator("[name=question]").input_value()

    def answer(self, key: str, text: str = "") -> None:
        """Answer the question that is asked now."""
        self.type(text)
        self.leads_on(key, counts=False)

    def whole_script(self) -> None:
        """Go through the script after delivery: everything is fine."""
        for question, key in (("greeting", "Enter"), ("convenient", "1"), ("handover", "1"),
                              ("car", "1")):
            assert self.asked() == question
            self.answer(key)
        assert self.asked() == "suggestion"
        self.answer("Enter", "没有建议")
        assert self.asked() == "thanks"
        self.answer("Enter")

    def save(self) -> None:
        self.press("i")
        expect(self.page.locator("[name=identity_checked]")).to_be_checked()
        self.page.locator("#record-form button.btn-primary").focus()
        self.leads_on("Enter")


@pytest.mark.parametrize("language", ["zh", further("en")])
def test_ten_callbacks_in_a_row_by_keyboard(visit, plan, task_now, language):
    tasks = plan("agent" if language == "zh" else "linna", TASKS, language)
    caller = Caller(visit("agent" if language == "zh" else "linna", language).page)
    caller.open_next()
    for place in range(TASKS):
        caller.keys = 0
        caller.start()
        if place == 3:
            # Nobody answers: one key, and the next one is there.
            caller.leads_on("a")
            continue
        caller.whole_script()
        caller.save()
        assert caller.keys <= MOST_KEYS
    states = [task_now(one.id).state for one in tasks]
    assert sorted(states) == ["closed"] * (TASKS - 1) + ["waiting"]
    done = task_now(tasks[0].id)
    assert (done.satisfaction, done.suggestion) == ("satisfied", "没有建议")
    assert done.identity_checked and done.minutes == 1 and "没有建议" in done.summary
    # Nothing is left to be made now.
    expect(caller.page.locator("main")).to_contain_text(
        {"zh": "没有到期的回访", "en": "No callback of yours is due."}[language])


def test_a_browser_that_dies_loses_nothing_that_was_typed(visit, plan, task_now):
    [task] = plan("agent", 1)
    first = visit("agent", "zh")
    caller = Caller(first.page)
    caller.open_next()
    caller.start()
    for key in ("Enter", "1", "3"):
        caller.answer(key)
    assert caller.asked() == "handover_reason"
    with first.page.expect_response(lambda answer: answer.url.endswith("/typed")):
        caller.type("讲解太快，没有介绍")
    caller.type("保养")
    with first.page.expect_response(lambda answer: answer.url.endswith("/typed")):
        pass
    first.page.close(run_before_unload=False)
    first.page = first.context.new_page()

    caller = Caller(visit("agent", "zh").page)
    assert caller.open_next().endswith(f"/callbacks/call/task/{task.id}")
    assert caller.asked() == "handover_reason"
    expect(caller.page.locator("[name=answer]")).to_have_value("讲解太快，没有介绍保养")
    caller.answer("Enter")
    caller.answer("Enter", "无")
    caller.answer("Enter")
    # The record as well is saved while it is typed.
    summary = caller.page.locator("[name=summary]")
    summary.focus()
    with caller.page.expect_response(lambda answer: answer.url.endswith("/typed")):
        caller.type("客户希望再讲解一次。")
    caller.page.reload()
    ready(caller.page)
    expect(caller.page.locator("[name=summary]")).to_have_value(re.compile("客户希望再讲解一次"))
    caller.page.locator("h1").click()
    caller.save()
    done = task_now(task.id)
    assert (done.state, done.satisfaction) == ("closed", "dissatisfied")
    assert "客户希望再讲解一次" in done.summary and done.answers["handover_reason"].endswith("保养")


def test_what_is_typed_never_arrives_after_the_record(visit, plan, task_now):
    [task] = plan("agent", 1)
    page = visit("agent", "zh").page
    caller = Caller(page)
    caller.open_next()
    caller.start()
    caller.whole_script()
    stopped, held, recording = [], [], []
    page.on("requestfailed", lambda request: stopped.append(request.url))
    # Both are held here, and nothing waits in what Playwright calls back: it could wait for ever.
    page.route("**/typed", lambda route: held.append(route))
    page.route("**/record", lambda route: recording.append(route))
    with page.expect_request("**/typed"):
        page.keyboard.press("i")
    page.locator("#record-form button.btn-primary").focus()
    with followed(page):
        with page.expect_request("**/record"):
            page.keyboard.press("Enter")
        # The contact is being recorded: what was typed before it is not waited for any more.
        for _ in range(100):
            if recording and len(stopped) == len(held):
                break
            page.wait_for_timeout(50)
        assert stopped == [route.request.url for route in held] != []
        assert task_now(task.id).state != "closed"
        recording[0].continue_()
    ready(page)
    assert task_now(task.id).state == "closed" and len(stopped) == len(held)


def test_a_complaint_is_opened_out_of_a_call_and_the_call_goes_on(visit, plan):
    [task] = plan("agent", 1)
    page = visit("agent", "zh").page
    caller = Caller(page)
    caller.open_next()
    caller.start()
    caller.answer("Enter")
    caller.answer("1")
    with followed(page):
        page.get_by_role("link", name="登记投诉").click()
    ready(page)
    page.fill("[name=reason]", "交车时未说明保养要求。")
    with followed(page):
        page.locator("main form button.btn-primary").first.click()
    ready(page)
    assert page.url.endswith(f"/callbacks/call/task/{task.id}")
    assert caller.asked() == "handover"
    expect(page.locator("aside a[href*='/complaints/show/']")).to_have_count(1)
    caller.answer("1")
    caller.answer("1")
    caller.answer("Enter", "无")
    caller.answer("Enter")
    caller.save()


def test_what_is_missing_is_said_beside_the_field(visit, plan):
    plan("agent", 1)
    visitor = visit("agent", "zh")
    visitor.watch.expected.append("422")
    page = visitor.page
    caller = Caller(page)
    caller.open_next()
    caller.start()
    caller.whole_script()
    page.fill("[name=summary]", "")
    with followed(page):
        page.locator("#record-form button.btn-primary").click()
    ready(page)
    for name in ("identity_checked", "summary"):
        expect(page.locator(f"#{name}-error")).to_be_visible()
    page.fill("[name=summary]", "客户满意")
    page.locator("h1").click()
    caller.save()


def test_who_rings_back_lands_where_the_script_stopped(visit, plan):
    [task] = plan("agent", 1)
    page = visit("agent", "zh").page
    caller = Caller(page)
    caller.open_next()
    caller.start()
    caller.answer("Enter")
    page.keyboard.press("r")
    page.wait_for_selector("#record-form")
    page.select_option("[name=outcome_id]", label="通话中断")
    with followed(page):
        page.locator("#record-form button.btn-primary").click()
    page.goto(f"/callbacks/call/ring-back?number={task.phone}")
    ready(page)
    assert page.url.endswith(f"/callbacks/call/task/{task.id}")
    with followed(page):
        page.get_by_role("button", name="客户回电").click()
    ready(page)
    assert caller.asked() == "convenient"
    for key in ("1", "1", "1"):
        caller.answer(key)
    caller.answer("Enter", "无")
    caller.answer("Enter")
    caller.save()
