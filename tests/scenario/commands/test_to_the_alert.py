"""From a command to the posted alert, and from its buttons to what is posted next."""

from datetime import timedelta

from bot.commands.reply import Button, Redrawn
from bot.commands.request import Press
from tests.fakes.asking import DESK, HERE, THERE, Newsroom, button, headlines
from tests.fakes.clock import FakeClock
from tests.fakes.house import house
from tests.fakes.publisher import Publisher

HOUR = timedelta(hours=1)


async def test_what_is_subscribed_to_is_posted_until_it_is_muted_or_ended(
    newsroom: Newsroom, clock: FakeClock
) -> None:
    async with Publisher(clock) as publisher:
        feed = publisher.feed("/city.xml")
        async with house(newsroom.store, clock, feed.url, topics=newsroom.topics) as bot:
            await bot.round()
            await newsroom.press(button(await newsroom.ask("subscribe tram"), "Confirm"))
            feed.publish("Tram late")
            await bot.round(HOUR)
            assert bot.headlines(HERE) == ["Tram late"]
            [(nonce, _)] = bot.slack.posted[HERE]

            claim = Press(action="claim", argument=nonce, channel=HERE, person=DESK)
            drawn = await newsroom.commands.press(claim)
            assert isinstance(drawn, Redrawn)
            assert (drawn.alert.headline, drawn.alert.claimed_by) == ("Tram late", "U1")

            muted = await newsroom.press(Button(label="", action="mute", argument=nonce))
            assert muted.title.startswith("“tram” is muted here for 2 h")
            feed.publish("Tram stuck")
            await bot.round(HOUR)
            assert bot.headlines(HERE) == ["Tram late"]

            clock.advance(2 * HOUR)
            feed.publish("Tram moves")
            await bot.round(HOUR)
            assert bot.headlines(HERE) == ["Tram late", "Tram moves"]

            await newsroom.ask("unsubscribe tram")
            feed.publish("Tram again")
            await bot.round(HOUR)
            assert bot.headlines(HERE) == ["Tram late", "Tram moves"]
            assert bot.headlines(THERE) == []


async def test_a_digest_is_posted_when_it_was_asked_for(
    newsroom: Newsroom, clock: FakeClock
) -> None:
    async with Publisher(clock) as publisher:
        feed = publisher.feed("/city.xml")
        async with house(newsroom.store, clock, feed.url, topics=newsroom.topics) as bot:
            await bot.round()
            offered = await newsroom.ask("subscribe tram daily 18:00")
            assert headlines(offered) == []
            await newsroom.press(button(offered, "Confirm"))
            for title in ("Tram late", "Tram stuck"):
                feed.publish(title)
            await bot.round(HOUR)
            assert (bot.alerts(HERE), bot.digests(HERE)) == ([], [])
            await bot.round(8 * HOUR)
            (digest,) = bot.digests(HERE)
            assert digest.stories == 2
