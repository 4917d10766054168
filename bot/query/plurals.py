"""Plurals: which English words are one another's singular or plural; pure.

The rules are Harman's S-stemmer read both ways ("How effective is suffixing?", Journal of the
American Society for Information Science 42, 1991), with the endings in `-es` and the irregular
words that news is full of, and without pairs that mean different things (`arm`, `arms`).

The relation is symmetrical: a word is among the forms of another if that one is among its own.
"""

import re

_LEAST_LETTERS = 3
"""Of a singular: `it` is not `its`, `ga` not `gas`."""

_PLAIN = re.compile("[a-z]+")
_HISSING = ("ss", "us", "x", "z", "ch", "sh")

_IRREGULAR = {
    "child": "children",
    "half": "halves",
    "man": "men",
    "thief": "thieves",
    "wife": "wives",
    "wolf": "wolves",
}
_OF_PEOPLE = re.compile("[a-z]{2,}man")
"""`woman`, `gunman`, `policeman`; hardly a word ends in `-men` that is no such plural."""

_OTHERWISE_MEANT = frozenset(
    """arm athletic content custom dynamic economic electronic genetic geopolitic good gymnastic len
    logistic mathematic mean new olympic paralympic physic politic right robotic thank time water
    adam andrew charle daniel davi edward franci harri jame john jone lewi matthew peter phillip
    richard robert roger sander stephen steven william
    algier athen bahama barbado brussel caraca hama hondura kansa lago lao lo mar naple pari reuter
    texa tuni wale""".split()  # noqa: SIM905 - a list of them all would be a page
)
"""With an s they are other things (right: rights), people (robert: Roberts) or places."""


def forms(word: str) -> frozenset[str]:
    """The word, its plurals and its singulars.

    Args:
        word: Small letters; one with any other sign than `a` to `z` has no other form.
    """
    if not _PLAIN.fullmatch(word):
        return frozenset((word,))
    singulars = (single for single in _possible_singulars(word) if word in _plurals(single))
    return frozenset((word, *_plurals(word), *singulars))


def _plurals(word: str) -> tuple[str, ...]:
    """How a noun's plural is written; none for what is no singular."""
    if len(word) < _LEAST_LETTERS or word in _OTHERWISE_MEANT:
        return ()
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    if _OF_PEOPLE.fullmatch(word):
        return (f"{word[:-2]}en",)
    return _regular_plurals(word)


def _regular_plurals(word: str) -> tuple[str, ...]:
    after_consonant = word[-2] not in "aeiou"
    if word.endswith("sis"):
        return (f"{word[:-2]}es",)
    if word.endswith(_HISSING):
        return (f"{word}es",)
    if word.endswith("y") and after_consonant:
        return (f"{word[:-1]}ies",)
    if word.endswith("o") and after_consonant:
        return (f"{word}s", f"{word}es")  # photos, heroes
    return () if word.endswith("s") else (f"{word}s",)


def _possible_singulars(word: str) -> tuple[str, ...]:
    """Every word that might have this one as its plural."""
    found = [single for single, plural in _IRREGULAR.items() if plural == word]
    endings = (("s", ""), ("es", ""), ("ies", "y"), ("ses", "sis"), ("men", "man"))
    found += (
        f"{word.removesuffix(plural)}{single}"
        for plural, single in endings
        if word.endswith(plural)
    )
    return tuple(found)
