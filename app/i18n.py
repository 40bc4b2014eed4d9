"""Texts that are translated later: marks and messages. Pure: every floor may use it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


def N_(message: str) -> str:
    """Mark ``message`` for extraction and return it unchanged.

    Pure modules carry English message ids; the screens translate them with gettext.
    """
    return message


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """An English message id, marked with ``N_`` where it is written, and its values.

    Attributes:
        msgid: English text with placeholders such as ``%(most)s``.
        params: values of the placeholders.
    """

    msgid: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.msgid % self.params
