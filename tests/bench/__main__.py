"""The whole table of the benchmark.

    python -m tests.bench --complaints 10000 --folder var/bench

makes an installation with that many generated complaints and measures in one run, each request of
one candidate beside those of the others: the floor (a bare Flask view that shows 25 rows by one
hand-written statement over an index), Django's admin tuned, in an environment of its own, stock
Flask-AppBuilder, and the product under gunicorn. It prints Markdown tables, each row beside its
bar, and ends with 1 where a bar is missed. CPU is that of the server processes, on PostgreSQL less
that of its server. ``--database sqlite postgresql+psycopg://…`` measures on both, with several
numbers of complaints one after the other. Linux only; Django is installed from an index of packages
the first time (``--no-peers`` goes without).
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from app import create_app
from config import Settings
from scripts.benchmark import kept_installation, statements_of
from scripts.measuring import Server, getting, interleaved
from tests.bench import resources, samples, writes
from tests.bench.candidates import (
    ADMIN,
    DJANGO,
    FLOOR,
    PRODUCT,
    STOCK,
    Candidate,
    candidates,
    database_of,
)
from tests.bench.pages import Row, rows

LIST = "/complaints/list/?all=1&size=25"
SQLITE = "sqlite"
SAVE_TIMES = 2.5
START_SECONDS, COMMAND_SECONDS, IDLE_MEGABYTES, FIRST_PART_MS = 1.0, 0.7, 250.0, 50.0
RATE_TIMES = 2.0
_EXPORTED = 100_000
_ROUNDS = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A measured figure beside its bar.

    Attributes:
        text: the row of the table.
        holds: whether the bar is kept; a figure without one always holds.
    """

    text: str
    holds: bool = True


class Run:
    """One run over an installation.

    Args:
        environment: of the installation.
        found: who is measured.
        complaints: how many there are.
        times: requests of each page that are counted.
    """

    def __init__(
        self, environment: Mapping[str, str], found: Sequence[Candidate], complaints: int,
        times: int,
    ) -> None:
        self._environment, self._found, self._times = environment, found, times
        self._complaints = complaints
        self._application = create_app(Settings.from_environment(environment))
        self._servers: dict[str, Server] = {}
        self._headers: dict[str, Mapping[str, str]] = {}

    def pages(self, username: str) -> list[Line]:
        """Measure the pages of a person; the peers are opened by their admin."""
        own = next(one for one in self._found if one.name == PRODUCT)
        headers = {**self._headers, PRODUCT: own.signed_in(self._servers[PRODUCT], username)}
        return [self._page(row, headers)
                for row in rows(self._application, username, self._complaints)]

    def _page(self, row: Row, headers: Mapping[str, Mapping[str, str]]) -> Line:
        calls = {FLOOR: (self._servers[FLOOR], getting(self._servers[FLOOR], "/", {}))}
        for name, server in self._servers.items():
            path = row.path_of(name, PRODUCT)
            if path is not None:
                calls[name] = (server, getting(server, path, headers[name]))
        spent = interleaved(calls, self._times)
        floor, product, page = spent[FLOOR].median, spent[PRODUCT], row.page
        path = row.path_of(PRODUCT, PRODUCT) or ""
        statements = statements_of(self._application, headers[PRODUCT], path)
        times, most = product.median / floor, page.most_times
        cells = [
            page.title, f"{floor:.2f}", f"{product.median:.1f}", f"{product.p95:.1f}",
            f"{times:.1f}", most or "", statements, page.most_statements or "",
            *(f"{spent[name].median / floor:.1f}" if name in spent else "" for name in self.peers),
        ]
        return _line(cells, (most is None or times <= most)
                     and (page.most_statements is None or statements <= page.most_statements))

    @property
    def peers(self) -> list[str]:
        """Names of the peers that are measured."""
        return [one.name for one in self._found if one.name in (DJANGO, STOCK)]

    def writes(self) -> list[Line]:
        """Measure a change beside the peers, a new record and its first step."""
        product, headers = self._servers[PRODUCT], self._headers[PRODUCT]
        floor = {FLOOR: writes.opening(self._servers[FLOOR])}
        made: list[str] = []
        created = writes.measured(
            {**floor, PRODUCT: writes.creating(product, headers, made)}, self._times)
        saving = {name: writes.saving(name, self._servers[name], self._headers[name], made[0]
                                      if name == PRODUCT else self._key)
                  for name in (PRODUCT, *self.peers)}
        saved = writes.measured({**floor, **saving}, self._times)
        stepped = writes.measured(
            {**floor, PRODUCT: writes.stepping(product, headers, made)}, self._times)
        lines = []
        for title, spent, most in (
                ("save", saved, SAVE_TIMES), ("create", created, None), ("step", stepped, None)):
            least = spent[FLOOR].median
            times = spent[PRODUCT].median / least
            cells = [title, f"{least:.2f}", f"{spent[PRODUCT].median:.1f}",
                     f"{spent[PRODUCT].p95:.1f}", f"{times:.1f}", most or "", "", "",
                     *(f"{spent[name].median / least:.1f}" if name in spent else ""
                       for name in self.peers)]
            lines.append(_line(cells, most is None or times <= most))
        return lines

    @property
    def _key(self) -> str:
        page = next(row.page for row in rows(self._application, ADMIN, self._complaints)
                    if row.page.title == "edit form")
        return page.path.rsplit("/", 1)[1]

    def export(self) -> list[Line]:
        """Measure a CSV file of the list."""
        count, cpu, first, grown = resources.export_of(
            self._servers[PRODUCT], self._headers[PRODUCT], "/complaints/export/csv?all=1")
        each = cpu / count * _EXPORTED
        return [
            _line(["export, CPU for each 100,000 rows, s", f"{each:.1f}", ""], True),
            _line(["export, first part after, ms", f"{first:.0f}", f"{FIRST_PART_MS:.0f}"],
                  first <= FIRST_PART_MS),
            _line([f"export of {count:,} rows, more memory, MB", f"{grown:.0f}", "flat"], True),
        ]

    def rates(self, seconds: float) -> list[Line]:
        """Measure eight clients and two web processes, best of three: a list, and a change.

        A change is the form and what it sends; each client changes a complaint of its own.
        """
        paths = {PRODUCT: LIST, DJANGO: "/admin/django_peer/complaint/", STOCK: "/complaints/list/"}
        best: dict[tuple[str, str], float] = {}
        with contextlib.ExitStack() as stack:
            servers = {one.name: stack.enter_context(one.served(workers=2))
                       for one in self._found if one.name in paths}
            made: list[str] = []
            create = writes.creating(servers[PRODUCT], self._headers[PRODUCT], made)
            for _ in range(samples.CLIENTS):
                create()
            others = [str(int(self._key) + place) for place in range(samples.CLIENTS)]
            for _ in range(_ROUNDS):
                for name, server in servers.items():
                    headers = self._headers[name]
                    lists = [samples.keeping(server.port, paths[name], headers)
                             for _ in range(samples.CLIENTS)]
                    changes = [writes.saving(name, server, headers, key)
                               for key in (made if name == PRODUCT else others)]
                    for what, acts in (("list", lists), ("save", changes)):
                        rate = samples.done_a_second(acts, seconds)
                        best[what, name] = max(rate, best.get((what, name), 0.0))
        lines = []
        for (what, name), rate in sorted(best.items()):
            least = RATE_TIMES * best.get((what, DJANGO), 0.0) if name == PRODUCT else 0.0
            lines.append(_line([f"{what}, eight clients, {name}, a second", f"{rate:.0f}",
                                f"{least:.0f} at least" if least else ""], rate >= least))
        return lines

    def processes(self) -> list[Line]:
        """Measure start, commands and memory."""
        own = next(one for one in self._found if one.name == PRODUCT)
        web, worker = resources.idle_megabytes(own)
        lines = [_line(["idle: two web processes with their arbiter, and a worker, MB",
                        f"{web:.0f} + {worker:.0f}", f"{IDLE_MEGABYTES:.0f}"],
                       web + worker <= IDLE_MEGABYTES)]
        command = resources.command_seconds(self._environment, "plugin", "list")
        lines.append(_line(["flask plugin list, CPU, s", f"{command:.2f}", COMMAND_SECONDS],
                           command <= COMMAND_SECONDS))
        for one in self._found:
            if one.name == FLOOR:
                continue
            path = "/admin/django_peer/complaint/" if one.name == DJANGO else (
                LIST if one.name == PRODUCT else "/complaints/list/")
            spent = resources.first_list_seconds(one, self._headers[one.name], path)
            bar = START_SECONDS if one.name == PRODUCT else None
            lines.append(_line([f"start to the first list, {one.name}, CPU, s", f"{spent:.2f}",
                                bar or ""], bar is None or spent <= bar))
        return lines

    def measure(self, usernames: Sequence[str], seconds: float) -> bool:
        """Measure and print everything; return whether every bar is kept."""
        kept = True
        head = ["page", "floor, ms", "CPU, ms: half within", "95 of 100 within", "times the floor",
                "at most", "statements", "at most", *(f"{name}, times" for name in self.peers)]
        with contextlib.ExitStack() as stack:
            for one in self._found:
                self._servers[one.name] = stack.enter_context(one.served())
                self._headers[one.name] = one.signed_in(self._servers[one.name])
            for username in usernames:
                kept &= _print(f"Pages, {username}", head, self.pages(username))
            kept &= _print("Writes, admin", head, self.writes())
            kept &= _print("Export", ["what", "measured", "at most"], self.export())
        kept &= _print("Throughput", ["what", "measured", "bar"], self.rates(seconds))
        kept &= _print("Processes", ["what", "measured", "at most"], self.processes())
        return kept


def _line(cells: Sequence[object], holds: bool) -> Line:
    first, *rest = cells
    return Line("| " + " | ".join(map(str, [first if holds else f"{first} **(missed)**", *rest]))
                + " |", holds)


def _print(title: str, head: Sequence[str], lines: Sequence[Line]) -> bool:
    print(f"\n### {title}\n\n| {' | '.join(head)} |")
    print(f"| --- |{' ---: |' * (len(head) - 1)}")
    print("\n".join(line.text for line in lines), flush=True)
    return all(line.holds for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        arguments: command line without the program's name.

    Returns:
        0, or 1 where a bar is missed.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--complaints", type=int, nargs="+", default=[10_000],
                        help="how many; several numbers make several installations")
    parser.add_argument("--times", type=int, default=40, help="requests of each page; 40")
    parser.add_argument("--seconds", type=float, default=5, help="of each round of clients; 5")
    parser.add_argument("--usernames", nargs="*", default=[ADMIN, "agent"])
    parser.add_argument("--database", nargs="+", default=[SQLITE],
                        help="where: sqlite, or the address of a PostgreSQL server's database, "
                        "beside which each size gets one of its own; sqlite")
    parser.add_argument("--folder", type=Path, help="keeps the installations there")
    parser.add_argument("--no-peers", action="store_true", help="without Django and stock FAB")
    chosen = parser.parse_args(arguments)
    kept = True
    for database, complaints in itertools.product(chosen.database, chosen.complaints):
        with tempfile.TemporaryDirectory(prefix="careline-bench-") as name:
            is_sqlite = database == SQLITE
            place = f"{complaints}" if is_sqlite else f"postgresql-{complaints}"
            folder = ((chosen.folder or Path(name)) / place).resolve()
            environment = kept_installation(
                folder, "" if is_sqlite else database_of(database, complaints), complaints)
            found = candidates(folder, environment, peers=not chosen.no_peers)
            print(f"\n## {complaints:,} complaints, {'SQLite' if is_sqlite else 'PostgreSQL'}, "
                  f"{resources.cores()} cores")
            run = Run(environment, found, complaints, chosen.times)
            kept &= run.measure(chosen.usernames, chosen.seconds)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
