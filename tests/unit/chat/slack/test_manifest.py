"""The Slack app's manifest says what the code needs."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from ruamel.yaml import YAML

from bot.chat.slack.app import EVENTS
from bot.chat.slack.check import SCOPES
from bot.chat.slack.commands import SHORTCUT
from bot.commands.core import COMMAND

ROOT = Path(__file__).parents[4]


def _text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.fixture
def manifest() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = YAML(typ="safe").load(ROOT / "slack-app-manifest.yaml")
    return loaded


def test_its_scopes_are_the_ones_the_code_needs(manifest: dict[str, dict[str, object]]) -> None:
    assert manifest["oauth_config"] == {"scopes": {"bot": list(SCOPES)}}


@pytest.mark.parametrize("page", ["README.md", "docs/slack.md"])
def test_the_link_that_creates_the_app_holds_it_whole(
    page: str, manifest: dict[str, dict[str, object]]
) -> None:
    found = re.findall(r"api\.slack\.com/apps\?new_app=1&manifest_json=(\S+)", _text(page))
    assert [json.loads(unquote(written)) for written in found] == [manifest]


def test_it_has_the_command_and_socket_mode(manifest: dict[str, dict[str, object]]) -> None:
    commands = manifest["features"]["slash_commands"]
    assert isinstance(commands, list)
    assert [command["command"] for command in commands] == [COMMAND]
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}


def test_it_has_the_shortcut_and_the_own_page(manifest: dict[str, dict[str, object]]) -> None:
    shortcuts = manifest["features"]["shortcuts"]
    assert isinstance(shortcuts, list)
    (shortcut,) = shortcuts
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", SHORTCUT)
    home = manifest["features"]["app_home"]
    assert isinstance(home, dict)
    assert home["home_tab_enabled"] is True


def test_it_subscribes_to_every_event_that_is_listened_to(
    manifest: dict[str, dict[str, object]],
) -> None:
    assert manifest["settings"]["event_subscriptions"] == {"bot_events": list(EVENTS)}
