"""Cycles and sheets

Revision ID: appraisals_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = 'appraisals_0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('appraisals_cycle',
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.database.Json(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_cycle_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_cycle_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_cycle_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_cycle_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_cycle_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_cycle')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_cycle_number'))
    )
    with op.batch_alter_table('appraisals_cycle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_cycle_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_appraisals_cycle_kind_starts', ['kind', 'starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_cycle_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_appraisals_cycle_status', ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_cycle_team_id'), ['team_id'], unique=False)

    op.create_table('appraisals_post_form',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('quota', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.database.Json(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_post_form_created_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_post_form_department_id')),
    sa.ForeignKeyConstraint(['form_id'], ['forms_form.id'], name=op.f('fk_appraisals_post_form_form_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_post_form_owner_id')),
    sa.ForeignKeyConstraint(['post_id'], ['people_post.id'], name=op.f('fk_appraisals_post_form_post_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_post_form_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_post_form_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_post_form')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_post_form_number'))
    )
    with op.batch_alter_table('appraisals_post_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appraisals_post_form_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_post_form_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_appraisals_post_form_post_kind', ['post_id', 'kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_post_form_team_id'), ['team_id'], unique=False)

    op.create_table('appraisals_sheet',
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('appraiser_id', sa.Integer(), nullable=False),
    sa.Column('form_version_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('quota', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('self_answers', app.database.Json(), nullable=False),
    sa.Column('answers', app.database.Json(), nullable=False),
    sa.Column('left_out', app.database.Json(), nullable=False),
    sa.Column('left_out_reason', sa.String(length=400), nullable=False),
    sa.Column('facts', app.database.Json(), nullable=False),
    sa.Column('score', sa.Numeric(precision=7, scale=2), nullable=True),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('frozen_hash', sa.String(length=64), nullable=False),
    sa.Column('signed_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('released_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('updated_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('deleted_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('extra', app.database.Json(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['appraiser_id'], ['ab_user.id'], name=op.f('fk_appraisals_sheet_appraiser_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_sheet_created_by_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisals_cycle.id'], name=op.f('fk_appraisals_sheet_cycle_id')),
    sa.ForeignKeyConstraint(['department_id'], ['people_department.id'], name=op.f('fk_appraisals_sheet_department_id')),
    sa.ForeignKeyConstraint(['form_version_id'], ['forms_version.id'], name=op.f('fk_appraisals_sheet_form_version_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_appraisals_sheet_owner_id')),
    sa.ForeignKeyConstraint(['post_id'], ['people_post.id'], name=op.f('fk_appraisals_sheet_post_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_sheet_replaces_id')),
    sa.ForeignKeyConstraint(['team_id'], ['people_team.id'], name=op.f('fk_appraisals_sheet_team_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_sheet_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_sheet')),
    sa.UniqueConstraint('number', name=op.f('uq_appraisals_sheet_number')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_appraisals_sheet_replaces_id'))
    )
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.create_index('ix_appraisals_sheet_appraiser', ['appraiser_id', 'status', 'id'], unique=False)
        batch_op.create_index('ix_appraisals_sheet_cycle_status', ['cycle_id', 'status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_sheet_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_sheet_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_appraisals_sheet_owner_starts', ['owner_id', 'starts_on'], unique=False)
        batch_op.create_index('ix_appraisals_sheet_status', ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appraisals_sheet_team_id'), ['team_id'], unique=False)

    op.create_table('appraisals_objection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('raised_at', app.database.UTCDateTime(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('was_changed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_objection_decided_by_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_objection_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_objection'))
    )
    with op.batch_alter_table('appraisals_objection', schema=None) as batch_op:
        batch_op.create_index('ix_appraisals_objection_sheet_state', ['sheet_id', 'state'], unique=False)

    op.create_table('appraisals_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['sheet_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_reader_sheet_id')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_appraisals_reader_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_reader')),
    sa.UniqueConstraint('sheet_id', 'user_id', name=op.f('uq_appraisals_reader_sheet_id_user_id'))
    )
    with op.batch_alter_table('appraisals_reader', schema=None) as batch_op:
        batch_op.create_index('ix_appraisals_reader_user_id', ['user_id', 'sheet_id'], unique=False)

    op.create_table('appraisals_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.SmallInteger(), nullable=False),
    sa.Column('part', sa.String(length=64), nullable=False),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('in_place_of_id', sa.Integer(), nullable=True),
    sa.Column('statement', sa.String(length=1000), nullable=False),
    sa.Column('signed_at', app.database.UTCDateTime(), nullable=True),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['in_place_of_id'], ['ab_user.id'], name=op.f('fk_appraisals_signature_in_place_of_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['appraisals_sheet.id'], name=op.f('fk_appraisals_signature_sheet_id')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['ab_user.id'], name=op.f('fk_appraisals_signature_signed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisals_signature')),
    sa.UniqueConstraint('sheet_id', 'place', name=op.f('uq_appraisals_signature_sheet_id_place'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('appraisals_signature')
    with op.batch_alter_table('appraisals_reader', schema=None) as batch_op:
        batch_op.drop_index('ix_appraisals_reader_user_id')

    op.drop_table('appraisals_reader')
    with op.batch_alter_table('appraisals_objection', schema=None) as batch_op:
        batch_op.drop_index('ix_appraisals_objection_sheet_state')

    op.drop_table('appraisals_objection')
    with op.batch_alter_table('appraisals_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_sheet_team_id'))
        batch_op.drop_index('ix_appraisals_sheet_status')
        batch_op.drop_index('ix_appraisals_sheet_owner_starts')
        batch_op.drop_index(batch_op.f('ix_appraisals_sheet_owner_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_sheet_department_id'))
        batch_op.drop_index('ix_appraisals_sheet_cycle_status')
        batch_op.drop_index('ix_appraisals_sheet_appraiser')

    op.drop_table('appraisals_sheet')
    with op.batch_alter_table('appraisals_post_form', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_post_form_team_id'))
        batch_op.drop_index('ix_appraisals_post_form_post_kind')
        batch_op.drop_index(batch_op.f('ix_appraisals_post_form_owner_id'))
        batch_op.drop_index(batch_op.f('ix_appraisals_post_form_department_id'))

    op.drop_table('appraisals_post_form')
    with op.batch_alter_table('appraisals_cycle', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appraisals_cycle_team_id'))
        batch_op.drop_index('ix_appraisals_cycle_status')
        batch_op.drop_index(batch_op.f('ix_appraisals_cycle_owner_id'))
        batch_op.drop_index('ix_appraisals_cycle_kind_starts')
        batch_op.drop_index(batch_op.f('ix_appraisals_cycle_department_id'))

    op.drop_table('appraisals_cycle')
