"""Stuck: telling a database that takes nothing for now from a statement it will never take."""

import sqlite3

from sqlalchemy.exc import DBAPIError

_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_PRIMARY = 0xFF
"""SQLite's extended codes carry the plain one in their lowest byte."""
_POSTGRESQL = ("08", "25006", "53", "57P", "58")
"""Classes of SQLSTATE: connection lost, read only, no resources (disk full), shut down, system."""


def is_stuck(error: Exception) -> bool:
    """Whether the same may pass later, unchanged."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError)
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & _PRIMARY in _SQLITE
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(_POSTGRESQL)
