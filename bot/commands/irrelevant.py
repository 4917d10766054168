"""Irrelevant: words that a channel may leave out, with what that would have removed."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands.core import COMMAND, Action
from bot.commands.desk import Desk, counted, cut
from bot.commands.posted import followed_reasons, posted
from bot.commands.reply import Button, Reply, Row, Style
from bot.commands.request import Press
from bot.commands.silence import around
from bot.commands.target import demand_rights
from bot.domain.message import Reason
from bot.errors import CommandError
from bot.ports.chat import AskedKind, Card
from bot.ports.subscriptions import Exclusion
from bot.query.tree import Words
from bot.query.unparse import unparse
from bot.services.irrelevant import DAYS, Considered, Proposal, consider

_OPEN, _OF, _EXCLUDE, _INCLUDE = "irrelevant", "irrelevant-to", "exclude", "include"
_PATIENCE_SECONDS = 20
_OTHERWISE = (
    f"{COMMAND} mute and its link keeps this story quiet; a narrower query for the topic keeps out"
    " more like it."
)
_MOST_LABEL, _MOST_TOPICS = 30, 5


def irrelevant(desk: Desk) -> tuple[Action, ...]:
    """The actions: the card's, and what follows it."""
    judging = _Judging(desk)
    return (
        Action(name=_OPEN, handler=judging.on_card),
        Action(name=_OF, handler=judging.of_topic),
        Action(name=_EXCLUDE, handler=judging.exclude),
        Action(name=_INCLUDE, handler=judging.include),
    )


@dataclass(frozen=True, slots=True)
class _Judging:
    """What channels of one desk leave out."""

    desk: Desk

    async def on_card(self, press: Press) -> Reply:
        """Propose for the one topic of a card, or ask which."""
        card, reasons = await self._card(press, press.argument)
        if len(reasons) == 1:
            return await self._proposed(press, card, reasons[0])
        if not reasons:
            return Reply(
                title="Nothing that this channel follows brought this story.",
                lines=("It was shared from a search, or what brought it is no longer followed.",),
            )
        return Reply(
            title="For which topic is this story not relevant?",
            buttons=tuple(
                Button(
                    label=cut(reason.title, _MOST_LABEL),
                    action=_OF,
                    argument=f"{card.nonce}:{card.alert.reasons.index(reason)}",
                )
                for reason in reasons[:_MOST_TOPICS]
            ),
        )

    async def of_topic(self, press: Press) -> Reply:
        """Propose for the topic chosen."""
        nonce, _, place = press.argument.partition(":")
        card, reasons = await self._card(press, nonce)
        for number, reason in enumerate(card.alert.reasons):
            if str(number) == place and reason in reasons:
                return replace(await self._proposed(press, card, reason), replaces=True)
        raise CommandError("This channel no longer follows that topic")

    async def exclude(self, press: Press) -> Reply:
        """Leave words out from now on."""
        exclusion, title = await self._kept(press)
        await demand_rights(self.desk, press, press.channel)
        async with self.desk.store.begin() as transaction:
            await transaction.subscriptions.exclude(exclusion, now=self.desk.clock.now())
        undo = Button(label="Undo", action=_INCLUDE, argument=press.argument)
        return Reply(
            title=f"{title} no longer alerts here for stories with {_quoted(exclusion)}.",
            lines=(f"{COMMAND} subscriptions shows what is left out.",),
            buttons=(undo,),
            replaces=True,
        )

    async def include(self, press: Press) -> Reply:
        """Leave them out no longer."""
        exclusion, title = await self._kept(press)
        await demand_rights(self.desk, press, press.channel)
        async with self.desk.store.begin() as transaction:
            was = await transaction.subscriptions.include(exclusion)
        if not was:
            raise CommandError(f"{_quoted(exclusion)} is not left out here")
        return Reply(
            title=f"{title} alerts here again for stories with {_quoted(exclusion)}.", replaces=True
        )

    async def _card(self, press: Press, nonce: str) -> tuple[Card, Sequence[Reason]]:
        async with self.desk.store.read() as transaction:
            card = await posted(transaction, nonce, press)
            return card, await followed_reasons(transaction, self.desk, card, press)

    async def _proposed(self, press: Press, card: Card, reason: Reason) -> Reply:
        await demand_rights(self.desk, press, press.channel)
        found = await self._considered(press, card, reason)
        if found is None or not found.proposals:
            return Reply(
                title=f"No word sets this story apart from what {reason.title} brings.",
                lines=(_OTHERWISE,),
            )
        keys = [await self._keep(press, reason, proposal) for proposal in found.proposals]
        pairs = zip(found.proposals, keys, strict=True)
        hits = counted(found.hits, "story", "stories") if found.hits else "no story"
        return Reply(
            title=f"What shall {reason.title} leave out here?",
            lines=(f"In the last {DAYS} days it had {hits}.",),
            rows=tuple(_row(proposal, found.hits, key) for proposal, key in pairs),
            buttons=(Button(label="Cancel", action="cancel"),),
        )

    async def _considered(self, press: Press, card: Card, reason: Reason) -> Considered | None:
        if card.story_id is None:
            return None
        async with self.desk.store.read() as transaction:
            here = await around(self.desk, transaction, press)
        query = here.queries.get(reason.topic)
        if query is None:
            return None
        others = [topic.query for topic in self.desk.topics if topic.name != reason.topic]
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await consider(
                    self.desk.store,
                    card.story_id,
                    query,
                    others,
                    among=here.visible.rows,
                    now=self.desk.clock.now(),
                )
        except TimeoutError:
            return None

    async def _keep(self, press: Press, reason: Reason, proposal: Proposal) -> str:
        text = json.dumps(
            [press.channel.id, reason.topic, unparse(Words(proposal.words)), reason.title]
        )
        async with self.desk.store.begin() as transaction:
            return await self.desk.keep(transaction, AskedKind.EXCLUSION, text, press.person)

    async def _kept(self, press: Press) -> tuple[Exclusion, str]:
        """What was proposed in this channel."""
        text = await self.desk.asked_before(AskedKind.EXCLUSION, press.argument, press)
        try:
            channel, subject, query, title = json.loads(text)
        except (TypeError, ValueError):
            channel = subject = query = title = None
        if channel != press.channel.id:
            raise CommandError("This button is too old to go on with: ask again")
        exclusion = Exclusion(
            channel=press.channel,
            subject=str(subject),
            query=str(query),
            added_by=press.person.user,
        )
        return exclusion, str(title)


def also_of_others(removed: int, shared: int) -> str:
    """How many of the stories that an exclusion removes another topic has too; empty for none."""
    if not shared:
        return ""
    if shared == removed:
        return ", which another topic has too" if removed == 1 else ", all of which others have too"
    return f", {shared} of which another topic has too"


def _quoted(exclusion: Exclusion) -> str:
    words = exclusion.query.strip('"')
    return f"“{words}”"


def _row(proposal: Proposal, hits: int, key: str) -> Row:
    shared = also_of_others(proposal.removes, proposal.shared)
    button = Button(
        label=cut(f"Leave out {proposal.words}", _MOST_LABEL),
        action=_EXCLUDE,
        argument=key,
        style=Style.DANGER,
    )
    end = ":" if proposal.samples else "."
    return Row(
        title=unparse(Words(proposal.words)),
        lines=(
            f"Would have removed {proposal.removes} of {hits}{shared}{end}",
            *(f"“{cut(sample, 120)}”" for sample in proposal.samples),
        ),
        buttons=(button,),
    )
