"""Messages that stand in the thread of another."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite adds no constraint to a table that is there: the key alone names the first message.
    op.add_column("deliveries", sa.Column("thread", sa.Text(), nullable=True))
