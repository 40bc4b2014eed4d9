"""Traces hooks to the log, where ``CARELINE_TRACE_HOOKS`` switches it on."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator

log = logging.getLogger(__name__)


class HookTrace:
    """Writes which hook of which plugin ran, how long, and whether it failed.

    Args:
        is_on: whether it writes anything.
    """

    def __init__(self, is_on: bool = False) -> None:
        self.is_on = is_on

    @contextlib.contextmanager
    def call(self, hook: str, plugin: str) -> Iterator[None]:
        """Trace one call of a hook.

        Args:
            hook: name of the hook.
            plugin: name of the plugin.
        """
        if not self.is_on:
            yield
            return
        start, end = time.perf_counter(), "ran"
        try:
            yield
        except BaseException as error:
            end = f"raised {type(error).__name__}"
            raise
        finally:
            # A warning is written by every process, however its loggers are set up.
            log.warning("hook %s of plugin %s %s in %.1f ms", hook, plugin, end,
                        (time.perf_counter() - start) * 1000)
