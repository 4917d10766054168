"""Buttons, windows, the shortcut and newsbot's own page, through Bolt, either way it is reached."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.chat.slack.messenger import SlackMessenger
from bot.commands.core import Action, Command, Commands
from bot.commands.reply import Answer, Button, Choice, Field, Form, Redrawn, Reply, Row
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel, Platform
from bot.domain.message import Alert, Reason
from bot.errors import CommandError
from tests.fakes.slack import FakeMessage, FakeSlack, Fault
from tests.fakes.slack_app import at_work, slack_app
from tests.fakes.slack_people import SlackPerson, words

ALERT = Alert(
    headline="Ministers agree on a harbour plan",
    url="https://news.example/harbour",
    summary="The plan was agreed after two days of talks.",
    outlet="Harbour Times",
    published=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
    reasons=(Reason(topic="harbours", title="Harbours", words=("“harbour” in the title",)),),
)
CHANNEL = Channel(Platform.SLACK, "C0NEWS")
FORM = Form(
    title="Follow",
    action="follow",
    argument="harbours",
    fields=(
        Field(name="query", label="What", value="harbour"),
        Field(name="when", label="When", choices=(Choice(value="instant", label="At once"),)),
    ),
)

pytestmark = pytest.mark.parametrize("way", ["socket", "http"])


class Desk:
    """A core that notes what it is asked, and answers when the store lets it."""

    def __init__(self) -> None:
        self.pressed: list[Press] = []
        self.asked: list[Request] = []
        self.homes = 0
        self.answer: Answer | Exception = Reply(title="Done.")
        self.store = asyncio.Event()
        self.store.set()

    async def press(self, press: Press) -> Answer:
        self.pressed.append(press)
        await self.store.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def why(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(title=f"Why {request.text}")

    async def home(self, person: Person, channel: Channel) -> Reply:
        self.homes += 1
        buttons = (Button(label="Edit", action="edit", argument="7"),)
        rows = (Row(title="Harbours", buttons=buttons),)
        return Reply(title=f"{person.user} in {channel}, {self.homes}", rows=rows)

    @property
    def commands(self) -> Commands:
        names = ("mute", "irrelevant", "claim", "release", "more", "follow", "next")
        actions = [Action(name=name, handler=self.press) for name in names]
        edit = Action(name="edit", handler=self.press, opens_form=True)
        why = Command(verb="why", usage="/news why LINK", summary="Why.", handler=self.why)
        follow = replace(why, verb="follow", form=lambda _: FORM)
        return Commands((why, follow), [*actions, edit], home=self.home)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def ada(slack: FakeSlack) -> SlackPerson:
    return SlackPerson(slack, "U0ADA")


@pytest.fixture
async def card(slack: FakeSlack, messenger: SlackMessenger) -> FakeMessage:
    """An alert, posted."""
    await messenger.post(CHANNEL, ALERT, nonce="n-1")
    return slack.messages[0]


@pytest.fixture
async def working(slack: FakeSlack, desk: Desk, way: str) -> AsyncIterator[None]:
    async with at_work(slack, slack_app(slack, desk.commands), way):
        yield


@asynccontextmanager
async def busy(desk: Desk) -> AsyncIterator[None]:
    """The store lets nothing through."""
    desk.store.clear()
    try:
        yield
    finally:
        desk.store.set()


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize("action", ["mute", "irrelevant", "claim", "more"])
async def test_a_button_of_an_alert_names_its_delivery_and_is_answered_privately(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage, action: str
) -> None:
    desk.answer = Reply(title="Done.", replaces=True)
    assert await ada.presses(card, action) == {}
    await slack.until(lambda: bool(slack.whispers))

    (press,) = desk.pressed
    assert (press.action, press.argument, press.channel) == (action, "n-1", CHANNEL)
    assert press.person.user == "U0ADA"
    (whisper,) = slack.whispers
    assert (whisper.user, words(whisper.blocks)) == ("U0ADA", "Done.")
    assert slack.messages == [card]


@pytest.mark.usefixtures("working")
async def test_a_redrawn_card_replaces_the_public_one_and_keeps_what_it_is_known_by(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    claimed = replace(ALERT, claimed_by="U0ADA")
    desk.answer = Redrawn(alert=claimed, nonce="n-1", reply=Reply(title="It is yours."))
    await ada.presses(card, "claim")
    await slack.until(lambda: bool(slack.whispers))

    (drawn,) = slack.messages
    assert "*Claimed* by <@U0ADA>" in words(drawn.blocks)
    assert (drawn.ts, drawn.metadata) == (card.ts, card.metadata)
    assert words(slack.whispers[0].blocks) == "It is yours."
    desk.answer = Redrawn(alert=ALERT, nonce="n-1")
    await ada.presses(drawn, "release")
    await slack.until(lambda: "Claimed" not in words(slack.messages[0].blocks))
    assert slack.calls("chat.update") == []


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize("fault", [Fault.http(404), Fault.cut_before()])
async def test_where_the_response_address_fails_the_card_is_updated_and_the_person_told(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage, fault: Fault
) -> None:
    slack.faults.add("response_url", fault, times=2)
    claimed = replace(ALERT, claimed_by="U0ADA")
    desk.answer = Redrawn(alert=claimed, nonce="n-1", reply=Reply(title="It is yours."))
    await ada.presses(card, "claim")
    await slack.until(lambda: bool(slack.whispers))

    assert "Claimed" in words(slack.messages[0].blocks)
    assert len(slack.calls("chat.update")) == len(slack.calls("chat.postEphemeral")) == 1


@pytest.mark.usefixtures("working")
async def test_a_card_whose_picture_is_gone_is_redrawn_without_it(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    image = "https://img.example/gone.jpg"
    slack.broken_images.add(image)
    desk.answer = Redrawn(alert=replace(ALERT, image=image, claimed_by="U0ADA"), nonce="n-1")
    await ada.presses(card, "claim")
    await slack.until(lambda: "Claimed" in words(slack.messages[0].blocks))

    assert len(slack.calls("chat.update")) == 2


async def test_a_button_on_a_message_months_old_works(desk: Desk, way: str) -> None:
    now = [datetime(2026, 3, 4, tzinfo=UTC)]
    async with FakeSlack(now=lambda: now[0]) as slack:
        ada = SlackPerson(slack, "U0ADA")
        old = FakeMessage(
            channel="C0NEWS", ts="1.000001", text="", metadata={}, arguments={},
            blocks=[{"type": "actions", "elements": [{"type": "button", "action_id": "news:more:3",
                     "value": "n-1", "text": {"type": "plain_text", "text": "More"}}]}],
        )  # fmt: skip
        slack.messages.append(old)
        now[0] += timedelta(days=200)
        async with at_work(slack, slack_app(slack, desk.commands), way):
            await ada.presses(old, "more")
            await slack.until(lambda: bool(slack.whispers))
    assert desk.pressed[0].argument == "n-1"


@pytest.mark.usefixtures("working")
async def test_a_private_message_is_replaced_where_the_reply_says_so(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    desk.answer = Reply(title="Page 1", buttons=(Button(label="Next", action="next"),))
    await ada.presses(card, "more")
    await slack.until(lambda: bool(slack.whispers))
    (whisper,) = slack.whispers
    desk.answer = Reply(title="Page 2", replaces=True)
    await ada.presses(whisper, "next")
    await slack.until(lambda: "Page 2" in words(whisper.blocks))

    assert slack.whispers == [whisper]


@pytest.mark.usefixtures("working")
async def test_every_click_is_acknowledged_within_a_second_of_a_busy_store(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.views.windows))
    async with busy(desk), asyncio.timeout(10):
        began = asyncio.get_running_loop().time()
        await ada.presses(card, "mute")
        clicked = asyncio.get_running_loop().time() - began
        ack = await ada.fills(slack.views.window)
        sent = asyncio.get_running_loop().time() - began - clicked
        assert not slack.whispers
        assert ack["response_action"] == "update"
        assert "One moment" in words(slack.views.window["blocks"])
    await slack.until(lambda: "Done." in words(slack.views.window["blocks"]))
    assert max(clicked, sent) < 1


@pytest.mark.usefixtures("working")
async def test_a_command_with_nothing_typed_opens_its_form_and_the_form_is_carried_out(
    slack: FakeSlack, desk: Desk, ada: SlackPerson
) -> None:
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.views.windows))
    ack = await ada.fills(slack.views.window, query="port strike", when="instant")

    (press,) = desk.pressed
    assert (press.action, press.argument, press.channel) == ("follow", "harbours", CHANNEL)
    assert press.options == {"query": "port strike", "when": "instant"}
    assert words(ack["view"]["blocks"]) == "Done."


@pytest.mark.usefixtures("working")
async def test_a_mistake_in_a_form_is_shown_in_it_and_it_stays_open(
    slack: FakeSlack, desk: Desk, ada: SlackPerson
) -> None:
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.views.windows))
    form = slack.views.window
    desk.answer = CommandError("That query cannot be read.")
    ack = await ada.fills(form, query="AND AND")

    assert ack == {"response_action": "errors", "errors": {"query": "That query cannot be read."}}
    assert slack.views.window == form


@pytest.mark.usefixtures("working")
async def test_a_form_may_lead_to_another_and_a_window_has_buttons(
    slack: FakeSlack, desk: Desk, ada: SlackPerson
) -> None:
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.views.windows))
    desk.answer = replace(FORM, title="And now", argument="second")
    await ada.fills(slack.views.window)
    desk.answer = Reply(title="Sure?", buttons=(Button(label="Yes", action="next", argument="y"),))
    await ada.fills(slack.views.window)
    desk.answer = Reply(title="Followed.")
    await ada.presses(slack.views.window, "next")
    await slack.until(lambda: "Followed." in words(slack.views.window["blocks"]))

    assert [press.argument for press in desk.pressed] == ["harbours", "second", "y"]
    assert {press.channel for press in desk.pressed} == {CHANNEL}
    assert slack.responses == []


@pytest.mark.usefixtures("working")
async def test_a_form_opened_from_a_card_redraws_that_card(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    desk.answer = FORM
    await ada.clicks(card, {"action_id": "news:edit:0", "value": "n-1"})
    await slack.until(lambda: bool(slack.views.windows))
    desk.answer = Redrawn(alert=replace(ALERT, claimed_by="U0ADA"), nonce="n-1")
    ack = await ada.fills(slack.views.window)
    await slack.until(lambda: "Claimed" in words(slack.messages[0].blocks))

    assert ack == {"response_action": "clear"}


@pytest.mark.usefixtures("working")
async def test_a_form_that_takes_its_time_is_filled_into_a_window_that_waits(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    desk.answer = FORM
    async with busy(desk):
        await ada.clicks(card, {"action_id": "news:edit:0", "value": "n-1"})
        await slack.until(lambda: bool(slack.views.windows))
        assert "One moment" in words(slack.views.window["blocks"])
        slack.views.expire()
    await slack.until(lambda: slack.views.window["callback_id"] == "news:follow")

    assert len(slack.views.windows) == 1


@pytest.mark.usefixtures("working")
async def test_a_window_that_slack_does_not_open_is_told_of(
    slack: FakeSlack, ada: SlackPerson
) -> None:
    slack.faults.add("views.open", Fault.error("expired_trigger_id"))
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.whispers))

    assert "Slack did not open the window in time." in words(slack.whispers[0].blocks)


@pytest.mark.usefixtures("working")
async def test_why_of_an_alert_is_answered_to_who_asked(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    await ada.asks_why(card)
    await slack.until(lambda: bool(slack.whispers))

    assert [(press.action, press.argument) for press in desk.pressed] == [("more", "n-1")]
    assert slack.whispers[0].user == "U0ADA"


@pytest.mark.usefixtures("working")
async def test_why_of_somebodys_link_is_asked_of_the_link(
    slack: FakeSlack, desk: Desk, ada: SlackPerson
) -> None:
    text = "look: <https://news.example/x?a=1&amp;b=2>"
    said = FakeMessage(channel="C9", ts="1.1", text=text, blocks=[], metadata={}, arguments={})
    await ada.asks_why(said)
    await slack.until(lambda: bool(slack.whispers))

    assert [request.text for request in desk.asked] == ["https://news.example/x?a=1&b=2"]


@pytest.mark.usefixtures("working")
async def test_the_own_page_is_written_when_it_is_opened_and_after_what_is_done_on_it(
    slack: FakeSlack, desk: Desk, ada: SlackPerson
) -> None:
    await ada.opens_home(tab="messages")
    await ada.opens_home()
    await slack.until(lambda: "U0ADA" in slack.views.homes)
    page = slack.views.homes["U0ADA"]
    assert "U0ADA in slack:D0DESK, 1" in words(page["blocks"])

    desk.answer = FORM
    await ada.presses(page, "edit")
    await slack.until(lambda: bool(slack.views.windows))
    desk.answer = Reply(title="Changed.")
    await ada.fills(slack.views.window)
    await slack.until(
        lambda: desk.homes == 3 and "3" in words(slack.views.homes["U0ADA"]["blocks"])
    )
    assert {press.channel.id for press in desk.pressed} == {"D0DESK"}


@pytest.mark.usefixtures("working")
async def test_what_a_button_of_the_own_page_says_is_shown_in_a_window(
    slack: FakeSlack, ada: SlackPerson
) -> None:
    await ada.opens_home()
    await slack.until(lambda: "U0ADA" in slack.views.homes)
    await ada.clicks(slack.views.homes["U0ADA"], {"action_id": "news:next:0", "value": "7"})
    await slack.until(lambda: bool(slack.views.windows))

    assert words(slack.views.window["blocks"]) == "Done."


@pytest.mark.usefixtures("working")
async def test_what_breaks_is_excused_and_nothing_of_it_is_shown(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, card: FakeMessage
) -> None:
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.views.windows))
    desk.answer = RuntimeError("the secret detail")
    with capture_logs() as logs:
        await ada.presses(card, "mute")
        await slack.until(lambda: bool(slack.whispers))
        ack = await ada.fills(slack.views.window)

    shown = words(slack.whispers[0].blocks) + str(ack)
    assert "something broke on newsbot's side" in words(ack["view"]["blocks"])
    assert "secret detail" not in shown + str(slack.requests) + str(slack.responses)
    assert [log["event"] for log in logs].count("command.failed") == 2


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize("metadata", ["", "{}", "[1]", '{"channel": 1, "more": 2}', "null"])
async def test_a_window_that_is_not_ours_is_acknowledged_and_nothing_else(
    slack: FakeSlack, desk: Desk, ada: SlackPerson, metadata: str
) -> None:
    await ada.types("/news follow")
    await slack.until(lambda: bool(slack.views.windows))
    with capture_logs() as logs:
        await ada.fills({**slack.views.window, "private_metadata": metadata})

    assert desk.pressed == []
    assert "interaction.failed" in [log["event"] for log in logs]
