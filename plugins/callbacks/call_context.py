"""What the page of a callback shows: script, record of the contact, and the customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from app.sdk.abilities import ability_url, has_ability
from app.sdk.customers import CONTACT_WAYS, Contact
from app.sdk.models import Customer, Vehicle
from app.sdk.records import links_of
from app.sdk.screens import current_person, page_language, translate, translated
from app.sdk.services import db, is_present, scope_filter, utcnow
from app.sdk.workflow import Message
from plugins.callbacks import call_form, script_text
from plugins.callbacks.choices import CHANNELS, RATED_PURPOSES, SATISFACTIONS, SPOKEN
from plugins.callbacks.contact_rules import verdict_of
from plugins.callbacks.models import Outcome, OutcomeRule, Task
from plugins.callbacks.offers import offers

MOST_EARLIER = 5
COMPLAINT = "complaints.open"
_LEVELS = dict(SATISFACTIONS)
# Keys of outcomes without a conversation; digits belong to answers and "i" to the identity.
_OUTCOME_KEYS = "abcdefgh"


def is_mine(task: Task) -> bool:
    """Return whether the caller makes the callback now."""
    return task.state == "working" and task.owner_id == current_person().user_id


def answer_text(question: script_text.Question, answer: str) -> str:
    """Return an answer as people read it."""
    if question.kind == "level":
        return translated(_LEVELS[answer])
    return gettext("Said") if question.kind == "say" else answer


def open_question(task: Task) -> str:
    """Return what is asked next, where a script stopped; empty without a script or at its end."""
    if task.script is None:
        return ""
    question = script_text.next_question(script_text.read(task.script.text), task.answers)
    return question.text if question is not None else ""


def script_part(task: Task, wanted: str, draft: Mapping[str, str]) -> dict[str, Any]:
    """Return the script with its answers, and the question to ask now.

    Args:
        task: the callback.
        wanted: name of a question whose answer is to be corrected; empty for the next one.
        draft: what was typed and not sent.
    """
    script = script_text.read(task.script.text) if task.script else None
    way = list(script_text.walk(script, task.answers)) if script else []
    open_one = way[-1][0] if way and way[-1][1] is None else None
    chosen = next((one for one, answer in way if one.name == wanted and answer is not None), None)
    question = chosen or open_one
    typed = draft.get("answer", "") if question and draft.get("question") == question.name else ""
    return {
        "script": task.script, "question": question,
        "answered": [(one, answer_text(one, answer)) for one, answer in way
                     if answer is not None and one is not question],
        "answers": [(one, answer_text(question, one)) for one in question.answers]
        if question else [],
        "typed": typed or (task.answers.get(chosen.name, "") if chosen else ""),
    }


def record_part(task: Task, draft: Mapping[str, str], wanted: bool) -> dict[str, Any]:
    """Return the fields of the record of the contact, filled in as far as they are known.

    Args:
        task: the callback.
        draft: what was typed and not sent.
        wanted: whether it is shown although the script is not through.
    """
    script = script_text.read(task.script.text) if task.script else None
    way = list(script_text.walk(script, task.answers)) if script else []
    answered = [(one, answer) for one, answer in way if answer and one.asks]
    outcomes = _outcomes(task)
    known = {
        "outcome_id": str(next((one["id"] for one in outcomes if one["finishes"]), "")),
        "satisfaction": task.satisfaction or call_form.worst_level(answered),
        "summary": task.summary or call_form.summary_of(
            (one.text, answer_text(one, answer)) for one, answer in answered),
        "suggestion": task.suggestion or call_form.suggestion_of(answered),
        "minutes": str(call_form.minutes_between(task.started_at, utcnow())),
        "next_contact_at": "", "next_offer": "",
        "identity_checked": "1" if task.identity_checked else "",
    }
    through = script is None or not way or way[-1][1] is not None
    shows = wanted or through
    return {
        "offers": offers(db.session, task, utcnow()) if shows and is_mine(task) else [],
        "values": {**known, **{name: value for name, value in draft.items() if name in known}},
        "outcomes": outcomes, "shows_record": shows,
        "asks_satisfaction": task.contact_purpose in RATED_PURPOSES,
        "levels": [(value, translated(label)) for value, label in SATISFACTIONS],
        "spoken": task.channel in SPOKEN,
    }


def _outcomes(task: Task) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Outcome, OutcomeRule)
        .join(OutcomeRule, OutcomeRule.outcome_id == Outcome.id)
        .where(Outcome.retired.is_(False), is_present(OutcomeRule))
        .order_by(Outcome.position, Outcome.id)).all()
    spoken, keys, found = task.channel in SPOKEN, iter(_OUTCOME_KEYS), []
    for outcome, rule in rows:
        if rule.finished and rule.human != spoken:
            continue
        # Nobody was spoken to: there is nothing more to write down.
        quick = not rule.human and not rule.finished
        found.append({
            "id": outcome.id, "label": outcome.titled(page_language()), "finishes": rule.finished,
            "again": rule.call_again, "quick": quick, "key": next(keys, "") if quick else "",
        })
    return found


def side_part(task: Task) -> dict[str, Any]:
    """Return the customer, vehicles, earlier callbacks and contacts, links, and the verdict."""
    person = current_person()
    verdict = verdict_of(db.session, task)
    return {
        "verdict": verdict, "vehicles": _vehicles(task), "earlier": _earlier(task),
        "contacts": _contacts(task), "why_mine": why_owned(task),
        "customer_seen": person.can("can_show", "core.Customer"),
        "links": [one for one in links_of(db.session, person, task) if one.summary is not None],
        "complaint_url": ability_url(
            COMPLAINT, origin=task, next_url=f"/callbacks/call/task/{task.id}")
        if has_ability(COMPLAINT, person) else "",
        "channel_labels": {code: translated(label) for code, label in (*CONTACT_WAYS, *CHANNELS)},
    }


def why_owned(task: Task) -> str:
    """Return why its owner has a callback, in the language of the page; empty if nobody knows."""
    held = task.assigned_because or {}
    if not held or held.get("owner") != task.owner_id:
        return ""
    return translate(Message(held["text"], held["values"])).strip()


def _vehicles(task: Task) -> list[Any]:
    person = current_person()
    if not person.can("can_show", "core.Vehicle"):
        return []
    return list(db.session.scalars(
        select(Vehicle).where(Vehicle.customer_id == task.customer_id, is_present(Vehicle),
                              scope_filter(person, Vehicle)).order_by(Vehicle.id)))


def _earlier(task: Task) -> list[Any]:
    return list(db.session.scalars(
        select(Task).where(
            Task.customer_id == task.customer_id, Task.id != task.id, is_present(Task),
            Task.last_tried_at.is_not(None), scope_filter(current_person(), Task, indexed=False),
        ).order_by(Task.last_tried_at.desc(), Task.id.desc()).limit(MOST_EARLIER)))


def _contacts(task: Task) -> list[Any]:
    """Return the last contacts of all plugins and channels; only to who may see the customer."""
    if not current_person().can("can_show", "core.Customer"):
        return []
    return list(db.session.scalars(
        select(Contact).join(Customer, Customer.id == Contact.customer_id)
        .where(Contact.customer_id == task.customer_id, is_present(Customer))
        .order_by(Contact.at.desc()).limit(MOST_EARLIER)))


