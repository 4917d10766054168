"""A reply as Block Kit, within Slack's limits whatever it holds."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack.blocks import action_of
from bot.chat.slack.reply import shown
from bot.commands.reference import refer
from bot.commands.reply import Button, Reply, Row, Style
from tests.fakes.slack_limits import faults_in, too_long
from tests.fakes.slack_people import buttons, words

MOMENT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def test_a_reply_is_literal_and_keeps_its_lines() -> None:
    message = shown(Reply(title="*Topics*", lines=("us-china", "<!here>")))
    parts = message.blocks[0]["elements"][0]["elements"]
    assert [part["text"] for part in parts] == ["*Topics*", "\nus-china\n<!here>"]
    assert message.text == "*Topics*\nus-china\n&lt;!here&gt;"


def test_a_reply_of_one_line_has_no_second() -> None:
    assert len(shown(Reply(title="pong")).blocks[0]["elements"][0]["elements"]) == 1


def test_a_row_has_its_link_lines_time_and_buttons() -> None:
    share = Button(label="Share", action="share", argument="k-1", style=Style.PRIMARY)
    row = Row(
        title="A story", url="https://a.example/", lines=("one",), when=MOMENT, buttons=(share,)
    )
    message = shown(Reply(title="Found", rows=(row,)))
    assert [block["type"] for block in message.blocks] == [
        "rich_text", "divider", "rich_text", "context", "actions",
    ]  # fmt: skip
    assert message.blocks[2]["elements"][0]["elements"][0]["url"] == "https://a.example/"
    lines, time = message.blocks[3]["elements"]
    assert lines == {"type": "plain_text", "text": "one", "emoji": False}
    assert time["text"].startswith("<!date^1772616600^")
    (button,) = buttons(list(message.blocks))
    assert (button["action_id"], button["value"], button["style"]) == (
        "news:share:0",
        "k-1",
        "primary",
    )
    assert message.text == "Found\nA story"


def test_one_button_of_each_row_stands_with_the_others_below_and_bears_the_rows_number() -> None:
    follow = Button(label="Follow", action="follow")
    rows = tuple(
        Row(title=title, lines=("one",), buttons=(Button(label="Share", action="share"),))
        for title in "ABC"
    )
    blocks = list(shown(Reply(title="Found", rows=rows, buttons=(follow,))).blocks)
    assert [block["type"] for block in blocks] == [
        "rich_text", "divider", *["rich_text"] * 3, "actions", "divider", "actions",
    ]  # fmt: skip
    assert [block["elements"][0]["elements"][0]["text"] for block in blocks[2:5]] == [
        "1. ", "2. ", "3. ",
    ]  # fmt: skip
    assert [button["text"]["text"] for button in buttons(blocks)] == [
        "Share 1", "Share 2", "Share 3", "Follow",
    ]  # fmt: skip


def test_several_buttons_of_a_row_stand_below_it() -> None:
    pair = (Button(label="Edit", action="edit"), Button(label="Remove", action="unsubscribe"))
    rows = (Row(title="A", buttons=pair), Row(title="B", buttons=pair))
    assert [block["type"] for block in shown(Reply(title="Found", rows=rows)).blocks] == [
        "rich_text", *["divider", "rich_text", "actions"] * 2,
    ]  # fmt: skip


def test_channels_and_people_are_shown_by_name_and_no_foreign_text_makes_one() -> None:
    reply = Reply(
        title=f"{refer('slack:C0DESK')} follows this.",
        lines=(f"for {refer('user:U0ADA')}; {refer('slack:D0ADA')}; not {refer('role:2')}",),
        rows=(Row(title="slack:C0DESK user:U0ADA"),),
    )
    message = shown(reply)
    head = message.blocks[0]["elements"][0]["elements"]
    bold = {"style": {"bold": True}}
    assert head[:2] == [
        {"type": "channel", "channel_id": "C0DESK", **bold},
        {"type": "text", "text": " follows this.", **bold},
    ]
    assert {"type": "user", "user_id": "U0ADA"} in head
    assert "".join(part.get("text", "|") for part in head[2:]) == (
        "\nfor |; a direct message; not role:2"
    )
    assert message.text.startswith("slack:C0DESK follows this.\nfor user:U0ADA;")
    assert "channel_id" not in str(message.blocks[1:])


def test_half_a_reference_is_text() -> None:
    (part,) = shown(Reply(title=refer("slack:C0DESK")[:-1])).blocks[0]["elements"][0]["elements"]
    assert (part["type"], part["text"]) == ("text", "slack:C0DESK")


def test_buttons_of_one_action_have_identifiers_of_their_own() -> None:
    rows = tuple(Row(title="t", buttons=(Button(label="Share", action="share"),)) for _ in range(3))
    found = buttons(list(shown(Reply(title="Found", rows=rows)).blocks))
    assert len({button["action_id"] for button in found}) == 3
    assert {action_of(button["action_id"]) for button in found} == {"share"}
    assert not any("value" in button for button in found)


def test_what_is_not_newsbots_has_no_action() -> None:
    assert [action_of(name) for name in ("news:more:1", "news", "other:more", "")] == [
        "more", "", "", "",
    ]  # fmt: skip


def test_rows_that_do_not_fit_are_counted() -> None:
    many = tuple(Button(label="W" * 30, action="a" * 24, argument="x" * 64) for _ in range(5))
    rows = tuple(Row(title="t" * 300, lines=("l" * 3000,), buttons=many) for _ in range(10))
    blocks = list(shown(Reply(title="T" * 300, rows=rows)).blocks)
    assert not too_long(blocks)
    assert "more do not fit here." in words(blocks)


_texts = st.text(alphabet=st.sampled_from('ab "<>&*_`:@\n\u202e👩🏽\ud800é'), max_size=1500)
_buttons = st.lists(
    st.builds(
        Button,
        label=_texts,
        action=st.sampled_from(["mute", "share"]),
        argument=st.text(alphabet="abc-_", max_size=64),
        style=st.sampled_from(Style),
    ),
    max_size=7,
).map(tuple)
_rows = st.lists(
    st.builds(
        Row,
        title=_texts,
        url=st.one_of(st.none(), st.builds("https://x.example/{}".format, _texts)),
        lines=st.lists(_texts, max_size=4).map(tuple),
        when=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
        buttons=_buttons,
    ),
    max_size=12,
).map(tuple)


@settings(deadline=None)
@given(
    st.builds(
        Reply,
        title=_texts,
        lines=st.lists(_texts, max_size=12).map(tuple),
        rows=_rows,
        buttons=_buttons,
    )
)
def test_any_reply_keeps_within_slacks_limits(reply: Reply) -> None:
    message = shown(reply)
    blocks = list(message.blocks)
    assert faults_in(blocks) == []
    assert not too_long(blocks)
    assert 1 <= len(message.text) <= 4000
    assert not {block["type"] for block in blocks} - {"rich_text", "divider", "context", "actions"}
    assert "<!" not in message.text
