"""Storage: SQLAlchemy Core over SQLite and PostgreSQL."""
