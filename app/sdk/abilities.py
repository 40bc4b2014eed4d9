"""What plugins can be asked for by name, from code, a job, a button or REST."""

from __future__ import annotations

from app.collaboration.abilities import (
    AbilityMissing,
    ability_url,
    call,
    has_ability,
)

__all__ = ["AbilityMissing", "ability_url", "call", "has_ability"]
