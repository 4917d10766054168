"""What is to be done first in chat, where nothing is followed there."""

from collections.abc import Collection
from pathlib import Path

import pytest

from bot.cli.firststep import first_steps
from bot.domain.catalog import Catalog
from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.topic import Topic
from bot.query.tree import Words
from bot.settings import load_settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
DISCORD = {"DISCORD_TOKEN": "MjAy.made-up.token"}


def steps(
    environ: dict[str, str], *channels: Channel, subscribed: Collection[Platform] = ()
) -> list[str]:
    topic = Topic(name="us-china", title="US and China", query=Words("Beijing"), channels=channels)
    settings = load_settings(environ, Path())
    found = first_steps(settings, Catalog((), (topic,)), subscribed)
    assert all(step.ok for step in found)
    return [f"{step.what}: {step.remedy}" for step in found]


def test_each_platform_with_a_token_has_its_own_way() -> None:
    slack, discord = steps(SLACK | DISCORD, CONSOLE)
    assert slack == (
        "No Slack channel follows anything yet: write /invite @newsbot, then /news subscribe"
        " us-china in a channel"
    )
    assert discord.startswith("No Discord channel follows anything yet: add newsbot to a server")
    assert "https://discord.com/oauth2/authorize?client_id=202&" in discord


def test_nothing_is_said_without_a_token() -> None:
    assert steps({}, CONSOLE) == []


def test_nor_where_a_rule_file_or_a_subscription_names_a_channel() -> None:
    assert steps(SLACK, Channel(Platform.SLACK, "C1")) == []
    assert steps(SLACK, CONSOLE, subscribed={Platform.SLACK}) == []
    assert steps(SLACK | DISCORD, subscribed={Platform.DISCORD})[0].startswith("No Slack")


@pytest.mark.parametrize(
    "environ", [{"SLACK_BOT_TOKEN": "xoxb-1"}, {"DISCORD_TOKEN": "abcd.made-up.token"}]
)
def test_nor_where_something_else_is_to_be_done_before(environ: dict[str, str]) -> None:
    assert steps(environ, CONSOLE) == []


def test_without_a_topic_words_are_proposed() -> None:
    (step,) = first_steps(load_settings(SLACK, Path()), Catalog((), ()), ())
    assert "/news subscribe WORDS" in step.remedy
