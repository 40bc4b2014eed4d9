"""``flask appraisals``: whether signed sheets are still what was signed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.services import db
from plugins.appraisals.sheets.calculation import hash_of, result_of
from plugins.appraisals.sheets.models import Sheet, Signature

_PORTION = 200


@click.group("appraisals")
def appraisals_group() -> None:
    """Work with appraisals."""


@appraisals_group.command("verify")
@with_appcontext
def verify() -> None:
    """Compare every signed sheet with the hash that each signature holds, and its score."""
    wrong = tampered(db.session)
    for number in wrong:
        click.echo(f"{number}: not what was signed")
    click.echo(f"{len(wrong)} sheets differ.")
    if wrong:
        raise SystemExit(1)


@appraisals_group.command("digest")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def digest(file: Path) -> None:
    """Print the SHA-256 of a file, to be looked for in the audit trail (print_hash)."""
    click.echo(hashlib.sha256(file.read_bytes()).hexdigest())


def tampered(session: Session) -> list[str]:
    """Return the numbers of sheets that are not what was signed, or whose score differs.

    Args:
        session: any session.
    """
    wrong, last = [], 0
    while True:
        sheets = session.scalars(select(Sheet).where(
            Sheet.frozen_hash != "", Sheet.id > last).order_by(Sheet.id).limit(_PORTION)).all()
        if not sheets:
            return wrong
        held: dict[int, set[str]] = {}
        for sheet_id, found in session.execute(
                select(Signature.sheet_id, Signature.content_hash).where(
                    Signature.sheet_id.in_([one.id for one in sheets]),
                    Signature.content_hash != "")):
            held.setdefault(sheet_id, set()).add(found)
        wrong += [one.number for one in sheets if not _holds(session, one, held.get(one.id, set()))]
        last = sheets[-1].id


def _holds(session: Session, sheet: Sheet, signed: set[str]) -> bool:
    return (signed == {sheet.frozen_hash} and hash_of(session, sheet) == sheet.frozen_hash
            and result_of(session, sheet).score == sheet.score
            and sheet.score is not None
            and sheet.final_score == sheet.score + (sheet.calibrated_points or 0))
