"""The buttons under an alert, pressed by several people, through each platform's own library."""

from datetime import timedelta

from tests.contract.chat.both.test_subscribing import follow
from tests.fakes.chat.office import Office
from tests.fakes.chat.screen import Screen

TALKS = "Talks in Beijing"
BADMINTON = (
    "Badminton in Beijing",
    "Beijing hosts badminton final",
    "Badminton: Beijing beats Oslo",
    "Beijing answers tariff",
    "Envoy lands in Beijing",
    "Beijing port reopens",
)
MONTHS = timedelta(days=80)
"""Fewer than alerts are kept for."""


async def alerted(desk: Office, *titles: str) -> Screen:
    """The alert of the first of these."""
    await desk.reported(*titles)
    return desk.card(titles[0])


async def claimed_and_released(desk: Office, card: Screen) -> None:
    """An alert is claimed by one, not released by another, and released by who manages."""
    claimed = await desk.ada.redraws(card, "Claim")
    assert claimed.says("Claimed by @ada")
    assert claimed.buttons == ("Mute 2h", "Not relevant", "Release", "More")
    refused = await desk.mate.presses(claimed, "Release")
    assert refused.title == "Somebody else has this story: its card says who."
    assert desk.card(TALKS).says("Claimed by @ada")
    released = await desk.lead.redraws(desk.card(TALKS), "Release")
    assert not released.says("Claimed")
    assert released.buttons == ("Mute 2h", "Not relevant", "Claim", "More")


async def test_a_claim_is_shown_to_all_and_given_back(desk: Office) -> None:
    card = await alerted(desk, TALKS)
    await claimed_and_released(desk, card)
    again = await desk.mate.redraws(desk.card(TALKS), "Claim")
    assert again.says("Claimed by @mate")
    assert not (await desk.mate.redraws(again, "Release")).says("Claimed")


async def test_more_tells_all_there_is_to_who_asks(desk: Office) -> None:
    more = await desk.ada.presses(await alerted(desk, TALKS), "More")
    assert more.title == TALKS
    assert "US and China: “Beijing” in the title." in more.lines
    assert more.lines[-3:-1] == (TALKS, "Wire")
    assert desk.posted() == [TALKS]


async def test_words_are_left_out_of_a_topic_and_taken_in_again(desk: Office) -> None:
    card = await alerted(desk, *BADMINTON)
    offer = await desk.ada.presses(card, "Not relevant")
    assert offer.lines[:4] == (
        "What shall US and China leave out here?",
        "In the last 30 days it had 6 stories.",
        "badminton",
        "Would have removed 3 of 6:",
    )
    left = await desk.ada.presses(offer, "Cancel")
    assert left.text == "Nothing was changed."
    offer = await desk.ada.presses(card, "Not relevant")
    done = await desk.ada.presses(offer, "Leave out badminton")
    assert done.title == "US and China no longer alerts here for stories with “badminton”."
    await desk.reported("Beijing badminton again", "Beijing reopens")
    assert desk.posted()[len(BADMINTON) :] == ["Beijing reopens"]
    assert "Leaves out: badminton." in (await desk.ada.asks("subscriptions")).lines

    undone = await desk.ada.presses(done, "Undo")
    assert undone.title == "US and China alerts here again for stories with “badminton”."
    await desk.reported("More badminton in Beijing")
    assert desk.posted()[-1] == "More badminton in Beijing"


async def test_of_an_alert_for_two_topics_it_is_asked_for_which_it_is_not_relevant(
    desk: Office,
) -> None:
    await desk.reported("Ferry to Oslo", "Ferry to Aarhus")
    await follow(desk, "ferries")
    card = await alerted(desk, "Beijing buys a ferry")
    which = await desk.ada.presses(card, "Not relevant")
    assert which.title == "For which topic is this story not relevant?"
    offer = await desk.ada.presses(which, "Ferries")
    assert offer.title == "What shall Ferries leave out here?"
    await desk.ada.presses(offer, "Leave out buys")
    await desk.reported("Oslo buys Beijing a second ferry", "Ferry to Bergen")
    card = desk.card("Oslo buys Beijing a second ferry")
    assert card.says("US and China")
    assert not card.says("Ferries")
    assert desk.card("Ferry to Bergen").says("Ferries")


async def test_every_button_of_an_alert_works_months_later(desk: Office) -> None:
    await desk.reported(*BADMINTON, TALKS)
    card = desk.card(TALKS)
    desk.clock.advance(MONTHS)
    await desk.newsbot.housekeeping.sweep()
    await desk.restart()

    assert (await desk.ada.presses(card, "More")).title == TALKS
    await claimed_and_released(desk, card)
    await desk.reported("Envoy leaves Beijing", "Fog over Beijing")
    offer = await desk.ada.presses(card, "Not relevant")
    assert offer.lines[1:4] == (
        "In the last 30 days it had 2 stories.",
        "talks",
        "Would have removed 0 of 2.",
    )
    await desk.ada.presses(offer, "Leave out talks")
    await desk.reported("Beijing opens more talks", "Beijing port closes")
    assert desk.posted()[-1] == "Beijing port closes"
    quiet = await desk.ada.presses(card, "Mute 2h")
    assert quiet.title.startswith("US and China is muted here for 2 h")
    await desk.reported("Beijing again")
    assert desk.posted()[-1] == "Beijing port closes"


async def test_the_buttons_of_an_alert_that_is_no_longer_kept_say_so(desk: Office) -> None:
    card = await alerted(desk, TALKS)
    desk.clock.advance(2 * MONTHS)
    await desk.newsbot.housekeeping.sweep()
    await desk.restart()

    for button in card.buttons:
        told = await desk.ada.presses(card, button)
        assert told.title.startswith("newsbot no longer keeps this alert, so its buttons do")
