import logging

import discord
import pytest

from bot.chat.discord.client import Addresses, NewsbotClient

REST = "https://discord.com/api/v10/channels/1/messages"
SOCKET = "wss://gateway.discord.gg/?v=10&encoding=json"


def test_addresses_are_discords_own_unless_moved() -> None:
    assert Addresses().moved(REST) == REST
    assert Addresses().moved_gateway(SOCKET) == SOCKET


def test_addresses_can_be_moved() -> None:
    addresses = Addresses(api="http://127.0.0.1:9/api/v10/", gateway="ws://127.0.0.1:9/gateway")

    assert addresses.moved(REST) == "http://127.0.0.1:9/api/v10/channels/1/messages"
    assert addresses.moved_gateway(SOCKET) == "ws://127.0.0.1:9/gateway?v=10&encoding=json"


def test_a_client_asks_for_no_privileged_intent_and_keeps_no_messages() -> None:
    client = NewsbotClient(addresses=Addresses())

    assert {name for name, value in client.intents if value} == {"guilds"}
    assert list(client.cached_messages) == []


def test_making_a_client_warns_of_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", True)

    NewsbotClient(addresses=Addresses())

    assert caplog.records == []


@pytest.mark.parametrize(
    ("before", "after"), [(logging.DEBUG, logging.INFO), (logging.ERROR, logging.ERROR)]
)
def test_discord_pys_debug_log_which_holds_tokens_is_off(before: int, after: int) -> None:
    library = logging.getLogger("discord")
    level = library.level
    library.setLevel(before)

    NewsbotClient(addresses=Addresses())

    assert library.level == after
    library.setLevel(level)
