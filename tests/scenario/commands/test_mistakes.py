"""Wrong input is answered with what is wrong and what to do."""

from bot.commands.request import Request
from tests.fakes.asking import DESK, HERE, STRANGER, THERE, Newsroom

WRONG = [
    ("search", "Say what to look for, for example /news search tariffs since 2d"),
    ("search since 2d", "Say what to look for"),
    ("search (a OR b", "That query cannot be read"),
    ("search a AND b OR c", "write (a AND b) OR c, or a AND (b OR c)"),
    ("search a since teatime", "“teatime” is no time newsbot can read; write for example 18:00"),
    ("search a since teatime", "Times are in UTC. To look for the word “since”, put it in quotes."),
    ("search a since tomorrow", "“tomorrow” is still to come"),
    ("search a since 2030-01-01", "“2030-01-01” is still to come: it is Mon 2 Mar 2026"),
    ("search a since 31.12.2025", "is written with the year first: 2025-12-31"),
    ("search a until teatime", "To look for the word “until”, put it in quotes."),
    ("search a since 2d since 3d", "“since” is given twice: leave one out"),
    ("search a topic us-chna", "There is no topic “us-chna”: did you mean us-china?"),
    ("search a topic us-chna", "To look for the word “topic”, put it in quotes."),
    ("search a topic zzz", "/news topics lists them"),
    ("search a feed Wier", "No feed is called “Wier”: did you mean “Wire”?"),
    ("search a feed zzz", "/news feeds lists them"),
    ("search a feed zzz", "To look for the word “feed”, put it in quotes."),
    ("search topic:us-chna", "That query cannot be read, near “topic:us-chna”"),
    ("latest us-chna", "did you mean us-china?"),
    ("latest since yesterday", "are listed by /news since yesterday"),
    ("latest us-china since 18:00", "are listed by /news since 18:00 us-china"),
    ("since us-china", "Since when? Write /news since 18:00 us-china, or /news latest us-china"),
    ("since tomorrow", "“tomorrow” is still to come"),
    ("since 18", "“18” lacks a unit: 18:00, 18h or 18d"),
    ("since", "/news since needs more: write /news since TIME [TOPIC]"),
    ("since teatime", "“teatime” is no time newsbot can read"),
    ("since 18:00 us-chna", "did you mean us-china?"),
    ("topic", "/news topic needs more: write /news topic NAME"),
    ("topic !!!", "There is no topic “!!!”: /news topics lists them"),
    ("topic “zzz”", "There is no topic “zzz”:"),
    ("topics zzz", "There is no /news topics zzz."),
    ("feeds add https://a.example", "There is no /news feeds add"),
    ("topic us-chna", "did you mean us-china?"),
    ("preview", "/news preview needs more: write /news preview QUERY"),
    ("preview -football", "That query cannot be read"),
    ("why", "/news why needs more: write /news why LINK [TOPIC]"),
    ("why yesterday", "“yesterday” is no address; give a story’s link, with https://"),
    ("why https://wire.example/gone", "https://wire.example/gone is not stored"),
    ("why https://wire.example/gone us-chna", "did you mean us-china?"),
    ("subscribe", "/news subscribe needs more"),
    ("subscribe breaking", "/news subscribe needs more"),
    ("subscribe (a OR b", "That query cannot be read"),
    ("subscribe us-china every 2 hours", "“every 2 hours” is no rhythm for alerts"),
    ("subscribe us-china daily 25:00", "“25:00” is no time of day"),
    ("subscribe us-china quiet 22", "“22” is no stretch of the day"),
    ("subscribe us-china quiet 22-22", "“22-22” would never end"),
    ("subscribe us-china zone Europe/Berln", "did you mean Europe/Berlin?"),
    ("subscribe us-china mention @desk", "type @ and choose a person or a group"),
    ("subscribe us-china mention <@&7>", "type @ and choose a person or a group"),
    ("subscribe us-china in #desk", "“#desk” is no channel here: type #"),
    ("subscribe us-china hourly daily 8:30", "The rhythm is given twice"),
    ("subscribe us-china in <#C777|desk>", "Only people who manage newsbot may change another"),
    ("unsubscribe zzz", "This channel does not follow “zzz”: /news subscriptions lists"),
    ("unsubscribe “zzz”", "This channel does not follow “zzz”:"),
    ("unsubscribe us-china", "The rule file us-china.yaml sends this topic here"),
    ("subscriptions everything", "Write /news subscriptions, or /news subscriptions all"),
    ("subscriptions all", "Only people who manage newsbot may see what all channels follow"),
    ("mute", "/news mute needs more"),
    ("mute 2h", "Nothing followed here is called “2h”"),
    ("mute us-china 90", "“90” lacks a unit: write for example 30m, 2h or 3d; the longest is 30d"),
    ("mute us-china 0m", "“0m” is no time at all: write for example 30m"),
    ("mute us-china 0", "“0” is no time at all: write for example 30m"),
    ("mute us-china 10 years", "“10 years” is no length of time: write for example 30m"),
    ("mute us-china forever", "“forever” behind US and China (us-china) is no length of time"),
    ("mute us-china -2h", "“-2h” behind US and China (us-china) is no length of time"),
    ("mute https://a.example/x forever", "“forever” behind the link is no length of time"),
    ("mute us-china 99999999999999d", "The longest mute is 30d"),
    ("mute us-chna", "did you mean “us-china”?"),
    ("mute “zzz”", "Nothing followed here is called “zzz”:"),
    ("mute us-china 31d", "The longest mute is 30d"),
    ("mute ferries", "This channel does not follow Ferries: nothing to mute"),
    ("mute Wier", "did you mean “Wire”?"),
    ("mute Wire", "Wire was not polled yet"),
    ("mute https://wire.example/gone", "https://wire.example/gone is not stored"),
    ("unmute", "/news unmute needs more"),
    ("unmute us-china", "US and China (us-china) is not muted here"),
    ("feed add", "/news feed add needs more"),
    ("feed add https://news.example.org", "Only people who manage newsbot may add feeds"),
    ("feed add nonsense", "“nonsense” is no address: write https://news.example.org"),
    ("feed add ftp://a.example", "is no address"),
    ("feed add https://u:p@a.example/", "The address holds a password"),
    ("feed remove Wire", "Only people who manage newsbot may remove feeds"),
    ("unmute us-china 2h", "US and China (us-china) is not muted here"),
    ("serach a", "There is no /news serach."),
    ("help serach", "There is no /news serach."),
]


async def test_wrong_input_is_answered_with_the_remedy(newsroom: Newsroom) -> None:
    for line, said in WRONG:
        reply = await newsroom.ask(line)
        assert said in reply.title, line
        assert (reply.mistake, reply.rows, reply.buttons) == (True, (), ()), line


async def test_a_mistyped_verb_finds_its_nearest(newsroom: Newsroom) -> None:
    meant = {
        "serach x": "search",
        "topcs": "topics",
        "prevew x": "preview",
        "sub us-china": "subscribe",
        "follow us-china": "subscribe",
        "unfollow us-china": "unsubscribe",
        "find x": "search",
        "add https://a.example": "feed add",
        "feeds add https://a.example": "feed add",
        "feed delete Wire": "feed remove",
        "topics us-china": "topic us-china",
        "help serach": "search",
        "help find": "search",
    }
    for typed, verb in meant.items():
        assert f"Did you mean /news {verb}" in (await newsroom.ask(typed)).lines[0], typed


async def test_words_that_are_no_verb_are_offered_as_a_search(newsroom: Newsroom) -> None:
    reply = await newsroom.ask("ferry last week")
    assert reply.lines[0] == "To look for words, write /news search ferry last week"


async def test_help_is_had_however_it_is_called(newsroom: Newsroom) -> None:
    for typed in ("", "?", "-h", "--help", "HELP"):
        assert (await newsroom.ask(typed)).title.startswith("newsbot posts news that matches")


async def test_what_is_meant_is_found_however_it_is_written(newsroom: Newsroom) -> None:
    await newsroom.publish("Ferry late")
    link = "https://wire.example/ferry-late"
    for typed in (
        "us-china",
        '"us-china"',
        "US and China (us-china)",
        "topic us-china",
        "feed Wire",
        "“Wire”",
        f"story {link}",
        f"<{link}|late> 2h",
    ):
        assert " is muted here for 2 h" in (await newsroom.ask(f"mute {typed}")).title, typed
    why = await newsroom.ask(f"why us-china {link}")
    assert (why.title, why.rows[0].title) == ("Ferry late", "US and China (us-china)")
    assert (await newsroom.ask("since us-china yesterday")).title.startswith("US and China")


async def test_what_a_platform_asks_for_by_itself_has_no_word_about_quotes(
    newsroom: Newsroom,
) -> None:
    request = Request(
        verb="search", options={"query": "a", "feed": "zzz"}, channel=HERE, person=DESK
    )
    answer = await newsroom.commands.answer(request)
    assert str(answer).count("No feed is called “zzz”: /news feeds lists them") == 1
    assert "quotes" not in str(answer)


async def test_help_explains_every_verb_with_examples(newsroom: Newsroom) -> None:
    told = (await newsroom.ask("help")).lines
    for command in newsroom.commands:
        assert f"{command.usage.split(' [')[0]} — {command.summary}" in told
        assert len(command.summary) <= 100
        assert command.usage.startswith(f"/news {command.verb}")
        explained = await newsroom.ask(f"help {command.verb}")
        assert explained.title == command.usage
        examples = [line for line in explained.lines if line.startswith("Example: ")]
        assert examples or not command.options
        for example in command.examples:
            assert newsroom.commands.split(example.removeprefix("/news "))[0] == command.verb


async def test_every_example_can_be_asked(newsroom: Newsroom) -> None:
    for command in newsroom.commands:
        for example in command.examples:
            reply = await newsroom.ask(example.removeprefix("/news "))
            known = (
                "No feed is called “BBC World”",
                "https://news.example.org/story is not",
                "The rule file us-china.yaml sends this topic here",
                "Only people who manage newsbot may",
                "US and China (us-china) is not muted here",
                "Wire was not polled yet",
            )
            assert not reply.mistake or reply.title.startswith(known), example


async def test_options_are_proposed_of_what_the_workspace_sees(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()

    async def proposed(verb: str, option: str, typed: str, *, stranger: bool = False) -> list[str]:
        request = Request(
            verb=verb, channel=THERE if stranger else HERE, person=STRANGER if stranger else DESK
        )
        return [one.value for one in await newsroom.commands.suggest(request, option, typed)]

    assert await proposed("search", "feed", "") == ["Wire", "Post"]
    assert await proposed("search", "feed", "TOWN", stranger=True) == ["Town Crier"]
    assert await proposed("search", "feed", "TOWN") == []
    assert await proposed("topic", "name", "chin") == ["us-china"]
    for verb, option in (("latest", "topic"), ("since", "topic"), ("why", "topic")):
        assert await proposed(verb, option, "Ferr") == ["ferries"]
    assert await proposed("since", "time", "1") == []
