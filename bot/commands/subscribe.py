"""Subscribe: what somebody asks to follow, shown as it would have been, then confirmed."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.commands.core import COMMAND, Action, Command, Option
from bot.commands.desk import Desk, counted, cut, titled
from bot.commands.reference import refer
from bot.commands.reply import Button, Choice, Field, Form, Reply, Row, Style
from bot.commands.request import Press, Request
from bot.commands.search import FOLLOW
from bot.commands.target import demand_open, demand_rights, named_channel
from bot.commands.wish import YES, Wish, keep_wish, read_manner, read_wish, spell_manner, wish_of
from bot.domain.backtest import Backtest, Sample
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.query.slug import slug
from bot.query.suggest import nearest
from bot.query.tree import Node
from bot.services.backtest import backtest

DAYS = 7
CONFIRM = "subscribe-confirm"
"""The action that carries out a wish; its argument is the wish's key."""
CANCEL = "cancel"
_FORM, _MEANT = "subscribe-form", "subscribe-meant"
_SAMPLES = 3
_PATIENCE_SECONDS = 20
_MOST_QUERY, _MOST_FORM_TOPICS = 2_000, 25
_MOST_SHOWN = 80
RHYTHMS = "instant, hourly, daily 08:30, weekdays 08:30, mon,thu 17:00"


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
class _Subject:
    """What is to be followed.

    Attributes:
        name: As shown to people.
        query: What an entry must satisfy.
        topic: The topic; None for a query.
        written: The query as written; None for a topic.
    """

    name: str
    query: Node
    topic: Topic | None = None
    written: str | None = None


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
        subject = self._subject(asked.options)
        if subject is None:
            return await self._ask_back(asked)
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
            options = json.loads(await self.desk.asked_before(press.argument, press))
        except ValueError:
            raise CommandError("This button is too old to go on with: ask again") from None
        if not isinstance(options, dict):
            raise CommandError("This button is too old to go on with: ask again")
        options = {str(name): str(value) for name, value in options.items()}
        return replace(await self.answer(replace(press, options=options)), replaces=True)

    async def follow(self, press: Press) -> Reply:
        """Follow the query of a search."""
        query = await self.desk.asked_before(press.argument, press)
        return await self.answer(replace(press, options={"query": query}))

    async def confirm(self, press: Press) -> Reply:
        """Carry a wish out."""
        wish = wish_of(await self.desk.asked_before(press.argument, press))
        await demand_rights(self.desk, press, wish.channel)
        if wish.channel != press.channel:
            # What is kept may be words that somebody searched for.
            await demand_open(
                self.desk, wish.channel, here=press.channel, owner=press.person.workspace
            )
        subject = self._named(wish.following.topic, wish.following.query)
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

    def _subject(self, options: Mapping[str, str]) -> _Subject | None:
        """What is meant; None where a topic may have been mistyped."""
        written = {name: options.get(name, "").strip() for name in ("what", "topic", "query")}
        if not any(written.values()):
            raise CommandError(
                "Say what to follow, a topic or a query, for example"
                f" {COMMAND} subscribe port AND strike. To follow a word such as breaking, put it"
                " in quotes."
            )
        if written["topic"] and written["query"]:
            raise CommandError("Choose a topic or write a query, not both")
        if not written["what"]:
            return self._named(written["topic"] or None, written["query"] or None)
        wanted = slug(written["what"])
        for topic in self.desk.topics:
            if wanted in (topic.name, slug(topic.title)):
                return self._named(topic.name, None)
        subject = self._named(None, written["what"])
        return None if self._near(written["what"]) else subject

    def _near(self, what: str) -> str | None:
        return nearest(slug(what), [topic.name for topic in self.desk.topics])

    def _named(self, topic_name: str | None, query: str | None) -> _Subject:
        if topic_name:
            topic = self.desk.topic(topic_name)
            return _Subject(titled(topic), topic.query, topic=topic)
        written = " ".join((query or "").split())
        if len(written) > _MOST_QUERY:
            raise CommandError(f"That query is longer than {_MOST_QUERY:,} characters: shorten it")
        return _Subject(f"“{cut(written, _MOST_SHOWN)}”", self.desk.parse(written), written=written)

    async def _ask_back(self, asked: Request | Press) -> Reply:
        what = asked.options["what"].strip()
        near = self._near(what)
        rest = {name: value for name, value in asked.options.items() if name != "what"}
        keys = [
            await self._keep(json.dumps({**rest, name: value}), asked)
            for name, value in (("topic", near or ""), ("query", what))
        ]
        shown = cut(what, _MOST_SHOWN)
        return Reply(
            title=f"There is no topic “{shown}”: did you mean {near}?",
            lines=("Or follow every story that has these words.",),
            buttons=(
                Button(
                    label=f"Topic {near}"[:30], action=_MEANT, argument=keys[0], style=Style.PRIMARY
                ),
                Button(label="These words", action=_MEANT, argument=keys[1]),
            ),
        )

    async def _keep(self, text: str, asked: Request | Press) -> str:
        person, now = asked.person, self.desk.clock.now()
        async with self.desk.store.begin() as transaction:
            return await transaction.asked.keep(
                text, workspace=person.workspace, user=person.user, now=now
            )

    async def _offer(self, asked: Request | Press, subject: _Subject, wish: Wish) -> Reply:
        tested = await self._tested(asked, subject)
        async with self.desk.store.begin() as transaction:
            here = await transaction.subscriptions.of_channel(wish.channel)
            key = await keep_wish(transaction, wish, asked.person, now=self.desk.clock.now())
        known = any(one.following.subject == wish.following.subject for one in here)
        begin = "Change how" if known else "Let"
        return Reply(
            title=f"{begin} {_place(wish, asked)} {'follows' if known else 'follow'}"
            f" {subject.name}?",
            lines=(f"{spell_manner(wish.following)}.", _count(tested)),
            rows=tuple(_row(sample) for sample in (tested.newest if tested else ())[:_SAMPLES]),
            buttons=(
                Button(label="Confirm", action=CONFIRM, argument=key, style=Style.PRIMARY),
                Button(label="Cancel", action=CANCEL),
            ),
        )

    async def _tested(self, asked: Request | Press, subject: _Subject) -> Backtest | None:
        """What it would have brought; None where that takes too long to find out."""
        now = self.desk.clock.now()
        async with self.desk.store.read() as transaction:
            visible = await self.desk.visible(transaction, asked.person.workspace)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await backtest(
                    self.desk.store,
                    subject.query,
                    (),
                    since=now - timedelta(days=DAYS),
                    until=now + timedelta(minutes=1),
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


def _count(tested: Backtest | None) -> str:
    if tested is None:
        return f"What it had in the last {DAYS} days takes too long to count."
    if not tested.hits:
        return f"In the last {DAYS} days it would have brought no story."
    stories = counted(tested.hits, "story", "stories")
    return f"In the last {DAYS} days it would have brought {stories}, for example:"


def _row(sample: Sample) -> Row:
    return Row(title=sample.headline, url=sample.url, lines=(sample.feed,), when=sample.appeared_at)
