"""Who is measured: the product, a bare Flask view, Django's admin, and stock Flask-AppBuilder.

The peers work on copies of the product's database, so that what they write disturbs nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from http.client import HTTPResponse
from pathlib import Path

from config import ROOT
from scripts.benchmark import FLOOR_DATABASE
from scripts.measuring import Server, serving, sign_in

PRODUCT, FLOOR, DJANGO, STOCK = "product", "floor", "Django admin", "stock FAB"
ADMIN = "admin"
_REQUIREMENTS = ROOT / "tests" / "bench" / "django_peer" / "requirements.txt"
_WEB_SERVER = ROOT / "tests" / "bench" / "web_server.py"
_APPLICATIONS = {
    PRODUCT: "app:create_app()", FLOOR: "scripts.benchmark:floor_application()",
    DJANGO: "tests.bench.django_peer.wsgi:application",
    STOCK: "tests.bench.stock_builder:application()",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """One of those that are measured.

    Attributes:
        name: what the table calls it.
        environment: environment variables of its processes.
        python: its interpreter.
        folder: where its server writes.
    """

    name: str
    environment: Mapping[str, str]
    python: str
    folder: Path

    @contextlib.contextmanager
    def served(self, workers: int = 1) -> Iterator[Server]:
        """Run its web server for the length of a block.

        Args:
            workers: web processes.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        # The web server keeps its process number in that folder; each needs one of its own.
        environment = {**self.environment, "CARELINE_WEB_WORKERS": str(workers)}
        if self.name != PRODUCT:
            environment["CARELINE_VAR_DIR"] = str(self.folder)
        with serving(_APPLICATIONS[self.name], environment, self.folder / "server.log",
                     workers=workers, python=self.python,
                     configuration=None if self.name == PRODUCT else _WEB_SERVER) as server:
            yield server

    def signed_in(self, server: Server, username: str = ADMIN) -> dict[str, str]:
        """Sign in and return the headers of the session.

        Args:
            server: its server.
            username: who signs in; peers know the admin alone.
        """
        password = self.environment["CARELINE_DEMO_PASSWORD"]
        if self.name == FLOOR:
            return {}
        if self.name == DJANGO:
            return _django_session(server, password)
        headers = sign_in(server, username, password)
        # The first page puts the token against forged requests into the session.
        answer, _ = server.send("GET", "/", headers)
        return {**headers, "Cookie": _cookies(answer) or headers["Cookie"]}


def candidates(folder: Path, environment: Mapping[str, str], *, peers: bool) -> list[Candidate]:
    """Return who is measured, the product first; what a peer needs is made.

    Args:
        folder: of the installation.
        environment: of the installation.
        peers: whether Django and stock Flask-AppBuilder are measured, too. The first needs an
            index of packages.
    """
    found = [Candidate(PRODUCT, environment, sys.executable, folder / "web"),
             Candidate(FLOOR, environment, sys.executable, folder / "floor")]
    if not peers:
        return found
    for name in (DJANGO, STOCK):
        place = folder / re.sub(r"\W+", "-", name).lower()
        place.mkdir(exist_ok=True)
        address = _copied(environment[FLOOR_DATABASE], place)
        found.append(Candidate(
            name, {**environment, FLOOR_DATABASE: address, "CARELINE_DATABASE_URL": address},
            _django_python(place, environment, address) if name == DJANGO else sys.executable,
            place))
    return found


def _copied(address: str, place: Path) -> str:
    """Return the address of a copy of the product's database; made once."""
    if address.startswith("sqlite:///"):
        copy = place / "database.sqlite"
        if not copy.exists():
            subprocess.run(
                [sys.executable, "-c", "import sqlite3, sys\n"
                 "with sqlite3.connect(sys.argv[1]) as one, sqlite3.connect(sys.argv[2]) as two:\n"
                 "    one.backup(two)\n    two.execute('PRAGMA journal_mode=WAL')",
                 address.removeprefix("sqlite:///"), str(copy)], check=True)
        return f"sqlite:///{copy}"
    name = _parts(address)[1]
    copied = f"{name}_{re.sub(r'[^a-z]+', '_', place.name)}"
    return _made(address, copied, template=name)


def database_of(address: str, complaints: int) -> str:
    """Return the address of the database for a size; on PostgreSQL it is made where it is missing.

    Args:
        address: of any database of the server; empty for SQLite.
        complaints: the size.
    """
    return _made(address, f"{_parts(address)[1]}_{complaints}") if address else ""


def _parts(address: str) -> tuple[str, str, str]:
    """Return the server, the database and the options in an address of PostgreSQL."""
    base, _, name = address.partition("?")[0].rpartition("/")
    return base, name, address[len(base) + 1 + len(name):]


def _made(address: str, name: str, template: str = "template1") -> str:
    """Return the address of another database of the same server; it is made once."""
    import psycopg

    base, _, rest = _parts(address)
    with psycopg.connect(
            f"{base}/postgres{rest}".replace("+psycopg", "", 1), autocommit=True) as connection:
        if connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{base}/{name}{rest}"


def _django_python(place: Path, environment: Mapping[str, str], address: str) -> str:
    """Return the interpreter of Django's own environment; made once, with its tables."""
    home = place / "environment"
    python = str(home / "bin" / "python")
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--requirement", str(_REQUIREMENTS)],
            check=True)
        of_django = {**environment, FLOOR_DATABASE: address,
                     "DJANGO_SETTINGS_MODULE": "tests.bench.django_peer.settings",
                     "DJANGO_SUPERUSER_PASSWORD": environment["CARELINE_DEMO_PASSWORD"]}
        for arguments in (["migrate", "--verbosity", "0"],
                          ["createsuperuser", "--noinput", "--username", ADMIN,
                           "--email", "admin@example.com"]):
            subprocess.run([python, "-m", "django", *arguments], cwd=ROOT, env=of_django,
                           check=True)
        (home / "ready").touch()
    return python


def _django_session(server: Server, password: str) -> dict[str, str]:
    answer, page = server.send("GET", "/admin/login/")
    cookies = _cookies(answer)
    token = page.decode().split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    answer, _ = server.send("POST", "/admin/login/?next=/admin/", {"Cookie": cookies}, [
        ("csrfmiddlewaretoken", token), ("username", ADMIN), ("password", password)])
    if answer.status != 302:
        raise RuntimeError(f"Django refused the sign-in: {answer.status}.")
    return {"Cookie": _cookies(answer)}


def _cookies(answer: HTTPResponse) -> str:
    headers = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(one.split(";", 1)[0] for one in headers)
