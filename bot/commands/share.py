"""Share: a hit of a search, posted for everybody in the channel."""

from bot.commands.core import Action
from bot.commands.desk import Desk, cut
from bot.commands.reply import Reply
from bot.commands.request import Press
from bot.domain.alert import compose_alert
from bot.domain.document import document_of
from bot.domain.entry import StoredEntry
from bot.domain.message import Reason
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.ports.deliveries import Outgoing
from bot.query.document import Reading
from bot.query.explain import explain
from bot.query.slug import slug

_TITLE = "Shared from a search"
_MOST_DIGITS = 18
_MOST_HEADLINE = 120


def share(desk: Desk) -> Action:
    """The action; its argument is the entry's row and the key of the query that found it."""

    async def answer(press: Press) -> Reply:
        row, _, key = press.argument.partition(":")
        query = await desk.asked_before(AskedKind.QUERY, key, press)
        stored = await _entry(desk, row, press)
        alert = compose_alert(stored, (_reason(desk, stored, query),))
        outgoing = Outgoing(
            channel=press.channel,
            key=f"share:{stored.entry_id}:{key}",
            message=alert,
            story_id=stored.story_id,
        )
        async with desk.store.begin() as transaction:
            added = await transaction.deliveries.add([outgoing], now=desk.clock.now())
        headline = cut(alert.headline, _MOST_HEADLINE)
        if not added:
            return Reply(title=f"“{headline}” was shared here already.")
        return Reply(
            title=f"“{headline}” is on its way to this channel.",
            lines=("It is posted in turn, behind what waits there already.",),
        )

    return Action(name="share", handler=answer)


async def _entry(desk: Desk, row: str, press: Press) -> StoredEntry:
    """The entry, if this workspace sees it.

    Raises:
        CommandError: It sees none of that row.
    """
    if row.isdecimal() and row.isascii() and len(row) <= _MOST_DIGITS:
        async with desk.store.read() as transaction:
            kept = await transaction.entries.get(int(row))
            visible = await desk.visible(transaction, press.person.workspace)
        if kept is not None and visible.shows(kept.stored):
            return kept.stored
    raise CommandError("newsbot no longer keeps this story: search again")


def _reason(desk: Desk, stored: StoredEntry, query: str) -> Reason:
    """Why it is there: somebody searched, and these words were found."""
    evidence = explain(desk.parse(query), Reading(document_of(stored)))
    return Reason(topic=slug(_TITLE), title=_TITLE, words=evidence.phrases() if evidence else ())
