"""All tables of the plugin."""

from __future__ import annotations

from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.sheets.models import Objection, Reader, Sheet, Signature

MODELS = [PostForm, Cycle, Sheet, Signature, Reader, Objection]

__all__ = ["MODELS", "Cycle", "Objection", "PostForm", "Reader", "Sheet", "Signature"]
