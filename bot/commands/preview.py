"""Preview: what a query would have alerted of late, before anybody follows it."""

import asyncio
from collections.abc import Iterator

from bot.commands.core import COMMAND, Command, Option
from bot.commands.desk import Desk, counted, cut
from bot.commands.irrelevant import also_of_others
from bot.commands.reply import Button, Reply, Row, Style
from bot.commands.request import Request
from bot.commands.search import FOLLOW
from bot.commands.topics import midnight, sparkline
from bot.domain.backtest import Backtest, Exclusion, Sample
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.query.tree import Node
from bot.services.backtest import backtest
from bot.services.visible import Visible

DAYS = 30
PATIENCE_SECONDS = 60
"""For the whole of a preview; reading a large archive for proposals takes longer."""
_MOST_QUERY = 80
_MOST_NAMED = 5


def preview(desk: Desk) -> Command:
    """The command; one preview is worked out at a time, since it reads very much."""
    turn = asyncio.Semaphore()

    async def answer(request: Request) -> Reply:
        query = request.options["query"].strip()
        tree = desk.parse(query)
        person = request.person
        async with desk.store.read() as transaction:
            visible = await desk.visible(transaction, person.workspace)
        async with turn:
            tested = await _tested(desk, tree, visible)
        async with desk.store.begin() as transaction:
            key = await desk.keep(transaction, AskedKind.QUERY, query, person)
        return _shown(desk, query, tested, key)

    return Command(
        verb="preview",
        usage=f"{COMMAND} preview QUERY",
        summary=f"Shows what a query would have alerted in the last {DAYS} days.",
        handler=answer,
        options=(Option(name="query", summary="As in a rule.", required=True),),
        examples=(f'{COMMAND} preview China AND (tariffs OR "trade war") -football',),
    )


async def _tested(desk: Desk, tree: Node, visible: Visible) -> Backtest:
    """The backtest, without proposals where those take too long.

    Raises:
        CommandError: That takes too long too.
    """
    now = desk.clock.now()
    for proposals in (True, False):
        try:
            async with asyncio.timeout(PATIENCE_SECONDS / 2):
                return await backtest(
                    desk.store,
                    tree,
                    desk.topics,
                    since=midnight(now, DAYS, desk.zone),
                    until=now,
                    zone=desk.zone,
                    among=visible.rows,
                    proposals=proposals,
                )
        except TimeoutError:
            continue
    raise CommandError(
        f"Testing this query takes more than {PATIENCE_SECONDS} seconds: add a word that must be"
        " there, or have it tested with newsbot backtest"
    )


def _shown(desk: Desk, query: str, tested: Backtest, key: str) -> Reply:
    follow = Button(label="Follow this search", action=FOLLOW, argument=key, style=Style.PRIMARY)
    return Reply(
        title=f"{_count(tested)}: {cut(query, _MOST_QUERY)}",
        lines=(*_notes(desk, tested), *_parts(tested)),
        rows=tuple(_row(sample) for sample in tested.newest),
        buttons=(follow,),
    )


def _count(tested: Backtest) -> str:
    days = counted(len(tested.days), "day")
    average = "" if tested.per_day is None else f", {tested.per_day:.1f} a day"
    return f"{counted(tested.hits, 'story', 'stories')} in the last {days}{average}"


def _notes(desk: Desk, tested: Backtest) -> Iterator[str]:
    """What the archive does not hold."""
    watched = tested.watch.since
    if watched is None:
        yield "newsbot has read no feed yet: wait a day, then preview again."
    elif watched > tested.since:
        yield f"newsbot has watched only since {desk.spell(watched)}; the average counts from then."


def _parts(tested: Backtest) -> Iterator[str]:
    if not tested.hits:
        return
    yield sparkline(tested.days)
    yield f"Most from: {_named(tested.feeds)}"
    if tested.topics:
        yield f"Topics that have them too: {_named(tested.topics)}; no topic has {tested.new}"
    for exclusion in tested.exclusions:
        yield _proposal(exclusion, tested.hits)


def _named(counts: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts[:_MOST_NAMED])


def _proposal(exclusion: Exclusion, hits: int) -> str:
    words = f'"{exclusion.words}"' if " " in exclusion.words else exclusion.words
    shared = also_of_others(exclusion.removes, exclusion.shared)
    return (
        f"Adding -{words} would remove {exclusion.removes} of {hits}{shared};"
        f" for example “{exclusion.example}”"
    )


def _row(sample: Sample) -> Row:
    words = ", ".join(sample.words)
    too = f"; also {', '.join(sample.topics)}" if sample.topics else ""
    return Row(
        title=sample.headline,
        url=sample.url,
        lines=(f"{sample.feed} — {words}{too}",),
        when=sample.appeared_at,
    )
