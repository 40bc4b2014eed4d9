"""The article that answered is a link; the due time of a department is a clock

Revision ID: enquiries_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "enquiries_0003"
down_revision = "enquiries_0002"
branch_labels = None
depends_on = None
STANDSTILL = "Articles of answers become links, and warnings become deadlines."

_ENQUIRY, _ARTICLE, _KIND = "enquiries.enquiry", "knowledge.article", "knowledge.answered"
_TABLE = sa.table(
    "enquiries_enquiry", sa.column("id", sa.Integer()), sa.column("article", sa.String()),
    sa.column("remarks", sa.Text()))


def upgrade() -> None:
    """Apply; a number of an article becomes a link, any other text goes to the remarks."""
    connection = op.get_bind()
    if sa.inspect(connection).has_table("knowledge_article"):
        _link(connection)
    connection.execute(
        _TABLE.update().where(_TABLE.c.article != "").values(
            remarks=sa.case((_TABLE.c.remarks == "", _TABLE.c.article),
                            else_=_TABLE.c.remarks + "\n" + _TABLE.c.article)))
    with op.batch_alter_table("enquiries_enquiry", schema=None) as batch_op:
        batch_op.drop_column("article")
        batch_op.drop_column("warned_at")


def _link(connection: sa.Connection) -> None:
    connection.execute(sa.text(
        "INSERT INTO records_link (a_type, a_id, b_type, b_id, kind, at) "
        "SELECT :enquiry, e.id, :article, k.id, :kind, e.updated_at FROM enquiries_enquiry e "
        "JOIN knowledge_article k ON k.number = e.article WHERE NOT EXISTS ("
        "SELECT 1 FROM records_link l WHERE l.a_type = :enquiry AND l.a_id = e.id "
        "AND l.b_type = :article AND l.b_id = k.id AND l.kind = :kind)"
    ).bindparams(enquiry=_ENQUIRY, article=_ARTICLE, kind=_KIND))
    connection.execute(sa.text(
        "UPDATE enquiries_enquiry SET article = '' "
        "WHERE article IN (SELECT number FROM knowledge_article)"))


def downgrade() -> None:
    """Take back; links stay links."""
    with op.batch_alter_table("enquiries_enquiry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("article", sa.String(120), nullable=False,
                                      server_default=""))
        batch_op.add_column(sa.Column("warned_at", app.database.UTCDateTime(), nullable=True))
