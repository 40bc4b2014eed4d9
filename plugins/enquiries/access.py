"""Names of what permissions are on."""

from __future__ import annotations

ENQUIRY = "enquiries.Enquiry"
REPAIR = "enquiries.Repair"
SUGGESTION = "enquiries.Suggestion"
REQUEST = "enquiries.Request"
MESSAGE = "enquiries.Message"
CALL = "enquiries.Call"
SUMMARY = "enquiries.Summary"
CHANNEL = "enquiries.Channel"
CATEGORY = "enquiries.Category"
