"""Positions in the search index of SQLite: made anew, and filled when the database is opened."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ON_SQLITE = (
    "DROP TABLE entry_words",
    "DROP TABLE entry_terms",
    # Everything but white space and the double quote belongs to a term.
    """
    CREATE VIRTUAL TABLE entry_terms USING fts5(
        terms, content='', columnsize=0,
        tokenize="ascii tokenchars '!#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'"
    )
    """,
    "CREATE VIRTUAL TABLE entry_words USING fts5vocab(entry_terms, instance)",
    "DELETE FROM search_index",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in ON_SQLITE:
            op.execute(statement.replace(":", "\\:"))
    else:  # keeps no positions: the terms it has are the new ones
        op.execute("UPDATE search_index SET version = 2")
