"""Where the keys of sensitive columns come from: the settings, or a file for trying the product."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from app.access.sensitive.keyring import KeyRing

FILE = "field-keys"


def ring_of(field_keys: Sequence[str], var_dir: Path) -> KeyRing:
    """Return the keys of an installation.

    Args:
        field_keys: those of the settings; production does not start without.
        var_dir: folder in which a development, test or demo installation has a key of its own.
    """
    return KeyRing.of(field_keys or _own_keys(var_dir / FILE))


def _own_keys(path: Path) -> list[str]:
    """Return the key of a file; several processes that start at once make one key together."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        # A link, unlike a rename, never replaces what another process has made meanwhile.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii").split()
