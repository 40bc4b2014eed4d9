"""A page that outlived its session: it learns so, and one signs in again without leaving it."""

from __future__ import annotations

import re

from tests.integration.screens.building import PASSWORD

STATE, AGAIN = "/login/state", "/login/again"


def token_of(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)


def test_a_page_learns_whether_its_session_runs(browser):
    assert browser("reader").get(STATE).json["signed_in"] is True
    assert browser("").get(STATE).json["signed_in"] is False


def test_an_answer_under_way_never_brings_back_a_session_that_ended(browser):
    """Two requests at once: the later answer of the older one must not replace the cookie."""
    client = browser("reader")
    for address in ("/", "/notices/count?known=", STATE):
        assert "Set-Cookie" not in client.get(address).headers, address


def test_signing_in_again_goes_on_with_a_new_token(browser):
    client = browser("")
    page = client.get(f"{AGAIN}?username=reader").text
    assert 'value="reader"' in page and "<html" not in page
    sent = {"csrf_token": token_of(page), "username": "reader", "password": "wrong"}
    refused = client.post(AGAIN, data=sent)
    assert refused.status_code == 422 and "wrong" not in token_of(refused.text)
    assert client.get(STATE).json["signed_in"] is False
    sent = {**sent, "csrf_token": token_of(refused.text), "password": PASSWORD}
    assert client.post(AGAIN, data=sent).status_code == 204
    assert client.get(STATE).json["signed_in"] is True


def test_nobody_signs_in_without_the_token(browser):
    client = browser("")
    answer = client.post(AGAIN, data={"username": "reader", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get(STATE).json["signed_in"] is False


def test_what_is_sent_without_a_session_is_told_to_sign_in(browser):
    client = browser("")
    assert client.post("/sample/cases/add", data={"subject": "x"}).status_code == 401
    part = client.post("/sample/cases/add", data={"subject": "x"}, headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert part.json["message"] == "Please sign in"
