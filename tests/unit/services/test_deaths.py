"""A loop that died is told of once an hour."""

from datetime import timedelta

from bot.domain.channel import CONSOLE
from bot.domain.delivery import DeliveryState
from bot.services.deaths import Deaths
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


async def test_a_loop_that_dies_again_and_again_is_told_once_an_hour(
    store: Database, clock: FakeClock
) -> None:
    deaths = Deaths(store=store, clock=clock, ops=CONSOLE)
    for loop in ("watch", "watch", "attend slack"):
        await deaths.tell(loop, RuntimeError("x"))
    clock.advance(timedelta(hours=1))
    await deaths.tell("watch", RuntimeError("x"))
    async with store.read() as transaction:
        assert await transaction.deliveries.count() == {DeliveryState.PENDING: 3}
