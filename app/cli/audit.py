"""``flask audit verify``: whether the audit trail is unaltered."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.access.audit import chain_head, verify_chain
from app.database import db


@click.group("audit")
def audit_group() -> None:
    """Work with the audit trail."""


@audit_group.command("verify")
@click.option("--head", "known_head", help="ENTRY:HASH noted earlier; shows a cut-off end as well.")
@with_appcontext
def verify(known_head: str | None) -> None:
    """Walk the hash chain; exit 1 when it does not hold. Prints the head to note for next time."""
    breaks = list(verify_chain(db.session, known_head=known_head))
    for broken in breaks:
        click.echo(f"Entry {broken.entry_id}: {broken.problem}.")
    if breaks:
        raise SystemExit(1)
    click.echo(f"The audit trail holds. Head: {chain_head(db.session)}")
