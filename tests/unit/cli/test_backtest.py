"""`newsbot backtest`."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.entry import Entry
from bot.domain.news import Standing
from bot.storage.database import Database
from tests.fakes.news import WIRE, identified
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

NOW = SystemClock().now()
DAY = timedelta(days=1)
HITS = [
    *(f"Horoscope of the harbour {number}" for number in range(4)),
    *(f"Harbour talks in Beijing {number}" for number in range(2)),
    *(f"Harbour calm {number}" for number in range(3)),
]
QUIET = [f"Council on matter {number}" for number in range(120)]


def lay(desk: Desk, titles: Sequence[str], *, watched: timedelta | None = 90 * DAY) -> None:
    """Lay a database with these entries, two hours between one and the one before it."""

    async def write() -> None:
        database = await Database.open(desk.database)
        async with database.begin() as transaction:
            await transaction.feeds.add([WIRE.url], due_at=NOW)
            state = await transaction.feeds.get(WIRE.url)
            assert state is not None
            begun = None if watched is None else NOW - watched
            await transaction.feeds.save(replace(state, baseline_at=begun))
            found = identified(
                *(
                    Entry(title=title, guid=str(number), published=NOW - DAY * (number + 1) / 12)
                    for number, title in enumerate(titles)
                )
            )
            await transaction.entries.add(
                WIRE, state.feed_id, found, standing=Standing.NEWS, now=NOW
            )
        await database.close()

    asyncio.run(write())


@pytest.fixture
def archive(configured: Desk) -> Desk:
    lay(configured, [*HITS, *QUIET])
    return configured


@pytest.mark.usefixtures("archive")
def test_it_counts_and_charts_shows_samples_topics_and_proposals(type_: Type) -> None:
    result = type_("backtest", "harbour")
    assert result.exit_code == 0
    assert result.stderr == ""
    out = result.stdout
    assert out.startswith("In the last 30 days, 9 stories would have been alerted: ")
    assert "129 entries of these days in the archive.\n" in out
    assert "█ " in out
    assert "By feed\n  Wire  9 of 9\n" in out
    assert "Horoscope of the harbour 0\n    Wire — “harbour” in the title\n" in out
    assert "“Harbour” in the title; also us-china\n" in out
    assert "  us-china  2 of 9\n  no topic  7 of 9\n" in out
    example = "Horoscope of the harbour 0"
    assert f"  adding NOT horoscope removes 4 of 9; for example “{example}”\n" in out


def test_days_from_before_the_archive_begins_have_no_row(type_: Type, archive: Desk) -> None:
    del archive
    out = type_("backtest", "harbour").stdout
    begins = (NOW - DAY * (len(HITS) + len(QUIET)) / 12).astimezone()
    assert f"{begins:%a} {begins.day:2} {begins:%b}" in out
    before = begins - DAY
    assert f"{before:%a} {before.day:2} {before:%b}" not in out


@pytest.mark.usefixtures("archive")
def test_a_query_may_come_in_several_arguments_and_exclude(type_: Type) -> None:
    out = type_("backtest", "harbour", "-horoscope", "--days", "7").stdout
    assert out.startswith("In the last 7 days, 5 stories would have been alerted")


@pytest.mark.usefixtures("archive")
def test_one_argument_is_the_query_and_of_several_one_of_many_words_is_a_phrase(
    type_: Type,
) -> None:
    for arguments in (["talks in Beijing"], ["Beijing in talks"], ["Beijing", "in", "talks"]):
        assert "2 stories would have been alerted" in type_("backtest", *arguments).stdout
    out = type_("backtest", "Beijing", "talks in Beijing").stdout
    assert "2 stories would have been alerted" in out
    assert "nothing would have been" in type_("backtest", "Beijing", "Beijing in talks").stdout


def test_a_rule_file_is_tested_against_all_topics_but_itself(type_: Type, archive: Desk) -> None:
    archive.rule("harbours", any=["harbour"], channels=[])
    out = type_("backtest", "rules/harbours.yaml").stdout
    assert "  us-china  2 of 9\n  no topic  7 of 9\n" in out
    assert "harbours  9" not in out
    assert "adding horoscope under none: removes 4 of 9;" in out


def test_a_draft_is_compared_with_the_topic_it_might_replace(
    type_: Type, archive: Desk, tmp_path: Path
) -> None:
    del archive
    draft = tmp_path / "us-china.yml"
    draft.write_text("any: [Beijing, calm]\n")
    out = type_("backtest", str(draft)).stdout
    assert "  us-china  2 of 5\n  no topic  3 of 5\n" in out


def test_a_draft_may_name_topics(type_: Type, archive: Desk, tmp_path: Path) -> None:
    del archive
    draft = tmp_path / "talks.yaml"
    draft.write_text("query: topic:us-china OR calm\n")
    assert "5 stories would have been" in type_("backtest", str(draft)).stdout


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("any: []\n", "talks.yaml:1: "),
        ("query: topic:talks OR calm\n", "talks.yaml:1: query: topics name each other in a circle"),
        ("query: topic:nowhere\n", "there is no topic “nowhere”"),
        (None, "talks.yaml:1: there is no such file"),
    ],
)
def test_mistakes_in_a_rule_file_are_named(
    type_: Type, archive: Desk, tmp_path: Path, written: str | None, said: str
) -> None:
    del archive
    draft = tmp_path / "talks.yaml"
    if written is not None:
        draft.write_text(written)
    result = type_("backtest", str(draft))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.usefixtures("archive")
def test_a_mistake_in_the_query_is_pointed_at(type_: Type) -> None:
    result = type_("backtest", "harbour AND (talks")
    assert result.exit_code == 2
    assert "\n            ^\nnewsbot: " in result.stderr


def test_without_a_query_one_is_asked_for(type_: Type) -> None:
    result = type_("backtest")
    assert result.exit_code == 2
    assert "say what to look for" in result.stderr


def test_with_mistakes_in_the_files_it_counts_and_says_what_is_missing(
    type_: Type, archive: Desk
) -> None:
    archive.rule("broken", anny=["x"], channels=[])
    result = type_("backtest", "harbour")
    assert result.exit_code == 0
    assert "Nothing is compared with existing topics." in result.stderr
    assert "9 stories would have been alerted" in result.stdout
    assert "Topics that have them too" not in result.stdout


def test_where_newsbot_never_ran_it_says_so(type_: Type, configured: Desk) -> None:
    del configured
    result = type_("backtest", "harbour")
    assert result.exit_code == 1
    assert "newsbot run" in result.stderr


def test_where_no_feed_was_read_it_says_so(type_: Type, configured: Desk) -> None:
    lay(configured, [], watched=None)
    out = type_("backtest", "harbour").stdout
    assert "nothing would have been alerted" in out
    assert "newsbot has read no feed yet: let `newsbot run` run for a while" in out


def test_an_archive_shorter_than_asked_for_is_named(type_: Type, configured: Desk) -> None:
    lay(configured, HITS, watched=2 * DAY)
    out = type_("backtest", "harbour").stdout
    assert "newsbot has watched only since " in out
    assert "The average counts from then on." in out
    assert ": 4.5 a day" in out


def test_less_than_a_day_gives_no_average(type_: Type, configured: Desk) -> None:
    lay(configured, HITS, watched=DAY / 4)
    out = type_("backtest", "harbour").stdout
    assert "9 stories would have been alerted." in out
    assert "too short for an average" in out


def test_feeds_that_joined_within_the_days_are_counted(type_: Type, archive: Desk) -> None:
    asyncio.run(join(archive))
    assert "1 of 2 feeds joined within these days" in type_("backtest", "harbour").stdout


async def join(desk: Desk) -> None:
    """Let another feed have been read first a day ago."""
    database = await Database.open(desk.database)
    async with database.begin() as transaction:
        await transaction.feeds.add(["https://new.example/feed"], due_at=NOW)
        state = await transaction.feeds.get("https://new.example/feed")
        assert state is not None
        await transaction.feeds.save(replace(state, baseline_at=NOW - DAY))
    await database.close()


@pytest.mark.usefixtures("archive")
def test_days_beyond_what_is_kept_are_named(type_: Type) -> None:
    out = type_("backtest", "harbour", "--days", "60", NEWSBOT_RETENTION="30d").stdout
    assert "Entries are kept for 30 d" in out
    assert "week of " not in out


@pytest.mark.usefixtures("archive")
def test_rare_hits_are_counted_by_the_week(type_: Type) -> None:
    out = type_("backtest", "Beijing").stdout
    assert "2 stories would have been alerted: 0.5 a week." in out


def test_a_phrase_to_leave_out_is_written_as_one(type_: Type, configured: Desk) -> None:
    titles = [f"Harbour master quits, day {number}" for number in range(4)]
    lay(configured, [*titles, *(f"Harbour, day {number}" for number in range(4)), *QUIET])
    out = type_("backtest", "harbour").stdout
    assert 'adding NOT "harbour master" removes 4 of 8; for example “' in out


def test_feeds_beyond_five_are_counted(type_: Type, configured: Desk) -> None:
    lay(configured, [])
    asyncio.run(more_feeds(configured, 7))
    out = type_("backtest", "harbour").stdout
    assert "  Outlet 4  1 of 7\n  and 2 more feeds\n" in out


async def more_feeds(desk: Desk, count: int) -> None:
    """Let so many feeds have one entry each."""
    database = await Database.open(desk.database)
    async with database.begin() as transaction:
        for number in range(count):
            feed = replace(WIRE, url=f"https://{number}.example/", name=f"Outlet {number}")
            await transaction.feeds.add([feed.url], due_at=NOW)
            state = await transaction.feeds.get(feed.url)
            assert state is not None
            found = identified(Entry(title="Harbour", guid="1", published=NOW - DAY))
            await transaction.entries.add(
                feed, state.feed_id, found, standing=Standing.NEWS, now=NOW
            )
    await database.close()


@pytest.mark.usefixtures("archive")
def test_json_has_all_of_it(type_: Type) -> None:
    result = type_("backtest", "harbour", "--json", "--days", "10")
    found = json.loads(result.stdout)
    assert set(found) == {
        "since", "until", "watched_since", "hits", "per_day", "new", "days", "feeds", "newest",
        "spread", "topics", "exclusions",
    }  # fmt: skip
    assert found["hits"] == sum(day["hits"] for day in found["days"]) == 9
    assert len(found["days"]) == 10
    assert found["feeds"] == [{"feed": "Wire", "hits": 9}]
    assert found["topics"] == [{"topic": "us-china", "hits": 2}]
    assert found["newest"][0]["words"] == ["“harbour” in the title"]
    assert found["exclusions"][0]["words"] == "horoscope"
    assert found["exclusions"][0]["removes"] == 4
