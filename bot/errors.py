"""The errors of newsbot, in one tree.

NewsbotError
├── ConfigError          a mistake in feeds.yaml, rules/ or the environment
├── QueryError           a query that cannot be read, with the place where it goes wrong
├── FeedError            one feed could not be polled
│   ├── FetchError       … because of the network or the publisher's server
│   └── ParseError       … because its document holds no feed
├── DeliveryError        one message could not be posted
│   ├── RateLimitedError …  the platform asks to wait; nothing was posted
│   ├── MessageRejectedError …  this message will never be accepted
│   ├── ChannelDeadError …  this channel accepts nothing until somebody mends it
│   ├── PlatformDownError …  the platform refused before accepting; try again
│   ├── UnauthorizedError …  the token is no longer valid: stop asking
│   └── OutcomeUnknownError …  the platform may or may not have posted it
├── CommandError         a request by a person that cannot be carried out, in words for that person
│   └── UsageError       … however things stand: it is to be asked in another way
└── StorageError         the database refused
    ├── StuckError       … for now: it is full, locked by another or not reached
    ├── NeverRunError    … because newsbot has not laid its tables there yet
    ├── OccupiedError    … because another newsbot is at work there
    ├── SchemaError      … because another version of newsbot has laid them
    └── BackupError      … because a backup cannot be made there, or put back

Adapters translate the exceptions of their libraries into these, once, with `raise … from`.
"""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class NewsbotError(Exception):
    """Whatever newsbot raises on purpose."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in one configuration file.

    Attributes:
        file: The path as the person gave it, e.g. `rules/us-china.yaml`.
        line: The line, counted from 1.
        what: What is wrong and how to mend it, in one sentence.
    """

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class ConfigError(NewsbotError):
    """Configuration that cannot be used; carries every mistake found, not the first."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class SettingsError(NewsbotError):
    """An environment variable that is missing or cannot be read."""


class QueryError(NewsbotError):
    """A query that cannot be read.

    Attributes:
        text: The whole query, as written.
        position: The character at which it goes wrong, counted from 0; the query's length where
            something is missing at its end.
        what: What is wrong there.
        suggestion: What to write instead.
    """

    def __init__(self, text: str, position: int, what: str, suggestion: str) -> None:
        super().__init__(f"{what}; {suggestion}")
        self.text = text
        self.position = position
        self.what = what
        self.suggestion = suggestion

    def caret(self) -> str:
        """Two lines for a terminal or a code block: what is around the place, and a ^ under it.

        At most `_CARET_WIDTH` characters of the query's one line are shown.
        """
        start = self.text.rfind("\n", 0, self.position) + 1
        before = self.text[start : self.position].expandtabs(1)
        after = self.text[self.position :].partition("\n")[0].expandtabs(1)
        if len(before) > _CARET_WIDTH // 2:
            before = f"…{before[1 - _CARET_WIDTH // 2 :]}"
        room = _CARET_WIDTH - len(before)
        if len(after) > room:
            after = f"{after[: room - 1]}…"
        return f"{before}{after}\n{' ' * _columns(before)}^"


_CARET_WIDTH = 72


def _columns(text: str) -> int:
    """How wide a terminal shows a text: East Asian characters take two columns, accents none."""
    wide = sum(unicodedata.east_asian_width(character) in {"W", "F"} for character in text)
    none = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - none


class FeedError(NewsbotError):
    """One feed could not be polled.

    Attributes:
        url: The feed's address.
    """

    def __init__(self, url: str, what: str) -> None:
        super().__init__(what)
        self.url = url


class FetchFault(StrEnum):
    """Why a fetch failed, as far as polling treats it differently."""

    GONE = "gone"
    """410: the publisher says it will not come back."""
    NOT_FOUND = "not found"
    """404."""
    THROTTLED = "throttled"
    """429, or 503 with Retry-After."""
    DENIED = "denied"
    """401 or 403."""
    SERVER = "server error"
    """Any other status that is not a success."""
    NETWORK = "network"
    """No answer: DNS, connection, TLS or the time limit. Only these can be our own outage."""
    TOO_LARGE = "too large"
    """The body passed the limit."""
    REFUSED = "refused"
    """We will not call this address."""


class FetchError(FeedError):
    """The document could not be had.

    Attributes:
        fault: The kind of failure.
        status: The HTTP status, where there was one.
        retry_after: How long the server asked us to stay away.
    """

    def __init__(
        self,
        url: str,
        what: str,
        *,
        fault: FetchFault,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(url, what)
        self.fault = fault
        self.status = status
        self.retry_after = retry_after


class ParseError(FeedError):
    """The document holds no feed, or could not be read within the parser's limits."""


class DeliveryError(NewsbotError):
    """One message could not be posted."""


class RateLimitedError(DeliveryError):
    """The platform asks to wait; nothing was posted.

    Attributes:
        retry_after: How long to wait.
    """

    def __init__(self, what: str, *, retry_after: timedelta) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class MessageRejectedError(DeliveryError):
    """The platform will never accept this message; others may pass."""


class ChannelDeadError(DeliveryError):
    """The channel accepts nothing until somebody mends it (archived, deleted, bot not in it)."""


class PlatformDownError(DeliveryError):
    """The platform refused, or was not reached, before accepting: nothing was posted."""


class UnauthorizedError(DeliveryError):
    """The platform no longer accepts the token: nothing more may be asked of it."""


class OutcomeUnknownError(DeliveryError):
    """The connection broke after the request left: it may or may not have been posted."""


class CommandError(NewsbotError):
    """A person's request that cannot be carried out; the text is fit to show them."""


class UsageError(CommandError):
    """A person's request with a mistake in it, which is to be asked in another way."""


class StorageError(NewsbotError):
    """The database refused or could not be reached."""


class StuckError(StorageError):
    """The database takes nothing for now: it is full, locked by another or not reached."""


class NeverRunError(StorageError):
    """There is no database of newsbot's there yet."""


class OccupiedError(StorageError):
    """Another newsbot is at work on this database, which only one may be."""


class SchemaError(StorageError):
    """The database's schema is that of another version of newsbot."""


class BackupError(StorageError):
    """A backup that cannot be made or put back, with what to do about it."""
