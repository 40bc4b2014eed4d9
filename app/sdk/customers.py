"""Contact with customers: whether it is allowed, and the log of what was done."""

from __future__ import annotations

from app.customers.contact_governor import Verdict
from app.customers.contact_models import PURPOSES, Consent, Contact, DoNotContact
from app.customers.contacts import may_contact, may_contact_many, note_contact
from app.customers.models import CONTACT_WAYS

__all__ = [
    "CONTACT_WAYS",
    "PURPOSES",
    "Consent",
    "Contact",
    "DoNotContact",
    "Verdict",
    "may_contact",
    "may_contact_many",
    "note_contact",
]
