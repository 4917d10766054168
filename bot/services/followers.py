"""Followers: which channels are to be told of a subject, and when, as it stands in one moment."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.channel import CONSOLE, Channel, Platform, Workspace
from bot.domain.entry import StoredEntry
from bot.domain.subscription import Following, MutedKind, Subscription
from bot.domain.topic import Topic
from bot.ports.store import Transaction
from bot.ports.subscriptions import Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A channel that follows a subject.

    Attributes:
        channel: Where alerts go.
        workspace: Whose entries it may see besides those of everybody's feeds.
        following: How it wants to be told; None for a channel of a rule file, told at once.
    """

    channel: Channel
    workspace: Workspace
    following: Following | None = None

    def held_until(self, now: datetime, *, breaking: bool) -> datetime | None:
        """When its digest is due; None where it is to be told at once.

        Args:
            now: The moment.
            breaking: Whether the subject is of breaking priority.
        """
        if self.following is None:
            return None
        cadence, quiet, zone = self.following.cadence, self.following.quiet, self.following.zone
        due = now if cadence is None else cadence.next_after(now, zone)
        if quiet is not None and not (cadence is None and breaking and self.following.breaking):
            due = quiet.over_at(due, zone) or due
        return due if due > now else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """What channels asked for in chat, as it stood in one moment.

    Attributes:
        revision: What `SubscriptionStore.revision` said then.
        subscriptions: All.
        mutes: Until when, by channel, kind and subject.
        exclusions: All.
        owners: Whose the entries of an added feed are, by the feed's row.
    """

    revision: int = -1
    subscriptions: tuple[Subscription, ...] = ()
    mutes: Mapping[tuple[Channel, MutedKind, str], datetime] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    owners: Mapping[int, frozenset[Workspace]] = field(default_factory=dict)

    @classmethod
    async def read(
        cls, transaction: Transaction, now: datetime, *, shared: Collection[str]
    ) -> "Desks":
        """As it stands now.

        Args:
            transaction: Within which.
            now: The moment.
            shared: Addresses of the feeds that are everybody's.
        """
        subscriptions = transaction.subscriptions
        return cls(
            revision=await subscriptions.revision(),
            subscriptions=tuple(await subscriptions.all()),
            mutes={
                (mute.channel, mute.kind, mute.subject): mute.until
                for mute in await subscriptions.mutes(now)
            },
            exclusions=tuple(await subscriptions.exclusions()),
            owners=await transaction.added_feeds.owners(shared=shared),
        )


class Followers:
    """Those of the rule files and those who subscribed."""

    def __init__(
        self,
        topics: Sequence[Topic],
        desks: Desks,
        *,
        platforms: frozenset[Platform],
    ) -> None:
        """Sort them by subject.

        Args:
            topics: From the rule files.
            desks: What channels asked for in chat.
            platforms: Those newsbot is connected to; what would go to another is shown on the
                console.
        """
        self._desks = desks
        self._by_subject: dict[str, dict[Channel, Follower]] = defaultdict(dict)
        for topic in topics:
            for channel in topic.channels:
                reached = channel if channel.platform in platforms else CONSOLE
                workspace = Workspace(channel.platform, channel.workspace)
                self._by_subject[topic.name][reached] = Follower(
                    channel=reached, workspace=workspace
                )
        for subscription in desks.subscriptions:
            # Who subscribed says how they want to be told, whatever the rule file says.
            if subscription.channel.platform in platforms:
                self._by_subject[subscription.name][subscription.channel] = Follower(
                    channel=subscription.channel,
                    workspace=subscription.workspace,
                    following=subscription.following,
                )

    def of(self, subject: str, stored: StoredEntry, now: datetime) -> Sequence[Follower]:
        """Who is to be told of an entry for this subject: who may see it and has not muted it.

        Args:
            subject: A topic's name, or `Subscription.name`.
            stored: The entry.
            now: The moment.
        """
        owners = self._desks.owners.get(stored.feed_id)
        return [
            follower
            for follower in self._by_subject.get(subject, {}).values()
            if (owners is None or follower.workspace in owners)
            and not self._is_muted(follower.channel, subject, stored, now)
        ]

    def in_channel(
        self, channel: Channel, subject: str, stored: StoredEntry, now: datetime
    ) -> Follower | None:
        """A channel as a follower of a subject, if it has not muted it or the entry.

        Whether its workspace may see the entry was decided when the entry came in.
        """
        follower = self._by_subject.get(subject, {}).get(channel)
        told = follower is not None and not self._is_muted(channel, subject, stored, now)
        return follower if told else None

    def follows(self, channel: Channel, subject: str) -> bool:
        """Whether a channel follows a subject, muted or not."""
        return channel in self._by_subject.get(subject, {})

    def _is_muted(self, channel: Channel, subject: str, stored: StoredEntry, now: datetime) -> bool:
        if not self._desks.mutes:
            return False
        muted = (
            (channel, MutedKind.TOPIC, subject),
            (channel, MutedKind.FEED, str(stored.feed_id)),
            (channel, MutedKind.STORY, str(stored.story_id)),
        )
        return any(self._desks.mutes.get(one, now) > now for one in muted)
