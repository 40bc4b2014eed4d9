"""Imports a plugin in a process of its own and says whether it may be imported here.

One broken mapper poisons every query of the process that imported it, and a plugin may end the
interpreter or never return. The verdict is kept by the hash of the plugin's files, so that a start
with unchanged plugins runs no process at all.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.host.discovery import Problem, first_line
from app.host.loader import stage
from app.host.manifest import API_VERSION, Manifest, read_manifest
from app.i18n import N_

TIMEOUT_SECONDS = 120
# Changes with what stands in a verdict: those of another form are not read.
_FORM = 2
_SOURCES = ("*.py", "*.toml")


def content_hash(manifests: Iterable[Manifest]) -> str:
    """Return a hash over the sources of plugins, the interpreter and the contract version."""
    digest = hashlib.sha256(f"{sys.version}|{API_VERSION}|{_FORM}|".encode())
    for manifest in manifests:
        digest.update(manifest.module.encode())
        files = sorted(
            {file for pattern in _SOURCES for file in manifest.path.rglob(pattern)}
        )
        for file in files:
            digest.update(str(file.relative_to(manifest.path)).encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def preflight(
    manifests: Iterable[Manifest], cache: Path, core_models: str, root: Path
) -> tuple[list[Manifest], list[Problem]]:
    """Try every plugin in a process of its own, with what it requires.

    Args:
        manifests: manifests in load order.
        cache: folder for verdicts.
        core_models: import path of the module that imports all of the core's tables.
        root: folder from which ``app`` and the plugins are imported.

    Returns:
        Manifests that passed, in the same order, and the problems of the others.
    """
    passed: list[Manifest] = []
    problems: list[Problem] = []
    failed: set[str] = set()
    by_name: dict[str, Manifest] = {}
    for manifest in manifests:
        missing = sorted(failed.intersection(manifest.requires))
        if missing:
            problem = Problem(
                manifest.name, "requirement",
                N_("%(plugin)s requires %(others)s, which failed."),
                {"plugin": manifest.name, "others": ", ".join(missing)},
            )
        else:
            chain = _with_requirements(manifest, by_name)
            problem = _verdict(manifest, chain, cache, core_models, root)
        if problem is None:
            passed.append(manifest)
            by_name[manifest.name] = manifest
        else:
            problems.append(problem)
            failed.add(manifest.name)
    return passed, problems


def _with_requirements(manifest: Manifest, by_name: dict[str, Manifest]) -> list[Manifest]:
    chain: list[Manifest] = []

    def visit(one: Manifest) -> None:
        for name in one.requires:
            visit(by_name[name])
        if one not in chain:
            chain.append(one)

    visit(manifest)
    return chain


def _verdict(
    manifest: Manifest, chain: list[Manifest], cache: Path, core_models: str, root: Path
) -> Problem | None:
    file = cache / f"{manifest.name}-{content_hash(chain)[:32]}.json"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        verdict = _run(chain, core_models, root)
        # Written aside and moved: two processes that start at once never read half a verdict.
        with tempfile.NamedTemporaryFile("w", dir=cache, delete=False, encoding="utf-8") as out:
            json.dump(verdict, out)
        Path(out.name).replace(file)
    verdict = json.loads(file.read_text(encoding="utf-8"))
    return None if verdict is None else Problem(manifest.name, **verdict)


def _run(chain: list[Manifest], core_models: str, root: Path) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "app.host.preflight", "--core-models", core_models]
    command += [f"{m.module}={m.path}" for m in chain]
    path = os.pathsep.join(dict.fromkeys([str(root), str(chain[-1].path.parent.parent)]))
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
            env={**os.environ, "PYTHONPATH": path}, check=False,
        )
    except subprocess.TimeoutExpired:
        return {"stage": "import", "text": N_("The import took over %(number)s seconds."),
                "values": {"number": str(TIMEOUT_SECONDS)}}
    for line in done.stdout.splitlines():
        if line.startswith("verdict:"):
            return json.loads(line.removeprefix("verdict:"))
    last = done.stderr.strip().splitlines()[-1:] or ["no message"]
    return {"stage": "import", "text": N_("The import ended the process."), "detail": last[0]}


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the process: prints the verdict on the last plugin as one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--core-models", required=True)
    parser.add_argument("plugins", nargs="+")
    options = parser.parse_args(arguments)
    importlib.import_module(options.core_models)
    manifests = []
    for item in options.plugins:
        module, _, path = item.partition("=")
        manifests.append(read_manifest(Path(path), module))
    from sqlalchemy.orm import configure_mappers

    _, _, problems = stage(manifests)
    verdict: dict[str, Any] | None = None
    if problems:
        verdict = dataclasses.asdict(problems[-1])
        del verdict["plugin"]
    else:
        try:
            configure_mappers()
        except Exception as error:
            verdict = {"stage": "mapper", "text": N_("Its tables do not fit together."),
                       "detail": first_line(error)}
    print("verdict:" + json.dumps(verdict))


if __name__ == "__main__":
    main()
