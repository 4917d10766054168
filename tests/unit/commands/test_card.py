from dataclasses import replace
from datetime import UTC, datetime

from bot.commands.card import card_buttons
from bot.domain.message import Alert

ALERT = Alert(
    headline="Harbour talks resume",
    summary="",
    outlet="Example World",
    published=datetime(2025, 11, 4, 9, 4, tzinfo=UTC),
    reasons=(),
)


def test_every_alert_can_be_muted_judged_claimed_and_looked_into() -> None:
    buttons = card_buttons(ALERT, "nonce-1")

    assert [button.label for button in buttons] == ["Mute 2h", "Not relevant", "Claim", "More"]
    assert [button.action for button in buttons] == ["mute", "irrelevant", "claim", "more"]
    assert {button.argument for button in buttons} == {"nonce-1"}


def test_a_claimed_alert_can_be_released() -> None:
    buttons = card_buttons(replace(ALERT, claimed_by="U1"), "nonce-1")

    assert [button.action for button in buttons] == ["mute", "irrelevant", "release", "more"]
