"""Asks ``check_*`` hooks: what an answer means, and what a failure does."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pluggy

from app.database_errors import is_passing
from app.host.contributions import Veto
from app.host.tracing import HookTrace
from app.i18n import N_, Message

log = logging.getLogger(__name__)


def ask(
    manager: pluggy.PluginManager, hook: str, arguments: Mapping[str, Any], trace: HookTrace
) -> list[Veto]:
    """Ask every plugin whether it denies an act; a plugin that fails denies it.

    Args:
        manager: knows the plugins.
        hook: name of a ``check_*`` hook.
        arguments: arguments of the hook.
        trace: traces the calls.

    Raises:
        Exception: the database is busy or away, which is no answer of the plugin: the whole act
            may be tried again (``is_passing``).
    """
    vetoes: list[Veto] = []
    for impl in getattr(manager.hook, hook).get_hookimpls():
        name = impl.plugin_name
        try:
            with trace.call(hook, name):
                answer = impl.function(*[arguments[key] for key in impl.argnames])
        except (Exception, SystemExit) as error:
            if is_passing(error):
                raise
            log.exception("%s of plugin %s failed and so denies", hook, name)
            answer = _failed_check(name)
        veto = _veto(hook, name, answer)
        if veto is not None:
            vetoes.append(veto)
    return vetoes


def _failed_check(plugin: str) -> Message:
    return Message(N_("A check of plugin %(plugin)s failed."), {"plugin": plugin})


def _veto(hook: str, plugin: str, answer: Any) -> Veto | None:
    """Return what an answer of a ``check_*`` hook means; an answer that means nothing denies."""
    if answer is None:
        return None
    if not isinstance(answer, str | Message) or not answer:
        log.error("%s of plugin %s answered with %s, not with a sentence or None, and so denies",
                  hook, plugin, type(answer).__name__)
        answer = _failed_check(plugin)
    if isinstance(answer, Message):
        return Veto(plugin=plugin, message=answer.msgid, values=answer.params,
                    link=answer.link)
    return Veto(plugin=plugin, message=answer)
