"""`newsbot health`, `feeds` and `migrate`."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.domain.channel import Channel, Platform
from bot.domain.feed import FeedState
from bot.domain.message import Notice
from bot.ports.deliveries import Outgoing
from bot.storage.database import Database
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

WIRE, POST = "https://wire.example/feed", "https://post.example/feed"
NOW = SystemClock().now()
HOUR = timedelta(hours=1)
NO_LINES: Mapping[Platform, datetime | None] = MappingProxyType({})


def lay(
    desk: Desk,
    *,
    beats: bool = False,
    lines: Mapping[Platform, datetime | None] = NO_LINES,
    **states: Any,  # noqa: ANN401 - handed on
) -> None:
    """Lay a database in which the wire was polled; `states` say how its feed stands."""

    async def write() -> None:
        database = await Database.open(desk.database)
        async with database.begin() as transaction:
            await transaction.feeds.add([WIRE, POST], due_at=NOW + HOUR)
            state: FeedState | None = await transaction.feeds.get(WIRE)
            assert state is not None
            polled = {"polled_at": NOW - HOUR, "succeeded_at": NOW - HOUR}
            await transaction.feeds.save(replace(state, **{**polled, **states}))
            await transaction.feeds.set_held(state.feed_id, held=bool(states.get("held")))
            if beats:
                now = SystemClock().now()
                await transaction.heartbeats.beat("one", started_at=NOW, now=now, lines=lines)
        await database.close()

    asyncio.run(write())


@pytest.mark.parametrize("command", ["health", "feeds", "release Wire", "backfill Wire 1"])
def test_where_newsbot_has_not_run_it_says_so_and_makes_no_database(
    type_: Type, configured: Desk, command: str
) -> None:
    result = type_(*command.split())
    assert result.exit_code == (0 if command == "feeds" else 1)
    assert "newsbot has not run on sqlite:///" in result.stderr
    assert "newsbot run" in result.stderr
    assert not (configured.directory / "newsbot.db").exists()


def test_health_is_well_while_newsbot_shows_life(type_: Type, configured: Desk) -> None:
    lay(configured, beats=True)
    result = type_("health")
    said = "Well: 2 feeds watched, 0 failing, 1 not yet polled.\n"
    assert (result.exit_code, result.output) == (0, said)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"polled_at": None, "succeeded_at": None}, "Running: 1 feed watched, 0 failing, 1 not"),
        ({"succeeded_at": None}, "Running, but no feed answers: 1 feed watched, 0 failing, 1 not"),
        ({"failures": 1, "succeeded_at": None}, "no feed answers: 1 feed watched, 1 failing. Che"),
    ],
)
def test_health_calls_nothing_well_while_no_feed_answers(
    type_: Type, configured: Desk, states: dict[str, Any], said: str
) -> None:
    configured.feeds({"Wire": WIRE})
    lay(configured, beats=True, **states)
    result = type_("health")
    assert result.exit_code == 0
    assert said in result.stdout
    assert "Well" not in result.stdout


def test_health_names_channels_that_were_set_aside(type_: Type, configured: Desk) -> None:
    lay(configured, beats=True)

    async def set_aside() -> None:
        database = await Database.open(configured.database)
        async with database.begin() as transaction:
            channel = Channel(Platform.SLACK, "C0NEWS")
            notice = Outgoing(channel=channel, key="k", message=Notice(title="t", text="t"))
            await transaction.deliveries.add([notice], now=NOW)
            await transaction.channels.set_aside(
                channel, reason="It is archived.", now=NOW, retry_at=NOW + HOUR
            )
        await database.close()

    asyncio.run(set_aside())
    result = type_("health")
    assert result.exit_code == 0
    assert "Set aside: slack:C0NEWS (no rule names it): It is archived." in result.stdout
    configured.rule("us-china", any=["Beijing"], channels=["slack:C0NEWS"])
    assert "Set aside: slack:C0NEWS: It is archived." in type_("health").stdout


def test_health_is_not_well_where_no_newsbot_runs(type_: Type, configured: Desk) -> None:
    lay(configured)
    result = type_("health")
    assert result.exit_code == 1
    assert "No newsbot is running on this database" in result.stderr


def test_health_tells_a_connection_that_the_running_process_has_lost(
    type_: Type, configured: Desk
) -> None:
    lay(configured, beats=True, lines={Platform.SLACK: NOW - HOUR, Platform.DISCORD: None})
    result = type_("health")
    assert result.exit_code == 1
    assert result.stderr.startswith("Slack has been disconnected for 1 h")
    assert "Discord" not in result.stderr


def test_health_does_not_depend_on_files_being_edited(type_: Type, configured: Desk) -> None:
    lay(configured, beats=True)
    configured.rule("us-china", anny=["Beijing"], channels=["console"])
    result = type_("health")
    assert (result.exit_code, result.stdout) == (0, "Well.\n")
    assert "newsbot check" in result.stderr


def test_health_names_feeds_that_are_overdue(type_: Type, configured: Desk) -> None:
    lay(configured, beats=True, due_at=NOW - HOUR)
    result = type_("health")
    assert result.exit_code == 1
    assert f"{WIRE} by 1 h" in result.stderr


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({}, ["well; polled 1 h", "ago, next in "]),
        ({"due_at": NOW - HOUR}, ["well; polled 1 h", "ago, next now"]),
        ({"failures": 3, "failure": "wire.example is gone"}, ["failed 3×: wire.example is gone"]),
        (
            {"failures": 3, "failure": "a web page", "succeeded_at": None},
            ["never answered, failed 3×: a web page"],
        ),
        ({"succeeded_at": None}, ["never answered: newsbot was offline"]),
        ({"succeeded_at": NOW - 2 * HOUR}, ["no answer last time: newsbot was offline"]),
        ({"held": True}, ["holds entries: newsbot release or discard"]),
        ({"moved_to": "https://new.example/"}, ["moved to https://new.example/: write that"]),
        ({"polled_at": None, "succeeded_at": None}, ["not yet polled; next in "]),
    ],
)
def test_feeds_says_how_each_feed_stands(
    type_: Type, configured: Desk, states: dict[str, Any], said: list[str]
) -> None:
    lay(configured, **states)
    result = type_("feeds")
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if line.startswith("Wire"))
    for words in said:
        assert words in line
    (wire, _) = json.loads(type_("feeds", "--json").stdout)
    assert (wire["name"], wire["url"]) == ("Wire", WIRE)
    assert wire["state"] in line
    assert bool(wire["polled"]) == ("polled 1 h" in line)


def test_an_address_is_not_broken_however_narrow_the_terminal(
    type_: Type, configured: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(configured)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert WIRE in type_("feeds", COLUMNS="20").stdout


def test_a_paused_feed_is_shown_as_paused(type_: Type, configured: Desk) -> None:
    lay(configured)
    listed = (
        f"sections:\n  Desk:\n    - {{url: '{WIRE}', name: Wire, paused: true}}\n"
        "    - {url: 'https://late.example/', name: Late, paused: true}\n"
    )
    (configured.directory / "feeds.yaml").write_text(listed)
    lines = type_("feeds").stdout.splitlines()
    assert lines[::2] == ["Wire — paused", "Late — paused"]


def test_migrate_lays_the_database_and_names_it(type_: Type, desk: Desk) -> None:
    result = type_("migrate")
    assert result.exit_code == 0
    assert result.output == f"sqlite:///{desk.directory}/newsbot.db: the schema is up to date.\n"
