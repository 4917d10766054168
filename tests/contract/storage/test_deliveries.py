"""Deliveries: once each, in order, by one process at a time, over any interruption."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.message import Alert, Gravity, Message, MessageRef, Notice, Reason
from bot.domain.news import Standing
from bot.ports.deliveries import Claim, Outgoing, Progress, Settlement
from bot.ports.gathering import Kept
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import WIRE, entry, identified

SLACK = Channel(Platform.SLACK, "C1")
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
ALERT = Alert(
    headline="Häuser & <b>Tore</b>",
    url="https://wire.example/1",
    summary="One. Two.",
    outlet="Wire",
    published=START,
    reasons=(Reason(topic="a", title="A", words=("“x” in the title",)),),
    tags=("b", "c"),
    image=None,
)
NOTICE = Notice(title="Feed back", text="It answers.", gravity=Gravity.INFO)


async def add(store: Database, key: str, channel: Channel = SLACK, message: Message = ALERT) -> int:
    async with store.begin() as transaction:
        outgoing = Outgoing(channel=channel, key=key, message=message)
        return await transaction.deliveries.add([outgoing], now=START)


async def claim(store: Database, channel: Channel = SLACK, now: datetime = START) -> Claim | None:
    async with store.begin() as transaction:
        return await transaction.deliveries.claim(channel, now=now, lease=LEASE)


async def claimed(store: Database, now: datetime = START) -> Claim:
    taken = await claim(store, now=now)
    assert taken is not None
    return taken


async def settle(
    store: Database,
    taken: Claim,
    state: DeliveryState,
    *,
    due_at: datetime | None = None,
    ref: MessageRef | None = None,
) -> bool:
    async with store.begin() as transaction:
        settlement = Settlement(state=state, due_at=due_at, ref=ref)
        return await transaction.deliveries.settle(taken, settlement, now=START)


async def due(store: Database, now: datetime = START) -> list[Channel]:
    async with store.read() as transaction:
        return list(await transaction.deliveries.channels_due(now))


async def counts(store: Database) -> dict[DeliveryState, int]:
    async with store.read() as transaction:
        return dict(await transaction.deliveries.count())


async def test_a_key_is_delivered_once_in_a_channel(store: Database) -> None:
    assert await add(store, "story:1") == 1
    assert await add(store, "story:1") == 0
    assert await add(store, "story:1", CONSOLE) == 1
    assert await counts(store) == {DeliveryState.PENDING: 2}


async def test_what_was_sent_is_never_written_again(store: Database) -> None:
    await add(store, "story:1")
    await settle(store, await claimed(store), DeliveryState.SENT, ref=MessageRef("1", "C1"))
    assert await add(store, "story:1", message=replace(ALERT, headline="Another")) == 0
    async with store.begin() as transaction:
        held = Outgoing(channel=SLACK, key="story:1", message=ALERT, held_until=START)
        assert await transaction.deliveries.add([held], now=START) == 0
    assert await counts(store) == {DeliveryState.SENT: 1}


async def test_messages_come_back_as_they_were_frozen(store: Database) -> None:
    await add(store, "story:1")
    await add(store, "notice", CONSOLE, NOTICE)
    first, second = await claim(store), await claim(store, CONSOLE)
    assert first is not None
    assert second is not None
    assert first.delivery.message == ALERT
    assert second.delivery.message == NOTICE
    assert first.delivery.nonce != second.delivery.nonce
    assert len(first.delivery.nonce) <= 25


async def test_a_claim_is_written_down_before_it_is_given(store: Database) -> None:
    await add(store, "story:1")
    taken = await claimed(store)
    assert (taken.delivery.state, taken.delivery.attempts) == (DeliveryState.PENDING, 0)
    assert await counts(store) == {DeliveryState.SENDING: 1}
    assert await claim(store) is None
    assert await due(store) == []


async def test_of_two_processes_that_see_the_same_delivery_one_takes_it(store: Database) -> None:
    await add(store, "story:1")
    async with store.begin() as transaction:
        first = await transaction.deliveries.claim(SLACK, now=START, lease=LEASE)
        second = asyncio.create_task(claim(store))
        await _until_it_waits(store, second)
    assert first is not None
    assert await second is None


async def test_of_two_processes_that_gather_the_same_alerts_one_has_them(store: Database) -> None:
    held = [
        Outgoing(channel=SLACK, key=f"story:{n}", message=ALERT, held_until=START) for n in (1, 2)
    ]
    async with store.begin() as transaction:
        await transaction.deliveries.add(held, now=START)
    async with store.begin() as transaction:
        first = await transaction.gathering.take(SLACK, START)
        second = asyncio.create_task(_taken(store))
        await _until_it_waits(store, second)
        await transaction.gathering.mark_gathered([one.delivery_id for one in first])
    assert len(first) == 2
    assert await second == []


async def _taken(store: Database) -> Sequence[Kept]:
    async with store.begin() as transaction:
        return await transaction.gathering.take(SLACK, START)


async def _until_it_waits(store: Database, task: asyncio.Task[Any]) -> None:
    """Wait until a transaction of PostgreSQL's waits for another; on SQLite it cannot begin."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    if store._engine.dialect.name == "postgresql":
        async with store._engine.connect() as connection:
            while not (task.done() or (await connection.execute(waiting)).scalar_one()):
                await connection.rollback()


async def test_a_channel_is_served_in_order(store: Database) -> None:
    for key in ("story:1", "story:2"):
        await add(store, key)
    taken = await claimed(store)
    await settle(store, taken, DeliveryState.PENDING, due_at=START + SECOND)
    assert await claim(store) is None  # the second waits behind the first
    assert await due(store) == []
    later = START + SECOND
    assert await due(store, later) == [SLACK]
    again = await claimed(store, later)
    assert (again.delivery.key, again.delivery.attempts) == ("story:1", 1)
    await settle(store, again, DeliveryState.SENT, ref=MessageRef("17.1", "C1"))
    assert (await claimed(store, later)).delivery.key == "story:2"


async def test_channels_are_due_in_the_order_of_what_they_wait_for(store: Database) -> None:
    await add(store, "story:1", CONSOLE)
    await add(store, "story:1")
    assert await due(store) == [CONSOLE, SLACK]


async def test_what_an_ended_process_left_sending_is_unknown(store: Database) -> None:
    await add(store, "story:1")
    first = await claimed(store)
    later = START + LEASE
    assert await due(store, later) == [SLACK]
    second = await claimed(store, later)
    assert second.delivery.state is DeliveryState.UNKNOWN
    assert second.delivery.first_sent_at == START
    assert await counts(store) == {DeliveryState.CHECKING: 1}
    assert not await settle(store, first, DeliveryState.SENT)  # its lease has passed on
    assert await settle(store, second, DeliveryState.SENT, ref=MessageRef("1", "C1"))
    assert not await settle(store, second, DeliveryState.PENDING)  # it is settled
    assert await counts(store) == {DeliveryState.SENT: 1}


async def test_one_that_was_being_checked_when_its_process_ended_is_unknown_still(
    store: Database,
) -> None:
    await add(store, "story:1")
    await claimed(store)
    await claimed(store, START + LEASE)
    assert await due(store, START + 2 * LEASE - SECOND) == []
    assert await due(store, START + 2 * LEASE) == [SLACK]
    third = await claimed(store, START + 2 * LEASE)
    assert (third.delivery.state, third.delivery.attempts) == (DeliveryState.UNKNOWN, 1)


async def test_one_that_may_stand_in_its_channel_is_kept_for_no_digest(store: Database) -> None:
    for number in (1, 2):
        await add(store, f"story:{number}")
    await settle(store, await claimed(store), DeliveryState.UNKNOWN, due_at=START)
    await settle(store, await claimed(store), DeliveryState.PENDING, due_at=START)  # absent
    async with store.begin() as transaction:
        [crowd] = await transaction.gathering.crowds(since=START, more_than=0, held_up=START)
        await transaction.gathering.keep([1, 2], until=START)
    assert (crowd.sent, crowd.waiting) == (1, (2,))
    assert await counts(store) == {DeliveryState.PENDING: 1, DeliveryState.GATHERING: 1}
    assert (await claimed(store)).delivery.key == "story:1"


async def test_what_is_to_be_looked_for_comes_with_the_channel_s_last_message(
    store: Database,
) -> None:
    for number in range(3):
        await add(store, f"story:{number}")
        await add(store, f"story:{number}", CONSOLE)
    for number in range(2):
        taken = await claimed(store)
        assert taken.known is None  # one that is to be sent needs none
        await settle(store, taken, DeliveryState.SENT, ref=MessageRef(f"17.{number}", "C1"))
    await settle(store, await claimed(store), DeliveryState.UNKNOWN, due_at=START)
    assert (await claimed(store)).known == MessageRef("17.1", "C1")
    first = await claim(store, CONSOLE)
    assert first is not None
    await settle(store, first, DeliveryState.UNKNOWN, due_at=START)
    again = await claim(store, CONSOLE)
    assert again is not None
    assert again.known is None


async def test_an_unknown_outcome_is_looked_into_before_anything_younger(store: Database) -> None:
    for key in ("story:1", "story:2"):
        await add(store, key)
    taken = await claimed(store)
    await settle(store, taken, DeliveryState.UNKNOWN, due_at=START + SECOND)
    assert await claim(store) is None
    again = await claimed(store, START + SECOND)
    assert (again.delivery.key, again.delivery.state) == ("story:1", DeliveryState.UNKNOWN)


async def test_a_dead_delivery_lets_the_next_one_pass(store: Database) -> None:
    for key in ("story:1", "story:2"):
        await add(store, key)
    await settle(store, await claimed(store), DeliveryState.DEAD)
    assert (await claimed(store)).delivery.key == "story:2"


async def test_a_channel_set_aside_waits_until_it_is_tried_again(store: Database) -> None:
    await add(store, "story:1")
    retry = START + timedelta(hours=1)
    async with store.begin() as transaction:
        channels = transaction.channels
        assert await channels.set_aside(SLACK, reason="gone", now=START, retry_at=retry)
        assert not await channels.set_aside(SLACK, reason="still", now=START, retry_at=retry)
        assert await channels.all_set_aside() == {SLACK: "still"}
        assert await transaction.deliveries.oldest_due(START) is None
    assert await due(store) == []
    assert await due(store, retry) == [SLACK]
    async with store.begin() as transaction:
        assert await transaction.channels.restore(SLACK)
        assert not await transaction.channels.restore(SLACK)
        assert await transaction.deliveries.oldest_due(START) == START
    assert await due(store) == [SLACK]


async def test_old_pending_deliveries_expire_and_are_named(store: Database) -> None:
    await add(store, "story:1")
    await add(store, "notice", CONSOLE, NOTICE)
    await claimed(store)  # under way: not expired under its sender's hands
    await add(store, "story:2")
    async with store.begin() as transaction:
        expired = await transaction.deliveries.expire(before=START + SECOND, now=START + SECOND)
        assert dict(expired) == {SLACK: [ALERT], CONSOLE: [NOTICE]}
        assert await transaction.deliveries.expire(before=START + SECOND, now=START) == {}
    assert await counts(store) == {DeliveryState.SENDING: 1, DeliveryState.EXPIRED: 2}


async def test_the_sweep_takes_finished_deliveries_only(store: Database) -> None:
    await add(store, "story:1")
    await settle(store, await claimed(store), DeliveryState.SENT, ref=MessageRef("1", "C1"))
    await add(store, "story:2")
    async with store.begin() as transaction:
        assert await transaction.deliveries.sweep(before=START) == 0
        assert await transaction.deliveries.sweep(before=START + SECOND) == 1
    assert await counts(store) == {DeliveryState.PENDING: 1}


async def test_a_story_s_deliveries_are_told_with_how_far_they_are(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add([WIRE.url], due_at=START)
        (stored,) = await transaction.entries.add(
            WIRE, 1, identified(entry(1)), standing=Standing.NEWS, now=START
        )
        outgoing = [
            Outgoing(channel=channel, key="story", message=ALERT, story_id=stored.story_id)
            for channel in (SLACK, CONSOLE)
        ]
        await transaction.deliveries.add(outgoing, now=START)
    await add(store, "another")
    taken = await claimed(store)
    await settle(store, taken, DeliveryState.SENT, ref=MessageRef("1", "C1"))
    async with store.begin() as transaction:
        on_console = await transaction.deliveries.claim(CONSOLE, now=START, lease=LEASE)
        assert on_console is not None
        again = Settlement(
            state=DeliveryState.PENDING, due_at=START + SECOND, error="asked to wait"
        )
        await transaction.deliveries.settle(on_console, again, now=START)
    async with store.read() as transaction:
        told = {one.channel: one for one in await transaction.deliveries.of_story(stored.story_id)}
        assert await transaction.deliveries.of_story(stored.story_id + 1) == []
    assert list(told) == [SLACK, CONSOLE]
    assert told[SLACK] == Progress(
        channel=SLACK,
        message=ALERT,
        state=DeliveryState.SENT,
        created_at=START,
        due_at=START,
        sent_at=START,
    )
    assert told[CONSOLE] == Progress(
        channel=CONSOLE,
        message=ALERT,
        state=DeliveryState.PENDING,
        created_at=START,
        due_at=START + SECOND,
        error="asked to wait",
    )


async def test_an_alert_without_link_or_picture_comes_back_as_it_was(store: Database) -> None:
    bare = Alert(headline="", summary="", outlet="", published=START, reasons=())
    await add(store, "story:1", message=bare)
    assert (await claimed(store)).delivery.message == bare


async def test_what_an_ended_process_left_open_expires_too(store: Database) -> None:
    await add(store, "story:1")
    await claimed(store)
    async with store.begin() as transaction:
        held = await transaction.deliveries.expire(before=START + SECOND, now=START + SECOND)
        late = await transaction.deliveries.expire(before=START + SECOND, now=START + LEASE)
    assert (dict(held), dict(late)) == ({}, {SLACK: [ALERT]})


async def test_a_message_of_a_thread_is_told_where_the_first_one_stands(store: Database) -> None:
    async with store.begin() as transaction:
        page = Outgoing(channel=SLACK, key="digest:1", message=NOTICE)
        await transaction.deliveries.add(
            [page, replace(page, key="digest:2", thread="digest:1")], now=START
        )
    first = await claimed(store)
    assert first.delivery.thread is None
    await settle(store, first, DeliveryState.SENT, ref=MessageRef("17.1", "C1"))
    second = await claimed(store)
    assert second.delivery.thread == MessageRef("17.1", "C1")


async def test_what_went_into_a_thread_is_no_proof_that_the_channel_shows_us(
    store: Database,
) -> None:
    async with store.begin() as transaction:
        page = Outgoing(channel=SLACK, key="digest:1", message=NOTICE)
        await transaction.deliveries.add(
            [page, replace(page, key="digest:2", thread="digest:1")], now=START
        )
    for place in ("17.1", "17.2"):
        await settle(store, await claimed(store), DeliveryState.SENT, ref=MessageRef(place, "C1"))
    await add(store, "story:1")
    await settle(store, await claimed(store), DeliveryState.UNKNOWN, due_at=START)
    assert (await claimed(store)).known == MessageRef("17.1", "C1")
