"""Bound: how much of an entry is kept, whatever its publisher sends.

A document may be 5 MB, and all of that one title. What is kept is matched, stored, searched and
posted; each of these is sure to end soon only where a text does.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

from bot.domain.entry import Entry
from bot.domain.headline import without_other_hosts
from bot.domain.text import one_line

ENTRIES: Final = 1_000
"""Entries of a document. Feeds list the newest first, and hardly one lists a hundred."""

TITLE: Final = 1_000
"""Characters of a title; the longest headlines have 300, and messages show no more."""

SUMMARY: Final = 20_000
"""Characters of a summary, for many feeds put the whole article there."""

BODY: Final = 100_000
"""Characters of a body: 15,000 words, the longest reportage."""

GUID: Final = 2_000
"""Characters of an identifier, which is an address or a number."""

_DIGEST_BYTES: Final = 16


def bounded(entry: Entry) -> Entry:
    """The entry with its title, texts and identifier within bounds, and on one line each.

    A text is cut at a word. A title names no other host than the entry's link. An identifier too
    long gives way to its digest, so that the entry is known again.
    """
    return replace(
        entry,
        title=clipped(without_other_hosts(entry.title, entry.url), TITLE),
        summary=clipped(entry.summary, SUMMARY),
        body=clipped(entry.body, BODY),
        guid=_identifier(entry.guid or ""),
    )


def clipped(text: str, most: int) -> str:
    """The beginning of a text, cut between two words if there is such a place in its latter half.

    Args:
        text: Plain text.
        most: Characters.
    """
    if len(text) <= most:
        return text
    # The character behind the cut counts, for it tells whether the last word is whole.
    space = max(text.rfind(white, most // 2, most + 1) for white in " \n")
    return text[: space if space > 0 else most].rstrip()


def _identifier(written: str) -> str | None:
    guid = one_line(written)
    if len(guid) > GUID:
        return f"blake2b:{blake2b(guid.encode(), digest_size=_DIGEST_BYTES).hexdigest()}"
    return guid or None
