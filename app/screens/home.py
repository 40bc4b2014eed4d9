"""The home page, made of cards that the core and plugins contribute."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from werkzeug.wrappers import Response

from app.access.actor import Actor
from app.access.security import current_actor
from app.database import db
from app.host.contributions import Card
from app.screens.registry import registry

log = logging.getLogger(__name__)


def visible(card: Card, actor: Actor) -> bool:
    """Return whether a card is meant for the actor: by permission and, if named, by role."""
    if card.roles and not actor.roles.intersection(card.roles):
        return False
    return actor.can(card.permission, card.view)


def load(card: Card, actor: Actor) -> Mapping[str, Any] | None:
    """Return what a card shows, or ``None`` when it failed; a broken card leaves the page up."""
    try:
        return card.load(db.session, actor)
    except Exception:
        log.exception("card %s failed", card.name)
        db.session.rollback()
        return None


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
        cards = sorted(registry().cards, key=lambda card: (card.order, card.name))
        shown = [(card, load(card, person)) for card in cards if visible(card, person)]
        return self.render_template("screens/home.html", cards=shown, person=person)
