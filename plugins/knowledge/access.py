"""Names of what permissions are on."""

from __future__ import annotations

ARTICLE = "knowledge.Article"
LINE = "knowledge.Line"
WORD = "knowledge.ForbiddenWord"
GAP = "knowledge.Gap"
KIND = "knowledge.Kind"
TOPIC = "knowledge.Topic"
PRODUCT = "knowledge.Product"
AUDIENCE = "knowledge.Audience"
APPROVE = "can_approve"
ANSWER = "can_answer"
# Kind of link between what was asked and the article that answered it.
ANSWERED_LINK = "knowledge.answered"
