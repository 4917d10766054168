"""Still wanted: what of the alerts kept for a digest its channel wants when that is due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.alert import compose_alert
from bot.domain.channel import Channel
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert
from bot.ports.gathering import Kept
from bot.ports.store import Transaction
from bot.services.route import Router

_UNFOLLOWED = "no longer followed when its digest was due"
_MUTED = "muted when its digest was due"


@dataclass(frozen=True, slots=True, kw_only=True)
class StillWanted:
    """Looks through what one channel's digest is to hold.

    Attributes:
        transaction: Within which.
        router: Caught up in it.
        channel: Whose digest is due.
        now: The moment.
    """

    transaction: Transaction
    router: Router
    channel: Channel
    now: datetime

    async def of(self, kept: Sequence[Kept]) -> Sequence[Kept]:
        """Those that the channel wants now, each for what it follows and has not muted.

        What it wants no longer is dropped, as it would not alert now. What was due for one thing
        and is wanted for another is put off to the other's digest, counted from when it was kept.
        """
        entries: dict[int | None, list[StoredEntry]] = defaultdict(list)
        rows = {one.story_id for one in kept if one.story_id is not None}
        for stored in await self.transaction.entries.of_stories(rows):
            entries[stored.story_id].append(stored)
        looked_at = [await self._look(one, entries[one.story_id]) for one in kept]
        return [one for one in looked_at if one is not None]

    async def _look(self, one: Kept, entries: Sequence[StoredEntry]) -> Kept | None:
        """One as it is to be told now; None where it is not."""
        if not entries:  # swept meanwhile: nothing tells whether it is muted
            return one
        again = await self._again(one, entries)
        if again is None:
            await self._drop(one)
            return None
        alert, due = again
        is_put_off = due is not None and due > self.now
        if alert != one.alert or is_put_off:
            until = due or self.now
            await self.transaction.gathering.rewrite(one.delivery_id, alert, until=until)
        return None if is_put_off else replace(one, alert=alert)

    async def _drop(self, one: Kept) -> None:
        because = _MUTED if self.router.follows(self.channel, one.alert) else _UNFOLLOWED
        await self.transaction.gathering.drop(one.delivery_id, because=because)
        structlog.get_logger(__name__).info(
            "digest.dropped", channel=str(self.channel), headline=one.alert.headline, why=because
        )

    async def _again(
        self, one: Kept, entries: Sequence[StoredEntry]
    ) -> tuple[Alert, datetime | None] | None:
        """What is to be told of a story, and when, as `Router.again`; by whichever outlet may."""
        by_own_first = sorted(entries, key=lambda stored: stored.feed_name != one.alert.outlet)
        for stored in by_own_first:
            alert = one.alert
            if stored.feed_name != alert.outlet:
                alert = await self._by_other(stored, alert)
            again = self.router.again(
                self.channel, alert, stored, kept_at=one.kept_at, now=self.now
            )
            if again is not None:
                return again
        return None

    async def _by_other(self, stored: StoredEntry, alert: Alert) -> Alert:
        """The alert as another outlet's report gives it, for what that was found to match."""
        found = await self.transaction.entries.get(stored.entry_id)
        noted = {} if found is None else found.noted
        return compose_alert(stored, [one for one in alert.reasons if one.topic in noted])
