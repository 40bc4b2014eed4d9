"""The timeline of a customer, which every plugin may write on."""

from __future__ import annotations

from app.collaboration.timeline import add
from app.host.collaboration import TimelineFeed

__all__ = ["TimelineFeed", "add"]
