"""Curating: what a person decides about a feed's entries that did not alert."""

from collections.abc import Sequence

from bot.domain.entry import StoredEntry
from bot.domain.news import Standing
from bot.errors import CommandError
from bot.ports import Clock
from bot.ports.store import Store, Transaction
from bot.services.route import Router, publish


class Curate:
    """The use cases of `newsbot backfill`, `release` and `discard`."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def backfill(self, url: str, count: int, router: Router) -> tuple[int, int]:
        """Treat the newest entries of a feed's silent baseline as news.

        Returns:
            The number of entries, and of alerts that follow.

        Raises:
            CommandError: The feed was never polled, or never gave anything.
        """
        async with self._store.begin() as transaction:
            feed_id = await _feed_id(transaction, url)
            chosen = await transaction.entries.of_standing(feed_id, Standing.BASELINE, newest=count)
            return await self._publish(transaction, router, chosen)

    async def release(self, url: str, router: Router) -> tuple[int, int]:
        """Treat a feed's held entries as news.

        Returns:
            The number of entries, and of alerts that follow.

        Raises:
            CommandError: Nothing is held.
        """
        async with self._store.begin() as transaction:
            held = await self._take_held(transaction, url)
            return await self._publish(transaction, router, held)

    async def discard(self, url: str) -> int:
        """Keep a feed's held entries from ever alerting; gives their number.

        Raises:
            CommandError: Nothing is held.
        """
        async with self._store.begin() as transaction:
            held = await self._take_held(transaction, url)
            await transaction.entries.set_standing(
                [entry.entry_id for entry in held], Standing.DISCARDED
            )
            return len(held)

    async def _take_held(self, transaction: Transaction, url: str) -> Sequence[StoredEntry]:
        feed_id = await _feed_id(transaction, url)
        held = await transaction.entries.of_standing(feed_id, Standing.HELD)
        if not held:
            raise CommandError(f"Nothing of {url} is held.")
        await transaction.feeds.set_held(feed_id, held=False)
        return held

    async def _publish(
        self, transaction: Transaction, router: Router, chosen: Sequence[StoredEntry]
    ) -> tuple[int, int]:
        await transaction.entries.set_standing([entry.entry_id for entry in chosen], Standing.NEWS)
        return len(chosen), await publish(transaction, router, chosen, now=self._clock.now())


async def _feed_id(transaction: Transaction, url: str) -> int:
    state = await transaction.feeds.get(url)
    if state is not None and state.baseline_at is not None:
        return state.feed_id
    if state is not None and state.polled_at is not None:
        raise CommandError(
            f"{url} has given no feed yet ({state.failure or 'newsbot was offline'}): its entries "
            "are known once it does. `newsbot feeds` says when it is asked next."
        )
    raise CommandError(
        f"{url} has not been polled yet: its entries are known after the first poll. "
        "`newsbot feeds` lists the addresses as newsbot knows them."
    )
