"""Document: an entry as queries see it."""

from urllib.parse import urlsplit

from bot.domain.entry import StoredEntry
from bot.query.document import Document, ascii_host


def document_of(stored: StoredEntry) -> Document:
    """An entry as queries see it."""
    entry = stored.entry
    return Document(
        title=entry.title,
        summary=entry.summary,
        body=entry.body,
        feed=stored.feed_name,
        authors=entry.authors,
        tags=frozenset(entry.tags) | stored.feed_tags,
        host=_host(entry.url or ""),
        language=entry.language or "",
    )


def _host(url: str) -> str:
    try:
        return ascii_host(urlsplit(url).hostname or "")
    except ValueError:  # a link that no browser could follow
        return ""
