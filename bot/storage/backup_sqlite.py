"""Backup of SQLite: a copy of the file as it stood at one moment, itself an SQLite file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, DatabaseError, connect
from typing import Final

from bot.errors import BackupError
from bot.storage.schema import metadata

MAGIC: Final = b"SQLite format 3\0"
_BUSY_SECONDS: Final = 30.0
_BESIDES: Final = frozenset({"connections", "heartbeats", "search_index"})
"""Tables that hold rows where nothing was ever stored."""


def save(database: Path, copy: Path) -> str:
    """Write a copy; gives the version of its schema.

    Args:
        database: In use, maybe: reading it is in nobody's way.
        copy: An empty file.

    Raises:
        BackupError: There is no database of newsbot's, or the copy is not whole.
    """
    if not database.exists():
        raise BackupError(f"there is no database {database}: name yours in DATABASE_URL")
    with _open(database) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    return check(copy)


def check(file: Path) -> str:
    """Make sure that a file is whole; gives the version of its schema.

    Raises:
        BackupError: It is not, or holds no database of newsbot's.
    """
    with _open(file) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise BackupError(f"{file} is damaged: {found}")
        return _version(connection, file)


def is_empty(database: Path) -> bool:
    """Whether nothing of newsbot's is stored there."""
    if not database.exists():
        return True
    with _open(database) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        looked = sorted((there & metadata.tables.keys()) - _BESIDES)
        counts = (connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1') for name in looked)  # noqa: S608 - names of our own tables
        return not any(count.fetchone() for count in counts)


def put_back(copy: Path, database: Path) -> None:
    """Make the database what the copy is, at one stroke; the copy was checked."""
    with _open(copy) as source, _open(database) as target:
        # Through SQLite, page by page in one transaction: a file renamed over a database would
        # be joined by the write-ahead log that the old one left.
        source.backup(target)


def _version(connection: Connection, file: Path) -> str:
    (there,) = connection.execute(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"
    ).fetchone()
    found = there and connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if not found:
        raise BackupError(f"{file} holds no database of newsbot's")
    return str(found[0])


@contextmanager
def _open(file: Path) -> Iterator[Connection]:
    try:
        with closing(connect(file, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            yield connection
    except DatabaseError as error:
        raise BackupError(f"{file}: {error}") from error
