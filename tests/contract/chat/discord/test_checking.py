import pytest

from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Channel, Platform, Workspace
from bot.ports import Finding
from tests.contract.chat.discord.conftest import CHANNEL, StillClock
from tests.fakes.discord import (
    CATEGORY,
    DIRECT,
    EMBED,
    FORUM,
    HISTORY,
    NEWS,
    SEND,
    SEND_IN_THREADS,
    THREAD,
    VIEW,
    FakeChannel,
    FakeDiscord,
)
from tests.fakes.discord_faults import GET_CHANNEL, GET_ME, Fault
from tests.fakes.discord_shapes import CREATE_THREADS, GUILD_ID


async def check(messenger: DiscordMessenger, name: str = NEWS) -> Finding:
    _, finding = await messenger.check([Channel(Platform.DISCORD, name)])
    return finding


async def test_all_well_is_said_of_token_and_channel(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    findings = await messenger.check([CHANNEL])

    assert findings == [
        Finding(ok=True, what="Discord token: newsbot"),
        Finding(
            ok=True,
            what="discord:1001 (#news) can be posted to",
            workspace=Workspace(Platform.DISCORD, str(GUILD_ID)),
        ),
    ]
    assert server.messages == []


@pytest.mark.parametrize(
    ("denied", "names"),
    [
        (VIEW, "View Channel"),
        (SEND, "Send Messages"),
        (EMBED, "Embed Links"),
        (HISTORY, "Read Message History"),
        (EMBED | HISTORY, "Embed Links, Read Message History"),
    ],
)
async def test_a_missing_right_is_named(
    server: FakeDiscord, messenger: DiscordMessenger, denied: int, names: str
) -> None:
    server.channels[NEWS].denied = denied

    finding = await check(messenger)

    assert not finding.ok
    assert names in finding.remedy


async def test_a_thread_needs_its_own_right_and_not_that_of_its_channel(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.add(FakeChannel(id="7", type=THREAD))
    server.channels[NEWS].denied = SEND
    assert (await check(messenger, "7")).ok

    server.channels[NEWS].denied = SEND_IN_THREADS
    finding = await check(messenger, "7")

    assert finding.what == "discord:7 (#news): newsbot lacks Send Messages in Threads"


async def test_a_channel_in_which_a_long_digest_finds_no_thread_is_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.channels[NEWS].denied = SEND_IN_THREADS
    assert (await check(messenger)).what.endswith("newsbot lacks Send Messages in Threads")

    server.channels[NEWS].denied = SEND_IN_THREADS | CREATE_THREADS
    finding = await check(messenger)

    assert finding.ok
    assert "Create Public Threads" in finding.remedy


async def test_an_archived_thread_is_reopened_by_the_next_alert_but_a_locked_one_is_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    thread = server.add(FakeChannel(id="7", type=THREAD, archived=True))
    assert (await check(messenger, "7")).ok

    thread.locked = True

    assert "Unlock" in (await check(messenger, "7")).remedy


async def test_a_forum_can_be_posted_to_with_its_own_rights(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    forum = server.add(FakeChannel(id="7", type=FORUM))
    assert (await check(messenger, "7")).ok

    forum.denied = SEND | HISTORY
    finding = await check(messenger, "7")

    assert finding.what == "discord:7 (#news): newsbot lacks Create Posts, Read Message History"


async def test_a_forum_that_demands_tags_is_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.add(FakeChannel(id="7", type=FORUM, needs_tag=True))

    assert "select tags" in (await check(messenger, "7")).remedy


async def test_a_direct_message_needs_no_rights(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.add(FakeChannel(id="7", type=DIRECT))

    finding = await check(messenger, "7")
    assert (finding.ok, finding.what) == (True, "discord:7 is a direct message")
    assert finding.workspace == Workspace(Platform.DISCORD, "@404")


async def test_a_channel_for_no_messages_is_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.add(FakeChannel(id="7", type=CATEGORY))

    finding = await check(messenger, "7")

    assert finding.what == "discord:7 (#news) is a category and takes no messages"


async def test_what_is_no_channel_is_told(messenger: DiscordMessenger) -> None:
    assert "name another channel" in (await check(messenger, "8")).remedy
    assert "Copy Channel ID" in (await check(messenger, "general")).remedy


async def test_a_channel_that_cannot_be_looked_at_does_not_hide_the_others(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(GET_CHANNEL, Fault.http(503, "down"))

    _, first, second = await messenger.check([CHANNEL, CHANNEL])

    assert not first.ok
    assert "503" in first.remedy
    assert second.ok


async def test_a_wrong_token_is_the_only_finding(server: FakeDiscord, clock: StillClock) -> None:
    messenger = DiscordMessenger(token="wrong", clock=clock, api_url=server.api_url)

    [finding] = await messenger.check([CHANNEL])
    await messenger.close()

    assert finding.what == "Discord token: not accepted"
    assert "Reset Token" in finding.remedy


async def test_a_token_revoked_meanwhile_is_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    await messenger.check([])
    server.token = "another"

    [finding] = await messenger.check([CHANNEL])

    assert finding.what == "Discord token: not accepted"


async def test_a_platform_that_is_down_is_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(GET_ME, Fault.http(503, "down"))

    [finding] = await messenger.check([CHANNEL])

    assert finding.what == "Discord: not reached"


async def test_commands_sent_elsewhere_are_told(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.interactions_url = "https://old-bot.example/"

    [finding] = await messenger.check([])

    assert not finding.ok
    assert "Interactions Endpoint URL" in finding.remedy
