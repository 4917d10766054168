"""Send digests: alerts that are to be read together, written down as one message.

Subscriptions keep alerts for their next digest, and quiet hours until they are over; besides, a
burst in a channel is kept here: what is beyond the limit waits for the end of the stretch that
the burst began, and goes out in one digest.

Where a channel takes nothing, its platform being down, what is kept waits too, and what comes
later is kept with it: when the channel takes messages again, it has one digest of all of it, and
not as many as fell due meanwhile.

What a channel wants is looked at again when its digest is due: what it follows no longer, or has
muted meanwhile, is dropped from it, as it would not have alerted now.
"""

import structlog

from bot.domain.burst import Burst
from bot.domain.channel import Channel
from bot.domain.delivery import HELD_UP
from bot.domain.digest import Gathered, compose_digest
from bot.errors import StuckError
from bot.ports import Clock
from bot.ports.deliveries import Outgoing
from bot.ports.gathering import Crowd
from bot.ports.store import Store, Transaction
from bot.services.route import Router
from bot.services.still_wanted import StillWanted


class SendDigests:
    """The use case."""

    def __init__(self, *, store: Store, clock: Clock, burst: Burst | None) -> None:
        """Put the parts together.

        Args:
            store: The database.
            clock: The time.
            burst: How many alerts a channel takes in how long; None for any number.
        """
        self._store = store
        self._clock = clock
        self._burst = burst
        self._log = structlog.get_logger(__name__)

    async def __call__(self, router: Router) -> None:
        """Keep what is too much at once, and write down the digests that are due.

        A digest that fell due while newsbot did not run is written once, with all that waited.

        Args:
            router: Knows what is followed.
        """
        await self._calm()
        async with self._store.read() as transaction:
            now = self._clock.now()
            due = await transaction.gathering.due(now, held_up=now - HELD_UP)
        for channel in due:
            try:
                async with self._store.begin() as transaction:
                    await self._write(transaction, channel, router)
            except StuckError:
                raise
            except Exception:  # noqa: BLE001 - a supervised loop
                # One channel's digest stops no other's, and no alert; it is tried again.
                self._log.exception("digest.failed", channel=str(channel))

    async def _calm(self) -> None:
        if self._burst is None:
            return
        now = self._clock.now()
        async with self._store.read() as transaction:
            crowds = await transaction.gathering.crowds(
                since=now - self._burst.stretch,
                more_than=self._burst.alerts,
                held_up=now - HELD_UP,
            )
        for crowd in crowds:
            await self._keep(crowd, self._burst)

    async def _keep(self, crowd: Crowd, burst: Burst) -> None:
        beyond = [
            one
            for place, one in enumerate(crowd.waiting, start=crowd.sent)
            # What is kept was there before what came after it.
            if place >= burst.alerts or (crowd.held_up is not None and one > crowd.held_up)
        ]
        if not beyond:
            return
        now, until = self._clock.now(), crowd.first_at + burst.stretch
        if until <= now:
            # They wait since longer, for a platform that is down: not written anew every second.
            until = now + burst.stretch
        async with self._store.begin() as transaction:
            await transaction.gathering.keep(beyond, until=until)
        self._log.info("burst.kept", channel=str(crowd.channel), alerts=len(beyond))

    async def _write(self, transaction: Transaction, channel: Channel, router: Router) -> None:
        now = self._clock.now()
        kept = await transaction.gathering.take(channel, now)
        if router.knows(channel):
            await router.catch_up(transaction, now)
            wanted = StillWanted(transaction=transaction, router=router, channel=channel, now=now)
            kept = await wanted.of(kept)
        if len(kept) == 1:
            await transaction.gathering.send_alone(kept[0].delivery_id, now=now)
        if len(kept) <= 1:
            return
        pages = compose_digest(
            [Gathered(alert=one.alert, kept_at=one.kept_at, outlets=one.outlets) for one in kept]
        )
        # The newest row it holds names the digest: written again, it would be the same one.
        key = f"digest:{kept[-1].delivery_id}"
        written = [
            Outgoing(
                channel=channel,
                key=f"{key}:{page.page}",
                message=page,
                thread=f"{key}:1" if page.page > 1 else None,
            )
            for page in pages
        ]
        await transaction.deliveries.add(written, now=now)
        await transaction.gathering.mark_gathered([one.delivery_id for one in kept])
        self._log.info("digest.written", channel=str(channel), stories=len(kept), pages=len(pages))
