"""Card: the buttons under every alert, the same on each platform."""

from bot.commands.reply import Button
from bot.domain.message import Alert


def card_buttons(alert: Alert, nonce: str) -> tuple[Button, ...]:
    """What everybody who sees an alert can do with it.

    Args:
        alert: As it stands there.
        nonce: Its delivery's, the buttons' argument.
    """
    claim = (
        Button(label="Release", action="release", argument=nonce)
        if alert.claimed_by
        else Button(label="Claim", action="claim", argument=nonce)
    )
    return (
        Button(label="Mute 2h", action="mute", argument=nonce),
        Button(label="Not relevant", action="irrelevant", argument=nonce),
        claim,
        Button(label="More", action="more", argument=nonce),
    )
