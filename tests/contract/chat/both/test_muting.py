"""What a channel does not want to hear of for a while, through each platform's own library."""

from bot.domain.subscription import MutedKind
from tests.contract.chat.both.test_subscribing import follow
from tests.fakes.chat.office import Office


async def muted(desk: Office) -> list[MutedKind]:
    """What is muted in the channel, the same on each platform."""
    async with desk.newsbot.store.read() as transaction:
        mutes = await transaction.subscriptions.mutes(desk.clock.now())
    first, *others = [
        sorted(mute.kind for mute in mutes if mute.channel == channel) for channel in desk.channels
    ]
    assert all(other == first for other in others)
    return first


async def test_what_is_muted_stays_quiet_until_it_is_not_and_can_be_read_then(
    desk: Office,
) -> None:
    quiet = await desk.ada.asks("mute us-china 3h", what="us-china", length="3h")
    assert quiet.title.startswith("US and China (us-china) is muted here for 3 h, until Mon 2 Mar")
    await desk.reported("Talks in Beijing", "Ferry late")
    assert desk.posted() == []
    listed = await desk.ada.asks("subscriptions")
    assert any(line.startswith("Muted until Mon 2 Mar") for line in listed.lines)

    ended = await desk.ada.asks("unmute us-china", what="us-china")
    assert ended.lines == (
        "US and China (us-china) is no longer muted here.",
        "1 story was passed over meanwhile.",
    )
    missed = await desk.ada.presses(ended, "Show them")
    assert missed.lines[:3] == ("Passed over while it was muted", "Talks in Beijing", "Wire")
    await desk.reported("Beijing again")
    assert desk.posted() == ["Beijing again"]


async def test_a_mute_is_undone(desk: Office) -> None:
    quiet = await desk.ada.asks("mute Wire", what="Wire")
    assert await muted(desk) == [MutedKind.FEED]
    undone = await desk.ada.presses(quiet, "Undo")
    assert undone.lines == (
        "Wire is no longer muted here.",
        "No story was passed over meanwhile.",
    )
    assert await muted(desk) == []
    await desk.reported("Talks in Beijing")
    assert desk.posted() == ["Talks in Beijing"]


async def test_of_an_alert_its_topic_its_story_and_its_feed_are_muted(desk: Office) -> None:
    await desk.reported("Talks in Beijing")
    quiet = await desk.ada.presses(desk.card("Talks in Beijing"), "Mute 2h")
    assert quiet.title.startswith("US and China is muted here for 2 h, until Mon 2 Mar")
    assert quiet.buttons == ("Undo", "This story", "All of Wire")
    story = await desk.ada.presses(quiet, "This story")
    assert story.title.startswith("“Talks in Beijing” is muted here for 2 h")
    quiet = await desk.ada.presses(desk.card("Talks in Beijing"), "Mute 2h")
    await desk.ada.presses(quiet, "All of Wire")
    assert await muted(desk) == [MutedKind.FEED, MutedKind.STORY, MutedKind.TOPIC]

    await desk.ada.asks("unmute us-china", what="us-china")
    await desk.reported("Beijing again")
    assert desk.posted() == ["Talks in Beijing"]
    ended = await desk.ada.asks("unmute Wire", what="Wire")
    assert "Beijing again" in (await desk.ada.presses(ended, "Show them")).lines
    await desk.reported("Beijing at last")
    assert desk.posted() == ["Talks in Beijing", "Beijing at last"]


async def test_of_an_alert_for_two_topics_it_is_asked_which_to_mute(desk: Office) -> None:
    await follow(desk, "talks")
    await desk.reported("Talks in Beijing")
    which = await desk.ada.presses(desk.card("Talks in Beijing"), "Mute 2h")
    assert which.title == "What is to be muted here for 2 hours?"
    assert await muted(desk) == []
    quiet = await desk.ada.presses(which, "“talks”")
    assert quiet.title.startswith("“talks” is muted here for 2 h")
    await desk.reported("Talks about ferries", "Beijing again")
    assert desk.posted() == ["Talks in Beijing", "Beijing again"]
