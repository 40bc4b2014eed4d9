"""Names of the permissions of the plugin's screens."""

from __future__ import annotations

SHEET, CYCLE, POST_FORM = "appraisals.Sheet", "appraisals.Cycle", "appraisals.PostForm"
RULES, CONSEQUENCE, BONUS = "appraisals.Rules", "appraisals.Consequence", "appraisals.Bonus"
REFERRAL = "appraisals.Referral"
