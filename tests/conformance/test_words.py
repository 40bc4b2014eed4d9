"""Everything that a declaration shows has Chinese, whether or not an extractor can see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import g

from app import create_app
from app.database import db
from app.host.host import current_host
from app.testing.plugin_fixtures import House
from scripts.translations import compile_all
from tests.conformance import words
from tests.conformance.installing import REAL, settings_for
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices


@pytest.fixture(scope="module")
def real(
    services: SharedServices, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The core with every plugin of the plugins folder, on SQLite."""
    compile_all()
    folder = tmp_path_factory.mktemp("words")
    url = sqlite_database(services.sqlite_template("house"), folder)
    app = create_app(settings_for(folder, url, REAL))
    with app.app_context():
        yield House(app, db.session)


@pytest.fixture(params=["real", "visits"])
def in_chinese(request: pytest.FixtureRequest) -> Iterator[House]:
    """A house, within a request of its admin in Chinese."""
    house = request.getfixturevalue(request.param)
    with house.app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        g.careline_actor = house.actor("admin")
        yield house


def test_what_hooks_return_is_translated(in_chinese):
    found = list(words.words_of_contributions(current_host()))
    assert len(found) > 50
    missing = words.untranslated(found)
    assert missing == [], "\n".join(missing)


def test_what_screens_show_is_translated(in_chinese):
    found = list(words.words_of_screens(in_chinese.app))
    assert len(found) > 200
    missing = words.untranslated(found)
    assert missing == [], "\n".join(missing)


def test_permissions_are_translated(in_chinese):
    found = list(words.words_of_permissions(in_chinese.app))
    assert len(found) > 50
    missing = words.untranslated(found)
    assert missing == [], "\n".join(missing)


def test_a_forgotten_label_is_found(in_chinese):
    assert words.untranslated([("column brand", "Frobnication"), ("column id", "ID"),
                               ("column name", "Name")]) == ["column brand: Frobnication"]
