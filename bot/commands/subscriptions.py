"""Subscriptions: what channels follow, with buttons to change it and to end it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands.core import COMMAND, MOST_CHOICES, Action, Command, Option
from bot.commands.desk import Desk, bare, counted, cut, quoted, titled
from bot.commands.mention import HINTS
from bot.commands.numbered import numbered, page_number
from bot.commands.reference import refer
from bot.commands.reply import Button, Choice, Field, Form, Reply, Row, Style
from bot.commands.request import Person, Press, Request
from bot.commands.subject import RHYTHMS
from bot.commands.subscribe import CONFIRM, demand_ping
from bot.commands.target import demand_manager, demand_rights
from bot.commands.wish import YES, Wish, read_manner, spell_manner, write_wish
from bot.domain.channel import Channel
from bot.domain.subscription import Mute, MutedKind, Subscription
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.ports.store import Transaction
from bot.ports.subscriptions import Exclusion
from bot.query.slug import slug
from bot.query.suggest import nearest

PAGE = 10
_HERE_PAGE, _ALL_PAGE = "subscriptions-page", "subscriptions-all"
_REMOVE, _EDIT, _EDITED = "unsubscribe", "edit", "edit-form"
_ALL = "all"
_MOST_NAME, _MOST_TITLE, _MOST_EXCLUSIONS = 80, 24, 5
_MOST_VALUE, _MOST_LABEL, _MOST_DIGITS = 100, 75, 18
_NOT_HERE = "That subscription is not here any more: /news subscriptions lists them"


def subscriptions(desk: Desk) -> tuple[Command, tuple[Action, ...]]:
    """The command that lists them, and the actions of its buttons."""
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
    changing = _Changing(desk)
    return command, (
        Action(name=_HERE_PAGE, handler=listing.turn),
        Action(name=_ALL_PAGE, handler=listing.turn_all),
        Action(name=_REMOVE, handler=changing.remove),
        Action(name=_EDIT, handler=changing.edit, opens_form=True),
        Action(name=_EDITED, handler=changing.edited),
    )


def unsubscribe(desk: Desk) -> Command:
    """The command that ends one."""
    changing = _Changing(desk)
    return Command(
        verb="unsubscribe",
        usage=f"{COMMAND} unsubscribe [TOPIC|QUERY]",
        summary="Ends a subscription of this channel.",
        handler=changing.answer,
        options=(Option(name="what", summary="The topic or the query.", suggest=changing.suggest),),
        examples=(f"{COMMAND} unsubscribe", f"{COMMAND} unsubscribe us-china"),
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
            own = await _of_channel(transaction, channel, asked.person)
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
        return numbered("What this channel follows", rows, number, size=PAGE, action=_HERE_PAGE)

    async def _all(self, person: Person, number: int) -> Reply:
        await demand_manager(person, "see what all channels follow")
        async with self.desk.store.read() as transaction:
            found = await transaction.subscriptions.of_workspace(person.workspace)
        rows = [self._row(one, (f"In {refer(one.channel)}.",)) for one in found]
        title = f"{counted(len(rows), 'subscription')} in this workspace"
        return numbered(title, rows, number, size=PAGE, action=_ALL_PAGE)

    def _row(self, one: Subscription, aside: Sequence[str]) -> Row:
        key = str(one.subscription_id)
        return Row(
            title=subject_name(one, self.desk.topics),
            lines=(f"{spell_manner(one.following)}.", *aside),
            buttons=(
                Button(label="Edit", action=_EDIT, argument=key),
                Button(label="Remove", action=_REMOVE, argument=key, style=Style.DANGER),
            ),
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


@dataclass(frozen=True, slots=True)
class _Changing:
    """Changes to one desk's subscriptions."""

    desk: Desk

    async def answer(self, request: Request) -> Reply:
        """End the one that is named, or list what can be ended."""
        written = request.options.get("what", "").strip()
        async with self.desk.store.read() as transaction:
            own = await _of_channel(transaction, request.channel, request.person)
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
            lines=(f"{COMMAND} subscriptions shows all.",) if len(own) > PAGE else (),
            rows=tuple(self._row(one) for one in own[:PAGE]),
        )

    async def suggest(self, request: Request, typed: str) -> Sequence[Choice]:
        """This channel's subscriptions whose name holds what was typed."""
        async with self.desk.store.read() as transaction:
            own = await _of_channel(transaction, request.channel, request.person)
        wanted = typed.casefold().strip()
        return [
            Choice(value=one.following.subject, label=name[:_MOST_LABEL])
            for one in own
            if wanted in (name := subject_name(one, self.desk.topics)).casefold()
            and len(one.following.subject) <= _MOST_VALUE
        ][:MOST_CHOICES]

    async def remove(self, press: Press) -> Reply:
        """End the one of a button."""
        found = await self._own(press)
        return replace(await self._removed(press, found), replaces=True)

    async def edit(self, press: Press) -> Form:
        """The window to change one."""
        found = await self._own(press)
        following = found.following
        choices = (Choice(value=YES, label="Yes"), Choice(value="no", label="No"))
        return Form(
            title=cut(f"Change {subject_name(found, self.desk.topics)}", _MOST_TITLE),
            action=_EDITED,
            argument=press.argument,
            fields=(
                Field(
                    name="cadence",
                    label="How often",
                    value="instant" if following.cadence is None else str(following.cadence),
                    hint=RHYTHMS,
                ),
                Field(
                    name="quiet",
                    label="Quiet hours",
                    value=str(following.quiet or ""),
                    hint="22:00-07:00",
                    required=False,
                ),
                Field(
                    name="breaking",
                    label="Do breaking topics pass them?",
                    value=YES if following.breaking else "no",
                    choices=choices,
                ),
                Field(name="zone", label="Time zone", value=following.zone.key),
                Field(
                    name="mention",
                    label="Whom instant alerts ping",
                    value=following.mention or "",
                    hint=HINTS[press.person.workspace.platform],
                    required=False,
                ),
            ),
        )

    async def edited(self, press: Press) -> Reply:
        """Change it as the window says."""
        found = await self._own(press)
        was = found.following
        following = read_manner(
            press.options, was.zone, press.person, topic=was.topic, query=was.query
        )
        if following.mention != was.mention:
            await demand_ping(press, following.mention)
        async with self.desk.store.begin() as transaction:
            await transaction.subscriptions.add(
                found.workspace,
                found.channel,
                following,
                created_by=found.created_by,
                now=self.desk.clock.now(),
            )
        name = subject_name(found, self.desk.topics)
        return Reply(title=f"{name} is changed.", lines=(f"{spell_manner(following)}.",))

    async def _own(self, press: Press) -> Subscription:
        """The subscription of a button, if it is of this workspace and the person may change it.

        Raises:
            CommandError: It is not, or they may not.
        """
        written = press.argument
        found = None
        if written.isascii() and written.isdecimal() and len(written) <= _MOST_DIGITS:
            async with self.desk.store.read() as transaction:
                found = await transaction.subscriptions.get(int(written))
        if found is None or found.workspace != press.person.workspace:
            raise CommandError(_NOT_HERE)
        await demand_rights(self.desk, press, found.channel)
        return found

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
        remove = Button(
            label="Remove", action=_REMOVE, argument=str(one.subscription_id), style=Style.DANGER
        )
        name = subject_name(one, self.desk.topics)
        return Row(title=name, lines=(f"{spell_manner(one.following)}.",), buttons=(remove,))


def subject_name(one: Subscription, topics: Sequence[Topic]) -> str:
    """What is followed, as shown to people."""
    if one.following.topic is None:
        return f"“{cut(one.following.query or '', _MOST_NAME)}”"
    known = next((topic for topic in topics if topic.name == one.following.topic), None)
    return titled(known) if known else f"{one.following.topic} (no rule file has it now)"


async def _of_channel(
    transaction: Transaction, channel: Channel, person: Person
) -> Sequence[Subscription]:
    """A channel's, as far as they are this workspace's."""
    found = await transaction.subscriptions.of_channel(channel)
    return [one for one in found if one.workspace == person.workspace]
