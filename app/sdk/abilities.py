"""What plugins can be asked for by name, from code, a job, a button or REST."""

from __future__ import annotations

from app.collaboration.abilities import (
    AbilityMissing,
    ability_url,
    call,
    has_ability,
)
from app.host.collaboration import Ability

__all__ = ["Ability", "AbilityMissing", "ability_url", "call", "has_ability"]
