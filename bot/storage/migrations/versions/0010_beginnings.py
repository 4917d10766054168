"""Beginnings of words as regular expressions see them: search is indexed anew at the start."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM search_index")
