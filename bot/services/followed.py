"""Followed: what a channel follows, by rule files and by subscription."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.subscription import Subscription
from bot.domain.topic import Topic
from bot.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class Followed:
    """What channels of one workspace follow.

    Attributes:
        topics: The topics in force.
        subscriptions: The workspace's.
        workspace: Whose.
    """

    topics: Sequence[Topic]
    subscriptions: Sequence[Subscription]
    workspace: Workspace

    def topics_in(self, channel: Channel) -> Sequence[Topic]:
        """The topics a channel follows."""
        named = {one.following.topic for one in self._of(channel)}
        return [topic for topic in self.topics if channel in topic.channels or topic.name in named]

    def queries_in(self, channel: Channel) -> Sequence[Subscription]:
        """A channel's subscriptions to queries."""
        return [one for one in self._of(channel) if one.following.query]

    def channels_of(self, topic: Topic, *, here: Channel) -> Sequence[Channel]:
        """The workspace's channels that follow a topic, the one named as here first.

        A rule file does not say to which guild a channel on Discord belongs: of those, only the
        one that is asked from is told.
        """
        named = [channel for channel in topic.channels if self._owns(channel) or channel == here]
        named += [one.channel for one in self.subscriptions if one.following.topic == topic.name]
        return sorted(dict.fromkeys(named), key=lambda channel: channel != here)

    def _of(self, channel: Channel) -> Iterable[Subscription]:
        return (one for one in self.subscriptions if one.channel == channel)

    def _owns(self, channel: Channel) -> bool:
        is_told = channel.platform is not Platform.DISCORD
        return is_told and Workspace(channel.platform, channel.workspace) == self.workspace


async def followed(
    transaction: Transaction, topics: Sequence[Topic], workspace: Workspace
) -> Followed:
    """What channels of a workspace follow."""
    return Followed(topics, await transaction.subscriptions.of_workspace(workspace), workspace)
