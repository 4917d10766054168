"""Store: the database, and one transaction on it."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Platform
from bot.ports.channels import ChannelStore
from bot.ports.chat import AddedFeedStore, AskedStore, CardStore
from bot.ports.deliveries import DeliveryStore
from bot.ports.entries import EntryStore
from bot.ports.feeds import FeedStore
from bot.ports.gathering import GatheringStore
from bot.ports.installations import InstallationStore
from bot.ports.subscriptions import SubscriptionStore


class HeartbeatStore(Protocol):
    """Signs of life of running processes, and how their connections stand."""

    async def beat(
        self,
        process: str,
        *,
        started_at: datetime,
        now: datetime,
        lines: Mapping[Platform, datetime | None],
    ) -> None:
        """Note that a process is alive, and since when each of its connections is down.

        Args:
            process: A name of its own.
            started_at: When it began.
            now: The time.
            lines: By platform, those it has; None where it is up.
        """
        ...

    async def latest(self) -> datetime | None:
        """The newest sign of life of any process."""
        ...

    async def down(self, *, alive_since: datetime) -> Mapping[Platform, datetime]:
        """Platforms that every process with a connection to them has lost, with since when.

        What a process left that gave no sign of life since `alive_since` tells nothing.
        """
        ...

    async def sweep(self, *, before: datetime) -> None:
        """Forget processes that gave no sign of life since then."""
        ...

    async def stop(self, process: str) -> None:
        """Note that a process ended in good order."""
        ...


class Transaction(Protocol):
    """One transaction: everything in it is written, or nothing."""

    @property
    def feeds(self) -> FeedStore:
        """Feeds."""
        ...

    @property
    def entries(self) -> EntryStore:
        """Entries."""
        ...

    @property
    def deliveries(self) -> DeliveryStore:
        """Deliveries."""
        ...

    @property
    def channels(self) -> ChannelStore:
        """Channels."""
        ...

    @property
    def heartbeats(self) -> HeartbeatStore:
        """Heartbeats."""
        ...

    @property
    def subscriptions(self) -> SubscriptionStore:
        """Subscriptions, mutes and exclusions."""
        ...

    @property
    def asked(self) -> AskedStore:
        """What people asked."""
        ...

    @property
    def cards(self) -> CardStore:
        """Alerts that stand in channels."""
        ...

    @property
    def added_feeds(self) -> AddedFeedStore:
        """Feeds added in chat."""
        ...

    @property
    def gathering(self) -> GatheringStore:
        """What is kept for digests."""
        ...

    @property
    def installations(self) -> InstallationStore:
        """Workspaces newsbot was added to."""
        ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction: committed at the end of the block, undone where the block raises.

        Raises:
            StorageError: The database cannot be reached or refuses.
        """
        ...

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that only reads: one moment's view, in nobody's way.

        Raises:
            StorageError: The database cannot be reached.
        """
        ...
