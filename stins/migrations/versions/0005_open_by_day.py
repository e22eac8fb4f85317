"""open follow-ups are found by their day without those of ten years that have ended."""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_follow_up_state_due_on', 'follow_up', ['state', 'due_on'], unique=False)
    op.drop_index('ix_follow_up_due_on', table_name='follow_up')
    op.drop_index('ix_follow_up_state', table_name='follow_up')


def downgrade() -> None:
    op.create_index('ix_follow_up_state', 'follow_up', ['state'], unique=False)
    op.create_index('ix_follow_up_due_on', 'follow_up', ['due_on'], unique=False)
    op.drop_index('ix_follow_up_state_due_on', table_name='follow_up')
