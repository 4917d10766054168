"""Feeds that people add and remove, through each platform's own library."""

from aiohttp import web

from tests.contract.chat.both.test_subscribing import follow
from tests.fakes.chat.office import Office
from tests.fakes.feed import FakeFeed

_LINK = '<link rel="alternate" type="application/rss+xml" href="/{}.xml">'

_RULES = "A channel that a rule file names hears of it once it follows the topic by /news subscribe"
"""Told on Discord, where a rule file does not tell of which server a channel is."""


async def _page(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
    """A site that names two feeds."""
    del feed, request
    head = "".join(map(_LINK.format, ("world", "local")))
    return web.Response(text=f"<!doctype html><head>{head}</head>", content_type="text/html")


async def test_one_of_a_sites_feeds_is_chosen_watched_and_removed_again(desk: Office) -> None:
    world, local = (desk.publisher.feed(f"/{name}.xml", host=1) for name in ("world", "local"))
    world.title, local.title = "World", "Local"
    local.publish("Old talks in Beijing")
    site = desk.publisher.feed("/", host=1)
    site.fault = _page

    refused = await desk.ada.asks(f"feed add {site.url}", address=site.url)
    assert refused.title.startswith("Only people who manage newsbot may add feeds")
    which = await desk.lead.asks(f"feed add {site.url}", address=site.url)
    assert which.title == "That page names several feeds: which one?"
    offer = await desk.lead.presses(which, "Choose", 1)
    assert offer.lines[:3] == ("Watch Local for this workspace?", local.url, "Old talks in Beijing")
    done = await desk.lead.presses(offer, "Confirm", alike=False)
    assert done.says("Local is watched for this workspace.")
    assert [part.text.count(_RULES) for part in done.parts] == [0, 1]
    await follow(desk, "us-china")
    await desk.round()
    local.publish("New talks in Beijing")
    await desk.round()
    assert desk.posted() == ["New talks in Beijing"]
    assert "Local" in (await desk.ada.asks("feeds")).lines
    assert world.requests == []

    gone = await desk.lead.asks("feed remove Local", name="Local")
    assert gone.title == "Local is no longer watched for this workspace."
    asked = len(local.requests)
    await desk.round()
    assert len(local.requests) == asked


async def test_a_feed_that_is_offered_and_cancelled_is_not_watched(desk: Office) -> None:
    feed = desk.publisher.feed("/town.xml", host=1)
    feed.title = "Town Crier"
    offer = await desk.lead.asks(f"feed add {feed.url}", address=feed.url)
    assert offer.title == "Watch Town Crier for this workspace?"
    assert (await desk.lead.presses(offer, "Cancel")).text == "Nothing was changed."
    assert "Town Crier" not in (await desk.ada.asks("feeds")).lines
