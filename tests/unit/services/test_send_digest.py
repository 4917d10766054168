"""Digests where something is in their way: a platform that is down, a row that cannot be read."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from bot.domain.burst import Burst
from bot.domain.channel import Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.message import Alert, Reason
from bot.ports.deliveries import Outgoing
from bot.services.route import Router
from bot.services.send_digest import SendDigests
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock

DESK, NIGHT = Channel(Platform.SLACK, "C1"), Channel(Platform.SLACK, "C2")
ROUTER = Router((), platforms=frozenset(Platform))
BURST = Burst(3, timedelta(minutes=5))


def alert(number: int) -> Alert:
    return Alert(
        headline=f"Story {number}",
        url=None,
        summary="",
        outlet="Wire",
        published=START,
        reasons=(Reason(topic="china", title="China", words=()),),
    )


async def add(store: Database, channel: Channel, *alerts: Alert, held: bool = False) -> None:
    outgoing = [
        Outgoing(
            channel=channel,
            key=f"story:{one.headline}",
            message=one,
            held_until=START + timedelta(minutes=1) if held else None,
        )
        for one in alerts
    ]
    async with store.begin() as transaction:
        await transaction.deliveries.add(outgoing, now=START)


async def states(store: Database) -> dict[DeliveryState, int]:
    async with store.read() as transaction:
        return dict(await transaction.deliveries.count())


async def test_what_waits_for_a_platform_that_is_down_is_not_written_anew_every_second(
    store: Database, clock: FakeClock
) -> None:
    await add(store, DESK, *map(alert, range(4)))
    clock.advance(timedelta(hours=1))
    digests = SendDigests(store=store, clock=clock, burst=BURST)
    await digests(ROUTER)
    kept = {DeliveryState.PENDING: 3, DeliveryState.GATHERING: 1}
    for _ in range(3):
        clock.advance(timedelta(seconds=1))
        await digests(ROUTER)
        assert await states(store) == kept
    clock.advance(BURST.stretch)
    await add(store, DESK, alert(4))
    await digests(ROUTER)
    assert await states(store) == {DeliveryState.PENDING: 3, DeliveryState.GATHERING: 2}


async def test_a_row_that_cannot_be_read_keeps_no_channel_due(
    store: Database, clock: FakeClock
) -> None:
    await add(store, DESK, alert(1), held=True)
    async with store._engine.begin() as connection:
        await connection.execute(text("UPDATE deliveries SET message = '{}'"))
    clock.advance(timedelta(hours=1))
    await SendDigests(store=store, clock=clock, burst=None)(ROUTER)
    assert await states(store) == {DeliveryState.DEAD: 1}
    async with store.read() as transaction:
        assert not await transaction.gathering.due(clock.now(), held_up=START)


async def test_a_digest_that_cannot_be_composed_stops_no_other(
    store: Database, clock: FakeClock
) -> None:
    await add(store, DESK, replace(alert(1), reasons=()), alert(2), held=True)
    await add(store, NIGHT, alert(3), alert(4), held=True)
    clock.advance(timedelta(hours=1))
    await SendDigests(store=store, clock=clock, burst=None)(ROUTER)
    assert await states(store) == {
        DeliveryState.GATHERING: 2,
        DeliveryState.GATHERED: 2,
        DeliveryState.PENDING: 1,
    }
