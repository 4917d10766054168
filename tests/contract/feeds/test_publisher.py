"""The fake publisher keeps its word: what it serves is read by feedparser as it was published."""

import json
from dataclasses import replace

import feedparser
import pytest

from bot.feeds.fetch import HttpFetcher
from bot.ports import FetchRequest
from tests.contract.feeds.conftest import NOW, failure
from tests.fakes.documents import Form
from tests.fakes.feed import Churn
from tests.fakes.publisher import Publisher


@pytest.mark.parametrize("form", [Form.RSS, Form.ATOM])
async def test_xml_feeds_read_as_they_were_published(publisher: Publisher, form: Form) -> None:
    feed = publisher.feed("/world.xml", form=form)
    feed.publish("Older")
    feed.publish("Fish & chips", summary="Dearer.", tags=("Food & drink",))

    parsed = feedparser.parse(feed.document())

    assert not parsed.bozo
    newest = parsed.entries[0]
    assert [entry.title for entry in parsed.entries] == ["Fish & chips", "Older"]
    assert (newest.link, newest.id) == (f"{feed.url}/2", f"{feed.url}#2")
    assert newest.summary == "Dearer."
    assert [tag.term for tag in newest.tags] == ["Food & drink"]
    assert newest.published_parsed[:6] == NOW.timetuple()[:6]


async def test_json_feeds_read_as_they_were_published(publisher: Publisher) -> None:
    feed = publisher.feed("/world.json", form=Form.JSON)
    entry = feed.publish("Harbour reopens", tags=("Sea",))

    document = json.loads(feed.document())

    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["items"] == [
        {
            "id": entry.guid,
            "url": entry.url,
            "title": "Harbour reopens",
            "content_text": "Harbour reopens",
            "date_published": "2026-03-02T12:00:00+00:00",
            "tags": ["Sea"],
        }
    ]


async def test_a_feed_shows_its_newest_entries_only(publisher: Publisher) -> None:
    feed = publisher.feed("/world.xml")
    feed.window = 2
    for title in ("One", "Two", "Three"):
        feed.publish(title)

    parsed = feedparser.parse(feed.document())

    assert [entry.title for entry in parsed.entries] == ["Three", "Two"]


async def test_a_revised_entry_takes_the_place_of_the_first(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    entry = feed.publish("Harbour reopns")
    first = await fetcher.fetch(FetchRequest(url=feed.url))

    feed.revise(entry, replace(entry, title="Harbour reopens"))
    again = await fetcher.fetch(FetchRequest(url=feed.url, etag=first.etag))

    assert again.body is not None
    assert [entry.title for entry in feed.entries] == ["Harbour reopens"]


@pytest.mark.parametrize("churn", Churn)
async def test_churn_changes_each_answer_in_one_respect(
    publisher: Publisher, fetcher: HttpFetcher, churn: Churn
) -> None:
    feed = publisher.feed("/world.xml")
    feed.publish("Harbour reopens")
    feed.churn = frozenset({churn})

    bodies = [(await fetcher.fetch(FetchRequest(url=feed.url))).body for _ in range(2)]

    first, second = (feedparser.parse(body).entries[0] for body in bodies)
    differs = {name for name in ("published", "id", "link") if first[name] != second[name]}
    assert differs == {{"date": "published", "guid": "id", "tracking": "link"}[churn]}
    assert first.title == second.title


async def test_feeds_can_go_without_validators(publisher: Publisher, fetcher: HttpFetcher) -> None:
    feed = publisher.feed("/world.xml")
    feed.validators = False

    result = await fetcher.fetch(FetchRequest(url=feed.url))

    assert (result.etag, result.last_modified) == (None, None)


async def test_what_was_never_published_is_not_found(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    error = await failure(fetcher, publisher.url("/nothing.xml", host=2))

    assert error.status == 404
    assert [hit.url for hit in publisher.requests] == [publisher.url("/nothing.xml", host=2)]
