"""Ports: what the use cases ask of the world; adapters answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.catalog import Catalog
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.entry import ParsedFeed
from bot.domain.message import Message, MessageRef


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds of this clock."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One conditional GET.

    Attributes:
        url: Absolute http(s) address.
        etag: Validator to send as If-None-Match.
        last_modified: Validator to send as If-Modified-Since.
        headers: Extra headers, secret; sent to the address's own origin only.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What a server answered: a document, or that it has not changed.

    Attributes:
        url: The address that answered, after redirects.
        body: The decompressed document; None where the server answered 304.
        content_type: The header as sent, with its charset; empty where absent.
        etag: Validator for the next request.
        last_modified: Validator for the next request.
        max_age: For how long Cache-Control or Expires calls the answer fresh; None if not said.
        moved_to: The last address of an unbroken run of 301/308 from the one asked; None if none.
    """

    url: str
    body: bytes | None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None


class Fetcher(Protocol):
    """Asks a publisher's server for a document."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Ask once.

        Raises:
            FetchError: No document could be had.
        """
        ...


class Parser(Protocol):
    """Reads entries out of a document."""

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        known: frozenset[bytes] = frozenset(),
    ) -> ParsedFeed:
        """Read a document in any feed format.

        Args:
            body: The document, as served.
            url: Where it came from; the base of relative links.
            content_type: The HTTP header, for the charset.
            known: Digests of raw entries not to be parsed again.

        Raises:
            ParseError: It is no feed, or reading it took too much time or memory.
        """
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `newsbot doctor` looked at.

    Attributes:
        ok: Whether it is as it should be.
        what: What was looked at and what was found, e.g. `slack:C0123: newsbot is a member`.
        remedy: What to do; empty where all is well.
        refusal: What the platform said where it refuses the token itself; empty otherwise.
        workspace: Whose the channel or the token is that was looked at; None where that is not
            told, or the token is the only one.
    """

    ok: bool
    what: str
    remedy: str = ""
    refusal: str = ""
    workspace: Workspace | None = None


class Messenger(Protocol):
    """Posts messages on one chat platform.

    `post` raises the `DeliveryError` that says whether the platform may have accepted.
    """

    @property
    def platform(self) -> Platform:
        """The platform it posts on."""
        ...

    @property
    def pace(self) -> timedelta:
        """The least time between two messages in one channel."""
        ...

    async def post(
        self,
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        """Post one message, once.

        Args:
            channel: Where.
            message: What.
            nonce: The delivery's key, at most 25 characters, by which `find` knows it again.
            before: When the message begins to be another's to send: no request is begun then or
                later. None: at any time.
            thread: The message of ours in whose thread it is to stand, where the channel has
                threads; None for the channel itself.

        Raises:
            RateLimitedError: Asked to wait; not posted.
            MessageRejectedError: Refused for good; not posted.
            ChannelDeadError: The channel accepts nothing; not posted.
            PlatformDownError: Not accepted, or not begun in time; may be tried again.
            UnauthorizedError: The token is not valid; not posted.
            OutcomeUnknownError: May have been posted; ask `find`.
        """
        ...

    async def find(
        self,
        channel: Channel,
        *,
        nonce: str,
        message: Message,
        since: datetime,
        known: MessageRef | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef | None:
        """Look in the channel's history for a message posted with this nonce.

        Args:
            channel: Where it would stand.
            nonce: The delivery's key.
            message: What was sent: Discord does not give the nonce back, so there the content
                tells as well.
            since: When it was first sent.
            known: A message of ours that stands there: only a history that shows it is believed
                to lack the other. None where there is none.
            thread: As it was posted.

        Returns:
            Where it stands, or None if posting it now with the same nonce cannot double it.

        Raises:
            PlatformDownError: The platform does not answer; look again later.
            OutcomeUnknownError: The same.
            DeliveryError: It cannot be told (no right to read history, too long a history, …).
        """
        ...

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """Test the token, its rights and each channel, posting nothing."""
        ...

    async def close(self) -> None:
        """Let go of connections; waits for posts under way."""
        ...


class Connection(Protocol):
    """A platform's live connection, over which commands arrive."""

    @property
    def is_up(self) -> bool:
        """Whether commands arrive just now."""
        ...

    async def run(self) -> None:
        """Stay connected, reconnecting as needed, until cancelled.

        Raises:
            UnauthorizedError: The token is not valid; trying again is of no use.
        """
        ...


class CatalogSource(Protocol):
    """The feeds and topics as configured, which may change while newsbot runs."""

    def refresh(self) -> Catalog | None:
        """The catalog as it stands now, if it changed since it was last asked for.

        Raises:
            ConfigError: It changed and holds mistakes; raised once for each change.
        """
        ...
