"""The fixtures themselves: a fresh database for each test, and servers that never stay behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import metadata
from tests.services import guard

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("_time", ["first", "second"])
def test_each_test_has_an_empty_database(
    session: Session, actor: Callable[..., Actor], _time: str
) -> None:
    users = metadata().tables["ab_user"]
    assert session.scalar(select(func.count()).select_from(users)) == 0
    made = actor("wang", roles=["agent"])
    assert made.user_id is not None
    assert made.roles == frozenset({"agent"})
    assert session.scalar(select(users.c.username).where(users.c.id == made.user_id)) == "wang"


def test_database_is_the_one_asked_for(session: Session, database_url: str) -> None:
    assert database_url.startswith(session.get_bind().dialect.name)
    assert inspect(session.get_bind()).has_table("ab_user")


def test_empty_database_has_no_tables(empty_database_url: str) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_redis_is_empty_and_writable(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")


def test_server_ends_with_its_session(tmp_path: Path) -> None:
    session = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    server = "import time, pathlib, os; pathlib.Path('pid').write_text(str(os.getpid())); "
    server += "time.sleep(60)"
    guarded = subprocess.Popen(
        [sys.executable, guard.__file__, str(session.pid), sys.executable, "-c", server],
        cwd=tmp_path, stderr=subprocess.DEVNULL,
    )
    pid_file = tmp_path / "pid"
    deadline = time.monotonic() + 20
    while not pid_file.exists() or not pid_file.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    session.kill()
    session.wait()
    guarded.wait(15)
    assert not guard.is_alive(int(pid_file.read_text()))
