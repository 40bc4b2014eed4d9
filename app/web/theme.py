"""The frame of every page: menu, language, colours, and small helpers for templates."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from flask import Blueprint, Flask, g, request, session, url_for
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError

from app.access.security import current_actor
from app.access.services import ROLES
from app.database import db
from app.forms.build import translate
from app.settings.company import PRODUCT, company_name
from app.web import fragment_cache
from app.web.formats import install as install_formats
from app.web.fragment_cache import FragmentMode, shared_key
from app.web.language import LANGUAGES
from app.web.logo import install as install_logo
from app.web.logo import logo_address
from app.web.sidebar import Sidebar
from app.web.texts import initials, translated, who_acted, with_mentions

SIDEBAR = "careline.sidebar"


def language() -> str:
    """Return the language of the page, ``zh`` or ``en``."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def _shown_company_name() -> str:
    """Return what the company is called in the language of the page."""
    try:
        return company_name(db.session, language())
    except SQLAlchemyError:
        # A page that says that the database does not answer has a title all the same.
        return PRODUCT


def html_language() -> str:
    """Return what stands in the ``lang`` attribute of the page."""
    return {"zh": "zh-CN"}.get(language(), language())


def colour_mode() -> str:
    """Return ``light``, ``dark`` or ``auto``."""
    return session.get("theme") or "auto"


def _page_key() -> tuple[Hashable, ...]:
    person = current_actor()
    who = (None,) if person is None else (person.user_id, person.username, person.name)
    return (*shared_key(person), *who, colour_mode(), _shown_company_name(), logo_address())


def install(app: Flask, menu: Any) -> None:
    """Give templates the frame.

    Args:
        app: the application.
        menu: the menu whose entries the sidebar shows.
    """
    app.register_blueprint(Blueprint("web", __name__, template_folder="templates"))
    # Lines that hold nothing but a tag would otherwise be a tenth of every page.
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    sidebar = Sidebar(menu)
    app.extensions[SIDEBAR] = sidebar
    install_formats(app)
    install_logo(app)
    titles = {role.name: role.title for role in ROLES}
    app.jinja_env.filters.update(
        initials=initials, message=translate,
        translated=translated, who_acted=who_acted, with_mentions=with_mentions,
        role_title=lambda name: translated(titles.get(name, name)),
    )

    def other_language() -> tuple[str, str]:
        code = "en" if language() == "zh" else "zh"
        return code, LANGUAGES[code]

    fragment_cache.install(
        app, _page_key, FragmentMode.CHECKED if app.testing else FragmentMode.KEPT)

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "current_person": current_actor,
            "sidebar": sidebar.draw,
            "bottom_bar": sidebar.bar,
            "pinnable": sidebar.pinnable,
            "company_name": _shown_company_name, "company_logo": logo_address,
            "here": request.full_path.rstrip("?"),
        }

    app.jinja_env.globals.update(
        html_language=html_language,
        page_language=language,
        colour_mode=colour_mode,
        other_language=other_language,
        page_frame=lambda: g.get("careline_frame", "web/layout.html"),
        home_url=lambda: url_for("HomeView.index"),
    )
