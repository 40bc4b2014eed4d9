"""Check the types of the source with pyright; the rules stand in pyproject.toml.

``python -m scripts.type_check`` needs what ``make setup`` installs; arguments are handed on.
"""

from __future__ import annotations

import subprocess
import sys

from scripts.frontend import MODULES, ROOT, SetupError, node_command

PYRIGHT = MODULES / "pyright" / "index.js"


def main(arguments: list[str] | None = None) -> int:
    """Run pyright.

    Args:
        arguments: what it is called with, e.g. files to look at alone.

    Returns:
        0 without errors, or what pyright says.
    """
    if not PYRIGHT.exists():
        print("pyright is not installed: make setup", file=sys.stderr)
        return 1
    try:
        node = node_command()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    given = sys.argv[1:] if arguments is None else arguments
    return subprocess.run([*node, PYRIGHT, *given], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
