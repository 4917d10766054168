"""What a text kept for a button says: one of another kind is not taken for it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was kept before says nothing of its kind; those buttons ask to be asked again.
    op.add_column("asked", sa.Column("kind", sa.String(12), nullable=False, server_default=""))
