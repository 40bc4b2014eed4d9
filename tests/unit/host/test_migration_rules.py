"""Which migrations the processes of the version before outlive, and that each says so."""

from __future__ import annotations

import pytest

from app.host.migration_rules import breaking, reason
from config import ROOT

MIGRATIONS = sorted([*(ROOT / "migrations" / "versions").glob("*.py"),
                     *ROOT.glob("plugins/*/migrations/*.py")])


def migration(*lines: str) -> str:
    body = "\n    ".join(lines)
    return f"def upgrade():\n    {body}\n\ndef downgrade():\n    op.drop_table('t')\n"


@pytest.mark.parametrize("line", [
    "op.create_table('t', sa.Column('a', sa.Integer(), nullable=False))",
    "op.add_column('t', sa.Column('a', sa.Integer(), nullable=True))",
    "op.add_column('t', sa.Column('a', sa.Integer()))",
    "op.add_column('t', sa.Column('a', sa.Integer(), nullable=False, server_default='0'))",
    "op.create_index('i', 't', ['a'])",
    "batch_op.alter_column('a', existing_type=sa.Integer(), nullable=True)",
    "batch_op.alter_column('a', existing_nullable=False)",
    "batch_op.alter_column('a', server_default='0')",
])
def test_what_adds_is_outlived(line):
    assert breaking(migration(line)) == []


@pytest.mark.parametrize("line", [
    "op.drop_table('t')",
    "op.drop_column('t', 'a')",
    "op.rename_table('t', 'u')",
    "batch_op.drop_column('a')",
    "batch_op.alter_column('a', nullable=False)",
    "batch_op.alter_column('a', server_default=None)",
    "batch_op.alter_column('a', type_=sa.Text())",
    "batch_op.alter_column('a', new_column_name='b')",
    "op.add_column('t', sa.Column('a', sa.Integer(), nullable=False))",
])
def test_what_takes_away_or_asks_for_more_is_not(line):
    assert breaking(migration(line)) == [line]


def test_what_is_made_and_taken_away_at_once_nobody_knew():
    assert breaking(migration("op.create_table('passing')", "op.drop_table('passing')")) == []
    assert breaking(migration("op.create_table('passing')", "op.drop_table('t')")) == [
        "op.drop_table('t')"]


def test_what_a_function_of_the_upgrade_does_counts():
    source = "def upgrade():\n    move()\n\ndef move():\n    op.drop_column('t', 'a')\n"
    assert breaking(source) == ["op.drop_column('t', 'a')"]


def test_the_reason_is_a_sentence_of_the_migration():
    assert reason("STANDSTILL = 'Numbers move.'\n" + migration("pass")) == "Numbers move."
    assert reason(migration("STANDSTILL = 'within'")) == ""


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_that_needs_a_standstill_says_why_and_no_other_does(path):
    source = path.read_text(encoding="utf-8")
    assert bool(breaking(source)) == bool(reason(source)), breaking(source)
    assert not reason(source) or reason(source).endswith(".")
