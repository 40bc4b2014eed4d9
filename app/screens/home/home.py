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
from app.screens.home.to_do import LIST, ToDoLine, in_one_list
from app.screens.preferences import keep_preference, read_preference
from app.screens.records.deadline_badges import clock_badge
from app.screens.registry import registry
from app.web.input_limits import whole_number
from app.web.request import actor

PREFERENCE = "home"
# What stands on the first screen of a desk. The others are loaded when they come into view, so
# that a further plugin with a card costs those nothing who do not look at it.
FIRST_CARDS = 8
_NEXT_CARDS = 12
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


def in_blocks(every: Iterable[tuple[Card, bool]], *, first: bool) -> list[tuple[Card, ...]]:
    """Return the cards that are shown, each alone, but those of what is to be done together (pure).

    Args:
        every: cards in order, each with whether it is shown.
        first: what is to be done comes first, not where the first of its cards stands.
    """
    shown = [card for card, is_shown in every if is_shown]
    mine = tuple(card for card in shown if card.to_do)
    blocks = [mine if card.to_do else (card,) for card in shown
              if not card.to_do or (card is mine[0] and not first)]
    return [mine, *blocks] if mine and first else blocks


def _drawn(block: Iterable[Card], person: Actor) -> list[tuple[Card, Any]]:
    """Return what a block shows; cards of what is to be done give way to one list.

    Returns:
        Pairs of card and content, ``None`` for one that broke.
    """
    loaded = [(card, load(card, person)) for card in block]
    mine = [(card, content) for card, content in loaded
            if card.to_do and content is not None and content is not FAILED]
    rest = [(card, None if content is FAILED else content) for card, content in loaded
            if content is FAILED or (content is not None and not card.to_do)]
    return [(LIST, in_one_list(mine, utcnow())), *rest] if mine else rest


def _portion(
    blocks: Sequence[tuple[Card, ...]], person: Actor, start: int, most: int
) -> dict[str, Any]:
    """Return what the template of cards draws: some of the blocks, and where the next ones begin.

    Args:
        blocks: see ``in_blocks``.
        person: who looks.
        start: place of the first block.
        most: how many are loaded.
    """
    return {
        "cards": [pair for block in blocks[start:start + most] for pair in _drawn(block, person)],
        "start": start, "later": start + most if len(blocks) > start + most else None,
        "due_badge": _due_badge,
    }


def _due_badge(task: ToDoLine) -> Markup:
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
        """Show the first cards that the caller has not hidden; all with ``cards=all``."""
        person = current_actor()
        if person is None:
            return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
        every, kept = self._every(person)
        blocks = in_blocks(every, first=not kept.get("order"))
        most = len(blocks) if request.args.get("cards") == "all" else FIRST_CARDS
        shown = _portion(blocks, person, 0, most)
        while not shown["cards"] and shown["later"] is not None:
            shown = _portion(blocks, person, shown["later"], _NEXT_CARDS)
        return self.render_template(
            "screens/home/home.html", person=person, has_cards=bool(every), **shown)

    @expose("/home/cards")
    def cards(self) -> str:
        """Show the cards from ``start`` on: what comes into view below the first ones."""
        person = actor()
        start = whole_number(request.args.get("start", "")) or 0
        every, kept = self._every(person)
        blocks = in_blocks(every, first=not kept.get("order"))
        return self.render_template(
            "screens/home/_cards.html", **_portion(blocks, person, start, _NEXT_CARDS))

    @staticmethod
    def _every(person: Actor) -> tuple[list[tuple[Card, bool]], Mapping[str, Any]]:
        kept = read_preference(db.session, person, PREFERENCE)
        seen = [card for card in registry().cards if visible(card, person)]
        return arranged(seen, kept), kept

    @expose("/home/arrange", methods=["GET"])
    def choose(self) -> str:
        """Show which cards there are, in the caller's order."""
        every, _ = self._every(actor())
        return self.render_template("screens/home/_arrange.html", every=every)

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
