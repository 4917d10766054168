"""Which channels an entry alerts."""

from collections.abc import Sequence

from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert
from bot.domain.topic import Topic
from bot.ports.deliveries import Outgoing
from bot.query.tree import Field, Node, Tagged, Words
from bot.services.route import Router
from tests.fakes.clock import START
from tests.fakes.news import entry

SLACK = Channel(Platform.SLACK, "C1")
DISCORD = Channel(Platform.DISCORD, "1")
STORED = StoredEntry(
    entry_id=1,
    story_id=42,
    feed_id=1,
    feed_name="Harbour Wire",
    feed_tags=frozenset({"world"}),
    entry=entry(1, title="Talks in Beijing"),
    seen_at=START,
)


def topic(name: str, query: Node, *channels: Channel) -> Topic:
    return Topic(name=name, title=name.upper(), query=query, channels=channels)


def router(*topics: Topic, platforms: frozenset[Platform] = frozenset(Platform)) -> Router:
    return Router(topics, platforms=platforms)


def routed(router: Router) -> Sequence[Outgoing]:
    return router.route(STORED, router.match(STORED), START)


def test_a_channel_that_follows_several_topics_gets_one_alert_naming_them_all() -> None:
    route = routed(
        router(
            topic("a", Words("Beijing"), SLACK, DISCORD),
            topic("b", Tagged("world"), SLACK),
            topic("c", Words("ferry"), SLACK),
        )
    )
    by_channel = {one.channel: one for one in route}
    assert set(by_channel) == {SLACK, DISCORD}
    alert = by_channel[SLACK].message
    assert isinstance(alert, Alert)
    assert [reason.topic for reason in alert.reasons] == ["a", "b"]
    assert [reason.words for reason in alert.reasons] == [
        ("“Beijing” in the title",), ("tag world",),
    ]  # fmt: skip
    assert {one.key for one in route} == {"story:42"}


def test_a_topic_nobody_follows_is_noted_and_alerts_nobody() -> None:
    unheard = router(topic("a", Words("Beijing")))
    assert [reason.topic for reason in unheard.match(STORED).reasons] == ["a"]
    assert routed(unheard) == ()


def test_what_goes_to_a_platform_without_a_token_is_shown_once_on_the_console() -> None:
    route = routed(
        router(
            topic("a", Words("Beijing"), SLACK, DISCORD, CONSOLE),
            platforms=frozenset({Platform.CONSOLE}),
        )
    )
    assert [one.channel for one in route] == [CONSOLE]


def test_the_feeds_name_and_the_feeds_tags_count() -> None:
    query = Words("Harbour", frozenset({Field.FEED}))
    assert router(topic("a", query)).match(STORED).reasons
    assert router(topic("a", Tagged("world"))).match(STORED).reasons
