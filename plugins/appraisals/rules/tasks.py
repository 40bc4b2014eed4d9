"""Tasks of a month as people type them: one on each line, with what is to be reached. Pure."""

from __future__ import annotations

from typing import Any

from app.sdk import N_
from app.sdk.workflow import Message

MOST, LONGEST = 30, 300
Task = dict[str, str]
"""``title``: what is to be done; ``target``: what is to be reached, or an empty text."""


def read_tasks(text: str) -> tuple[list[Task], Message | None]:
    """Return the tasks of a text, with what is wrong with it.

    Args:
        text: one task on each line, ``what | target``; empty lines are passed over.
    """
    found: list[Task] = []
    for line in text.replace("｜", "|").splitlines():
        title, _, target = (part.strip() for part in line.partition("|"))
        if not title and not target:
            continue
        if not title:
            return [], Message(N_("Each line begins with the task."))
        if len(title) > LONGEST or len(target) > LONGEST:
            return [], Message(N_("A task has at most %(most)s characters."), {"most": LONGEST})
        found.append({"title": title, "target": target})
    if not found:
        return [], Message(N_("Write one task at least."))
    if len(found) > MOST:
        return [], Message(N_("At most %(most)s tasks are declared."), {"most": MOST})
    return found, None


def write_tasks(tasks: list[dict[str, Any]]) -> str:
    """Return tasks as a text that ``read_tasks`` reads."""
    return "\n".join(f"{one['title']} | {one['target']}" if one["target"] else one["title"]
                     for one in tasks)
