"""What the company is called on pages and on paper; an admin says so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access.versioned_cache import cached_until_change
from app.forms.definition import Field, Form, Kind, Section
from app.i18n import N_
from app.settings.services import saved_settings

NAME = "company"
PRODUCT = "Careline"
_LONGEST = 60


def company_form() -> Form:
    """Return the form in which an admin names the company."""
    return Form(NAME, N_("Company name"), (Section("main", "", (
        Field("name_zh", Kind.TEXT, N_("Name in Chinese"), length=_LONGEST,
              help=N_("Stands at the top of the menu, on the sign-in page and on every document.")),
        Field("name_en", Kind.TEXT, N_("Name in English"), length=_LONGEST,
              help=N_("On English pages; left empty, the Chinese name.")),
    )),))


def company_name(session: Session, language: str) -> str:
    """Return what the company is called; the product's name until somebody says so.

    Args:
        session: any session; read once a change.
        language: ``zh`` or ``en``.
    """
    chinese, english = cached_until_change(session, f"settings.{NAME}", lambda: _names(session))
    wanted, other = (chinese, english) if language == "zh" else (english, chinese)
    return wanted or other or PRODUCT


def _names(session: Session) -> tuple[str, str]:
    held = saved_settings(session, company_form())[0]
    return held.get("name_zh") or "", held.get("name_en") or ""
