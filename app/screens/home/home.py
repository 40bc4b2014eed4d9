"""The home page, made of cards that the core and plugins contribute."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.access.actor import Actor
from app.access.security import current_actor
from app.database import db, utcnow
from app.deadlines.clock_status import ClockStatus
from app.host.contributions import Card
from app.screens.home.to_do import LIST, Task, in_one_list
from app.screens.preferences import keep_preference, read_preference
from app.screens.records.deadline_badges import clock_badge
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


def _with_list(loaded: Sequence[tuple[Card, Any]], *, first: bool) -> list[tuple[Card, Any]]:
    """Return cards with what they show; those of what is to be done give way to one list.

    Args:
        loaded: cards in order, each with what it shows or ``FAILED``.
        first: put the list in front, not where the first of its cards stands.

    Returns:
        Pairs of card and content, ``None`` for one that broke.
    """
    mine = [(card, content) for card, content in loaded if card.to_do and content is not FAILED]
    shown: list[tuple[Card, Any]] = []
    for card, content in loaded:
        if (card, content) not in mine:
            shown.append((card, None if content is FAILED else content))
        elif (card, content) == mine[0] and not first:
            shown.append((LIST, in_one_list(mine, utcnow())))
    if mine and first:
        shown.insert(0, (LIST, in_one_list(mine, utcnow())))
    return shown


def _due_badge(task: Task) -> Markup:
    """Return when a line of the list is due, as clocks are shown."""
    assert task.due_at is not None, "there is nothing to show"
    return clock_badge(ClockStatus.BREACHED if task.is_late else ClockStatus.OK, task.due_at)


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
        kept = read_preference(db.session, person, PREFERENCE)
        every = arranged(seen, kept)
        loaded = [(card, load(card, person)) for card, is_shown in every if is_shown]
        return self.render_template(
            "screens/home/home.html", every=every, person=person, due_badge=_due_badge,
            cards=_with_list([pair for pair in loaded if pair[1] is not None],
                             first=not kept.get("order")),
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
