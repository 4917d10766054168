"""After a backup is put back, nothing alerts again that was sent before it was made."""

from datetime import timedelta
from pathlib import Path

from bot.storage.backup import backup, restore
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.house import US_CHINA, house
from tests.fakes.publisher import Publisher

HOUR = timedelta(hours=1)


async def test_what_was_sent_before_the_backup_is_not_sent_again_after_it_is_put_back(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with Publisher(clock, hosts=1) as publisher:
        wire = publisher.feed("/wire.xml")
        store = await Database.open(database_url)
        async with house(store, clock, wire.url) as desk:
            await desk.round()
            wire.publish("Beijing hosts a summit")
            await desk.round(HOUR)
            assert desk.headlines(US_CHINA) == ["Beijing hosts a summit"]
            await backup(database_url, tmp_path / "kept")
            wire.publish("Beijing ends a summit")
            await desk.round(HOUR)
        await store.close()
        clock.advance(HOUR)

        await restore(database_url, tmp_path / "kept", now=clock.now(), replace=True)

        store = await Database.open(database_url)
        async with house(store, clock, wire.url) as desk:
            await desk.round(HOUR)
            # What came after the backup is not known to have been sent.
            assert desk.headlines(US_CHINA) == ["Beijing ends a summit"]
            await desk.round(HOUR)
            assert desk.headlines(US_CHINA) == ["Beijing ends a summit"]
        await store.close()
