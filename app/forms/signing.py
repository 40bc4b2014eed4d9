"""Signatures in a form: somebody confirms a statement, and what stands above it. Pure.

A signature confirms what people have answered above it in its section. While it stands, those
answers stay as they are; to change one, the signature is voided first, which stays to be seen. An
answer that changes otherwise, e.g. by an objection that is upheld, voids it as well.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from app.forms.scored import Item, ItemKind, ScoredForm
from app.forms.scoring import UNITS, Attached, read_item, visible
from app.i18n import N_, Message

PASSWORD, VOID, VOIDED = "__password", "__void", "__voided"
"""What is added to the name of an item: for the password of the person who signs, for what voids a
signature, and for the signatures that were voided."""

SIGNED = "signed"
"""What stands in the place of the answer where the password was right."""

BY_SIGNER, BY_CHANGE = "by_signer", "by_change"
REASONS = {BY_SIGNER: N_("voided by the person who signed"),
           BY_CHANGE: N_("voided because a signed answer changed")}
_IS_SIGNED = Message(N_("This is signed. Void the signature first."))


@dataclasses.dataclass(frozen=True, slots=True)
class Signer:
    """Who answers and signs.

    Attributes:
        user_id: the person.
        name: name of the person.
        at: moment, with a zone.
    """

    user_id: int | None
    name: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """Answers that were read, and what is wrong with them.

    Attributes:
        answers: all answers of the form, cleaned.
        errors: sentences by name of the item.
    """

    answers: dict[str, Any]
    errors: dict[str, Message]


def signature_items(form: ScoredForm) -> list[Item]:
    """Return the items of a form that are signatures.

    Args:
        form: the form.
    """
    return [item for item in form.items if item.kind is ItemKind.SIGNATURE]


def confirmable(form: ScoredForm, item: Item) -> list[Item]:
    """Return what a signature may confirm: what people answer above it in its section.

    Args:
        form: the form.
        item: a signature of the form.
    """
    part = next(part for part in form.parts if item in part.items)
    above = part.items[:part.items.index(item)]
    return [one for one in above if one.kind is not ItemKind.SIGNATURE and not one.is_filled_in]


def sign(
    form: ScoredForm, item: Item, answers: Mapping[str, Any], signer: Signer
) -> dict[str, Any]:
    """Return a signature as the answer to its item.

    It confirms what the signer's side answers, even where it was left empty, and what others had
    answered by then.

    Args:
        form: the form.
        item: the signature.
        answers: cleaned answers.
        signer: who signs.
    """
    names = [one.name for one in confirmable(form, item)
             if one.filled_by is item.filled_by or answers.get(one.name) not in (None, "")]
    return {
        "by": signer.user_id, "name": signer.name, "at": signer.at.isoformat(), "items": names,
        "statement": _hash([item.help, item.help_zh]),
        "content": _content(form, names, answers)}


def _hash(held: Any) -> str:
    text = json.dumps(held, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _content(form: ScoredForm, names: Iterable[str], answers: Mapping[str, Any]) -> str:
    held: dict[str, Any] = {}
    for name in names:
        held[name] = answers.get(name) or ""
        item = form.item(name)
        # Units that a figure gives are nobody's answer.
        if item is not None and item.counts_units and not item.fills_units:
            held[name + UNITS] = answers.get(name + UNITS) or ""
    return _hash(held)


def standing(item: Item, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the signature that stands at an item, or ``None``."""
    held = answers.get(item.name) if item.kind is ItemKind.SIGNATURE else None
    return cast("Mapping[str, Any]", held) if isinstance(held, Mapping) else None


def holds(form: ScoredForm, item: Item, answers: Mapping[str, Any]) -> bool:
    """Return whether a signature stands for a version and answers that are still the same.

    Args:
        form: the form.
        item: the signature.
        answers: the answers of now.
    """
    held = standing(item, answers)
    return (held is not None and held["statement"] == _hash([item.help, item.help_zh])
            and held["content"] == _content(form, held["items"], answers))


def signed_items(form: ScoredForm, answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the items whose answers a signature confirms that stands.

    Args:
        form: the form.
        answers: the answers of now.
    """
    return frozenset(name for item in signature_items(form)
                     if (held := standing(item, answers)) is not None for name in held["items"])


def void(
    item: Item, answers: Mapping[str, Any], signer: Signer, reason: str
) -> dict[str, Any]:
    """Return answers in which a signature is voided, and stays to be seen.

    Args:
        item: a signature that stands.
        answers: the answers.
        signer: who voids it.
        reason: one of ``REASONS``.
    """
    gone = {**answers[item.name], "voided_at": signer.at.isoformat(), "voided_by": signer.user_id,
            "reason": reason}
    earlier = list(answers.get(item.name + VOIDED) or ())
    return {**answers, item.name: "", item.name + VOIDED: [*earlier, gone]}


def without_broken(
    form: ScoredForm, answers: Mapping[str, Any], signer: Signer
) -> dict[str, Any]:
    """Return answers in which the signatures are voided that no longer hold.

    Args:
        form: the form.
        answers: the answers of now.
        signer: who has changed them.
    """
    found = dict(answers)
    for item in signature_items(form):
        if standing(item, found) is not None and not holds(form, item, found):
            found = void(item, found, signer, BY_CHANGE)
    return found


def answered(
    form: ScoredForm, items: Collection[Item], held: Mapping[str, Any], typed: Mapping[str, Any],
    signer: Signer, files: Iterable[Attached] = (),
) -> Answered:
    """Return the answers of a form after somebody has typed some of them, and perhaps signed.

    Args:
        form: the form.
        items: the items that the person answers; what was not sent of them counts as empty.
        held: the answers so far.
        typed: what was typed, by name of the item, with ``UNITS`` and ``VOID`` added to some of
            the names; ``SIGNED`` for a signature whose password was right.
        signer: who answers.
        files: the files on the record.
    """
    found, errors = _without_voided(items, held, typed, signer), dict[str, Message]()
    was_signed, is_signed = signed_items(form, held), signed_items(form, found)
    for item in items:
        # A signed answer is shown and not asked for.
        if item.kind is ItemKind.SIGNATURE or (
                item.name in was_signed and item.name not in typed):
            continue
        given, error = read_item(item, typed, files)
        if error is None and item.name in is_signed and _differs(given, held):
            error = _IS_SIGNED
        if error is None:
            found |= given
        else:
            errors[item.name] = error
    for item in visible(form, found):
        if item in items and typed.get(item.name) == SIGNED and standing(item, found) is None \
                and item.kind is ItemKind.SIGNATURE:
            found[item.name] = sign(form, item, found, signer)
    return Answered(without_broken(form, found, signer), errors)


def _without_voided(
    items: Iterable[Item], held: Mapping[str, Any], typed: Mapping[str, Any], signer: Signer
) -> dict[str, Any]:
    """Return answers without the signatures that the signer has asked to be voided."""
    found = dict(held)
    for item in items:
        own = standing(item, found)
        if own is not None and typed.get(item.name + VOID) and own["by"] == signer.user_id:
            found = void(item, found, signer, BY_SIGNER)
    return found


def _differs(given: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    return any(value != (held.get(name) or "") for name, value in given.items())
