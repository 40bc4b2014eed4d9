"""The frame of every page: menu, language, colours, and small helpers for templates."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from flask import Blueprint, Flask, g, render_template, request, session, url_for
from flask_babel import get_locale
from markupsafe import Markup

from app.access.security import current_actor
from app.access.services import ROLES
from app.forms.build import translate
from app.web.formats import install as install_formats
from app.web.language import LANGUAGES
from app.web.texts import initials, translated, with_mentions

_SHELLS_MOST = 500


def language() -> str:
    """Return the language of the page, ``zh`` or ``en``."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def html_language() -> str:
    """Return what stands in the ``lang`` attribute of the page."""
    return {"zh": "zh-CN"}.get(language(), language())


def colour_mode() -> str:
    """Return ``light``, ``dark`` or ``auto``."""
    return session.get("theme") or "auto"


class ShellCache:
    """Rendered menus by rights and language.

    Every user of a role set shares one, and a change of rights gives a new set, hence a new key.
    """

    def __init__(self, most: int = _SHELLS_MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Any, Markup] = OrderedDict()

    def get(self, key: Any) -> Markup | None:
        """Return what is kept under ``key`` and mark it as used."""
        markup = self._kept.get(key)
        if markup is not None:
            try:
                self._kept.move_to_end(key)
            except KeyError:
                # Another thread has just dropped it; the markup in hand is still right.
                return markup
        return markup

    def put(self, key: Any, markup: Markup) -> None:
        """Keep ``markup`` under ``key`` and drop what was not used for longest."""
        self._kept[key] = markup
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _sidebar(menu: Any, cache: ShellCache) -> Markup:
    person = current_actor()
    if person is None:
        return Markup("")
    active = g.get("careline_active") or (request.endpoint or "").split(".")[0]
    key = (person.permissions, language(), active, request.script_root)
    markup = cache.get(key)
    if markup is None:
        markup = Markup(
            render_template(
                "web/_sidebar.html", sections=menu.sections(person), active=active
            )
        )
        cache.put(key, markup)
    return markup


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
    cache = ShellCache()
    install_formats(app)
    titles = {role.name: role.title for role in ROLES}
    app.jinja_env.filters.update(
        initials=initials, message=translate,
        translated=translated, with_mentions=with_mentions,
        role_title=lambda name: translated(titles.get(name, name)),
    )

    def other_language() -> tuple[str, str]:
        code = "en" if language() == "zh" else "zh"
        return code, LANGUAGES[code]

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "current_person": current_actor,
            "sidebar": lambda: _sidebar(menu, cache),
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
