"""Claim: taking a story on, for everybody to see, and giving it back."""

from dataclasses import replace

from bot.commands.core import Action
from bot.commands.desk import Desk
from bot.commands.posted import posted
from bot.commands.reply import Redrawn, Reply
from bot.commands.request import Press


def claiming(desk: Desk) -> tuple[Action, Action]:
    """The actions; their argument is the nonce of the card's delivery."""

    async def claim(press: Press) -> Redrawn:
        async with desk.store.begin() as transaction:
            card = await posted(transaction, press.argument, press)
            user, now = press.person.user, desk.clock.now()
            holder = await transaction.cards.claim(card.nonce, user, now=now)
        reply = None
        if holder != user:
            reply = Reply(title="Somebody else has this story already: its card says who.")
        return Redrawn(alert=replace(card.alert, claimed_by=holder), nonce=card.nonce, reply=reply)

    async def release(press: Press) -> Redrawn:
        may_all = await press.person.manages()
        async with desk.store.begin() as transaction:
            card = await posted(transaction, press.argument, press)
            holder = card.alert.claimed_by
            may = holder is None or holder == press.person.user or may_all
            if may:
                await transaction.cards.release(card.nonce)
        if may:
            return Redrawn(alert=replace(card.alert, claimed_by=None), nonce=card.nonce)
        reply = Reply(
            title="Somebody else has this story: its card says who.",
            lines=("Only they, and people who manage newsbot, release it.",),
            mistake=True,
        )
        return Redrawn(alert=card.alert, nonce=card.nonce, reply=reply)

    return Action(name="claim", handler=claim), Action(name="release", handler=release)
