"""What Discord proposes while somebody types, by the gateway and in SimCord."""

from tests.contract.chat.both.test_every_command import once_each
from tests.contract.chat.both.test_subscribing import follow
from tests.fakes.chat.office import Office

SUGGESTED = {
    ("search", "topic"): ("china", ["us-china"]),
    ("search", "feed"): ("wi", ["Wire"]),
    ("latest", "topic"): ("", ["us-china", "ferries"]),
    ("since", "topic"): ("ferr", ["ferries"]),
    ("subscribe", "what"): ("us", ["us-china"]),
    ("unsubscribe", "what"): ("fer", ["ferries"]),
    ("mute", "what"): ("", ["us-china", "ferries", "tram OR bus", "Town Crier", "Wire"]),
    ("unmute", "what"): ("tram", ["tram OR bus"]),
    ("topic", "name"): ("CHINA", ["us-china"]),
    ("why", "topic"): ("ferr", ["ferries"]),
    ("feed remove", "name"): ("to", ["Town Crier"]),
    ("help", "command"): ("top", ["topics", "topic"]),
}
"""For each option, what is typed of it and what is proposed."""


@once_each
async def test_topics_feeds_subscriptions_and_commands_are_proposed(desk: Office) -> None:
    town = desk.publisher.feed("/town.xml", host=1)
    town.title = "Town Crier"
    offer = await desk.lead.asks(f"feed add {town.url}", address=town.url)
    await desk.lead.presses(offer, "Confirm", alike=False)
    await follow(desk, "ferries")
    await follow(desk, "tram OR bus")
    known = {
        (command.verb, option.name)
        for command in desk.commands
        for option in command.options
        if option.suggest is not None
    }
    assert known == set(SUGGESTED)

    for (verb, option), (typed, values) in SUGGESTED.items():
        assert await desk.discord.suggested(verb, option, typed) == values, (verb, option)


@once_each
async def test_nothing_is_proposed_that_is_not_there(desk: Office) -> None:
    assert await desk.discord.suggested("unsubscribe", "what", "") == []
    assert await desk.discord.suggested("feed remove", "name", "") == []
