"""Deadline policies: which clocks a record has, how long they run, what moves them.

Pure data with full validation. A policy is chosen by a record's facts; each of its rules makes
one clock, and clocks run side by side without knowing of each other.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class DefinitionError(ValueError):
    """A policy contradicts itself; ``problems`` holds one sentence for each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class ClockKind(enum.StrEnum):
    """Whose deadline it is."""

    INTERNAL = "internal"
    STATUTORY = "statutory"


class Measure(enum.StrEnum):
    """The unit in which a rule's amount is counted."""

    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    CALENDAR_MINUTES = "calendar_minutes"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"

    @property
    def is_working(self) -> bool:
        """Whether closed hours do not count."""
        return self in (Measure.WORKING_MINUTES, Measure.WORKING_DAYS)

    @property
    def in_minutes(self) -> bool:
        """Whether amounts are minutes, which people read and type as hours."""
        return self in (Measure.WORKING_MINUTES, Measure.CALENDAR_MINUTES)

    @property
    def minutes(self) -> Measure:
        """The minutes in which lateness is counted: open ones, or all."""
        return Measure.WORKING_MINUTES if self.is_working else Measure.CALENDAR_MINUTES


class At(enum.StrEnum):
    """The time of the last day at which a deadline counted in days or months falls."""

    CLOSE = "close"
    END_OF_DAY = "end_of_day"
    SAME_CLOCK = "same_clock"


@dataclasses.dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told when a deadline has passed.

    Attributes:
        after_minutes: minutes after the deadline, counted as the clock counts (open minutes for
            working measures); 0 is at once.
        to: name of a role, or a relation to the record such as ``team_leader``.
    """

    after_minutes: int
    to: str


@dataclasses.dataclass(frozen=True, slots=True)
class Extension:
    """One step by which a deadline may be moved.

    Attributes:
        by: largest amount that one extension may add, in the rule's measure.
        most: largest amount in all that this step allows, that of the rule included.
        approver: role or relation that must approve; empty when nobody need.
        needs_reason: whether a reason must be given.
    """

    by: int
    most: int
    approver: str = ""
    needs_reason: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class ClockRule:
    """How one clock runs.

    A name in ``starts_on``, ``pauses_on`` and ``stops_on`` is that of a state entered or of a
    transition performed. The clock is paused while the latest of them is in ``pauses_on``.

    Attributes:
        key: unique in the policy.
        title: English title; ``title_zh`` the Chinese one.
        measure: unit of ``amount``.
        amount: length, at least 1.
        kind: internal or statutory.
        at: time of the last day; by default the close of a working day or the end of a calendar
            day.
        roll: whether a last day that is not worked moves to the next that is.
        starts_on: names that start the clock, again after it was stopped.
        pauses_on: names that pause it.
        stops_on: names that stop it for good.
        pause_source: the passage of the law that lets a statutory clock pause.
        warn_at: shares of the time, between 0 and 1, at which a warning is due.
        escalate: levels in order.
        extensions: how it may be extended, in steps of rising ``most``; none for not at all.
        due_from: column of the record that holds a deadline which people have agreed on; where it
            is filled as the clock starts, it holds in the place of ``amount``.
    """

    key: str
    title: str
    measure: Measure
    amount: int
    kind: ClockKind = ClockKind.INTERNAL
    title_zh: str = ""
    at: At | None = None
    roll: bool = False
    starts_on: tuple[str, ...] = ()
    pauses_on: tuple[str, ...] = ()
    stops_on: tuple[str, ...] = ()
    pause_source: str = ""
    warn_at: tuple[float, ...] = (0.5, 0.8)
    escalate: tuple[Escalation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    due_from: str = ""

    def shorter_by(self, percent: int) -> ClockRule:
        """Return the rule with less time; a statutory one as it is, for the law sets its amount.

        Warnings keep their shares and extensions their steps. Whole units are left, at least one.

        Args:
            percent: by how much, 0 to 90.
        """
        if self.kind is ClockKind.STATUTORY or not percent:
            return self
        left = max(1, (self.amount * (100 - percent) + 50) // 100)
        return dataclasses.replace(self, amount=left)

    def agreed_in(self, facts: Mapping[str, Any]) -> dt.datetime | None:
        """Return the deadline that a record's facts hold, ``None`` where the amount decides."""
        return facts.get(self.due_from) if self.due_from else None

    @property
    def rests_on_calendar(self) -> bool:
        """Whether public holidays move its deadline."""
        return self.measure.is_working or self.roll

    def titled(self, language: str, round_number: int = 1) -> str:
        """Return the title, from the second round on with its number.

        Args:
            language: ``zh`` or ``en``.
            round_number: how many times a record has come to this clock, from 1.
        """
        title, suffix = self.title, f" (round {round_number})"
        if language == "zh" and self.title_zh:
            title, suffix = self.title_zh, f"（第 {round_number} 轮）"
        return title if round_number == 1 else title + suffix

    @property
    def falls(self) -> At:
        """The time of the last day, the default filled in."""
        return self.at or (At.CLOSE if self.measure.is_working else At.END_OF_DAY)

    def step_for(self, total: int) -> Extension | None:
        """Return the extension step that allows ``total`` in all, ``None`` beyond the last."""
        return next((step for step in self.extensions if total <= step.most), None)

    def problems(self) -> list[str]:
        """Return one sentence for each fault of the rule."""
        faults = (*self._faults_of_names(), *self._faults_of_times(), *self._faults_of_steps())
        return [f"Clock {self.key!r} {fault}" for fault in faults]

    def _faults_of_names(self) -> Iterator[str]:
        """Yield what is wrong with its key and the names that drive it."""
        if not self.key or not self.title:
            yield "needs a key and a title."
        if not self.starts_on:
            yield "never starts: give starts_on."
        if not self.stops_on:
            yield "never stops: give stops_on."
        twice = set(self.stops_on) & (set(self.starts_on) | set(self.pauses_on))
        if twice:
            yield f"would stop and go on at: {', '.join(sorted(twice))}."
        if self.kind is ClockKind.STATUTORY and self.pauses_on and not self.pause_source:
            yield ("is statutory: it pauses only where the law says so; name the passage in "
                   "pause_source.")

    def _faults_of_times(self) -> Iterator[str]:
        """Yield what is wrong with how long it runs and when it ends."""
        if self.amount < 1:
            yield f"must run for at least 1, not {self.amount}."
        if self.at is At.CLOSE and not self.measure.is_working:
            yield "counts calendar time: it cannot fall at the close of work."
        if self.at is At.END_OF_DAY and self.measure.is_working:
            yield "counts working time: it cannot fall at the end of the day."

    def _faults_of_steps(self) -> Iterator[str]:
        """Yield what is wrong with its warnings, escalations and extensions."""
        shares = list(self.warn_at)
        if shares != sorted(set(shares)) or any(not 0 < share < 1 for share in shares):
            yield "must warn at rising shares between 0 and 1."
        after = [level.after_minutes for level in self.escalate]
        if after != sorted(set(after)) or any(minutes < 0 for minutes in after):
            yield "must escalate at rising minutes from 0."
        if any(not level.to for level in self.escalate):
            yield "escalates to nobody."
        most = [self.amount, *(step.most for step in self.extensions)]
        if most != sorted(set(most)) or any(step.by < 1 for step in self.extensions):
            yield "has an extension step that extends nothing."


@dataclasses.dataclass(frozen=True, slots=True)
class PolicyCondition:
    """The values of one fact for which a policy applies, e.g. ``severity`` in ``major``."""

    fact: str
    values: tuple[str, ...]

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Return whether the record's fact is one of the values."""
        return facts.get(self.fact) in self.values


@dataclasses.dataclass(frozen=True, slots=True)
class Policy:
    """Deadlines of one kind of record.

    Attributes:
        name: unique name.
        title: English title; ``title_zh`` the Chinese one.
        source: where the rule is written, for people; ``source_zh`` the same in Chinese.
        applies_when: all must hold; none means always.
        clocks: rules of the clocks.
        calendar: name of the calendar to count by; empty for that of the department.
        rank: among policies that apply, clocks of the lower rank win where keys are the same.
    """

    name: str
    title: str
    source: str
    clocks: tuple[ClockRule, ...]
    title_zh: str = ""
    source_zh: str = ""
    applies_when: tuple[PolicyCondition, ...] = ()
    calendar: str = ""
    rank: int = 100

    def __post_init__(self) -> None:
        problems = [problem for rule in self.clocks for problem in rule.problems()]
        keys = [rule.key for rule in self.clocks]
        if not self.name or not self.title or not self.source:
            problems.append(f"Policy {self.name!r} needs a name, a title and a source.")
        if not self.clocks:
            problems.append(f"Policy {self.name!r} has no clocks.")
        problems += [
            f"Policy {self.name!r} has two clocks {key!r}."
            for key in sorted({key for key in keys if keys.count(key) > 1})
        ]
        if problems:
            raise DefinitionError(problems)

    def applies(self, facts: Mapping[str, Any]) -> bool:
        """Return whether all conditions hold for the record's facts."""
        return all(condition.holds(facts) for condition in self.applies_when)

    def rule(self, key: str) -> ClockRule:
        """Return the rule of a clock.

        Raises:
            KeyError: no rule has that key.
        """
        for rule in self.clocks:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which ``from_dict`` makes an equal policy."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Policy:
        """Return the policy that ``to_dict`` described (also after a trip through JSON).

        Raises:
            DefinitionError: the policy contradicts itself.
            KeyError, TypeError, ValueError: a part is missing, unknown or malformed.
        """
        fields = dict(values)
        fields["clocks"] = tuple(rule_from_dict(rule) for rule in fields["clocks"])
        fields["applies_when"] = tuple(
            PolicyCondition(item["fact"], tuple(item["values"]))
            for item in fields.get("applies_when", ())
        )
        return cls(**fields)


def rule_from_dict(values: Mapping[str, Any]) -> ClockRule:
    """Return the clock rule described by plain values.

    Raises:
        KeyError, TypeError, ValueError: a part is missing, unknown or malformed.
    """
    fields = dict(values)
    fields["measure"] = Measure(fields["measure"])
    fields["kind"] = ClockKind(fields.get("kind", ClockKind.INTERNAL))
    fields["at"] = At(fields["at"]) if fields.get("at") else None
    for name in ("starts_on", "pauses_on", "stops_on", "warn_at"):
        if name in fields:
            fields[name] = tuple(fields[name])
    fields["escalate"] = tuple(Escalation(**level) for level in fields.get("escalate", ()))
    fields["extensions"] = tuple(Extension(**step) for step in fields.get("extensions", ()))
    return ClockRule(**fields)


def rules_for(policies: Iterable[Policy], facts: Mapping[str, Any]) -> dict[str, ClockRule]:
    """Return the clock rules that hold for a record, by key.

    Policies that apply add their clocks side by side; where two name the same clock, the one
    with the lower rank wins, then the one with more conditions, then the earlier name.
    """
    chosen: dict[str, ClockRule] = {}
    order = sorted(policies, key=lambda one: (one.rank, -len(one.applies_when), one.name))
    for policy in order:
        if policy.applies(facts):
            for rule in policy.clocks:
                chosen.setdefault(rule.key, rule)
    return chosen
