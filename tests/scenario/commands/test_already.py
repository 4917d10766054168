"""Before it is confirmed, a subscription says what comes here already and what it would change."""

from dataclasses import replace

from bot.commands.reply import Reply
from bot.domain.channel import Channel, Platform
from bot.ports import Finding
from bot.query.syntax import parse
from tests.fakes.asking import DESK, HERE, STRANGER, TOPICS, Newsroom, button
from tests.fakes.messenger import FakeMessenger
from tests.fakes.people import person

LEAD = person("U9", platform=Platform.SLACK, workspace="T1", manages=True)
BY_FILE = "The rule file us-china.yaml sends it here already, at once."
EACH_ONCE = " Confirming has them name both; each still comes once, at the earlier time."


class Open(FakeMessenger):
    """A platform on which every channel is open, and of the first workspace."""

    async def check(self, channels: object) -> list[Finding]:
        del channels
        return [Finding(ok=True, what="well", workspace=DESK.workspace)]


async def follow(newsroom: Newsroom, line: str) -> None:
    await newsroom.press(button(await newsroom.ask(f"subscribe {line}"), "Confirm"))


def already(reply: Reply) -> list[str]:
    """What is said between the manner and the count."""
    return [line for line in reply.lines[1:] if not line.startswith("In the last 7 days")]


async def test_what_a_rule_file_sends_is_named_with_what_confirming_changes(
    newsroom: Newsroom,
) -> None:
    assert already(await newsroom.ask("subscribe us-china")) == [
        f"{BY_FILE} Confirming changes nothing while the file names this channel."
    ]
    for manner in ("hourly", "quiet 22:00-07:00", "mention <@U2>"):
        assert already(await newsroom.ask(f"subscribe us-china {manner}")) == [
            f"{BY_FILE} Confirming has it come as above instead."
        ]
    assert already(await newsroom.ask("subscribe ferries")) == []


async def test_what_is_subscribed_already_is_shown_as_it_is(newsroom: Newsroom) -> None:
    await follow(newsroom, "us-china daily 08:30")
    same = await newsroom.ask("subscribe us-china daily 8:30")
    assert same.title.startswith("Change how this channel follows")
    assert already(same) == ["It is followed just so already: confirming changes nothing."]
    assert already(await newsroom.ask("subscribe us-china hourly")) == [
        "So far: a digest daily at 08:30, UTC time. Confirming has it as above."
    ]


async def test_a_query_that_covers_it_is_named_with_how_it_comes(newsroom: Newsroom) -> None:
    await follow(newsroom, "fog hourly")
    (said,) = already(await newsroom.ask("subscribe fog AND airport"))[:1]
    assert said == (
        "“fog” is followed here, a digest every hour, and covers it: all its stories come"
        f" already.{EACH_ONCE}"
    )
    (said,) = already(await newsroom.ask("subscribe Beijing AND talks"))[:1]
    assert said.startswith("US and China (us-china) is followed here, at once, by its rule file,")
    assert "covers" not in str((await newsroom.ask("subscribe talks")).lines)


async def test_a_topic_is_covered_by_a_query_too(newsroom: Newsroom) -> None:
    narrow = replace(TOPICS[1], name="fast", title="Fast ferries", query=parse("ferry fast"))
    desk = replace(newsroom, topics=(*TOPICS, narrow))
    await follow(desk, "ferry OR boat")
    asked = await desk.ask("subscribe fast")
    assert already(asked)[0].startswith("“ferry OR boat” is followed here, alerts at once, and")


async def test_stories_that_come_already_are_counted(newsroom: Newsroom) -> None:
    await newsroom.publish("Talks in Beijing", "Talks in Oslo", "Talks in Beijing again")
    reply = await newsroom.ask("subscribe talks")
    assert reply.lines[-1] == (
        "In the last 7 days it would have brought 3 stories, 2 of which come here already for US"
        " and China, for example:"
    )


async def test_another_channel_is_looked_at_by_what_it_follows_itself(newsroom: Newsroom) -> None:
    desk = replace(newsroom, messengers={Platform.SLACK: Open()})
    assert already(await desk.ask("subscribe us-china in <#C777|desk>", who=LEAD)) == []
    await follow(desk, "fog")
    await desk.publish("Fog")
    other = await desk.ask("subscribe fog in <#C777|desk>", who=LEAD)
    assert other.title.startswith("Let ")
    assert already(other) == []


async def test_what_another_workspace_follows_there_is_not_told(newsroom: Newsroom) -> None:
    shared = Channel(Platform.SLACK, "C1", "T1")
    offered = await newsroom.ask("subscribe fog hourly", who=STRANGER, channel=shared)
    await newsroom.press(button(offered, "Confirm"), who=STRANGER, channel=shared)
    assert shared == HERE
    reply = await newsroom.ask("subscribe fog AND airport")
    assert "hourly" not in str(reply)
