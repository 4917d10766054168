"""The buttons under an alert, and mutes: pressed and typed, over each database."""

from datetime import timedelta

import pytest

from bot.commands.reply import Answer, Button, Redrawn, Reply
from bot.commands.request import Person, Press
from bot.domain.channel import Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.subscription import Mute, MutedKind
from bot.ports.deliveries import Settlement
from tests.fakes.asking import DESK, HERE, STRANGER, THERE, Newsroom, button, headlines, labels
from tests.fakes.clock import START
from tests.fakes.news import POST
from tests.fakes.people import person

HOUR = timedelta(hours=1)
MATE = person("U5", platform=Platform.SLACK, workspace="T1")
LEAD = person("U9", platform=Platform.SLACK, workspace="T1", manages=True)
ACTIONS = ("mute", "irrelevant", "claim", "release", "more")


async def told(newsroom: Newsroom, channel: Channel = HERE) -> str | None:
    """The nonce of the next alert of a channel; None where there is none."""
    now = newsroom.clock.now()
    async with newsroom.store.begin() as transaction:
        claim = await transaction.deliveries.claim(channel, now=now, lease=HOUR)
        if claim is None:
            return None
        sent = Settlement(state=DeliveryState.SENT)
        await transaction.deliveries.settle(claim, sent, now=now)
    return claim.delivery.nonce


async def alerted(newsroom: Newsroom, title: str = "Talks in Beijing") -> str:
    await newsroom.route(*await newsroom.publish(title))
    nonce = await told(newsroom)
    assert nonce
    return nonce


async def pressed(
    newsroom: Newsroom, action: str, nonce: str, who: Person = DESK, channel: Channel = HERE
) -> Answer:
    return await newsroom.commands.press(
        Press(action=action, argument=nonce, channel=channel, person=who)
    )


async def replied(newsroom: Newsroom, action: str, nonce: str) -> Reply:
    answer = await pressed(newsroom, action, nonce)
    assert isinstance(answer, Reply)
    return answer


async def mutes(newsroom: Newsroom) -> list[Mute]:
    async with newsroom.store.read() as transaction:
        return list(await transaction.subscriptions.mutes(newsroom.clock.now()))


async def test_a_claim_is_shown_to_all_and_given_back_by_its_holder_or_who_manages(
    newsroom: Newsroom,
) -> None:
    nonce = await alerted(newsroom)
    mine = await pressed(newsroom, "claim", nonce)
    assert isinstance(mine, Redrawn)
    assert (mine.alert.claimed_by, mine.reply, mine.nonce) == ("U1", None, nonce)

    for action in ("claim", "release"):
        theirs = await pressed(newsroom, action, nonce, MATE)
        assert isinstance(theirs, Redrawn)
        assert theirs.alert.claimed_by == "U1"
        assert theirs.reply is not None
        assert theirs.reply.title.startswith("Somebody else")
    for who in (DESK, LEAD):
        await pressed(newsroom, "claim", nonce)
        free = await pressed(newsroom, "release", nonce, who)
        assert isinstance(free, Redrawn)
        assert (free.alert.claimed_by, free.reply) == (None, None)


async def test_more_tells_the_summary_the_outlets_and_why(newsroom: Newsroom) -> None:
    page = "https://wire.example/talks-in-beijing"
    await newsroom.publish("Talks begin in Beijing", feed=POST, page=page)
    nonce = await alerted(newsroom)
    reply = await replied(newsroom, "more", nonce)
    assert reply.title == "Talks in Beijing"
    assert "US and China: “Beijing” in the title." in reply.lines
    assert [row.lines for row in reply.rows] == [("Post",), ("Wire",)]


async def test_one_topic_is_muted_at_once_and_what_it_kept_away_can_be_read(
    newsroom: Newsroom,
) -> None:
    nonce = await alerted(newsroom)
    newsroom.clock.advance(timedelta(minutes=5))
    reply = await replied(newsroom, "mute", nonce)
    until = "for 2 h, until Mon 2 Mar 2026, 11:05 UTC"
    assert reply.title == f"US and China is muted here {until}."
    assert labels(reply) == ["Undo", "This story", "All of Wire"]
    await newsroom.route(
        *await newsroom.publish(
            "Beijing again", "Beijing once more", "Weather", at=newsroom.clock.now()
        )
    )
    ended = await newsroom.press(button(reply, "Undo"))
    assert ended.lines == ("2 stories were passed over meanwhile.",)
    shown = await newsroom.press(button(ended, "Show them"))
    assert headlines(shown) == ["Beijing again", "Beijing once more"]
    assert await mutes(newsroom) == []
    await newsroom.route(*await newsroom.publish("Beijing at last", at=newsroom.clock.now()))
    async with newsroom.store.read() as transaction:
        assert await transaction.deliveries.count()
    assert (await newsroom.press(button(reply, "Undo"))).title.endswith("is not muted here")


async def test_a_story_or_a_feed_is_muted_from_a_card(newsroom: Newsroom) -> None:
    nonce = await alerted(newsroom)
    reply = await replied(newsroom, "mute", nonce)
    for label in ("This story", "All of Wire"):
        await newsroom.press(button(reply, label))
    kinds = [(mute.kind, mute.channel) for mute in await mutes(newsroom)]
    assert sorted(kinds) == [
        (MutedKind.FEED, HERE), (MutedKind.STORY, HERE), (MutedKind.TOPIC, HERE),
    ]  # fmt: skip


async def test_of_several_topics_it_is_asked_which(newsroom: Newsroom) -> None:
    offered = await newsroom.ask("subscribe talks")
    await newsroom.press(button(offered, "Confirm"))
    nonce = await alerted(newsroom)
    asked = await replied(newsroom, "mute", nonce)
    assert asked.title == "What is to be muted here for 2 hours?"
    assert sorted(labels(asked)) == ["All of Wire", "This story", "US and China", "“talks”"]
    assert await mutes(newsroom) == []
    await newsroom.press(button(asked, "“talks”"))
    assert [mute.kind for mute in await mutes(newsroom)] == [MutedKind.TOPIC]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("us-china", "US and China (us-china)"),
        ("US and China", "US and China (us-china)"),
        ("wire", "Wire"),
        ("https://wire.example/feed", "Wire"),
        ("<https://wire.example/talks-in-beijing|talks>", "“Talks in Beijing”"),
    ],
)
async def test_what_is_typed_is_muted_and_keeps_alerts_away(
    newsroom: Newsroom, line: str, named: str
) -> None:
    await newsroom.publish("Talks in Beijing")
    reply = await newsroom.ask(f"mute {line} 1h30m")
    assert reply.title == f"{named} is muted here for 1 h 30 min, until Mon 2 Mar 2026, 10:30 UTC."
    page = "https://wire.example/talks-in-beijing"
    again = await newsroom.publish("More of Beijing", page=page)
    await newsroom.route(*again)
    assert await told(newsroom) is None
    assert await told(newsroom, THERE) is not None
    assert (await newsroom.ask(f"unmute {line}")).title == f"{named} is no longer muted here."
    assert await mutes(newsroom) == []


@pytest.mark.parametrize(
    "length", ["2h", "2 hours", "for 2 hrs", "120 min", "for 1 hour 60 minutes"]
)
async def test_a_length_is_read_in_words_too(newsroom: Newsroom, length: str) -> None:
    reply = await newsroom.ask(f"mute us-china {length}")
    assert reply.title.startswith("US and China (us-china) is muted here for 2 h,")


async def test_a_mute_ends_by_itself(newsroom: Newsroom) -> None:
    await newsroom.ask("mute us-china")
    newsroom.clock.set(START + timedelta(hours=2))
    assert await alerted(newsroom)


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_card_does_nothing_where_it_does_not_stand(newsroom: Newsroom, action: str) -> None:
    nonce = await alerted(newsroom)
    places = ((STRANGER, THERE), (DESK, Channel(Platform.SLACK, "C9", "T1")))
    for who, channel in places:
        answer = await pressed(newsroom, action, nonce, who, channel)
        assert isinstance(answer, Reply)
        assert answer.title.startswith("newsbot no longer keeps this alert")
        assert "Beijing" not in str(answer)
    for forged in ("", "x" * 60, "'; --", f"{nonce}x"):
        answer = await pressed(newsroom, action, forged)
        assert isinstance(answer, Reply)
        assert answer.mistake
    chosen = await pressed(newsroom, "mute-one", f"{nonce}:story", STRANGER, THERE)
    assert isinstance(chosen, Reply)
    assert chosen.mistake
    assert await mutes(newsroom) == []


async def test_what_is_kept_for_a_mute_is_of_its_workspace(newsroom: Newsroom) -> None:
    reply = await newsroom.ask("mute us-china")
    foreign = await newsroom.press(button(reply, "Undo"), who=STRANGER, channel=THERE)
    assert foreign.title == "This button is too old to go on with: ask again"
    assert len(await mutes(newsroom)) == 1
    for action in ("unmute", "passed-over", "subscribe-meant"):
        for argument in ("", "nonsense", "é" * 70):
            forged = Button(label="", action=action, argument=argument)
            assert (await newsroom.press(forged)).mistake


async def test_words_are_proposed_with_what_they_would_remove_and_left_out(
    newsroom: Newsroom,
) -> None:
    await newsroom.publish(
        "Beijing hosts badminton final",
        "Badminton: Beijing beats Oslo",
        "Beijing answers tariff",
        "Envoy lands in Beijing",
        "Beijing port reopens",
        at=START - timedelta(days=1),
    )
    nonce = await alerted(newsroom, "Badminton in Beijing")
    reply = await replied(newsroom, "irrelevant", nonce)
    assert reply.title == "What shall US and China leave out here?"
    assert reply.lines == ("In the last 30 days it had 6 stories.",)
    (row,) = reply.rows
    assert row.title == "badminton"
    assert row.lines[0] == "Would have removed 3 of 6:"
    assert row.lines[1:] == (
        "“Badminton in Beijing”",
        "“Beijing hosts badminton final”",
        "“Badminton: Beijing beats Oslo”",
    )
    (leave_out,) = row.buttons
    foreign = await newsroom.press(leave_out, who=STRANGER, channel=THERE)
    elsewhere = await newsroom.press(leave_out, channel=Channel(Platform.SLACK, "C9", "T1"))
    assert foreign.mistake
    assert elsewhere.mistake

    done = await newsroom.press(leave_out)
    assert done.title == "US and China no longer alerts here for stories with “badminton”."
    assert "Leaves out: badminton." in str(await newsroom.ask("subscriptions"))
    await newsroom.route(*await newsroom.publish("Beijing badminton again"))
    assert await told(newsroom) is None
    assert await told(newsroom, THERE) is not None
    await newsroom.press(button(done, "Undo"))
    assert (await newsroom.press(button(done, "Undo"))).mistake
    assert await alerted(newsroom, "More badminton in Beijing")


async def test_a_story_that_nothing_sets_apart_gets_other_advice(newsroom: Newsroom) -> None:
    reply = await replied(newsroom, "irrelevant", await alerted(newsroom, "Beijing"))
    assert reply.title == "No word sets this story apart from what US and China brings."


async def test_of_two_topics_it_asks_for_which_the_story_is_not_relevant(
    newsroom: Newsroom,
) -> None:
    offer = await newsroom.ask("subscribe ferries")
    await newsroom.press(button(offer, "Confirm"))
    await newsroom.publish("Ferry to Oslo", "Ferry to Aarhus", at=START - timedelta(days=1))
    which = await replied(newsroom, "irrelevant", await alerted(newsroom, "Beijing buys a ferry"))
    assert which.title == "For which topic is this story not relevant?"
    assert sorted(labels(which)) == ["Ferries", "US and China"]
    proposed = await newsroom.press(button(which, "Ferries"))
    assert proposed.title == "What shall Ferries leave out here?"
    assert proposed.replaces

    ended = await newsroom.ask("unsubscribe ferries")
    assert not ended.mistake
    assert (await newsroom.press(button(which, "Ferries"))).mistake
