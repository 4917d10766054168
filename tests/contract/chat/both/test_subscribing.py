"""From the wish to follow something to what is posted, through each platform's own library."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.subscription import Subscription
from tests.fakes.chat.office import HOUR, Office
from tests.fakes.chat.screen import Screen


async def subscribed(desk: Office) -> Sequence[Sequence[Subscription]]:
    """What the channel of each platform follows."""
    async with desk.newsbot.store.read() as transaction:
        return [await transaction.subscriptions.of_channel(one) for one in desk.channels]


async def followed(desk: Office) -> list[tuple[str, str]]:
    """What the channel follows, and how often it is told; the same on each platform."""
    first, *others = [
        [(one.following.subject, str(one.following.cadence or "")) for one in own]
        for own in await subscribed(desk)
    ]
    assert all(other == first for other in others)
    return first


async def follow(desk: Office, what: str) -> Screen:
    """Subscribe to something, as it is offered."""
    return await desk.ada.presses(await desk.ada.asks(f"subscribe {what}", what=what), "Confirm")


async def test_what_is_chosen_in_the_window_is_followed_changed_ended_and_taken_up_again(
    desk: Office,
) -> None:
    await desk.reported("Ferry on time")
    window = await desk.ada.asks("subscribe")
    assert window.fields == {
        "topic": "", "query": "", "cadence": "instant", "quiet": "", "zone": "UTC",
    }  # fmt: skip
    offer = await desk.ada.fills(window, topic="ferries")
    assert offer.title == "Let this channel follow Ferries?"
    assert "Ferry on time" in offer.lines
    done = await desk.ada.presses(offer, "Confirm")
    assert (done.title, done.place) == ("This channel follows Ferries.", offer.place)
    await desk.reported("Ferry late", "Tram late")
    assert desk.posted() == ["Ferry late"]

    window = await desk.ada.presses(await desk.ada.asks("subscriptions"), "Edit")
    changed = await desk.ada.fills(window, cadence="daily 18:00")
    assert changed.lines == ("Ferries is changed.", "A digest daily at 18:00, UTC time.")
    assert await followed(desk) == [("ferries", "daily 18:00")]
    await desk.reported("Ferry stuck", "Ferry sunk")
    assert desk.posted() == ["Ferry late"]
    await desk.round(8 * HOUR)
    assert desk.posted() == ["Ferry late", "Digest: 2 stories"]

    gone = await desk.ada.presses(await desk.ada.asks("subscriptions"), "Remove")
    assert gone.title == "Ferries is no longer subscribed to."
    assert await followed(desk) == []
    back = await desk.ada.presses(gone, "Undo")
    assert back.title == "This channel follows Ferries."
    assert await followed(desk) == [("ferries", "daily 18:00")]
    ended = await desk.ada.asks("unsubscribe ferries", what="ferries")
    assert ended.title == "Ferries is no longer subscribed to."
    await desk.reported("Ferry again")
    await desk.round(timedelta(days=1))
    assert desk.posted() == ["Ferry late", "Digest: 2 stories"]


async def test_what_is_cancelled_or_filled_in_wrongly_is_not_followed(desk: Office) -> None:
    refused = await desk.ada.fills(await desk.ada.asks("subscribe"), cadence="sometimes")
    assert refused.title.startswith("Say what to follow")
    window = await desk.ada.asks("subscribe")
    refused = await desk.ada.fills(window, topic="ferries", cadence="sometimes")
    assert "sometimes" in refused.title
    offer = await desk.ada.asks("subscribe ferries", what="ferries")
    left = await desk.ada.presses(offer, "Cancel")
    assert left.text == "Nothing was changed."
    assert await followed(desk) == []


async def test_a_mistyped_topic_is_asked_back_and_either_can_be_meant(desk: Office) -> None:
    async def asked_back() -> Screen:
        return await desk.ada.asks("subscribe ferris", what="ferris")

    asked = await asked_back()
    assert asked.title == "There is no topic “ferris”: did you mean ferries?"
    offer = await desk.ada.presses(asked, "Topic ferries")
    assert offer.title == "Let this channel follow Ferries?"
    await desk.ada.presses(offer, "Confirm")
    offer = await desk.ada.presses(await asked_back(), "These words")
    assert offer.title == "Let this channel follow “ferris”?"
    await desk.ada.presses(offer, "Confirm")
    assert await followed(desk) == [("ferries", ""), ("ferris", "")]
    await desk.reported("Ferris wheel reopens", "Ferry late", "Tram late")
    assert sorted(desk.posted()) == ["Ferris wheel reopens", "Ferry late"]


async def test_a_search_is_followed(desk: Office) -> None:
    await desk.reported("Tram on time")
    found = await desk.ada.asks("search tram", query="tram")
    offer = await desk.ada.presses(found, "Follow this search")
    assert offer.title == "Let this channel follow “tram”?"
    done = await desk.ada.presses(offer, "Confirm")
    assert done.title == "This channel follows “tram”."
    await desk.reported("Tram late", "Bus late")
    assert desk.posted() == ["Tram late"]


async def test_a_long_list_of_subscriptions_is_leafed_through(desk: Office) -> None:
    await follow(desk, "ferries")
    async with desk.newsbot.store.begin() as transaction:
        for (one,) in await subscribed(desk):
            for number in range(12):
                await transaction.subscriptions.add(
                    one.workspace,
                    one.channel,
                    replace(one.following, topic=None, query=f"word{number}"),
                    created_by=one.created_by,
                    now=desk.clock.now(),
                )

    first = await desk.ada.asks("subscriptions")
    assert first.title == "What this channel follows (page 1 of 2)"
    second = await desk.ada.presses(first, "Next")
    assert "“word11”" in second.lines
    assert "“word11”" not in first.lines
    back = await desk.ada.presses(second, "Previous")
    assert (back, back.place) == (first, first.place)

    refused = await desk.ada.asks("subscriptions all", of="all")
    assert refused.title.startswith("Only people who manage newsbot may see what all channels")
    every = await desk.lead.asks("subscriptions all", of="all")
    assert every.title == "13 subscriptions in this workspace (page 1 of 2)"
    assert "In #news." in every.lines
    further = await desk.lead.presses(every, "Next")
    assert "“word11”" in further.lines
    assert await desk.lead.presses(further, "Previous") == every
    await desk.lead.presses(await desk.lead.asks("subscriptions all", of="all"), "Remove", 1)
    assert ("word0", "") not in await followed(desk)
