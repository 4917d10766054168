"""Databases for tests: a SQLite file, or a PostgreSQL database of the worker's own."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

POSTGRES = "NEWSBOT_TEST_POSTGRES"
"""Names a PostgreSQL server whose user may create databases, e.g.
`postgresql+asyncpg://user@127.0.0.1/postgres`."""
REQUIRE = "NEWSBOT_TEST_REQUIRE"
"""Set to 1, tests fail rather than skip where a service or the corpus is missing."""


def skip_or_fail(what: str) -> None:
    """Skip a test for want of something; fail where it was to be there."""
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database; its server is named by the environment."""
    server = os.environ.get(POSTGRES)
    if not server:
        skip_or_fail(f"{POSTGRES} names no PostgreSQL server")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    async with created(str(server), f"newsbot_test_{os.getpid()}_{worker}") as url:
        yield url


@asynccontextmanager
async def created(server: str, name: str) -> AsyncIterator[str]:
    """The address of an empty database of this name on a PostgreSQL server, while it is there."""
    admin = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with admin.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            await connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        async with admin.connect() as connection:
            await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        await admin.dispose()
