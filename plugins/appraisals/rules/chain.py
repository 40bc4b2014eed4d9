"""The signatures of a sheet, in their order (K4). Pure."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

SUBJECT, APPRAISER = "subject", "appraiser"
POSTS = ("department_manager", "administration_manager", "marketing_director", "general_manager")
CHAIN = (SUBJECT, APPRAISER, *POSTS)
"""The order of the documents: the person, the appraiser, then posts."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """One place of the chain.

    Attributes:
        part: ``subject``, ``appraiser`` or the code of a post.
        is_over: whether it is signed, or passed over by rule.
    """

    part: str
    is_over: bool


def waiting(places: Sequence[Place]) -> int | None:
    """Return the index of the place that is to sign next, or ``None`` at the end."""
    return next((index for index, one in enumerate(places) if not one.is_over), None)


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the hash of what is signed: the same for equal contents, on every machine.

    Args:
        content: plain values, as JSON holds them.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
