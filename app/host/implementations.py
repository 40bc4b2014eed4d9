"""Which functions of a module are hooks, and what is wrong with how they are marked."""

from __future__ import annotations

import difflib
import inspect
from typing import Any

from app.host import hookspecs
from app.i18n import N_, Message

_MARK = f"{hookspecs.PROJECT}_impl"


def hook_names() -> frozenset[str]:
    """Return the names of all hooks."""
    return frozenset(
        name for name in vars(hookspecs)
        if name.startswith(("register_", "check_", "on_")) and callable(getattr(hookspecs, name))
    )


def hook_fault(module: Any) -> Message | None:
    """Return what is wrong with the hooks of a module, or ``None``.

    A hook that is misspelt or lacks its mark would never be called, and nobody would notice. A
    wrapper takes part in the calls of other plugins, which the host makes one by one.

    Args:
        module: module or object with the implementations.
    """
    known = hook_names()
    misspelt, unmarked, wrappers = [], [], []
    for name in sorted(dir(module)):
        function = getattr(module, name, None)
        mark = getattr(function, _MARK, None)
        # A dict: objects such as ``sqlalchemy.func`` have any attribute that one asks for.
        if isinstance(mark, dict):
            if (mark.get("specname") or name) not in known:
                misspelt.append(name)
            elif mark.get("wrapper") or mark.get("hookwrapper"):
                wrappers.append(name)
        elif name in known and inspect.isroutine(function):
            unmarked.append(name)
    if misspelt:
        return _no_such_hook(misspelt, known)
    if unmarked:
        return Message(N_("%(names)s is named like a hook and lacks the mark @hookimpl."),
                       {"names": ", ".join(unmarked)})
    if wrappers:
        return Message(N_("%(names)s is a wrapper; hooks of this product are called one by one."),
                       {"names": ", ".join(wrappers)})
    return None


def _no_such_hook(names: list[str], known: frozenset[str]) -> Message:
    near = [match for name in names
            for match in difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)]
    if not near:
        return Message(N_("There is no hook %(names)s."), {"names": ", ".join(names)})
    return Message(N_("There is no hook %(names)s; the nearest name is %(near)s."),
                   {"names": ", ".join(names), "near": ", ".join(dict.fromkeys(near))})
