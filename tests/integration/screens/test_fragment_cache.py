"""Fragments of pages that are kept: they are what would be drawn, whatever has changed since."""

from __future__ import annotations

import random
import re

import pytest
from flask import render_template_string
from flask_appbuilder.security.sqla.models import Role, User
from markupsafe import Markup
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.database import db, write
from app.settings.company import company_form
from app.settings.services import save_settings, saved_settings
from app.web.fragment_cache import MODE, FragmentError, FragmentMode, FragmentStore
from tests.integration.screens.building import add_cases
from tests.integration.screens.test_saved_views import save

LIST = "/sample/cases/list/"
# What no two requests share: nonces, tokens, and tokens that a form is sent with once.
_ONCE = re.compile(r'nonce="[^"]*"|(?:content|value)="[\w.-]{60,}"|name="once" value="[^"]*"')


@pytest.fixture
def cases(app):
    with app.app_context():
        return add_cases(8)


def opened(app, person, address, mode):
    """Return a page as it is in a mode, less what no two requests share."""
    app.config[MODE] = mode
    answer = person.get(address, follow_redirects=True)
    return answer.status_code, _ONCE.sub("", answer.text)


def both(app, person, address):
    """Return a page as it is kept, opened for the second time at least, and as it is drawn."""
    opened(app, person, address, FragmentMode.KEPT)
    return (opened(app, person, address, FragmentMode.KEPT),
            opened(app, person, address, FragmentMode.DRAWN))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("username", ["agent", "supervisor", "admin", "reader"])
def test_pages_are_what_would_be_drawn(app, browser, cases, username, language):
    person = browser(username)
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    for address in (LIST, f"{LIST}?all=1&size=3", f"{LIST}?subject__contains=1&q=1",
                    f"{LIST}?mode=board", f"/sample/cases/show/{cases[0]}", "/", "/profile/",
                    "/sample/cases/add"):
        kept, drawn = both(app, person, address)
        assert kept == drawn, address


@pytest.mark.parametrize("seed", range(4))
def test_what_changes_is_seen_at_once(app, browser, cases, seed):
    """Rights, views, columns, names, theme and language change between requests of two people."""
    chance = random.Random(seed)
    people = {name: browser(name) for name in ("agent", "supervisor")}

    def rights():
        # What is needed to open the pages stays.
        needed = {("can_list", "sample.Case"), ("can_show", "sample.Case")}
        with app.app_context(), write(db.session):
            every = db.session.scalar(select(Role).where(Role.name == "admin")).permissions
            role = db.session.scalar(select(Role).where(Role.name == "agent"))
            role.permissions = [
                pair for pair in every if pair.view_menu.name.startswith("sample.")
                and (chance.random() < 0.7
                     or (pair.permission.name, pair.view_menu.name) in needed)]

    def company():
        with app.app_context(), write(db.session):
            form = company_form()
            save_settings(db.session, SYSTEM, form,
                          {"name_zh": f"公司{chance.random()}", "name_en": ""},
                          saved_settings(db.session, form)[1])

    def person_name():
        with app.app_context(), write(db.session):
            user = db.session.scalar(select(User).where(User.username == "agent"))
            user.first_name, user.last_name = f"N{chance.random()}", "<b>"

    steps = [
        rights, company, person_name,
        lambda: save(people[chance.choice(list(people))]),
        lambda: people["agent"].send("/sample/cases/columns", {
            "column": chance.sample(["number", "subject", "owner", "kind"], 3)}),
        lambda: people["agent"].send("/account/theme", {"theme": chance.choice(["dark", "light"])}),
        lambda: people["agent"].send("/account/language", {"locale": chance.choice(["zh", "en"])}),
        lambda: people["agent"].send("/menu/fold", {
            "group": "sample", "unfolded": chance.choice("01")}),
    ]
    for _ in range(12):
        chance.choice(steps)()
        address = chance.choice([LIST, f"{LIST}?all=1", f"/sample/cases/show/{cases[1]}", "/"])
        for person in people.values():
            kept, drawn = both(app, person, address)
            assert kept == drawn


def test_what_differs_with_each_request_is_never_kept(app, browser, cases):
    app.config[MODE] = FragmentMode.KEPT
    agent, other = browser("agent"), browser("agent")
    first, second = agent.get(f"{LIST}?all=1").text, other.get(f"{LIST}?all=1&size=5").text
    third = agent.get(f'{LIST}?all=1&q="><script>').text
    # A token belongs to a session, of which there are two, a nonce to one answer.
    for pattern, different in ((r'name="csrf_token" value="([^"]+)"', 2), (r'nonce="([^"]+)"', 3)):
        found = [set(re.findall(pattern, page)) for page in (first, second, third)]
        assert all(len(one) == 1 for one in found)
        assert len(set.union(*found[:2])) == 2
        assert len(set.union(*found)) >= different
    places = [set(re.findall(r'name="next" value="([^"]+)"', page)) for page in (first, second)]
    assert places == [{f"{LIST}?all=1"}, {f"{LIST}?all=1&amp;size=5"}]
    assert "<script>" not in third
    assert "\x00" not in first + second + third


def test_a_fragment_that_depends_on_more_is_found(app):
    numbers = iter(range(9))
    with app.test_request_context("/"):
        for keys, fails in (("", True), ("number", False)):
            template = f"{{% cache {keys} %}}{{{{ number }}}}{{% endcache %}}"
            app.config[MODE] = FragmentMode.CHECKED
            assert render_template_string(template, number=next(numbers)).isdigit()
            if not fails:
                assert render_template_string(template, number=next(numbers)).isdigit()
                continue
            with pytest.raises(FragmentError, match="more than its keys"):
                render_template_string(template, number=next(numbers))


def test_what_was_not_used_for_longest_goes():
    store = FragmentStore(2)
    store.put("a", Markup("1"))
    store.put("b", Markup("2"))
    assert store.get("a") == "1"
    store.put("c", Markup("3"))
    assert [store.get(key) for key in "abc"] == ["1", None, "3"]
