"""The audience of an article was the name of a role: migrations make a set of roles of it."""

from __future__ import annotations

from alembic import command
from sqlalchemy import select, text

from app.host import migrations
from app.host.host import EXTENSION
from app.sdk.services import scope_filter
from config import ROOT
from plugins.knowledge.models import Article
from plugins.knowledge.tests.helpers import audience, drafted


def test_the_name_of_a_role_becomes_its_audience_and_back(house):
    open_one = drafted(house, "admin").id
    closed = drafted(house, "admin", audience_id=audience(house, "leader"), title_zh="底价").id
    manifest = next(one.manifest for one in house.app.extensions[EXTENSION].loaded
                    if one.name == "knowledge")
    with house.session.get_bind().connect() as connection:
        config = migrations._config(ROOT, manifest, connection)
        command.stamp(config, "head")
        connection.commit()
        # As where migrations run: tables are copied on SQLite.
        migrations._pragmas(connection, "foreign_keys=OFF")
        command.downgrade(config, "knowledge_0001")
        held = dict(connection.execute(
            text("SELECT id, audience FROM knowledge_article WHERE id IN (:one, :two)"),
            {"one": open_one, "two": closed}).all())
        command.upgrade(config, "head")
        connection.commit()
        migrations._pragmas(connection, "foreign_keys=ON")
    assert held == {open_one: "", closed: "leader"}
    house.session.expire_all()
    for username, seen in (("leader", {open_one, closed}), ("agent", {open_one})):
        found = house.session.scalars(select(Article.id).where(
            Article.id.in_([open_one, closed]), scope_filter(house.actor(username), Article)))
        assert set(found) == seen, username
