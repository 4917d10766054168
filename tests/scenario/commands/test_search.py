"""`/news search`: pages, sharing, and the search to follow."""

from datetime import timedelta

from bot.commands.reply import ARGUMENT_LIMIT, Button
from bot.domain.channel import Channel
from bot.domain.delivery import DeliveryState
from bot.domain.message import Alert
from bot.ports.chat import AskedKind
from bot.services.deliver import Deliver
from tests.fakes.asking import (
    DESK,
    HERE,
    STRANGER,
    THERE,
    TOWN,
    Newsroom,
    button,
    headlines,
    labels,
)
from tests.fakes.clock import START
from tests.fakes.messenger import FakeMessenger
from tests.fakes.news import POST, WIRE

DAY = timedelta(days=1)
MANY = [f"Beijing talks, day {number}" for number in range(12)]


async def kept(newsroom: Newsroom, key: str) -> str | None:
    async with newsroom.store.read() as transaction:
        return await transaction.asked.get(AskedKind.QUERY, key, workspace=DESK.workspace)


async def sent(newsroom: Newsroom, channel: Channel = HERE) -> list[Alert]:
    """What is posted in a channel once all is delivered."""
    messenger = FakeMessenger()
    deliver = Deliver(
        store=newsroom.store,
        messengers={messenger.platform: messenger},
        clock=newsroom.clock,
        ops=HERE,
    )
    await deliver.drain()
    return [one for one in messenger.messages(channel) if isinstance(one, Alert)]


async def test_hits_are_shown_with_outlet_words_and_time(newsroom: Newsroom) -> None:
    await newsroom.publish("Talks in Beijing", "Fog on the ferry line")
    reply = await newsroom.ask("search beijing")
    (row,) = reply.rows
    assert (row.title, row.when) == ("Talks in Beijing", START)
    assert row.url is not None
    assert row.lines == ("Wire — “Beijing” in the title",)
    assert reply.title == "Search: beijing"
    assert labels(reply) == ["Follow this search"]


async def test_a_story_of_several_outlets_stands_there_once(newsroom: Newsroom) -> None:
    page = "https://wire.example/talks"
    await newsroom.publish("Talks in Beijing", page=page)
    await newsroom.publish("Talks in Beijing", feed=POST, page=page)
    await newsroom.publish("Beijing answers")
    reply = await newsroom.ask("search beijing")
    assert sorted(headlines(reply)) == ["Beijing answers", "Talks in Beijing"]
    (talks,) = (row for row in reply.rows if row.title == "Talks in Beijing")
    assert sorted(talks.lines[0].partition(" — ")[0].split(", ")) == ["Post", "Wire"]
    assert labels(reply) == ["Follow this search"]


async def test_a_story_shown_on_one_page_is_not_shown_on_the_next_for_another_outlet(
    newsroom: Newsroom,
) -> None:
    page = "https://wire.example/talks"
    await newsroom.publish("Talks in Beijing", feed=POST, page=page, at=START - DAY)
    await newsroom.publish(*MANY[:6])
    await newsroom.publish("Talks in Beijing", page=page, at=START + DAY)
    first = await newsroom.ask("search beijing")
    assert headlines(first) == ["Talks in Beijing", *MANY[:4]]
    assert first.rows[0].lines[0].startswith("Wire, Post — ")
    second = await newsroom.press(button(first, "Next"))
    assert headlines(second) == MANY[4:6]


async def test_a_page_holds_five_stories_however_many_outlets_report_them(
    newsroom: Newsroom,
) -> None:
    for number in range(6):
        page = f"https://wire.example/{number}"
        for feed in (WIRE, POST):
            await newsroom.publish(f"Talks in Beijing, day {number}", feed=feed, page=page)
    first = await newsroom.ask("search beijing")
    assert len(set(headlines(first))) == len(first.rows) == 5
    assert len((await newsroom.press(button(first, "Next"))).rows) == 1


async def test_a_story_of_very_many_entries_takes_one_place(newsroom: Newsroom) -> None:
    page = "https://wire.example/live"
    await newsroom.publish("Beijing before", at=START - DAY)
    for number in range(60):
        await newsroom.publish(
            f"Beijing live, part {number}", page=page, feed=(WIRE, POST)[number % 2]
        )
    reply = await newsroom.ask("search beijing")
    assert len(reply.rows) == 2
    assert labels(reply) == ["Follow this search"]


async def test_pages_are_turned_there_and_back(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    first = await newsroom.ask("search beijing")
    assert (headlines(first), labels(first)) == (MANY[:5], ["Next", "Follow this search"])
    second = await newsroom.press(button(first, "Next"))
    assert (headlines(second), second.replaces) == (MANY[5:10], True)
    assert labels(second) == ["Previous", "Next", "Follow this search"]
    third = await newsroom.press(button(second, "Next"))
    assert (headlines(third), labels(third)) == (MANY[10:], ["Previous", "Follow this search"])
    assert headlines(await newsroom.press(button(third, "Previous"))) == MANY[5:10]
    again = await newsroom.press(button(second, "Previous"))
    assert (headlines(again), again.title) == (MANY[:5], "Search: beijing")


async def test_what_arrives_meanwhile_shifts_no_page(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    first = await newsroom.ask("search beijing")
    await newsroom.publish("Beijing at last", at=START + DAY)
    assert headlines(await newsroom.press(button(first, "Next"))) == MANY[5:10]


async def test_a_page_keeps_to_time_topic_and_feed(newsroom: Newsroom) -> None:
    await newsroom.publish("Tariff on China, old", at=START - 3 * DAY)
    await newsroom.publish("Tariff on China", "Tariff on Norway")
    await newsroom.publish("Tariff on China, they say", feed=POST)
    reply = await newsroom.ask("search tariff since 2d topic us-china feed wire")
    assert headlines(reply) == ["Tariff on China"]
    assert reply.lines == ("Since Sat 28 Feb 2026, 09:00 UTC.",)


async def test_a_time_in_words_behind_the_query_is_read_as_one_and_said(newsroom: Newsroom) -> None:
    await newsroom.publish("Ferry late", "Ferry early last week")
    await newsroom.publish("Ferry of old", at=START - 9 * DAY)
    for words in ("last week", "in the last 7 days", "this week", "since yesterday"):
        reply = await newsroom.ask(f"search ferry {words}")
        assert headlines(reply) == ["Ferry late", "Ferry early last week"]
        assert reply.title == "Search: ferry"
    reply = await newsroom.ask("search ferry last week")
    read_as = "“last week” is read as since Mon 23 Feb 2026, 09:00 UTC. "
    assert reply.lines == (read_as + "To look for the words, put them in quotes.",)
    quoted = await newsroom.ask('search ferry "last week"')
    assert (headlines(quoted), quoted.lines) == (["Ferry early last week"], ())
    follow = button(reply, "Follow this search")
    assert await kept(newsroom, follow.argument) == "ferry"


async def test_a_stretch_that_is_over_has_an_end_on_every_page(newsroom: Newsroom) -> None:
    yesterday = START - DAY
    await newsroom.publish("Ferry today")
    await newsroom.publish(*(f"Ferry {number}" for number in range(7)), at=yesterday)
    first = await newsroom.ask("search ferry yesterday")
    assert headlines(first) == [f"Ferry {number}" for number in range(5)]
    second = await newsroom.press(button(first, "Next"))
    assert headlines(second) == ["Ferry 5", "Ferry 6"]
    assert second.lines == ("Since Sun 1 Mar 2026, 00:00 UTC until Mon 2 Mar 2026, 00:00 UTC.",)
    typed = await newsroom.ask("search ferry since yesterday until yesterday")
    assert headlines(typed) == headlines(first)


async def test_a_topic_alone_can_be_searched(newsroom: Newsroom) -> None:
    await newsroom.publish("Talks in Beijing", "Fog on the ferry line")
    assert headlines(await newsroom.ask("search topic US and China")) == ["Talks in Beijing"]


async def test_a_keyword_in_quotes_is_a_word_to_look_for(newsroom: Newsroom) -> None:
    await newsroom.publish("Worst storm since 1990", "A storm", "A calm")
    assert headlines(await newsroom.ask('search storm "since 1990" since 2d')) == [
        "Worst storm since 1990"
    ]


async def test_the_search_to_follow_is_all_of_it_but_the_time(newsroom: Newsroom) -> None:
    reply = await newsroom.ask("search a OR b since 2d topic us-china feed Wire")
    follow = button(reply, "Follow this search")
    assert follow.action == "follow"
    assert await kept(newsroom, follow.argument) == "(a OR b) topic:us-china source:Wire"
    reply = await newsroom.ask("search a OR b")
    assert await kept(newsroom, button(reply, "Follow this search").argument) == "a OR b"


async def test_every_argument_fits_every_platform(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    reply = await newsroom.ask("search beijing")
    pressed = [*reply.buttons, *(one for row in reply.rows for one in row.buttons)]
    assert len(pressed) == 7
    assert all(len(one.argument) <= ARGUMENT_LIMIT for one in pressed)
    assert all(one.argument.isascii() for one in pressed)


async def test_a_hit_is_shared_once_through_the_channels_deliveries(newsroom: Newsroom) -> None:
    (stored,) = await newsroom.publish("Talks in Beijing")
    reply = await newsroom.ask("search beijing")
    (share,) = reply.rows[0].buttons
    told = await newsroom.press(share)
    assert told.title == "“Talks in Beijing” is on its way to this channel."
    assert not told.replaces
    again = await newsroom.press(share)
    assert again.title == "“Talks in Beijing” was shared here already."
    (alert,) = await sent(newsroom)
    assert (alert.headline, alert.outlet) == ("Talks in Beijing", "Wire")
    (reason,) = alert.reasons
    assert (reason.title, reason.aside) == ("Shared from a search", "")
    assert reason.words == ("“Beijing” in the title",)
    async with newsroom.store.read() as transaction:
        (delivery,) = await transaction.deliveries.of_story(stored.story_id)
    assert delivery.state is DeliveryState.SENT


async def test_shares_are_posted_in_the_order_of_the_presses(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    reply = await newsroom.ask("search beijing")
    for row in reply.rows[::-1]:
        await newsroom.press(row.buttons[0])
    assert [alert.headline for alert in await sent(newsroom)] == MANY[:5][::-1]


async def test_nothing_found_says_what_to_try(newsroom: Newsroom) -> None:
    reply = await newsroom.ask("search zeppelin")
    assert reply.title == "Nothing found for: zeppelin"
    assert reply.lines == ("Try fewer words, or a longer time: since 30d.",)


async def test_a_long_query_is_cut_where_it_is_shown(newsroom: Newsroom) -> None:
    reply = await newsroom.ask("search " + " OR ".join(f"word{n}" for n in range(100)))
    assert len(reply.title) < 110


async def test_a_feed_of_another_workspace_is_not_searched(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    await newsroom.publish("Beijing seen from the town", feed=TOWN)
    await newsroom.publish("Talks in Beijing", at=START - DAY)
    assert headlines(await newsroom.ask("search beijing")) == ["Talks in Beijing"]
    theirs = await newsroom.ask("search beijing", who=STRANGER, channel=THERE)
    assert headlines(theirs) == ["Beijing seen from the town", "Talks in Beijing"]
    refused = await newsroom.ask("search beijing feed Town Crier")
    assert refused.title.startswith("No feed is called “Town Crier”")


async def test_another_workspaces_buttons_do_nothing_here(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    await newsroom.publish(*MANY, feed=TOWN)
    theirs = await newsroom.ask("search beijing", who=STRANGER, channel=THERE)
    for forged in (button(theirs, "Next"), theirs.rows[0].buttons[0]):
        reply = await newsroom.press(forged)
        assert reply.title == "This button is too old to go on with: ask again"
        assert (reply.rows, reply.mistake) == ((), True)
    assert await sent(newsroom) == []


async def test_a_story_that_is_not_theirs_cannot_be_shared_by_its_number(
    newsroom: Newsroom,
) -> None:
    await newsroom.let_strangers_add()
    (hidden,) = await newsroom.publish("Beijing seen from the town", feed=TOWN)
    await newsroom.publish("Talks in Beijing")
    reply = await newsroom.ask("search beijing")
    key = button(reply, "Follow this search").argument
    forged = Button(label="Share", action="share", argument=f"{hidden.entry_id}:{key}")
    assert (await newsroom.press(forged)).title == (
        "newsbot no longer keeps this story: search again"
    )
    assert await sent(newsroom) == []


MADE_UP = [
    ("search-page", ""),
    ("search-page", "nokey:0"),
    ("search-page", "{key}:99"),
    ("search-page", "{key}:x"),
    ("search-page", "{key}"),
    ("stories-page", "{key}:0"),
    ("share", "1"),
    ("share", "²:{key}"),
    ("share", "99999999999999999999999:{key}"),
]


async def test_a_made_up_button_is_answered_in_words(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    key = button(await newsroom.ask("search beijing"), "Follow this search").argument
    for action, argument in MADE_UP:
        made_up = Button(label="x", action=action, argument=argument.format(key=key))
        reply = await newsroom.press(made_up)
        assert reply.mistake, argument
        assert reply.title.endswith(("ask again", "search again")), argument


async def test_a_word_like_an_operator_is_told_on_the_first_page(newsroom: Newsroom) -> None:
    said = "“or” is looked for as a word: write OR for the operator, =or if the word is meant."
    assert said in (await newsroom.ask("search ferry or tram")).lines
    assert said not in (await newsroom.ask("search ferry OR tram")).lines
    assert said in (await newsroom.ask("subscribe query ferry or tram")).lines
