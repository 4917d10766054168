"""Upgrade: the versions of the schema, and the way from one to the next."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6E657773626F74  # "newsbot"


def newest() -> str:
    """The version this code is written for, e.g. `0003`."""
    # Alembic itself costs a quarter of a second, too much for a health check.
    return max(script.stem.partition("_")[0] for script in _MIGRATIONS.glob("versions/*.py"))


def version(connection: Connection) -> str | None:
    """The version that is laid there; None where newsbot's tables are not."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Lay the schema, or bring it from an earlier version to this one."""
    from alembic import command  # noqa: PLC0415 - slow, and only those who migrate need it
    from alembic.config import Config  # noqa: PLC0415 - see above

    if connection.dialect.name == "postgresql":
        # Two processes that start together: the second waits and finds the work done.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
