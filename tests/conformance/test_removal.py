"""Taking a plugin's folder away leaves no trace of it, and putting it back restores everything."""

from __future__ import annotations

import itertools

import pytest
from flask_appbuilder.security.sqla.models import Role, assoc_permissionview_role
from sqlalchemy import func, select

from app.access.services import sync_permissions
from app.cli.permissions import sync_all
from app.database import db
from app.testing.plugin_fixtures import House
from app.wiring import all_grants, all_permissions
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.conformance.installing import REAL, deployed, settings_for

WORDS = ("complaint", "投诉")
# Of the dictionaries one whose entries are not named after work of a plugin, as skills are.
PAGES = ("/", "/deadlines/", "/workflows/", "/dictionaries/core.document_kind",
         "/customers/show/1", "/roles/list/", "/roles/add", "/roles/edit/1")


def grants() -> dict[str, int]:
    """Return how many grants each role has in the database."""
    table = assoc_permissionview_role
    return dict(db.session.execute(
        select(Role.name, func.count()).join(table, table.c.role_id == Role.id)
        .group_by(Role.name)
    ).all())


@pytest.fixture
def houses(empty_database_url, tmp_path):
    """Three installations on one database: with the plugin, without it, with it again."""
    empty = tmp_path / "no_plugins"
    empty.mkdir()

    def start(plugins) -> House:
        settings = settings_for(tmp_path / "var", empty_database_url, plugins)
        return House(deployed(settings), db.session)

    return start(REAL), lambda: start(empty), lambda: start(REAL)


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_no_trace_without_the_folder_and_all_back_with_it(houses):
    first, without, again = houses
    with first.app.app_context():
        number = registered(first).number
        before = grants()
    bare = without()
    with bare.app.app_context():
        client = bare.client("admin")
        for language, path in itertools.product(("en", "zh"), PAGES):
            client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
            page = client.get(path).text
            assert f'lang="{language}' in page, path
            assert [word for word in WORDS if word in page.lower()] == [], path
        assert client.get("/complaints/list/").status_code == 404
        assert client.get("/search/", query_string={"q": number}).status_code in (200, 302)
        # Another sync, as every deployment makes it, takes nothing away.
        sync_all(bare.app)
        sync_permissions(db.session, all_permissions(bare.app), all_grants(bare.app))
        assert grants() == before
    back = again()
    with back.app.app_context():
        assert grants() == before
        complaint = db.session.scalar(select(Complaint).where(Complaint.number == number))
        page = back.client("agent").get(f"/complaints/show/{complaint.id}")
        assert page.status_code == 200
        assert number in page.text
