"""Alone: one newsbot at work on one SQLite file."""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import make_url

from bot.errors import OccupiedError

_SAID = 200
"""Bytes read of what the other process wrote about itself."""


@contextmanager
def alone(url: str, *, since: datetime) -> Iterator[None]:
    """Keep every other newsbot from working on an SQLite file while the block lasts.

    The lock is the operating system's, on a file beside the database: it ends with the process,
    however that ends, and forked children do not have it. PostgreSQL takes several newsbots.

    Args:
        url: The database's, as `Database.open` takes it.
        since: When this process began, for whoever finds it here.

    Raises:
        OccupiedError: Another process has it; says which.
    """
    database = make_url(url)
    file = database.database if database.get_backend_name() == "sqlite" else None
    try:
        descriptor = None if file is None else os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT)
    except OSError:
        descriptor = None  # a directory without room for the lock has none for the database
    if file is None or descriptor is None:
        yield
        return
    try:
        _take(descriptor, file, since)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, file: str, since: datetime) -> None:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        other = os.pread(descriptor, _SAID, 0).decode("utf-8", "replace")
        raise OccupiedError(
            f"another newsbot is at work on {file} ({other}): stop it first, or give this one a "
            "database of its own in DATABASE_URL"
        ) from None
    except OSError:
        return  # a file system without locks, as some networks' are
    os.ftruncate(descriptor, 0)
    who = f"process {os.getpid()} on {platform.node()}"
    os.pwrite(descriptor, f"{who}, since {since.astimezone():%Y-%m-%d %H:%M}".encode(), 0)
