"""The timeline of a customer, which every plugin may write on."""

from __future__ import annotations

from app.collaboration.timeline import add

__all__ = ["add"]
