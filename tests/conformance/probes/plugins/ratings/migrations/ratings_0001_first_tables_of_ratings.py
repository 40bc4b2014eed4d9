"""First tables of ratings

Revision ID: ratings_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'ratings_0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('ratings_rating',
    sa.Column('subject', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('answers', app.database.Json(), nullable=False),
    sa.Column('points', sa.Float(), nullable=True),
    sa.Column('answered_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.access.sensitive.columns.JsonWithSensitive(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_ratings_rating_created_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers_customer.id'], name=op.f('fk_ratings_rating_customer_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_ratings_rating_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_ratings_rating_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_ratings_rating_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_ratings_rating_updated_by_id')),
    sa.ForeignKeyConstraint(['version_id'], ['forms_version.id'], name=op.f('fk_ratings_rating_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ratings_rating')),
    sa.UniqueConstraint('number', name=op.f('uq_ratings_rating_number'))
    )
    with op.batch_alter_table('ratings_rating', schema=None) as batch_op:
        for column in ('customer_id', 'department_id', 'owner_id', 'team_id'):
            batch_op.create_index(batch_op.f(f'ix_ratings_rating_{column}'), [column], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table('ratings_rating')
