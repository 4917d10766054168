"""Health: whether newsbot does its work, read from what the work leaves behind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.channel import Channel, Platform
from bot.domain.delivery import HELD_UP, DeliveryState
from bot.domain.duration import spell
from bot.domain.feed import FeedState
from bot.ports import Clock
from bot.ports.store import Store

SILENT_AFTER = timedelta(seconds=90)
"""A process beats every 15 seconds; six missed beats are no coincidence."""
OVERDUE_AFTER = timedelta(minutes=10)
"""A feed, a delivery or a digest that should have been done this long ago is stuck."""
LOST_AFTER = timedelta(minutes=5)
"""A live connection that is down for longer does not come back by itself soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How newsbot is doing.

    Attributes:
        beat_at: The newest sign of life of a running process.
        feeds: Configured feeds that are polled.
        failing: Those of them that failed at their last poll.
        unreached: Those of them whose last poll had no answer, newsbot being offline.
        unpolled: Those of them that were never polled.
        overdue: Those of them that should have been polled long ago.
        polled_at: The latest poll of any feed.
        deliveries: How many stand in each state.
        waiting_since: Since when the most overdue delivery waits.
        digest_since: Since when the most overdue digest waits to be put together; those whose
            channel takes nothing wait for that.
        set_aside: Channels that accept nothing, with the reason.
        problems: What is wrong, in sentences; empty where all is well.
    """

    beat_at: datetime | None
    feeds: int
    failing: int
    overdue: int
    polled_at: datetime | None
    deliveries: Mapping[DeliveryState, int]
    waiting_since: datetime | None
    digest_since: datetime | None
    set_aside: Mapping[Channel, str]
    problems: Sequence[str]
    unreached: int = 0
    unpolled: int = 0


async def status(
    store: Store,
    clock: Clock,
    *,
    urls: Collection[str],
    platforms: Collection[Platform] = frozenset(Platform),
    down: Mapping[Platform, datetime] | None = None,
) -> Status:
    """Look at the store.

    Args:
        store: The database.
        clock: The time.
        urls: The feeds that should be polled.
        platforms: Those newsbot has tokens for, the console included.
        down: Live connections that are down, with since when, for a process that has some to
            tell of; None for what all running processes last told the store.
    """
    now = clock.now()
    async with store.read() as transaction:
        states = [state for state in await transaction.feeds.all() if state.url in urls]
        beat_at = await transaction.heartbeats.latest()
        if down is None:
            down = await transaction.heartbeats.down(alive_since=now - SILENT_AFTER)
        waiting_since = await transaction.deliveries.oldest_due(now)
        digest_since = await transaction.gathering.oldest_due(now, held_up=now - HELD_UP)
        due = await transaction.deliveries.channels_due(now)
        deliveries = await transaction.deliveries.count()
        set_aside = await transaction.channels.all_set_aside()
    polled = [state for state in states if state.polled_at is not None]
    overdue = [state for state in states if now - state.due_at > OVERDUE_AFTER]
    return Status(
        beat_at=beat_at,
        feeds=len(urls),
        failing=sum(state.failures > 0 for state in states),
        overdue=len(overdue),
        unreached=sum(state.is_unreached for state in polled),
        unpolled=len(urls) - len(polled),
        polled_at=max((state.polled_at for state in states if state.polled_at), default=None),
        deliveries=deliveries,
        waiting_since=waiting_since,
        digest_since=digest_since,
        set_aside=set_aside,
        problems=(
            *_life(beat_at, now),
            *_polling(overdue, now),
            *_sending(waiting_since, {channel.platform for channel in due} - {*platforms}, now),
            *_gathering(digest_since, now),
            *_hearing(down, now),
        ),
    )


def _hearing(down: Mapping[Platform, datetime], now: datetime) -> Sequence[str]:
    return [
        f"{platform.value.capitalize()} has been disconnected for {spell(now - since)}: commands "
        "do not arrive, alerts are posted; look for connection events in the log."
        for platform, since in sorted(down.items())
        if now - since > LOST_AFTER
    ]


def _life(beat_at: datetime | None, now: datetime) -> Sequence[str]:
    if beat_at is None:
        return ["No newsbot is running on this database: start one with newsbot run."]
    if now - beat_at > SILENT_AFTER:
        ago = spell(now - beat_at)
        return [f"No sign of life for {ago}: newsbot has ended or hangs; restart it."]
    return []


def _polling(overdue: Sequence[FeedState], now: datetime) -> Sequence[str]:
    if not overdue:
        return []
    worst = min(overdue, key=lambda state: state.due_at)
    overdue_feeds = "1 feed is" if len(overdue) == 1 else f"{len(overdue)} feeds are"
    return [
        (
            f"{overdue_feeds} overdue, {worst.url} by {spell(now - worst.due_at)}: "
            "polling is stuck or too slow; look at the log and restart newsbot."
        )
    ]


def _sending(
    waiting_since: datetime | None, unconnected: Collection[Platform], now: datetime
) -> Sequence[str]:
    if waiting_since is None or now - waiting_since <= OVERDUE_AFTER:
        return []
    waited = f"An alert has waited for {spell(now - waiting_since)} to be posted"
    if unconnected:
        names = " and ".join(sorted(platform.value.capitalize() for platform in unconnected))
        return [f"{waited}: there is no token for {names}; set it, or let the alert expire."]
    return [f"{waited}: look for delivery events in the log; newsbot doctor tests tokens."]


def _gathering(digest_since: datetime | None, now: datetime) -> Sequence[str]:
    if digest_since is None or now - digest_since <= OVERDUE_AFTER:
        return []
    return [
        (
            f"A digest has been due for {spell(now - digest_since)} and is not written: look for "
            "digest.failed in the log; its alerts are kept."
        )
    ]
