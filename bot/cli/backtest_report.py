"""Backtest report: a backtest as lines for a person, and as JSON for a program."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from bot.cli import context
from bot.cli.chart import bars
from bot.domain.backtest import Backtest, Day, Exclusion, Sample
from bot.domain.duration import spell

_MOST_FEEDS: Final = 5
_BESIDE_BAR: Final = 24
_LEAST_PER_DAY: Final = 0.95
_DAYS_OF_WEEK: Final = 7
_MANY_A_DAY: Final = 20


def show(out: Console, tested: Backtest, *, is_rule: bool, retention: timedelta) -> None:
    """Print a backtest.

    Args:
        out: Where to.
        tested: The backtest, with proposals.
        is_rule: Whether a rule file was tested, in which a proposal is written otherwise.
        retention: How long entries are kept.
    """
    context.line(out, Text(_headline(tested), "bold"))
    stored = context.counted(sum(day.stored or 0 for day in tested.days), "entry", "entries")
    context.line(out, Text(f"{stored} of these days in the archive.", "dim"))
    for note in _notes(tested, retention):
        context.line(out, Text(note, "yellow"))
    if not tested.hits:
        return
    out.print()
    _show_days(out, tested.days)
    _show_counts(out, "By feed", tested.feeds, tested.hits, most=_MOST_FEEDS)
    _show_samples(out, "Newest", tested.newest)
    _show_samples(out, "From all of the time", tested.spread)
    if tested.topics:
        new = [("no topic", tested.new)] if tested.new else []
        _show_counts(out, "Topics that have them too", [*tested.topics, *new], tested.hits)
    if tested.exclusions:
        _title(out, "Words you might leave out: proposals, to be judged by the examples")
        for exclusion in tested.exclusions:
            context.line(out, Text(f"  {_proposal(exclusion, tested.hits, is_rule=is_rule)}"))


def as_object(tested: Backtest) -> dict[str, Any]:
    """A backtest's JSON object."""
    watched = tested.watch.since
    return {
        "since": tested.since.isoformat(),
        "until": tested.until.isoformat(),
        "watched_since": watched.isoformat() if watched else None,
        "hits": tested.hits,
        "per_day": tested.per_day,
        "new": tested.new,
        "days": [asdict(day) | {"date": day.date.isoformat()} for day in tested.days],
        "feeds": [{"feed": name, "hits": hits} for name, hits in tested.feeds],
        "newest": [_sample(sample) for sample in tested.newest],
        "spread": [_sample(sample) for sample in tested.spread],
        "topics": [{"topic": name, "hits": hits} for name, hits in tested.topics],
        "exclusions": [asdict(exclusion) for exclusion in tested.exclusions],
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return asdict(sample) | {"appeared_at": sample.appeared_at.isoformat()}


def _headline(tested: Backtest) -> str:
    days = f"In the last {context.counted(len(tested.days), 'day')},"
    if not tested.hits:
        return f"{days} nothing would have been alerted."
    stories = context.counted(tested.hits, "story", "stories")
    return f"{days} {stories} would have been alerted{_average(tested.per_day)}."


def _average(per_day: float | None) -> str:
    if per_day is None:
        return ""
    if per_day < _LEAST_PER_DAY:
        return f": {per_day * _DAYS_OF_WEEK:.1f} a week"
    return f": {per_day:,.0f} a day" if per_day >= _MANY_A_DAY else f": {per_day:.1f} a day"


def _notes(tested: Backtest, retention: timedelta) -> Iterator[str]:
    """What the archive does not hold."""
    watch = tested.watch
    if watch.since is None:
        yield "newsbot has read no feed yet: let `newsbot run` run for a while, then test again."
        return
    if watch.since > tested.since:
        yield (
            f"newsbot has watched only since {watch.since.astimezone():%Y-%m-%d %H:%M}. Of what"
            " came before, there is what the feeds still showed then."
        )
        if tested.per_day is None:
            yield "That is less than a day, too short for an average."
        else:
            yield "The average counts from then on."
    elif watch.joined:
        yield (
            f"{watch.joined} of {context.counted(watch.feeds, 'feed')} joined within these days:"
            " in future there may be more a day."
        )
    if tested.until - tested.since > retention:
        yield (
            f"Entries are kept for {spell(retention)} (NEWSBOT_RETENTION), older ones only while"
            " their feed shows them."
        )


def _show_days(out: Console, days: Sequence[Day]) -> None:
    first = next((number for number, day in enumerate(days) if day.stored != 0), 0)
    plain = not out.encoding.lower().startswith("utf")
    for bar in bars(days[first:], room=out.width - _BESIDE_BAR, plain=plain):
        beside = "nothing stored" if bar.is_gap else f"{bar.hits:,}"
        label, drawn = (f"{bar.label}  ", "dim"), (bar.drawn, "green")
        beside = f" {beside}" if bar.drawn else beside
        context.line(out, Text.assemble(label, drawn, (beside, "dim" if bar.is_gap else "")))


def _show_counts(
    out: Console,
    title: str,
    counts: Sequence[tuple[str, int]],
    hits: int,
    *,
    most: int | None = None,
) -> None:
    _title(out, title)
    shown = counts[:most]
    width = max(len(name) for name, _ in shown)
    for name, number in shown:
        context.line(out, Text(f"  {name:{width}}  {number:,} of {hits:,}"))
    if left := len(counts) - len(shown):
        context.line(out, Text(f"  and {context.counted(left, 'more feed')}", "dim"))


def _show_samples(out: Console, title: str, samples: Sequence[Sample]) -> None:
    if not samples:
        return
    _title(out, title)
    for sample in samples:
        when = (f"  {sample.appeared_at.astimezone():%Y-%m-%d %H:%M}  ", "dim")
        context.line(out, Text.assemble(when, sample.headline))
        found = f" — {', '.join(sample.words)}" if sample.words else ""
        too = f"; also {', '.join(sample.topics)}" if sample.topics else ""
        context.line(out, Text.assemble("    ", (sample.feed, "green"), found, (too, "dim")))


def _proposal(exclusion: Exclusion, hits: int, *, is_rule: bool) -> str:
    is_phrase = " " in exclusion.words
    words = f'"{exclusion.words}"' if is_phrase and not is_rule else exclusion.words
    adding = f"{words} under none:" if is_rule else f"NOT {words}"
    shared = f" ({exclusion.shared} of them another topic has)" if exclusion.shared else ""
    return (
        f"adding {adding} removes {exclusion.removes:,} of {hits:,}{shared};"
        f" for example “{exclusion.example}”"
    )


def _title(out: Console, title: str) -> None:
    out.print()
    context.line(out, Text(title, "bold"))
