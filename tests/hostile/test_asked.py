"""Whatever is typed or filled in is answered, and with nothing that a platform would refuse."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.request import Person
from bot.domain.channel import Channel
from bot.storage.database import Database
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.hostile.asked import PEOPLE, PIECES, answers, busy, faults

TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=8).map(" ".join)
LOOKED_AT = settings(
    max_examples=int(os.environ.get("NEWSBOT_TEST_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
async def newsroom(store: Database, clock: FakeClock) -> Newsroom:
    """Some stories, two of which alert."""
    return await busy(store, clock)


@LOOKED_AT
@given(st.data(), TEXTS, st.sampled_from(PEOPLE))
async def test_any_line_is_answered_within_the_platforms_limits(
    newsroom: Newsroom, data: st.DataObject, text: str, asking: tuple[Person, Channel]
) -> None:
    verb = data.draw(st.sampled_from([*(one.verb for one in newsroom.commands), "", "serach"]))
    for answer in await answers(newsroom, *asking, line=f"{verb} {text}"):
        assert faults(answer) == []


@LOOKED_AT
@given(st.data(), st.sampled_from(PEOPLE))
async def test_anything_filled_in_is_answered_within_the_platforms_limits(
    newsroom: Newsroom, data: st.DataObject, asking: tuple[Person, Channel]
) -> None:
    command = data.draw(st.sampled_from([one for one in newsroom.commands if one.options]))
    names = st.sampled_from([option.name for option in command.options])
    options = data.draw(st.dictionaries(names, TEXTS, min_size=1))
    for answer in await answers(newsroom, *asking, line=command.verb, options=options):
        assert faults(answer) == []
