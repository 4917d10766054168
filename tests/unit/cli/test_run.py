"""`newsbot run`: what a terminal shows twice, and what is not shown twice."""

import pytest

from bot.cli.run import shown_as_card
from bot.domain.channel import CONSOLE, Channel, Platform

SLACK = Channel(Platform.SLACK, "C0OPS")


@pytest.mark.parametrize(
    ("event", "ops", "is_shown"),
    [
        ({"event": "feed.failing"}, CONSOLE, True),
        ({"event": "feed.failing"}, SLACK, False),
        ({"event": "delivery.sent", "channel": "console"}, SLACK, True),
        ({"event": "delivery.sent", "channel": "slack:C0OPS"}, CONSOLE, False),
        ({"event": "configuration.adopted"}, CONSOLE, False),
        ({"event": "poll.failed"}, CONSOLE, False),
    ],
)
def test_what_a_card_says_is_not_logged_beside_it(
    event: dict[str, str], ops: Channel, is_shown: bool
) -> None:
    assert shown_as_card(event, ops=ops) is is_shown
