"""Wish: what somebody asks to follow, where and how, before they confirm it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from bot.commands.core import Option
from bot.commands.mention import read_mention
from bot.commands.request import Person
from bot.domain.cadence import Cadence, read_cadence
from bot.domain.channel import Channel
from bot.domain.quiet import QuietHours, read_quiet_hours
from bot.domain.subscription import Following
from bot.domain.zone import read_zone
from bot.errors import CommandError
from bot.ports.store import Transaction

YES = "yes"
_TIME = r"\d[\d:.]*(?:\s*[ap]m)?"
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_ENDINGS = {
    "breaking": r"(breaking)",
    "cadence": rf"(instant|hourly|(?:daily|every day|weekdays|{_DAY}(?:[, ]+{_DAY})*)"
    rf"\s+(?:at\s+)?{_TIME})",
    "quiet": rf"quiet\s+({_TIME}\s*(?:[-–—]|to)\s*{_TIME}|\d\S*)",
    "mention": r"mention\s+(<[@!][^>]*>|@\S+|(?:group|role|user):\w+)",
    "zone": r"zone\s+(\S+/\S+|UTC|GMT|CET|EET|WET|MET|EST|MST|HST)",
    "channel": r"in\s+(<\#[^>]*>|\#\S+|(?:slack|discord):\w+)",
}
"""What stands behind the words looked for, in any order; in quotes it is such a word itself."""
_ENDING = {name: re.compile(rf"(?:^|\s){form}$", re.IGNORECASE) for name, form in _ENDINGS.items()}

_LONGEST_ENDING = 300
"""Characters: a long list of weekdays was looked through from each of them."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A subscription that is asked for.

    Attributes:
        channel: Who is to be told.
        following: What of, and how.
    """

    channel: Channel
    following: Following


_ADAPTER = TypeAdapter(Wish)


async def keep_wish(transaction: Transaction, wish: Wish, person: Person, *, now: datetime) -> str:
    """Write a wish down; gives its key."""
    text = _ADAPTER.dump_json(wish).decode()
    return await transaction.asked.keep(text, workspace=person.workspace, user=person.user, now=now)


def wish_of(text: str) -> Wish:
    """The wish that was written down.

    Raises:
        CommandError: It is none.
    """
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError:
        raise CommandError("This button is too old to go on with: ask again") from None


def read_wish(options: Sequence[Option], text: str) -> Mapping[str, str]:
    """Read `us-china daily 08:30 quiet 22:00-07:00 in #desk`: what to follow, then how."""
    found: dict[str, str] = {}
    rest = text.strip()
    while True:
        begin = max(0, len(rest) - _LONGEST_ENDING)
        ends = ((name, form.search(rest, begin)) for name, form in _ENDING.items())
        end = next(((name, match) for name, match in ends if match), None)
        if end is None:
            break
        name, match = end
        if name in found:
            raise CommandError(
                f"“{name}” is given twice: leave one out. To look for the words themselves, put"
                " them in quotes."
            )
        found[name] = YES if name == "breaking" else match[1]
        rest = rest[: match.start()].rstrip()
    return {options[0].name: rest, **found} if rest else found


def read_manner(
    options: Mapping[str, str],
    zone: ZoneInfo,
    person: Person,
    *,
    topic: str | None,
    query: str | None,
) -> Following:
    """How something is to be followed.

    Args:
        options: `cadence`, `quiet`, `mention`, `zone` and `breaking`, as written; any may lack.
        zone: Where none is given.
        person: Who asks.
        topic: The name of the topic; None for a query.
        query: The query; None for a topic.

    Raises:
        CommandError: Something cannot be read.
    """
    given = {name: value.strip() for name, value in options.items() if value.strip()}
    mention = given.get("mention")
    return Following(
        topic=topic,
        query=query,
        cadence=_read(read_cadence, given.get("cadence", "instant")),
        quiet=_read(read_quiet_hours, given["quiet"]) if "quiet" in given else None,
        breaking=given.get("breaking", "").lower() in {YES, "true", "breaking"},
        zone=_read(read_zone, given["zone"]) if "zone" in given else zone,
        mention=read_mention(mention, person.workspace) if mention else None,
    )


def spell_manner(following: Following) -> str:
    """How something is followed, for people, with its zone where that matters."""
    told = [_rhythm(following.cadence)]
    if following.quiet is not None:
        told.append(_quiet(following.quiet, breaking=following.breaking))
    clocks = following.quiet is not None or following.cadence not in (None, Cadence())
    if clocks:
        told.append(f"in {following.zone.key}")
    if following.mention is not None:
        told.append(f"pinging a {following.mention.partition(':')[0]}")
    return ", ".join(told)


def _rhythm(cadence: Cadence | None) -> str:
    return "Alerts at once" if cadence is None else f"A digest {cadence}"


def _quiet(quiet: QuietHours, *, breaking: bool) -> str:
    return f"quiet {quiet}" + (" except for breaking topics" if breaking else "")


def _read(read: Callable[[str], _T], text: str) -> _T:
    try:
        return read(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
