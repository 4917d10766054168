"""Feed: a polled URL, as configured, and what polling remembers of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DEFAULT_FASTEST = timedelta(minutes=2)
DEFAULT_SLOWEST = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class PollBounds:
    """How often a feed may be polled: the interval adapts between the two.

    Equal bounds are a fixed interval.
    """

    fastest: timedelta = DEFAULT_FASTEST
    slowest: timedelta = DEFAULT_SLOWEST


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as feeds.yaml describes it.

    Attributes:
        url: The address as configured; the feed's identity.
        name: The outlet and section as readers know it, e.g. `BBC World`.
        section: The heading in feeds.yaml the feed stands under.
        tags: Slugs that every entry of the feed carries.
        bounds: How often to poll.
        headers: Extra request headers, a login's `Authorization` included; secret.
        paused: Kept in the list but not polled.
    """

    url: str
    name: str
    section: str = ""
    tags: frozenset[str] = frozenset()
    bounds: PollBounds = PollBounds()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    paused: bool = False


@dataclass(frozen=True, slots=True)
class FeedState:
    """What polling remembers of a feed between two polls.

    Attributes:
        feed_id: The feed's row.
        url: The address as configured.
        due_at: When to poll next.
        polled_at: The last poll, successful or not.
        succeeded_at: The last poll that gave a feed (304 included).
        baseline_at: When the silent baseline was taken; None before first sight.
        arrived_at: When the newest entry was first seen.
        gap: Smoothed time between two new entries; None until known.
        ttl: The shortest interval the publisher asked for in the document.
        skip_hours: Hours of the day, GMT, in which the publisher asks not to be polled.
        skip_days: Weekdays (Monday is 0), GMT, of the same kind.
        etag: Validator of the last document.
        last_modified: Validator of the last document.
        body_hash: SHA-256 of the last document.
        fragments: Digests of the raw entries in the last document; entries among them are not
            parsed again.
        shared_keys: Identity keys that the feed's documents contradict: several entries have them.
        failures: Failed polls in a row.
        failing_since: The first of them.
        failure: What the last one said.
        failure_told: Whether the ops channel was told of this failure.
        moved_to: Where permanent redirects lead, followed since they were seen often enough.
        move_seen: The target of the permanent redirect now under observation.
        move_sightings: How often in a row it was seen.
        held: Whether entries of this feed wait for a person to release or discard them.
    """

    feed_id: int
    url: str
    due_at: datetime
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    baseline_at: datetime | None = None
    arrived_at: datetime | None = None
    gap: timedelta | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    fragments: frozenset[bytes] = frozenset()
    shared_keys: frozenset[bytes] = frozenset()
    failures: int = 0
    failing_since: datetime | None = None
    failure: str | None = None
    failure_told: bool = False
    moved_to: str | None = None
    move_seen: str | None = None
    move_sightings: int = 0
    held: bool = False

    @property
    def is_unreached(self) -> bool:
        """Whether the last poll had no answer and that was not counted: newsbot was offline."""
        return not self.failures and self.polled_at != self.succeeded_at
