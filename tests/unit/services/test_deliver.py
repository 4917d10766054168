"""Sending: each message once, in order, whatever the platform says."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.message import Alert, Message, MessageRef, Notice
from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    MessageRejectedError,
    OutcomeUnknownError,
    PlatformDownError,
    RateLimitedError,
    UnauthorizedError,
)
from bot.ports.deliveries import Outgoing, Settlement
from bot.services.attempt import (
    FIRST_RETRY,
    LONGEST_RETRY,
    LOOK_FOR,
    MOST_CRASHES,
    untouched,
)
from bot.services.deliver import CHANNEL_RETRY, LEASE, Deliver
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock
from tests.fakes.messenger import FakeMessenger, Fault

DESK = Channel(Platform.SLACK, "C1")
OTHER = Channel(Platform.SLACK, "C2")
SENT = DeliveryState.SENT


def message(number: int) -> Message:
    return Alert(
        headline=f"Message {number}", summary="", outlet="Wire", published=START, reasons=()
    )


class Desk:
    """A sender with everything around it."""

    def __init__(self, store: Database, clock: FakeClock, *, pace: timedelta) -> None:
        self.store = store
        self.clock = clock
        self.slack = FakeMessenger(pace=pace)
        self.console = FakeMessenger(Platform.CONSOLE)
        self.deliver = self.again()

    def again(self, *, hold: Collection[Channel] = ()) -> Deliver:
        """A sender as a new process would have it."""
        return Deliver(
            store=self.store,
            messengers={Platform.SLACK: self.slack, Platform.CONSOLE: self.console},
            clock=self.clock,
            ops=CONSOLE,
            hold=hold,
        )

    async def write(self, *numbers: int, channel: Channel = DESK) -> None:
        """Deliveries, pending."""
        outgoing = [
            Outgoing(channel=channel, key=f"story:{n}", message=message(n)) for n in numbers
        ]
        async with self.store.begin() as transaction:
            await transaction.deliveries.add(outgoing, now=self.clock.now())

    def read(self, channel: Channel = DESK) -> list[str]:
        """What a channel's readers see."""
        return [one.headline for one in self.slack.messages(channel) if isinstance(one, Alert)]

    def told(self) -> list[str]:
        """The notices in the ops channel."""
        return [one.title for one in self.console.messages(CONSOLE) if isinstance(one, Notice)]

    async def counts(self) -> dict[DeliveryState, int]:
        """How the deliveries to Slack stand."""
        async with self.store.read() as transaction:
            counts = dict(await transaction.deliveries.count())
        if self.told():
            counts[SENT] -= len(self.told())
        return {state: number for state, number in counts.items() if number}

    async def later(self, by: timedelta) -> None:
        """Let time pass and send what is due."""
        self.clock.advance(by)
        await self.deliver.drain()


@pytest.fixture
async def desk(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Desk]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield Desk(database, clock, pace=timedelta())
    await database.close()


async def test_everything_due_is_sent_once_and_in_order(desk: Desk) -> None:
    await desk.write(1, 2, 3)
    await desk.write(1, channel=OTHER)
    await desk.deliver.drain()
    await desk.deliver.drain()
    assert desk.read() == ["Message 1", "Message 2", "Message 3"]
    assert desk.read(OTHER) == ["Message 1"]
    assert await desk.counts() == {SENT: 4}


async def test_messages_in_a_channel_keep_their_distance(desk: Desk) -> None:
    desk.slack = FakeMessenger(pace=timedelta(seconds=1))
    deliver = desk.again()
    await desk.write(1, 2)
    await deliver.start_due()
    await desk.clock.until_sleeping()
    assert desk.read() == ["Message 1"]
    await deliver.start_due()  # the channel is being served: nothing is begun twice
    desk.clock.advance(timedelta(seconds=1))
    await desk.clock.until_sleeping()
    assert desk.read() == ["Message 1", "Message 2"]
    await deliver.stop()


async def test_stopping_does_not_wait_out_the_pace(desk: Desk) -> None:
    desk.slack = FakeMessenger(pace=timedelta(hours=1))
    deliver = desk.again()
    await desk.write(1, 2)
    await deliver.start_due()
    await desk.clock.until_sleeping()
    await deliver.stop()
    await deliver.start_due()  # nothing more is begun
    assert desk.read() == ["Message 1"]
    assert await desk.counts() == {SENT: 1, DeliveryState.PENDING: 1}


async def test_a_platform_that_asks_to_wait_is_obeyed_and_the_order_kept(desk: Desk) -> None:
    wait = timedelta(seconds=30)
    desk.slack.faults[DESK] = [Fault(RateLimitedError("slow down", retry_after=wait))]
    await desk.write(1, 2)
    await desk.deliver.drain()
    await desk.later(wait - timedelta(seconds=1))
    assert (desk.read(), desk.slack.posts) == ([], 1)
    await desk.later(timedelta(seconds=1))
    assert desk.read() == ["Message 1", "Message 2"]


async def test_a_platform_that_is_down_is_tried_at_growing_intervals(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(PlatformDownError("502"))] * 3
    await desk.write(1)
    await desk.deliver.drain()
    for attempts in (1, 2):
        await desk.later(FIRST_RETRY * 2 ** (attempts - 1) - timedelta(milliseconds=1))
        assert desk.slack.posts == attempts
        await desk.later(timedelta(milliseconds=1))
        assert desk.slack.posts == attempts + 1
    await desk.later(timedelta(minutes=2))
    assert desk.read() == ["Message 1"]
    assert await desk.counts() == {SENT: 1}


async def test_a_message_the_platform_will_not_have_is_told_and_lets_the_next_pass(
    desk: Desk,
) -> None:
    desk.slack.faults[DESK] = [Fault(MessageRejectedError("too strange"))]
    await desk.write(1, 2)
    await desk.deliver.drain()
    assert desk.read() == ["Message 2"]
    assert await desk.counts() == {SENT: 1, DeliveryState.DEAD: 1}
    assert desk.told() == ["Not posted in slack:C1"]


async def test_a_notice_that_cannot_be_posted_breeds_no_other(desk: Desk) -> None:
    notice = Outgoing(channel=DESK, key="n", message=Notice(title="x", text="y"))
    async with desk.store.begin() as transaction:
        await transaction.deliveries.add([notice], now=desk.clock.now())
    desk.slack.faults[DESK] = [Fault(MessageRejectedError("too strange"))]
    await desk.deliver.drain()
    assert await desk.counts() == {DeliveryState.DEAD: 1}
    assert desk.told() == []


async def test_a_message_newsbot_fails_over_is_given_up_in_the_end_and_told(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(ValueError("our mistake"))] * MOST_CRASHES
    await desk.write(1, 2)
    await desk.deliver.drain()
    for _ in range(2 * MOST_CRASHES):
        await desk.later(LONGEST_RETRY)
    assert desk.read() == ["Message 2"]
    assert await desk.counts() == {SENT: 1, DeliveryState.DEAD: 1}
    assert desk.told() == ["Not posted in slack:C1"]


async def test_a_row_that_cannot_be_read_holds_up_nothing(desk: Desk, tmp_path: Path) -> None:
    await desk.write(1, 2)
    database = sqlite3.connect(tmp_path / "newsbot.db", isolation_level=None)
    database.execute("UPDATE deliveries SET message = '{\"later\": {}}' WHERE key = 'story:1'")
    database.close()
    await desk.deliver.drain()
    await desk.deliver.drain()
    assert desk.read() == ["Message 2"]
    assert await desk.counts() == {SENT: 1, DeliveryState.DEAD: 1}


async def test_a_wait_without_end_is_not_believed(desk: Desk) -> None:
    forever = Fault(RateLimitedError("slow down", retry_after=timedelta.max))
    desk.slack.faults[DESK] = [forever]
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(timedelta(days=1))
    assert desk.read() == ["Message 1"]


async def test_a_history_that_asks_to_wait_is_left_alone_meanwhile(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"), accepted=True)]
    desk.slack.blind = RateLimitedError("slow down", retry_after=timedelta(minutes=10))
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(FIRST_RETRY)
    looks = desk.slack.looks
    for _ in range(9):
        await desk.later(timedelta(minutes=1))
    assert desk.slack.looks == looks
    desk.slack.blind = None
    await desk.later(timedelta(minutes=1))
    assert desk.read() == ["Message 1"]
    assert await desk.counts() == {SENT: 1}


async def test_long_refusals_do_not_use_up_the_time_to_look(desk: Desk) -> None:
    desk.slack.faults[DESK] = [
        *[Fault(PlatformDownError("502"))] * 20,
        Fault(OutcomeUnknownError("cut"), accepted=True),
    ]
    await desk.write(1)
    await desk.deliver.drain()
    while desk.slack.posts < 21:
        await desk.later(LONGEST_RETRY)
    desk.slack.blind = DeliveryError("history is away")
    await desk.later(LONGEST_RETRY)
    desk.slack.blind = None
    await desk.later(LONGEST_RETRY)
    assert desk.read() == ["Message 1"]


async def test_a_channel_found_dead_while_looking_is_set_aside(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"), accepted=True)]
    desk.slack.blind = ChannelDeadError("archived. Unarchive it.")
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(FIRST_RETRY)
    assert desk.told() == ["Channel set aside: slack:C1"]
    desk.slack.blind = None
    await desk.later(CHANNEL_RETRY)
    assert desk.read() == ["Message 1"]
    assert await desk.counts() == {SENT: 1}


async def test_a_dead_channel_is_set_aside_and_told_once_while_others_go_on(desk: Desk) -> None:
    dead = Fault(ChannelDeadError("archived. Unarchive it."))
    desk.slack.faults[DESK] = [dead, dead]
    await desk.write(1, 2)
    await desk.write(1, channel=OTHER)
    await desk.deliver.drain()
    await desk.later(CHANNEL_RETRY)
    assert desk.read(OTHER) == ["Message 1"]
    assert desk.told() == ["Channel set aside: slack:C1"]
    await desk.later(CHANNEL_RETRY)
    assert desk.read() == ["Message 1", "Message 2"]
    assert desk.told() == ["Channel set aside: slack:C1", "Channel back: slack:C1"]


async def test_a_refused_token_stops_the_platform_and_loses_nothing(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(UnauthorizedError("revoked"))]
    await desk.write(1, 2)
    await desk.deliver.drain()
    await desk.write(3, channel=OTHER)
    await desk.later(timedelta(hours=5))
    assert desk.slack.posts == 1
    assert desk.told() == ["Slack refuses newsbot's token"]
    desk.deliver = desk.again()  # restarted with a good token
    await desk.deliver.drain()
    assert desk.read() == ["Message 1", "Message 2"]
    assert desk.read(OTHER) == ["Message 3"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(
    desk: Desk, accepted: bool
) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"), accepted=accepted)]
    await desk.write(1, 2)
    await desk.deliver.drain()
    assert (await desk.counts())[DeliveryState.UNKNOWN] == 1
    await desk.later(FIRST_RETRY)
    assert desk.read() == ["Message 1", "Message 2"]
    assert await desk.counts() == {SENT: 2}


@pytest.mark.parametrize(
    "error",
    [
        PlatformDownError("503"),
        RateLimitedError("slow down", retry_after=FIRST_RETRY),
        ChannelDeadError("archived. Unarchive it."),
        UnauthorizedError("revoked"),
    ],
)
async def test_what_was_absent_is_looked_for_again_before_a_further_attempt(
    desk: Desk, error: DeliveryError
) -> None:
    """What was under way when it was looked for may arrive when it was not seen."""
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut")), Fault(error)]
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(FIRST_RETRY)
    assert (desk.slack.looks, desk.slack.posts) == (1, 2)
    desk.slack.posted[DESK].append((desk.slack.nonce, message(1)))  # the first attempt's
    desk.deliver = desk.again()
    await desk.later(CHANNEL_RETRY)
    assert desk.read() == ["Message 1"]
    assert await desk.counts() == {SENT: 1}


async def test_what_is_absent_is_sent_at_once(desk: Desk) -> None:
    desk.slack = FakeMessenger(pace=timedelta(seconds=1))
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"))]
    deliver = desk.again()
    await desk.write(1)
    await deliver.drain()
    desk.clock.advance(FIRST_RETRY)
    await deliver.start_due()
    await desk.clock.until_sleeping()
    assert desk.read() == ["Message 1"]
    await deliver.stop()


async def test_what_is_put_back_unsent_in_doubt_stays_in_doubt(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"))]
    await desk.write(1)
    await desk.deliver.drain()
    async with desk.store.begin() as transaction:
        looked = await transaction.deliveries.claim(
            DESK, now=desk.clock.now() + FIRST_RETRY, lease=LEASE
        )
        assert looked is not None
        absent = Settlement(state=DeliveryState.PENDING, due_at=desk.clock.now())
        await transaction.deliveries.settle(looked, absent, now=desk.clock.now())
        again = await transaction.deliveries.claim(DESK, now=desk.clock.now(), lease=LEASE)
        assert again is not None
        put_back = untouched(again.delivery).settlement
        await transaction.deliveries.settle(again, put_back, now=desk.clock.now())
    assert await desk.counts() == {DeliveryState.UNKNOWN: 1}


async def test_a_history_that_stays_closed_leads_to_one_more_post_and_a_notice(
    desk: Desk,
) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"))]
    desk.slack.blind = DeliveryError("no right to read history")
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(LOOK_FOR - timedelta(seconds=1))
    assert (desk.read(), desk.told()) == ([], [])
    await desk.later(timedelta(minutes=3))
    assert desk.read() == ["Message 1"]
    assert desk.told() == ["Possibly posted twice in slack:C1"]


async def test_a_token_refused_while_looking_leaves_the_outcome_unknown(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"), accepted=True)]
    desk.slack.blind = UnauthorizedError("revoked")
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(FIRST_RETRY)
    assert (await desk.counts())[DeliveryState.UNKNOWN] == 1
    desk.slack.blind = None
    desk.deliver = desk.again()
    await desk.later(LEASE)
    assert desk.read() == ["Message 1"]
    assert await desk.counts() == {SENT: 1}


async def test_that_it_is_being_sent_is_on_the_disk_before_the_platform_is_asked(
    desk: Desk, tmp_path: Path
) -> None:
    committed: list[tuple[str, int]] = []

    class Watched(FakeMessenger):
        async def post(self, channel: Channel, message: Message, **how: Any) -> MessageRef:  # noqa: ANN401 - handed on
            with closing(sqlite3.connect(tmp_path / "newsbot.db")) as database:
                committed.extend(database.execute("SELECT state, attempts FROM deliveries"))
            return await super().post(channel, message, **how)

    desk.slack = Watched()
    await desk.write(1)
    await desk.again().drain()
    assert committed == [("sending", 1)]
    assert desk.read() == ["Message 1"]


async def test_what_a_killed_process_was_sending_is_looked_up_by_the_next(desk: Desk) -> None:
    await desk.write(1, 2)
    async with desk.store.begin() as transaction:
        claim = await transaction.deliveries.claim(DESK, now=desk.clock.now(), lease=LEASE)
    assert claim is not None
    await desk.slack.post(DESK, claim.delivery.message, nonce=claim.delivery.nonce)
    desk.deliver = desk.again()
    await desk.later(LEASE - timedelta(seconds=1))
    assert desk.read() == ["Message 1"]
    await desk.later(timedelta(seconds=1))
    assert desk.read() == ["Message 1", "Message 2"]


async def test_a_mistake_in_an_adapter_touches_no_other_channel(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(RuntimeError("our mistake"))]
    await desk.write(1)
    await desk.write(2, channel=OTHER)
    await desk.deliver.drain()
    assert desk.read(OTHER) == ["Message 2"]
    await desk.later(LEASE)
    assert desk.read() == ["Message 1"]


async def test_an_error_of_no_known_kind_is_looked_into(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(DeliveryError("new kind"), accepted=True)]
    await desk.write(1)
    await desk.deliver.drain()
    assert await desk.counts() == {DeliveryState.UNKNOWN: 1}
    await desk.later(FIRST_RETRY)
    assert await desk.counts() == {SENT: 1}
    assert desk.read() == ["Message 1"]


async def test_a_platform_newsbot_is_not_connected_to_waits(desk: Desk) -> None:
    discord = Channel(Platform.DISCORD, "1")
    await desk.write(1, channel=discord)
    await desk.deliver.drain()
    assert await desk.counts() == {DeliveryState.PENDING: 1}


async def test_a_channel_in_which_nothing_may_come_twice_is_held_and_told(desk: Desk) -> None:
    desk.deliver = desk.again(hold=[DESK])
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"))]
    desk.slack.blind = DeliveryError("no right to read history")
    await desk.write(1, 2)
    await desk.deliver.drain()
    await desk.later(LOOK_FOR - timedelta(seconds=1))
    assert desk.told() == []
    await desk.later(timedelta(minutes=3))
    assert desk.read() == ["Message 2"]
    assert desk.told() == ["Possibly not posted in slack:C1"]
    assert await desk.counts() == {SENT: 1, DeliveryState.DEAD: 1}


async def test_a_platform_that_is_down_is_asked_each_half_minute_until_it_tells(desk: Desk) -> None:
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"), accepted=True)]
    desk.slack.blind = OutcomeUnknownError("503")
    await desk.write(1, 2)
    await desk.deliver.drain()
    for _ in range(180):
        await desk.later(timedelta(minutes=2))
    assert desk.slack.posts == 1
    desk.slack.blind = None
    await desk.later(timedelta(seconds=30))
    assert desk.read() == ["Message 1", "Message 2"]
    assert desk.told() == []


async def test_a_look_is_told_of_the_channel_s_last_message(desk: Desk) -> None:
    desk.slack.faults[DESK] = [
        Fault(OutcomeUnknownError("cut")),
        Fault(OutcomeUnknownError("cut")),
    ]
    await desk.write(1)
    await desk.deliver.drain()
    await desk.later(FIRST_RETRY)
    assert desk.slack.known is None
    await desk.later(LONGEST_RETRY)
    await desk.later(LONGEST_RETRY)
    assert desk.read() == ["Message 1"]
    desk.slack.faults[DESK] = [Fault(OutcomeUnknownError("cut"))]
    await desk.write(2)
    await desk.deliver.drain()
    await desk.later(FIRST_RETRY)
    assert desk.slack.known is not None
    assert desk.slack.known.id == "1"


async def test_a_request_is_to_be_begun_in_the_first_half_of_the_lease(desk: Desk) -> None:
    await desk.write(1)
    await desk.deliver.drain()
    assert desk.slack.before == START + LEASE / 2


async def test_a_refused_token_stops_channels_that_are_being_served(desk: Desk) -> None:
    desk.slack = FakeMessenger(pace=timedelta(seconds=1))
    deliver = desk.again()
    await desk.write(1, 2)
    await deliver.start_due()
    await desk.clock.until_sleeping()  # between the two messages of a channel
    desk.slack.down = UnauthorizedError("revoked")
    await desk.write(3, channel=OTHER)
    await deliver.start_due()
    await asyncio.wait_for(deliver._busy[OTHER], 5)  # its message is refused
    desk.clock.advance(timedelta(seconds=1))
    await deliver.drain()
    assert desk.slack.posts == 2  # the refused one was the last
    counts = await desk.counts()
    assert (counts[SENT], counts[DeliveryState.PENDING]) == (1, 2)
    assert desk.told() == ["Slack refuses newsbot's token"]


async def test_a_database_that_cannot_be_written_is_told_once_and_loses_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.write(1)
    await desk.write(2, channel=OTHER)
    database = sqlite3.connect(tmp_path / "newsbot.db", isolation_level=None)
    refuse = (
        "CREATE TRIGGER full BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    database.execute(refuse)
    with capture_logs() as logs:
        for _ in range(3):
            await desk.deliver.start_due()
            await asyncio.gather(*desk.deliver._busy.values())
        assert desk.slack.posts == 0
        database.execute("DROP TRIGGER full")
        await desk.deliver.drain()
    database.close()
    assert (desk.read(), desk.read(OTHER)) == (["Message 1"], ["Message 2"])
    told = [log["event"] for log in logs if log["event"].startswith("deliver.")]
    assert told == ["deliver.not_stored", "deliver.stored_again"]
