"""Marks: words that stand in one unwanted story and set it apart from a topic's other hits; pure.

Nobody says which of the other hits are wanted. So a phrase is no mark if it stands in more than
half of them, which makes it what the topic is about, and what hits that another topic has too
have as often is proposed last.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.entry import StoredEntry
from bot.domain.exclusions import (
    LARGEST_PART,
    MOST_WEIGHED,
    Phrase,
    phrase_of,
    phrases_in,
    shortest,
    words_of,
)
from bot.query.tree import Node

MOST_PROPOSED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words that might be left out.

    Attributes:
        words: One word, or two that follow each other.
        removed: The rows of the stories that would go, the newest first.
        shared: How many of those another topic has too.
    """

    words: str
    removed: tuple[int, ...]
    shared: int


def candidates(
    entries: Iterable[StoredEntry], query: Node, topics: Iterable[Node]
) -> Sequence[str]:
    """The phrases of a story that may be proposed, those of its headlines first.

    Args:
        entries: What reports it.
        query: What it satisfies; its words are not proposed.
        topics: The other topics' queries; nor is what they look for.
    """
    own = {word for words in words_of(query) for word in phrase_of(words)}
    wanted = {phrase_of(words) for node in topics for words in words_of(node)}
    found: dict[Phrase, Phrase] = {}
    for stored in entries:
        for phrase, spelt in phrases_in(stored, shortest).items():
            found.setdefault(phrase, spelt)
    is_open = (
        (phrase, spelt)
        for phrase, spelt in found.items()
        if phrase not in wanted and not own.intersection(phrase)
    )
    return [" ".join(spelt) for _, spelt in is_open][:MOST_WEIGHED]


@dataclass(slots=True)
class Marked:
    """Counts in which hits the phrases stand.

    Attributes:
        phrases: What may be proposed.
        seen: Of each story, its entries, in the order in which they come.
        having: Of each phrase, the entries that have it, by story.
        shared: Stories that another topic has too.
    """

    phrases: Sequence[str]
    seen: Counter[int] = field(default_factory=Counter)
    having: dict[str, Counter[int]] = field(default_factory=dict)
    shared: set[int] = field(default_factory=set)

    def add(self, story_id: int, phrases: Collection[str], *, is_shared: bool) -> None:
        """Count an entry that the query matches."""
        self.seen[story_id] += 1
        if is_shared:
            self.shared.add(story_id)
        for phrase in phrases:
            self.having.setdefault(phrase, Counter())[story_id] += 1

    def proposed(self) -> Sequence[Mark]:
        """The best of them: what no other topic's hits have, then what removes most."""
        marks = [self._mark(phrase, self.having.get(phrase, {})) for phrase in self.phrases]
        most = max(1, LARGEST_PART * len(self.seen))
        usable = [mark for mark in marks if 0 < len(mark.removed) <= most]
        usable.sort(key=lambda mark: (mark.shared, -len(mark.removed)))
        chosen: list[Mark] = []
        for mark in usable:
            if all(mark.removed != other.removed for other in chosen):
                chosen.append(mark)
        return chosen[:MOST_PROPOSED]

    def _mark(self, phrase: str, entries: Mapping[int, int]) -> Mark:
        removed = tuple(one for one in self.seen if entries.get(one, 0) == self.seen[one])
        return Mark(words=phrase, removed=removed, shared=len(self.shared.intersection(removed)))
