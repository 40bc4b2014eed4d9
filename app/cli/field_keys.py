"""``flask field-keys``: the keys of sensitive columns."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.database import db
from app.records.key_rotation import remaining
from app.records.key_rotation import rotate as rotate_keys


@click.group("field-keys")
def field_keys_group() -> None:
    """Work with the keys of sensitive columns."""


@field_keys_group.command("rotate")
@with_appcontext
def rotate() -> None:
    """Write all sensitive values anew with the first key; exit 1 when some cannot be read."""
    done, lost = rotate_keys(db.session, click.echo)
    if lost:
        click.echo(f"{lost} values cannot be read with any key of CARELINE_FIELD_KEYS.", err=True)
        raise SystemExit(1)
    click.echo(f"{done} values were written with the first key; the others may be removed now.")


@field_keys_group.command("check")
@with_appcontext
def check() -> None:
    """Say whether all values are written with the first key; exit 1 when some are not."""
    left = remaining(db.session)
    if left:
        click.echo(f"{left}{'+' if left == 1000 else ''} values are written with another key.")
        raise SystemExit(1)
    click.echo("All values are written with the first key.")
