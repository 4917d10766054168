"""Subscription: a channel's standing request for a topic or a query."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.cadence import Cadence
from bot.domain.channel import Channel, Workspace
from bot.domain.quiet import QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What is asked for, and how it is to be brought.

    Attributes:
        topic: The name of a topic; None where `query` is given.
        query: A query, as written; None where `topic` is given.
        cadence: When its digests are due; None for alerts at once.
        quiet: When alerts are held for a digest at the end; None for never.
        breaking: Whether topics of breaking priority pass the quiet hours.
        zone: The desk's time zone.
        mention: Whom each instant alert is to ping, as the platform's edge wrote it (`group:S1`,
            `role:2`, `user:U3`); None for nobody.
    """

    topic: str | None = None
    query: str | None = None
    cadence: Cadence | None = None
    quiet: QuietHours | None = None
    breaking: bool = False
    zone: ZoneInfo
    mention: str | None = None

    @property
    def subject(self) -> str:
        """What makes it unique in its channel: the topic's name or the query."""
        return self.topic or self.query or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A request that stands.

    Attributes:
        subscription_id: The row.
        workspace: Who may see and change it.
        channel: Who is told.
        following: What of, and how.
        created_by: The platform's identifier of the person who asked.
        created_at: When.
    """

    subscription_id: int
    workspace: Workspace
    channel: Channel
    following: Following
    created_by: str
    created_at: datetime

    @property
    def name(self) -> str:
        """By what a match is noted: the topic's name, or one that no topic can have."""
        return self.following.topic or f"?{self.subscription_id}"


class MutedKind(StrEnum):
    """What can be muted."""

    TOPIC = "topic"
    FEED = "feed"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Something a channel does not want to hear of for a while.

    Attributes:
        channel: Whose.
        kind: What kind of thing.
        subject: A topic's name or `Subscription.name`, a feed's row or a story's row.
        until: When it may be heard of again.
        muted_by: The platform's identifier of the person.
    """

    channel: Channel
    kind: MutedKind
    subject: str
    until: datetime
    muted_by: str
