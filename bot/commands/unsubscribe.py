"""Unsubscribe: a channel's subscriptions are ended, by name or by their buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands.core import COMMAND, MOST_CHOICES, Action, Command, Option
from bot.commands.desk import Desk, bare, quoted
from bot.commands.reply import Button, Choice, Reply, Row, Style
from bot.commands.request import Press, Request
from bot.commands.subscribe import CONFIRM
from bot.commands.subscription import demand_own, of_channel, subject_name
from bot.commands.target import demand_rights
from bot.commands.wish import Wish, spell_manner, write_wish
from bot.domain.channel import Channel
from bot.domain.subscription import Subscription
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.query.slug import slug
from bot.query.suggest import nearest

_REMOVE = "unsubscribe"
_MOST_SHOWN = 10
_MOST_VALUE, _MOST_LABEL = 100, 75


def unsubscribe(desk: Desk) -> tuple[Command, tuple[Action, ...]]:
    """The command that ends one, and the action of the button that does."""
    ending = _Ending(desk)
    command = Command(
        verb="unsubscribe",
        usage=f"{COMMAND} unsubscribe [TOPIC|QUERY]",
        summary="Ends a subscription of this channel.",
        handler=ending.answer,
        options=(Option(name="what", summary="The topic or the query.", suggest=ending.suggest),),
        examples=(f"{COMMAND} unsubscribe", f"{COMMAND} unsubscribe us-china"),
    )
    return command, (Action(name=_REMOVE, handler=ending.remove),)


def remove_button(one: Subscription) -> Button:
    """The button that ends this one."""
    return Button(
        label="Remove", action=_REMOVE, argument=str(one.subscription_id), style=Style.DANGER
    )


@dataclass(frozen=True, slots=True)
class _Ending:
    """Ends subscriptions of one desk."""

    desk: Desk

    async def answer(self, request: Request) -> Reply:
        """End the one that is named, or list what can be ended."""
        written = request.options.get("what", "").strip()
        async with self.desk.store.read() as transaction:
            own = await of_channel(transaction, request.channel, request.person)
        if written:
            found = [one for one in own if self._is(one, written)]
            if len(found) == 1:
                await demand_rights(self.desk, request, request.channel)
                return await self._removed(request, found[0])
            raise CommandError(self._missing(written, request.channel, own))
        if not own:
            return Reply(title="This channel has no subscription to end.")
        return Reply(
            title="Which subscription is to end?",
            lines=(f"{COMMAND} subscriptions shows all.",) if len(own) > _MOST_SHOWN else (),
            rows=tuple(self._row(one) for one in own[:_MOST_SHOWN]),
        )

    async def suggest(self, request: Request, typed: str) -> Sequence[Choice]:
        """This channel's subscriptions whose name holds what was typed."""
        async with self.desk.store.read() as transaction:
            own = await of_channel(transaction, request.channel, request.person)
        wanted = typed.casefold().strip()
        return [
            Choice(value=one.following.subject, label=name[:_MOST_LABEL])
            for one in own
            if wanted in (name := subject_name(one, self.desk.topics)).casefold()
            and len(one.following.subject) <= _MOST_VALUE
        ][:MOST_CHOICES]

    async def remove(self, press: Press) -> Reply:
        """End the one of a button."""
        found = await demand_own(self.desk, press)
        return replace(await self._removed(press, found), replaces=True)

    async def _removed(self, asked: Request | Press, one: Subscription) -> Reply:
        wish = Wish(channel=one.channel, following=one.following)
        async with self.desk.store.begin() as transaction:
            await transaction.subscriptions.remove(one.subscription_id)
            key = await self.desk.keep(transaction, AskedKind.WISH, write_wish(wish), asked.person)
        fixed = [t for t in self.desk.topics if t.name == one.name and one.channel in t.channels]
        told = [f"The rule file {topic.name}.yaml still sends it here at once." for topic in fixed]
        if not fixed and (one.following.cadence or one.following.quiet):
            told.append("Stories that wait for its next digest are not sent.")
        return Reply(
            title=f"{subject_name(one, self.desk.topics)} is no longer subscribed to.",
            lines=tuple(told),
            buttons=(Button(label="Undo", action=CONFIRM, argument=key),),
        )

    def _is(self, one: Subscription, written: str) -> bool:
        topic, query = one.following.topic, one.following.query
        if topic is not None:
            titles = [known.title for known in self.desk.topics if known.name == topic]
            return slug(written) in (topic, *map(slug, titles))
        known = " ".join((query or "").split()).casefold()
        return known in (" ".join(written.split()).casefold(), bare(written).casefold())

    def _missing(self, written: str, channel: Channel, own: Sequence[Subscription]) -> str:
        for topic in self.desk.topics:
            if slug(written) in (topic.name, slug(topic.title)) and channel in topic.channels:
                return (
                    f"The rule file {topic.name}.yaml sends this topic here: ask whoever runs"
                    f" newsbot to take the channel out, or {COMMAND} mute {topic.name}"
                )
        near = nearest(bare(written), [one.following.subject for one in own])
        hint = f"did you mean “{near}”?" if near else f"{COMMAND} subscriptions lists what it does"
        return f"This channel does not follow {quoted(written, 60)}: {hint}"

    def _row(self, one: Subscription) -> Row:
        name = subject_name(one, self.desk.topics)
        return Row(
            title=name, lines=(f"{spell_manner(one.following)}.",), buttons=(remove_button(one),)
        )
