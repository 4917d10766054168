"""Two workspaces that added newsbot: what is one's is never the other's, in trouble neither."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.slack.teams import NOT_INSTALLED
from bot.domain.channel import CONSOLE, Channel, Platform, Workspace
from bot.domain.feed import Feed
from bot.domain.message import Notice
from bot.domain.topic import Topic
from bot.ports import Messenger
from bot.ports.chat import AddedFeed
from bot.ports.deliveries import Outgoing
from bot.query.syntax import parse
from bot.services.deliver import Deliver
from bot.services.greet import Greet
from bot.storage.database import Database
from tests.fakes.asking import Newsroom
from tests.fakes.clock import START, FakeClock
from tests.fakes.messenger import FakeMessenger
from tests.fakes.news import WIRE
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack_people import SlackPerson, Whisper, words
from tests.fakes.slack_world import World, workspace, world

ONE, TWO = Channel(Platform.SLACK, "C0ONE", "T0ONE"), Channel(Platform.SLACK, "C0TWO", "T0TWO")
OWN = Channel(Platform.SLACK, "C0ONE")
TOPICS = (Topic(name="ferries", title="Ferries", query=parse("ferry"), channels=(OWN,)),)
PRIVATE = Feed(url="https://two.example/feed", name="Second Sheet")
"""Added by the second workspace."""


@pytest.fixture
async def newsroom(store: Database, clock: FakeClock) -> Newsroom:
    """A story for all, and one of a feed that the second workspace added."""
    newsroom = Newsroom(store, clock, feeds=(WIRE,), topics=TOPICS)
    async with store.begin() as transaction:
        await transaction.added_feeds.add(
            AddedFeed(
                workspace=Workspace(Platform.SLACK, "T0TWO"),
                url=PRIVATE.url,
                name=PRIVATE.name,
                added_by="U1",
                added_at=START,
            )
        )
    await newsroom.publish("Ferry late again")
    await newsroom.publish("Ferry sold in secret", feed=PRIVATE)
    return newsroom


@pytest.fixture
async def there(newsroom: Newsroom) -> AsyncIterator[World]:
    """Both workspaces, newsbot added to both."""
    async with world(newsroom.store, newsroom.clock, newsroom.commands) as there:
        await there.add_to(there.one)
        await there.add_to(there.two)
        yield there


def _somebody(slack: FakeSlack) -> SlackPerson:
    """The same identifier in each workspace, as Slack may give it out."""
    return SlackPerson(slack, "U0DESK", next(iter(slack.channels)))


async def _read(slack: FakeSlack, line: str) -> Whisper:
    """What somebody reads who typed this."""
    said = len(slack.whispers)
    await _somebody(slack).types(f"/news {line}")
    await slack.until(lambda: len(slack.whispers) > said)
    return slack.whispers[-1]


async def _pressed(slack: FakeSlack, seen: Whisper, button: dict[str, object]) -> str:
    """What somebody reads who pressed a button, which may be another workspace's."""
    answers = len(slack.responses)
    await _somebody(slack).clicks(seen, button)
    await slack.until(lambda: len(slack.responses) > answers)
    return words(slack.responses[-1]["blocks"])


def _button(seen: Whisper, label: str) -> dict[str, object]:
    return next(
        element
        for block in seen.blocks
        for element in block.get("elements", ())
        if isinstance(element.get("text"), dict) and element["text"]["text"] == label
    )


async def test_a_subscription_is_seen_and_changed_by_its_workspace_alone(
    there: World, newsroom: Newsroom
) -> None:
    asked = await _read(there.one, "subscribe ferries")
    await _pressed(there.one, asked, _button(asked, "Confirm"))
    async with newsroom.store.read() as transaction:
        (kept,) = await transaction.subscriptions.all()

    assert (kept.workspace, kept.channel) == (workspace(there.one), ONE)
    assert "Ferries" in words((await _read(there.one, "subscriptions")).blocks)
    assert "Ferries" not in words((await _read(there.two, "subscriptions")).blocks)
    await _read(there.two, "unsubscribe ferries")
    async with newsroom.store.read() as transaction:
        assert await transaction.subscriptions.all() == [kept]


async def test_a_search_finds_no_other_workspaces_feeds(there: World) -> None:
    ours = words((await _read(there.one, "search ferry")).blocks)
    theirs = words((await _read(there.two, "search ferry")).blocks)
    assert "Ferry late again" in ours
    assert "Ferry late again" in theirs
    assert "secret" not in ours
    assert "Ferry sold in secret" in theirs


async def test_a_button_of_another_workspace_does_nothing(there: World, newsroom: Newsroom) -> None:
    asked = await _read(there.one, "subscribe ferries")
    await _pressed(there.two, replace(asked, channel="C0TWO"), _button(asked, "Confirm"))
    async with newsroom.store.read() as transaction:
        assert await transaction.subscriptions.all() == []


async def test_a_workspace_without_newsbot_is_told_so_alone(newsroom: Newsroom) -> None:
    async with world(newsroom.store, newsroom.clock, newsroom.commands) as there:
        await there.add_to(there.one)
        asked = await _read(there.one, "subscribe ferries")
        begun = len(there.one.requests)
        for answer in (
            words((await _read(there.two, "search ferry")).blocks),
            await _pressed(there.two, replace(asked, channel="C0TWO"), _button(asked, "Confirm")),
        ):
            assert NOT_INSTALLED.title in answer
        await _somebody(there.two).opens_home()
        assert {body["response_type"] for body in there.two.responses} == {"ephemeral"}
        assert (there.two.requests, there.one.requests[begun:]) == ([], [])


async def test_the_settings_own_workspace_keeps_its_name_and_rule_files(
    newsroom: Newsroom,
) -> None:
    async with world(newsroom.store, newsroom.clock, newsroom.commands, own=True) as there:
        await there.add_to(there.two)
        mine = words((await _read(there.one, "subscriptions")).blocks)
        assert "Ferries" in mine
        assert "Ferries" not in words((await _read(there.two, "subscriptions")).blocks)
        asked = await _read(there.one, "subscribe ferry AND late")
        await _pressed(there.one, asked, _button(asked, "Confirm"))
        async with newsroom.store.read() as transaction:
            (kept,) = await transaction.subscriptions.all()
        assert (kept.workspace, kept.channel) == (Workspace(Platform.SLACK), OWN)


class Hurried(FakeClock):
    """A clock on which nobody waits."""

    async def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))


class Sending:
    """A sender over both workspaces."""

    def __init__(self, there: World) -> None:
        self._there = there
        self.console = FakeMessenger(Platform.CONSOLE)
        self._messengers: dict[Platform, Messenger] = {
            Platform.SLACK: there.messenger,
            Platform.CONSOLE: self.console,
        }
        self.deliver = Deliver(
            store=there.store, messengers=self._messengers, clock=Hurried(), ops=CONSOLE
        )

    async def send(self, key: str) -> None:
        """A notice to each workspace, or as far as it comes."""
        notice = Notice(title=f"Notice {key}", text="Its text.")
        async with self._there.store.begin() as transaction:
            outgoing = [Outgoing(channel=to, key=key, message=notice) for to in (ONE, TWO)]
            await transaction.deliveries.add(outgoing, now=self._there.clock.now())
        await self.deliver.drain()

    async def greet(self) -> bool:
        return await Greet(messengers=self._messengers, deliver=self.deliver)(Platform.SLACK)

    def told(self) -> list[str]:
        return [one.title for one in self.console.messages(CONSOLE) if isinstance(one, Notice)]


def _posted(slack: FakeSlack) -> list[str]:
    return [one.text.partition("\n")[0].removeprefix("⚠️ ") for one in slack.messages]


async def test_each_is_posted_to_with_its_own_token(there: World) -> None:
    await Sending(there).send("1")
    assert (_posted(there.one), _posted(there.two)) == (["Notice 1"], ["Notice 1"])
    findings = await there.messenger.check((ONE, TWO))
    assert {finding.workspace for finding in findings} == {
        workspace(there.one),
        workspace(there.two),
    }


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_refused_token_stops_its_workspace_alone_until_it_is_added_anew(
    there: World, code: str
) -> None:
    sending = Sending(there)
    there.two.faults.add("chat.postMessage", Fault.error(code))
    await sending.send("1")
    asked = len(there.two.requests)
    await sending.send("2")

    assert (len(there.two.requests), _posted(there.two)) == (asked, [])
    assert _posted(there.one) == ["Notice 1", "Notice 2"]
    assert sending.told() == ["Slack refuses the token of workspace T0TWO"]

    there.two.bot_token = "xoxb-fake-another"
    await there.add_to(there.two)
    sending.deliver.unlock(there.welcomed[-1])
    await sending.deliver.drain()
    assert _posted(there.two) == ["Notice 1", "Notice 2"]


async def test_a_token_refused_at_the_start_stops_its_workspace_alone(there: World) -> None:
    sending = Sending(there)
    there.two.faults.add("auth.test", Fault.error("token_revoked"))
    assert await sending.greet()
    asked = len(there.two.requests)
    await sending.send("1")
    assert (_posted(there.one), len(there.two.requests)) == (["Notice 1"], asked)


async def test_a_token_replaced_meanwhile_is_not_taken_for_refused(there: World) -> None:
    sending = Sending(there)
    old, there.two.bot_token = there.two.bot_token, "xoxb-fake-another"
    there.one.neighbours.append(gone := FakeSlack())
    gone.bot_token = old
    gone.faults.add("chat.postMessage", Fault.error("token_revoked"))
    await there.add_to(there.two)
    await sending.send("1")
    assert _posted(there.two) == ["Notice 1"]


async def test_where_newsbot_was_removed_nothing_is_asked_and_the_channel_waits(
    there: World, clock: FakeClock
) -> None:
    sending = Sending(there)
    await there.is_removed_by(there.two, clock.now())
    await sending.send("1")
    assert (_posted(there.one), there.two.requests) == (["Notice 1"], [])
    assert sending.told() == ["Channel set aside: slack:C0TWO"]
