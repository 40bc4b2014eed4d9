"""Engine, session, transactions and column types. The lowest floor of the house."""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import logging
import random
import sqlite3
import time
from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar, cast

import orjson
from flask import has_request_context
from flask_appbuilder import Model
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Engine, Integer, MetaData, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import CursorResult, Dialect, Result
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql import Select
from sqlalchemy.types import TypeDecorator

from app.database_errors import is_passing
from config import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Flask-AppBuilder's tables live in the same metadata; one naming rule for all makes every
# constraint nameable by migrations on both databases.
Model.metadata.naming_convention = NAMING

log = logging.getLogger(__name__)
Read = TypeVar("Read")
_DEPTH, _HELD = "careline_write_depth", "careline_write_held"
BUSY_TIMEOUT_MILLISECONDS = 10_000
# How long a writer waits for SQLite's only write lock: a person does not wait as long as a job.
WAIT_SECONDS, WAIT_OF_A_REQUEST_SECONDS = 10.0, 4.0
# SQLite's own wait sleeps for up to 100 ms between two looks and misses a short pause.
_LOOK_AGAIN_SECONDS = (0.001, 0.006)
# What holds the lock longer than this should write in portions; see ``app.jobs.portions``.
_LONG_SECONDS = 1.0

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""Primary keys: 64 bits; SQLite makes only INTEGER PRIMARY KEY an alias of the row id."""

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A SELECT of columns that its type does not name."""


class Json(TypeDecorator[Any]):
    """JSON that can be indexed: JSONB on PostgreSQL, JSON text on SQLite."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the type that the database has for it."""
        kind = JSONB if dialect.name == "postgresql" else JSON
        return dialect.type_descriptor(kind(none_as_null=True))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare as JSON does: a path yields JSON, not this type."""
        return self.impl_instance.coerce_compared_value(op, value)


def CodeString(length: int) -> String:
    """Return a type for codes and numbers: compared byte by byte, so that prefixes use indexes.

    Args:
        length: most characters.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class UTCDateTime(TypeDecorator[dt.datetime]):
    """Aware UTC times in Python, naive UTC in the database, the same on both databases."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times: they would be read in the wrong zone later."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: give an aware one")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Return the stored time as an aware one."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


_acted_at: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar(
    "acted_at", default=None
)


def utcnow() -> dt.datetime:
    """Return the current time, aware, in UTC; within ``acting_at`` that time instead."""
    return _acted_at.get() or dt.datetime.now(dt.UTC)


@contextlib.contextmanager
def acting_at(moment: dt.datetime) -> Generator[None]:
    """Let what is done within happen at an earlier time: for generators of demonstration data.

    Args:
        moment: aware, not in the future.

    Raises:
        RuntimeError: a request is running; nobody's click may choose its time.
        ValueError: the moment is still to come.
    """
    if has_request_context():
        raise RuntimeError("a request happens now")
    if moment > dt.datetime.now(dt.UTC):
        raise ValueError("nothing has happened in the future")
    token = _acted_at.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _acted_at.reset(token)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy over Flask-AppBuilder's metadata, so both share one set of tables.

    Attributes:
        session: session of the running thread or request: a ``scoped_session``, called what the
            services take.
    """

    session: Session  # pyright: ignore[reportIncompatibleVariableOverride] -- does the same

    @staticmethod
    def get_tables_for_bind(bind: Engine) -> list[str]:
        """Names of all tables; Flask-AppBuilder asks for them."""
        from sqlalchemy import inspect

        return inspect(bind).get_table_names()


def _dump_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


db = Database(
    metadata=Model.metadata, disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": False},
    engine_options={"json_serializer": _dump_json, "json_deserializer": orjson.loads},
)
"""The SQLAlchemy extension: metadata, engine, and ``db.session``."""


def engine_options(settings: Settings) -> dict[str, Any]:
    """Return keyword arguments for ``create_engine`` that suit the chosen database."""
    options: dict[str, Any] = {
        "json_serializer": _dump_json, "json_deserializer": orjson.loads,
        "echo": settings.sql_echo,
    }
    if settings.is_sqlite:
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_MILLISECONDS / 1000}
        # The one used last, whose pages are still held. In turn each of them would hold its own,
        # read anew whenever another one has written.
        options["pool_use_lifo"] = True
    else:
        options |= {"pool_size": settings.web_threads + 2, "max_overflow": 4, "pool_pre_ping": True}
    return options


@event.listens_for(Engine, "connect")
def _configure(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        _configure_sqlite(connection)
    else:
        _configure_postgresql(connection)


def _configure_sqlite(connection: sqlite3.Connection) -> None:
    # SQLAlchemy begins transactions itself (see _begin): the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL, not NORMAL: an acknowledged write must survive a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
    cursor.execute("PRAGMA cache_size=-20000")
    cursor.close()


def _configure_postgresql(connection: Any) -> None:
    # The driver prepares what comes often, and the server may settle on one plan for all values:
    # one list of five hundred numbers was compared with every row of the table.
    connection.execute("SET plan_cache_mode TO force_custom_plan")
    connection.commit()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name != "sqlite":
        return
    # A transaction that reads first and writes later fails at once on SQLite when another one
    # wrote between; one that will write takes the write lock at the start and waits for it.
    options = connection.get_execution_options()
    if not options.get("careline_write", False):
        connection.exec_driver_sql("BEGIN")
        return
    usual = WAIT_OF_A_REQUEST_SECONDS if has_request_context() else WAIT_SECONDS
    wait = options.get("careline_wait")
    _begin_writing(connection, usual if wait is None else wait)


def _begin_writing(connection: Any, seconds: float) -> None:
    """Take the write lock, looking for it every few milliseconds for at most ``seconds``."""
    cursor = connection.connection.cursor()
    until = time.monotonic() + seconds
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not is_passing(error):
                    raise
                time.sleep(random.uniform(*_LOOK_AGAIN_SECONDS))
            else:
                return
        # Once more by SQLAlchemy, which names the error as callers know it.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
        cursor.close()


def read_again(session: Session, read: Callable[[], Read]) -> Read:
    """Read, and once more where the connection was lost meanwhile.

    Args:
        session: session without unsaved changes and outside of any writing block; the lost
            transaction is rolled back before the second try.
        read: reads something and changes nothing.
    """
    try:
        return read()
    except DBAPIError as error:
        if session.info.get(_DEPTH, 0) or not is_passing(error):
            raise
        reset(session)
        return read()


@contextlib.contextmanager
def write(session: Session, wait: float | None = None) -> Generator[Session]:
    """Run the block as one writing transaction; nested uses join the outermost one.

    The outermost block begins with the write lock on SQLite, commits at its end and rolls back
    when an exception leaves it. A read transaction that the session has open is ended first,
    and everything loaded by it is expired, so that the block decides on present rows.

    Args:
        session: a SQLAlchemy session or scoped session.
        wait: seconds to wait for SQLite's write lock; by default as long as a person or a job
            should wait.

    Raises:
        OperationalError: another writer did not end in time; see ``is_passing``.
        RuntimeError: the session holds unsaved changes made outside of any writing block.
    """
    depth = session.info.get(_DEPTH, 0)
    if depth:
        session.info[_DEPTH] = depth + 1
        try:
            yield session
        finally:
            session.info[_DEPTH] = depth
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("unsaved changes were made outside of a writing block")
    session.commit()
    session.expire_all()
    options = {"careline_write": True, "careline_wait": wait}
    session.connection(execution_options=options)
    session.info[_DEPTH] = 1
    begun = time.monotonic()
    try:
        yield session
        session.commit()
    except BaseException:
        reset(session)
        raise
    finally:
        session.info[_DEPTH] = 0
        session.info[_HELD] = held = time.monotonic() - begun
        if held > _LONG_SECONDS and session.get_bind().dialect.name == "sqlite":
            log.warning("a transaction held the write lock for %.1f s", held)


def reset(session: Session) -> None:
    """Roll back, also where the connection is lost: the session then takes another one."""
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()


def end_session(_error: BaseException | None = None) -> None:
    """End what the session of a request still has open; for Flask's end of a context.

    An answer that is made is not lost because its connection ended meanwhile.
    """
    sessions = cast("scoped_session[Session]", db.session)
    if sessions.registry.has():
        session = sessions()
        try:
            session.close()
        except DBAPIError:
            session.invalidate()


def own_session(session: Session) -> Session:
    """Return the session itself where a scoped session stands for it: listeners need that one."""
    if isinstance(session, scoped_session):
        return cast("scoped_session[Session]", session)()
    return session


def changed_rows(result: Result[*tuple[Any, ...]]) -> int:
    """Return how many rows an UPDATE or DELETE without returned rows has changed or deleted."""
    # A session names every result by its base class.
    return cast("CursorResult[*tuple[Any, ...]]", result).rowcount


def held_seconds(session: Session) -> float:
    """Return for how long the session's last writing block held the write lock."""
    return session.info.get(_HELD, 0.0)


class Base(Model):
    """Base of every table of ours; refuses a second model on the same table name.

    Flask-AppBuilder's ``Model`` sets ``extend_existing``, which silently merges the columns of two
    models that name the same table.
    """

    __abstract__ = True
    __table_args__ = {"extend_existing": False}


def metadata() -> MetaData:
    """Return the metadata that holds every table of core, Flask-AppBuilder and plugins."""
    return Model.metadata


def put_row(session: Session, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert a row, or change the one with that key, in one statement that no other can cross.

    Args:
        session: session with a running write.
        table: mapped class or table.
        key: columns of the primary key.
        values: the other columns.
    """
    table = getattr(table, "__table__", table)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
