"""Message: the platform-neutral content that a delivery carries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.tag import slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a story alerted: one topic and the words that decided.

    Attributes:
        topic: The topic's name, e.g. `us-china`.
        title: The topic's title as shown to people, e.g. `US–China relations`.
        words: What was found, as written in the story, each with its place, e.g.
            `("tag us-china", "“Beijing” in the title")`.
    """

    topic: str
    title: str
    words: tuple[str, ...]

    @property
    def aside(self) -> str:
        """The name people type, where the title does not tell it; empty where it does."""
        return "" if slug(self.title) == self.topic else self.topic

    @property
    def evidence(self) -> tuple[str, ...]:
        """The words for a card: the tag that has the topic's own name is not named once more."""
        return tuple("its tag" if word == f"tag {self.topic}" else word for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One story for one channel.

    Attributes:
        headline: Plain text.
        url: Absolute http(s) link; None where the feed gave none.
        summary: Two or three sentences of plain text; empty where the feed gave no text.
        outlet: The feed's name.
        published: The publisher's time, or the time newsbot first saw the story; aware, UTC.
        reasons: One for each topic matched that the channel follows, at least one.
        tags: Slugs of the entry and its feed, the entry's first.
        image: Absolute http(s) link.
        mentions: Whom it pings, as in `bot.domain.subscription.Following.mention`.
        claimed_by: The platform's identifier of the person who took the story on; None for nobody.
    """

    headline: str
    url: str | None = None
    summary: str
    outlet: str
    published: datetime
    reasons: tuple[Reason, ...]
    tags: tuple[str, ...] = ()
    image: str | None = None
    mentions: tuple[str, ...] = ()
    claimed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    """What a digest has of one topic.

    Attributes:
        title: The topic's or query's, as shown to people.
        alerts: The best first.
    """

    title: str
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Many alerts in one message, or one page of them.

    Attributes:
        since: When the first of all of them was kept for it, on every page.
        stories: How many there are on all pages.
        groups: Those of this page, at least one; a story stands in one group only.
        page: Counted from 1; a further one stands in the thread of the first.
        pages: How many there are.
    """

    since: datetime
    stories: int
    groups: tuple[DigestGroup, ...]
    page: int = 1
    pages: int = 1

    @property
    def title(self) -> str:
        """One line."""
        more = f" ({self.page} of {self.pages})" if self.pages > 1 else ""
        return f"Digest: {self.stories} stories{more}"


class Gravity(StrEnum):
    """How a notice is to be taken."""

    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something whoever runs newsbot should know.

    Attributes:
        title: What happened, to which thing.
        text: The particulars and what to do next.
        gravity: Whether something is wrong.
    """

    title: str
    text: str
    gravity: Gravity = Gravity.WARNING


Message = Alert | Digest | Notice


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a posted message stands on its platform.

    Attributes:
        id: Slack's `ts`, Discord's message id, a counter on the console.
        channel: The channel's id as the platform answered it.
    """

    id: str
    channel: str
