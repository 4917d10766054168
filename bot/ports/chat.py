"""Chat: what commands and buttons ask of the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.channel import Channel, Workspace
from bot.domain.message import Alert, MessageRef


class AskedKind(StrEnum):
    """What a text that is kept says, so that no button takes it for something else."""

    QUERY = "query"
    SEARCH = "search"
    STORIES = "stories"
    WISH = "wish"
    MEANT = "meant"
    MUTED = "muted"
    PASSED_OVER = "passed-over"
    EXCLUSION = "exclusion"
    ADDRESS = "address"
    FEED = "feed"


class AskedStore(Protocol):
    """What people asked, kept so that a button can go on with it."""

    async def keep(
        self, kind: AskedKind, text: str, *, workspace: Workspace, user: str, now: datetime
    ) -> str:
        """Keep a text; gives its key, 16 ASCII characters that cannot be guessed."""
        ...

    async def get(self, kind: AskedKind, key: str, *, workspace: Workspace) -> str | None:
        """The text of a key; None where this workspace has none of the kind."""
        ...

    async def sweep(self, *, before: datetime) -> None:
        """Delete what was kept before then."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An alert as it was posted.

    Attributes:
        nonce: Its delivery's.
        channel: Where it stands.
        alert: What it says, with whoever claimed it.
        story_id: The story it alerts of; None where that was swept.
        ref: Where exactly it stands; None where it is not known to have been posted.
    """

    nonce: str
    channel: Channel
    alert: Alert
    story_id: int | None
    ref: MessageRef | None


class CardStore(Protocol):
    """Alerts that stand in channels, by the nonce of their deliveries."""

    async def get(self, nonce: str) -> Card | None:
        """One card; None where it was swept or is no alert."""
        ...

    async def claim(self, nonce: str, user: str, *, now: datetime) -> str | None:
        """Take a story on, unless somebody has; gives who has it now, None without such a card."""
        ...

    async def release(self, nonce: str) -> None:
        """Give a story back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFeed:
    """A feed that people added in chat.

    Attributes:
        workspace: Whose; its entries reach no other.
        url: The feed's address.
        name: As shown to readers.
        added_by: The platform's identifier of the person.
        added_at: When.
    """

    workspace: Workspace
    url: str
    name: str
    added_by: str
    added_at: datetime


class AddedFeedStore(Protocol):
    """Feeds beside those of feeds.yaml."""

    async def add(self, feed: AddedFeed) -> bool:
        """Watch a feed for a workspace; gives whether it did not have it yet."""
        ...

    async def remove(self, workspace: Workspace, url: str) -> bool:
        """Watch it no longer for this workspace; gives whether it had it."""
        ...

    async def of_workspace(self, workspace: Workspace) -> Sequence[AddedFeed]:
        """A workspace's, by name."""
        ...

    async def all(self) -> Sequence[AddedFeed]:
        """Those of every workspace, by address; one that two added stands there twice."""
        ...

    async def owners(self, *, shared: Collection[str]) -> Mapping[int, frozenset[Workspace]]:
        """Whose the entries of an added feed are, by the feed's row; nobody's once it is removed.

        Args:
            shared: Addresses of the feeds that are everybody's, whoever added them besides.
        """
        ...
