"""What is kept for one button is of no use to another's action."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.commands.reply import Button, Reply
from bot.commands.wish import Wish, write_wish
from bot.domain.subscription import Following
from bot.ports.chat import AskedKind
from tests.fakes.asking import DESK, HERE, Newsroom
from tests.fakes.people import yes

READS = {
    "search-page": AskedKind.SEARCH,
    "stories-page": AskedKind.STORIES,
    "share": AskedKind.QUERY,
    "follow": AskedKind.QUERY,
    "subscribe-confirm": AskedKind.WISH,
    "subscribe-meant": AskedKind.MEANT,
    "unmute": AskedKind.MUTED,
    "passed-over": AskedKind.PASSED_OVER,
    "exclude": AskedKind.EXCLUSION,
    "include": AskedKind.EXCLUSION,
    "feed-choose": AskedKind.ADDRESS,
    "feed-confirm": AskedKind.FEED,
}
"""What each action that goes on with something kept goes on with."""
KEPT = {
    AskedKind.SEARCH: '{"query": "QUERY", "marks": ["", "x"]}',
    AskedKind.STORIES: '{"marks": ["", "x"]}',
    AskedKind.QUERY: "ferry",
    AskedKind.WISH: write_wish(
        Wish(channel=HERE, following=Following(topic="ferries", zone=ZoneInfo("UTC")))
    ),
    AskedKind.MEANT: '{"topic": "ferries"}',
    AskedKind.MUTED: '["topic", "us-china", "US and China"]',
    AskedKind.PASSED_OVER: "[1]",
    AskedKind.EXCLUSION: '["C1", "us-china", "football", "US and China"]',
    AskedKind.ADDRESS: "https://news.example.org/feed",
    AskedKind.FEED: '["https://news.example.org/feed", "News"]',
}
WHO = replace(DESK, manages=yes)


async def pressed(newsroom: Newsroom, action: str, kind: AskedKind) -> Reply:
    """What is answered to a button that names what was kept of a kind."""

    async def kept(kind: AskedKind, text: str) -> str:
        async with newsroom.store.begin() as transaction:
            return await transaction.asked.keep(
                kind, text, workspace=WHO.workspace, user=WHO.user, now=newsroom.clock.now()
            )

    query = await kept(AskedKind.QUERY, KEPT[AskedKind.QUERY])
    key = await kept(kind, KEPT[kind].replace("QUERY", query))
    arguments = {"search-page": f"{key}:0", "stories-page": f"{key}:0", "share": f"1:{key}"}
    button = Button(label="", action=action, argument=arguments.get(action, key))
    return await newsroom.press(button, who=WHO)


@pytest.mark.parametrize("action", READS)
async def test_a_key_is_taken_for_what_it_was_kept_for_alone(
    newsroom: Newsroom, action: str
) -> None:
    await newsroom.publish("Ferry late")
    for kind in AskedKind:
        reply = await pressed(newsroom, action, kind)
        is_refused = reply.title == "This button is too old to go on with: ask again"
        assert is_refused == (kind is not READS[action]), kind
        assert not is_refused or (reply.mistake, reply.rows, reply.buttons) == (True, (), ()), kind


async def test_no_other_action_takes_a_key(newsroom: Newsroom) -> None:
    for action in newsroom.commands.actions:
        if action.name not in {*READS, "cancel"} and not action.opens_form:
            for kind in AskedKind:
                assert (await pressed(newsroom, action.name, kind)).mistake, (action.name, kind)
