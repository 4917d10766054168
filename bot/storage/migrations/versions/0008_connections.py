"""How each running process stands with the platforms, beside its sign of life."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "connections",
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("down_since", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["process"],
            ["heartbeats.process"],
            name=op.f("fk_connections_process"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("process", "platform", name=op.f("pk_connections")),
    )
