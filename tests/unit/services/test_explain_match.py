"""Why a stored entry matches, and why it alerted or did not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.ports.deliveries import Settlement
from bot.query.describe import describe
from bot.query.syntax import parse
from bot.query.tree import Words
from bot.query.verdict import Verdict
from bot.services.explain_match import Explanation, explain_match
from bot.services.route import Router, publish
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import POST, WIRE, entry, identified

URL = "https://wire.example/1"
SLACK = Channel(Platform.SLACK, "C1")
FERRY = Topic(
    name="ferry",
    title="Ferries",
    query=parse('(ferry OR "cable car") -fog', topics={}),
    channels=(SLACK, CONSOLE),
)
OTHER = Topic(name="sea", title="Sea", query=Words("ferry"), channels=(SLACK,))
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield database
    await database.close()


async def lay(
    store: Database,
    *topics: Topic,
    title: str = "Ferries stop",
    standing: Standing = Standing.NEWS,
    number: int = 1,
) -> None:
    """Store one entry and publish it to topics."""
    found = identified(entry(number, title=title))
    async with store.begin() as transaction:
        await transaction.feeds.add([WIRE.url], due_at=START)
        stored = await transaction.entries.add(WIRE, 1, found, standing=standing, now=START)
        router = Router(topics, platforms=frozenset(Platform), shared=[WIRE.url, POST.url])
        await publish(transaction, router, stored, now=START)


async def why(store: Database, topic: Topic = FERRY) -> Explanation:
    (found,) = await explain_match(store, URL, topic.query, topic=topic)
    return found


async def settle(store: Database, settlement: Settlement, channel: Channel = SLACK) -> None:
    async with store.begin() as transaction:
        claim = await transaction.deliveries.claim(channel, now=START, lease=MINUTE)
        assert claim is not None
        await transaction.deliveries.settle(claim, settlement, now=START)


def lines(verdict: Verdict, depth: int = 0) -> list[str]:
    mark = "yes" if verdict.holds else "no"
    found = "".join(f" {one}" for one in verdict.found)
    return [
        f"{'  ' * depth}{mark}: {describe(verdict.node)}{found}",
        *(line for part in verdict.parts for line in lines(part, depth + 1)),
    ]


async def test_each_part_of_the_tree_is_told_with_the_words_that_decided(store: Database) -> None:
    await lay(store)
    assert lines((await why(store)).verdict) == [
        "yes: all of",
        "  yes: one of",
        "    yes: ferry “Ferries” in the title",
        '    no: "cable car"',
        "  yes: not",
        "    no: fog",
    ]


async def test_an_alert_is_told_with_how_far_it_is_in_each_channel(store: Database) -> None:
    await lay(store, FERRY)
    await settle(store, Settlement(state=DeliveryState.SENT))
    explanation = await why(store)
    assert explanation.conclusion == (
        "It matches: sent to slack:C1; waiting to be sent to console."
    )
    assert [one.channel for one in explanation.deliveries] == [SLACK, CONSOLE]


@pytest.mark.parametrize(
    ("settlement", "said"),
    [
        (Settlement(state=DeliveryState.DEAD, error="too long"), "refused by slack:C1 (too long)"),
        (Settlement(state=DeliveryState.DEAD), "refused by slack:C1 (for no reason given)"),
        (Settlement(state=DeliveryState.EXPIRED), "given up for slack:C1, having waited too long"),
        (
            Settlement(state=DeliveryState.UNKNOWN),
            "on its way to slack:C1, which has not confirmed",
        ),
        (
            Settlement(state=DeliveryState.PENDING, error="asks to wait"),
            "waiting to be sent to slack:C1 (asks to wait)",
        ),
        (
            Settlement(state=DeliveryState.PENDING, error="slack:C1: Slack asks to wait 3 s."),
            "waiting to be sent to slack:C1 (Slack asks to wait 3 s);",
        ),
    ],
)
async def test_what_keeps_an_alert_is_told(
    store: Database, settlement: Settlement, said: str
) -> None:
    await lay(store, FERRY)
    await settle(store, settlement)
    assert said in (await why(store)).conclusion


async def test_a_channel_set_aside_is_told_with_the_reason(store: Database) -> None:
    await lay(store, FERRY)
    async with store.begin() as transaction:
        await transaction.channels.set_aside(
            SLACK, reason="archived", now=START, retry_at=START + MINUTE
        )
    assert "waiting to be sent to slack:C1 (archived)" in (await why(store)).conclusion


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (
            Standing.BASELINE,
            "It matches, but the entry was there at first sight of the feed, so it",
        ),
        (Standing.HELD, "It matches, but it came in a flood of entries that waits to be released"),
        (Standing.DISCARDED, "It matches, but somebody discarded it as no news, so it did not"),
    ],
)
async def test_an_entry_that_was_no_news_is_told_as_such(
    store: Database, standing: Standing, said: str
) -> None:
    await lay(store, standing=standing)
    assert (await why(store)).conclusion.startswith(said)


async def test_a_topic_that_nobody_follows_alerts_nobody(store: Database) -> None:
    followed_by_nobody = replace(FERRY, channels=())
    await lay(store, followed_by_nobody)
    assert (await why(store, followed_by_nobody)).conclusion == (
        "It matches, but no channel follows the topic, so it alerted nobody."
    )


async def test_a_channel_that_came_later_has_no_alert_on_record(store: Database) -> None:
    await lay(store, replace(FERRY, channels=()))
    assert "no alert of it is on record" in (await why(store)).conclusion


async def test_a_rule_that_changed_since_is_told(store: Database) -> None:
    await lay(store, OTHER)
    assert (await why(store)).conclusion == (
        "It matches now, but did not when newsbot routed it: the rule or the entry has been changed"
        " since, so it did not alert."
    )
    changed = replace(OTHER, query=Words("harbour"))
    assert (await why(store, changed)).conclusion == (
        "It does not match now, but did when newsbot routed it: the rule or the entry has been"
        " changed since."
    )


async def test_a_story_told_for_another_topic_is_not_told_again(store: Database) -> None:
    await lay(store, OTHER)
    async with store.begin() as transaction:
        again = identified(replace(entry(1, title="Ferries stop"), guid="again"))
        await transaction.feeds.add([POST.url], due_at=START)
        stored = await transaction.entries.add(POST, 2, again, standing=Standing.NEWS, now=START)
        router = Router([FERRY], platforms=frozenset(Platform), shared=[WIRE.url, POST.url])
        await publish(transaction, router, stored, now=START)
    first, second = await explain_match(store, URL, FERRY.query, topic=FERRY)
    assert "did not when newsbot routed it" in first.conclusion
    assert second.conclusion == (
        "It matches: waiting to be sent to console; slack:C1 had the story under “Sea”."
    )


async def test_an_entry_that_does_not_match_did_not_alert(store: Database) -> None:
    await lay(store, FERRY, title="Ferries stop in fog")
    assert (await why(store)).conclusion == "It does not match, so it did not alert."


async def test_a_query_that_nobody_follows_is_answered_plainly(store: Database) -> None:
    await lay(store)
    for query, said in (("ferry", "It matches."), ("tram", "It does not match.")):
        (found,) = await explain_match(store, URL, parse(query))
        assert found.conclusion == said


@pytest.mark.parametrize("subject", ["1", "http://www.wire.example/1/?utm_source=mail#top"])
async def test_an_entry_is_found_by_its_address_in_any_form_or_its_number(
    store: Database, subject: str
) -> None:
    await lay(store)
    (found,) = await explain_match(store, subject, FERRY.query)
    assert found.kept.stored.entry.url == URL


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("https://wire.example/2", "is not stored: no feed has given it, or it is older than"),
        ("2", "2 is not stored"),
        ("9" * 40, "is not stored"),
        ("ferry", "“ferry” is no address; give a story’s link, with https://"),
    ],
)
async def test_an_entry_that_is_not_there_is_told(store: Database, subject: str, said: str) -> None:
    await lay(store)
    with pytest.raises(CommandError, match=said):
        await explain_match(store, subject, FERRY.query)
