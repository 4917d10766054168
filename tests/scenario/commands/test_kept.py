"""What waits for a digest while people unsubscribe and mute, told as they ask for it."""

from datetime import timedelta

from bot.domain.channel import Platform
from bot.domain.delivery import DeliveryState
from bot.domain.message import Alert
from bot.services.route import Router
from bot.services.send_digest import SendDigests
from tests.fakes.asking import HERE, TOPICS, Newsroom, button, headlines
from tests.fakes.news import POST, WIRE

HOUR = timedelta(hours=1)
PAGE = "https://wire.example/ferry-late"


async def digest(newsroom: Newsroom, *platforms: Platform) -> None:
    """Let the digests of the next hour be written."""
    newsroom.clock.advance(HOUR)
    router = Router(TOPICS, platforms=frozenset(platforms or Platform), shared=[WIRE.url, POST.url])
    await SendDigests(store=newsroom.store, clock=newsroom.clock, burst=None)(router)


async def follow(newsroom: Newsroom, line: str) -> None:
    await newsroom.press(button(await newsroom.ask(f"subscribe {line}"), "Confirm"))


async def states(newsroom: Newsroom) -> dict[DeliveryState, int]:
    async with newsroom.store.read() as transaction:
        return dict(await transaction.deliveries.count())


async def posted(newsroom: Newsroom) -> Alert:
    """The next alert of the channel."""
    async with newsroom.store.begin() as transaction:
        claim = await transaction.deliveries.claim(HERE, now=newsroom.clock.now(), lease=HOUR)
    assert claim is not None
    assert isinstance(claim.delivery.message, Alert)
    return claim.delivery.message


async def test_unsubscribing_says_that_what_waits_is_not_sent_and_undo_has_it_sent(
    newsroom: Newsroom,
) -> None:
    await follow(newsroom, "ferry AND late hourly")
    await newsroom.route(*await newsroom.publish("Ferry late"))
    gone = await newsroom.ask("unsubscribe ferry AND late")
    assert gone.lines == ("Stories that wait for its next digest are not sent.",)
    await newsroom.press(button(gone, "Undo"))
    await digest(newsroom)
    assert (await posted(newsroom)).headline == "Ferry late"


async def test_why_tells_of_an_alert_that_was_left_out_of_its_digest(newsroom: Newsroom) -> None:
    await follow(newsroom, "ferries hourly")
    await newsroom.route(*await newsroom.publish("Ferry late"))
    await newsroom.ask("mute ferries")
    await digest(newsroom)
    muted = await newsroom.ask(f"why {PAGE} ferries")
    assert muted.rows[0].lines[0] == (
        "It matches: kept for a digest in this channel and left out, since it was muted when its"
        " digest was due."
    )
    left_out = "kept for a digest here and left out, since it was muted when its digest was due."
    await newsroom.ask("unsubscribe ferries")
    assert (await newsroom.ask(f"why {PAGE} ferries")).rows[0].lines[1:3] == (
        "This channel does not follow it.",
        f"An alert of it was {left_out}",
    )


async def test_what_a_mute_kept_out_of_a_digest_is_among_what_was_passed_over(
    newsroom: Newsroom,
) -> None:
    await follow(newsroom, "ferries hourly")
    await newsroom.route(*await newsroom.publish("Ferry late"))
    await newsroom.ask("mute ferries")
    await digest(newsroom)
    ended = await newsroom.ask("unmute ferries")
    assert ended.lines == ("1 story was passed over meanwhile.",)
    assert headlines(await newsroom.press(button(ended, "Show them"))) == ["Ferry late"]


async def test_a_story_kept_from_a_muted_feed_is_told_by_the_other_that_reports_it(
    newsroom: Newsroom,
) -> None:
    await follow(newsroom, "ferries hourly")
    await newsroom.route(*await newsroom.publish("Ferry late", page=PAGE))
    await newsroom.route(*await newsroom.publish("Late ferry", feed=POST, page=PAGE))
    await newsroom.ask("mute Wire")
    await digest(newsroom)
    alert = await posted(newsroom)
    assert (alert.headline, alert.outlet) == ("Late ferry", "Post")


async def test_nothing_is_dropped_while_a_platform_is_not_connected(newsroom: Newsroom) -> None:
    await follow(newsroom, "ferry AND late hourly")
    await newsroom.route(*await newsroom.publish("Ferry late"))
    await digest(newsroom, Platform.CONSOLE)
    assert DeliveryState.DROPPED not in await states(newsroom)
