"""Notices: what whoever runs newsbot is told, in the ops channel."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.channel import Channel, Workspace
from bot.domain.duration import spell
from bot.domain.feed import Feed, FeedState
from bot.domain.message import Alert, Digest, Gravity, Message, Notice

_NAMED = 5


def feed_failing(feed: Feed, state: FeedState, *, now: datetime) -> Notice:
    """A feed has failed for long or for good, or never worked."""
    polls = "1 poll" if state.failures == 1 else f"{state.failures} polls"
    if state.succeeded_at is None:
        return Notice(
            title=f"Feed not working: {feed.name}",
            text=(
                f"It has never worked ({polls}): {state.failure}. "
                f"newsbot goes on asking; its address in feeds.yaml: {feed.url}"
            ),
        )
    since = now - (state.failing_since or now)
    lasted = f"for {spell(since)}" if since else "now"
    return Notice(
        title=f"Feed failing: {feed.name}",
        text=(
            f"It has failed {lasted} ({polls}): {state.failure}. newsbot goes on asking; "
            f"if the feed has moved or ended, change or remove it in feeds.yaml: {feed.url}"
        ),
    )


def feed_recovered(feed: Feed, state: FeedState, *, now: datetime) -> Notice:
    """A feed of which a failure was told answers again, or for the first time."""
    since = spell(now - (state.failing_since or now))
    never = state.succeeded_at is None
    return Notice(
        title=f"Feed {'working' if never else 'back'}: {feed.name}",
        text=(
            f"It answers {'now' if never else 'again'}, after {since}. "
            f"Nothing needs to be done. {feed.url}"
        ),
        gravity=Gravity.INFO,
    )


def feed_flooded(feed: Feed, count: int, total: int) -> Notice:
    """Most of a known feed looks new."""
    return Notice(
        title=f"Held: {count} entries of {feed.name}",
        text=(
            f"{count} of the {total} entries of {feed.url} look new at once, but not like news: "
            "the publisher has probably changed its links or identifiers. None has alerted. "
            f"To alert them: newsbot release {feed.url} — to drop them: newsbot discard {feed.url}"
        ),
    )


def outage_over(since: datetime, now: datetime) -> Notice:
    """Our own network was away and is back."""
    return Notice(
        title="newsbot was offline",
        text=(
            f"Most feeds could not be reached for {spell(now - since)}, until now. This was "
            "counted against no feed; what was published meanwhile is being fetched."
        ),
        gravity=Gravity.INFO,
    )


def channel_dead(channel: Channel, reason: str) -> Notice:
    """A channel accepts nothing."""
    return Notice(
        title=f"Channel set aside: {channel}",
        text=f"{reason} The channel's alerts wait and are tried again every hour; others go on.",
    )


def channel_back(channel: Channel) -> Notice:
    """A channel set aside accepts messages again."""
    return Notice(
        title=f"Channel back: {channel}",
        text=f"{channel} accepts messages again; what waited is being sent.",
        gravity=Gravity.INFO,
    )


def platform_locked(platform: str, reason: str) -> Notice:
    """A platform no longer accepts our token."""
    return Notice(
        title=f"{platform.capitalize()} refuses newsbot's token",
        text=(
            f"{reason} Nothing more is sent there until newsbot is restarted with a valid token; "
            "alerts wait. newsbot doctor tests the token."
        ),
    )


def workspace_locked(workspace: Workspace, reason: str) -> Notice:
    """A platform no longer accepts the token of one workspace."""
    return Notice(
        title=f"{workspace.platform.capitalize()} refuses the token of workspace {workspace.id}",
        text=(
            f"{reason} Nothing more is sent there until it was added anew or newsbot restarted; "
            "its alerts wait, other workspaces go on."
        ),
    )


def message_refused(channel: Channel, message: Message, reason: str) -> Notice:
    """A platform will not have one message."""
    return Notice(
        title=f"Not posted in {channel}",
        text=f"{_name(message)} — {reason} It is not tried again.",
    )


def outcome_unclear(channel: Channel, message: Message, reason: str) -> Notice:
    """A message was sent again without knowing whether the first attempt had arrived."""
    return Notice(
        title=f"Possibly posted twice in {channel}",
        text=(
            f"{_name(message)} — the connection broke while posting, and the channel's history "
            f"could not be read since: {reason} It is sent again. "
            "Give newsbot the right to read the channel's history to prevent this."
        ),
    )


def outcome_held(channel: Channel, message: Message, reason: str) -> Notice:
    """A message was not sent again, without knowing whether the first attempt had arrived."""
    return Notice(
        title=f"Possibly not posted in {channel}",
        text=(
            f"{_name(message)} — the connection broke while posting, and the channel's history "
            f"could not tell since: {reason} NEWSBOT_HOLD_UNCLEAR names this channel, so it is "
            "not sent again: look whether it is there."
        ),
    )


def alerts_expired(channel: Channel, messages: Sequence[Message]) -> Notice:
    """Alerts waited longer than they are worth."""
    stories = [name for message in messages for name in _names(message)]
    names = "; ".join(stories[:_NAMED])
    more = f"; and {len(stories) - _NAMED} more" if len(stories) > _NAMED else ""
    number = "1 alert" if len(stories) == 1 else f"{len(stories)} alerts"
    return Notice(
        title=f"{number} not posted in {channel}: too old",
        text=f"Waited longer than NEWSBOT_ALERT_EXPIRY allows: {names}{more}.",
    )


def configuration_refused(mistakes: str) -> Notice:
    """Changed files cannot be used."""
    return Notice(
        title="Changed configuration not used",
        text=f"newsbot goes on with the last good one. {mistakes}",
    )


def configuration_adopted(counts: Mapping[str, int]) -> Notice:
    """Changed files are in force, after a refusal."""
    counted = ", ".join(f"{number} {name}" for name, number in counts.items())
    return Notice(
        title="Changed configuration in force",
        text=f"The mistakes are mended: {counted}.",
        gravity=Gravity.INFO,
    )


def _names(message: Message) -> Sequence[str]:
    """What a message holds: of a digest, each story."""
    if isinstance(message, Digest):
        return [_name(alert) for group in message.groups for alert in group.alerts]
    return [_name(message)]


def _name(message: Message) -> str:
    if isinstance(message, Alert):
        return f"“{message.headline}” ({message.outlet})"
    return f"“{message.title}”"
