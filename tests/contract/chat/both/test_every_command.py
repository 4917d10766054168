"""Every command: the same words and buttons on both platforms, whichever way they are reached."""

import pytest

from tests.fakes.chat.office import Office

Asked = tuple[str, dict[str, str], str]
"""What is typed, the same as options, and a part of what is then read."""
FERRY = "{wire}/2"
ASKED: tuple[Asked, ...] = (
    ("search ferry since 2d", {"query": "ferry", "since": "2d"}, "Ferry late again"),
    ("latest us-china", {"topic": "us-china"}, "Talks in Beijing"),
    ("since 2d ferries", {"time": "2d", "topic": "ferries"}, "Ferry late again"),
    ("subscribe ferries hourly", {"what": "ferries", "cadence": "hourly"}, "A digest every hour."),
    ("unsubscribe", {}, "This channel has no subscription to end."),
    ("subscriptions", {}, "by the rule file us-china.yaml"),
    ("mute us-china 3d", {"what": "us-china", "length": "3d"}, "is muted here for 3 d"),
    ("unmute us-china", {"what": "us-china"}, "US and China (us-china) is no longer muted here."),
    ("topics", {}, "2 topics, 1 followed here"),
    ("topic us-china", {"name": "us-china"}, "Followed in: this channel"),
    ("preview ferry", {"query": "ferry"}, "Ferry late again"),
    (f"why {FERRY} us-china", {"link": FERRY, "topic": "us-china"}, "Why not: no Beijing."),
    ("feeds", {}, "Wire"),
    ("feed add {wire}", {"address": "{wire}"}, "Only people who manage newsbot may add feeds"),
    ("feed remove Wire", {"name": "Wire"}, "Only people who manage newsbot may remove feeds"),
    ("status", {}, "1 feed"),
    ("ping", {}, "newsbot is here."),
    ("help", {}, "/news search QUERY"),
    ("help mute", {"command": "mute"}, "Example: /news mute Wire 3d"),
)
WRONG: tuple[Asked, ...] = (
    ("search ferry AND (", {"query": "ferry AND ("}, "query cannot be read"),
    ("latest us-chna", {"topic": "us-chna"}, "did you mean us-china?"),
    ("since soon", {"time": "soon"}, "“soon”"),
    ("subscribe ferry AND (", {"what": "ferry AND ("}, "query cannot be read"),
    ("unsubscribe trams", {"what": "trams"}, "This channel does not follow “trams”"),
    ("mute Wiire", {"what": "Wiire"}, "did you mean “Wire”?"),
    ("mute Wire 99d", {"what": "Wire", "length": "99d"}, "The longest mute is"),
    ("unmute Wire", {"what": "Wire"}, "Wire is not muted here"),
    ("topic nothing like it", {"name": "nothing like it"}, "/news topics lists them"),
    ("preview a AND b OR c", {"query": "a AND b OR c"}, "query cannot be read"),
    ("why {wire}/99", {"link": "{wire}/99"}, "/99"),
    ("help serch", {"command": "serch"}, "Did you mean /news search"),
)

once_each = pytest.mark.parametrize(
    "desk", ["socket and gateway", "http and simcord"], indirect=True
)


async def ask(desk: Office, asked: Asked) -> str:
    """All that is read, the same on both platforms."""
    line, options, _ = asked
    url = desk.wire.url
    given = {name: value.format(wire=url) for name, value in options.items()}
    return (await desk.ada.asks(line.format(wire=url), **given)).text


@once_each
async def test_every_command_is_answered_in_the_same_words(desk: Office) -> None:
    await desk.reported("Talks in Beijing", "Ferry late again")
    verbs = {command.verb for command in desk.commands}
    asked_for = {desk.commands.split(line)[0] for line, _, _ in ASKED}
    assert asked_for == verbs
    for asked in ASKED:
        assert asked[-1] in await ask(desk, asked), asked


@once_each
async def test_wrong_input_is_answered_helpfully_in_the_same_words(desk: Office) -> None:
    for asked in WRONG:
        assert asked[-1] in await ask(desk, asked), asked
