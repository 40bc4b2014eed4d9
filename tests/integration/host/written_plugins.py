"""Plugins that a test writes into a folder of its own."""

from __future__ import annotations

from pathlib import Path

MANIFEST = """name = "{name}"
version = "1.0"
api = ">=3.0,<4"
requires = [{requires}]

[title]
zh = "{name}"
en = "{name}"
"""

SCREEN = '''
class {name}View(BaseView):
    """A page that greets."""

    route_base = "/{name}"
    default_view = "index"
    class_permission_name = "{name}.Page"
    base_permissions = ["can_list"]
    {extra}

    @expose("/")
    @requires("list")
    def index(self):
        """Greet."""
        return "good day"


@hookimpl
def register_categories():
    """A heading."""
    return [Category(name="{name}", label="{name}")]


@hookimpl
def register_screens():
    """A page."""
    return [Screen(view={name}View, label="{name}", category="{name}", permission="can_list"){more}]


@hookimpl
def register_cards():
    """A card."""
    return [Card(name="{name}.card", title="{name}", load=len, template="", view="{name}.Page")]


@hookimpl
def register_role_grants():
    """What agents may do."""
    return [RoleGrant(role="agent", view="{name}.Page", names=("{grant}",))]
'''

HEAD = '''"""Hooks of {name}."""

from flask_appbuilder import BaseView, expose
from flask_appbuilder.api import BaseApi
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import Card, Category, RoleGrant, Screen, ShippedData, hookimpl
from app.sdk.models import Base
from app.sdk.screens import requires
'''

API = '''

class {name}Api(BaseApi):
    """An API."""

    resource_name = "{name}"
    class_permission_name = "{name}.Page"
'''

SECOND_SCREEN = '''

class {name}SecondView(BaseView):
    """A page that cannot be made."""

    route_base = "/{name}second"
    class_permission_name = "{name}.Page"

    def __init__(self):
        raise RuntimeError("on purpose")
'''

TABLE = '''

class {name}Thing(Base):
    """A table."""

    __tablename__ = "{name}_thing"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    {column}


@hookimpl
def register_models():
    """A table."""
    return [{name}Thing]
'''

SHIPPED = '''

def ship(session):
    """Fail."""
    raise RuntimeError("nothing to ship")


@hookimpl
def register_shipped_data():
    """Rows."""
    return [ShippedData(name="{name}.rows", load=ship)]
'''

MIGRATION = '''"""First table."""

import sqlalchemy as sa
from alembic import op

revision = "{name}_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    op.create_table("{name}_thing", sa.Column("code", sa.String(40), primary_key=True))
    {then}
'''


def write(
    folder: Path, name: str, *, requires: str = "", extra: str = "", more: str = "",
    grant: str = "can_list", code: str = "", migration: str | None = None,
) -> Path:
    """Write a plugin with a page, a heading, a card and a grant.

    Args:
        folder: where plugins lie.
        name: name of the plugin.
        requires: name of another one.
        extra: a line in the class of the page.
        more: further screens, after a comma.
        grant: permission that agents get on the page.
        code: further source of ``plugin.py``, with ``{name}``.
        migration: what its first migration does after it made the table; ``None`` for none.

    Returns:
        Its folder.
    """
    target = folder / name
    target.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (target / "__init__.py").touch()
    needed = f'"{requires}"' if requires else ""
    (target / "plugin.toml").write_text(MANIFEST.format(name=name, requires=needed))
    screen = SCREEN.format(name=name, extra=extra, more=more, grant=grant)
    (target / "plugin.py").write_text(HEAD.format(name=name) + code.format(name=name) + screen)
    if migration is not None:
        (target / "migrations").mkdir()
        (target / "migrations" / f"{name}_0001_first.py").write_text(
            MIGRATION.format(name=name, then=migration)
        )
    return target
