"""Mark: nine bits of a delivery's nonce in the colour of its embed.

Discord gives a nonce back to its sender only, not in a channel's history. The lowest three bits of
red, green and blue cannot be seen, are kept exactly, and leave no odd characters in text that
people copy. They tell two posts of the same words apart; author, time, title and text do the rest.
"""

from dataclasses import replace
from hashlib import blake2b

from bot.chat.discord.render import DiscordMessage

_BITS = 0x070707


def stamp(message: DiscordMessage, nonce: str) -> DiscordMessage:
    """The same message, its colour marked with this nonce."""
    colour = message.embed["color"] & ~_BITS | _mark(nonce)
    return replace(message, embed=message.embed | {"color": colour})


def stamped(colour: int, nonce: str) -> bool:
    """Whether a colour carries this nonce's mark; by chance one in 512 does."""
    return colour & _BITS == _mark(nonce)


def _mark(nonce: str) -> int:
    digest = blake2b(nonce.encode(), digest_size=3).digest()
    return int.from_bytes(digest, "big") & _BITS
