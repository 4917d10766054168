"""Channels as people write them."""

import pytest

from bot.domain.address import read_channel
from bot.domain.channel import CONSOLE, Channel, Platform


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("slack:C0123ABCD", Channel(Platform.SLACK, "C0123ABCD")),
        ("Slack: G0123", Channel(Platform.SLACK, "G0123")),
        ("slack:D0123", Channel(Platform.SLACK, "D0123")),
        ("discord:112233445566778899", Channel(Platform.DISCORD, "112233445566778899")),
        (" console ", CONSOLE),
    ],
)
def test_a_channel_is_read_and_written_back(text: str, channel: Channel) -> None:
    assert read_channel(text) == channel
    assert read_channel(str(channel)) == channel


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("slack:#news", "“slack:#news” names no channel. Slack channels are named by their ID"),
        ("slack:general", "“slack:general” names no channel"),
        ("slack:c0123abcd", "in capitals; write slack:C0123ABCD"),
        ("slack:U0123ABCD", "“U0123ABCD” is a person in Slack"),
        ("discord:#news", "“discord:#news” names no channel. Discord channels are named by"),
        ("discord:١٢٣٤٥٦", "names no channel"),
        ("C0123ABCD", "lacks its platform; write slack:C0123ABCD"),
        ("112233445566778899", "lacks its platform; write discord:112233445566778899"),
        ("#news", "“#news” is a channel's name, of which there may be several"),
        (
            "https://app.slack.com/client/T01AB/C0123ABCD",
            "write the channel of this link as slack:C",
        ),
        ("https://desk.slack.com/archives/C0123ABCD", "this link as slack:C0123ABCD"),
        ("https://discord.com/channels/1/112233445566778899", "as discord:112233445566778899"),
        ("teams:x", "“teams:x” is no channel; write slack:C0123ABCD"),
        ("console:x", "“console:x” is no channel"),
        ("slack", "“slack” is no channel"),
    ],
)
def test_anything_else_is_refused_with_the_way_to_the_id(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        read_channel(text)
