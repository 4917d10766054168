import base64
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.chat.discord.invite import RIGHTS, application_id, invite_url
from bot.errors import SettingsError


def test_the_invitation_asks_for_exactly_the_rights_in_use() -> None:
    query = parse_qs(urlsplit(invite_url(123456789012345678)).query)

    granted = discord.Permissions(int(query["permissions"][0]))
    assert {name for name, value in granted if value} == {
        "read_messages",
        "send_messages",
        "embed_links",
        "read_message_history",
        "send_messages_in_threads",
        "create_public_threads",
    }
    assert query["client_id"] == ["123456789012345678"]
    assert query["scope"] == ["bot applications.commands"]


def test_the_names_of_rights_are_those_of_discord_py() -> None:
    for right in RIGHTS:
        assert getattr(discord.Permissions(1 << right.bit), right.attribute)


def test_the_application_is_read_out_of_the_token() -> None:
    head = base64.urlsafe_b64encode(b"123456789012345678").decode().rstrip("=")

    assert application_id(f" {head}.GaBcDe.made-up\n") == 123456789012345678


@pytest.mark.parametrize("token", ["", "hunter2-secret", "bm90IGEgbnVtYmVy.x.y", "ünïcode.a.b"])
def test_what_is_no_token_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN is not a bot token") as caught:
        application_id(token)

    assert not token or token not in str(caught.value)
