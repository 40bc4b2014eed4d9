"""Every screen that somebody may open is found from the menu or the page Administration.

Screens without a text for the menu are parts of others, which lead to them.
"""

from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.access.services import actor_for
from app.database import db
from app.host.host import current_host
from app.testing.plugin_fixtures import House

ROLES = ("agent", "supervisor", "leader", "hr", "admin")
_LINK = re.compile(r'href="([^"?#]+)')
_FOLDED = re.compile(r'data-lines="([^"]+)"')
_PALETTE_LINK = re.compile(r'data-url="([^"?#]+)|href="([^"?#]+)')


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("username", ROLES)
def test_there_is_a_way_to_every_screen(house: House, username: str) -> None:
    user_id = db.session.scalar(select(User.id).where(User.username == username))
    person = actor_for(db.session, user_id)
    views = {type(view): view for view in house.app.appbuilder.baseviews}
    wanted = {}
    for screen in current_host().contributions("register_screens"):
        view = views[screen.view]
        needed = "can_" + view.get_method_permission(view.default_view)
        if screen.label and person.can(needed, view.class_permission_name):
            wanted[screen.view.__name__] = f"{view.endpoint}.{view.default_view}"
    assert len(wanted) > 10
    with house.app.test_request_context():
        addresses = {name: house.app.url_for(endpoint) for name, endpoint in wanted.items()}
    client = house.client(username)
    pages = [client.get("/").text, client.get("/administration/").text]
    # Groups that are folded give their lines when they are unfolded.
    pages += [client.get(path).text for path in _FOLDED.findall(pages[0])]
    found = _LINK.findall("".join(pages))
    assert {name: path for name, path in addresses.items() if path not in found} == {}
    palette = {one or other for one, other in _PALETTE_LINK.findall(client.get("/palette/").text)}
    assert {name: path for name, path in addresses.items() if path not in palette} == {}
