"""What an administrator may change of a policy: lengths, warnings, escalations, extensions.

Pure. What starts, pauses and stops a clock belongs to the workflow and stays as it was shipped; the
length of a statutory clock is the law's and stays as well.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable
from typing import Any

from app.deadlines.policies import ClockKind, ClockRule, Escalation, Extension, Measure, Policy
from app.errors import Invalid
from app.i18n import N_, Message

MINUTES_OF_AN_HOUR = 60
LONGEST = {
    Measure.WORKING_MINUTES: 10_000 * MINUTES_OF_AN_HOUR, Measure.WORKING_DAYS: 1_000,
    Measure.CALENDAR_MINUTES: 10_000 * MINUTES_OF_AN_HOUR, Measure.CALENDAR_DAYS: 3_650,
    Measure.CALENDAR_MONTHS: 120,
}
MOST_LEVELS = 5
_BY_NAME = {one.value: one for one in Measure}


@dataclasses.dataclass(slots=True)
class _Reader:
    """Reads the fields of one clock and gathers what is wrong with them."""

    prefix: str
    value: Callable[[str], str]
    errors: dict[str, Message]

    def text(self, name: str) -> str:
        return self.value(f"{self.prefix}.{name}").replace("\x00", "").strip()

    def refuse(self, name: str, msgid: str, **params: Any) -> None:
        self.errors.setdefault(f"{self.prefix}.{name}", Message(msgid, params))

    def amount(self, name: str, measure: Measure, least: int = 1) -> int:
        """Return an amount in the unit of a measure; hours as ``1.5`` or ``1:30``."""
        text = self.text(name)
        number = _minutes_of(text) if measure.in_minutes else number_of(text)
        if number is None or number != int(number) or not least <= number <= LONGEST[measure]:
            self.refuse(name, N_("Enter a number from %(least)s to %(most)s."),
                        **_bounds(measure, least))
            return least
        return int(number)


def _bounds(measure: Measure, least: int) -> dict[str, str]:
    unit = MINUTES_OF_AN_HOUR if measure.in_minutes else 1
    return {"least": f"{least / unit:.2g}", "most": f"{LONGEST[measure] / unit:g}"}


def _minutes_of(text: str) -> float | None:
    """Return the minutes of a number of hours, or of hours and minutes; ``None`` for neither."""
    hours, colon, minutes = text.replace("\uff1a", ":").partition(":")
    whole = number_of(hours)
    if not colon or whole is None:
        return None if whole is None else round(whole * MINUTES_OF_AN_HOUR, 1)
    part = number_of(minutes)
    if "." in text or part is None or len(minutes) != len("00") or part >= MINUTES_OF_AN_HOUR:
        return None
    return whole * MINUTES_OF_AN_HOUR + part


def number_of(text: str) -> float | None:
    """Return a plain decimal number, or ``None``."""
    whole, _, part = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(text) <= 12):
        return None
    if part and not (part.isascii() and part.isdigit()):
        return None
    return float(text)


def edited(policy: Policy, value: Callable[[str], str], people: Collection[str]) -> Policy:
    """Return a policy with what a form changes of it.

    Args:
        policy: the version in force.
        value: returns the text of a field, empty where it is missing. The fields of a clock are
            ``KEY.amount``, ``KEY.measure``, ``KEY.warn_at`` (percents with commas),
            ``KEY.escalate.N.after`` (hours after the deadline), ``KEY.escalate.N.to``,
            ``KEY.extend.N.by``, ``KEY.extend.N.most`` and ``KEY.extend.N.approver``; amounts in
            the measure, minutes in hours.
        people: names of roles and relations that may be told or asked.

    Raises:
        Invalid: something is no number, out of bounds or contradicts the rest.
    """
    errors: dict[str, Message] = {}
    clocks = tuple(_rule(rule, _Reader(rule.key, value, errors), people) for rule in policy.clocks)
    if errors:
        raise Invalid(errors)
    return dataclasses.replace(policy, clocks=clocks)


def _rule(rule: ClockRule, reader: _Reader, people: Collection[str]) -> ClockRule:
    measure, amount = rule.measure, rule.amount
    if rule.kind is ClockKind.INTERNAL:
        measure = _BY_NAME.get(reader.text("measure"), rule.measure)
        amount = reader.amount("amount", measure)
    # Where a day ends goes by how it is counted.
    at = rule.at if measure.is_working == rule.measure.is_working else None
    changed = {
        "measure": measure, "amount": amount, "at": at, "warn_at": _warnings(reader),
        "escalate": _levels(reader, people),
        "extensions": _extensions(reader, measure, amount, people),
    }
    if any(name.startswith(f"{rule.key}.") for name in reader.errors):
        return rule
    return dataclasses.replace(rule, **changed)


def _warnings(reader: _Reader) -> tuple[float, ...]:
    texts = [one.strip().removesuffix("%").strip()
             for one in reader.text("warn_at").replace("\uff0c", ",").split(",") if one.strip()]
    shares = [number_of(one) for one in texts]
    if any(one is None or not 0 < one < 100 for one in shares) or not _rises(shares):
        reader.refuse("warn_at", N_("Enter rising percentages between 0 and 100, such as 50, 80."))
        return ()
    return tuple(round(one / 100, 4) for one in shares if one is not None)


def _levels(reader: _Reader, people: Collection[str]) -> tuple[Escalation, ...]:
    found: list[Escalation] = []
    for place in range(MOST_LEVELS):
        name, to = f"escalate.{place}", reader.text(f"escalate.{place}.to")
        if not to:
            continue
        if to not in people:
            reader.refuse(f"{name}.to", N_("Choose somebody from the list."))
        found.append(Escalation(
            reader.amount(f"{name}.after", Measure.WORKING_MINUTES, 0), to))
    if not _rises([one.after_minutes for one in found]):
        reader.refuse("escalate", N_("Each further level comes later than the one before it."))
    return tuple(found)


def _extensions(
    reader: _Reader, measure: Measure, amount: int, people: Collection[str]
) -> tuple[Extension, ...]:
    found: list[Extension] = []
    for place in range(MOST_LEVELS):
        name = f"extend.{place}"
        if not (reader.text(f"{name}.by") or reader.text(f"{name}.most")):
            continue
        approver = reader.text(f"{name}.approver")
        if approver and approver not in people:
            reader.refuse(f"{name}.approver", N_("Choose somebody from the list."))
        found.append(Extension(
            by=reader.amount(f"{name}.by", measure), most=reader.amount(f"{name}.most", measure),
            approver=approver))
    if not _rises([amount, *(one.most for one in found)]):
        reader.refuse("extend", N_("Each step allows more in all than the length and the step "
                                   "before it."))
    return tuple(found)


def _rises(numbers: Iterable[Any]) -> bool:
    held = list(numbers)
    return held == sorted(set(held))


def values_of(policy: Policy) -> dict[str, str]:
    """Return what the form of a policy is filled with, by the names that ``edited`` reads."""
    found: dict[str, str] = {}
    for rule in policy.clocks:
        found[f"{rule.key}.amount"] = amount_value(rule.measure, rule.amount)
        found[f"{rule.key}.measure"] = rule.measure.value
        found[f"{rule.key}.warn_at"] = ", ".join(f"{share * 100:g}" for share in rule.warn_at)
        for place, level in enumerate(rule.escalate):
            found[f"{rule.key}.escalate.{place}.after"] = amount_value(
                Measure.WORKING_MINUTES, level.after_minutes)
            found[f"{rule.key}.escalate.{place}.to"] = level.to
        for place, step in enumerate(rule.extensions):
            found[f"{rule.key}.extend.{place}.by"] = amount_value(rule.measure, step.by)
            found[f"{rule.key}.extend.{place}.most"] = amount_value(rule.measure, step.most)
            found[f"{rule.key}.extend.{place}.approver"] = step.approver
    return found


def amount_value(measure: Measure, amount: int) -> str:
    """Return an amount as it is typed: minutes in hours, ``0:20`` for 20; the rest as it is."""
    if not measure.in_minutes:
        return str(amount)
    if amount % (MINUTES_OF_AN_HOUR // 4):
        hours, minutes = divmod(amount, MINUTES_OF_AN_HOUR)
        return f"{hours}:{minutes:02}"
    return f"{amount / MINUTES_OF_AN_HOUR:g}"
