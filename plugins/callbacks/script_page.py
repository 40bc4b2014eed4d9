"""The page of a script: its ways drawn as a tree, and correction calls with one click."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.sdk.screens import RecordPage, current_person
from plugins.callbacks import script_text
from plugins.callbacks.call_context import answer_text
from plugins.callbacks.corrections.choices import CORRECTION_VIEW


class ScriptPage(RecordPage):
    """The page of a script."""

    def context(self, record: Any) -> dict[str, Any]:
        """Return the tree, and where correction calls of everybody who got this text are made."""
        try:
            tree = script_text.tree(script_text.read(record.text))
        except script_text.BadScript:
            # Written past the operations, by an earlier version: the text itself is shown.
            tree = None
        used = record.state in ("in_force", "retired")
        return {
            "tree": tree, "answer_text": answer_text,
            "correct_url": url_for("CorrectionView.add", script=record.id)
            if used and current_person().can("can_add", CORRECTION_VIEW) else "",
        }
