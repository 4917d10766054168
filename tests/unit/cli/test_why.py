"""`newsbot why`."""

import asyncio
import json

import pytest

from bot.clock import SystemClock
from bot.domain.channel import CONSOLE, Platform
from bot.domain.feed import Feed
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.query.syntax import parse
from bot.services.route import Router, publish
from bot.storage.database import Database
from tests.fakes.news import entry, identified
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

FEED = Feed(url="https://wire.example/feed", name="Wire")
URL = "https://wire.example/0"
NOW = SystemClock().now()


@pytest.fixture
def stored(configured: Desk) -> Desk:
    """The desk with one entry, routed to the topic that is in its rules."""

    async def write() -> None:
        database = await Database.open(configured.database)
        topic = Topic(name="us-china", title="", query=parse("Beijing"), channels=(CONSOLE,))
        async with database.begin() as transaction:
            await transaction.feeds.add([FEED.url], due_at=NOW)
            found = identified(entry(0, title="Talks in Beijing"))
            new = await transaction.entries.add(FEED, 1, found, standing=Standing.NEWS, now=NOW)
            router = Router([topic], platforms=frozenset(Platform), shared=[FEED.url])
            await publish(transaction, router, new, now=NOW)
        await database.close()

    asyncio.run(write())
    return configured


@pytest.mark.usefixtures("stored")
def test_a_topic_s_tree_is_shown_with_what_decided_and_what_came_of_it(type_: Type) -> None:
    lines = [line.rstrip() for line in type_("why", URL, "us-china").output.splitlines()]
    assert lines[0] == "Talks in Beijing"
    assert lines[1].startswith("Wire, first seen ")
    assert lines[2:4] == ["topic us-china", "└── ✓ Beijing — “Beijing” in the title"]
    assert lines[4] == "It matches: waiting to be sent to console."
    assert lines[5].endswith("  console: pending, for us-china")


@pytest.mark.usefixtures("stored")
def test_a_query_s_tree_is_shown_part_by_part(type_: Type) -> None:
    lines = type_("why", URL, "-fog (talks OR tram)").output.splitlines()
    assert [line.rstrip() for line in lines[2:10]] == [
        "query",
        "└── ✓ all of",
        "    ├── ✓ not",
        "    │   └── ✗ fog",
        "    └── ✓ one of",
        "        ├── ✓ talks — “Talks” in the title",
        "        └── ✗ tram",
        "It matches.",
    ]


@pytest.mark.usefixtures("stored")
def test_all_of_it_is_there_as_json(type_: Type) -> None:
    (told,) = json.loads(type_("why", URL, "topic:us-china -fog", "--json").output)
    tree = told.pop("tree")
    (delivery,) = told.pop("deliveries")
    assert (delivery["channel"], delivery["state"], delivery["sent_at"]) == (
        "console", "pending", None,
    )  # fmt: skip
    assert told.pop("seen_at") == NOW.isoformat()
    assert told == {
        "entry": 1,
        "url": URL,
        "title": "Talks in Beijing",
        "feed": "Wire",
        "standing": "news",
        "matches": True,
        "conclusion": "It matches.",
    }
    assert tree["asks"] == "all of"
    assert tree["parts"][0] == {
        "asks": "topic us-china",
        "holds": True,
        "found": [],
        "parts": [
            {"asks": "Beijing", "holds": True, "found": ["“Beijing” in the title"], "parts": []}
        ],
    }


@pytest.mark.usefixtures("stored")
def test_a_topic_s_name_with_a_slip_is_asked_about(type_: Type) -> None:
    result = type_("why", URL, "us-chian")
    assert result.stderr == "“us-chian” is taken as a query; did you mean the topic us-china?\n"
    assert "✗ us-chian" in result.stdout


@pytest.mark.usefixtures("stored")
def test_a_mistake_in_the_query_is_shown_with_a_caret(type_: Type) -> None:
    result = type_("why", URL, "talks AND AND tram")
    assert result.exit_code == 2
    assert result.stderr.startswith("talks AND AND tram\n          ^\nnewsbot: AND follows AND;")


@pytest.mark.usefixtures("stored")
def test_what_is_no_address_is_a_mistake_of_who_asks(type_: Type) -> None:
    result = type_("why", "talks", "us-china")
    assert result.exit_code == 2
    assert "“talks” is no address; give a story’s link" in result.stderr


@pytest.mark.usefixtures("stored")
def test_an_entry_that_is_not_stored_is_told(type_: Type) -> None:
    result = type_("why", "https://wire.example/2", "us-china")
    assert result.exit_code == 1
    assert "is not stored: no feed has given it" in result.stderr
