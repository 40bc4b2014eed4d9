"""All tables of the plugin."""

from __future__ import annotations

from plugins.appraisals.bonus.models import BonusLine, BonusReader, BonusTable
from plugins.appraisals.calibration.models import Calibration
from plugins.appraisals.consequences.models import Consequence, StreakRuleRow
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.referrals.models import Referral
from plugins.appraisals.sheets.models import Objection, Reader, Sheet, Signature, TaskVersion
from plugins.appraisals.years.models import YearRule

MODELS = [PostForm, Cycle, Sheet, Signature, Reader, Objection, TaskVersion,
          StreakRuleRow, Consequence, BonusTable, BonusLine, BonusReader, Referral,
          Calibration, YearRule]

__all__ = [
    "MODELS", "BonusLine", "BonusReader", "BonusTable", "Calibration", "Consequence", "Cycle",
    "Objection", "PostForm", "Reader", "Referral", "Sheet", "Signature", "StreakRuleRow",
    "TaskVersion", "YearRule",
]
