"""The screen of plugins, and processes that start anew when one is switched."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import delete

from app.access.models import AuditEntry
from app.database import write
from app.host.discovery import discover
from app.host.faults import PluginFault
from app.host.host import current_host
from app.host.models import PluginState
from app.host.services import SwitchDenied, set_enabled
from app.people.models import PostHolder
from config import ROOT
from tests.integration.collaboration.conftest import without


def test_cards_say_what_a_plugin_brings_and_what_is_wrong(desk, house):
    host = current_host()
    host.faults.append(PluginFault("lost", "import", "No module named <b>lost</b>."))
    page = desk("admin").get("/plugins/").text
    assert "Complaints" in page and "Workflows: 1" in page and "Active" in page
    assert "Quarantined" in page and "&lt;b&gt;lost" in page
    assert "Its program cannot be loaded." in page
    assert "Complaints" not in admin_cards(desk("admin").get("/plugins/?q=lost").text)


def admin_cards(page):
    """Return the part of the page that holds the cards."""
    return page.split('class="plugin-grid"', 1)[1].split("</main>", 1)[0]


def test_a_chinese_page_says_why_in_chinese(desk, house, tmp_path):
    for name, text in (("halves", "title = 1"), ("torn", "name = ")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plugin.toml").write_text(f'name = "{name}"\n{text}\n')
    found = {one.plugin: one for one in discover(tmp_path).faults}
    current_host().faults += [
        found["halves"], found["torn"],
        PluginFault("lost", "import", "The import failed.", detail="No module named lost."),
        PluginFault("later", "compatibility", "%(plugin)s asks for contract %(range)s.",
                {"plugin": "later", "range": ">=9"}),
    ]
    admin = desk("admin")
    admin.send("/account/language", {"locale": "zh"})
    cards = admin_cards(admin.get("/plugins/").text)
    assert "程序无法加载" in cards
    assert "later 要求的接口版本为 &gt;=9" in cards
    assert "plugin.toml：title 必须包含 zh 和 en 的文字" in cards
    # What a foreign exception says stays as it is, marked as English.
    assert '<code lang="en">No module named lost.</code>' in cards
    assert '<code lang="en">' in cards.split("plugin.toml 无法读取", 1)[1][:60]


def test_switching_is_kept_noted_and_told_to_the_processes(desk, house, tmp_path):
    run = house.app.config["CARELINE_SETTINGS"].var_dir / "run"
    run.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        # Where the tests run under nohup, a child would ignore the signal too.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    ) as process:
        (run / "web.pid").write_text(str(process.pid))
        admin = desk("admin")
        assert admin.send("/plugins/complaints/disable").status_code == 302
        # Nobody handles the signal in this stand-in, so it ends by it.
        assert process.wait(10) == -signal.SIGHUP
    page = admin.get("/plugins/").text
    assert "have to be restarted" in page and "Switch on" in page
    assert house.session.get(PluginState, "complaints").enabled is False
    entry = house.session.query(AuditEntry).filter_by(action="plugin_disabled").one()
    assert entry.number == "complaints"
    admin.send("/plugins/complaints/enable")
    house.session.expire_all()
    assert house.session.get(PluginState, "complaints").enabled is True


def test_a_denied_switch_says_why(desk, house, monkeypatch):
    from app.host.contributions import Veto

    monkeypatch.setattr(
        current_host(), "check", lambda *_, **__: [Veto(plugin="x", message="Records are open.")]
    )
    admin = desk("admin")
    admin.send("/plugins/complaints/disable")
    assert "Records are open." in admin.get("/plugins/").text
    assert house.session.get(PluginState, "complaints") is None


def test_what_a_plugin_lacks_is_said_before_it_is_switched_on(desk, house):
    """It is not in force, and is asked all the same: by its own hook, after the preflight."""
    admin = desk("admin")
    with write(house.session):
        house.session.add(PluginState(name="appraisals", enabled=False))
        house.session.execute(delete(PostHolder))
    with without("appraisals"):
        admin.send("/plugins/appraisals/enable")
        page = admin.get("/plugins/").text
        assert "cannot be switched on: Nobody holds a post that signs sheets" in page
        admin.send("/account/language", {"locale": "zh"})
        admin.send("/plugins/appraisals/enable")
        assert "绩效考核 不能启用：还没有人担任签字岗位" in admin.get("/plugins/").text
        assert house.session.get(PluginState, "appraisals").enabled is False
        runner = house.app.test_cli_runner()
        done = runner.invoke(args=["plugin", "enable", "appraisals"])
        assert done.exit_code == 1 and "Nobody holds a post that signs sheets" in done.output


def test_a_plugin_that_needs_another_is_not_switched_on_before_it(house):
    host = current_host()
    needing = dataclasses.replace(host.manifests["work"], requires=("training",))
    host.manifests["work"] = needing
    with write(house.session):
        house.session.add(PluginState(name="training", enabled=False))
    with pytest.raises(SwitchDenied, match="needs training"):
        set_enabled(house.session, host, "work", True, "test")
    with write(house.session):
        house.session.get(PluginState, "training").enabled = True
    set_enabled(house.session, host, "work", True, "test")


def test_who_may_not_and_what_cannot_be(desk, house):
    supervisor, admin = desk("supervisor"), desk("admin")
    assert supervisor.get("/plugins/").status_code == 403
    assert supervisor.send("/plugins/complaints/disable").status_code == 403
    assert admin.get("/plugins/complaints/disable").status_code == 405
    assert admin.send("/plugins/none/disable").status_code == 404
    assert house.session.get(PluginState, "complaints") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_worker_starts_itself_anew_on_hangup(house, settings):
    file = settings.var_dir / "run" / "worker.pid"
    environment = {
        **os.environ, "CARELINE_ENV": "test", "CARELINE_VAR_DIR": str(settings.var_dir),
        "CARELINE_DATABASE_URL": settings.database_url,
        "CARELINE_SECRET_KEY": settings.secret_key,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        try:
            first = appeared(house, set())
            assert int(file.read_text()) == process.pid
            os.kill(process.pid, signal.SIGHUP)
            second = appeared(house, first)
            assert not first & second
            assert process.poll() is None and int(file.read_text()) == process.pid
        finally:
            process.terminate()
            process.wait(40)
    assert not file.exists()


def appeared(house, known: set[str]) -> set[str]:
    """Wait until a worker shows itself that is not known, and return all that do."""
    from sqlalchemy import select

    from app.jobs.models import WorkerRow

    until = time.monotonic() + 60
    while time.monotonic() < until:
        house.session.rollback()
        found = set(house.session.scalars(select(WorkerRow.id)))
        if found - known:
            return found
        time.sleep(0.2)
    raise AssertionError("no worker appeared")
