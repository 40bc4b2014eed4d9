"""Fixtures: the whole product once for a module, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.database import db
from tests.integration.security.town import Town, build
from tests.services.choosing import further
from tests.services.databases import postgresql_database, sqlite_database
from tests.services.programs import ServiceMissing
from tests.services.shared import SharedServices


def _running(town: Town) -> Iterator[Town]:
    yield town
    with town.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def town(services: SharedServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The product on SQLite, for the tests of one module."""
    folder = tmp_path_factory.mktemp("town")
    yield from _running(build(folder, sqlite_database(services.sqlite_template("house"), folder)))


# PostgreSQL refuses more of what SQLite takes.
@pytest.fixture(scope="module", params=[further("sqlite"), "postgresql"])
def both(
    request: pytest.FixtureRequest, services: SharedServices,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """The product on each database in turn, for what the databases take differently."""
    folder = tmp_path_factory.mktemp("both")
    if request.param == "sqlite":
        url = sqlite_database(services.sqlite_template("house"), folder)
        yield from _running(build(folder, url))
        return
    try:
        server, template = services.postgresql_template("house")
    except ServiceMissing as missing:
        pytest.skip(str(missing))
    with postgresql_database(server, template) as url:
        yield from _running(build(folder, url))
