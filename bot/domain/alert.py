"""Alert: composed from a stored entry and the reasons it goes to a channel."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.entry import Entry, StoredEntry, appeared_at
from bot.domain.headline import headline, without_other_hosts
from bot.domain.message import Alert, Reason
from bot.domain.summary import first_sentence, summarise


def compose_alert(stored: StoredEntry, reasons: Sequence[Reason]) -> Alert:
    """What a channel is told of a story.

    Args:
        stored: The entry that reports it.
        reasons: The topics it matched that the channel follows, at least one.
    """
    entry, feed_name = stored.entry, stored.feed_name
    title = headline(entry.title, feed_name=feed_name) or _from_text(entry)
    return Alert(
        headline=title or without_other_hosts(f"Untitled story from {feed_name}", entry.url),
        url=entry.url,
        summary=summarise(replace(entry, title=title), feed_name=feed_name),
        outlet=feed_name,
        published=appeared_at(entry, stored.seen_at),
        reasons=tuple(reasons),
        tags=tuple(dict.fromkeys((*entry.tags, *sorted(stored.feed_tags)))),
        image=entry.image,
    )


def _from_text(entry: Entry) -> str:
    spoken = (first_sentence(text, language=entry.language) for text in (entry.summary, entry.body))
    return without_other_hosts(next(filter(None, spoken), ""), entry.url)
