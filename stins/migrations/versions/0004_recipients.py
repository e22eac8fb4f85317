"""codes by mail: where they go, when everybody is reminded, and whose turn it is to send."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recipient',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('inspection_id', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.CheckConstraint("state in ('waiting', 'sending', 'sent', 'failed')", name=op.f('ck_recipient_state')),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_recipient_inspection_id_inspection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recipient'))
    )
    op.create_index('ix_recipient_inspection_id', 'recipient', ['inspection_id'], unique=False)
    op.create_table('reminder_day',
    sa.Column('inspection_id', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.CheckConstraint("state in ('set', 'sending', 'sent', 'broken')", name=op.f('ck_reminder_day_state')),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_reminder_day_inspection_id_inspection')),
    sa.PrimaryKeyConstraint('inspection_id', 'day', name=op.f('pk_reminder_day'))
    )
    op.create_table('mail_turn',
    sa.Column('inspection_id', sa.String(length=32), nullable=False),
    sa.Column('holder', sa.String(length=32), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_mail_turn_inspection_id_inspection')),
    sa.PrimaryKeyConstraint('inspection_id', name=op.f('pk_mail_turn'))
    )
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE copies values into pg_statistic, where they would outlive the rows: VACUUM leaves them there.
        op.execute("ALTER TABLE recipient ALTER COLUMN address SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table('mail_turn')
    op.drop_table('reminder_day')
    op.drop_index('ix_recipient_inspection_id', table_name='recipient')
    op.drop_table('recipient')
