"""sources on a schedule, coverage ledger, alarms, rechecks, public reports"""

import sqlalchemy as sa
from alembic import op

from monitor.storage.columns import UtcDateTime


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('sources', schema=None) as batch_op:
        for column in (
            sa.Column('schedule', sa.String(length=128), nullable=False, server_default=''),
            sa.Column('region', sa.String(length=16), nullable=False, server_default=''),
            sa.Column('contest', sa.String(length=64), nullable=False, server_default=''),
            sa.Column('priority', sa.Integer(), nullable=False, server_default='0'),
            sa.Column('agreement', sa.Text(), nullable=False, server_default=''),
            sa.Column('daily_quota', sa.Integer(), nullable=False, server_default='0'),
            sa.Column('monthly_quota', sa.Integer(), nullable=False, server_default='0'),
            sa.Column('expect_hours', sa.Integer(), nullable=False, server_default='0'),
            sa.Column('state', sa.String(length=16), nullable=False, server_default='ok'),
            sa.Column('state_detail', sa.Text(), nullable=False, server_default=''),
            sa.Column('state_since', UtcDateTime(), nullable=True),
            sa.Column('failures', sa.Integer(), nullable=False, server_default='0'),
            sa.Column('wait_until', UtcDateTime(), nullable=True),
            sa.Column('last_new_at', UtcDateTime(), nullable=True),
        ):
            batch_op.add_column(column)
    _coverage()
    _source_alarms()
    _rechecks()
    _public_reports()


def _coverage() -> None:
    op.create_table('coverage',
    sa.Column('source_id', ID, nullable=False, autoincrement=False),
    sa.Column('hour', UtcDateTime(), nullable=False),
    sa.Column('source_name', sa.String(length=64), nullable=False),
    sa.Column('runs', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('got', sa.BigInteger(), nullable=False),
    sa.Column('new', sa.BigInteger(), nullable=False),
    sa.Column('passed_gate', sa.BigInteger(), nullable=False),
    sa.Column('refused', sa.BigInteger(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('cost', sa.BigInteger(), nullable=False),
    sa.Column('gap_seconds', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('source_id', 'hour', name=op.f('pk_coverage'))
    )
    op.create_index('ix_coverage_hour', 'coverage', ['hour'])


def _source_alarms() -> None:
    op.create_table('source_alarms',
    sa.Column('id', ID, nullable=False),
    sa.Column('source_id', ID, nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('raised_at', UtcDateTime(), nullable=False),
    sa.Column('cleared_at', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_alarms')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_source_alarms_source_id'), 'source_alarms', ['source_id'])


def _rechecks() -> None:
    op.create_table('rechecks',
    sa.Column('post_id', ID, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('due_at', UtcDateTime(), nullable=False),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('last_seen_at', UtcDateTime(), nullable=True),
    sa.Column('first_missing_at', UtcDateTime(), nullable=True),
    sa.Column('restored_at', UtcDateTime(), nullable=True),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('claim_token', sa.String(length=36), nullable=True),
    sa.Column('claim_until', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_rechecks_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_rechecks'))
    )
    op.create_index(op.f('ix_rechecks_due_at'), 'rechecks', ['due_at'])


def _public_reports() -> None:
    op.create_table('public_reports',
    sa.Column('id', ID, nullable=False),
    sa.Column('ticket', sa.String(length=24), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('link', sa.String(length=2048), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('seen', sa.Text(), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=True),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('sender', sa.String(length=64), nullable=False),
    sa.Column('about', sa.String(length=64), nullable=False),
    sa.Column('post_id', ID, nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('updated_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_public_reports_post_id_posts'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_reports')),
    sa.UniqueConstraint('ticket', name=op.f('uq_public_reports_ticket')),
    sqlite_autoincrement=True
    )
    for column in ('sender', 'about', 'created_at'):
        op.create_index(op.f(f'ix_public_reports_{column}'), 'public_reports', [column])


def downgrade() -> None:
    for table in ('public_reports', 'rechecks', 'source_alarms', 'coverage'):
        op.drop_table(table)
    with op.batch_alter_table('sources', schema=None) as batch_op:
        for name in (
            'schedule', 'region', 'contest', 'priority', 'agreement', 'daily_quota', 'monthly_quota',
            'expect_hours', 'state', 'state_detail', 'state_since', 'failures', 'wait_until', 'last_new_at',
        ):
            batch_op.drop_column(name)
