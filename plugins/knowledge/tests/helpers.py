"""Short ways to articles for tests."""

from __future__ import annotations

import re
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.sdk.records import act, create
from app.sdk.services import write
from app.testing.plugin_fixtures import House
from plugins.knowledge.articles.models import Article, ArticleKind
from plugins.knowledge.audiences.models import Audience

TEXT = "提前还款须提前五个工作日申请，还清后十个工作日内办理解除抵押。"


def kind(house: House, code: str) -> int:
    """Return the key of a kind of article."""
    return house.session.scalars(select(ArticleKind.id).where(ArticleKind.code == code)).one()


def audience(house: House, *roles: str) -> int:
    """Return the key of an audience of several roles; those of a single one are shipped."""
    found = house.session.scalars(select(Role).where(Role.name.in_(roles))).all()
    assert len(found) == len(roles)
    name = " + ".join(roles)
    made = house.session.scalar(select(Audience).where(Audience.code == name))
    if made is None:
        with write(house.session):
            made = Audience(code=name, name=name, roles=list(found))
            house.session.add(made)
    return made.id


def drafted(house: House, username: str = "agent", **values: Any) -> Article:
    """Return the draft of an article."""
    return create(house.session, house.actor(username), Article, {
        "title_zh": "提前还款怎么办理", "text_zh": TEXT, **values})


def published(house: House, username: str = "agent", **values: Any) -> Article:
    """Return an article that a second person has approved."""
    article = drafted(house, username, **values)
    release(house, article, username)
    return article


def release(house: House, article: Article, username: str = "agent") -> None:
    """Hand an article in and approve it."""
    act(house.session, house.actor(username), article, "submit")
    act(house.session, house.actor("supervisor"), article, "publish")


def send(client: Any, address: str, **values: Any) -> Any:
    """Post a form as a page does."""
    token = re.search('name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert token is not None
    return client.post(address, data={"csrf_token": token[1], **values},
                       headers={"Accept-Language": "en"})
