"""A newsroom that people ask, over each database in turn."""

import pytest

from bot.storage.database import Database
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock


@pytest.fixture
def newsroom(store: Database, clock: FakeClock) -> Newsroom:
    """Two feeds, two topics and nothing published yet."""
    return Newsroom(store, clock)
