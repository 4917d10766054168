"""All: every command and action there is, put together."""

from collections.abc import Collection

from bot.commands.claim import claiming
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.commands.edit import edit
from bot.commands.feed import feed
from bot.commands.feeds import feeds
from bot.commands.home import home
from bot.commands.irrelevant import irrelevant
from bot.commands.latest import latest, since
from bot.commands.more import more
from bot.commands.mute import mute, unmute
from bot.commands.ping import ping
from bot.commands.preview import preview
from bot.commands.search import search
from bot.commands.share import share
from bot.commands.status import status
from bot.commands.subscribe import subscribe
from bot.commands.subscriptions import subscriptions
from bot.commands.topics import topic, topics
from bot.commands.unsubscribe import unsubscribe
from bot.commands.why import why
from bot.domain.channel import Platform
from bot.services.health import Status
from bot.services.health import status as look


def all_commands(desk: Desk, *, platforms: Collection[Platform]) -> Commands:
    """Everything people can ask.

    Args:
        desk: What commands have before them.
        platforms: Those newsbot has tokens for, the console included.
    """

    async def health() -> Status:
        urls = {feed.url for feed in desk.catalog().feeds if not feed.paused}
        return await look(desk.store, desk.clock, urls=urls, platforms=platforms)

    searching, search_page = search(desk)
    catching_up, stories_page = since(desk)
    muting, mute_actions = mute(desk)
    listing_topics, topics_page = topics(desk)
    listing_feeds, feeds_page = feeds(desk)
    feed_commands, feed_actions = feed(desk)
    subscribing, subscribe_actions = subscribe(desk)
    unsubscribing, unsubscribe_actions = unsubscribe(desk)
    listing_subscriptions, subscription_pages = subscriptions(desk)
    return Commands(
        (
            searching,
            latest(desk),
            catching_up,
            subscribing,
            unsubscribing,
            listing_subscriptions,
            muting,
            unmute(desk),
            listing_topics,
            topic(desk),
            preview(desk),
            why(desk),
            listing_feeds,
            *feed_commands,
            status(desk, platforms),
            ping(health, desk.clock),
        ),
        (
            search_page,
            stories_page,
            topics_page,
            feeds_page,
            share(desk),
            *subscribe_actions,
            *unsubscribe_actions,
            *subscription_pages,
            *edit(desk),
            *mute_actions,
            *claiming(desk),
            more(desk),
            *irrelevant(desk),
            *feed_actions,
        ),
        home=home(desk, health),
    )
