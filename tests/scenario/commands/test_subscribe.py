"""`/news subscribe`, `unsubscribe` and `subscriptions`: from the wish to what is followed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.commands.reference import refer
from bot.commands.reply import Button, Form, Reply
from bot.commands.request import Press, Request
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.subscription import Subscription
from bot.ports import Finding
from bot.ports.chat import AskedKind
from bot.ports.deliveries import Claim
from tests.fakes.asking import DESK, HERE, STRANGER, THERE, Newsroom, button, headlines, labels
from tests.fakes.messenger import FakeMessenger
from tests.fakes.people import person

LEAD = person("U9", platform=Platform.SLACK, workspace="T1", manages=True)
BY_RULE = "Alerts at once, by the rule file us-china.yaml, which only whoever runs newsbot changes."
DESKS = Channel(Platform.SLACK, "C777", "T1")


class Examined(FakeMessenger):
    """A platform that says this of every channel."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._finding = finding

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        assert len(channels) == 1
        return [self._finding]


async def subscribed(newsroom: Newsroom, channel: Channel = HERE) -> Sequence[Subscription]:
    async with newsroom.store.read() as transaction:
        return await transaction.subscriptions.of_channel(channel)


async def confirmed(newsroom: Newsroom, line: str) -> Subscription:
    """The newest subscription once a line was confirmed."""
    await newsroom.press(button(await newsroom.ask(line), "Confirm"))
    return (await subscribed(newsroom))[-1]


async def test_a_topic_is_shown_as_it_would_have_been_before_it_is_followed(
    newsroom: Newsroom,
) -> None:
    old = newsroom.clock.now() - timedelta(days=8)
    await newsroom.publish("Ferry one", "Ferry two", "Ferry three", "Ferry four", "Ferry in fog")
    await newsroom.publish("Ferry of old", at=old)
    reply = await newsroom.ask("subscribe Ferries hourly")
    assert reply.title == "Let this channel follow Ferries?"
    assert reply.lines == (
        "A digest every hour.",
        "In the last 7 days it would have brought 4 stories, for example:",
    )
    assert headlines(reply) == ["Ferry one", "Ferry two", "Ferry three"]
    assert labels(reply) == ["Confirm", "Cancel"]
    assert await subscribed(newsroom) == []

    done = await newsroom.press(button(reply, "Confirm"))
    assert (done.title, done.replaces) == ("This channel follows Ferries.", True)
    (one,) = await subscribed(newsroom)
    assert (one.following.topic, str(one.following.cadence)) == ("ferries", "hourly")
    assert (one.workspace, one.channel, one.created_by) == (DESK.workspace, HERE, "U1")


async def test_what_is_cancelled_is_not_followed(newsroom: Newsroom) -> None:
    reply = await newsroom.press(button(await newsroom.ask("subscribe ferries"), "Cancel"))
    assert (reply.title, reply.replaces) == ("Nothing was changed.", True)
    assert await subscribed(newsroom) == []


async def test_the_next_story_is_posted_to_who_followed(newsroom: Newsroom) -> None:
    await confirmed(newsroom, "subscribe tram AND strike")
    await newsroom.route(*await newsroom.publish("Tram strike", "Tram on time"))
    async with newsroom.store.begin() as transaction:
        hour = timedelta(hours=1)
        claim = await transaction.deliveries.claim(HERE, now=newsroom.clock.now(), lease=hour)
        assert isinstance(claim, Claim)
        assert "Tram strike" in str(claim.delivery.message)
        assert await transaction.deliveries.claim(
            HERE, now=newsroom.clock.now(), lease=hour
        ) is None  # fmt: skip


async def test_typed_text_and_options_give_the_same(newsroom: Newsroom) -> None:
    typed = await confirmed(
        newsroom,
        "subscribe ferries breaking mon,thu 17:00 quiet 22:00-07:00 zone Europe/Berlin"
        " mention <!subteam^S1|@desk>",
    )
    options = {
        "what": "ferries",
        "cadence": "mon,thu 17:00",
        "quiet": "22:00 to 07:00",
        "zone": "europe/berlin",
        "mention": "group:S1",
        "breaking": "yes",
    }
    request = Request(verb="subscribe", options=options, channel=HERE, person=DESK)
    offered = await newsroom.commands.answer(request)
    assert isinstance(offered, Reply)
    assert offered.title == "Change how this channel follows Ferries?"
    await newsroom.press(button(offered, "Confirm"))
    (again,) = await subscribed(newsroom)
    assert again == typed
    assert typed.following.zone == ZoneInfo("Europe/Berlin")
    assert (typed.following.mention, typed.following.breaking) == ("group:S1", True)


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ('"quake breaking"', '"quake breaking"'),
        ("fire in London", "fire in London"),
        ("euro zone", "euro zone"),
        ("(tram OR bus) instant", "(tram OR bus)"),
    ],
)
async def test_words_of_a_query_are_no_options(newsroom: Newsroom, line: str, query: str) -> None:
    one = await confirmed(newsroom, f"subscribe {line}")
    assert (one.following.query, one.following.cadence) == (query, None)


async def test_a_mistyped_topic_is_asked_back(newsroom: Newsroom) -> None:
    asked = await newsroom.ask("subscribe us-chna hourly")
    assert asked.title == "There is no topic “us-chna”: did you mean us-china?"
    topic = await newsroom.press(button(asked, "Topic us-china"))
    assert topic.title == "Let this channel follow US and China (us-china)?"
    assert topic.lines[0] == "A digest every hour."
    words = await newsroom.press(button(asked, "These words"))
    assert words.title == "Let this channel follow “us-chna”?"


async def test_what_says_nothing_behind_a_topic_is_asked_back(newsroom: Newsroom) -> None:
    for rest in ("twice a day", "monday", "quiet at night", "zone Mars", "to #desk", "@desk"):
        asked = await newsroom.ask(f"subscribe Ferries {rest}")
        assert asked.title.startswith(f"“{rest}” behind Ferries says nothing newsbot knows")
        assert "daily 08:30" in asked.lines[0]
        topic = await newsroom.press(button(asked, "Topic ferries"))
        assert topic.title == "Let this channel follow Ferries?"
    asked = await newsroom.ask("subscribe Ferries @desk")
    words = await newsroom.press(button(asked, "These words"))
    assert words.title == "Let this channel follow “Ferries @desk”?"
    assert not (await newsroom.ask("subscribe ferries AND fog")).title.startswith("“")


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("ferries daily", ("A digest daily at 08:30, UTC time.", "No time was named, so 08:30: ")),
        ("ferries every week", ("A digest on Mondays at 08:30", "No time was named, so 08:30: ")),
        ("ferries daily 9:00", ("A digest daily at 09:00, UTC time.", "In the last 7 days")),
        ("fog daily", ("A digest", "No time was named", "To look for “daily” itself, put it in q")),
        (
            "fog quiet 7-22",
            ("Alerts at once", "That is quiet by day: for the night write quiet"),
        ),
        ("fog quiet 22-7", ("Alerts at once", "In the last 7 days")),
        ("fog hourly mention <@U2>", ("A digest every hour", "Digests ping nobody")),
        ("fog breaking", ("Alerts at once.", "“breaking” lets topics through quiet hours")),
    ],
)
async def test_what_may_be_meant_otherwise_is_said_before_it_is_confirmed(
    newsroom: Newsroom, typed: str, lines: tuple[str, ...]
) -> None:
    reply = await newsroom.ask(f"subscribe {typed}")
    assert labels(reply) == ["Confirm", "Cancel"]
    for line, begin in zip(reply.lines, lines, strict=False):
        assert line.startswith(begin)


async def test_a_search_can_be_followed(newsroom: Newsroom) -> None:
    found = await newsroom.ask("search tram")
    offered = await newsroom.press(button(found, "Follow this search"))
    assert offered.title == "Let this channel follow “tram”?"
    await newsroom.press(button(offered, "Confirm"))
    assert [one.following.query for one in await subscribed(newsroom)] == ["tram"]


async def test_nothing_typed_opens_a_window_and_a_mistake_leaves_it_open(
    newsroom: Newsroom,
) -> None:
    commands = newsroom.commands
    form = commands.form(Request(verb="subscribe", channel=HERE, person=DESK))
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["topic", "query", "cadence", "quiet", "zone"]

    async def sent(**options: str) -> Reply:
        press = Press(action=form.action, options=options, channel=HERE, person=DESK)
        answer = await commands.press(press)
        assert isinstance(answer, Reply)
        return answer

    offered = await sent(topic="ferries", query="", cadence="hourly", quiet="", zone="UTC")
    assert offered.title == "Let this channel follow Ferries?"
    assert (await sent(topic="", query="", cadence="hourly")).mistake
    assert "not both" in (await sent(topic="ferries", query="tram")).title
    assert (await sent(topic="ferries", cadence="sometimes")).mistake


async def test_what_is_missing_in_the_channel_is_named_before_anything_is_kept(
    newsroom: Newsroom,
) -> None:
    missing = Finding(ok=False, what="#desk: newsbot is no member", remedy="/invite it")
    asked = replace(newsroom, messengers={Platform.SLACK: Examined(missing)})
    reply = await asked.ask("subscribe ferries")
    assert reply.title == "newsbot cannot post there. #desk: newsbot is no member: /invite it"
    assert (reply.mistake, reply.buttons) == (True, ())


async def test_another_channel_is_for_those_who_manage_and_of_the_same_workspace(
    newsroom: Newsroom,
) -> None:
    ours = Finding(ok=True, what="well", workspace=LEAD.workspace)
    theirs = Finding(ok=True, what="#secret", workspace=Workspace(Platform.SLACK, "T2"))
    line = "subscribe ferries in <#C777|desk>"
    asked = replace(newsroom, messengers={Platform.SLACK: Examined(ours)})
    assert (await asked.ask(line)).mistake
    offered = await asked.ask(line, who=LEAD)
    assert (await asked.press(button(offered, "Confirm"))).mistake  # by one who does not manage
    assert await subscribed(newsroom, DESKS) == []
    await asked.press(button(offered, "Confirm"), who=LEAD)
    assert [one.following.topic for one in await subscribed(newsroom, DESKS)] == ["ferries"]

    for finding in (theirs, Finding(ok=False, what="#secret", remedy="x")):
        foreign = replace(newsroom, messengers={Platform.SLACK: Examined(finding)})
        reply = await foreign.ask(line, who=LEAD)
        assert reply.title.startswith("newsbot sees no such channel of yours")
        assert "secret" not in str(reply)


async def test_a_setting_leaves_subscribing_to_those_who_manage(newsroom: Newsroom) -> None:
    closed = replace(newsroom, anyone_subscribes=False)
    one = await confirmed(newsroom, "subscribe ferries")
    key = str(one.subscription_id)
    offered = await newsroom.ask("subscribe tram")
    for reply in (
        await closed.ask("subscribe tram"),
        await closed.ask("unsubscribe ferries"),
        await closed.press(button(offered, "Confirm")),
        await closed.press(Button(label="", action="unsubscribe", argument=key)),
    ):
        assert reply.title.startswith("Only people who manage newsbot may change what a channel")
    assert await subscribed(newsroom) == [one]
    assert not (await closed.ask("subscribe tram", who=LEAD)).mistake


async def test_subscriptions_are_listed_with_what_rule_files_send(newsroom: Newsroom) -> None:
    one = await confirmed(newsroom, "subscribe tram daily 08:30")
    reply = await newsroom.ask("subscriptions")
    assert [(row.title, row.lines, [b.label for b in row.buttons]) for row in reply.rows] == [
        ("“tram”", ("A digest daily at 08:30, UTC time.",), ["Edit", "Remove"]),
        (
            "US and China (us-china)",
            (BY_RULE,),
            [],
        ),
    ]
    everything = await newsroom.ask("subscriptions all", who=LEAD, channel=DESKS)
    assert [row.title for row in everything.rows] == ["“tram”"]
    assert everything.rows[0].lines[-1] == f"In {refer(HERE)}."
    edit, remove = reply.rows[0].buttons
    answer = await newsroom.commands.press(
        Press(action=edit.action, argument=edit.argument, channel=HERE, person=DESK)
    )
    assert isinstance(answer, Form)
    values = {field.name: field.value for field in answer.fields}
    assert newsroom.commands.opens_form(edit.action)
    changed = {**values, "cadence": "weekdays 09:00", "zone": "Asia/Tokyo"}
    await newsroom.commands.press(
        Press(
            action=answer.action,
            argument=answer.argument,
            options=changed,
            channel=HERE,
            person=DESK,
        )
    )
    (now,) = await subscribed(newsroom)
    assert now.subscription_id == one.subscription_id
    assert str(now.following.cadence) == "weekdays 09:00"
    assert now.following.zone.key == "Asia/Tokyo"

    gone = await newsroom.press(remove)
    assert gone.title == "“tram” is no longer subscribed to."
    assert await subscribed(newsroom) == []
    await newsroom.press(button(gone, "Undo"))
    assert [one.following for one in await subscribed(newsroom)] == [now.following]


async def test_a_subscription_is_ended_by_its_name_or_from_a_list(newsroom: Newsroom) -> None:
    await confirmed(newsroom, "subscribe ferries")
    await confirmed(newsroom, "subscribe tram  OR bus")
    listed = await newsroom.ask("unsubscribe")
    assert headlines(listed) == ["Ferries", "“tram OR bus”"]
    await newsroom.ask("unsubscribe TRAM or  bus")
    await newsroom.press(listed.rows[0].buttons[0])
    assert await subscribed(newsroom) == []
    assert (await newsroom.ask("unsubscribe")).title == "This channel has no subscription to end."


async def test_a_workspace_sees_and_changes_its_own_alone(newsroom: Newsroom) -> None:
    one = await confirmed(newsroom, "subscribe tram")
    offered = await newsroom.ask("subscribe bus")
    boss = replace(STRANGER, manages=LEAD.manages)
    assert "tram" not in str(await newsroom.ask("subscriptions all", who=boss, channel=THERE))
    for channel in (THERE, HERE):
        for action in ("unsubscribe", "edit", "edit-form"):
            pressed = Button(label="", action=action, argument=str(one.subscription_id))
            assert (await newsroom.press(pressed, who=boss, channel=channel)).mistake
        assert (await newsroom.press(button(offered, "Confirm"), who=boss, channel=channel)).mistake
        assert (await newsroom.ask("unsubscribe tram", who=boss, channel=channel)).mistake
    assert await subscribed(newsroom) == [one]
    assert await subscribed(newsroom, THERE) == []


async def test_words_searched_for_are_no_wish_for_anothers_channel(newsroom: Newsroom) -> None:
    forged = (
        '{"channel":{"platform":"slack","id":"C2","workspace":"T2"},'
        '"following":{"topic":"ferries","zone":"UTC"}}'
    )
    async with newsroom.store.begin() as transaction:
        key = await transaction.asked.keep(
            AskedKind.WISH,
            forged,
            workspace=LEAD.workspace,
            user="U9",
            now=newsroom.clock.now(),
        )
    confirm = Button(label="", action="subscribe-confirm", argument=key)
    assert (await newsroom.press(confirm, who=LEAD)).title.startswith("newsbot sees no such")
    assert await subscribed(newsroom, THERE) == []
