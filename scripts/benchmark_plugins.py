"""Measures what twenty more plugins cost those who do not open them.

    python -m scripts.benchmark_plugins

writes twenty plugins with the product's own scaffold (``flask plugin new``) into a temporary folder
beside the shipped ones, deploys one installation without and one with them, and measures both in
turn: CPU time of ``create_app()``, and statements, CPU time and HTML of the pages that a supervisor
opens all day. It prints Markdown tables and ends with 1 where a bar is missed. Linux only.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import statistics
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli.scaffold.declaration import Declaration, read_declaration
from app.cli.scaffold.writing import write_plugin
from config import ROOT
from scripts.benchmark import installation
from scripts.measuring import Server, cpu_seconds, serving, sign_in

START_MOST_MS = 15.0
KILOBYTES_MOST = 1.0
CPU_MOST = 0.03
PERSON = "supervisor"
_FIELDS = """
[[fields]]
name = "subject"
label = {en = "Subject", zh = "事由"}
required = true

[[fields]]
name = "phone"
kind = "phone"
label = {en = "Phone", zh = "电话"}

[[fields]]
name = "customer"
kind = "customer"
label = {en = "Customer", zh = "客户"}

[[fields]]
name = "wanted_at"
kind = "moment"
label = {en = "Wanted at", zh = "预约时间"}

[[fields]]
name = "ends_on"
kind = "date"
label = {en = "Ends on", zh = "截止日期"}

[[fields]]
name = "amount"
kind = "amount"
label = {en = "Amount", zh = "金额"}

[[fields]]
name = "importance"
kind = "choice"
label = {en = "Importance", zh = "重要程度"}
[fields.choices]
high = {en = "High", zh = "高"}
low = {en = "Low", zh = "低"}

[[fields]]
name = "colleague"
kind = "person"
label = {en = "Colleague", zh = "同事"}

[[fields]]
name = "remarks"
kind = "long_text"
label = {en = "Remarks", zh = "备注"}
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What one request of a page showed.

    Attributes:
        statements: SQL statements, after a request that filled the caches.
        size: bytes of the body before compression.
    """

    statements: int
    size: int


def declarations(number: int) -> list[Declaration]:
    """Return that many declarations: nine fields, a workflow, a card and an API each.

    Args:
        number: how many, at most 26.
    """
    return [
        read_declaration(
            f'name = "sample_{letter.lower()}"\nnumber_prefix = "Q{letter}"\n'
            f'icon = "clipboard"\nsteps = true\n'
            f'[title]\nen = "Samples {letter}"\nzh = "样例{letter}"\n'
            f'[record]\nen = "Sample {letter}"\nzh = "样例{letter}"\n{_FIELDS}'
        )
        for letter in string.ascii_uppercase[:number]
    ]


def plugin_folder(parent: Path, number: int) -> Path:
    """Make a folder of plugins: the shipped ones as links, and generated ones without migrations.

    Args:
        parent: an empty folder.
        number: how many are generated.
    """
    # Plugins are imported under the name of their folder.
    folder = parent / "plugins"
    folder.mkdir(parents=True)
    for shipped in sorted((ROOT / "plugins").iterdir()):
        if (shipped / "plugin.toml").exists():
            (folder / shipped.name).symlink_to(shipped)
    for declaration in declarations(number):
        write_plugin(declaration, folder)
    return folder


def seen_by(application: Any, client: Any, paths: Iterable[str]) -> dict[str, Seen]:
    """Return what each page shows.

    Args:
        application: the application.
        client: a test client of a person who has signed in.
        paths: addresses of pages.

    Raises:
        RuntimeError: a page does not answer with 200.
    """
    from sqlalchemy import event

    from app.database import db

    noted: list[str] = []

    def note(*arguments: Any) -> None:
        # How a transaction begins is written out on SQLite only.
        if not arguments[2].startswith(("BEGIN", "PRAGMA")):
            noted.append(arguments[2])

    with application.app_context():
        engine = db.engine
    found = {}
    event.listen(engine, "before_cursor_execute", note)
    try:
        for path in paths:
            client.get(path)
            noted.clear()
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}.")
            found[path] = Seen(len(noted), len(answer.data))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return found


def _child(environment: Mapping[str, str], code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(environment), check=True,
        stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().splitlines()[-1]


def _flask(environment: Mapping[str, str], *arguments: str) -> float:
    """Run a command; return the CPU seconds of its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT,
                   env=dict(environment), check=True, stdout=sys.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write_first_migrations() -> None:
    """Write the first migration of each plugin that has none; in a process of its own."""
    from app import create_app
    from app.database import db
    from app.host.host import current_host
    from app.host.migrations import revise

    with create_app().app_context():
        for manifest in current_host().migratable_manifests:
            if not (manifest.path / "migrations").is_dir():
                revise(db.engine, ROOT, manifest, f"First tables of {manifest.name}")


def print_pages() -> None:
    """Print what the pages show as JSON; in a process of its own."""
    from app import create_app
    from app.access.scope import scope_filter
    from app.database import db
    from app.testing import plugin_fixtures
    from plugins.complaints.models import Complaint

    plugin_fixtures.PASSWORD = os.environ["CARELINE_DEMO_PASSWORD"]
    application = create_app()
    with application.app_context():
        house = plugin_fixtures.House(application, db.session)
        key = db.session.query(Complaint.id).filter(
            Complaint.is_open, scope_filter(house.actor(PERSON), Complaint),
        ).order_by(Complaint.id).limit(1).scalar()
        paths = {
            "home": "/", "list": "/complaints/list/", "record": f"/complaints/show/{key}",
            "form": "/complaints/add", "numbers of the menu": "/menu/waiting",
        }
        found = seen_by(application, house.client(PERSON), paths.values())
    print(json.dumps({name: [path, *dataclasses.astuple(found[path])]
                      for name, path in paths.items()}))


_START = """
import time
from app import create_app
began = time.process_time()
create_app()
print(time.process_time() - began)
"""


def starts(environments: Sequence[Mapping[str, str]], times: int) -> list[float]:
    """Return the median CPU seconds of ``create_app()`` of each installation, taken in turn.

    Args:
        environments: environments of the installations.
        times: processes of each.
    """
    spent: list[list[float]] = [[] for _ in environments]
    for _ in range(times):
        for place, environment in enumerate(environments):
            spent[place].append(float(_child(environment, _START)))
    return [statistics.median(each) for each in spent]


def page_cpu(
    servers: Sequence[Server], headers: Sequence[Mapping[str, str]], path: str, times: int
) -> list[float]:
    """Return the median CPU seconds of a page of each server, asked in turn.

    Args:
        servers: web servers.
        headers: those of a person who has signed in, for each.
        path: address of the page.
        times: requests of each that count.
    """
    spent: list[list[float]] = [[] for _ in servers]
    for turn in range(times + 5):
        for place, server in enumerate(servers):
            before = cpu_seconds(server.pid)
            server.get(path, headers[place])
            if turn >= 5:
                spent[place].append(cpu_seconds(server.pid) - before)
    return [statistics.median(each) for each in spent]


def main(arguments: list[str] | None = None) -> int:
    """Measure; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--plugins", type=int, default=20, help="how many are generated; 20")
    parser.add_argument("--complaints", type=int, default=300, help="records to show; 300")
    parser.add_argument("--times", type=int, default=100, help="requests for each page; 100")
    parser.add_argument("--starts", type=int, default=7, help="starts of each; 7")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="careline-benchmark-") as name:
        without = _installed(Path(name) / "without", 0, chosen.complaints)
        beside = _installed(Path(name) / "beside", chosen.plugins, chosen.complaints)
        missed = _report_starts(starts([without, beside], chosen.starts), chosen.plugins)
        missed |= _report_pages([without, beside], chosen.plugins, chosen.times)
    return int(missed)


def _installed(folder: Path, number: int, complaints: int) -> dict[str, str]:
    plugins = plugin_folder(folder, number)
    # Modules are compiled by the first start, as where the product is installed.
    environment = installation(folder) | {
        "CARELINE_PLUGINS_DIR": str(plugins), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if number:
        scratch = folder / "scratch"
        empty = environment | {
            "CARELINE_VAR_DIR": str(scratch),
            "CARELINE_DATABASE_URL": f"sqlite:///{scratch / 'empty.sqlite'}"}
        _flask(empty, "upgrade")
        _child(empty, "from scripts.benchmark_plugins import write_first_migrations as w; w()\n"
                      "print('written')")
    cpu = _flask(environment, "deploy")
    print(f"first deploy with {number} generated plugins: {cpu:.1f} s CPU", flush=True)
    _flask(environment, "demo", "load", "--seed", "1", "--complaints", str(complaints))
    return environment


def _mark(is_over: bool) -> str:
    return " (over)" if is_over else ""


def _report_starts(seconds: Sequence[float], number: int) -> bool:
    each = 1000 * (seconds[1] - seconds[0]) / number
    is_over = each >= START_MOST_MS
    print(f"\ncreate_app(): {seconds[0]:.3f} s CPU without, {seconds[1]:.3f} s with {number} more: "
          f"{each:.1f} ms for each{_mark(is_over)}, at most {START_MOST_MS:.0f}\n", flush=True)
    return is_over


def _report_pages(environments: Sequence[Mapping[str, str]], number: int, times: int) -> bool:
    code = "from scripts.benchmark_plugins import print_pages as p; p()"
    shown = [json.loads(_child(environment, code)) for environment in environments]
    print(f"| page | statements | with {number} more | kB | with | bytes more | CPU, ms | with "
          "| more |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    folders = [Path(environment["CARELINE_VAR_DIR"]) for environment in environments]
    missed = False
    with (
        serving("app:create_app()", environments[0], folders[0] / "web.log") as first,
        serving("app:create_app()", environments[1], folders[1] / "web.log") as second,
    ):
        servers = [first, second]
        headers = [sign_in(server, PERSON, environment["CARELINE_DEMO_PASSWORD"])
                   for server, environment in zip(servers, environments, strict=True)]
        for name, (path, statements, size) in shown[0].items():
            _, more_statements, more_size = shown[1][name]
            cpu = page_cpu(servers, headers, path, times)
            grown, share = more_size - size, cpu[1] / cpu[0] - 1
            over = (more_statements > statements, grown > 1000 * KILOBYTES_MOST, share >= CPU_MOST)
            missed = missed or any(over)
            print(f"| {name} | {statements} | {more_statements}{_mark(over[0])} "
                  f"| {size / 1000:.1f} | {more_size / 1000:.1f} | {grown}{_mark(over[1])} "
                  f"| {1000 * cpu[0]:.1f} | {1000 * cpu[1]:.1f} | {share:+.1%}{_mark(over[2])} |",
                  flush=True)
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
