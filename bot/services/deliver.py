"""Deliver: send what is due, each channel in order, channels side by side.

    claim (row says `sending`, committed) ─ post ─┬─ accepted ──────── sent
         ▲                                        ├─ not accepted ──── pending, later
         │   found ── sent                        ├─ never accepted ── dead
         └ absent ◄── look in history ◄───────────┴─ cannot be told ── unknown

A row is written before the socket is touched and settled after, so that a process that ends at
any moment leaves a row that says what to do. A claim is a lease: whoever shows its token may
settle, and no request is begun in the second half of its time, so that a process that was held up
does not send what another has taken over.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.message import Notice
from bot.errors import ChannelDeadError, StorageError, UnauthorizedError
from bot.ports import Clock, Messenger
from bot.ports.channels import ChannelStore
from bot.ports.deliveries import Claim, Outgoing
from bot.ports.store import Store
from bot.services import notices
from bot.services.attempt import Attempt, Verdict, untouched

LEASE = timedelta(seconds=120)
"""How long a process may take to settle what it claimed. Requests are begun in the first half and
take a quarter at most, see `bot.bootstrap`; the last quarter is for clocks that differ."""
CHANNEL_RETRY = timedelta(hours=1)
"""How often a channel that was set aside is tried."""


class Deliver:
    """The use case."""

    def __init__(
        self,
        *,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        clock: Clock,
        ops: Channel,
        lease: timedelta = LEASE,
        hold: Collection[Channel] = (),
        sent: Callable[[Delivery, datetime], None] = lambda _, __: None,
    ) -> None:
        """Put the parts together.

        Args:
            store: The database.
            messengers: The platforms newsbot is connected to.
            clock: The time.
            ops: Where notices go.
            lease: How long a process may take to settle what it claimed.
            hold: Channels in which nothing is sent again that may stand there already.
            sent: Told of each delivery that stands in its channel now, with the time.
        """
        self._store = store
        self._messengers = messengers
        self._clock = clock
        self._ops = ops
        self._lease = lease
        self._attempt = Attempt(clock=clock, hold=hold)
        self._sent = sent
        self._locked: set[Workspace] = set()
        self._busy: dict[Channel, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._trouble = ""
        self._log = structlog.get_logger(__name__)

    async def start_due(self) -> None:
        """Begin to send in every channel that has something due and is not being served."""
        async with self._store.read() as transaction:
            channels = await transaction.deliveries.channels_due(self._clock.now())
        for channel in channels:
            if channel not in self._busy and self._may_send(channel):
                task = asyncio.create_task(self._serve(channel), name=f"deliver {channel}")
                self._busy[channel] = task
                task.add_done_callback(partial(self._done, channel))

    def _may_send(self, channel: Channel) -> bool:
        is_open = channel.platform in self._messengers and _token_of(channel) not in self._locked
        return is_open and not self._stopping.is_set()

    def _done(self, channel: Channel, task: asyncio.Task[None]) -> None:
        del task
        self._busy.pop(channel, None)

    async def drain(self) -> None:
        """Send everything that is due now, notices that come of it included."""
        await self.start_due()
        while self._busy:
            await asyncio.wait(self._busy.values())
            await self.start_due()

    async def stop(self) -> None:
        """Begin nothing more, and wait for the posts under way."""
        self._stopping.set()
        if self._busy:
            await asyncio.wait(self._busy.values())

    async def abandon(self) -> None:
        """Break off the posts under way: what becomes of them is looked up later."""
        self._stopping.set()
        busy = list(self._busy.values())
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)

    async def _serve(self, channel: Channel) -> None:
        """Send a channel's due messages, one after the other; the row tells how far it came."""
        try:
            await self._send_in_order(channel)
        except StorageError as error:
            # What was posted and could not be settled is looked up when its lease has run out.
            if str(error) != self._trouble:
                self._trouble = str(error)
                self._log.error("deliver.not_stored", error=str(error), what=_NOT_STORED)
        except Exception:  # noqa: BLE001 - a supervised loop
            # One channel's trouble stops no other; the next round takes the channel up again.
            self._log.exception("deliver.failed", channel=str(channel))

    async def _send_in_order(self, channel: Channel) -> None:
        messenger = self._messengers[channel.platform]
        while self._may_send(channel):
            async with self._store.begin() as transaction:
                now = self._clock.now()
                claim = await transaction.deliveries.claim(channel, now=now, lease=self._lease)
            if claim is None or not await self._carry(messenger, claim, now + self._lease / 2):
                return
            if claim.delivery.state is not DeliveryState.UNKNOWN:
                # A look posts nothing, and what is absent must not have time to arrive after all.
                await self._pause(messenger.pace)

    async def _carry(self, messenger: Messenger, claim: Claim, before: datetime) -> bool:
        """Carry one delivery as far as it goes; gives whether the channel may go on."""
        if self._may_send(claim.delivery.channel):
            verdict = await self._attempt.make(messenger, claim, before=before)
        else:  # any more
            verdict = untouched(claim.delivery)
        await self._settle(claim, verdict)
        return verdict.go_on

    async def _pause(self, pace: timedelta) -> None:
        """Wait between two messages, or until newsbot is to stop."""
        if not pace:
            return
        waits = [
            asyncio.create_task(self._clock.sleep(pace.total_seconds())),
            asyncio.create_task(self._stopping.wait()),
        ]
        _, unfinished = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in unfinished:
            wait.cancel()

    async def _settle(self, claim: Claim, verdict: Verdict) -> None:
        channel = claim.delivery.channel
        log = self._log.bind(channel=str(channel), key=claim.delivery.key)
        told = [] if verdict.notice is None else [self._outgoing(*verdict.notice)]
        if verdict.unauthorized is not None:
            told += self._lock(_token_of(channel), verdict.unauthorized)
        async with self._store.begin() as transaction:
            now = self._clock.now()
            held = await transaction.deliveries.settle(claim, verdict.settlement, now=now)
            told += await self._mark(transaction.channels, channel, verdict, now)
            await transaction.deliveries.add(told, now=now)
        if self._trouble:
            self._trouble = ""
            self._log.info("deliver.stored_again")
        if not held:
            log.warning("delivery.lease_lost")
        elif verdict.settlement.state is DeliveryState.SENT:
            log.info("delivery.sent")
            self._sent(claim.delivery, now)

    async def lock(self, workspace: Workspace, error: UnauthorizedError) -> None:
        """Send nothing more where the token is refused, and tell of that once.

        Args:
            workspace: As `Channel.workspace` names it: others of the platform have other tokens.
            error: What the platform said.
        """
        told = self._lock(workspace, error)
        async with self._store.begin() as transaction:
            await transaction.deliveries.add(told, now=self._clock.now())

    def unlock(self, workspace: Workspace) -> None:
        """Send again where the token is another one now."""
        self._locked.discard(workspace)

    def _lock(self, workspace: Workspace, error: UnauthorizedError) -> list[Outgoing]:
        """Ask nothing more of the platform with a token that it refuses."""
        if workspace in self._locked:
            return []
        self._locked.add(workspace)
        platform, reason = workspace.platform, str(error)
        log = self._log.bind(workspace=workspace.id) if workspace.id else self._log
        log.error("platform.locked", platform=platform.value, error=reason)
        if workspace.id:
            notice = notices.workspace_locked(workspace, reason)
        else:
            notice = notices.platform_locked(platform.value, reason)
        now, where = self._clock.now().isoformat(), f"{platform}:{workspace.id}".rstrip(":")
        return [self._outgoing(f"locked:{where}:{now}", notice)]

    async def _mark(
        self, channels: ChannelStore, channel: Channel, verdict: Verdict, now: datetime
    ) -> list[Outgoing]:
        """Set a dead channel aside, take one that lives up again; gives what to tell of it."""
        if verdict.dead is not None:
            return await self._set_aside(channels, channel, verdict.dead, now)
        sent = verdict.settlement.state is DeliveryState.SENT
        if sent and await channels.restore(channel):
            back = notices.channel_back(channel)
            return [self._outgoing(f"back:{channel}:{now.isoformat()}", back)]
        return []

    async def _set_aside(
        self, channels: ChannelStore, channel: Channel, error: ChannelDeadError, now: datetime
    ) -> list[Outgoing]:
        reason = str(error)
        fresh = await channels.set_aside(
            channel, reason=reason, now=now, retry_at=now + CHANNEL_RETRY
        )
        if not fresh:
            return []
        self._log.error("channel.set_aside", channel=str(channel), error=reason)
        dead = notices.channel_dead(channel, reason)
        return [self._outgoing(f"dead:{channel}:{now.isoformat()}", dead)]

    def _outgoing(self, key: str, notice: Notice) -> Outgoing:
        return Outgoing(channel=self._ops, key=key, message=notice)


def _token_of(channel: Channel) -> Workspace:
    """Whose token posts in a channel."""
    return Workspace(channel.platform, channel.workspace)


_NOT_STORED = (
    "Nothing more is sent until the database can be written to; free its disk or end what locks it."
)
