"""Subject: what somebody asks to follow, a topic or a query, and where that cannot be told."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands.core import COMMAND
from bot.commands.desk import Desk, cut, titled
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.query.slug import slug
from bot.query.suggest import nearest
from bot.query.tree import Node

RHYTHMS = "instant, hourly, daily 08:30, weekdays 08:30, mon,thu 17:00"
_MANNERS = "quiet 22:00-07:00, mention @WHO, zone Europe/Berlin, in #CHANNEL"
_MOST_QUERY, _MOST_SHOWN, _MOST_REST = 2_000, 80, 60
_OPERATORS = {"AND", "OR", "NOT", "NEAR"}
_OF_QUERIES = set('()"“”„‟＂«»/-:*=')


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be followed.

    Attributes:
        name: As shown to people.
        query: What an entry must satisfy.
        topic: The topic; None for a query.
        written: The query as written; None for a topic.
    """

    name: str
    query: Node
    topic: Topic | None = None
    written: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Where a topic may be meant, or the words as they stand.

    Attributes:
        topic: The topic's name.
        words: The words.
        title: The question.
        lines: What there is to say of it.
    """

    topic: str
    words: str
    title: str
    lines: tuple[str, ...] = ()


def find_subject(desk: Desk, options: Mapping[str, str]) -> Subject | Doubt:
    """What is meant by `what`, or by `topic` or `query`.

    Raises:
        CommandError: Nothing is said, or a query cannot be read.
    """
    what, topic, query = (options.get(name, "").strip() for name in ("what", "topic", "query"))
    if not (what or topic or query):
        raise CommandError(
            f"Say what to follow, a topic or a query, for example {COMMAND} subscribe port AND"
            " strike. To follow a word such as breaking, put it in quotes."
        )
    if topic and query:
        raise CommandError("Choose a topic or write a query, not both")
    if not what:
        return named(desk, topic or None, query or None)
    exact = _topic(desk, what)
    if exact is not None:
        return named(desk, exact.name, None)
    subject = named(desk, None, what)
    return _mistyped(desk, what) or _misunderstood(desk, what) or subject


def named(desk: Desk, topic_name: str | None, query: str | None) -> Subject:
    """A topic by its name, or a query.

    Raises:
        CommandError: There is no such topic, or the query cannot be read.
    """
    if topic_name:
        topic = desk.topic(topic_name)
        return Subject(titled(topic), topic.query, topic=topic)
    written = " ".join((query or "").split())
    if len(written) > _MOST_QUERY:
        raise CommandError(f"That query is longer than {_MOST_QUERY:,} characters: shorten it")
    return Subject(f"“{cut(written, _MOST_SHOWN)}”", desk.parse(written), written=written)


def _topic(desk: Desk, written: str) -> Topic | None:
    wanted = slug(written)
    topics = (one for one in desk.topics if wanted in (one.name, slug(one.title)))
    return next(topics, None) if wanted else None


def _misunderstood(desk: Desk, what: str) -> Doubt | None:
    """A topic with something behind it that says nothing of how to follow it."""
    words = what.split()
    if _OF_QUERIES & set(what.removeprefix(words[0])) or _OPERATORS & set(words):
        return None
    for length in range(len(words) - 1, 0, -1):
        topic = _topic(desk, " ".join(words[:length]))
        if topic is not None:
            rest = cut(" ".join(words[length:]), _MOST_REST)
            return Doubt(
                topic=topic.name,
                words=what,
                title=f"“{rest}” behind {titled(topic)} says nothing newsbot knows: did you mean"
                " the topic, or all these words?",
                lines=(f"How often is written {RHYTHMS}.", f"Besides: {_MANNERS}."),
            )
    return None


def _mistyped(desk: Desk, what: str) -> Doubt | None:
    near = nearest(slug(what), [topic.name for topic in desk.topics])
    if near is None or _misunderstood(desk, what):
        return None
    title = f"There is no topic “{cut(what, _MOST_SHOWN)}”: did you mean {near}?"
    return Doubt(topic=near, words=what, title=title)
