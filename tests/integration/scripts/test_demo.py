"""The demo script: secrets kept for us alone, one clear sentence for what goes wrong."""

from __future__ import annotations

import dataclasses
import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import Settings
from scripts import demo


@dataclasses.dataclass
class Commands:
    """Records the commands of the product that the demo called."""

    called: list[tuple[str, ...]] = dataclasses.field(default_factory=list)
    passwords: list[str] = dataclasses.field(default_factory=list)

    def __call__(self, environment: dict[str, str], *command: str) -> None:
        self.called.append(command)
        self.passwords.append(environment["CARELINE_DEMO_PASSWORD"])

    def take(self) -> list[tuple[str, ...]]:
        called, self.called = self.called, []
        return called


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    recorded = Commands()
    monkeypatch.setattr(demo, "flask", recorded)
    return recorded


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secret_key_is_kept_private_and_strong_enough(tmp_path: Path) -> None:
    first = demo.demo_environment(tmp_path, {})
    second = demo.demo_environment(tmp_path, {})
    assert first["CARELINE_SECRET_KEY"] == second["CARELINE_SECRET_KEY"]
    assert _mode(tmp_path / "secret-key") == 0o600
    assert Settings.from_environment(first).environment == "demo"


def test_what_is_set_wins(tmp_path: Path) -> None:
    given = {"CARELINE_DATABASE_URL": "postgresql://careline@db/careline", "PORT": "8123"}
    settings = Settings.from_environment(demo.demo_environment(tmp_path, given))
    assert (settings.is_sqlite, settings.port) == (False, 8123)


def test_demo_data_is_loaded_once_and_password_kept(tmp_path: Path, commands: Commands) -> None:
    environment = demo.demo_environment(tmp_path, {})
    demo.prepare(tmp_path, dict(environment))
    update = [("deploy",)]
    assert commands.take() == [*update, ("demo", "load")]
    assert _mode(tmp_path / "password") == 0o600
    demo.prepare(tmp_path, dict(environment))
    assert commands.take() == update
    assert len(set(commands.passwords)) == 1
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", commands.passwords[0])


def test_a_password_given_later_is_set(tmp_path: Path, commands: Commands) -> None:
    environment = demo.demo_environment(tmp_path, {})
    demo.prepare(tmp_path, dict(environment))
    commands.take()
    demo.prepare(tmp_path, environment | {"CARELINE_DEMO_PASSWORD": "another-one-2026"})
    assert commands.take()[-1] == ("demo", "passwords")
    assert (tmp_path / "password").read_text() == "another-one-2026\n"


@pytest.mark.parametrize("password", ["1", "short", "password1234", "aaaaaaaaaaaa"])
def test_a_weak_password_is_refused_before_anything_is_done(
    tmp_path: Path, commands: Commands, password: str
) -> None:
    environment = demo.demo_environment(tmp_path, {})
    with pytest.raises(demo.DemoError, match="CARELINE_DEMO_PASSWORD is refused"):
        demo.prepare(tmp_path, environment | {"CARELINE_DEMO_PASSWORD": password})
    assert commands.take() == []
    assert not (tmp_path / "password").exists()


def test_an_interrupted_load_is_done_again(
    tmp_path: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_environment: dict[str, str], *command: str) -> None:
        if command == ("demo", "load"):
            raise demo.DemoError("killed")

    environment = demo.demo_environment(tmp_path, {})
    with monkeypatch.context() as patch, pytest.raises(demo.DemoError):
        patch.setattr(demo, "flask", interrupted)
        demo.prepare(tmp_path, dict(environment))
    demo.prepare(tmp_path, dict(environment))
    assert ("demo", "load") in commands.take()


def test_another_database_gets_demo_data_of_its_own(tmp_path: Path, commands: Commands) -> None:
    demo.prepare(tmp_path, demo.demo_environment(tmp_path, {}))
    commands.take()
    given = {"CARELINE_DATABASE_URL": "postgresql://careline@db/careline"}
    demo.prepare(tmp_path, demo.demo_environment(tmp_path, given))
    assert ("demo", "load") in commands.take()


def _demo(var: Path, port: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CARELINE_VAR_DIR": str(var), "PORT": port}
    return subprocess.run(
        [sys.executable, "-m", "scripts.demo"], cwd=demo.ROOT, env=environment,
        capture_output=True, text=True, check=False, timeout=60,
    )


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = _demo(tmp_path, str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr


def test_a_bad_setting_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = _demo(tmp_path, "http")
    assert done.returncode == 1
    assert done.stderr == "PORT must be a whole number (it is 'http').\n"


def _child(tmp_path: Path, code: str) -> demo.Child:
    log = tmp_path / "web.log"
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=file, stderr=file)
    return demo.Child("web", process, log)


def test_a_dead_child_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    child = _child(tmp_path, "print('no such table'); raise SystemExit(3)")
    child.process.wait()
    with pytest.raises(demo.DemoError, match=r"(?s)web process ended with code 3.*no such table"):
        demo.check_children([child])


def test_a_child_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "STOP_WITHIN_SECONDS", 1)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', "
    child = _child(tmp_path, deaf + "flush=True); time.sleep(60)")
    while not child.log.read_text():
        demo.check_children([child])
    demo.stop([child])
    assert child.process.returncode == -9


def test_every_address_is_shown_as_one_a_browser_can_open(tmp_path: Path) -> None:
    for host, shown in {
        "127.0.0.1": "http://127.0.0.1:8080",
        "0.0.0.0": "http://127.0.0.1:8080",
        "::1": "http://[::1]:8080",
    }.items():
        environment = demo.demo_environment(tmp_path, {"HOST": host, "PORT": "8080"})
        assert demo.address(Settings.from_environment(environment)) == shown
