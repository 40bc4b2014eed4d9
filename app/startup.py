"""What every process does when it starts: settings, or one sentence and the end; no garbage."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import gc
import logging
import os
from collections.abc import Generator, Mapping
from pathlib import Path

from config import Settings, SettingsError

PREFIX = "CARELINE_"
# Names that are no settings of the product: scripts and tests read them.
OTHER_NAMES = frozenset({
    "CARELINE_BENCHMARK_DATABASE", "CARELINE_DEMO_PASSWORD", "CARELINE_EVERY_COMBINATION",
    "CARELINE_EVERY_DATABASE", "CARELINE_EVERY_ROLE", "CARELINE_SCREENSHOTS",
})
log = logging.getLogger(__name__)


def settings_at_start() -> Settings:
    """Read all settings where a process starts, and warn of names that mean nothing.

    Raises:
        SystemExit: a value is missing, bad or weak; with one sentence, and no traceback.
    """
    try:
        settings = Settings.from_environment()
        _require_folder(settings.var_dir)
    except SettingsError as error:
        raise SystemExit(f"Error: {error}") from None
    for sentence in unknown_names(os.environ):
        log.warning(sentence)
    return settings


@contextlib.contextmanager
def made_to_stay() -> Generator[None]:
    """Take what is made meanwhile for what the process keeps as long as it lives.

    Modules, mappers and screens are hundreds of thousands of objects, and looking through them for
    garbage again and again took two fifths of a start. They are passed over later too, so that
    no request waits for it, and forked processes go on sharing them.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each name that looks like a setting and is none.

    Args:
        environ: mapping of names to texts.
    """
    names = [field.metadata["env"] for field in dataclasses.fields(Settings)]
    known = {name.removeprefix(PREFIX): name for name in names}
    sentences: list[str] = []
    for name in sorted(set(environ) - set(known.values()) - OTHER_NAMES):
        if name.startswith(PREFIX):
            close = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)
            meant = f" Did you mean {known[close[0]]}?" if close else ""
            sentences.append(f"{name} is no setting and changes nothing.{meant}")
    return sentences


def _require_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"CARELINE_VAR_DIR cannot be used: {error.strerror} ({path})."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingsError(f"CARELINE_VAR_DIR cannot be used: nothing may be written ({path}).")
