"""Wish: what somebody asks to follow, where and how, before they confirm it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from bot.commands.core import Option
from bot.commands.mention import read_mention
from bot.commands.reference import refer
from bot.commands.request import Person
from bot.domain.cadence import Cadence, names_time, read_cadence, spell_cadence
from bot.domain.channel import Channel
from bot.domain.quiet import QuietHours, read_quiet_hours
from bot.domain.subscription import Following
from bot.domain.zone import is_zone, read_zone
from bot.errors import CommandError

YES = "yes"
_TIME = r"(?:\d[\d:.]*(?:\s*[ap]m)?|noon|midday|midnight)"
_DAY = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_DAYS = rf"{_DAY}(?:(?:\s*,\s*|\s+and\s+|\s+){_DAY})*"
_ENDINGS = {
    "breaking": r"(breaking)",
    "cadence": rf"(instant|hourly|every\s+hour|weekly\s+(?:(?:on\s+)?{_DAYS}|(?:at\s+)?{_TIME})"
    rf"|(?:daily|every\s+(?:week)?day|weekdays|(?:(?:weekly|every|each|on)\s+){{0,2}}{_DAYS})"
    rf"\s+(?:at\s+)?{_TIME}"
    rf"|(?-i:daily|weekdays|weekly)|every\s+(?:(?:week)?day|week|{_DAYS})"
    r"|every\s+\d+\s*(?:m|h|mins?|minutes|hours|days))",
    "quiet": rf"quiet(?:\s+hours)?\s+({_TIME}\s*(?:[-–—]|to)\s*{_TIME}|\d\S*)",
    "mention": r"mention\s+(<[@!][^>]*>|@\S+|(?:group|role|user):\w+)",
    "channel": r"in\s+(<\#[^>]*>|\#\S+|(?:slack|discord):\w+)",
}
"""What stands behind the words looked for, in any order; in quotes it is such a word itself."""
_ENDING = {name: re.compile(rf"(?:^|\s){form}$", re.IGNORECASE) for name, form in _ENDINGS.items()}
_CLOCKS = ("cadence", "quiet")
_CALLED = {"cadence": "rhythm", "quiet": "quiet hours", "zone": "time zone"}
_MOST_ZONE_WORDS = 3

_LONG_QUIET = timedelta(hours=12)
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


def write_wish(wish: Wish) -> str:
    """A wish as text, which `wish_of` reads."""
    return _ADAPTER.dump_json(wish).decode()


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
        end = _end(rest) or _zone_end(rest, has_clock=not found.keys().isdisjoint(_CLOCKS))
        if end is None:
            break
        name, value, rest = end
        if name in found:
            raise CommandError(
                f"The {_CALLED.get(name, name)} is given twice: leave one out. To look for the"
                " words themselves, put them in quotes."
            )
        found[name] = YES if name == "breaking" else value
    return {options[0].name: rest, **found} if rest else found


def _end(text: str) -> tuple[str, str, str] | None:
    """The option at the end of a text: its name, its value, and what stands before it."""
    begin = max(0, len(text) - _LONGEST_ENDING)
    ends = ((name, form.search(text, begin)) for name, form in _ENDING.items())
    found = next(((name, match) for name, match in ends if match), None)
    return None if found is None else (found[0], found[1][1], text[: found[1].start()].rstrip())


def _zone_end(text: str, *, has_clock: bool) -> tuple[str, str, str] | None:
    """The time zone at the end of a text, as `_end` gives it.

    `zone Berlin`, `in Berlin time`, `Europe/Berlin`; `Berlin` alone only behind a time. What is
    mistyped is one where nothing else can be meant: right behind a time, or with its slash.

    Args:
        text: What was typed, without the options that were found already.
        has_clock: Whether one of these was a time of day.
    """
    *before, last = text.split() or [""]
    is_said = last.lower() == "time"
    words = before if is_said else [*before, last]
    for number in range(1, min(_MOST_ZONE_WORDS, len(words) - 1) + 1):
        name, head = " ".join(words[-number:]), words[:-number]
        keyword = head[-1].lower()
        is_named = not is_said and keyword in ("zone", "timezone")
        rest = " ".join(head[:-1] if is_named or is_said else head)
        rest = rest.removesuffix(" time") if keyword == "zone" else rest
        is_behind = (_end(rest) or ("",))[0] in _CLOCKS
        known = is_zone(name)
        if is_said:
            is_meant = keyword == "in" and known
        elif is_named:
            is_meant = is_behind or "/" in name or (has_clock and known)
        else:
            is_meant = known and (is_behind or "/" in name)
        if is_meant:
            return "zone", name, rest
    return None


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
        told.append(f"{following.zone.key} time")
    if following.mention is not None:
        told.append(f"pinging {refer(following.mention)}")
    return ", ".join(told)


def doubts(options: Mapping[str, str], following: Following, *, is_typed: bool) -> Sequence[str]:
    """What of a wish may be meant otherwise, or is to no effect, a line each.

    Args:
        options: As written.
        following: As they were read.
        is_typed: Whether they were found behind the words looked for, in one line.
    """
    cadence, quiet = following.cadence, following.quiet
    rhythm = options.get("cadence", "").strip()
    told = []
    if cadence is not None and cadence.at is not None and not names_time(rhythm):
        told.append(f"No time was named, so {cadence.at:%H:%M}: another is written daily 17:00.")
        if is_typed and following.query:
            told.append(f"To look for “{rhythm}” itself, put it in quotes.")
    if quiet is not None and quiet.length >= _LONG_QUIET and quiet.begin < quiet.end:
        night = QuietHours(quiet.end, quiet.begin)
        told.append(f"That is quiet by day: for the night write quiet {night}.")
    if following.mention is not None and cadence is not None:
        told.append("Digests ping nobody: only alerts at once do.")
    if following.breaking and quiet is None:
        told.append("“breaking” lets topics through quiet hours, and there are none.")
    return told


def _rhythm(cadence: Cadence | None) -> str:
    return "Alerts at once" if cadence is None else f"A digest {spell_cadence(cadence)}"


def _quiet(quiet: QuietHours, *, breaking: bool) -> str:
    return f"quiet {quiet}" + (" except for breaking topics" if breaking else "")


def _read(read: Callable[[str], _T], text: str) -> _T:
    try:
        return read(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
