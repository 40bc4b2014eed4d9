"""Forms with points in the database: those that ship, their versions, reading them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.forms.faults import problems
from app.forms.models import FormDraft, FormVersion
from app.forms.scored import ScoredForm


@dataclasses.dataclass(frozen=True, slots=True)
class PublishedForm:
    """A published version of a form.

    Attributes:
        version_id: key of the version.
        form_id: key of the form.
        code: code of the form.
        number: number of the version, from 1.
        form: the definition.
    """

    version_id: int
    form_id: int
    code: str
    number: int
    form: ScoredForm


def published(session: Session, version_id: int) -> PublishedForm:
    """Return a published version by its key.

    Args:
        session: any session.
        version_id: key of the version.

    Raises:
        LookupError: there is none.
    """
    found = _read(session, FormVersion.id == version_id)
    if found is None:
        raise LookupError(f"form version {version_id}")
    return found


def latest(session: Session, form_id: int) -> PublishedForm | None:
    """Return the newest published version of a form, or ``None``.

    Args:
        session: any session.
        form_id: key of the form.
    """
    newest = select(func.max(FormVersion.id)).where(FormVersion.form_id == form_id)
    return _read(session, FormVersion.id == newest.scalar_subquery())


def form_by_code(session: Session, code: str) -> FormDraft | None:
    """Return a form by its code, or ``None``."""
    return session.scalar(select(FormDraft).where(FormDraft.code == code))


def _read(session: Session, condition: Any) -> PublishedForm | None:
    row = session.execute(
        select(FormVersion.id, FormVersion.form_id, FormVersion.number, FormVersion.content,
               FormDraft.code)
        .join(FormDraft, FormDraft.id == FormVersion.form_id).where(condition)).first()
    if row is None:
        return None
    return PublishedForm(
        row.id, row.form_id, row.code, row.number, ScoredForm.from_dict(row.content))


def add_version(session: Session, form: FormDraft, user_id: int | None) -> FormVersion:
    """Publish the draft of a form as its next version; the caller has checked it.

    Args:
        session: session with a running write.
        form: the form.
        user_id: who publishes it; ``None`` for the product.
    """
    content = ScoredForm.from_dict(form.content)
    newest = session.scalar(
        select(func.max(FormVersion.number)).where(FormVersion.form_id == form.id)) or 0
    made = FormVersion(
        form_id=form.id, number=newest + 1, content=content.to_dict(),
        content_hash=content.content_hash(), published_by_id=user_id)
    session.add(made)
    session.flush()
    return made


def ship_form(session: Session, code: str, form: ScoredForm) -> None:
    """Add a form that comes with the product, published; one that is there stays as it is.

    Of one that is there the definition is kept beside it, so that an admin can compare it with
    their own and take it over, see ``newer_shipped``.

    Args:
        session: session with a running write.
        code: code of the form, e.g. ``appraisals.month``.
        form: the definition.

    Raises:
        ValueError: the definition has faults.
    """
    faults = problems(form)
    if faults:
        raise ValueError(f"form {code}: " + " ".join(map(str, faults)))
    content = form.to_dict()
    held = form_by_code(session, code)
    if held is not None:
        if held.shipped != content:
            held.shipped = content
        return
    made = FormDraft(code=code, title=form.title, title_zh=form.title_zh, content=content,
                     shipped=content)
    session.add(made)
    session.flush()
    add_version(session, made, None)


def newer_shipped(session: Session, forms: Collection[FormDraft]) -> dict[int, ScoredForm]:
    """Return which of several forms ship otherwise than they ever were here, by key.

    A definition that was published here once, that is the draft, or that an admin has answered is
    not offered.

    Args:
        session: any session.
        forms: drafts.
    """
    found = {one.id: ScoredForm.from_dict(one.shipped) for one in forms
             if one.shipped is not None and one.shipped != one.content}
    if not found:
        return {}
    hashes = {key: form.content_hash() for key, form in found.items()}
    answered = {(one.id, one.shipped_answered) for one in forms}
    known = {(row.form_id, row.content_hash) for row in session.execute(
        select(FormVersion.form_id, FormVersion.content_hash)
        .where(FormVersion.form_id.in_(list(found))))} | answered
    return {key: form for key, form in found.items() if (key, hashes[key]) not in known}
