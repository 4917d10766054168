"""Queries: made up by class, of the words of the entries, and what LIKE makes of them."""

import random
from collections.abc import Callable, Mapping

from bench.search_entries import phrases, rare_words, vocabulary
from bot.query.tree import And, Field, Near, Node, Not, Or, Regex, Site, Tagged, Words

_TITLE = frozenset({Field.TITLE})
_FIELDS = "lower(title || ' ' || summary || ' ' || body)"


def classes(count: int) -> Mapping[str, Callable[[random.Random], Node]]:
    """Made-up queries by class."""
    words, rare = vocabulary(), rare_words(count)
    pairs = phrases(words)

    def word(rng: random.Random, first: int, last: int) -> Words:
        return Words(words[rng.randrange(first, last)])

    def near(rng: random.Random) -> Node:
        one, other = map(Words, rng.choice(pairs).split())
        return Near((one,), (other,), 5)

    return {
        "rare word": lambda rng: Words(rng.choice(rare)),
        "medium word": lambda rng: word(rng, 1_000, 8_000),
        "common word": lambda rng: word(rng, 50, 500),
        "very common words": lambda rng: And((word(rng, 0, 10), word(rng, 10, 30))),
        "two words": lambda rng: And((word(rng, 100, 2_000), word(rng, 100, 2_000))),
        "any of ten words": lambda rng: Or(tuple(word(rng, 500, 9_000) for _ in range(10))),
        "phrase": lambda rng: Words(rng.choice(pairs)),
        "near": near,
        "NOT": lambda rng: And((word(rng, 300, 5_000), Not(word(rng, 30, 1_000)))),
        "prefix": lambda rng: Words(words[rng.randrange(300, 9_000)][:4], prefix=True),
        "tag": lambda rng: Tagged(f"desk-{rng.randrange(40)}"),
        "tag and word": lambda rng: And(
            (Tagged(f"desk-{rng.randrange(40)}"), word(rng, 50, 3_000))
        ),
        "in the title": lambda rng: Words(words[rng.randrange(100, 5_000)], _TITLE),
        "site and word": lambda rng: And(
            (Site(f"site{rng.randrange(1, 300)}.example"), word(rng, 0, 300))
        ),
        "chance phrase": lambda rng: Words(
            f"{words[rng.randrange(30)]} {words[rng.randrange(300)]}"
        ),
        "no word, NOT": lambda rng: Not(word(rng, 0, 300)),
        "regex of a word": lambda rng: Regex(rf"\b{words[rng.randrange(30, 300)]}\b"),
        "no word, regex": lambda rng: Regex(rf"{words[rng.randrange(30, 300)][1:]}\b"),
    }


def like_conditions(query: Node) -> str | None:
    """What LIKE is asked for a query's words; None where it is not made of words alone."""
    match query:
        case Words(fields=fields) if fields == _TITLE:
            return f"lower(title) LIKE '%{query.text}%'"
        case Words():
            return f"{_FIELDS} LIKE '%{query.text}%'"
        case And(parts=parts) | Or(parts=parts):
            found = [like_conditions(part) for part in parts]
            joint = " AND " if isinstance(query, And) else " OR "
            return None if None in found else f"({joint.join(map(str, found))})"
        case Not(part=part):
            inner = like_conditions(part)
            return None if inner is None else f"NOT {inner}"
        case _:
            return None
