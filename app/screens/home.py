"""The home page, made of cards that the core and plugins contribute."""

from __future__ import annotations

import logging
from flask import redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from werkzeug.wrappers import Response

from app.access.security import current_actor
from app.database import db
from app.screens.registry import Card, CardContent, registry

log = logging.getLogger(__name__)


class HomeView(BaseView):
    """The first page after sign-in."""

    route_base = ""
    default_view = "index"
    class_permission_name = "core.Home"
    base_permissions: list[str] = []

    @expose("/")
    def index(self) -> Response | str:
        """Show the cards that the caller may see."""
        person = current_actor()
        if person is None:
            return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
        shown: list[tuple[Card, CardContent | None]] = []
        for card in sorted(registry().cards, key=lambda card: (card.order, card.name)):
            if card.permission is not None and not person.can(*card.permission):
                continue
            try:
                content = card.content(db.session, person)
            except Exception:
                # One broken card must not take the page away from everyone.
                log.exception("card %s failed", card.name)
                db.session.rollback()
                shown.append((card, None))
                continue
            if content is not None:
                shown.append((card, content))
        return self.render_template("screens/home.html", cards=shown, person=person)
