"""Explain a match: why a stored entry satisfies a topic or query, or not, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.domain.channel import Channel
from bot.domain.delivery import DeliveryState
from bot.domain.document import document_of
from bot.domain.identity import address_key
from bot.domain.message import Alert, Message
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.errors import CommandError, UsageError
from bot.ports.deliveries import Progress
from bot.ports.entries import Kept
from bot.ports.store import Store, Transaction
from bot.query.document import Reading
from bot.query.tree import Node
from bot.query.verdict import Verdict, judge
from bot.services.visible import Visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One entry, held against one query.

    Attributes:
        kept: The entry, how it came in and the topics it was found to match then.
        verdict: The query's tree, each part true or false, with the words that decided.
        conclusion: For people: whether it matches, and why it alerted or did not.
        deliveries: The deliveries of its story, for whichever topic.
    """

    kept: Kept
    verdict: Verdict
    conclusion: str
    deliveries: tuple[Progress, ...] = ()


async def explain_match(
    store: Store,
    subject: str,
    query: Node,
    *,
    topic: Topic | None = None,
    visible: Visible | None = None,
    here: Channel | None = None,
) -> Sequence[Explanation]:
    """Why a stored entry satisfies a query, or not.

    Args:
        store: The database.
        subject: The entry's address, in whatever form, or the number of its row.
        query: What it is held against.
        topic: The topic whose query this is, to tell what became of its alert; None for a query
            that nobody follows.
        visible: The feeds whose entries may be told of; None for all.
        here: The one channel whose deliveries may be told of; None for all.

    Returns:
        One for each feed that gave the entry, the earliest seen first; at least one.

    Raises:
        UsageError: It is no address.
        CommandError: No such entry is stored.
    """
    async with store.read() as transaction:
        found = await _find(transaction, subject, visible)
        set_aside = await transaction.channels.all_set_aside()
        told = {
            story_id: await _deliveries(transaction, story_id, here)
            for story_id in {kept.stored.story_id for kept in found}
        }
    names = _Names(here, set_aside)
    return [_explanation(kept, query, topic, told[kept.stored.story_id], names) for kept in found]


async def _deliveries(
    transaction: Transaction, story_id: int, here: Channel | None
) -> Sequence[Progress]:
    told = await transaction.deliveries.of_story(story_id)
    return [one for one in told if here is None or one.channel == here]


@dataclass(frozen=True, slots=True)
class _Names:
    """How channels are told of.

    Attributes:
        here: The one that is asked from; None where there is none.
        set_aside: Those that accept nothing, with the reason.
    """

    here: Channel | None
    set_aside: Mapping[Channel, str]

    def of(self, channel: Channel) -> str:
        """A channel's name."""
        return "this channel" if channel == self.here else str(channel)


async def _find(transaction: Transaction, subject: str, visible: Visible | None) -> Sequence[Kept]:
    if subject.isdecimal() and subject.isascii():
        kept = await transaction.entries.get(int(subject[:18]))
        found: Sequence[Kept] = () if kept is None else (kept,)
    else:
        key = address_key(subject)
        if key is None:
            raise UsageError(f"“{subject}” is no address; give a story’s link, with https://")
        found = await transaction.entries.at(key)
    if visible is not None:
        found = [kept for kept in found if visible.shows(kept.stored)]
    if not found:
        raise CommandError(not_stored(subject))
    return found


def not_stored(link: str) -> str:
    """What is said of a story that is not there."""
    return (
        f"{link} is not stored: no feed has given it, or it is older than what newsbot keeps."
        " It may have come by another link: search for words of its headline"
    )


def _explanation(
    kept: Kept,
    query: Node,
    topic: Topic | None,
    deliveries: Sequence[Progress],
    names: _Names,
) -> Explanation:
    verdict = judge(query, Reading(document_of(kept.stored)))
    if topic is None:
        conclusion = "It matches." if verdict.holds else "It does not match."
    elif verdict.holds:
        conclusion = _when_matching(kept, topic, deliveries, names)
    elif topic.name in kept.noted:
        conclusion = (
            "It does not match now, but did when newsbot routed it: the rule or the entry has been"
            " changed since."
        )
    else:
        conclusion = f"It does not match, so it did not alert{' for this' * bool(deliveries)}."
    return Explanation(
        kept=kept,
        verdict=verdict,
        conclusion=conclusion,
        deliveries=tuple(deliveries),
    )


_STANDINGS = {
    Standing.BASELINE: "the entry was there at first sight of the feed, so it did not alert.",
    Standing.HELD: "it came in a flood of entries that waits to be released or discarded, so it has"
    " not alerted yet.",
    Standing.DISCARDED: "somebody discarded it as no news, so it did not alert.",
}


def _when_matching(kept: Kept, topic: Topic, deliveries: Sequence[Progress], names: _Names) -> str:
    if kept.standing in _STANDINGS:
        return f"It matches, but {_STANDINGS[kept.standing]}"
    if topic.name not in kept.noted:
        return (
            "It matches now, but did not when newsbot routed it: the rule or the entry has been"
            " changed since, so it did not alert."
        )
    if not topic.channels and not deliveries:
        return "It matches, but no channel follows the topic, so it alerted nobody."
    told = [_progress(one, names) for one in deliveries if _is_for(one, topic)]
    told += [
        f"{names.of(one.channel)} had the story under {_headings(one.message)}"
        for one in deliveries
        if not _is_for(one, topic)
        and one.state is not DeliveryState.DROPPED
        and one.channel in topic.channels
    ]
    if not told:
        return (
            "It matches, but no alert of it is on record: no channel followed the topic then, or"
            " the record is older than what newsbot keeps."
        )
    return f"It matches: {'; '.join(told)}."


def _headings(message: Message) -> str:
    """What a card says it came for: topics, queries, or that somebody shared it."""
    reasons = message.reasons if isinstance(message, Alert) else ()
    return " and ".join(f"“{reason.title.strip('“”')}”" for reason in reasons) or "another topic"


def _is_for(delivery: Progress, topic: Topic) -> bool:
    return isinstance(delivery.message, Alert) and any(
        reason.topic == topic.name for reason in delivery.message.reasons
    )


def _reason(error: str | None, channel: Channel) -> str:
    """An error as part of a sentence that names the channel already."""
    return (error or "").removeprefix(f"{channel}: ").removesuffix(".")


def _progress(delivery: Progress, names: _Names) -> str:
    channel = names.of(delivery.channel)
    error = _reason(delivery.error, delivery.channel)
    match delivery.state:
        case DeliveryState.SENT:
            said = f"sent to {channel}"
        case DeliveryState.DEAD:
            said = f"refused by {channel} ({error or 'for no reason given'})"
        case DeliveryState.EXPIRED:
            said = f"given up for {channel}, having waited too long"
        case DeliveryState.DROPPED:
            said = f"kept for a digest in {channel} and left out, since it was {error}"
        case DeliveryState.UNKNOWN | DeliveryState.SENDING | DeliveryState.CHECKING:
            said = f"on its way to {channel}, which has not confirmed it yet"
        case DeliveryState.PENDING:
            reason = _reason(names.set_aside.get(delivery.channel), delivery.channel) or error
            said = f"waiting to be sent to {channel}" + (f" ({reason})" if reason else "")
        case DeliveryState.GATHERING | DeliveryState.GATHERED:
            said = f"part of a digest in {channel}, due {delivery.due_at:%d %b %H:%M} UTC"
        case _:
            assert_never(delivery.state)
    return said
