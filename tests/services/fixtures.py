"""Fixtures that every test may use: settings, databases, sessions, the application, actors.

A test that asks for ``database_url``, ``session`` or ``app`` runs on SQLite. Where the SQL is ours
(searches, pages of lists, claims, portions, locks) its module or the test itself carries
``both_databases`` and runs on PostgreSQL too; with ``CARELINE_EVERY_DATABASE=1`` all tests do. One
that concerns a single database says so::

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import Actor
from app.access.sensitive import key_store, keyring
from app.database import engine_options, metadata, utcnow, write
from config import ROOT, Settings
from tests.services import verdicts
from tests.services.applications import SharedApplications, release
from tests.services.databases import postgresql_database, sqlite_database
from tests.services.programs import ServiceMissing
from tests.services.schema import FIELD_KEY, import_models
from tests.services.shared import SharedServices

# Where things lie may be told from outside; everything else is this session's own.
_KEPT = ("CARELINE_DATA_DIR", "CARELINE_PLUGINS_DIR")
SERVICES = pytest.StashKey[SharedServices]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Open the folder in which this session's servers live, and its temporary files."""
    given = getattr(config, "workerinput", None)
    if given is None:
        services = config.stash[SERVICES] = SharedServices.create()
        if not config.option.basetemp:
            config.option.basetemp = services.directory / "tmp"
    else:
        config.stash[SERVICES] = SharedServices(
            Path(given["services_directory"]), given["session_pid"]
        )
    verdicts.keep_in(config.stash[SERVICES].directory / "preflight")


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(services: SharedServices) -> None:
    """Keep compiled templates for all applications of the session; each test makes its own."""
    folder = services.directory / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the servers of this session live."""
    services = node.config.stash[SERVICES]
    node.workerinput["services_directory"] = str(services.directory)
    node.workerinput["session_pid"] = services.session_pid


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers; only the process that runs the session does it."""
    if not hasattr(config, "workerinput") and SERVICES in config.stash:
        config.stash[SERVICES].stop()


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> SharedServices:
    """The servers and templates of this test session."""
    return pytestconfig.stash[SERVICES]


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which template the database of a test is a copy of; folders of tests may have their own."""
    return "house" if "house" in request.fixturenames else "tables"


@pytest.fixture(scope="session")
def applications(services: SharedServices) -> SharedApplications:
    """The applications of this test process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    shared = SharedApplications(services.directory / worker / "var")
    shared.empty_folder()
    verdicts.share(shared.folder)
    return shared


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, services: SharedServices, database_kind: str,
    applications: SharedApplications,
) -> Iterator[str]:
    """Address of a database for this test alone: all tables, no rows but those of its kind.

    It is the same for all tests of a process, so that an application can be used again.
    """
    if request.param == "sqlite":
        yield sqlite_database(services.sqlite_template(database_kind), applications.folder.parent)
        return
    try:
        server, template = services.postgresql_template(database_kind)
    except ServiceMissing as missing:
        pytest.skip(str(missing))
    with postgresql_database(server, template, name=f"test_{os.getpid()}") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(
    request: pytest.FixtureRequest, services: SharedServices, tmp_path: Path
) -> Iterator[str]:
    """Address of a database without any table, for tests of migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    try:
        server = services.address("postgresql")
    except ServiceMissing as missing:
        pytest.skip(str(missing))
    with postgresql_database(server) as url:
        yield url


@pytest.fixture
def redis_url(services: SharedServices) -> str:
    """Address of an empty Redis database that no other test process uses."""
    try:
        server = services.address("redis")
    except ServiceMissing as missing:
        pytest.skip(str(missing))
    import redis

    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = f"{server}/{int(worker) % 16}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of the public data sets; may be absent, and then the test skips."""
    return Path(os.environ.get("CARELINE_DATA_DIR", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def secret_key() -> str:
    """A secret key for all installations of this test process."""
    return secrets.token_urlsafe(64)


@pytest.fixture
def environment(
    database_url: str, applications: SharedApplications, secret_key: str
) -> dict[str, str]:
    """Environment variables of an installation for this test alone, for child processes too."""
    applications.empty_folder()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
    kept |= {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "CARELINE_ENV": "test",
        "CARELINE_SECRET_KEY": secret_key,
        "CARELINE_FIELD_KEYS": FIELD_KEY,
        "CARELINE_DATABASE_URL": database_url,
        "CARELINE_VAR_DIR": str(applications.folder),
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """Settings of an installation for this test alone, on each database in turn."""
    settings = Settings.from_environment(environment)
    # Tests without an application use the keys of their installation as well.
    keyring.use(key_store.ring_of(settings.field_keys, settings.var_dir))
    return settings


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    """The engines of this test process by address: each keeps the statements it has compiled."""
    return {}


@pytest.fixture
def engine(settings: Settings, engines: dict[str, Engine]) -> Iterator[Engine]:
    """SQLAlchemy engine on the database of this test, set up as in the product."""
    # Foreign keys and mappers of all folders must be known, as they are in the product.
    import_models()
    url = settings.database_url
    if url not in engines:
        engines[url] = create_engine(url, **engine_options(settings))
    # One over it: what a test listens for is not heard in the next.
    engine = engines[url].execution_options()
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Makes further sessions on the database of this test, e.g. one for each thread."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=False)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session on the database of this test, without Flask."""
    with sessions() as session:
        yield session


@pytest.fixture
def app(settings: Settings, applications: SharedApplications) -> Iterator[Flask]:
    """The whole application on the database of this test.

    Further tests use it too: what cannot be put back, such as a plugin set aside, is for an
    application that a test makes itself.
    """
    from app import create_app

    app = applications.give(settings, create_app)
    yield app
    release(app)


@pytest.fixture
def actor(session: Session) -> Callable[..., Actor]:
    """Make actors who exist as users, ``actor("wang", roles={"agent"}, scope=Scope.TEAM)``.

    Keyword arguments are those of :class:`app.access.actor.Actor`; only the sign-in name is
    needed, and even that has a default.
    """
    numbers = itertools.count(1)

    def make(username: str = "", **attributes: Any) -> Actor:
        username = username or f"user{next(numbers)}"
        users = metadata().tables["ab_user"]
        name = attributes.pop("name", username.capitalize())
        values = {
            "username": username,
            "first_name": name,
            "last_name": "",
            "email": f"{username}@example.com",
            "active": True,
            "created_on": utcnow().replace(tzinfo=None),
            "changed_on": utcnow().replace(tzinfo=None),
        }
        with write(session):
            added = session.execute(users.insert().values(values))
            user_id = added.inserted_primary_key[0]
        sets = {"roles", "permissions", "department_ids", "team_ids"}
        sets |= {"led_department_ids", "led_team_ids"}
        for attribute in sets & attributes.keys():
            attributes[attribute] = frozenset(attributes[attribute])
        return Actor(user_id=user_id, username=username, name=name, **attributes)

    return make
