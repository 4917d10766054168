"""`newsbot check`."""

import os
from pathlib import Path

import pytest

from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type


def test_all_is_well(type_: Type, configured: Desk) -> None:
    del configured
    result = type_("check")
    assert (result.exit_code, result.output) == (0, "2 feeds and 1 topic: no mistakes.\n")


def test_topics_without_a_channel_and_paused_feeds_are_named(type_: Type, desk: Desk) -> None:
    (desk.directory / "feeds.yaml").write_text(
        "sections:\n  Desk:\n    - {url: 'https://wire.example/feed', name: Wire, paused: true}\n"
    )
    desk.rule("us-china", any=["Beijing"], channels=[])
    result = type_("check")
    assert result.exit_code == 0
    assert "Paused, so never polled: 1 feed." in result.output
    assert "so alerting only where somebody subscribes: us-china." in result.output


def test_every_mistake_in_every_file_is_named_at_once(type_: Type, configured: Desk) -> None:
    configured.rule("ports", anny=["harbour"], channels=["slak:C0"])
    result = type_("check")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert all(line.startswith("rules/ports.yaml:1: ") for line in result.stderr.splitlines())
    assert len(result.stderr.splitlines()) >= len(["anny", "slak"])


def test_files_elsewhere_are_named_in_full(type_: Type, configured: Desk, tmp_path: Path) -> None:
    configured.rule("ports", anny=["harbour"], channels=["console"])
    (tmp_path / "elsewhere").mkdir()
    feeds = tmp_path / "feeds.yaml"
    os.chdir(tmp_path / "elsewhere")
    result = type_("check", NEWSBOT_FEEDS=str(feeds))
    assert result.stderr.startswith(f"{tmp_path}/rules/ports.yaml:1: ")


@pytest.mark.parametrize("command", ["check", "export", "feeds", "run", "match x", "backfill x 1"])
def test_without_files_they_are_asked_for(type_: Type, command: str) -> None:
    result = type_(*command.split())
    assert result.exit_code == 2
    assert "feeds.yaml:1: there is no such file" in result.stderr
    assert "rules:1: there is no such directory; make it" in result.stderr


def test_a_setting_that_is_wrong_is_named_without_its_value(type_: Type) -> None:
    result = type_("check", SLACK_BOT_TOKEN="xoxp-c4nary")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN: is a person's token" in result.stderr
    assert "c4nary" not in result.stderr


def test_a_setting_that_has_no_effect_is_named_and_nothing_else_held_up(
    type_: Type, configured: Desk
) -> None:
    del configured
    result = type_("check", NEWSBOT_PORT="80")
    assert (result.exit_code, result.stdout) == (0, "2 feeds and 1 topic: no mistakes.\n")
    assert result.stderr.startswith("NEWSBOT_PORT: ignored, as newsbot has no such setting")


def test_mistakes_of_settings_and_of_files_are_named_together(
    type_: Type, configured: Desk
) -> None:
    configured.rule("ports", anny=["harbour"], channels=["console"])
    result = type_("check", SLACK_BOT_TOKEN="xoxp-c4nary")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN: is a person's token" in result.stderr
    assert "rules/ports.yaml:1: unknown key “anny”" in result.stderr


def test_rules_elsewhere_are_read_beside_a_setting_that_is_wrong(
    type_: Type, configured: Desk
) -> None:
    configured.rule("ports", anny=["harbour"], channels=["console"])
    (configured.directory / "rules").rename(configured.directory / "topics")
    (configured.directory / ".env").write_text("NEWSBOT_RULES=topics\nDISCORD_TOKEN=abc\n")
    result = type_("check")
    assert ".env:2: DISCORD_TOKEN: does not look like a bot token" in result.stderr
    assert "topics/ports.yaml:1: unknown key “anny”" in result.stderr


def test_a_word_like_an_operator_is_told(type_: Type, configured: Desk) -> None:
    configured.rule("ferries", query="ferry or tram", channels=["console"])
    result = type_("check")
    assert result.exit_code == 0
    assert "In ferries, “or” is looked for as a word: write OR for the operator" in result.output
