"""Posted: the card under which a button was pressed, and what its channel follows of it."""

from collections.abc import Sequence

from bot.commands.desk import Desk
from bot.commands.request import Press
from bot.domain.message import Reason
from bot.errors import CommandError
from bot.ports.chat import Card
from bot.ports.store import Transaction
from bot.services.followed import followed

_MOST_NONCE = 25


async def posted(transaction: Transaction, nonce: str, press: Press) -> Card:
    """The card of a delivery, if it stands where the button was pressed.

    Raises:
        CommandError: It does not, or was swept.
    """
    card = await transaction.cards.get(nonce) if 0 < len(nonce) <= _MOST_NONCE else None
    if card is None or card.channel != press.channel:
        raise CommandError(
            "newsbot no longer keeps this alert, so its buttons do nothing: /news why and the"
            " story's link still explains it, /news mute TOPIC mutes"
        )
    return card


async def followed_reasons(
    transaction: Transaction, desk: Desk, card: Card, press: Press
) -> Sequence[Reason]:
    """Why it alerted: of that, what the channel follows still."""
    known = await followed(transaction, desk.topics, press.person.workspace)
    names = {topic.name for topic in known.topics_in(card.channel)}
    names |= {one.name for one in known.queries_in(card.channel)}
    return [reason for reason in card.alert.reasons if reason.topic in names]
