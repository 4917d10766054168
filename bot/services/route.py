"""Route: which channels an entry alerts, when, and why."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.alert import compose_alert
from bot.domain.channel import Channel, Platform
from bot.domain.document import document_of
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert, Reason
from bot.domain.topic import Topic
from bot.errors import QueryError
from bot.ports.deliveries import Outgoing
from bot.ports.store import Transaction
from bot.ports.subscriptions import Exclusion
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.tree import Node
from bot.services.followers import Desks, Follower, Followers

_EXCLUSION = "-"
"""How the names of exclusions' queries begin; no topic's and no subscription's do."""
_NEVER = -1
"""The revision of a router that has not caught up yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What an entry matches.

    Attributes:
        reasons: One for each topic and each subscription's query, followed by a channel or not.
        excluded: Of these, what a channel does not want of it: channel and subject.
    """

    reasons: tuple[Reason, ...]
    excluded: frozenset[tuple[Channel, str]] = frozenset()


class Router:
    """The topics in force, and the channels that follow them or a query of their own."""

    def __init__(
        self,
        topics: Sequence[Topic],
        *,
        platforms: frozenset[Platform],
        shared: Collection[str] = (),
    ) -> None:
        """Prepare the matcher; what channels asked for in chat is read by `catch_up`.

        Args:
            topics: From the rule files.
            platforms: Those newsbot is connected to; what a rule file sends to another is shown
                on the console.
            shared: Addresses of the feeds that are everybody's.
        """
        self._topics = {topic.name: topic for topic in topics}
        self._titles = {topic.name: topic.title for topic in topics}
        self._matcher = Matcher({topic.name: topic.query for topic in topics})
        self._platforms = platforms
        self._shared = frozenset(shared)
        self._asked: Mapping[str, str] = {}
        self._exclusions: Mapping[str, Exclusion] = {}
        self._renamed: Mapping[tuple[Channel, str], str] = {}
        self._revision = _NEVER
        self._learning = asyncio.Lock()
        self._followers = Followers(topics, Desks(), platforms=platforms)

    async def catch_up(self, transaction: Transaction, now: datetime) -> None:
        """Learn what channels asked for in chat, if anything of it changed."""
        if await transaction.subscriptions.revision() == self._revision:
            return
        async with self._learning:
            await self._catch_up(transaction, now)

    async def _catch_up(self, transaction: Transaction, now: datetime) -> None:
        desks = await Desks.read(transaction, now, shared=self._shared)
        if desks.revision <= self._revision:
            return  # another poll, whose transaction saw as much or more, was quicker
        exclusions = {
            f"{_EXCLUSION}{number}": exclusion for number, exclusion in enumerate(desks.exclusions)
        }
        queries = {
            subscription.name: subscription.following.query
            for subscription in desks.subscriptions
            if subscription.following.query is not None
        }
        wanted = {**queries, **{name: exclusion.query for name, exclusion in exclusions.items()}}
        if self._revision == _NEVER:
            # All at once, and beside the loop: nobody asks before it has caught up.
            await asyncio.to_thread(self._learn, wanted)
        else:
            self._learn(wanted)
        titles = {name: f"“{query}”" for name, query in queries.items()}
        self._titles = {topic.name: topic.title for topic in self._topics.values()} | titles
        self._renamed = {
            (subscription.channel, titles[subscription.name]): subscription.name
            for subscription in desks.subscriptions
            if subscription.name in titles
        }
        self._exclusions = exclusions
        self._followers = Followers(tuple(self._topics.values()), desks, platforms=self._platforms)
        self._revision = desks.revision

    def match(self, stored: StoredEntry) -> Matched:
        """What an entry matches, each with the words that decided."""
        matches = self._matcher.match(document_of(stored))
        unwanted = [self._exclusions[name] for name in matches if name in self._exclusions]
        return Matched(
            reasons=tuple(
                Reason(topic=name, title=self._titles[name], words=evidence.phrases())
                for name, evidence in matches.items()
                if name not in self._exclusions
            ),
            excluded=frozenset((one.channel, one.subject) for one in unwanted),
        )

    def route(self, stored: StoredEntry, matched: Matched, now: datetime) -> Sequence[Outgoing]:
        """One alert for each channel that is to be told of an entry, naming what it follows."""
        told: dict[Channel, list[tuple[Reason, Follower]]] = defaultdict(list)
        for reason in matched.reasons:
            for follower in self._followers.of(reason.topic, stored, now):
                if (follower.channel, reason.topic) not in matched.excluded:
                    told[follower.channel].append((reason, follower))
        if not told:
            return ()
        alert = compose_alert(stored, matched.reasons)
        addressed = {channel: self._address(alert, ones, now) for channel, ones in told.items()}
        return [
            Outgoing(
                channel=channel,
                key=f"story:{stored.story_id}",
                message=message,
                story_id=stored.story_id,
                held_until=held_until,
            )
            for channel, (message, held_until) in addressed.items()
        ]

    def again(
        self,
        channel: Channel,
        alert: Alert,
        stored: StoredEntry,
        *,
        kept_at: datetime,
        now: datetime,
    ) -> tuple[Alert, datetime | None] | None:
        """An alert that was kept, as its channel wants it now; None where it wants it no longer.

        Gives it with when its digest is due, as it is followed now; None for at once.

        Args:
            channel: Whose.
            alert: As it was kept.
            stored: The entry it tells of.
            kept_at: Since when: its digests are counted from then.
            now: The moment, of mutes.
        """
        told = []
        for reason in alert.reasons:
            subject = self._subject(channel, reason)
            follower = self._followers.in_channel(channel, subject, stored, now)
            if follower is not None:
                told.append((replace(reason, topic=subject), follower))
        return self._address(alert, told, kept_at) if told else None

    def knows(self, channel: Channel) -> bool:
        """Whether it can be told what a channel follows: newsbot is connected to its platform."""
        return channel.platform in self._platforms

    def follows(self, channel: Channel, alert: Alert) -> bool:
        """Whether a channel follows anything that an alert came for, muted or not."""
        return any(
            self._followers.follows(channel, self._subject(channel, reason))
            for reason in alert.reasons
        )

    def _subject(self, channel: Channel, reason: Reason) -> str:
        """What a reason is called now: a query that was ended and followed again has a new name."""
        if reason.topic in self._titles:
            return reason.topic
        return self._renamed.get((channel, reason.title), reason.topic)

    def _address(
        self, alert: Alert, told: Sequence[tuple[Reason, Follower]], now: datetime
    ) -> tuple[Alert, datetime | None]:
        """The alert for a channel, and when its digest is due; None where it is told at once."""
        waits = [
            follower.held_until(now, breaking=self._is_breaking(reason.topic))
            for reason, follower in told
        ]
        at_once = [
            follower for wait, (_, follower) in zip(waits, told, strict=True) if wait is None
        ]
        addressed = replace(
            alert,
            reasons=tuple(reason for reason, _ in told),
            mentions=tuple(dict.fromkeys(_mentions(at_once))),
        )
        return addressed, None if at_once else min(wait for wait in waits if wait is not None)

    def _is_breaking(self, subject: str) -> bool:
        return subject in self._topics and self._topics[subject].breaking

    def _learn(self, wanted: Mapping[str, str]) -> None:
        """Have just these queries asked besides the topics'."""
        for name in [name for name, text in self._asked.items() if wanted.get(name) != text]:
            if name in self._matcher.queries:
                self._matcher.drop(name)
        topics = {topic.name: topic.query for topic in self._topics.values()}
        for name, text in wanted.items():
            if self._asked.get(name) != text and (node := _read(name, text, topics)) is not None:
                self._matcher.add(name, node)
        self._matcher.prepare()
        self._asked = dict(wanted)


def _read(name: str, text: str, topics: Mapping[str, Node]) -> Node | None:
    """The tree of what somebody asked for in chat."""
    try:
        return parse(text, topics=topics)
    except QueryError as error:
        # It could be read when it was asked for; a topic it names has gone from the files.
        structlog.get_logger(__name__).warning(
            "subscription.unreadable", subject=name, query=text, error=str(error)
        )
        return None


def _mentions(followers: Iterable[Follower]) -> Iterator[str]:
    for follower in followers:
        if follower.following is not None and follower.following.mention is not None:
            yield follower.following.mention


async def publish(
    transaction: Transaction, router: Router, stored: Sequence[StoredEntry], *, now: datetime
) -> int:
    """Write down what entries match and the alerts that follow; gives the number of new alerts.

    A channel that has had the story, or has its alert on the way, gets no second one.
    """
    if stored:
        await router.catch_up(transaction, now)
    added = 0
    for one in stored:
        # The longest entry takes 40 ms to match, and one that matches nothing waits for nothing.
        matched = router.match(one)
        await asyncio.sleep(0)
        await transaction.entries.add_matches(one.entry_id, matched.reasons, now=now)
        added += await transaction.deliveries.add(router.route(one, matched, now), now=now)
    return added
