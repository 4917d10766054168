"""Made-up queries and entries for the matcher bench, the same each time.

Words follow Zipf's law. The commonest are English, as every newsroom's are; the others are made up
of syllables, the shorter the commoner. Phrases come from a pool, as desks repeat `White House`.
"""

import bisect
import itertools
import random
from collections.abc import Iterator, Sequence

from bot.query.document import Document
from bot.query.rarity import KNOWN

VOCABULARY = 30_000
PHRASES = 40_000
TAGS = [f"tag-{number}" for number in range(200)]
_SYLLABLES = [
    a + b for a, b in itertools.product("bdfgklmnprstvz", ["a", "e", "i", "o", "un", "er"])
]


class World:
    """A language, and what is written and asked in it."""

    def __init__(self, seed: int = 7) -> None:
        self._source = random.Random(seed)
        self._words = self._make_words()
        self._weights = _zipf(len(self._words))
        self._topical = self._words[len(KNOWN) :]
        self._topical_weights = _zipf(len(self._topical), of=len(KNOWN))
        self._phrases = [
            " ".join(self._pick_topical(2 + (number % 8 == 0))) for number in range(PHRASES)
        ]
        self._phrase_weights = _zipf(PHRASES, of=200)

    def entries(self, count: int, words: int) -> list[Document]:
        """Entries of so many words, a tenth of these in the title."""
        return [self._entry(words) for _ in range(count)]

    def queries(self, count: int, *, rarer_than: int) -> Iterator[tuple[str, str]]:
        """Names and texts of queries whose words have at least this rank among topical ones."""
        for number in range(count):
            yield f"query-{number}", self._query(rarer_than)

    def _entry(self, count: int) -> Document:
        source = self._source
        words = source.choices(self._words, cum_weights=self._weights, k=count)
        for place in source.sample(range(count), count // 40):
            words[place] = self._pick_phrase(0)
        for place in source.sample(range(count), count // 6):
            words[place] = words[place].capitalize()
        for place in source.sample(range(count), count // 40):
            words[place] = words[place].upper()
        written = [word + "," * (number % 9 == 8) for number, word in enumerate(words)]
        return Document(
            title=" ".join(written[: count // 10]),
            summary=" ".join(written[count // 10 :]),
            feed="Example Wire",
            tags=frozenset(source.sample(TAGS, 2)),
            host="www.example.org",
            language="en",
        )

    def _query(self, rarer_than: int) -> str:
        source = self._source
        parts = [self._group(rarer_than, 5)]
        if source.random() < 0.6:
            parts.append(self._group(rarer_than, 3))
        if source.random() < 0.15:
            parts.append(source.choice(self._words[: len(KNOWN)]))
        if source.random() < 0.03:
            parts.append(f"tag:{source.choice(TAGS)}")
        if source.random() < 0.25:
            parts.append(f"NOT {self._group(rarer_than, 2)}")
        return " AND ".join(parts)

    def _group(self, rarer_than: int, most: int) -> str:
        number = self._source.randint(1, most)
        terms = [self._term(rarer_than) for _ in range(number)]
        return terms[0] if number == 1 else f"({' OR '.join(terms)})"

    def _term(self, rarer_than: int) -> str:
        kind = self._source.random()
        word = self._pick_topical(1, rarer_than)[0]
        if kind < 0.28:
            return f'"{self._pick_phrase(rarer_than)}"'
        if kind < 0.30:
            return f"{word[:5]}*" if len(word) > 4 else word
        if kind < 0.32:
            return f"({word} NEAR/5 {self._pick_topical(1, rarer_than)[0]})"
        if kind < 0.325:
            return rf"/\b{word}(?:er|ing)\b/"
        if kind < 0.35:
            return f"title:{word}"
        return word.upper() if kind < 0.38 and len(word) > 1 else word

    def _pick_topical(self, count: int, rarer_than: int = 0) -> list[str]:
        weights = self._topical_weights
        before = weights[rarer_than - 1] if rarer_than else 0.0
        return [
            self._topical[_place(weights, self._source.uniform(before, weights[-1]))]
            for _ in range(count)
        ]

    def _pick_phrase(self, rarer_than: int) -> str:
        weights = self._phrase_weights
        before = weights[rarer_than - 1] if rarer_than else 0.0
        return self._phrases[_place(weights, self._source.uniform(before, weights[-1]))]

    def _make_words(self) -> list[str]:
        """Distinct words, the commonest first."""
        known = sorted(KNOWN, key=KNOWN.__getitem__, reverse=True)
        words = dict.fromkeys(word for word in known if word.isalnum())
        while len(words) < VOCABULARY:
            length = 1 + min(3, int(self._source.expovariate(1) + len(words) / 4_000))
            words["".join(self._source.choices(_SYLLABLES, k=length))] = None
        return list(words)


def _zipf(count: int, of: int = 0) -> Sequence[float]:
    """Weights by rank, added up; the first rank stands behind so many others."""
    return list(itertools.accumulate(1 / (rank + of) for rank in range(1, count + 1)))


def _place(weights: Sequence[float], weight: float) -> int:
    return min(bisect.bisect_left(weights, weight), len(weights) - 1)
