"""The database: transactions, concurrency and errors."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.channel import Platform
from bot.errors import NeverRunError, SchemaError, StorageError
from bot.ports.store import Transaction
from bot.storage.database import Database
from tests.fakes.clock import START


async def test_a_block_that_raises_leaves_nothing(store: Database) -> None:
    with pytest.raises(KeyError):  # noqa: PT012 - the block is what is tested
        async with store.begin() as transaction:
            await transaction.feeds.add(["https://a.example/"], due_at=START)
            raise KeyError
    async with store.read() as transaction:
        assert await transaction.feeds.all() == []


async def test_wherever_a_block_is_cancelled_it_is_written_whole_or_not_at_all(
    store: Database,
) -> None:
    async def add(number: int) -> None:
        async with store.begin() as transaction:
            for half in "ab":
                await transaction.feeds.add([f"https://{half}{number}.example/"], due_at=START)

    for number in range(60):
        adding = asyncio.create_task(add(number))
        for _ in range(40 * number):
            await asyncio.sleep(0)  # another place each time, the ends included
        adding.cancel()
        await asyncio.gather(adding, return_exceptions=True)
    await add(60)
    async with store.read() as transaction:
        urls = {state.url for state in await transaction.feeds.all()}
    assert {url.replace("//a", "//b") for url in urls} == {url for url in urls if "//b" in url}
    assert len(urls) % 2 == 0
    assert "https://b60.example/" in urls


async def test_what_is_committed_is_synced_at_once(store: Database) -> None:
    """On SQLite; PostgreSQL's `synchronous_commit` is its owner's."""
    if store._engine.dialect.name == "sqlite":
        async with store._engine.connect() as connection:
            level = (await connection.execute(text("PRAGMA synchronous"))).scalar_one()
        assert level == 2  # FULL


async def test_writers_take_turns_and_readers_do_not_wait_for_them(store: Database) -> None:
    async with store.begin() as writing:
        await writing.feeds.add(["https://a.example/"], due_at=START)
        async with store.read() as reading:
            assert await reading.feeds.all() == []

    async def add(number: int) -> None:
        async with store.begin() as transaction:
            await transaction.feeds.add([f"https://{number}.example/"], due_at=START)

    await asyncio.gather(*(add(number) for number in range(20)))
    async with store.read() as transaction:
        assert len(await transaction.feeds.all()) == 21


async def test_a_reader_sees_one_moment(store: Database) -> None:
    async with store.read() as reading:
        assert await reading.feeds.all() == []
        async with store.begin() as writing:
            await writing.feeds.add(["https://a.example/"], due_at=START)
        assert await reading.feeds.all() == []
    async with store.read() as reading:
        assert len(await reading.feeds.all()) == 1


async def test_opening_again_keeps_what_is_there(database_url: str) -> None:
    for count in (1, 1):
        database = await Database.open(database_url)
        async with database.begin() as transaction:
            await transaction.feeds.add(["https://a.example/"], due_at=START)
            assert len(await transaction.feeds.all()) == count
        await database.close()


async def test_two_processes_may_start_together(database_url: str) -> None:
    databases = await asyncio.gather(*(Database.open(database_url) for _ in range(3)))
    for database in databases:
        await database.close()


async def beat(transaction: Transaction, process: str, *, at: int, **down: int | None) -> None:
    """A sign of life, `at` and `down` in seconds."""
    await transaction.heartbeats.beat(
        process,
        started_at=START,
        now=START + timedelta(seconds=at),
        lines={
            Platform(platform): None if since is None else START + timedelta(seconds=since)
            for platform, since in down.items()
        },
    )


async def test_heartbeats_show_the_newest_sign_of_life(store: Database) -> None:
    async with store.begin() as transaction:
        heartbeats = transaction.heartbeats
        assert await heartbeats.latest() is None
        await beat(transaction, "one", at=0)
        await beat(transaction, "two", at=5)
        await beat(transaction, "one", at=9)
        assert await heartbeats.latest() == START + timedelta(seconds=9)
        await heartbeats.stop("one")
        assert await heartbeats.latest() == START + timedelta(seconds=5)


async def test_a_platform_is_lost_where_every_living_process_has_lost_it(store: Database) -> None:
    async with store.begin() as transaction:
        down = transaction.heartbeats.down
        await beat(transaction, "one", at=9, slack=4, discord=None)
        await beat(transaction, "two", at=9, slack=7, discord=2)
        assert await down(alive_since=START) == {Platform.SLACK: START + timedelta(seconds=7)}
        await beat(transaction, "two", at=30, slack=None, discord=2)
        assert await down(alive_since=START) == {}
        # What a process that was killed left behind is neither up nor down.
        alive_since = START + timedelta(seconds=20)
        assert await down(alive_since=alive_since) == {
            Platform.DISCORD: START + timedelta(seconds=2)
        }


async def test_how_a_process_stood_is_forgotten_with_it(store: Database) -> None:
    async with store.begin() as transaction:
        await beat(transaction, "ended", at=1, slack=1)
        await beat(transaction, "killed", at=1, slack=1)
        await transaction.heartbeats.stop("ended")
        await transaction.heartbeats.sweep(before=START + timedelta(seconds=2))
        await beat(transaction, "ended", at=3)
        await beat(transaction, "killed", at=3)
        assert await transaction.heartbeats.down(alive_since=START) == {}


async def test_a_naive_time_is_refused(store: Database) -> None:
    with pytest.raises(StorageError, match="naive"):
        async with store.begin() as transaction:
            await transaction.feeds.due(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of it


async def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"missing/newsbot\.db"):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path}/missing/newsbot.db")


async def test_a_password_is_not_told() -> None:
    with pytest.raises(StorageError) as raised:
        await Database.open("postgresql+asyncpg://me:c4nary@127.0.0.1:1/nowhere")
    assert "c4nary" not in str(raised.value)
    assert "127.0.0.1:1/nowhere" in str(raised.value)


def list_of_files(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_database_that_is_not_to_be_migrated_is_not_made(
    database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(NeverRunError, match=r"newsbot has not run on .* yet: start it"):
        await Database.open(database_url, migrate=False)
    assert list_of_files(tmp_path) == []


async def test_a_database_laid_before_needs_no_migration(database_url: str) -> None:
    await (await Database.open(database_url)).close()
    database = await Database.open(database_url, migrate=False)
    async with database.read() as transaction:
        assert await transaction.feeds.all() == []
    await database.close()


@pytest.mark.parametrize(
    ("revision", "remedy"), [("0000", "run `newsbot migrate`"), ("9999", "update newsbot")]
)
async def test_a_schema_of_another_version_is_not_read(
    database_url: str, revision: str, remedy: str
) -> None:
    database = await Database.open(database_url)
    async with database._engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )
    await database.close()
    with pytest.raises(SchemaError, match=f"its schema is {revision}, .* {remedy}"):
        await Database.open(database_url, migrate=False)


async def test_the_address_is_told_as_people_write_it(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/newsbot.db")
    assert database.address == f"sqlite:///{tmp_path}/newsbot.db"
    await database.close()
