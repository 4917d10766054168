"""What commands and buttons keep: what was asked, cards and their claims, added feeds."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.delivery import DeliveryState
from bot.domain.message import MessageRef
from bot.ports.chat import AddedFeed, AskedKind, Card
from bot.ports.deliveries import Outgoing, Settlement
from bot.storage.database import Database
from tests.contract.storage.test_deliveries import ALERT, NOTICE
from tests.fakes.clock import START

TEAM = Workspace(Platform.SLACK)
OTHER = Workspace(Platform.SLACK, "T2")
DESK = Channel(Platform.SLACK, "C1")
FEED = AddedFeed(
    workspace=TEAM,
    url="https://wire.example/feed",
    name="Wire",
    added_by="U1",
    added_at=START,
)


async def posted(store: Database, key: str = "story:1") -> str:
    """Send an alert; gives its nonce."""
    async with store.begin() as transaction:
        message = ALERT if key.startswith("story") else NOTICE
        await transaction.deliveries.add(
            [Outgoing(channel=DESK, key=key, message=message)], now=START
        )
        claim = await transaction.deliveries.claim(DESK, now=START, lease=timedelta(minutes=1))
        assert claim is not None
        await transaction.deliveries.settle(
            claim,
            Settlement(state=DeliveryState.SENT, ref=MessageRef("17.1", "C1")),
            now=START,
        )
        return claim.delivery.nonce


async def test_what_was_asked_is_kept_for_its_workspace(store: Database) -> None:
    async with store.begin() as transaction:
        key = await transaction.asked.keep(
            AskedKind.QUERY, "rare earths", workspace=TEAM, user="U1", now=START
        )
        assert len(key) == 16
        assert await transaction.asked.get(AskedKind.QUERY, key, workspace=TEAM) == "rare earths"
        assert await transaction.asked.get(AskedKind.QUERY, key, workspace=OTHER) is None
        assert await transaction.asked.get(AskedKind.WISH, key, workspace=TEAM) is None
        await transaction.asked.sweep(before=START)
        assert await transaction.asked.get(AskedKind.QUERY, key, workspace=TEAM) == "rare earths"
        await transaction.asked.sweep(before=START + timedelta(seconds=1))
        assert await transaction.asked.get(AskedKind.QUERY, key, workspace=TEAM) is None


async def test_a_card_is_found_by_its_nonce(store: Database) -> None:
    nonce = await posted(store)
    async with store.read() as transaction:
        assert await transaction.cards.get(nonce) == Card(
            nonce=nonce, channel=DESK, alert=ALERT, story_id=None, ref=MessageRef("17.1", "C1")
        )


async def test_a_notice_is_no_card(store: Database) -> None:
    nonce = await posted(store, "notice")
    async with store.read() as transaction:
        assert await transaction.cards.get(nonce) is None
        assert await transaction.cards.get("unheard-of") is None


async def test_a_story_is_claimed_by_one_person_until_it_is_released(store: Database) -> None:
    nonce = await posted(store)
    async with store.begin() as transaction:
        cards = transaction.cards
        assert await cards.claim(nonce, "U1", now=START) == "U1"
        assert await cards.claim(nonce, "U2", now=START) == "U1"
        card = await cards.get(nonce)
        assert card is not None
        assert card.alert == replace(ALERT, claimed_by="U1")
        await cards.release(nonce)
        assert await cards.claim(nonce, "U2", now=START) == "U2"
        assert await cards.claim("unheard-of", "U2", now=START) is None


async def test_added_feeds_are_each_workspaces_own(store: Database) -> None:
    theirs = replace(FEED, workspace=OTHER, name="The Wire")
    async with store.begin() as transaction:
        feeds = transaction.added_feeds
        assert await feeds.add(FEED)
        assert not await feeds.add(FEED)
        assert await feeds.add(theirs)
        assert list(await feeds.of_workspace(TEAM)) == [FEED]
        assert list(await feeds.all()) == [FEED, theirs]
        state = await transaction.feeds.get(FEED.url)
        assert state is not None
        assert await feeds.owners(shared=()) == {state.feed_id: {TEAM, OTHER}}

        assert await feeds.owners(shared=[FEED.url]) == {}

        before = await transaction.subscriptions.revision()
        assert await feeds.remove(TEAM, FEED.url)
        assert not await feeds.remove(TEAM, FEED.url)
        assert await feeds.owners(shared=()) == {state.feed_id: {OTHER}}
        assert await transaction.subscriptions.revision() > before

        assert await feeds.remove(OTHER, FEED.url)
        assert await feeds.owners(shared=()) == {state.feed_id: set()}
