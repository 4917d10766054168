"""Silence: what can be muted in a channel, found by what people write, and said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.commands.desk import Desk, bare, cut, feed_called, feed_like, quoted, titled
from bot.commands.request import Press, Request
from bot.domain.canonical import canonical_url
from bot.domain.duration import TooLongError, duration, spell
from bot.domain.entry import StoredEntry
from bot.domain.identity import address_key
from bot.domain.subscription import Mute, MutedKind
from bot.errors import CommandError, QueryError
from bot.ports.store import Transaction
from bot.query.slug import slug
from bot.query.suggest import nearest
from bot.query.syntax import parse
from bot.query.tree import Node
from bot.services.explain_match import not_stored
from bot.services.followed import Followed, followed
from bot.services.passed_over import LONGEST, Silenced
from bot.services.visible import Visible

USUAL = timedelta(hours=2)
_MOST_NAME = 80
_LENGTHS = f"write for example 30m, 2h or 3d; the longest is {LONGEST.days}d"
_KINDS = ("topic ", "query ", "feed ", "story ", "link ")
_WHAT_TO_WRITE = "write a topic that /news subscriptions lists, a feed's name, or a story's link"


@dataclass(frozen=True, slots=True)
class Silence:
    """Something that can be muted.

    Attributes:
        kind: What kind of thing.
        subject: As in `bot.domain.subscription.Mute`.
        name: As shown to people.
    """

    kind: MutedKind
    subject: str
    name: str

    @property
    def written(self) -> str:
        """What people write for a topic or a query."""
        return self.name.strip("“”") if self.subject.startswith("?") else self.subject

    @property
    def swallows(self) -> str:
        """What will not be told."""
        match self.kind:
            case MutedKind.TOPIC:
                return "Its stories alert here only where another topic followed here has them too."
            case MutedKind.FEED:
                return "What this feed reports does not alert here; other outlets still do."
            case MutedKind.STORY:
                return "What any outlet reports of this story does not alert here."

    def mute(self, asked: Request | Press, desk: Desk, length: timedelta) -> Mute:
        """Its mute from now on."""
        return Mute(
            channel=asked.channel,
            kind=self.kind,
            subject=self.subject,
            until=desk.clock.now() + length,
            muted_by=asked.person.user,
        )


def read_length(written: str) -> timedelta:
    """For how long.

    Raises:
        CommandError: It is no length, or longer than anything is muted.
    """
    if not written.strip():
        return USUAL
    try:
        length = duration(written)
    except TooLongError:
        length = timedelta.max
    except ValueError as error:
        what = str(error).partition(";")[0]
        raise CommandError(f"{what}: {_LENGTHS}") from error
    if length > LONGEST:
        raise CommandError(
            f"The longest mute is {LONGEST.days}d: to hear no more of a topic, write /news"
            " unsubscribe"
        )
    return length


class Around:
    """What a channel follows and may mute, in one moment."""

    def __init__(
        self, desk: Desk, asked: Request | Press, known: Followed, visible: Visible
    ) -> None:
        """See `around`."""
        self._desk = desk
        self._channel = asked.channel
        self._topics = known.topics_in(asked.channel)
        self._subscriptions = known.queries_in(asked.channel)
        self.visible = visible

    @property
    def queries(self) -> Mapping[str, Node]:
        """What the channel follows, by name; what can no longer be read is left out."""
        found = {topic.name: topic.query for topic in self._topics}
        for one in self._subscriptions:
            try:
                found[one.name] = self._desk.parse(one.following.query or "")
            except CommandError:
                continue
        return found

    def subjects(self) -> Sequence[Silence]:
        """The topics and queries that the channel follows."""
        found = [Silence(MutedKind.TOPIC, one.name, titled(one)) for one in self._topics]
        for one in self._subscriptions:
            name = f"“{cut(one.following.query or '', _MOST_NAME)}”"
            found.append(Silence(MutedKind.TOPIC, one.name, name))
        return found

    async def find(self, transaction: Transaction, written: str) -> Silence:
        """What somebody means: a topic or query followed here, a feed, or a story by its link.

        Raises:
            CommandError: Nothing.
        """
        text = bare(written)
        for meant in (text, *(text[len(kind) :] for kind in _KINDS if text.startswith(kind))):
            found = self._named(meant)
            if found is not None:
                return found
            link = meant.removeprefix("<").removesuffix(">").partition("|")[0]
            if " " not in link and canonical_url(link):
                return await self._story(transaction, link)
        return self._unknown(text)

    def _named(self, text: str) -> Silence | None:
        """A topic, a query or a feed by its name, as people write it or as it is shown to them."""
        folded = text.casefold()
        for one in self.subjects():
            known = (one.written.casefold(), bare(one.name).casefold())
            if slug(text) == one.subject or folded in known:
                return one
        for topic in self._topics:
            if slug(text) == slug(topic.title):
                return Silence(MutedKind.TOPIC, topic.name, titled(topic))
        for row, feed in self.visible.rows.items():
            if folded in (feed.name.casefold(), feed.url.casefold()):
                return Silence(MutedKind.FEED, str(row), feed.name)
        return None

    def feed(self, stored: StoredEntry) -> Silence:
        """The feed of an entry."""
        return Silence(MutedKind.FEED, str(stored.feed_id), stored.feed_name)

    async def _story(self, transaction: Transaction, link: str) -> Silence:
        key = address_key(link)
        found = await transaction.entries.at(key) if key else ()
        for kept in found:
            if self.visible.shows(kept.stored):
                title = cut(kept.stored.entry.title, _MOST_NAME)
                return Silence(MutedKind.STORY, str(kept.stored.story_id), f"“{title}”")
        raise CommandError(not_stored(cut(link, 200)))

    def _unknown(self, text: str) -> Silence:
        for topic in self._desk.topics:
            if slug(text) in (topic.name, slug(topic.title)):
                raise CommandError(f"This channel does not follow {titled(topic)}: nothing to mute")
        feed = feed_called(self.visible, text)
        if feed is not None:
            raise CommandError(f"{feed.name} was not polled yet: try again in a few minutes")
        words = text.split()
        for length in range(len(words) - 1, 0, -1):
            begun, rest = " ".join(words[:length]), " ".join(words[length:])
            known = self._named(begun)
            if known is not None or canonical_url(begun):
                what = known.name if known else "the link"
                raise CommandError(
                    f"{quoted(rest, 60)} behind {what} is no length of time: {_LENGTHS}"
                )
        near = self._near(text)
        hint = f"did you mean “{near}”?" if near else _WHAT_TO_WRITE
        raise CommandError(f"Nothing followed here is called {quoted(text, 60)}: {hint}")

    def _near(self, text: str) -> str | None:
        """What is followed here, or a feed, that may be meant."""
        names = [one.written for one in self.subjects()]
        return nearest(text, names) or feed_like(self.visible, text)

    async def silenced(self, transaction: Transaction, one: Silence) -> Silenced:
        """What its mute kept away."""
        queries = self.queries
        if one.kind is MutedKind.TOPIC:
            queries = {name: node for name, node in queries.items() if name == one.subject}
        excluded: dict[str, list[Node]] = {}
        for exclusion in await transaction.subscriptions.exclusions():
            if exclusion.channel == self._channel and exclusion.subject in queries:
                try:
                    node = parse(exclusion.query)
                except QueryError:  # written by another version
                    continue
                excluded.setdefault(exclusion.subject, []).append(node)
        return Silenced(
            channel=self._channel,
            kind=one.kind,
            subject=one.subject,
            queries=queries,
            excluded=excluded,
            among=self.visible.rows,
        )


async def around(desk: Desk, transaction: Transaction, asked: Request | Press) -> Around:
    """What the channel that is asked from follows."""
    workspace = asked.person.workspace
    known = await followed(transaction, desk.topics, workspace)
    return Around(desk, asked, known, await desk.visible(transaction, workspace))


def spell_until(desk: Desk, length: timedelta) -> str:
    """`for 2 h, until Mon 2 Mar 2026, 11:00 UTC`."""
    return f"for {spell(length)}, until {desk.spell(desk.clock.now() + length)}"
