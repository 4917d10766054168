"""Key: a string for one thing that a document may hold and a query may ask for.

Most of what queries ask for is decided by whether one of a few keys is among a document's.

| leaf | its keys |
| --- | --- |
| `tariff` | `tariff`, `tariffs` |
| `title:tariff` | `title:tariff`, `title:tariffs` |
| `elect*` | `elect*` |
| `tag:us-china` | `tag:us-china` |
| `site:bbc.co.uk` | `site:bbc.co.uk` |
| `lang:en` | `lang:en` |

Phrases, words in capitals, words in one number only, `NEAR` and regular expressions have none.
"""

import sys
from typing import assert_never

from bot.query.plurals import forms
from bot.query.rarity import chance_of, chance_of_beginning
from bot.query.terms import Term
from bot.query.tree import (
    DEFAULT_FIELDS,
    Field,
    Language,
    Leaf,
    Near,
    Regex,
    Site,
    Tagged,
    Words,
)
from bot.query.verdict import terms

TAG, SITE, LANGUAGE = "tag:", "site:", "lang:"
_CHANCES = {TAG: 0.03, SITE: 0.02, LANGUAGE: 0.6}
_ANY_ENDING = "*"


def keys_of(leaf: Leaf) -> tuple[str, ...]:
    """The keys one of which a document holds if and only if it satisfies a leaf.

    Returns:
        From the first of them, `leaf_of` gives the leaf; none where there are no such keys.
    """
    match leaf:
        case Words():
            return _keys_of_word(leaf)
        case Tagged(tag=tag):
            return (sys.intern(f"{TAG}{tag}"),)
        case Site(host=host):
            return (sys.intern(f"{SITE}{host}"),)
        case Language(tag=tag):
            return (sys.intern(f"{LANGUAGE}{tag}"),)
        case Near() | Regex():
            return ()
        case _:
            assert_never(leaf)


def leaf_of(key: str) -> Leaf:
    """A leaf whose first key this is."""
    mark = mark_of(key)
    value = key[len(mark) :]
    match mark:
        case "tag:":
            return Tagged(value)
        case "site:":
            return Site(value)
        case "lang:":
            return Language(value)
    word = value.removesuffix(_ANY_ENDING)
    return Words(word, fields_of(mark), prefix=word != value)


def mark_of(key: str) -> str:
    """What stands before a key's own text: which fields, or which kind of label."""
    return key[: key.find(":") + 1]


def mark_of_words(fields: frozenset[Field]) -> str:
    """The mark of words that are looked for in these fields."""
    return "" if fields == DEFAULT_FIELDS else f"{'+'.join(sorted(fields))}:"


def fields_of(mark: str) -> frozenset[Field]:
    """The fields in which words with this mark are looked for."""
    named = filter(None, mark[:-1].split("+"))
    return frozenset(map(Field, named)) if mark else DEFAULT_FIELDS


def keys_of_term(term: Term, fields: frozenset[Field]) -> tuple[str, ...]:
    """Keys one of which a document holds if a word is in these fields, in capitals or not."""
    mark = mark_of_words(fields)
    end = _ANY_ENDING if term.prefix else ""
    return tuple(sys.intern(f"{mark}{key.casefold()}{end}") for key in term.keys)


def beginning_of(key: str) -> str:
    """How a word must begin that a key stands for; empty if it must be another."""
    text = key[len(mark_of(key)) :]
    return text[:-1] if text.endswith(_ANY_ENDING) and mark_of(key) not in _CHANCES else ""


def chance(key: str) -> float:
    """A guess at how likely a document holds it, between 0 and 1."""
    mark = mark_of(key)
    if mark in _CHANCES:
        return _CHANCES[mark]
    beginning = beginning_of(key)
    return chance_of_beginning(beginning) if beginning else chance_of(key[len(mark) :])


def _keys_of_word(words: Words) -> tuple[str, ...]:
    phrase = terms(words)
    if len(phrase) != 1 or phrase[0].in_capitals:
        return ()
    (term,) = phrase
    if words.exact and not term.prefix and len(forms(term.keys[0])) > 1:
        return ()
    return keys_of_term(term, words.fields)
