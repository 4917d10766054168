"""Mute and unmute: what a channel does not want to hear of for a while, typed or pressed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.commands.core import COMMAND, MOST_CHOICES, Action, Command, Option
from bot.commands.desk import Desk, counted, cut
from bot.commands.posted import followed_reasons, posted
from bot.commands.reply import Button, Choice, Reply, Row
from bot.commands.request import Press, Request
from bot.commands.silence import USUAL, Silence, around, read_length, spell_until
from bot.domain.alert import compose_alert
from bot.domain.entry import StoredEntry
from bot.domain.subscription import MutedKind
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.ports.store import Transaction
from bot.services.passed_over import passed_over

_UNMUTE, _SHOW, _CARD, _CHOSEN = "unmute", "passed-over", "mute", "mute-one"
_MOST_ROWS, _MOST_TOPICS = 10, 3
_MOST_LABEL, _MOST_OPTION, _MOST_VALUE = 30, 75, 100
_UNIT = (
    r"(?:w(?:ee)?ks?|w|days?|d|h(?:ou)?rs?|h|min(?:ute)?s?|m|sec(?:ond)?s?|s"
    r"|y(?:ea)?rs?|y|months?|fortnights?)(?![a-z])"
)
"""Those too that are too long for a mute: they are a length, and no part of a name."""
_LENGTH = re.compile(rf"(?:^|\s)(?:for\s+)?((?:\d+\s*{_UNIT}\s*)+|\d+)$", re.IGNORECASE)


def mute(desk: Desk) -> tuple[Command, tuple[Action, ...]]:
    """The command that mutes, and the actions of its buttons and the card's."""
    muting = _Muting(desk)
    command = Command(
        verb="mute",
        usage=f"{COMMAND} mute TOPIC|FEED|LINK [2h]",
        summary="Keeps a topic, a feed or a story quiet in this channel for a while.",
        handler=muting.answer,
        options=(
            Option(
                name="what",
                summary="A topic followed here, a feed's name, or a story's link.",
                required=True,
                suggest=muting.suggest,
            ),
            Option(name="length", summary="For how long: 30m, 2h, 3d; 2h unless given."),
        ),
        read=_read,
        examples=(f"{COMMAND} mute us-china", f"{COMMAND} mute Wire 3d"),
    )
    return command, (
        Action(name=_CARD, handler=muting.on_card),
        Action(name=_CHOSEN, handler=muting.chosen),
        Action(name=_UNMUTE, handler=muting.undo),
        Action(name=_SHOW, handler=muting.show),
    )


def unmute(desk: Desk) -> Command:
    """The command that ends a mute."""
    muting = _Muting(desk)
    return Command(
        verb="unmute",
        usage=f"{COMMAND} unmute TOPIC|FEED|LINK",
        summary="Ends a mute of this channel and tells what it kept away.",
        handler=muting.end,
        options=(
            Option(
                name="what",
                summary="The topic, the feed's name, or the story's link.",
                required=True,
                suggest=muting.suggest,
            ),
        ),
        read=_read_what,
        examples=(f"{COMMAND} unmute us-china",),
    )


def _read(options: Sequence[Option], text: str) -> Mapping[str, str]:
    """Read what is muted, then for how long."""
    found = _LENGTH.search(text)
    if found is None or not text[: found.start()].strip():
        return {options[0].name: text.strip()} if text.strip() else {}
    return {options[0].name: text[: found.start()].strip(), options[1].name: found[1].strip()}


def _read_what(options: Sequence[Option], text: str) -> Mapping[str, str]:
    """Read what is muted; for how long it was to be says nothing any more."""
    found = _LENGTH.search(text)
    what = text[: found.start()].strip() if found else ""
    return {options[0].name: what or text.strip()} if text.strip() else {}


@dataclass(frozen=True, slots=True)
class _Muting:
    """Mutes of one desk."""

    desk: Desk

    async def answer(self, request: Request) -> Reply:
        """Mute what is written."""
        length = read_length(request.options.get("length", ""))
        async with self.desk.store.begin() as transaction:
            here = await around(self.desk, transaction, request)
            found = await here.find(transaction, request.options["what"])
            await transaction.subscriptions.mute(found.mute(request, self.desk, length))
            undo = await self._undo(transaction, request, found)
        title = f"{found.name} is muted here {spell_until(self.desk, length)}."
        return Reply(title=title, lines=(found.swallows,), buttons=(undo,))

    async def suggest(self, request: Request, typed: str) -> Sequence[Choice]:
        """What the channel follows, then feeds, that hold what was typed."""
        async with self.desk.store.read() as transaction:
            subjects = (await around(self.desk, transaction, request)).subjects()
        wanted = typed.casefold().strip()
        names = [(one.written, one.name) for one in subjects if wanted in one.name.casefold()]
        found = [
            Choice(value=value, label=name[:_MOST_OPTION])
            for value, name in names
            if len(value) <= _MOST_VALUE
        ]
        return [*found, *await self.desk.suggest_feeds(request, typed)][:MOST_CHOICES]

    async def end(self, request: Request) -> Reply:
        """End a mute that is written."""
        async with self.desk.store.read() as transaction:
            here = await around(self.desk, transaction, request)
            found = await here.find(transaction, request.options["what"])
        return await self._end(request, found)

    async def undo(self, press: Press) -> Reply:
        """End the mute of a button."""
        found = self._kept(await self.desk.asked_before(AskedKind.MUTED, press.argument, press))
        return replace(await self._end(press, found), replaces=True)

    async def on_card(self, press: Press) -> Reply:
        """Mute the one topic of a card that the channel follows, or ask what is meant."""
        async with self.desk.store.begin() as transaction:
            choices = await self._on_card(transaction, press, press.argument)
            topics = [one for one in choices.values() if one.kind is MutedKind.TOPIC]
            buttons = [
                Button(
                    label=self._label(one)[:_MOST_LABEL],
                    action=_CHOSEN,
                    argument=f"{press.argument}:{place}",
                )
                for place, one in choices.items()
                if len(topics) != 1 or one is not topics[0]
            ]
            if len(topics) == 1:
                return await self._muted(transaction, press, topics[0], buttons)
        if not buttons:
            raise CommandError("newsbot no longer keeps this story: /news mute TOPIC mutes a topic")
        return Reply(title="What is to be muted here for 2 hours?", buttons=tuple(buttons))

    async def chosen(self, press: Press) -> Reply:
        """Mute what was chosen of a card."""
        nonce, _, place = press.argument.partition(":")
        async with self.desk.store.begin() as transaction:
            choices = await self._on_card(transaction, press, nonce)
            if place not in choices:
                raise CommandError("This channel no longer follows that: nothing to mute")
            reply = await self._muted(transaction, press, choices[place], ())
        return replace(reply, replaces=True)

    async def show(self, press: Press) -> Reply:
        """The stories that a mute kept away."""
        try:
            rows = json.loads(
                await self.desk.asked_before(AskedKind.PASSED_OVER, press.argument, press)
            )
            wanted = [int(row) for row in rows][:_MOST_ROWS]
        except (TypeError, ValueError):
            raise CommandError("This button is too old to go on with: ask again") from None
        async with self.desk.store.read() as transaction:
            visible = await self.desk.visible(transaction, press.person.workspace)
            kept = [await transaction.entries.get(row) for row in wanted]
        shown = [one.stored for one in kept if one is not None and visible.shows(one.stored)]
        left = len(rows) - len(wanted)
        return Reply(
            title="Passed over while it was muted",
            lines=(f"{left} older ones are left out.",) if left else (),
            rows=tuple(map(_row, shown)),
        )

    async def _on_card(
        self, transaction: Transaction, press: Press, nonce: str
    ) -> Mapping[str, Silence]:
        """What can be muted of a card, by its place in a button's argument."""
        card = await posted(transaction, nonce, press)
        reasons = await followed_reasons(transaction, self.desk, card, press)
        here = await around(self.desk, transaction, press)
        found = {
            str(number): Silence(MutedKind.TOPIC, reason.topic, reason.title)
            for number, reason in enumerate(card.alert.reasons)
            if reason in reasons
        }
        found = dict(list(found.items())[:_MOST_TOPICS])
        stories = [] if card.story_id is None else [card.story_id]
        entries = await transaction.entries.of_stories(stories)
        shown = [one for one in entries if here.visible.shows(one)]
        if card.story_id is not None:
            name = f"“{cut(card.alert.headline, 80)}”"
            found["story"] = Silence(MutedKind.STORY, str(card.story_id), name)
        first = next((one for one in shown if one.feed_name == card.alert.outlet), None)
        if first is not None:
            found["feed"] = here.feed(first)
        return found

    def _label(self, one: Silence) -> str:
        match one.kind:
            case MutedKind.STORY:
                return "This story"
            case MutedKind.FEED:
                return f"All of {one.name}"
            case MutedKind.TOPIC:
                return one.name

    async def _muted(
        self, transaction: Transaction, press: Press, one: Silence, others: Sequence[Button]
    ) -> Reply:
        await transaction.subscriptions.mute(one.mute(press, self.desk, USUAL))
        undo = await self._undo(transaction, press, one)
        title = f"{one.name} is muted here {spell_until(self.desk, USUAL)}."
        return Reply(title=title, lines=(one.swallows,), buttons=(undo, *others))

    async def _undo(self, transaction: Transaction, asked: Request | Press, one: Silence) -> Button:
        text = json.dumps([one.kind.value, one.subject, one.name])
        key = await self.desk.keep(transaction, AskedKind.MUTED, text, asked.person)
        return Button(label="Undo", action=_UNMUTE, argument=key)

    def _kept(self, text: str) -> Silence:
        try:
            kind, subject, name = json.loads(text)
            return Silence(MutedKind(kind), str(subject), str(name))
        except (TypeError, ValueError):
            raise CommandError("This button is too old to go on with: ask again") from None

    async def _end(self, asked: Request | Press, one: Silence) -> Reply:
        async with self.desk.store.read() as transaction:
            missed = await self._missed(transaction, asked, one)
        rows = json.dumps([stored.entry_id for stored in missed])
        async with self.desk.store.begin() as transaction:
            if not await transaction.subscriptions.unmute(asked.channel, one.kind, one.subject):
                raise CommandError(f"{one.name} is not muted here")
            key = ""
            if missed:
                key = await self.desk.keep(transaction, AskedKind.PASSED_OVER, rows, asked.person)
        if one.kind is MutedKind.STORY:
            return Reply(title=f"{one.name} is no longer muted here.")
        number = counted(len(missed), "story was", "stories were") if missed else "No story was"
        show = Button(label="Show them", action=_SHOW, argument=key)
        return Reply(
            title=f"{one.name} is no longer muted here.",
            lines=(f"{number} passed over meanwhile.",),
            buttons=(show,) if missed else (),
        )

    async def _missed(
        self, transaction: Transaction, asked: Request | Press, one: Silence
    ) -> Sequence[StoredEntry]:
        if one.kind is MutedKind.STORY:
            return ()
        here = await around(self.desk, transaction, asked)
        mute = await here.silenced(transaction, one)
        return await passed_over(transaction, mute, self.desk.clock.now()) if mute.queries else ()


def _row(stored: StoredEntry) -> Row:
    alert = compose_alert(stored, ())
    return Row(title=alert.headline, url=alert.url, lines=(alert.outlet,), when=alert.published)
