"""Engine, session, transactions and column types. The lowest floor of the house."""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import sqlite3
from collections.abc import Iterator
from typing import Any

import orjson
from flask import has_request_context
from flask_appbuilder import Model
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Engine, Integer, MetaData, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

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

BUSY_TIMEOUT_MILLISECONDS = 10_000

# SQLite only makes INTEGER PRIMARY KEY an alias of the row id; PostgreSQL needs 64 bits for logs.
BigId = BigInteger().with_variant(Integer(), "sqlite")


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
    """Return a type for codes and numbers: compared byte by byte, so that prefixes use indexes."""
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
def acting_at(moment: dt.datetime) -> Iterator[None]:
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
    """Flask-SQLAlchemy over Flask-AppBuilder's metadata, so both share one set of tables."""

    @staticmethod
    def get_tables_for_bind(bind: Engine) -> list[str]:
        """Names of all tables; Flask-AppBuilder asks for them."""
        from sqlalchemy import inspect

        return inspect(bind).get_table_names()


def _dump_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


db = Database(
    metadata=Model.metadata,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": False},
    engine_options={"json_serializer": _dump_json, "json_deserializer": orjson.loads},
)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Return keyword arguments for ``create_engine`` that suit the chosen database."""
    options: dict[str, Any] = {
        "json_serializer": _dump_json,
        "json_deserializer": orjson.loads,
        "echo": settings.sql_echo,
    }
    if settings.is_sqlite:
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_MILLISECONDS / 1000}
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
    immediate = connection.get_execution_options().get("careline_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


_DEPTH = "careline_write_depth"


@contextlib.contextmanager
def write(session: Session) -> Iterator[Session]:
    """Run the block as one writing transaction; nested uses join the outermost one.

    The outermost block begins with the write lock on SQLite, commits at its end and rolls back
    when an exception leaves it. A read transaction that the session has open is ended first,
    and everything loaded by it is expired, so that the block decides on present rows.

    Args:
        session: a SQLAlchemy session or scoped session.

    Raises:
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
    session.connection(execution_options={"careline_write": True})
    session.info[_DEPTH] = 1
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_DEPTH] = 0


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
