"""Subscriptions: what channels follow, listed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands.core import COMMAND, Action, Command, Option
from bot.commands.desk import Desk, counted, cut, titled
from bot.commands.edit import edit_button
from bot.commands.numbered import numbered, page_number
from bot.commands.reference import refer
from bot.commands.reply import Choice, Reply, Row
from bot.commands.request import Person, Press, Request
from bot.commands.subscription import of_channel, subject_name
from bot.commands.target import demand_manager
from bot.commands.unsubscribe import remove_button
from bot.commands.wish import spell_manner
from bot.domain.subscription import Mute, MutedKind, Subscription
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.ports.subscriptions import Exclusion

_PAGE = 10
_HERE_PAGE, _ALL_PAGE = "subscriptions-page", "subscriptions-all"
_ALL = "all"
_MOST_EXCLUSIONS = 5


def subscriptions(desk: Desk) -> tuple[Command, tuple[Action, ...]]:
    """The command that lists them, and the actions that turn its pages."""
    listing = _Listing(desk)
    command = Command(
        verb="subscriptions",
        usage=f"{COMMAND} subscriptions [all]",
        summary="Lists what this channel follows, with its mutes and exclusions.",
        handler=listing.answer,
        options=(
            Option(
                name="of",
                summary="All channels of the workspace, for those who manage newsbot.",
                choices=(Choice(value=_ALL, label="All channels"),),
            ),
        ),
        examples=(f"{COMMAND} subscriptions", f"{COMMAND} subscriptions all"),
    )
    return command, (
        Action(name=_HERE_PAGE, handler=listing.turn),
        Action(name=_ALL_PAGE, handler=listing.turn_all),
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    """Lists of one desk's subscriptions."""

    desk: Desk

    async def answer(self, request: Request) -> Reply:
        """What is asked for first."""
        of = request.options.get("of", "").strip().lower()
        if of not in ("", _ALL):
            raise CommandError(f"Write {COMMAND} subscriptions, or {COMMAND} subscriptions all")
        if of == _ALL:
            return await self._all(request.person, 0)
        return await self._here(request, 0)

    async def turn(self, press: Press) -> Reply:
        """Another page of this channel's."""
        return replace(await self._here(press, page_number(press)), replaces=True)

    async def turn_all(self, press: Press) -> Reply:
        """Another page of the workspace's."""
        return replace(await self._all(press.person, page_number(press)), replaces=True)

    async def _here(self, asked: Request | Press, number: int) -> Reply:
        channel = asked.channel
        async with self.desk.store.read() as transaction:
            own = await of_channel(transaction, channel, asked.person)
            mutes = await transaction.subscriptions.mutes(self.desk.clock.now())
            left_out = await transaction.subscriptions.exclusions()
            visible = await self.desk.visible(transaction, asked.person.workspace)
        mutes = [mute for mute in mutes if mute.channel == channel]
        left_out = [one for one in left_out if one.channel == channel]
        named = {one.following.topic for one in own}
        rows = [self._row(one, self._aside(one.name, mutes, left_out)) for one in own]
        rows += [
            self._fixed(topic, self._aside(topic.name, mutes, left_out))
            for topic in self.desk.topics
            if channel in topic.channels and topic.name not in named
        ]
        feeds = {str(row): feed.name for row, feed in visible.rows.items()}
        rows += [self._muted(mute, feeds) for mute in mutes if mute.kind is not MutedKind.TOPIC]
        if not rows:
            return Reply(
                title="This channel follows nothing.",
                lines=(f"{COMMAND} subscribe and a topic or a query changes that.",),
            )
        return numbered("What this channel follows", rows, number, size=_PAGE, action=_HERE_PAGE)

    async def _all(self, person: Person, number: int) -> Reply:
        await demand_manager(person, "see what all channels follow")
        async with self.desk.store.read() as transaction:
            found = await transaction.subscriptions.of_workspace(person.workspace)
        rows = [self._row(one, (f"In {refer(one.channel)}.",)) for one in found]
        title = f"{counted(len(rows), 'subscription')} in this workspace"
        return numbered(title, rows, number, size=_PAGE, action=_ALL_PAGE)

    def _row(self, one: Subscription, aside: Sequence[str]) -> Row:
        return Row(
            title=subject_name(one, self.desk.topics),
            lines=(f"{spell_manner(one.following)}.", *aside),
            buttons=(edit_button(one), remove_button(one)),
        )

    def _fixed(self, topic: Topic, aside: Sequence[str]) -> Row:
        told = f"Alerts at once, by the rule file {topic.name}.yaml, which only whoever runs"
        return Row(title=titled(topic), lines=(f"{told} newsbot changes.", *aside))

    def _muted(self, mute: Mute, feeds: dict[str, str]) -> Row:
        name = feeds.get(mute.subject, "A feed") if mute.kind is MutedKind.FEED else "One story"
        return Row(title=name, lines=(self._until(mute),))

    def _aside(
        self, subject: str, mutes: Sequence[Mute], left_out: Sequence[Exclusion]
    ) -> Sequence[str]:
        told = [
            self._until(mute)
            for mute in mutes
            if (mute.kind, mute.subject) == (MutedKind.TOPIC, subject)
        ]
        words = [one.query for one in left_out if one.subject == subject]
        if words:
            told.append(f"Leaves out: {cut(', '.join(words[:_MOST_EXCLUSIONS]), 200)}.")
        return told

    def _until(self, mute: Mute) -> str:
        return f"Muted until {self.desk.spell(mute.until)}."
