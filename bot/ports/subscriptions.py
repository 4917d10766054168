"""Subscriptions: what channels follow and do not want to hear of, as the use cases ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Channel, Workspace
from bot.domain.subscription import Following, Mute, MutedKind, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What a channel does not want to have of one subject.

    Attributes:
        channel: Whose.
        subject: A topic's name, or `Subscription.name`.
        query: What is not wanted, in the query language.
        added_by: The platform's identifier of the person.
    """

    channel: Channel
    subject: str
    query: str
    added_by: str


class SubscriptionStore(Protocol):
    """Subscriptions, mutes and exclusions."""

    async def revision(self) -> int:
        """A number that rises with every change of what is followed, muted, excluded or added."""
        ...

    async def add(
        self,
        workspace: Workspace,
        channel: Channel,
        following: Following,
        *,
        created_by: str,
        now: datetime,
    ) -> Subscription:
        """Begin to follow; what the channel follows already is changed and keeps its row.

        Raises:
            CommandError: The channel follows it by another workspace's wish.
        """
        ...

    async def get(self, subscription_id: int) -> Subscription | None:
        """One subscription by its row."""
        ...

    async def of_channel(self, channel: Channel) -> Sequence[Subscription]:
        """What a channel follows by subscription, the oldest first."""
        ...

    async def of_workspace(self, workspace: Workspace) -> Sequence[Subscription]:
        """What all channels of a workspace follow, the oldest first."""
        ...

    async def all(self) -> Sequence[Subscription]:
        """Every subscription, the oldest first."""
        ...

    async def remove(self, subscription_id: int) -> bool:
        """Follow no longer; gives whether it was followed."""
        ...

    async def mute(self, mute: Mute) -> None:
        """Mute; what is muted already is muted until this time instead."""
        ...

    async def unmute(self, channel: Channel, kind: MutedKind, subject: str) -> bool:
        """End a mute; gives whether there was one."""
        ...

    async def mutes(self, now: datetime) -> Sequence[Mute]:
        """Every mute in force, by channel."""
        ...

    async def exclude(self, exclusion: Exclusion, *, now: datetime) -> bool:
        """Exclude; gives whether that is new."""
        ...

    async def include(self, exclusion: Exclusion) -> bool:
        """End an exclusion; gives whether there was one."""
        ...

    async def exclusions(self) -> Sequence[Exclusion]:
        """Every exclusion, by channel."""
        ...

    async def sweep(self, *, before: datetime) -> None:
        """Delete mutes that were over then."""
        ...
