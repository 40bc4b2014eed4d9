"""The score of a sheet: computed from its answers and the version of its form, again and again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.forms import Result, ScoredForm, published, score
from app.sdk.services import settings_of, utcnow
from app.sdk.workflow import Message
from plugins.appraisals.rules.chain import content_hash
from plugins.appraisals.rules.figures import is_same, missing
from plugins.appraisals.rules.grades import EXCELLENT, GRADES, QUALIFIED, Grade, grade_of
from plugins.appraisals.rules.weights import in_force, without_weight
from plugins.appraisals.sheets.facts import PeriodFacts, facts_of_sheet, merged
from plugins.appraisals.sheets.models import Sheet

NO_SCORE: Mapping[str, Any] = {
    "score": None, "grade": "", "final_score": None, "final_grade": ""}


@dataclasses.dataclass(frozen=True, slots=True)
class Current:
    """A sheet as it stands: with the figures of now, or with those that are frozen.

    Attributes:
        facts: facts by name of the item.
        answers: all answers, those of the facts among them.
        left_out: names of the items that do not count, by a decision or for want of data.
        result: the score with its calculation.
    """

    facts: dict[str, Any]
    answers: dict[str, Any]
    left_out: tuple[str, ...]
    result: Result

    @property
    def digest(self) -> str:
        """Hash of what the person sees, whenever the figures were computed."""
        return content_hash({
            "answers": self.answers, "left_out": self.left_out,
            "facts": {name: {key: held for key, held in fact.items() if key != "at"}
                      for name, fact in self.facts.items()}})


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is computed otherwise today than it was when it was frozen.

    Attributes:
        item: name of the item.
        frozen, now: the fact then and now.
    """

    item: str
    frozen: Mapping[str, Any]
    now: Mapping[str, Any]


def form_of(session: Session, sheet: Sheet) -> ScoredForm:
    """Return the version of the form that a sheet rests on."""
    return published(session, sheet.form_version_id).form


def not_counting(
    decided: Iterable[str], facts: Mapping[str, Any], weights: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the names of the items that do not count.

    Args:
        decided: items that were left out by a decision.
        facts: facts by name of the item; those without data leave theirs out too.
        weights: weights of the month; an item whose weight is 0 does not count.
    """
    return tuple(dict.fromkeys([*decided, *missing(facts), *without_weight(weights)]))


def standing(
    form: ScoredForm, answers: Mapping[str, Any], facts: Mapping[str, Any],
    decided: Iterable[str], weights: Mapping[str, str],
) -> Current:
    """Return how a sheet stands with answers and facts.

    Args:
        form: version of the form.
        answers: all answers.
        facts: facts by name of the item.
        decided: items that were left out by a decision.
        weights: weights of the month, where they are not those of the form.
    """
    left_out = not_counting(decided, facts, weights)
    return Current(dict(facts), dict(answers), left_out,
                   score(form, answers, left_out, in_force(form, weights)))


def result_of(session: Session, sheet: Sheet) -> Result:
    """Return the score of a sheet by what it holds, line by line."""
    form = form_of(session, sheet)
    return standing(form, sheet.answers, sheet.facts, sheet.left_out, sheet.weights).result


def computed(
    session: Session, form: ScoredForm, sheet: Sheet, *,
    answers: Mapping[str, Any] | None = None, decided: Iterable[str] | None = None,
    known: PeriodFacts | None = None,
) -> Current:
    """Return how a sheet stands with the figures of now.

    Args:
        session: any session.
        form: version of the form.
        sheet: the sheet.
        answers: answers that people have given; ``None`` for those of the sheet.
        decided: items that were left out by a decision; ``None`` for those of the sheet.
        known: facts that were read for several people; ``None`` reads those of the sheet.
    """
    given = sheet.answers if answers is None else answers
    gone = sheet.left_out if decided is None else decided
    if sheet.owner_id is None:
        return standing(form, given, sheet.facts, gone, sheet.weights)
    found = known or facts_of_sheet(session, sheet)
    facts, filled = merged(sheet.facts, *found.of(form, sheet.owner_id))
    return standing(form, {**given, **filled}, facts, gone, sheet.weights)


def current(session: Session, sheet: Sheet, form: ScoredForm) -> Current:
    """Return how a sheet stands: from the first signature on its figures are frozen.

    Args:
        session: any session.
        sheet: the sheet.
        form: version of its form.
    """
    if sheet.is_settled:
        return standing(form, sheet.answers, sheet.facts, sheet.left_out, sheet.weights)
    return computed(session, form, sheet)


def to_freeze(session: Session, sheet: Sheet, seen: str) -> dict[str, Any]:
    """Return the figures of this moment, dated, as columns of the sheet that is signed first.

    Args:
        session: any session.
        sheet: the sheet.
        seen: digest of the figures that the person has seen; empty where nobody looked.

    Raises:
        Rejected: the figures have changed since they were seen, or there is no score.
    """
    form = form_of(session, sheet)
    held = computed(session, form, sheet)
    if seen not in ("", held.digest):
        raise Rejected(Message(
            N_("The figures have changed since you saw them. Look at them again.")))
    at = utcnow().isoformat()
    facts = {name: {**fact, "at": at} if "at" in fact else fact
             for name, fact in held.facts.items()}
    columns = columns_of(
        session, standing(form, held.answers, facts, sheet.left_out, sheet.weights))
    if columns["score"] is None:
        raise Rejected(Message(N_("Not every item has its points: the sheet has no score.")))
    return columns


def differences(session: Session, sheet: Sheet, form: ScoredForm) -> list[Difference]:
    """Return the facts of a sheet that are computed otherwise today, in the order of the form.

    Args:
        session: any session.
        sheet: the sheet; one whose figures are not frozen has no differences.
        form: version of its form.
    """
    if not sheet.frozen_hash or sheet.owner_id is None:
        return []
    now, _answers = facts_of_sheet(session, sheet).of(form, sheet.owner_id)
    return [Difference(name, sheet.facts[name], fact) for name, fact in now.items()
            if name in sheet.facts and not is_same(sheet.facts[name], fact)]


def grades_of(values: Mapping[str, Any]) -> tuple[Grade, ...]:
    """Return the grades by the settings of the plugin.

    Args:
        values: settings of the plugin.
    """
    bounds = {EXCELLENT: values["excellent_from"], QUALIFIED: values["qualified_from"]}
    return tuple(Grade(one.name, Decimal(str(bounds.get(one.name, one.lowest))))
                 for one in GRADES)


def score_columns(session: Session, found: Result) -> dict[str, Any]:
    """Return score and grade as columns of a sheet; all empty when something is missing.

    Until a calibration, which only a sheet signed by all can have, the final ones are the same.

    Args:
        session: any session.
        found: the score with its calculation.
    """
    if found.score is None or found.missing:
        return dict(NO_SCORE)
    grade = grade_of(found.score, grades_of(settings_of(session, "appraisals")))
    return {"score": found.score, "grade": grade, "final_score": found.score,
            "final_grade": grade}


def columns_of(session: Session, held: Current) -> dict[str, Any]:
    """Return answers, facts, score and grade as columns of a sheet."""
    return {"answers": held.answers, "facts": held.facts, **score_columns(session, held.result)}


def hash_of(session: Session, sheet: Sheet) -> str:
    """Return the hash of what a signature on the sheet confirms."""
    return content_hash({
        "number": sheet.number, "owner": sheet.owner_id, "form": sheet.form_version_id,
        "content": form_of(session, sheet).content_hash(),
        "from": sheet.starts_on.isoformat(), "until": sheet.ends_on.isoformat(),
        "answers": sheet.answers, "left_out": sheet.left_out, "facts": sheet.facts,
        "score": None if sheet.score is None else f"{sheet.score:.2f}", "grade": sheet.grade,
        # Sheets of a month with the weights of the form have none of their own.
        **({"weights": sheet.weights} if sheet.weights else {}),
    })
