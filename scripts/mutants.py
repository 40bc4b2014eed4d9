"""Changes the pure modules one place at a time and tells how many changes their tests notice.

Run by ``make mutants``. mutmut does the work, as ``[tool.mutmut]`` in pyproject.toml says, in the
folder ``mutants``; a second run looks only at functions that have changed since. What is read here
are the ends of its runs. Texts for people are left out: the translations notice a changed one.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from config import ROOT

LEAST_SHARE = 0.85
FOLDER = ROOT / "mutants"
# How pytest ended: a test failed, or it broke. Others by mutmut: the tests took too long.
_NOTICED = frozenset({1, 3, 36, -24, 24, 152, 255})
_NOT_RUN = frozenset({None, 2})


@dataclasses.dataclass(frozen=True, slots=True)
class Score:
    """How the tests of one module did.

    Attributes:
        module: its path below ``app``.
        noticed: changes that a test noticed.
        made: changes that were tried.
        waiting: changes that have not been tried.
    """

    module: str
    noticed: int
    made: int
    waiting: int

    @property
    def share(self) -> float:
        """The share of changes that were noticed, between 0 and 1."""
        return self.noticed / self.made if self.made else 0.0


def score_of(module: str, ends: Mapping[str, int | None]) -> Score:
    """Return the score of a module.

    Args:
        module: its path.
        ends: exit code of the tests by the name of each change; ``None`` where they did not run.
    """
    tried = [end for end in ends.values() if end not in _NOT_RUN]
    return Score(module, sum(end in _NOTICED for end in tried), len(tried),
                 len(ends) - len(tried))


def scores(folder: Path = FOLDER) -> Iterator[Score]:
    """Yield the scores that mutmut left in a folder, by path.

    Args:
        folder: where it worked.
    """
    for path in sorted(folder.rglob("*.py.meta")):
        ends = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        yield score_of(path.relative_to(folder).as_posix().removesuffix(".meta"), ends)


def main() -> int:
    """Try all changes and print the share of each module.

    Returns:
        1 where a module is below ``LEAST_SHARE`` or was not tried as a whole, else 0.
    """
    children = str(os.cpu_count() or 1)
    subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", children],
                   cwd=ROOT, check=False)
    found = list(scores())
    for one in found:
        print(f"{one.share:6.1%}  {one.noticed:4} of {one.made:4}  {one.module}"
              + (f"  ({one.waiting} not tried)" if one.waiting else ""))
    return int(not found or any(one.share < LEAST_SHARE or one.waiting for one in found))


if __name__ == "__main__":
    raise SystemExit(main())
