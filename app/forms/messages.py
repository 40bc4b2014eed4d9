"""A text for users that is translated later: an English message id with its values. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


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
