"""What other plugins put on the page of a record: marks, lines, buttons; and its links.

All values that they need come in one statement, whatever the number of plugins.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import SQLAlchemyError

from app.access.actor import Actor
from app.collaboration.abilities import ability_url, at_once_url, has_ability
from app.collaboration.links import asked_links, linked, links_expression
from app.collaboration.references import reference_of
from app.database import AnySelect, db
from app.host.collaboration import RecordAction, RecordChip, RecordFact
from app.host.host import current_host
from app.host.lookups import added_to
from app.records.referring import reference_refusal
from app.screens.contracts import Chip
from app.screens.records.details import ShownField
from app.screens.records.links import ShownLinks, shown_links
from app.screens.screen import Part
from app.statements import built_once
from app.web.request import actor

log = logging.getLogger(__name__)
Addition = RecordChip | RecordFact | RecordAction
_HOOKS = ("register_record_chips", "register_record_facts", "register_record_actions")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownAction:
    """A button that another plugin puts on the page.

    Attributes:
        label: its text (message id).
        address: where it leads.
        icon: name of an icon.
        in_dialog: whether the page that it leads to is shown in the dialog.
        at_once: whether the click does it, without a page.
        origin: kind and key of the record; empty for an address.
    """

    label: str
    address: str
    icon: str
    in_dialog: bool
    at_once: bool = False
    origin: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownAdditions:
    """What other plugins put on the page of one record.

    Attributes:
        chips: marks in the head.
        facts: lines among the facts.
        actions: buttons.
        links: links to other records.
    """

    chips: Sequence[Chip] = ()
    facts: Sequence[ShownField] = ()
    actions: Sequence[ShownAction] = ()
    links: ShownLinks = dataclasses.field(default_factory=ShownLinks)


class RecordAdditions(Part):
    """What other plugins put on the page of a record."""

    def shown(self, record: Any) -> ShownAdditions:
        """Return what the caller may see of it, in at most two statements.

        An addition that fails is left out and named in the log; the page is there without it.

        Args:
            record: the record.
        """
        if not hasattr(record, "__record_type__"):
            return ShownAdditions()
        person = actor()
        closed = reference_refusal(db.session, person, record) is not None
        wanted = [one for one in additions_to(record.__record_type__)
                  if _may_see(one, person) and not (closed and isinstance(one, RecordAction))]
        values, lines = _values(person, record, wanted)
        drawn = [(one, _drawn(one, person, record, values[place]))
                 for place, one in enumerate(wanted) if place in values]
        facts = [ShownField(f"addition-{place}", one.label, value, False, False)
                 for place, (one, value) in enumerate(drawn)
                 if isinstance(one, RecordFact) and value is not None]
        return ShownAdditions(
            chips=[value for one, value in drawn
                   if isinstance(one, RecordChip) and value is not None],
            facts=facts,
            actions=[value for one, value in drawn
                     if isinstance(one, RecordAction) and value is not None],
            links=shown_links(linked(db.session, person, lines)),
        )


def additions_to(record_type: str) -> list[Addition]:
    """Return what plugins in force put on the pages of a kind of record, in order.

    Args:
        record_type: the kind.
    """
    host = current_host()
    found = [one for hook in _HOOKS for one in added_to(host, hook, record_type)]
    return sorted(found, key=lambda one: one.order)


def _may_see(addition: Addition, person: Actor) -> bool:
    if isinstance(addition, RecordAction) and addition.ability:
        return has_ability(addition.ability, person)
    return person.can(addition.permission, addition.view)


def _values(
    person: Actor, record: Any, wanted: Sequence[Addition]
) -> tuple[dict[int, Mapping[str, Any]], str | None]:
    """Return the values of additions by place, without those that failed, and the links."""
    asked: dict[int, Mapping[str, Any]] = {}
    for place, addition in enumerate(wanted):
        try:
            asked[place] = dict(addition.values(person, record))
        except Exception:
            log.exception("an addition to %s failed: %s", record.__record_type__, addition)
    links = asked_links(record)
    try:
        return _read(asked, links)
    except SQLAlchemyError:
        db.session.rollback()
    # One of them cannot be read: each alone says which.
    found: dict[int, Mapping[str, Any]] = {}
    for place, expressions in asked.items():
        try:
            found |= _read({place: expressions}, links)[0]
        except SQLAlchemyError:
            db.session.rollback()
            log.exception("an addition to %s failed: %s", record.__record_type__, wanted[place])
    return found, _read({}, links)[1]


def _read(
    asked: Mapping[int, Mapping[str, Any]], links: Mapping[str, Any]
) -> tuple[dict[int, Mapping[str, Any]], str | None]:
    names = [(place, name) for place, expressions in asked.items() for name in expressions]
    further = tuple(asked[place][name] for place, name in names)
    row = db.session.execute(
        _with_links(further) if further else _links_alone(), links).one()
    found: dict[int, dict[str, Any]] = {place: {} for place in asked}
    for (place, name), value in zip(names, row[1:], strict=True):
        found[place][name] = value
    return dict(found), row[0]


def _with_links(further: Sequence[ColumnElement[Any]]) -> AnySelect:
    """Return the SELECT of the links of a record and of further expressions."""
    return select(links_expression().label("links"),
                  *[value.label(f"v{column}") for column, value in enumerate(further)])


@built_once
def _links_alone() -> AnySelect:
    return _with_links(())


def _drawn(addition: Addition, person: Actor, record: Any, values: Mapping[str, Any]) -> Any:
    try:
        if isinstance(addition, RecordAction):
            return _action(addition, person, record, values)
        return addition.show(record, values)
    except Exception:
        log.exception("an addition to %s failed: %s", record.__record_type__, addition)
        return None


def _action(
    action: RecordAction, person: Actor, record: Any, values: Mapping[str, Any]
) -> ShownAction | None:
    if not action.when(record):
        return None
    if action.ability:
        ability = current_host().named("register_abilities", action.ability)
        return None if ability is None else ShownAction(
            label=action.label or ability.title, icon=action.icon or ability.icon,
            address=at_once_url(action.ability) if action.at_once
            else ability_url(action.ability, origin=record),
            in_dialog=not action.at_once, at_once=action.at_once,
            origin="{}:{}".format(*reference_of(record)),
        )
    address = None if action.url is None else action.url(person, record, values)
    return None if address is None else ShownAction(
        label=action.label, icon=action.icon, address=address, in_dialog=False)
