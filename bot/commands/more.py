"""More: all there is about the story of a card: its summary, its outlets, why it alerted."""

from collections.abc import Sequence

from bot.commands.core import COMMAND, Action
from bot.commands.desk import Desk, cut
from bot.commands.posted import posted
from bot.commands.reply import Reply, Row
from bot.commands.request import Press
from bot.domain.alert import compose_alert
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert

_MOST_TITLE, _MOST_SUMMARY, _MOST_OUTLETS = 200, 2_000, 10


def more(desk: Desk) -> Action:
    """The action; its argument is the nonce of the card's delivery."""

    async def answer(press: Press) -> Reply:
        async with desk.store.read() as transaction:
            card = await posted(transaction, press.argument, press)
            visible = await desk.visible(transaction, press.person.workspace)
            stories = [] if card.story_id is None else [card.story_id]
            found = await transaction.entries.of_stories(stories)
        shown = [one for one in found if visible.shows(one)]
        alert = card.alert
        told = [_summary(alert, shown), *_why(alert)]
        if alert.url:
            told.append(f"{COMMAND} why {alert.url} tells every word that counted.")
        if not shown:
            told.append("newsbot no longer keeps the story itself, only what its card says.")
        return Reply(
            title=cut(alert.headline, _MOST_TITLE),
            lines=tuple(line for line in told if line),
            rows=tuple(map(_row, shown[:_MOST_OUTLETS])),
        )

    return Action(name="more", handler=answer)


def _summary(alert: Alert, found: Sequence[StoredEntry]) -> str:
    """The longest text that any outlet gives."""
    texts = [alert.summary, *(one.entry.summary for one in found)]
    texts += [one.entry.body for one in found]
    return cut(max(texts, key=len), _MOST_SUMMARY)


def _why(alert: Alert) -> Sequence[str]:
    return [f"{reason.title}: {', '.join(reason.evidence)}." for reason in alert.reasons]


def _row(stored: StoredEntry) -> Row:
    alert = compose_alert(stored, ())
    return Row(title=alert.headline, url=alert.url, lines=(alert.outlet,), when=alert.published)
