"""What holds for every page: headers, tokens, redirects, sign-in and sign-out, errors."""

from __future__ import annotations

import re

import pytest

from app.screens.lists.column_chooser import ColumnPage
from app.web.csrf import TOKEN_ADDRESSES
from tests.integration.screens.building import PASSWORD, add_cases
from tests.integration.screens.conftest import token_of


def test_headers_of_pages(browser, app):
    for path in ("/login/", "/", "/sample/cases/list/", "/nothing"):
        answer = browser("agent").get(path)
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([^']+)'", policy).group(1)
        assert "unsafe" not in policy and "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert nonce in answer.text or answer.status_code == 302
    first, second = (app.test_client().get("/login/") for _ in range(2))
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]


def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    admin = browser("admin")
    for path in ("/", "/sample/cases/list/", f"/sample/cases/show/{key}", "/roles/list/",
                 f"/sample/cases/edit/{key}", "/sample/cases/add", "/account/", "/search/?q=x"):
        page = admin.get(path).text
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert not re.search(r"<[^>]+\son[a-z]+=", page), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page), path
        assert re.search(r'<html lang="(en|zh-CN)"', page), path


def test_every_write_needs_the_token(browser, app):
    """Whatever the address, a POST without a token changes nothing."""
    admin = browser("admin")
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.rule in TOKEN_ADDRESSES:
            # They read a password or a token of their own, and never the cookie.
            assert admin.post(rule.rule, json={}).status_code in (400, 401)
            continue
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            path = re.sub(r"<[^>]*>", "1", rule.rule)
            answer = admin.open(path, method=method, data={})
            assert answer.status_code == 400, (method, path, answer.status_code)
            tried += 1
    assert tried > 30


def test_sign_out_is_a_post_and_ends_the_session_on_the_server(browser, app):
    agent = browser("agent")
    assert agent.get("/logout/").status_code == 405
    assert agent.get("/sample/cases/list/").status_code == 200
    stolen = agent.get_cookie("careline").value
    assert agent.send("/logout/").status_code == 302
    assert agent.get("/sample/cases/list/").status_code == 302
    thief = app.test_client()
    thief.set_cookie("careline", stolen)
    assert thief.get("/sample/cases/list/").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
     "http:evil", "\t//evil.example", "///evil.example", "/%0d%0aX: y", "http://[::1"],
)
def test_sign_in_leads_nowhere_else(app, browser, target):
    client = browser()
    client.token = token_of(client.get("/login/").text)
    answer = client.post(
        "/login/", query_string={"next": target},
        data={"csrf_token": client.token, "username": "agent", "password": PASSWORD},
    )
    assert answer.status_code == 302
    assert re.fullmatch(r"/[^/\\]*", answer.location.split("?")[0]) or answer.location == "/"


def test_sign_in_leads_to_where_one_was_heading(app, browser):
    client = browser()
    answer = client.get("/sample/cases/list/?sort=number")
    client.token = token_of(client.get(answer.location).text)
    answer = client.post(
        answer.location,
        data={"csrf_token": client.token, "username": "agent", "password": PASSWORD},
    )
    assert answer.location == "/sample/cases/list/?sort=number"


def test_a_wrong_name_and_a_wrong_password_look_alike(app, browser):
    texts = []
    for username in ("agent", "nobody-by-that-name"):
        client = browser()
        client.token = token_of(client.get("/login/").text)
        answer = client.send("/login/", {"username": username, "password": "wrong wrong wrong"})
        assert answer.status_code == 200
        texts.append(re.sub(r'value="[^"]*"|nonce="[^"]*"|content="[^"]*"', "", answer.text))
    assert texts[0] == texts[1]


def test_error_pages_help_and_give_nothing_away(browser, app, monkeypatch):
    agent = browser("agent")
    assert "There is nothing here" in agent.get("/nothing").text
    assert agent.get("/nothing", headers={"Accept": "application/json"}).is_json
    monkeypatch.setattr(ColumnPage, "chosen", lambda self: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = agent.get("/sample/cases/list/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text and "Something broke" in answer.text
    assert re.search(r"<code>[0-9a-f]{8}</code>", answer.text)


def test_the_token_of_another_session_is_refused(browser, app):
    one, other = browser("agent"), browser("supervisor")
    one.token = other.token
    answer = one.send("/sample/cases/add", {"subject": "x"})
    assert answer.status_code == 400 and "open for too long" in answer.text


def test_password_change_ends_other_sessions(browser, app):
    here, there = browser("agent"), browser("agent")
    wrong = here.send("/account/password/", {
        "present": "wrong", "password": "a new long password", "again": "a new long password",
    })
    assert wrong.status_code == 200 and "not your present password" in wrong.text
    done = here.send("/account/password/", {
        "present": PASSWORD, "password": "a new long password", "again": "a new long password",
    })
    assert done.status_code == 302
    assert here.get("/sample/cases/list/").status_code == 200
    assert there.get("/sample/cases/list/").status_code == 302


def test_assets_are_cached_for_good_and_hold_nothing_else(browser, app):
    page = app.test_client().get("/login/").text
    path = re.search(r'src="(/assets/[^"]+/js/main.js)"', page).group(1)
    answer = app.test_client().get(path)
    assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/javascript"
    for bad in ("/assets/x/../../../config.py", "/assets/x/%2e%2e/%2e%2e/view.py", "/assets/x/"):
        assert app.test_client().get(bad).status_code == 404
    old = app.test_client().get(path.replace(path.split("/")[2], "000000000000"))
    assert "immutable" not in old.headers["Cache-Control"]


def test_language_and_colours_are_kept(browser, app):
    agent = browser("agent")
    here = "/sample/cases/list/?sort=number"
    answer = agent.send("/account/language", {"locale": "zh", "next": here})
    assert answer.location == here
    assert 'lang="zh-CN"' in agent.get("/").text
    agent.send("/account/theme", {"theme": "dark", "next": "//evil.example"})
    assert 'data-bs-theme="dark"' in agent.get("/").text
    again = browser("agent")
    page = again.get("/").text
    assert 'lang="zh-CN"' in page and 'data-bs-theme="dark"' in page
    agent.send("/account/language", {"locale": "xx"})
    assert 'lang="zh-CN"' in agent.get("/").text


def test_the_browsers_language_decides_before_sign_in(app):
    client = app.test_client()
    for header, wanted in (("zh-CN,zh;q=0.9", "zh-CN"), ("en-GB", "en"), ("fr", "zh-CN")):
        assert f'lang="{wanted}"' in client.get(
            "/login/", headers={"Accept-Language": header}
        ).text


def test_the_menu_shows_what_may_be_opened(browser, app, statements):
    admin, reader = browser("admin").get("/").text, browser("reader").get("/").text
    assert 'href="/administration/"' in admin and 'href="/administration/"' not in reader
    assert 'href="/roles/list/"' in browser("admin").get("/administration/").text
    assert 'href="/roles/list/"' not in browser("reader").get("/administration/").text
    assert 'href="/sample/notes/list/"' in admin
    assert 'href="/sample/cases/list/"' in reader
    assert 'href="/roles/list/"' not in reader and 'href="/sample/notes/list/"' not in reader


def test_a_broken_card_leaves_the_home_page_up(browser, app):
    page = browser("agent").get("/")
    assert page.status_code == 200
    assert "Open cases" in page.text and "could not be loaded" in page.text
