"""Already: what a channel has of something before it follows it, and what that would change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.commands.desk import Desk, cut, titled
from bot.commands.wish import Wish, spell_manner
from bot.domain.backtest import Backtest
from bot.domain.subscription import Subscription
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.query.covers import covers
from bot.query.tree import Node

_MOST_NAME, _MOST_NAMED = 80, 3


@dataclass(frozen=True, slots=True)
class _Standing:
    """Something the channel follows.

    Attributes:
        topic: Its query, by a name that is its own among all.
        manner: How it is followed, for people.
    """

    topic: Topic
    manner: str


class Already:
    """What the channel of a wish follows, in one moment."""

    def __init__(
        self,
        desk: Desk,
        wish: Wish,
        query: Node,
        subscriptions: Sequence[Subscription],
        *,
        where: str,
    ) -> None:
        """Look at it.

        Args:
            desk: Which topics there are.
            wish: What is asked for.
            query: What that asks for.
            subscriptions: The channel's.
            where: The channel, in a word: here or there.
        """
        self._desk = desk
        self._wish = wish
        self._query = query
        self._where = where
        self._same = next(
            (one for one in subscriptions if one.following.subject == wish.following.subject), None
        )
        self._by_file = next(
            (one for one in self._of_files() if one.name == wish.following.topic), None
        )
        self._others = {one.topic.name: one for one in self._standing(subscriptions)}

    @property
    def is_subscribed(self) -> bool:
        """Whether the channel has a subscription to just that, which would be changed."""
        return self._same is not None

    @property
    def others(self) -> Sequence[Topic]:
        """What else it follows, to hold a backtest against."""
        return tuple(one.topic for one in self._others.values())

    def told(self) -> Sequence[str]:
        """What is there already and what confirming changes, a line each; none where nothing is."""
        if self._same is not None:
            return [self._as_it_was(self._same)]
        lines = [self._sent_by_file(self._by_file)] if self._by_file else []
        covering = (one for one in self._others.values() if covers(one.topic.query, self._query))
        return [*lines, *(self._covered(one) for one in islice(covering, 1))]

    def shared(self, tested: Backtest) -> str:
        """How many of the stories it would have brought come there already, and for what."""
        known = tested.hits - tested.new
        if not known:
            return ""
        titles = [self._others[name].topic.title for name, _ in tested.topics[:_MOST_NAMED]]
        come = "comes" if known == 1 else "come"
        return f", {known:,} of which {come} {self._where} already for {' and '.join(titles)}"

    def _as_it_was(self, same: Subscription) -> str:
        if same.following == self._wish.following:
            return "It is followed just so already: confirming changes nothing."
        return f"So far: {_lower(spell_manner(same.following))}. Confirming has it as above."

    def _sent_by_file(self, topic: Topic) -> str:
        following = self._wish.following
        begin = f"The rule file {topic.name}.yaml sends it {self._where} already, at once."
        if following.cadence or following.quiet or following.mention:
            return f"{begin} Confirming has it come as above instead."
        return f"{begin} Confirming changes nothing while the file names this channel."

    def _covered(self, one: _Standing) -> str:
        name = one.topic.title if one.topic.name.startswith("?") else titled(one.topic)
        return (
            f"{name} is followed {self._where}, {one.manner}, and covers it: all its stories come"
            " already. Confirming has them name both; each still comes once, at the earlier time."
        )

    def _of_files(self) -> Iterator[Topic]:
        return (topic for topic in self._desk.topics if self._wish.channel in topic.channels)

    def _standing(self, subscriptions: Sequence[Subscription]) -> Iterator[_Standing]:
        topics: Mapping[str, Topic] = {topic.name: topic for topic in self._desk.topics}
        wished = self._wish.following.topic
        followed = {one.following.topic for one in subscriptions}
        for topic in self._of_files():
            if topic.name != wished and topic.name not in followed:
                yield _Standing(topic, "at once, by its rule file")
        for one in subscriptions:
            known = self._topic(one, topics)
            if known is not None and one is not self._same:
                yield _Standing(known, _lower(spell_manner(one.following)))

    def _topic(self, one: Subscription, topics: Mapping[str, Topic]) -> Topic | None:
        """What a subscription asks for; None where that cannot be read any more."""
        if one.following.query is None:
            return topics.get(one.name)
        try:
            query = self._desk.parse(one.following.query)
        except CommandError:
            return None
        title = f"“{cut(one.following.query, _MOST_NAME)}”"
        return Topic(name=one.name, title=title, query=query)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
