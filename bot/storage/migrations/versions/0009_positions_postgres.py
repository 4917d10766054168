"""Positions in the search index of PostgreSQL, which is filled when the database is opened."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DELETE FROM search_index")
    else:  # has them already: the terms it has are the new ones
        op.execute("UPDATE search_index SET version = 3 WHERE version = 2")
