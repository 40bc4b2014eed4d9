"""What plugins are made of, as hashes: what was found out about them holds until one changes."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.host.contract import API_VERSION
from app.host.manifest import Manifest

_SOURCES = ("*.py", "*.toml")
_SHOWN = 32


class Contents:
    """Hashes over the sources of plugins, the interpreter and the version of the contract.

    Args:
        manifests: plugins in load order, with all that they require. Their files are read here.

    Attributes:
        by_name: the plugins by name.
    """

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self.by_name = {manifest.name: manifest for manifest in manifests}
        self._own = {name: _hash_of(manifest) for name, manifest in self.by_name.items()}

    def chain(self, *wanted: Manifest) -> list[Manifest]:
        """Return plugins with all that they require, what is required first."""
        chain: list[Manifest] = []

        def visit(one: Manifest) -> None:
            for name in one.requires:
                visit(self.by_name[name])
            if one not in chain:
                chain.append(one)

        for manifest in wanted:
            visit(manifest)
        return chain

    def hash_of(self, name: str, *further: object) -> str:
        """Return a hash over a plugin and all that it requires.

        Args:
            name: of the plugin.
            further: what else the answer to a question depends on.
        """
        digest = hashlib.sha256(f"{sys.version}|{API_VERSION}|{further}|".encode())
        for manifest in self.chain(self.by_name[name]):
            digest.update(self._own[manifest.name])
        return digest.hexdigest()[:_SHOWN]


def _hash_of(manifest: Manifest) -> bytes:
    digest = hashlib.sha256(manifest.module.encode())
    files = {file for pattern in _SOURCES for file in manifest.path.rglob(pattern)}
    tests = manifest.path / "tests"  # nothing that runs imports them
    for file in sorted(file for file in files if not file.is_relative_to(tests)):
        digest.update(str(file.relative_to(manifest.path)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.digest()


def code_hash(folder: Path) -> str:
    """Return a hash over the modules below a folder, by size and time of change.

    Args:
        folder: of a package with hundreds of modules; reading them would take too long.
    """
    digest = hashlib.sha256()
    for path, size, changed in sorted(_modules(str(folder))):
        digest.update(f"{path}|{size}|{changed}\n".encode())
    return digest.hexdigest()


def _modules(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns
