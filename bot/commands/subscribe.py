"""Subscribe: what somebody asks to follow, shown as it would have been, then confirmed."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.commands.already import Already
from bot.commands.core import COMMAND, Action, Command, Option
from bot.commands.desk import Desk, counted, cut, titled
from bot.commands.reference import refer
from bot.commands.reply import Button, Choice, Field, Form, Reply, Row, Style
from bot.commands.request import Press, Request
from bot.commands.search import FOLLOW
from bot.commands.subject import RHYTHMS, Doubt, Subject, find_subject, named
from bot.commands.target import demand_open, demand_rights, named_channel
from bot.commands.wish import (
    YES,
    Wish,
    doubts,
    read_manner,
    read_wish,
    spell_manner,
    wish_of,
    write_wish,
)
from bot.domain.backtest import Backtest, Sample
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.query.lookalikes import lookalikes
from bot.services.backtest import backtest

DAYS = 7
CONFIRM = "subscribe-confirm"
"""The action that carries out a wish; its argument is the wish's key."""
CANCEL = "cancel"
_FORM, _MEANT = "subscribe-form", "subscribe-meant"
_SAMPLES = 3
_PATIENCE_SECONDS = 20
_MOST_FORM_TOPICS, _MOST_LABEL = 25, 30


def subscribe(desk: Desk) -> tuple[Command, tuple[Action, ...]]:
    """The command, and the actions that lead to a subscription."""
    asking = _Asking(desk)
    command = Command(
        verb="subscribe",
        usage=f"{COMMAND} subscribe TOPIC|QUERY [RHYTHM] [quiet 22:00-07:00] [mention @WHO]"
        " [zone ZONE] [breaking] [in #CHANNEL]",
        summary="Has this channel told of a topic or a query, at once or in digests.",
        handler=asking.answer,
        options=(
            Option(
                name="what",
                summary="A topic, or a query.",
                required=True,
                suggest=desk.suggest_topics,
            ),
            Option(name="cadence", summary=f"{RHYTHMS}."),
            Option(name="quiet", summary="When alerts wait for a digest: 22:00-07:00."),
            Option(name="mention", summary="Whom each instant alert pings."),
            Option(name="zone", summary=f"Of these times, like Europe/Berlin; else {desk.zone}."),
            Option(
                name="breaking",
                summary="Whether breaking topics pass the quiet hours.",
                choices=(Choice(value=YES, label="Yes"),),
            ),
            Option(name="channel", summary="Another channel, for those who manage newsbot."),
        ),
        read=read_wish,
        examples=(
            f"{COMMAND} subscribe us-china",
            f"{COMMAND} subscribe us-china daily 08:30 quiet 22:00-07:00 zone Europe/Berlin",
            f"{COMMAND} subscribe port AND strike hourly",
        ),
        form=asking.form,
    )
    return command, (
        Action(name=_FORM, handler=asking.answer),
        Action(name=_MEANT, handler=asking.meant),
        Action(name=FOLLOW, handler=asking.follow),
        Action(name=CONFIRM, handler=asking.confirm),
        Action(name=CANCEL, handler=_cancel),
    )


async def _cancel(press: Press) -> Reply:
    del press
    return Reply(title="Nothing was changed.", replaces=True)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Wishes of one desk."""

    desk: Desk

    def form(self, request: Request) -> Form:
        """The window for those who typed nothing."""
        del request
        topics = tuple(
            Choice(value=topic.name, label=titled(topic)[:75])
            for topic in self.desk.topics[:_MOST_FORM_TOPICS]
        )
        chosen = Field(name="topic", label="Topic", choices=topics, required=False)
        return Form(
            title="Subscribe this channel",
            action=_FORM,
            fields=(
                *((chosen,) if topics else ()),
                Field(
                    name="query",
                    label="Or a query",
                    hint='tariffs AND (China OR "trade war")',
                    required=False,
                ),
                Field(name="cadence", label="How often", value="instant", hint=RHYTHMS),
                Field(name="quiet", label="Quiet hours", hint="22:00-07:00", required=False),
                Field(name="zone", label="Time zone", value=str(self.desk.zone)),
            ),
            submit="Continue",
        )

    async def answer(self, asked: Request | Press) -> Reply:
        """What it would have brought, with a button to confirm."""
        channel = named_channel(asked.options.get("channel", ""), asked.channel)
        await demand_rights(self.desk, asked, channel)
        subject = find_subject(self.desk, asked.options)
        if isinstance(subject, Doubt):
            return await self._ask_back(asked, subject)
        following = read_manner(
            asked.options,
            self.desk.zone,
            asked.person,
            topic=subject.topic.name if subject.topic else None,
            query=subject.written,
        )
        await demand_ping(asked, following.mention)
        await demand_open(self.desk, channel, here=asked.channel, owner=asked.person.workspace)
        return await self._offer(asked, subject, Wish(channel=channel, following=following))

    async def meant(self, press: Press) -> Reply:
        """Go on with what was meant by something mistyped."""
        try:
            options = json.loads(
                await self.desk.asked_before(AskedKind.MEANT, press.argument, press)
            )
        except ValueError:
            raise CommandError("This button is too old to go on with: ask again") from None
        if not isinstance(options, dict):
            raise CommandError("This button is too old to go on with: ask again")
        options = {str(name): str(value) for name, value in options.items()}
        return replace(await self.answer(replace(press, options=options)), replaces=True)

    async def follow(self, press: Press) -> Reply:
        """Follow the query of a search."""
        query = await self.desk.asked_before(AskedKind.QUERY, press.argument, press)
        return await self.answer(replace(press, options={"query": query}))

    async def confirm(self, press: Press) -> Reply:
        """Carry a wish out."""
        wish = wish_of(await self.desk.asked_before(AskedKind.WISH, press.argument, press))
        await demand_rights(self.desk, press, wish.channel)
        if wish.channel != press.channel:
            # What is kept may be words that somebody searched for.
            await demand_open(
                self.desk, wish.channel, here=press.channel, owner=press.person.workspace
            )
        subject = named(self.desk, wish.following.topic, wish.following.query)
        async with self.desk.store.begin() as transaction:
            await transaction.subscriptions.add(
                press.person.workspace,
                wish.channel,
                wish.following,
                created_by=press.person.user,
                now=self.desk.clock.now(),
            )
        return Reply(
            title=f"{_place(wish, press, begin=True)} follows {subject.name}.",
            lines=(
                f"{spell_manner(wish.following)}.",
                f"{COMMAND} subscriptions shows and changes what is followed.",
            ),
            replaces=True,
        )

    async def _ask_back(self, asked: Request | Press, doubt: Doubt) -> Reply:
        rest = {name: value for name, value in asked.options.items() if name != "what"}
        keys = [
            await self._keep(json.dumps({**rest, name: value}), asked)
            for name, value in (("topic", doubt.topic), ("query", doubt.words))
        ]
        return Reply(
            title=doubt.title,
            lines=doubt.lines,
            buttons=(
                Button(
                    label=cut(f"Topic {doubt.topic}", _MOST_LABEL),
                    action=_MEANT,
                    argument=keys[0],
                    style=Style.PRIMARY,
                ),
                Button(label="These words", action=_MEANT, argument=keys[1]),
            ),
        )

    async def _keep(self, text: str, asked: Request | Press) -> str:
        async with self.desk.store.begin() as transaction:
            return await self.desk.keep(transaction, AskedKind.MEANT, text, asked.person)

    async def _offer(self, asked: Request | Press, subject: Subject, wish: Wish) -> Reply:
        async with self.desk.store.read() as transaction:
            here = await transaction.subscriptions.of_channel(wish.channel)
        own = [one for one in here if one.workspace == asked.person.workspace]
        where = "here" if wish.channel == asked.channel else "there"
        already = Already(self.desk, wish, subject.query, own, where=where)
        tested = await self._tested(asked, subject, already)
        async with self.desk.store.begin() as transaction:
            key = await self.desk.keep(transaction, AskedKind.WISH, write_wish(wish), asked.person)
        begin, end = ("Change how", "follows") if already.is_subscribed else ("Let", "follow")
        is_typed = isinstance(asked, Request) and bool(asked.text)
        return Reply(
            title=f"{begin} {_place(wish, asked)} {end} {subject.name}?",
            lines=(
                f"{spell_manner(wish.following)}.",
                *doubts(asked.options, wish.following, is_typed=is_typed),
                *already.told(),
                *_counts(tested, subject, already),
            ),
            rows=tuple(_row(sample) for sample in (tested.newest if tested else ())[:_SAMPLES]),
            buttons=(
                Button(label="Confirm", action=CONFIRM, argument=key, style=Style.PRIMARY),
                Button(label="Cancel", action=CANCEL),
            ),
        )

    async def _tested(
        self, asked: Request | Press, subject: Subject, already: Already
    ) -> Backtest | None:
        """What it would have brought; None where that takes too long to find out."""
        now = self.desk.clock.now()
        async with self.desk.store.read() as transaction:
            visible = await self.desk.visible(transaction, asked.person.workspace)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await backtest(
                    self.desk.store,
                    subject.query,
                    already.others,
                    since=now - timedelta(days=DAYS),
                    until=now,
                    zone=self.desk.zone,
                    among=visible.rows,
                    proposals=False,
                )
        except TimeoutError:
            return None


async def demand_ping(asked: Request | Press, mention: str | None) -> None:
    """Make sure that somebody may have others pinged: a role on Discord pings whoever has it."""
    if mention and mention.startswith("role:") and not await asked.person.manages():
        raise CommandError(
            "Only people who manage newsbot may have a role pinged: leave the mention out, or name"
            " a person"
        )


def _place(wish: Wish, asked: Request | Press, *, begin: bool = False) -> str:
    if wish.channel == asked.channel:
        return "This channel" if begin else "this channel"
    return refer(wish.channel)


def _counts(tested: Backtest | None, subject: Subject, already: Already) -> Iterator[str]:
    if subject.topic is None and (said := lookalikes(subject.query)):
        yield f"{said}."
    if tested is None:
        yield f"What it had in the last {DAYS} days takes too long to count."
    elif tested.hits:
        stories = counted(tested.hits, "story", "stories") + already.shared(tested)
        yield f"In the last {DAYS} days it would have brought {stories}, for example:"
    else:
        yield f"In the last {DAYS} days it would have brought no story."
        if subject.topic is None and not already.is_subscribed:
            yield (
                f"{subject.name} is no topic, so these words are looked for: {COMMAND} topics"
                " lists the topics."
            )


def _row(sample: Sample) -> Row:
    return Row(title=sample.headline, url=sample.url, lines=(sample.feed,), when=sample.appeared_at)
