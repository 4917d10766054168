"""Fixtures that several kinds of tests share."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.databases import postgres

if _examples := os.environ.get("NEWSBOT_TEST_EXAMPLES"):
    settings.register_profile("thorough", max_examples=int(_examples), deadline=None)
    settings.load_profile("thorough")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}"
    else:
        async with postgres() as url:
            yield url


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema and nothing in it, for tests to copy."""
    file = tmp_path_factory.mktemp("laid-out") / "newsbot.db"

    async def lay() -> None:
        await (await Database.open(f"sqlite+aiosqlite:///{file}")).close()

    asyncio.run(lay())
    return file


@pytest.fixture
async def store(database_url: str, laid_out: Path) -> AsyncIterator[Database]:
    """A store with its schema, over each database in turn."""
    if database_url.startswith("sqlite"):
        shutil.copy(laid_out, database_url.partition("///")[2])
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def log_as_it_is_unless_set() -> Iterator[None]:
    """What a test, or a command it runs, makes of the log is gone after it."""
    yield
    structlog.reset_defaults()
