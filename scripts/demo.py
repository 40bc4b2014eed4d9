"""Starts the whole product on this machine with data to try it on: ``make demo``.

Everything it writes stays under ``var/demo`` (or CARELINE_VAR_DIR): database, files, logs, the
secret key and the password of the demo people. A second start finds it all there and loses nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import secrets
import signal
import socket
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from app.access.passwords import problem as problem_of
from config import ROOT, Settings, SettingsError

SIGN_INS = {
    "agent": "works on cases, calls customers",
    "supervisor": "assigns, approves, watches deadlines",
    "admin": "people, roles, workflows, plugins",
    "leader": "signs and approves, reads reports",
    "hr": "appraisals and training",
}
READY_WITHIN_SECONDS = 90
STOP_WITHIN_SECONDS = 20
LOOK_EVERY_SECONDS = 0.2
# No letters that look alike: people type this password from the screen.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class DemoError(Exception):
    """The demo cannot go on; the message is one sentence for the person at the keyboard."""


@dataclasses.dataclass(frozen=True)
class Child:
    """A process that the demo started, with the file that holds what it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def kept_secret(path: Path, make: str) -> str:
    """Return the content of ``path``; when it does not exist, write ``make`` there for us alone.

    Args:
        path: file with mode 0600.
        make: what to write.
    """
    if path.exists():
        return path.read_text().strip()
    write_secret(path, make)
    return make


def write_secret(path: Path, value: str) -> None:
    """Write ``value`` to a file that nobody else can read at any moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")


def new_password() -> str:
    """Return a random password of about 79 bits in four groups of four characters."""
    groups = ("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def demo_environment(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every process of the demo; what is set already wins.

    Args:
        folder: where the demo keeps its data.
        given: the environment of this process.
    """
    alphabet = string.ascii_letters + string.digits
    key = "".join(secrets.choice(alphabet) for _ in range(64))
    return {
        "CARELINE_ENV": "demo",
        "CARELINE_SECRET_KEY": kept_secret(folder / "secret-key", key),
        "CARELINE_DATABASE_URL": f"sqlite:///{folder / 'careline.sqlite'}",
        "CARELINE_VAR_DIR": str(folder),
        # Each further process takes memory; one is enough to try it out.
        "CARELINE_WEB_WORKERS": "1",
        "PYTHONUNBUFFERED": "1",
        **given,
    }


def check_port(host: str, port: int) -> None:
    """Make sure that the web server will be able to listen.

    Raises:
        DemoError: another program listens there, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} on {host} cannot be used ({error.strerror}): stop the program that "
                f"holds it or choose another, for example PORT={port % 65535 + 1} make demo."
            ) from None


def flask(environment: Mapping[str, str], *command: str) -> None:
    """Run a command of the product.

    Raises:
        DemoError: it failed; what it wrote was printed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)
        raise DemoError(f"The command flask {' '.join(command)} failed; see above.")


def prepare(folder: Path, environment: dict[str, str]) -> None:
    """Bring the database up to date and load the demo data into a new one.

    Args:
        folder: where the demo keeps its data.
        environment: of the commands; gains ``CARELINE_DEMO_PASSWORD``.

    Raises:
        DemoError: the password is one that the product refuses, or a command failed.
    """
    loaded, password = folder / "loaded", folder / "password"
    known = password.read_text().strip() if password.exists() else ""
    wanted = environment.get("CARELINE_DEMO_PASSWORD") or known or new_password()
    if problem := problem_of(wanted):
        raise DemoError(f"CARELINE_DEMO_PASSWORD is refused. {problem}")
    environment["CARELINE_DEMO_PASSWORD"] = wanted
    say("Bringing the database up to date ...")
    flask(environment, "deploy")
    # The mark is written last: a load that was interrupted is done again.
    mark = hashlib.sha256(environment["CARELINE_DATABASE_URL"].encode()).hexdigest()
    if not loaded.exists() or loaded.read_text() != mark:
        say("Loading demo data ...")
        flask(environment, "demo", "load")
        loaded.write_text(mark)
    elif wanted != known:
        flask(environment, "demo", "passwords")
    write_secret(password, wanted)


def start(name: str, folder: Path, environment: Mapping[str, str], *command: str) -> Child:
    """Start a child process that writes to ``NAME.log`` in the demo's folder."""
    path = folder / f"{name}.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=dict(environment),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            # Ctrl-C reaches only us: we stop the children in order.
            start_new_session=True,
        )
    return Child(name, process, path)


def check_children(children: list[Child]) -> None:
    """Look whether every child still runs.

    Raises:
        DemoError: one has ended; the end of its log is in the message.
    """
    for child in children:
        code = child.process.poll()
        if code is not None:
            tail = child.log.read_text(errors="replace")[-2000:].rstrip()
            raise DemoError(
                f"The {child.name} process ended with code {code}; its log {child.log} ends with:"
                f"\n{tail}"
            )


def wait_until_ready(url: str, children: list[Child]) -> None:
    """Wait until the product says that it can serve.

    Raises:
        DemoError: a child ended, or it takes too long.
    """
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        check_children(children)
        with (
            contextlib.suppress(urllib.error.URLError, TimeoutError, ConnectionError),
            urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(LOOK_EVERY_SECONDS)
    logs = ", ".join(str(child.log) for child in children)
    raise DemoError(
        f"The product was not ready within {READY_WITHIN_SECONDS} seconds; see {logs}."
    )


def stop(children: list[Child]) -> None:
    """Ask every child to end, wait, and kill what does not listen."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def address(settings: Settings) -> str:
    """Return the address that a browser on this machine uses."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def say(line: str = "") -> None:
    """Print a line at once."""
    print(line, flush=True)


def announce(url: str, password: str, folder: Path) -> None:
    """Print where the product is and how to sign in."""
    say(f"\nCareline is ready at {url}\n")
    for name, duty in SIGN_INS.items():
        say(f"  {name:<12}{duty}")
    say(f"\n  Password of all of them: {password}")
    say(f"  Ctrl-C stops it; the data stays under {folder}.\n")


def run(given: Mapping[str, str]) -> None:
    """Prepare and start the product, then watch it until it is told to stop.

    Raises:
        DemoError: it cannot start, or one of its processes ended.
        SettingsError: the environment holds a bad value.
        KeyboardInterrupt: it was told to stop.
    """
    folder = Path(given.get("CARELINE_VAR_DIR") or ROOT / "var" / "demo")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = demo_environment(folder, given)
    settings = Settings.from_environment(environment)
    check_port(settings.host, settings.port)
    prepare(folder, environment)
    password = environment.pop("CARELINE_DEMO_PASSWORD")
    url, children = address(settings), list[Child]()
    try:
        children.append(start("web", folder, environment, "gunicorn", "app:create_app()"))
        worker = ("flask", "--app", "app", "jobs", "work")
        children.append(start("worker", folder, environment, *worker))
        wait_until_ready(url, children)
        announce(url, password, folder)
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            check_children(children)
    finally:
        stop(children)


def main() -> int:
    """Run the demo and return the exit code."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # Each one by name: whatever starts the demo in the background may have had some ignored.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, interrupt)
    try:
        run(os.environ)
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    except (DemoError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
