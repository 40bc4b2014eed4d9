"""What a plugin can be asked for by name: from code, a job, a button or REST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.collaboration.form_references import require_choices
from app.collaboration.links import ORIGIN, join, may_see
from app.collaboration.references import path_to, reference_of
from app.database import write
from app.errors import Invalid, NotPermitted, Rejected
from app.forms.cleaning import clean
from app.host.collaboration import Ability
from app.host.host import current_host
from app.i18n import N_, Message
from app.records.referring import reference_refusal
from app.records.refusals import refusals

ENDPOINT = "AbilityView.ask"
AT_ONCE = "AbilityView.at_once"


class AbilityMissing(Rejected):
    """No plugin in force has the ability."""

    def __init__(self, name: str) -> None:
        super().__init__(Message(N_("This is not available at present.")))
        self.name = name


def has_ability(name: str, actor: Actor) -> bool:
    """Return whether a plugin in force has an ability and the actor may use it.

    Args:
        name: name of the ability, e.g. ``complaints.open``.
        actor: who would use it.
    """
    ability = current_host().named("register_abilities", name)
    return ability is not None and actor.can(ability.permission, ability.view)


def abilities_of(actor: Actor) -> Sequence[Ability]:
    """Return the abilities that the actor may use, by name."""
    found = current_host().contributions("register_abilities")
    return sorted(
        (one for one in found if actor.can(one.permission, one.view)), key=lambda one: one.name
    )


def require_ability(name: str, actor: Actor) -> Ability:
    """Return an ability that the actor may use.

    Raises:
        AbilityMissing: no plugin in force has it.
        NotPermitted: the actor lacks the permission.
    """
    ability = current_host().named("register_abilities", name)
    if ability is None:
        raise AbilityMissing(name)
    if not actor.can(ability.permission, ability.view):
        raise NotPermitted(Message(N_("Your role may not do this.")))
    return ability


def call(
    session: Session, actor: Actor, name: str, values: Mapping[str, Any] | None = None, *,
    origin: Any | None = None,
) -> Any:
    """Use an ability: one transaction, with a link from the origin to what came of it.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        name: name of the ability.
        values: what its form asks for.
        origin: record out of which it is done; the actor may see it.

    Returns:
        The record that came of it. The actor need not be able to see it.

    Raises:
        AbilityMissing: no plugin in force has it.
        NotPermitted: the actor lacks the permission, or may not see the origin.
        Invalid: a value is missing or wrong.
        Rejected: a rule of the plugin stands against it, or nothing new begins from the origin.
    """
    ability = require_ability(name, actor)
    if origin is not None and not may_see(actor, origin):
        raise NotPermitted(Message(N_("You may not see the record that this starts from.")))
    closed = None if origin is None else reference_refusal(session, actor, origin)
    if closed is not None:
        raise Rejected(closed)
    given = dict(values or {})
    if ability.form is not None:
        given, errors = clean(ability.form, given)
        if errors:
            raise Invalid(errors)
        require_choices(session, actor, ability.form, given)
    with refusals(), write(session):
        record = ability.run(session, actor, given, origin)
        if origin is not None and ability.links and reference_of(record) != reference_of(origin):
            join(session, actor, origin, record, ORIGIN)
    return record


def defaults_of(
    session: Session, actor: Actor, ability: Ability, origin: Any | None
) -> Mapping[str, Any]:
    """Return what the form of an ability is filled with at first."""
    return ability.defaults(session, actor, origin) if ability.defaults is not None else {}


def ability_url(name: str, *, origin: Any | None = None, next_url: str = "") -> str:
    """Return the path of the page that asks for the values of an ability and uses it.

    Args:
        name: name of the ability.
        origin: record out of which it is done.
        next_url: path that the person comes back to; the page of the origin by default.
    """
    query = {}
    if origin is not None:
        record_type, record_id = reference_of(origin)
        query["origin"] = f"{record_type}:{record_id}"
    if next_url:
        query["next"] = next_url
    return path_to(ENDPOINT, name=name, **query)


def at_once_url(name: str) -> str:
    """Return the path that uses an ability with what its form is filled with at first.

    Args:
        name: name of the ability.
    """
    return path_to(AT_ONCE, name=name)
