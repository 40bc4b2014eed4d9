"""Forms with points in the database: those that ship, their versions, reading them."""

from __future__ import annotations

import dataclasses
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
    if form_by_code(session, code) is not None:
        return
    made = FormDraft(code=code, title=form.title, title_zh=form.title_zh, content=form.to_dict())
    session.add(made)
    session.flush()
    add_version(session, made, None)
