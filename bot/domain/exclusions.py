"""Exclusions: words that mark what a query finds and the newsroom may not want; pure.

A word is proposed if it is far more frequent among the *lone* hits, which no other topic of the
newsroom has, than in everything else of the same days; if it is at least twice as frequent there
as among the hits that another topic has too, which are therefore likely wanted; and if it stands
in half of the hits at most: what stands in most of them is what the query is about. The
query's own words, the words that topics look for and words such as “the” are never proposed.

How much more frequent is the logarithm of the ratio of odds, divided by its standard error, with a
half added to each count (Woolf, “On estimating the relation between blood group and disease”,
Annals of Human Genetics 19, 1955; Anscombe, “On estimating binomial response relations”,
Biometrika 43, 1956). So three hits of a thousand do not weigh as much as three of ten.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import log, sqrt

from bot.domain.backtest import Story
from bot.domain.boilerplate import without_boilerplate
from bot.domain.entry import StoredEntry
from bot.domain.headline import headline
from bot.domain.stopwords import STOP_WORDS
from bot.query.plurals import forms
from bot.query.terms import Tokens, keys_of
from bot.query.tree import And, Near, Node, Or, TopicQuery, Words

LEAST_HITS = 3
"""A word in fewer hits is no pattern."""
LARGEST_PART = 1 / 2
"""Of the hits: an exclusion that removes more makes another query of it."""
MOST_WEIGHED = 40
"""Phrases of which it is worked out what they would remove."""
MOST_PROPOSED = 5

_STANDARD_ERRORS = 3.0
_PRIOR = 10.0
"""Entries that a prior weighs as much as."""
_TIMES_AS_FREQUENT = 2.0
_MOST_COUNTED = 100_000
_MOST_CHARACTERS = 600
"""Of a text, where there is no summary."""
_LEAST_NEW = 0.5
"""Of what an exclusion removes, the part that those before it must have left."""
_NEARLY_ALL = 0.75

Phrase = tuple[str, ...]
"""One word, or two that follow each other: small letters, each in the shortest of its forms."""


class Phrases:
    """The phrases that stand in hits, and how often, beside all that is stored.

    First every hit is added, then everything of the same days, the hits included. Of very many
    phrases the rarest are forgotten, so that memory is bounded.
    """

    def __init__(self, query: Node, topics: Collection[Node]) -> None:
        """Begin to count.

        Args:
            query: What the hits satisfy; its words are not proposed.
            topics: The other topics' queries; nor is what they look for.
        """
        own = list(words_of(query))
        self._own = {word for words in own for word in phrase_of(words)}
        self._beginnings = tuple(phrase_of(words)[-1] for words in own if words.prefix)
        self._wanted = {phrase_of(words) for node in topics for words in words_of(node)}
        self._lone, self._shared, self._all = _Counted(), _Counted(), _Counted()
        self._shortest: dict[str, str] = {}
        self._spelt: dict[Phrase, Counter[Phrase]] = {}

    def add_hit(self, stored: StoredEntry, *, is_shared: bool) -> None:
        """Count an entry that the query matches; shared with another topic or not."""
        counted = self._shared if is_shared else self._lone
        counted.add(phrase for phrase in phrases_in(stored, shortest) if self._is_open(phrase))

    def add_any(self, stored: StoredEntry) -> None:
        """Count an entry of the same days, hit or not."""
        if not self._all.entries:
            self._look_closer()
        found = {
            phrase: spelt
            for phrase, spelt in phrases_in(stored, self._shortest.get).items()
            if phrase in self._spelt
        }
        self._all.add(found.keys())
        for phrase, spelt in found.items():
            self._spelt[phrase][spelt] += 1

    def ranked(self) -> tuple[str, ...]:
        """What stands out among the lone hits, the most striking first; `MOST_WEIGHED` at most."""
        scored = ((self._score(phrase), phrase) for phrase in self._lone.number)
        striking = sorted((-score, phrase) for score, phrase in scored if score > _STANDARD_ERRORS)
        return tuple(self._written(phrase) for _, phrase in striking[:MOST_WEIGHED])

    def _look_closer(self) -> None:
        """All hits are counted: go on with what stands in enough of them."""
        self._lone.forget_below(LEAST_HITS)
        words = {word for phrase in self._lone.number for word in phrase}
        # `buses` is a form of both `bus` and `buse`, and was counted as one of them.
        self._shortest = {
            form: word for word in words for form in forms(word) if shortest(form) == word
        }
        self._spelt = {phrase: Counter() for phrase in self._lone.number}

    def _written(self, phrase: Phrase) -> str:
        """A phrase as most write it, without spaces where its script has none."""
        words = max(self._spelt[phrase].items(), key=lambda pair: (pair[1], pair[0]))[0]
        is_unspaced = all(len(word) == 1 and not word.isascii() for word in words)
        return ("" if is_unspaced else " ").join(words)

    def _is_open(self, phrase: Phrase) -> bool:
        """Whether it may be proposed."""
        if phrase in self._wanted or all(word in self._own for word in phrase):
            return False
        return len(phrase) > 1 or not phrase[0].startswith(self._beginnings)

    def _score(self, phrase: Phrase) -> float:
        """By how many standard errors a phrase is more frequent in lone hits than elsewhere."""
        lone, shared = self._lone, self._shared
        with_it = lone.number[phrase]
        usual = self._all.number[phrase] / self._all.entries
        wanted = shared.share(phrase, prior=usual)
        if lone.share(phrase, prior=usual) < _TIMES_AS_FREQUENT * wanted:
            return 0.0
        elsewhere = self._all.number[phrase] - with_it
        return _striking(
            (with_it, lone.entries - with_it),
            (elsewhere, self._all.entries - lone.entries - elsewhere),
        )


class _Counted:
    """In how many entries each phrase stands.

    Attributes:
        number: By phrase.
        entries: How many were counted.
    """

    def __init__(self) -> None:
        self.number: Counter[Phrase] = Counter()
        self.entries = 0

    def add(self, phrases: Iterable[Phrase]) -> None:
        """Count an entry, each of whose phrases is given once."""
        self.entries += 1
        self.number.update(phrases)
        if len(self.number) > _MOST_COUNTED:
            self.forget_below(min(self.number.values()) + 1)

    def forget_below(self, least: int) -> None:
        """Drop what stands in fewer entries."""
        self.number = Counter({one: count for one, count in self.number.items() if count >= least})

    def share(self, phrase: Phrase, *, prior: float) -> float:
        """The part of the entries that has a phrase, drawn to the prior where they are few."""
        return (self.number[phrase] + _PRIOR * prior) / (self.entries + _PRIOR)


class Removals:
    """What each of some exclusions would take from the hits."""

    def __init__(self, phrases: Sequence[str]) -> None:
        """Begin to count.

        Args:
            phrases: The most striking first.
        """
        self._entries: dict[str, Counter[int]] = {phrase: Counter() for phrase in phrases}

    def add(self, story_id: int, phrases: Iterable[str]) -> None:
        """Count an entry that the query matches, and those of the phrases that stand in it."""
        for phrase in phrases:
            self._entries[phrase][story_id] += 1

    def chosen(self, stories: Mapping[int, Story]) -> Mapping[str, tuple[int, ...]]:
        """The exclusions worth proposing, each with the stories it would remove, the newest first.

        A story goes where every entry goes that the query matches. What mostly removes the same
        as a more striking phrase is left out.

        Args:
            stories: All that were hit, by their rows.
        """
        removed = {phrase: self._removed(phrase, stories) for phrase in self._entries}
        chosen: dict[str, frozenset[int]] = {}
        gone: frozenset[int] = frozenset()
        for phrase in (_narrower(one, removed) for one in removed):
            going = removed[phrase]
            is_pattern = LEAST_HITS <= len(going) <= LARGEST_PART * len(stories)
            if is_pattern and len(going - gone) > _LEAST_NEW * len(going):
                chosen[phrase] = going
                gone |= going
            if len(chosen) == MOST_PROPOSED:
                break
        most_first = sorted(chosen.items(), key=lambda pair: -len(pair[1]))
        return {
            phrase: tuple(sorted(going, key=lambda one: stories[one].appeared_at, reverse=True))
            for phrase, going in most_first
        }

    def _removed(self, phrase: str, stories: Mapping[int, Story]) -> frozenset[int]:
        entries = self._entries[phrase].items()
        return frozenset(one for one, number in entries if number == stories[one].entries)


def _narrower(phrase: str, removed: Mapping[str, frozenset[int]]) -> str:
    """Two words, where they remove nearly all that one of them does, and so less that is wanted."""
    going = removed[phrase]
    for other, taken in removed.items():
        is_longer = set(map(shortest, phrase.split())) < set(map(shortest, other.split()))
        if is_longer and len(taken) >= _NEARLY_ALL * len(going):
            return other
    return phrase


def shortest(word: str) -> str:
    """The form under which a word and its plural are counted."""
    return min(forms(word), key=lambda form: (len(form), form))


def _striking(here: tuple[int, int], elsewhere: tuple[int, int]) -> float:
    """The logarithm of the ratio of odds, in standard errors.

    Args:
        here: Hits with a phrase and without it.
        elsewhere: Other entries with it and without it.
    """
    (with_it, without), (with_it_there, without_there) = (
        (one + 0.5, other + 0.5) for one, other in (here, elsewhere)
    )
    ratio = (with_it / without) / (with_it_there / without_there)
    error = sqrt(1 / with_it + 1 / without + 1 / with_it_there + 1 / without_there)
    return log(ratio) / error


def phrases_in(stored: StoredEntry, short: Callable[[str], str | None]) -> dict[Phrase, Phrase]:
    """The phrases of an entry's headline and summary that say something, each as spelt there.

    Args:
        stored: The entry.
        short: Gives the form under which a word is counted; None for one that is not.
    """
    entry = stored.entry
    text = without_boilerplate(entry.summary or entry.body[:_MOST_CHARACTERS])
    outlet = frozenset(Tokens(stored.feed_name).folded)
    found: dict[Phrase, Phrase] = {}
    for one in (headline(entry.title, feed_name=stored.feed_name), text):
        words = [
            (None if _is_idle(word, outlet) else short(word), word) for word in Tokens(one).folded
        ]
        found.update(((word,), (spelt,)) for word, spelt in words if word and len(word) > 1)
        found.update(
            ((first, second), (spelt, behind))
            for (first, spelt), (second, behind) in pairwise(words)
            if first and second
        )
    return found


def _is_idle(word: str, outlet: Collection[str]) -> bool:
    return word in STOP_WORDS or word in outlet or not any(map(str.isalpha, word))


def phrase_of(words: Words) -> Phrase:
    """Words of a query, as phrases are counted."""
    return tuple(shortest(key.casefold()) for key in keys_of(words.text))


def words_of(node: Node) -> Iterator[Words]:
    """The words a tree looks for; not those it wants absent."""
    match node:
        case Words():
            yield node
        case Near(left=left, right=right):
            yield from (*left, *right)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from words_of(part)
        case TopicQuery(query=query) if query is not None:
            yield from words_of(query)
        case _:
            return
