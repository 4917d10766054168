"""Search: a place in its order for every entry, and the index.

The index is filled by `Database.open`, which does so whenever its terms are not the code's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MINUTE = {
    "sqlite": """
        max(0, strftime('%s', substr(min(coalesce(published, updated, seen_at), seen_at), 1, 19))
            / 60)
    """,
    "postgresql": """
        greatest(0, CAST(floor(extract(
            epoch FROM least(coalesce(published, updated, seen_at), seen_at)
        ) / 60) AS bigint))
    """,
}
PLACES = """
    UPDATE entries SET place = placed.minute * 1048576 + placed.number
    FROM (
        SELECT id, minute, row_number() OVER (PARTITION BY minute ORDER BY id) - 1 AS number
        FROM (SELECT id, {minute} AS minute FROM entries) AS timed
    ) AS placed
    WHERE placed.id = entries.id
"""
TABLES = {
    "sqlite": (
        # Everything but white space and the double quote belongs to a term.
        """
        CREATE VIRTUAL TABLE entry_terms USING fts5(
            terms, content='', columnsize=0, detail=none,
            tokenize="ascii tokenchars '!#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'"
        )
        """,
        "CREATE VIRTUAL TABLE entry_words USING fts5vocab(entry_terms, instance)",
    ),
    "postgresql": (
        """
        CREATE TABLE entry_terms (
            entry_id bigint PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
            place bigint NOT NULL,
            terms tsvector NOT NULL
        )
        """,
        "CREATE INDEX ix_entry_terms_place ON entry_terms (place, entry_id)",
    ),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column(
        "entries", sa.Column("place", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.execute(PLACES.format(minute=MINUTE[dialect]))
    op.create_index(op.f("ix_entries_place"), "entries", ["place"], unique=False)
    op.create_table(
        "search_index",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_search_index")),
    )
    for statement in TABLES[dialect]:
        op.execute(sa.text(statement.replace(":", "\\:")))
