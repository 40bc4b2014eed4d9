"""All tables of the plugin."""

from __future__ import annotations

from plugins.enquiries.calls.models import Call
from plugins.enquiries.enquiries.models import Enquiry, EnquiryCategory, EnquiryChannel
from plugins.enquiries.messages.models import Message
from plugins.enquiries.repairs.models import Repair
from plugins.enquiries.requests.models import Request
from plugins.enquiries.suggestions.models import Suggestion
from plugins.enquiries.summaries.models import Summary

MODELS = [EnquiryChannel, EnquiryCategory, Enquiry, Repair, Suggestion, Request, Message, Call,
          Summary]

__all__ = [
           "MODELS",
           "Call",
           "Enquiry",
           "EnquiryCategory",
           "EnquiryChannel",
           "Message",
           "Repair",
           "Request",
           "Suggestion",
           "Summary",
]
