"""Store: what the use cases ask of the database."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.channel import Channel
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.entry import StoredEntry
from bot.domain.feed import Feed, FeedState
from bot.domain.identity import Identified
from bot.domain.message import Message, MessageRef, Reason
from bot.domain.news import Known, Standing
from bot.ports.chat import AddedFeedStore, AskedStore, CardStore
from bot.ports.gathering import GatheringStore
from bot.ports.installations import InstallationStore
from bot.ports.subscriptions import SubscriptionStore
from bot.query.lookup import Lookup


class FeedStore(Protocol):
    """What polling remembers."""

    async def add(self, urls: Collection[str], *, due_at: datetime) -> None:
        """Begin to remember feeds; those known already are left as they are."""
        ...

    async def get(self, url: str) -> FeedState | None:
        """One feed's state by its configured address."""
        ...

    async def all(self) -> Sequence[FeedState]:
        """Every feed ever polled, configured or not."""
        ...

    async def ids(self, urls: Collection[str]) -> Mapping[str, int]:
        """The rows of those of these feeds that are remembered, by address."""
        ...

    async def due(self, now: datetime) -> Sequence[str]:
        """Addresses of the feeds due by now, the longest overdue first, configured or not."""
        ...

    async def save(self, state: FeedState) -> None:
        """Write a state down, `held` excepted: a person may change that at any time."""
        ...

    async def lock(self, feed_id: int) -> None:
        """Keep other processes from storing a document of this feed until the transaction ends."""
        ...

    async def set_held(self, feed_id: int, *, held: bool) -> None:
        """Note whether entries of the feed wait for a person."""
        ...

    async def forgive(self, urls: Collection[str], *, since: datetime, due_at: datetime) -> int:
        """Undo these feeds' failures that began since then; gives their number.

        They were our own outage. A feed that is not due sooner is due then.
        """
        ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where search has an entry: by the minute it appeared in, then as newsbot saw them.

    Attributes:
        number: Higher for the newer.
        entry_id: Decides between two of the same number.
    """

    number: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries a search looks at.

    Attributes:
        lookup: What an index must have for them; None: nothing in particular.
        feed_id: Those of one feed only.
        since: Those that appeared then or later, to the minute.
        until: Those that appeared before, to the minute.
    """

    lookup: Lookup | None = None
    feed_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry and what newsbot made of it.

    Attributes:
        stored: The entry.
        standing: How it came in.
        noted: The topics it matched when it was routed, each with the time.
    """

    stored: StoredEntry
    standing: Standing
    noted: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An entry that came again.

    Attributes:
        stored: As it stands now.
        says_other: Whether its words or tags changed; a new date alone says nothing.
    """

    stored: StoredEntry
    says_other: bool


class EntryStore(Protocol):
    """What was published."""

    async def known(self, feed_id: int, keys: Collection[bytes]) -> Mapping[bytes, Known]:
        """Which of these identity keys the feed has had, and what stands under them."""
        ...

    async def known_titles(self, feed_id: int, titles: Collection[str]) -> frozenset[str]:
        """Which of these titles the feed has had, on any day."""
        ...

    async def add(
        self,
        feed: Feed,
        feed_id: int,
        found: Sequence[Identified],
        *,
        standing: Standing,
        now: datetime,
    ) -> Sequence[StoredEntry]:
        """Store new entries, each with its story, in the order given.

        An entry whose story key is known joins that story.
        """
        ...

    async def edit(self, entry_id: int, found: Identified, feed: Feed, *, now: datetime) -> Edited:
        """Replace an entry's content and add the keys it has now."""
        ...

    async def set_standing(self, entry_ids: Collection[int], standing: Standing) -> None:
        """Move entries from one standing to another."""
        ...

    async def of_standing(
        self, feed_id: int, standing: Standing, *, newest: int | None = None
    ) -> Sequence[StoredEntry]:
        """A feed's entries of one standing, oldest publication first; `newest` limits them."""
        ...

    async def at(self, key: bytes) -> Sequence[Kept]:
        """Entries of any feed that have this key of an address, the earliest seen first."""
        ...

    async def get(self, entry_id: int) -> Kept | None:
        """One entry by its row."""
        ...

    async def of_stories(self, story_ids: Collection[int]) -> Sequence[StoredEntry]:
        """The entries of any feed that report these stories, the earliest seen first."""
        ...

    def newest_first(self) -> AsyncIterator[StoredEntry]:
        """All entries as first seen, newest first, read in batches."""
        ...

    def candidates(
        self, wanted: Wanted, *, after: Place | None, first: int
    ) -> AsyncGenerator[tuple[Place, StoredEntry], None]:
        """Entries that may be what a search looks for, none left out, newest first.

        Args:
            wanted: What it looks for.
            after: Go on behind this place.
            first: How many to read at first; further ones are read in larger batches.
        """
        ...

    async def add_matches(self, entry_id: int, reasons: Sequence[Reason], *, now: datetime) -> None:
        """Note which topics an entry matched; known ones are left as they are."""
        ...

    async def sweep(self, feed_id: int, *, before: datetime, keys_before: datetime) -> int:
        """Delete entries first seen before then that the feed no longer shows.

        Identity keys stay until `keys_before`. Gives the number of entries deleted.
        """
        ...

    async def sweep_stories(self, *, before: datetime) -> None:
        """Delete stories from before then that no entry reports any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery to be written.

    Attributes:
        channel: Where to.
        key: What makes it unique there: a second one with the same key is not written.
        message: What.
        story_id: The story it alerts of; None for a notice.
        held_until: When the digest that is to gather it is due; None to send it now.
        thread: The key of the message in whose thread it is to stand; None for the channel itself,
            where it also goes if that message was not sent.
    """

    channel: Channel
    key: str
    message: Message
    story_id: int | None = None
    held_until: datetime | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an attempt ended.

    Attributes:
        state: The state to write.
        due_at: When to try or look again, for `pending` and `unknown`.
        ref: Where it stands, for `sent`.
        error: What the platform said.
    """

    state: DeliveryState
    due_at: datetime | None = None
    ref: MessageRef | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery taken for sending.

    Attributes:
        delivery: As it stood when it was taken: `pending` is to be sent, `unknown` to be looked
            for first.
        lease: The token that settling must show; another process may have taken over by then.
        known: Of one to be looked for, where the channel's last message before it stands; None
            where there is none.
    """

    delivery: Delivery
    lease: str
    known: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a delivery is.

    Attributes:
        channel: Where to.
        message: What.
        state: Where it stands.
        created_at: When it was written.
        due_at: When it is or was to be tried (again).
        sent_at: When it was sent; None before.
        error: What the platform last said; None for nothing.
    """

    channel: Channel
    message: Message
    state: DeliveryState
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None = None
    error: str | None = None


class DeliveryStore(Protocol):
    """What is on its way to channels."""

    async def add(self, outgoing: Sequence[Outgoing], *, now: datetime) -> int:
        """Write deliveries down; gives how many were not there before.

        One takes the place of one of the same key that was dropped; one that is to be sent now,
        that of one that a digest has yet to gather, too.
        """
        ...

    async def of_story(self, story_id: int) -> Sequence[Progress]:
        """The deliveries that alert of a story, the oldest first."""
        ...

    async def channels_due(self, now: datetime) -> Sequence[Channel]:
        """Channels with something to send or to clear up by now, those set aside left out."""
        ...

    async def claim(self, channel: Channel, *, now: datetime, lease: timedelta) -> Claim | None:
        """Take the channel's oldest open delivery and write it down as `sending`.

        One whose outcome is unknown, or that an ended process left open, is given as `unknown`
        and written down as `checking`. None where nothing is due, or the oldest is in another's
        hands.
        """
        ...

    async def settle(self, claim: Claim, settlement: Settlement, *, now: datetime) -> bool:
        """Write down how an attempt ended; False if the lease had passed to another."""
        ...

    async def set_aside(
        self, channel: Channel, *, reason: str, now: datetime, retry_at: datetime
    ) -> bool:
        """Send nothing to a channel until then; gives whether it was not set aside before."""
        ...

    async def restore(self, channel: Channel) -> bool:
        """Take a channel up again; gives whether it had been set aside."""
        ...

    async def set_aside_channels(self) -> Mapping[Channel, str]:
        """The channels set aside, each with the reason."""
        ...

    async def expire(
        self, *, before: datetime, now: datetime
    ) -> Mapping[Channel, Sequence[Message]]:
        """Give up what was written before then and is not posted or being posted, by channel."""
        ...

    async def count(self) -> Mapping[DeliveryState, int]:
        """How many deliveries stand in each state."""
        ...

    async def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the most overdue delivery waits, channels set aside left out."""
        ...

    async def sweep(self, *, before: datetime) -> int:
        """Delete finished deliveries written before then; gives their number."""
        ...


class HeartbeatStore(Protocol):
    """Signs of life of running processes."""

    async def beat(self, process: str, *, started_at: datetime, now: datetime) -> None:
        """Note that a process is alive."""
        ...

    async def latest(self) -> datetime | None:
        """The newest sign of life of any process."""
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
