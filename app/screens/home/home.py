"""The home page, made of cards that the core and plugins contribute."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from werkzeug.wrappers import Response

from app.access.actor import Actor
from app.access.security import current_actor
from app.database import db
from app.host.contributions import Card
from app.screens.preferences import keep_preference, read_preference
from app.screens.registry import registry
from app.web.request import actor

PREFERENCE = "home"
log = logging.getLogger(__name__)


def visible(card: Card, person: Actor) -> bool:
    """Return whether a card is meant for a person: by permission and, if named, by role."""
    if card.roles and not person.roles.intersection(card.roles):
        return False
    return person.can(card.permission, card.view)


FAILED = object()


def load(card: Card, person: Actor) -> Any:
    """Return what a card shows; ``None`` leaves it out, and ``FAILED`` says that it broke.

    A broken card leaves the page up.
    """
    try:
        return card.load(db.session, person)
    except Exception:
        log.exception("card %s failed", card.name)
        db.session.rollback()
        return FAILED


def arranged(cards: Iterable[Card], kept: Mapping[str, Any]) -> list[tuple[Card, bool]]:
    """Return cards in a person's order with whether each is shown (pure).

    Args:
        cards: cards that the person may see.
        kept: ``order`` and ``hidden``, names of cards; a card that came later than the choice
            stands where it is shipped, behind those that were put in order.
    """
    names = [name for name in kept.get("order", ()) if isinstance(name, str)]
    hidden = set(kept.get("hidden", ()))
    place = {name: number for number, name in enumerate(names)}
    ordered = sorted(
        cards, key=lambda card: (place.get(card.name, len(names)), card.order, card.name)
    )
    return [(card, card.name not in hidden) for card in ordered]


class HomeView(BaseView):
    """The first page after sign-in."""

    route_base = ""
    default_view = "index"
    class_permission_name = "core.Home"
    base_permissions: list[str] = []

    @expose("/")
    def index(self) -> Response | str:
        """Show the cards that the caller may see and has not hidden."""
        person = current_actor()
        if person is None:
            return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
        seen = [card for card in registry().cards if visible(card, person)]
        every = arranged(seen, read_preference(db.session, person, PREFERENCE))
        loaded = [(card, load(card, person)) for card, is_shown in every if is_shown]
        return self.render_template(
            "screens/home/home.html", every=every, person=person,
            cards=[(card, None if content is FAILED else content)
                   for card, content in loaded if content is not None],
        )

    @expose("/home/arrange", methods=["POST"])
    def arrange(self) -> Response:
        """Keep which cards the caller wants, and in which order."""
        person = actor()
        known = [card.name for card in registry().cards if visible(card, person)]
        value: dict[str, Any] = {}
        if "reset" not in request.form:
            wanted = set(request.form.getlist("card"))
            order = [name for name in request.form.getlist("order") if name in known]
            value = {"order": list(dict.fromkeys(order)),
                     "hidden": [name for name in known if name not in wanted]}
        keep_preference(db.session, person, PREFERENCE, value)
        return redirect(url_for("HomeView.index"))
